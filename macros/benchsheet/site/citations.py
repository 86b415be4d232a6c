"""References of a page: each ``[@key]`` becomes a number that leads to the work, and the works stand at the end.

Refuses a key that the one BibTeX file does not have, and what begins like a citation and is not one. ``[@general]`` and its like are not
works: they say on what a sentence rests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape

from ..errors import Collector, ProtocolError, near
from ..protocol.citations import found_at, said
from .code_spans import split_code
from .page import Page

Works = Mapping[str, Mapping[str, str]]
MARKS = {
    "general": "general laboratory knowledge: confirm it with your supplier or your own data",
    "computed": "worked out here from the figures named",
    "source": "said by the source document alone, and not checked",
}
CITED = re.compile(r"\s?\[@([\w-]+)\]")
_SIGN = "[@"  # looked for first: a sheet is long, and its references are numbers already
_SIGNED = re.compile(r"\[@[^\]\n]*\]?")


def keys(body: str) -> list[str]:
    """Return the works that *body* cites, each once, in order; what stands in code is no citation."""
    if _SIGN not in body:
        return []
    found = [key for part in split_code(body)[::2] for key in CITED.findall(part)]
    return [key for key in dict.fromkeys(found) if key not in MARKS]


def cited(page: Page, works: Works, split: Callable[[str], list[str]] = split_code) -> str:
    """Return the body with numbers for its keys and the list of works behind it; raise every key that is not there.

    *split* parts the body into prose, code, prose, and so on.
    """
    if _SIGN not in page.body:
        return page.body
    numbers: dict[str, int] = {}
    mistakes = Collector()
    parts = split(page.body)
    line = page.line
    for place, part in enumerate(parts):
        if place % 2 == 0:
            for found in CITED.finditer(part):
                with mistakes.at(page.file, page.cited.get(found[1], line + part[: found.end()].count("\n"))):
                    _number(found[1], works, numbers)
            for found in _SIGNED.finditer(part):
                with mistakes.at(page.file, None if page.cited else line + part[: found.start()].count("\n")):
                    if not CITED.fullmatch(found[0]):
                        raise ProtocolError(f"{found[0]!r} is not a citation", "write one key in each pair of brackets: [@one] [@two]")
            parts[place] = CITED.sub(lambda found: _mark(found[1], numbers), part)
        line += part.count("\n")
    mistakes.close()
    body = "".join(parts)
    return f"{body.rstrip()}\n\n{listed(numbers, works)}" if numbers else body


def _number(key: str, works: Works, numbers: dict[str, int]) -> None:
    if key in MARKS:
        return
    if key not in works:
        raise ProtocolError(f"no reference {key!r}", near(key, [*works, *MARKS], "references"))
    numbers.setdefault(key, len(numbers) + 1)


def _mark(key: str, numbers: Mapping[str, int]) -> str:
    if key in MARKS:
        return f' <abbr class="evidence" title="{escape(MARKS[key])}">{key}</abbr>'
    return f'<sup class="cite"><a href="#ref-{key}" aria-label="reference {numbers[key]}">{numbers[key]}</a></sup>' if key in numbers else ""


def listed(numbers: Mapping[str, int], works: Works) -> str:
    """Return the works of a page as a numbered list under their heading."""
    items = "".join(f'<li id="ref-{key}">{work(works[key])}</li>' for key in numbers)
    return f'## References\n\n<ol class="references">{items}</ol>\n'


def work(entry: Mapping[str, str]) -> str:
    """Return a work as HTML, with its DOI or its address as a link."""
    shown, link = found_at(entry)
    more = [f"PMID {entry['pmid']}"] if "pmid" in entry else []
    more += [entry["pmcid"]] if "pmcid" in entry else []
    words = escape(said(dict(entry)), quote=False)
    return " ".join(filter(None, (words, f'<a href="{escape(link)}">{escape(shown)}</a>' if link else "", escape(", ".join(more)))))


def same_as_cited(given: Iterable[str], body: str) -> None:
    """Refuse a list of references that is not what the text cites."""
    named, found = list(given), keys(body)
    if extra := [key for key in named if key not in found]:
        raise ProtocolError(f"{extra[0]!r} is among the references and cited nowhere", "cite it, or leave it out")
    if missing := [key for key in found if key not in named]:
        raise ProtocolError(f"{missing[0]!r} is cited and not among the references", f"references: [{', '.join(found)}]")
