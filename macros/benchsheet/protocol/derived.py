"""Derived values, and checks: conditions on the values with the message to show when they are true.

An expression with a name that is not declared above it, a check without a valid level, and a ``for:`` that does not name a list raise
ProtocolError.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known, suggest
from ..expressions.grammar import expression_names, table_arguments
from ..expressions.interpolate import expressions_in
from ..yamltree import YamlMap
from .parameters.declare import reject_reserved
from .sections import CHECK, DERIVED, LEVELS


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A value that follows from others; *unit* if it is a count that ``/unit`` may mean."""

    name: str
    expression: str
    unit: str
    label: str
    line: int
    loop: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition with what to say when it holds; *level* is N, W or E; *loop* is ``target in targets`` if it runs over a list."""

    code: str
    condition: str
    level: str
    message: str
    cite: tuple[str, ...]
    loop: str
    line: int


def read_derived(tree: YamlMap, parameters: list[str], mistakes: Collector, file: str) -> dict[str, Derived]:
    """Return the derived values of *tree*; each may use *parameters* and the derived values above it. Keep every mistake."""
    declarations: dict[str, Derived] = {}
    above = set(parameters)
    for name in tree:
        with mistakes.at(file, tree.lines[name]):
            entry = tree.mapping(name)
            DERIVED.check(entry)
            reject_reserved(name)
            if name in parameters:
                raise ProtocolError(f"{name!r} is a parameter already", "choose another name")
            reject_unknown(entry.text("from"), above, tree.lines)
            above.add(name)
            declarations[name] = Derived(
                name=name,
                expression=entry.text("from"),
                unit=entry.text("count"),
                label=entry.text("label", name.replace("_", " ")),
                line=tree.lines[name],
                loop=entry.text("for"),
            )
    return declarations


def read_checks(tree: YamlMap, known_names: set[str], mistakes: Collector, file: str) -> tuple[Check, ...]:
    """Return the checks of *tree*, which may use *known_names*. Keep every mistake."""
    result = []
    for code in tree:
        with mistakes.at(file, tree.lines[code]):
            entry = tree.mapping(code)
            CHECK.check(entry)
            level = entry.text("level")
            if level not in LEVELS:
                raise ProtocolError(f"{level!r} is not a level", "note, warn or refuse")
            loop = entry.text("for")
            extra = _loop_names(loop, known_names) if loop else set()
            reject_unknown(entry.text("if"), known_names | extra)
            for part in expressions_in(entry.text("say")):
                reject_unknown(part, known_names | extra)
            result.append(
                Check(
                    code=code,
                    condition=entry.text("if"),
                    level=LEVELS[level],
                    message=entry.text("say"),
                    cite=tuple(entry.word_list("cite")),
                    loop=loop,
                    line=tree.lines[code],
                )
            )
    return tuple(result)


def _loop_names(loop: str, known_names: set[str]) -> set[str]:
    """Return the names that ``for: a, b in pairs(list)`` declares; raise ProtocolError if *loop* has another form."""
    targets, within, list_expression = loop.partition(" in ")
    loop_names = {word.strip() for word in targets.split(",")}
    if not within or not all(word.isidentifier() for word in loop_names):
        raise ProtocolError(f"'for: {loop}' does not name what it runs over", "write 'for: each in names'")
    is_paired = list_expression.startswith("pairs(")
    items = list_expression.removeprefix("pairs(").removesuffix(")").strip()
    check_known(items, sorted(known_names), f"{items!r} is not known here")
    if (len(loop_names) == 2) is not is_paired:
        raise ProtocolError(f"'for: {loop}' takes {len(loop_names)} at a time", "write 'for: each in names', or 'for: a, b in pairs(names)'")
    return loop_names


def reject_unknown(expression: str, known_names: set[str], lines_below: Mapping[str, int] | None = None) -> None:
    """Raise ProtocolError for a name that is not among *known_names*; the table and the column in ``table(...)`` are not names of values."""
    for name in expression_names(expression):
        if name not in known_names and name not in table_arguments(expression):
            hint = f"it stands in line {lines_below[name]}: move it up" if lines_below and name in lines_below else suggest(name, sorted(known_names))
            raise ProtocolError(f"{name!r} is not declared above", hint)
