"""What follows from a run's values: derived values, and checks with what to say when they hold.

Refuses an expression of what nothing above declares, a check of no level, and a list to run over that is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, near
from ..expressions.grammar import names, table_words
from ..expressions.interpolate import names_in
from ..yamltree import Map
from .parameters.declare import refuse_taken

LEVELS = {"note": "N", "warn": "W", "refuse": "E"}


@dataclass(frozen=True)
class Derived:
    """A value that follows from others; *unit* if it is a count that ``/unit`` may mean."""

    name: str
    expression: str
    unit: str
    label: str
    line: int
    over: str = ""


@dataclass(frozen=True)
class Check:
    """A condition with what to say when it holds; *level* is N, W or E; *over* is ``target in targets`` if it runs over a list."""

    code: str
    condition: str
    level: str
    say: str
    cite: tuple[str, ...]
    over: str
    line: int


def derived(tree: Map, parameters: list[str], mistakes: Collector, file: str) -> dict[str, Derived]:
    """Return the derived values of *tree*, each of what stands above it; *parameters* stand above all. Keep every mistake."""
    found: dict[str, Derived] = {}
    above = set(parameters)
    for name in tree:
        with mistakes.at(file, tree.lines[name]):
            entry = tree.map(name)
            entry.only(("count", "from", "for", "label", "cite", "evidence"), "a derived value")
            entry.need(("from",), "a derived value")
            refuse_taken(name)
            if name in parameters:
                raise ProtocolError(f"{name!r} is a parameter already", "choose another name")
            refuse_unknown(entry.text("from"), above, tree.lines)
            above.add(name)
            found[name] = Derived(
                name, entry.text("from"), entry.text("count"), entry.text("label", name.replace("_", " ")), tree.lines[name], entry.text("for")
            )
    return found


def checks(tree: Map, known: set[str], mistakes: Collector, file: str) -> tuple[Check, ...]:
    """Return the checks of *tree*, over the values that are *known*. Keep every mistake."""
    found = []
    for code in tree:
        with mistakes.at(file, tree.lines[code]):
            entry = tree.map(code)
            entry.only(("if", "level", "say", "cite", "for"), "a check")
            entry.need(("if", "level", "say"), "a check")
            level = entry.text("level")
            if level not in LEVELS:
                raise ProtocolError(f"{level!r} is no level", "note, warn or refuse")
            over = entry.text("for")
            extra = _over(over, known) if over else set()
            refuse_unknown(entry.text("if"), known | extra)
            for part in names_in(entry.text("say")):
                refuse_unknown(part, known | extra)
            found.append(Check(code, entry.text("if"), LEVELS[level], entry.text("say"), tuple(entry.items_of("cite")), over, tree.lines[code]))
    return tuple(found)


def _over(over: str, known: set[str]) -> set[str]:
    """Return the names that ``for: a, b in pairs(list)`` gives; refuse one that cannot be read."""
    who, within, where = over.partition(" in ")
    words = {word.strip() for word in who.split(",")}
    if not within or not all(word.isidentifier() for word in words):
        raise ProtocolError(f"'for: {over}' does not name what it runs over", "write 'for: each in names'")
    paired = where.startswith("pairs(")
    items = where.removeprefix("pairs(").removesuffix(")").strip()
    if items not in known:
        raise ProtocolError(f"{items!r} is not known here", near(items, sorted(known)))
    if (len(words) == 2) is not paired:
        raise ProtocolError(f"'for: {over}' takes {len(words)} at a time", "write 'for: each in names', or 'for: a, b in pairs(names)'")
    return words


def refuse_unknown(expression: str, known: set[str], below: Mapping[str, int] | None = None) -> None:
    """Refuse a name that nothing above declares; the first and the last word of table(...) are a table and its column."""
    for name in names(expression):
        if name not in known and name not in table_words(expression):
            hint = f"it stands in line {below[name]}: move it up" if below and name in below else near(name, sorted(known))
            raise ProtocolError(f"{name!r} is not declared above", hint)
