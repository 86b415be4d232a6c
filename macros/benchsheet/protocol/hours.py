"""What a protocol's words were made for: so many hours from one step to another, and what to say of a plan that has others.

A title, a name or a number that cannot be read raises ProtocolError, all of them at once.
"""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from ..expressions.interpolate import expressions_in
from ..units import Quantity, as_quantity
from ..yamltree import YamlMap
from .derived import reject_unknown
from .entries import Condition, read_condition
from .sections import HOURS, LEVELS

PLAN_NAMES = ("planned", "shortest", "longest", "meant")  # what the words of an entry may name beside the run's own values
_TENTH = Quantity(value=Fraction(10), kind="fraction")


@dataclass(frozen=True, kw_only=True)
class PlannedHours:
    """From the end of work in step *start* to its begin in step *end* the words mean *meant*, a time or an expression for one.

    A plan is told of with *message* if it differs by more than *tolerance*, a time or a part of what is meant, an amount or an expression.
    """

    code: str
    start: str
    end: str
    meant: Quantity | str
    tolerance: Quantity | str
    level: str
    message: str
    when: Condition | None
    cite: tuple[str, ...]
    line: int


def read_hours(tree: YamlMap, known_names: set[str], mistakes: Collector, file: str) -> tuple[PlannedHours, ...]:
    """Return the entries of ``hours``, whose expressions may use *known_names*. Keep every mistake."""
    result = []
    for code in tree:
        with mistakes.at(file, tree.lines[code]):
            entry = tree.mapping(code)
            HOURS.check(entry)
            level = entry.text("level", "warn")
            if level not in LEVELS:
                raise ProtocolError(f"{level!r} is not a level of hours", "note, warn or refuse")
            for name in set(PLAN_NAMES) & known_names:
                raise ProtocolError(f"{name!r} is a value of this protocol, and what the plan has for hours", f"rename the value {name!r}")
            if entry.text("when"):
                reject_unknown(entry.text("when"), known_names)
            said = expressions_in(entry.text("say"))
            for part in said:
                reject_unknown(part, known_names | set(PLAN_NAMES))
            for name in ("planned", "meant"):
                if name not in said:
                    raise ProtocolError(f"the words do not say {{{name}}}", "say both: the hours that are planned, and those that are meant")
            result.append(
                PlannedHours(
                    code=code,
                    start=entry.text("from"),
                    end=entry.text("to"),
                    meant=_read_amount(entry, "meant", known_names, "time"),
                    tolerance=_read_amount(entry, "tolerance", known_names, "time", "fraction") if "tolerance" in entry else _TENTH,
                    level=LEVELS[level],
                    message=entry.text("say"),
                    when=read_condition(entry),
                    cite=tuple(entry.word_list("cite")),
                    line=tree.lines[code],
                )
            )
    return tuple(result)


def _read_amount(entry: YamlMap, key: str, known_names: set[str], *kinds: str) -> Quantity | str:
    """Return an amount as it is typed, or the expression of ``{from: ...}``."""
    if isinstance(entry[key], YamlMap):
        given = entry.mapping(key)
        reject_unknown(given.text("from"), known_names)
        return given.text("from")
    amount = as_quantity(entry.text(key))
    require_kind(amount, key, *kinds)
    return amount


def require_kind(amount: object, key: str, *kinds: str) -> None:
    """Raise ProtocolError if *amount* is not of one of the *kinds*, or is less than nothing."""
    if not isinstance(amount, Quantity) or amount.kind not in kinds or amount.value < 0:
        is_share = "fraction" in kinds
        raise ProtocolError(f"{key!r} is not a time{' or a percentage' if is_share else ''}", "write 2 h, or 10 %" if is_share else "write 49 h")
