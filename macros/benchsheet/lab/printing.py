"""What a sheet is printed on, and the address that it points to; refuses another paper, and what is no address."""

from __future__ import annotations

import re

from ..errors import near
from .reader import Reading

PAPERS = ("A4", "Letter")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")


def paper(reading: Reading) -> str:
    """Return the size of paper."""
    found = reading.text("paper")
    if found not in PAPERS and isinstance(reading.source("paper").get("paper"), str):  # what is no text is told by now
        reading.wrong(("paper",), f"no paper {found!r}", near(found, PAPERS))
    return found


def site(reading: Reading) -> str:
    """Return the address of the site that links lead to, without a slash at its end; empty if there is none."""
    found = reading.text("site")
    if found and not _ADDRESS.fullmatch(found):
        reading.wrong(("site",), f"{found!r} is no address of a site", "write it like 'https://protocols.example.org', or leave it empty")
    return found.rstrip("/")
