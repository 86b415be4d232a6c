"""References from the one BibTeX file: the plain form in which this project writes it, one field a line.

pybtex reads the same file in the tests; it takes longer to start than a render.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import check_known
from ..patterns import compile_when_used

REFERENCES_FILE = "references.bib"
_ENTRY = compile_when_used(r"^@(\w+)\{([\w-]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = compile_when_used(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)


class Bibliography(Mapping[str, dict[str, str]]):
    """Key to field to text for every entry of a BibTeX *text*; an entry is parsed when it is first asked for, and a sheet cites few."""

    def __init__(self, text: str) -> None:
        self._bodies = {key: (kind, body) for kind, key, body in _ENTRY.findall(text.replace("\r\n", "\n"))}
        self._entries: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> dict[str, str]:
        if key not in self._entries:
            kind, body = self._bodies[key]
            self._entries[key] = {"type": kind, **dict(_FIELD.findall(body))}
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._bodies

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)

    def __len__(self) -> int:
        return len(self._bodies)


parse_bibtex = functools.lru_cache(maxsize=8)(Bibliography)


def build_citations(text: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the works of *keys*, numbered in order; raise ProtocolError for a key that *text* does not have."""
    bibliography = parse_bibtex(text)
    citations = []
    for number, key in enumerate(dict.fromkeys(keys), 1):
        check_known(key, bibliography, f"no reference {key!r}", "references")
        citations.append({"key": key, "number": number, **_describe_work(text, key)})
    return citations


@functools.lru_cache(maxsize=512)
def _describe_work(text: str, key: str) -> dict[str, str]:
    entry = parse_bibtex(text)[key]
    where: dict[str, str] = next(({name: entry[name]} for name in ("doi", "url") if name in entry), {})
    return {"text": format_work(entry), **where}


def format_work(entry: dict[str, str]) -> str:
    """Write one work: authors, year, title, journal, volume, pages."""
    people = [name.split(",")[0].strip() for name in entry.get("author", "").split(" and ") if name]
    authors = [name for name in people if name != "others"]
    author_text = authors[0] + " et al." if len(authors) > 2 or len(authors) < len(people) else " and ".join(authors)
    source_text = " ".join(
        filter(None, (entry.get("journal") or entry.get("howpublished") or entry.get("publisher", ""), _format_volume_number(entry)))
    )
    parts = [" ".join(filter(None, (author_text, entry.get("year", "")))), entry.get("title", ""), source_text]
    return ". ".join(re.sub(r"[{}]", "", part).replace("--", "–").strip() for part in parts if part) + "."


def work_address(work: Mapping[str, Any]) -> tuple[str, str]:
    """Return the address of a work as written and as a link: its DOI, or else its URL, or else empty texts."""
    if work.get("doi"):
        return f"doi:{work['doi']}", f"https://doi.org/{work['doi']}"
    url = str(work.get("url", ""))
    return url, url if url.startswith(("https://", "http://")) else ""


def _format_volume_number(entry: dict[str, str]) -> str:
    if "volume" not in entry:
        return ""
    number = f"({entry['number']})" if "number" in entry else ""
    pages = f":{entry['pages']}" if "pages" in entry else ""
    return f"{entry['volume']}{number}{pages}"
