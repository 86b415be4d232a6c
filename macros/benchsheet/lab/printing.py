"""What a sheet is printed on, and the address that it points to; refuses another paper, and what is no address."""

from __future__ import annotations

import re

from ..errors import suggest
from .reader import ProfileReader

PAPER_SIZES = ("A4", "Letter")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")


def load_paper(reader: ProfileReader) -> str:
    """Return the size of paper."""
    name = reader.text("paper")
    if name not in PAPER_SIZES and isinstance(reader.source_of("paper").get("paper"), str):  # what is no text is told by now
        reader.add_error(("paper",), f"no paper {name!r}", suggest(name, PAPER_SIZES))
    return name


def load_site(reader: ProfileReader) -> str:
    """Return the address of the site that links lead to, without a slash at its end; empty if there is none."""
    address = reader.text("site")
    if address and not _ADDRESS.fullmatch(address):
        reader.add_error(("site",), f"{address!r} is no address of a site", "write it like 'https://protocols.example.org', or leave it empty")
    return address.rstrip("/")
