"""Times as a step declares them: hands-on as a sum of terms, a wait that is fixed, open-ended or planned in a range, and batches of a device."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from .._dataclass import dataclass
from ..errors import ProtocolError, suggest
from ..units import Quantity, as_quantity, format_amount, parse_terms, plain_number
from ..units.base_units import Seconds
from .events import Wait


@dataclass(frozen=True, kw_only=True)
class HandsOnTime:
    """Hands-on time: *fixed* for the run and *per_unit* for every one of *unit_count* of *unit*, in seconds; *rule_text* says it in words.

    *per_batch* is what each batch takes where a device takes so many at a time. *terms* are what it is the sum of: a time, what it is for, and how
    many of that there are (None for batches, which are not yet counted).
    """

    fixed: Seconds
    per_unit: Seconds
    unit: str
    unit_count: int
    rule_text: str
    per_batch: Seconds = 0
    terms: tuple[tuple[Seconds, str, int | None], ...] = ()


def parse_hands_on(value: object, counts: Mapping[str, int], per: str, *, batched: bool = False) -> HandsOnTime:
    """Read ``20 min + 5 min/plate``; terms of any other count than *per* are worked out at once, ``/batch`` only where it is *batched*."""
    if isinstance(value, str):
        return _cached_hands_on(value, tuple(counts.items()), per, batched)
    return _parse_hands_on(value, tuple(counts.items()), per, batched)


def _parse_hands_on(value: object, count_items: tuple[tuple[str, int], ...], per: str, batched: bool) -> HandsOnTime:
    counts = dict(count_items)
    fixed: Seconds = 0
    per_unit: Seconds = 0
    per_batch: Seconds = 0
    parts = _parse_time_terms(value) if isinstance(value, str) else ((as_quantity(value, "time"), str(value)),)
    units = {time.per for time, _ in parts if time.per and not (batched and time.per == "batch")}
    unit = per or (units.pop() if len(units) == 1 else "")
    for time, words in parts:
        if not time.per:
            fixed += time.value
        elif time.per == "batch" and batched:
            per_batch += time.value
        elif time.per == "batch" and "batch" not in counts:
            raise ProtocolError(f"{words!r} is per batch, and this step has none", 'give equipment="..." with places, and per="..."')
        elif time.per not in counts:
            raise ProtocolError(f"{words!r} is per {time.per}, which this protocol does not count", suggest(time.per, counts, "it counts"))
        elif time.per == unit:
            per_unit += time.value
        else:
            fixed += time.value * counts[time.per]
    if unit and unit not in counts:
        raise ProtocolError(f"the step is per {unit}, which this protocol does not count", suggest(unit, counts, "it counts"))
    rule_text, many = " + ".join(str(time) for time, _ in parts), counts[unit] if unit else 1
    fixed, per_unit = simplify_seconds(fixed), simplify_seconds(per_unit)
    terms = tuple((time.value, time.per, None if batched and time.per == "batch" else counts[time.per] if time.per else 1) for time, _ in parts)
    return HandsOnTime(fixed=fixed, per_unit=per_unit, unit=unit, unit_count=many, rule_text=rule_text, per_batch=per_batch, terms=terms)


_cached_hands_on = functools.lru_cache(maxsize=512)(_parse_hands_on)


@functools.lru_cache(maxsize=512)
def _parse_time_terms(sum_text: str) -> tuple[tuple[Quantity, str], ...]:
    """Return the terms of a sum as times, each with the words that spell it."""
    parts = re.split(r"(?<![eE])\+", sum_text) if "e+" in sum_text.lower() else sum_text.split("+")
    words = [part.strip() for part in parts]
    return tuple((term if term.kind == "time" else as_quantity(text, "time"), text) for term, text in zip(parse_terms(sum_text), words, strict=True))


def parse_wait(value: object, plan: object = None) -> Wait:
    """Read ``60 min``, ``2 h or more`` or ``16 h to 24 h`` as a wait; *plan* chooses within a range."""
    if isinstance(value, str) and (plan is None or isinstance(plan, str)):
        return _cached_wait(value, plan)
    return _parse_wait(value, plan)


def _parse_wait(value: object, plan: object) -> Wait:
    text = value if isinstance(value, str) else ""
    if bounds := _split_range(text):
        low, high = (as_quantity(part, "time").value for part in _share_unit(*bounds))
        if high <= low:
            raise ProtocolError(f"{text!r} does not rise", "write the shorter time first")
        planned = as_quantity(plan, "time").value if plan is not None else (low + high) / 2
        if not low <= planned <= high:
            raise ProtocolError(f"plan={format_amount(planned, 'time')} is not within {text!r}", "plan a time inside the range")
        return Wait(least=simplify_seconds(low), plan=simplify_seconds(planned), most=simplify_seconds(high))
    shortest = text.removesuffix("or more")
    open_ended = shortest != text and shortest[-1:].isspace() and not shortest.isspace()
    least = as_quantity(shortest.rstrip() if open_ended else value, "time").value
    planned = as_quantity(plan, "time").value if plan is not None else least
    if planned < least:
        raise ProtocolError(f"plan={format_amount(planned, 'time')} is shorter than {format_amount(least, 'time')}", "plan at least that")
    if plan is not None and not open_ended and planned > least:
        raise ProtocolError(f"a wait of {format_amount(least, 'time')} leaves nothing to plan", "write '... or more', or a range")
    return Wait(least=simplify_seconds(least), plan=simplify_seconds(planned), most=None if open_ended else simplify_seconds(least))


_cached_wait = functools.lru_cache(maxsize=512)(_parse_wait)


def simplify_seconds(seconds: Seconds) -> Seconds:
    """Return whole seconds as an int, which is quicker; both are exact."""
    return seconds.numerator if seconds.denominator == 1 else seconds


def _split_range(text: str) -> tuple[str, str] | None:
    """Return the two times of ``12 h to 18 h`` or ``12 h – 18 h``; None if *text* is one time."""
    words = text.split()
    place = next((place for place, word in enumerate(words) if place and word in ("to", "–")), len(words))
    return (" ".join(words[:place]), " ".join(words[place + 1 :])) if place + 1 < len(words) else None


def _share_unit(first: str, second: str) -> tuple[str, str]:
    """Let ``12 to 18 h`` have one unit for both."""
    return (f"{first} {second.split(' ', 1)[-1]}" if plain_number(first) is not None else first, second)


def find_room(places: int, *, balanced: bool = False) -> int:
    """Return how many units go into *places* at a time; *balanced* keeps a place for the blank that an odd batch needs.

    Raise ProtocolError where there is no room for one unit.
    """
    room = places - places % 2 if balanced else places
    if room < 1:
        raise ProtocolError(f"{places} places hold nothing{' that is balanced' if balanced else ''}", "give at least 2 places", from_values=True)
    return room


def split_batches(units: int, room: int, *, family: int = 1) -> tuple[int, ...]:
    """Return the sizes of the fewest batches of at most *room* units, larger ones first: 28 units in a room of 24 are 14 and 14.

    They are equal but for one *family* of units, which is never parted; units beyond whole families go where there is room.
    """
    families, rest = divmod(units, family)
    batches = -(-families // (room // family))
    while batches * room - families * family < rest:
        batches += 1
    size, larger = divmod(families, batches)
    sizes = [(size + (batch < larger)) * family for batch in range(batches)]
    for batch in reversed(range(batches)):
        added = min(rest, room - sizes[batch])
        sizes[batch], rest = sizes[batch] + added, rest - added
    return tuple(sorted((size for size in sizes if size), reverse=True))


def format_batches(sizes: tuple[int, ...], blank: str = "", *, together: str = "") -> str:
    """Say batches in words: in 2 batches of 14; *blank* is what balances an odd one, *together* whose units share a batch."""
    count = {size: sizes.count(size) for size in sizes}
    if len(sizes) == 1:
        text = "in one batch"
    elif set(sizes) == {1}:
        text = "one at a time"
    elif len(count) == 1:
        text = f"in {len(sizes)} batches of {sizes[0]}"
    else:
        text = f"in {len(sizes)} batches: " + ", ".join(f"{many} of {size}" for size, many in count.items())
    if together:
        text += f", all of one {together} in the same batch"
    odd = [size for size in count if size % 2]
    if not blank or not odd:
        return text
    which = "" if len(sizes) == 1 else "each " if len(odd) == len(count) else "each odd one "
    return f"{text}, {which}balanced with {blank}"
