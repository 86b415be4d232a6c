"""References from the one BibTeX file: the plain form in which this project writes it, one field a line.

Refuses a key that the file does not have. pybtex reads the same file in the tests; it takes longer to start than a render.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import ProtocolError, near

FILE = "references.bib"
_ENTRY = re.compile(r"^@(\w+)\{([\w-]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)


@functools.lru_cache(maxsize=8)
def works(text: str) -> dict[str, dict[str, str]]:
    """Return key to field to text for every entry of a BibTeX *text*."""
    return {key: {"type": kind, **dict(_FIELD.findall(body))} for kind, key, body in _ENTRY.findall(text.replace("\r\n", "\n"))}


def cited(text: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the works of *keys*, numbered in order; raise ProtocolError for one that is not there."""
    known = works(text)
    found = []
    for number, key in enumerate(dict.fromkeys(keys), 1):
        if key not in known:
            raise ProtocolError(f"no reference {key!r}", near(key, known, "references"))
        entry = known[key]
        item: dict[str, Any] = {"key": key, "number": number, "text": said(entry)}
        if "doi" in entry:
            item["doi"] = entry["doi"]
        elif "url" in entry:
            item["url"] = entry["url"]
        found.append(item)
    return found


def said(entry: dict[str, str]) -> str:
    """Write one work: authors, year, title, journal, volume, pages."""
    people = [name.split(",")[0].strip() for name in entry.get("author", "").split(" and ") if name]
    named = [name for name in people if name != "others"]
    who = named[0] + " et al." if len(named) > 2 or len(named) < len(people) else " and ".join(named)
    where = " ".join(filter(None, (entry.get("journal") or entry.get("howpublished") or entry.get("publisher", ""), _volume(entry))))
    parts = [" ".join(filter(None, (who, entry.get("year", "")))), entry.get("title", ""), where]
    return ". ".join(re.sub(r"[{}]", "", part).replace("--", "–").strip() for part in parts if part) + "."


def found_at(work: Mapping[str, Any]) -> tuple[str, str]:
    """Return where a work is found, as it is written and as what a link leads to: by its DOI, else by its own address, else nowhere."""
    if work.get("doi"):
        return f"doi:{work['doi']}", f"https://doi.org/{work['doi']}"
    shown = str(work.get("url", ""))
    return shown, shown if shown.startswith(("https://", "http://")) else ""


def _volume(entry: dict[str, str]) -> str:
    if "volume" not in entry:
        return ""
    number = f"({entry['number']})" if "number" in entry else ""
    pages = f":{entry['pages']}" if "pages" in entry else ""
    return f"{entry['volume']}{number}{pages}"
