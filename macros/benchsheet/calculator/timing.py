"""Times as a step declares them: hands-on as a sum of terms, a wait that is fixed, open-ended, or planned within a range.

Refuses a time per something that the protocol does not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..errors import ProtocolError, near
from ..units import Quantity, read, show, terms

_RANGE = re.compile(r"(.+?)\s+(?:to|–)\s+(.+)")
_OPEN = re.compile(r"(.+?)\s+or more")


@dataclass(frozen=True)
class Work:
    """Hands-on time: *once* for the run and *each* for every one of *units* of *unit*, in seconds; *rule* says it in words."""

    once: Fraction
    each: Fraction
    unit: str
    units: int
    rule: str


def hands_on(given: object, counts: Mapping[str, int], per: str) -> Work:
    """Read ``20 min + 5 min/plate``; terms of any other count than *per* are worked out at once."""
    once, each, said = Fraction(0), Fraction(0), []
    parts = terms(given) if isinstance(given, str) else (read(given, "time"),)
    typed = [part.strip() for part in re.split(r"(?<![eE])\+", given)] if isinstance(given, str) else [str(given)]
    units = {term.per for term in parts if term.per}
    unit = per or (units.pop() if len(units) == 1 else "")
    for term, words in zip(parts, typed, strict=True):
        time = term if term.kind == "time" else read(words, "time")
        said.append(str(time))
        if not time.per:
            once += time.value
        elif time.per not in counts:
            raise ProtocolError(f"{words!r} is per {time.per}, which this protocol does not count", near(time.per, counts, "it counts"))
        elif time.per == unit:
            each += time.value
        else:
            once += time.value * counts[time.per]
    if unit and unit not in counts:
        raise ProtocolError(f"the step is per {unit}, which this protocol does not count", near(unit, counts, "it counts"))
    return Work(whole(once), whole(each), unit, counts.get(unit, 1) if unit else 1, " + ".join(said))


def wait(given: object, plan: object = None) -> tuple[Fraction, Fraction, Fraction | None]:
    """Read ``60 min``, ``2 h or more`` or ``16 h to 24 h`` as (least, planned, most) in seconds; *plan* chooses within a range."""
    text = given if isinstance(given, str) else ""
    if bounds := _RANGE.fullmatch(text):
        low, high = (read(part, "time").value for part in _units(bounds[1], bounds[2]))
        if high <= low:
            raise ProtocolError(f"{text!r} does not rise", "write the shorter time first")
        planned = read(plan, "time").value if plan is not None else (low + high) / 2
        if not low <= planned <= high:
            raise ProtocolError(f"plan={show(planned, 'time')} is not within {text!r}", "plan a time inside the range")
        return whole(low), whole(planned), whole(high)
    open_ended = _OPEN.fullmatch(text)
    least = read(open_ended[1] if open_ended else given, "time").value
    planned = read(plan, "time").value if plan is not None else least
    if planned < least:
        raise ProtocolError(f"plan={show(planned, 'time')} is shorter than {show(least, 'time')}", "plan at least that")
    if plan is not None and not open_ended and planned > least:
        raise ProtocolError(f"a wait of {show(least, 'time')} leaves nothing to plan", "write '... or more', or a range")
    return whole(least), whole(planned), None if open_ended else whole(least)


def whole(seconds: Fraction) -> Fraction:
    """Return whole seconds as an int, which is quicker; both are exact."""
    return seconds.numerator if seconds.denominator == 1 else seconds  # type: ignore[return-value]


def _units(first: str, second: str) -> tuple[str, str]:
    """Let ``12 to 18 h`` have one unit for both."""
    return (f"{first} {second.split(' ', 1)[-1]}" if re.fullmatch(r"[\d.]+", first) else first, second)


def quantity(seconds: Fraction) -> Quantity:
    """Return seconds as a quantity."""
    return Quantity(seconds, "time")
