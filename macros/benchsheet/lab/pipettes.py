"""Pipettes and balances, and the volumes and masses that can be set on them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..units import format_amount
from .reader import EntryForm, ProfileEntry, ProfileReader

_PIPETTE_FORM = EntryForm(
    noun="a pipette", keys=("name", "from", "to", "step", "strokes", "channels"), required_keys=("name", "from", "to", "step"),
    example="{name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}",
)  # fmt: skip
_BALANCE_FORM = EntryForm(
    noun="a balance", keys=("name", "from", "to", "step", "strokes"), required_keys=("name", "from", "to", "step"),
    example="{name: analytical balance, from: 1 mg, to: 1 g, step: 0.1 mg}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Instrument:
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


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a device was set to: *amount* in all (nL or ng), in *strokes* strokes of *instrument*."""

    amount: int
    instrument: Instrument
    strokes: int

    @property
    def is_short(self) -> bool:
        """Return whether a stroke is below what the instrument begins with, as 2 x 105 µL are for one from 150 to 200 µL."""
        return self.amount < self.strokes * self.instrument.least


_SMALLEST = {"volume": 200, "mass": 100_000}  # nL and ng: no pipette that is sold begins below the one, and no common balance below the other
_LARGEST = {"volume": 2_000_000_000, "mass": math.inf}  # no cylinder that is common goes on from there
_CYLINDERS_FROM = 50_000_000  # nL


def name_device(amount: Fraction | int, kind: str, tolerance: Fraction | None = None) -> str:
    """Return in words the device that sets *amount* (in the base of *kind*): where it begins, and the steps that are within *tolerance*.

    Half a step is the most that a setting is off, so a step of twice the tolerance will do. Nothing where no such device is sold.
    """
    device = design_device(amount, kind, tolerance or Fraction(1))
    if not device:
        return ""
    begin, step = (format_amount(Fraction(each), kind) for each in (device.least, device.step))
    return f"a {device.name} from {begin}{f' in steps of {step}' if tolerance else ''}"


def design_device(amount: Fraction | int, kind: str, tolerance: Fraction, end: int = 0) -> Instrument | None:
    """Return a device as it may be sold that sets *amount* (in the base of *kind*) within *tolerance*; None where none is sold.

    It goes to three times where it begins, or further to *end*, at most ten times.
    """
    if not _SMALLEST[kind] <= amount < _LARGEST[kind]:
        return None
    least, step = _round_down(int(amount), range(1, 10)), _round_down(max(1, int(amount * 2 * tolerance)), (1, 2, 5))
    most = max(3 * least, min(end, 10 * least))
    noun = "balance" if kind == "mass" else "pipette" if max(amount, end and most) < _CYLINDERS_FROM else "cylinder"
    return Instrument(name=noun, least=least, most=most, step=step)


def suggest_device(amount: Fraction | int, kind: str, instruments: tuple[Instrument, ...], **limits: int) -> str:
    """Return what a lab profile has to say so that *amount* can be set: a device for it, and those of its *limits* that are above it.

    ``add a pipette from 1 µL, with 'least: 1 µL', to the lab profile``; nothing where no such device is sold.
    """
    if not (device := name_device(amount, kind)):
        return ""
    begin = device.partition(" from ")[2]
    keys = " and ".join(f"'{name}: {begin}'" for name, limit in limits.items() if amount < limit)
    if keys and any(each.least <= amount for each in instruments):
        return f"write {keys} into the lab profile, if its {instruments[0].name} can be trusted with it"
    return f"add {device}{f', with {keys},' if keys else ''} to the lab profile"


def _round_down(number: int, digits: Iterable[int]) -> int:
    """Return the largest number that is not above *number* and is one of *digits* and zeros."""
    text = str(number)
    return int(max(digit for digit in digits if digit <= int(text[0])) * 10 ** (len(text) - 1))


