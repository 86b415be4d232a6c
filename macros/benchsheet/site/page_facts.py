"""What stands below a page: who wrote and who checked it, when it was last changed, and where a fault is reported; only what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from .._dataclass import dataclass, field
from ..errors import ProtocolError
from ..yamltree import YamlMap

PEOPLE_KEYS = ("authors", "checked")  # of a page, of the data of a thing, or of the site
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, kw_only=True)
class People:
    """Who wrote a page, and who checked it on which day (``2026-11-30``)."""

    authors: tuple[str, ...] = ()
    checked: Mapping[str, str] = field(default_factory=dict)


def read_people(head: YamlMap) -> People:
    """Return the people that *head* names under ``authors`` and ``checked``; raise ProtocolError for a day that is not a date."""
    return name_people(head.word_list("authors"), head.mapping("checked"))


def name_people(authors: Iterable[str], checked: YamlMap) -> People:
    """Return *authors*, and those who *checked* with their days; raise ProtocolError for a day that is not a date."""
    for name in checked:
        if not _DAY.fullmatch(checked.text(name)):
            raise ProtocolError(f"{checked.text(name)!r} is not a day", f"write {name}: 2026-11-30", checked.file, checked.lines[name])
    return People(authors=tuple(authors), checked={name: checked.text(name) for name in checked})


def format_facts(people: People, changed: str, report: str) -> str:
    """Return the facts as HTML, outside the search; "" if nothing is known. *changed* is a day, *report* an address."""
    facts = [f"Written by {', '.join(map(escape, people.authors))}."] if people.authors else []
    facts += [f"Checked by {escape(name)} on {_format_day(day)}." for name, day in people.checked.items()]
    facts += [f"Last change of this page: {_format_day(changed)}."] if changed else []
    facts += [f'<a href="{escape(report)}">Report a mistake on this page</a>'] if report else []
    return f'<p class="page-facts">{" ".join(facts)}</p>' if facts else ""


def _format_day(day: str) -> str:
    return f'<time datetime="{day}">{day}</time>'
