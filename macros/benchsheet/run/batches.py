"""Batches: so many places in a rotor or a reader, and more units than that; equal batches, none larger than there are places.

Refuses a device without places, and an odd batch to be balanced where no place is left for the blank.
"""

from __future__ import annotations

from ..errors import ProtocolError


def split_batches(units: int, places: int, *, balanced: bool = False) -> tuple[int, ...]:
    """Return the sizes of the fewest batches that are equal but for one unit, larger ones first: 28 in 24 places are 14 and 14.

    *balanced* keeps a place for the blank that an odd batch needs. Raise ProtocolError where there is no room for one unit.
    """
    room = places - places % 2 if balanced else places
    if room < 1:
        raise ProtocolError(f"{places} places hold nothing{' that is balanced' if balanced else ''}", "give at least 2 places", from_values=True)
    batches = -(-units // room)
    size, larger = divmod(units, batches)
    return (size + 1,) * larger + (size,) * (batches - larger)


def format_batches(sizes: tuple[int, ...], blank: str = "") -> str:
    """Say batches in words: in 2 batches of 14; *blank* is what balances an odd one."""
    count = {size: sizes.count(size) for size in sizes}
    if len(sizes) == 1:
        text = "in one batch"
    elif len(count) == 1:
        text = f"in {len(sizes)} batches of {sizes[0]}"
    else:
        text = f"in {len(sizes)} batches: " + ", ".join(f"{many} of {size}" for size, many in count.items())
    odd = [size for size in count if size % 2]
    if not blank or not odd:
        return text
    which = "" if len(sizes) == 1 else "each " if len(odd) == len(count) else "each odd one "
    return f"{text}, {which}balanced with {blank}"
