"""Times as a step declares them: hands-on as a sum of terms, a wait that is fixed, open-ended, or planned within a range.

Refuses a time per something that the protocol does not count.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError, near
from ..units import Quantity, read, show, terms

_RANGE = re.compile(r"(.+?)\s+(?:to|–)\s+(.+)")
_OPEN = re.compile(r"(.+?)\s+or more")


@dataclass(frozen=True)
class Work:
    """Hands-on time: *once* for the run and *each* for every one of *units* of *unit*, in seconds; *rule* says it in words.

    *batch* is what each batch takes where a device takes so many at a time.
    """

    once: Fraction
    each: Fraction
    unit: str
    units: int
    rule: str
    batch: Fraction = Fraction(0)


def hands_on(given: object, counts: Mapping[str, int], per: str, *, batched: bool = False) -> Work:
    """Read ``20 min + 5 min/plate``; terms of any other count than *per* are worked out at once, ``/batch`` only where it is *batched*."""
    once = each = Fraction(0)
    batch: Fraction = 0  # type: ignore[assignment]  # an int, which is quicker
    parts = _terms(given) if isinstance(given, str) else ((read(given, "time"), str(given)),)
    units = {time.per for time, _ in parts if time.per and not (batched and time.per == "batch")}
    unit = per or (units.pop() if len(units) == 1 else "")
    for time, words in parts:
        if not time.per:
            once += time.value
        elif time.per == "batch" and batched:
            batch += time.value
        elif time.per == "batch" and "batch" not in counts:
            raise ProtocolError(f"{words!r} is per batch, and this step has none", 'give equipment="..." with places, and per="..."')
        elif time.per not in counts:
            raise ProtocolError(f"{words!r} is per {time.per}, which this protocol does not count", near(time.per, counts, "it counts"))
        elif time.per == unit:
            each += time.value
        else:
            once += time.value * counts[time.per]
    if unit and unit not in counts:
        raise ProtocolError(f"the step is per {unit}, which this protocol does not count", near(unit, counts, "it counts"))
    return Work(whole(once), whole(each), unit, counts.get(unit, 1) if unit else 1, " + ".join(str(time) for time, _ in parts), batch)


@functools.lru_cache(maxsize=512)
def _terms(given: str) -> tuple[tuple[Quantity, str], ...]:
    """Return the terms of a sum as times, each with the words that spell it."""
    words = [part.strip() for part in re.split(r"(?<![eE])\+", given)]
    return tuple((term if term.kind == "time" else read(text, "time"), text) for term, text in zip(terms(given), words, strict=True))


def wait(given: object, plan: object = None) -> tuple[Fraction, Fraction, Fraction | None]:
    """Read ``60 min``, ``2 h or more`` or ``16 h to 24 h`` as (least, planned, most) in seconds; *plan* chooses within a range."""
    if isinstance(given, str) and (plan is None or isinstance(plan, str)):
        return _wait(given, plan)
    return _waited(given, plan)


@functools.lru_cache(maxsize=512)
def _wait(given: str, plan: str | None) -> tuple[Fraction, Fraction, Fraction | None]:
    return _waited(given, plan)


def _waited(given: object, plan: object) -> tuple[Fraction, Fraction, Fraction | None]:
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