def find_setting(amount: Fraction | int, instruments: tuple[Instrument, ...], kind: str, least: int = 0, *, up: bool = False) -> Setting:
    """Return *amount* (in the base of *kind*) set to the nearest step on the one of *instruments* that comes closest to it; with *up* never to less.

    Of those that come as close, the one with the fewest strokes gives it: what was set once is set the same again.
    Raise ProtocolError if it is below *least*, below the smallest device, or above the largest.
    """
    floor = max(least, min(device.least for device in instruments))
    if amount < floor:
        act = "pipetted" if kind == "volume" else "weighed"
        small, limit = format_amount(Fraction(amount), kind), format_amount(Fraction(floor), kind)
        suggestion = suggest_device(amount, kind, instruments, least=least)
        other = f", or {suggestion}" if suggestion else ""
        way = f"make more, or go through {'an intermediate dilution' if kind == 'volume' else 'a stock'}{other}"
        raise _refuse(f"{small} cannot be {act}: the least is {limit}", way, amount, kind)
    settings = [setting for device in instruments if device.least <= amount <= device.reach and (setting := _set(amount, device, up=up))]
    if settings:  # ties go to the device of smallest reach
        return min(settings, key=lambda one: (one.is_short, abs(one.amount - amount), one.strokes)) if len(settings) > 1 else settings[0]
    above = [device for device in instruments if device.least > amount]
    if above:
        before = max((device for device in instruments if device.least <= amount), key=lambda device: device.reach)
        device = min(above, key=lambda device: device.least)
        what, act = format_amount(Fraction(amount), kind), "pipetted" if kind == "volume" else "weighed"
        reach, begins = format_amount(Fraction(before.reach), kind), format_amount(Fraction(device.least), kind)
        message = f"{what} cannot be {act}: the {before.name} reaches {reach}, and the {device.name} begins at {begins}"
        raise _refuse(message, suggest_device(amount, kind, instruments), amount, kind)
    message = f"{format_amount(Fraction(amount), kind)} is more than this lab can measure"
    raise _refuse(message, "make it in portions, or add a larger device to the lab profile", amount, kind)


def _refuse(message: str, way: str, amount: Fraction | int, kind: str) -> ProtocolError:
    error = ProtocolError(message, way, from_values=True)
    (error.volumes if kind == "volume" else error.masses)[amount] = None
    return error


def _set(amount: Fraction | int, device: Instrument, *, up: bool) -> Setting | None:
    """Return *amount* as *device* sets it; None if the nearest step is beyond its end."""
    strokes = _count_strokes(amount, device)
    steps = Fraction(amount) / (strokes * device.step)
    least = -(-device.least // device.step) if strokes == 1 else 1
    stroke = max(math.ceil(steps) if up else math.floor(steps + Fraction(1, 2)), least) * device.step
    return Setting(amount=stroke * strokes, instrument=device, strokes=strokes) if stroke <= device.most else None


def _count_strokes(amount: Fraction | int, instrument: Instrument) -> int:
    """Return into how many equal strokes to divide: as few as reach, or a few more if the amount then is a whole step."""
    fewest = max(1, int(-(-amount // instrument.most)))
    for strokes in range(fewest, min(instrument.strokes, fewest + 3) + 1):
        if fewest > 1 and amount % (strokes * instrument.step) == 0:
            return strokes
    return fewest


def load_instruments(reader: ProfileReader, key: str) -> tuple[Instrument, ...]:
    """Return the lab's pipettes (*key* ``pipettes``) or balances, those of smallest reach first; a multichannel sets no single volume."""
    kind, form = ("volume", _PIPETTE_FORM) if key == "pipettes" else ("mass", _BALANCE_FORM)
    instruments = reader.load_list(key, form, lambda entry: _parse_instrument(entry, kind), require_one=True)
    single = [device for device in instruments if device.channels == 1]
    if instruments and not single:
        reader.add_error((key,), "no pipette with one channel", "add one with 'channels: 1'")
    return tuple(sorted(single, key=lambda device: device.reach))


def _parse_instrument(entry: ProfileEntry, kind: str) -> Instrument:
    name, strokes, channels = entry.text("name"), entry.whole_number("strokes"), entry.whole_number("channels")
    quantities = [entry.quantity(key, kind) for key in ("from", "to", "step")]
    entry.raise_all()
    exact = [quantity.value for quantity in quantities if quantity]
    if any(value != int(value) for value in exact):
        entry.add_error("step", f"{name!r} is set finer than {'a nanolitre' if kind == 'volume' else 'a nanogram'}", "give whole ones")
        entry.raise_all()
    least, most, step = (int(value) for value in exact)
    if not step <= least < most:
        entry.add_error("from", f"{name!r}: step, from and to do not rise", "the step is at most 'from', and 'from' is below 'to'")
    return Instrument(name=name, least=least, most=most, step=step, strokes=strokes, channels=channels)
