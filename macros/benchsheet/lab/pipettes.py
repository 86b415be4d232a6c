"""What can be set on a pipette or a balance; refuses what is too little to be measured at all."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import show
from .reader import Entry, Form, Reading

_PIPETTE = Form(
    "a pipette", ("name", "from", "to", "step", "strokes", "channels"), ("name", "from", "to", "step"),
    "{name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}",
)  # fmt: skip
_BALANCE = Form(
    "a balance", ("name", "from", "to", "step", "strokes"), ("name", "from", "to", "step"),
    "{name: analytical balance, from: 1 mg, to: 1 g, step: 0.1 mg}",
)  # fmt: skip


@dataclass(frozen=True)
class Device:
    """A pipette, cylinder or balance: sets *least* to *most* in steps of *step*, further in *strokes* equal strokes.

    All three are whole numbers of the kind's base: nL for volumes, ng for masses.
    """

    name: str
    least: int
    most: int
    step: int
    strokes: int = 1
    channels: int = 1

    @property
    def reach(self) -> int:
        """Return the largest amount that it can give in all its strokes."""
        return self.most * self.strokes


@dataclass(frozen=True)
class Set:
    """What a device was set to: *amount* in all (nL or ng), in *strokes* strokes of *device*."""

    amount: int
    device: Device
    strokes: int


def settle(amount: Fraction | int, devices: tuple[Device, ...], kind: str, least: int = 0) -> Set:
    """Return *amount* (in the base of *kind*) set on the first of *devices* that reaches it, to its nearest step.

    Raise ProtocolError if it is below *least*, below the smallest device, or above the largest.
    """
    floor = max(least, min(device.least for device in devices))
    if amount < floor:
        act = "pipetted" if kind == "volume" else "weighed"
        small, limit = show(Fraction(amount), kind), show(Fraction(floor), kind)
        raise ProtocolError(f"{small} cannot be {act}: the least is {limit}", "make more, or go through an intermediate dilution", answer=True)
    for place, device in enumerate(devices):
        if amount <= device.reach:
            if place and amount < device.least:
                before = devices[place - 1]
                what, act = show(Fraction(amount), kind), "pipetted" if kind == "volume" else "weighed"
                reach, begins = show(Fraction(before.reach), kind), show(Fraction(device.least), kind)
                message = f"{what} cannot be {act}: the {before.name} reaches {reach}, and the {device.name} begins at {begins}"
                raise ProtocolError(
                    message, "add a pipette for it to the lab profile" if kind == "volume" else "add a balance for it to the lab profile", answer=True
                )
            strokes = _strokes(amount, device)
            each = (amount / (strokes * device.step) + Fraction(1, 2)).__floor__() * device.step
            if each:
                return Set(int(each * strokes), device, int(strokes))
    raise ProtocolError(
        f"{show(Fraction(amount), kind)} is more than this lab can measure",
        "make it in portions, or add a larger device to the lab profile",
        answer=True,
    )


def _strokes(amount: Fraction | int, device: Device) -> int:
    """Return into how many equal strokes to divide: as few as reach, or a few more if the amount then is a whole step."""
    fewest = max(1, int(-(-amount // device.most)))
    for strokes in range(fewest, min(device.strokes, fewest + 3) + 1):
        if fewest > 1 and amount % (strokes * device.step) == 0:
            return strokes
    return fewest


def devices(reading: Reading, key: str) -> tuple[Device, ...]:
    """Return the lab's pipettes (*key* ``pipettes``) or balances, those of smallest reach first; a multichannel sets no single volume."""
    kind, form = ("volume", _PIPETTE) if key == "pipettes" else ("mass", _BALANCE)
    found = reading.listed(key, form, lambda entry: _device(entry, kind), some_of_it=True)
    single = [device for device in found if device.channels == 1]
    if found and not single:
        reading.wrong((key,), "no pipette with one channel", "add one with 'channels: 1'")
    return tuple(sorted(single, key=lambda device: device.reach))


def _device(entry: Entry, kind: str) -> Device:
    name, strokes, channels = entry.text("name"), entry.whole("strokes"), entry.whole("channels")
    given = [entry.amount(key, kind) for key in ("from", "to", "step")]
    entry.close()
    exact = [quantity.value for quantity in given if quantity]
    if any(value != int(value) for value in exact):
        entry.wrong("step", f"{name!r} is set finer than {'a nanolitre' if kind == 'volume' else 'a nanogram'}", "give whole ones")
        entry.close()
    least, most, step = (int(value) for value in exact)
    if not step <= least < most:
        entry.wrong("from", f"{name!r}: step, from and to do not rise", "the step is at most 'from', and 'from' is below 'to'")
    return Device(name, least, most, step, strokes, channels)
