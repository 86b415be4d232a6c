"""A refusal that comes from what the lab's pipettes or balances can be set to: which one, what it gives, and one that was tried and helps.

The sheet itself is the trial: it is made again with that instrument in the lab. Where that does not help, instruments are not to blame.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, replace
from ..arithmetic.exact import differs_by
from ..errors import ProtocolError
from ..lab import Instrument, Lab, Setting, design_device
from ..units import format_amount
from ..units.base_units import NanoLitres

MOST_TRIALS = 12  # each takes as long as a sheet


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What a lab would need: *device* (None: it has one), and those of its *limits* (``least``, ``trust``) lowered to *begin* (nL, or ng)."""

    kind: str  # volume or mass
    device: Instrument | None
    limits: tuple[str, ...]
    begin: int


Remedies = dict[Remedy, tuple[Fraction | int, Setting | None]]  # what each is for: a volume (nL) or a mass (ng), and what it is set to


def blame_instruments(error: ProtocolError, lab: Lab, make_sheet: Callable[[Lab], object]) -> ProtocolError:
    """Return *error* with the instruments of *lab* that it comes from and those that were tried and help; unchanged where none does.

    *make_sheet* makes the same sheet in another lab, and raises ProtocolError where that is refused.
    """
    if not error.from_values or error.parts != [error]:
        return error
    lifted: tuple[Remedies, ProtocolError] | None = None
    trials = 0
    for tolerance in (lab.tolerance, lab.tolerance / 2, lab.tolerance / 4):  # several that are each within it may add up
        remedies: Remedies = {}
        refusal: ProtocolError | None = error
        while refusal and trials < MOST_TRIALS:
            more = dict(_find_remedies(refusal, _equip(lab, remedies), tolerance))
            if more.keys() <= remedies.keys():
                break
            trials += 1
            remedies = remedies | {each: more[each] for each in more if each not in remedies}
            refusal = _try_lab(make_sheet, _equip(lab, remedies))
            if refusal and not _is_same(refusal, error) and not lifted:
                lifted = remedies, refusal
        if refusal is None:
            return _tell(error, lab, _drop_idle(remedies, lambda fewer: _try_lab(make_sheet, _equip(lab, fewer)) is None))
    if not lifted:
        return error

    def is_lifted(fewer: Remedies) -> bool:
        refusal = _try_lab(make_sheet, _equip(lab, fewer))
        return refusal is None or not _is_same(refusal, error)

    return _tell(error, lab, _drop_idle(lifted[0], is_lifted), lifted[1].message)


def _is_same(one: ProtocolError, two: ProtocolError) -> bool:
    return (one.file, one.line) == (two.file, two.line)


def _try_lab(make_sheet: Callable[[Lab], object], lab: Lab) -> ProtocolError | None:
    try:
        make_sheet(lab)
    except ProtocolError as error:
        return error
    return None


def _drop_idle(remedies: Remedies, helps: Callable[[Remedies], bool]) -> Remedies:
    """Return those of *remedies* without which the rest no longer *helps*."""
    for remedy in list(remedies):
        fewer = {other: each for other, each in remedies.items() if other != remedy}
        if fewer and helps(fewer):
            remedies = fewer
    return remedies


def _equip(lab: Lab, remedies: Collection[Remedy]) -> Lab:
    """Return *lab* with what *remedies* add to it."""
    changes: dict[str, Any] = {name: NanoLitres(min(getattr(lab, name), *begins)) for name, begins in _list_begins(remedies).items()}
    for key, kind in (("pipettes", "volume"), ("balances", "mass")):
        more = [each.device for each in remedies if each.device and each.kind == kind]
        if more:
            changes[key] = tuple(sorted((*_list_instruments(lab, kind), *more), key=lambda device: device.reach))
    return replace(lab, **changes)


def _list_instruments(lab: Lab, kind: str) -> tuple[Instrument, ...]:
    return lab.balances if kind == "mass" else lab.pipettes


def _list_begins(remedies: Collection[Remedy]) -> dict[str, list[int]]:
    names = [name for name in ("least", "trust") if any(name in each.limits for each in remedies)]
    return {name: [each.begin for each in remedies if name in each.limits] for name in names}


def _find_remedies(error: ProtocolError, lab: Lab, tolerance: Fraction) -> Iterator[tuple[Remedy, tuple[Fraction | int, Setting | None]]]:
    """Yield what *lab* needs so that each amount that *error* rests on is set within *tolerance*, with that amount and what it is set to."""
    amounts = [("volume", *each) for each in error.volumes.items()] + [("mass", *each) for each in error.masses.items()]
    for kind, amount, setting in amounts:
        now = setting or _try_setting(lab, amount, kind)
        limits: tuple[str, ...] = ()
        if now is None:
            device = _bridge(lab, amount, kind, tolerance)
            limits = ("least",) if kind == "volume" and amount < lab.least else ()
            instruments = _list_instruments(lab, kind)
            has_one = any(each.least <= amount <= each.most and each.step <= 2 * tolerance * amount for each in instruments)
        else:
            device, has_one = design_device(amount, kind, tolerance), False
            if setting is None and now.instrument.step <= 2 * tolerance * amount:
                has_one, limits = True, ("trust",) if kind == "volume" and amount < lab.trust else ()
            elif setting and not differs_by(Fraction(setting.amount), Fraction(amount), tolerance):
                continue
        if device and (limits or not has_one):
            yield Remedy(kind=kind, device=None if has_one else device, limits=limits, begin=device.least), (amount, setting)


def _bridge(lab: Lab, amount: Fraction | int, kind: str, tolerance: Fraction) -> Instrument | None:
    """Return a device for *amount*, which none of *lab* sets: from where the one below ends, if that is near, to where the next begins."""
    instruments = _list_instruments(lab, kind)
    ends = max((each.reach for each in instruments if each.reach < amount), default=0)
    begins = min((each.least for each in instruments if each.least > amount), default=math.ceil(amount))
    wide = design_device(ends, kind, tolerance, begins)
    return wide if wide and wide.most >= amount else design_device(amount, kind, tolerance, begins)


def _try_setting(lab: Lab, amount: Fraction | int, kind: str) -> Setting | None:
    try:
        return lab.weigh(amount) if kind == "mass" else lab.set_volume(amount)
    except ProtocolError:
        return None


def _describe(lab: Lab, kind: str, amount: Fraction | int, setting: Setting | None) -> str:
    """Return what *lab* does with *amount*: ``the P20 of this lab goes in steps of 1 µL: 3 µL and not 3.4 µL``."""
    instruments = _list_instruments(lab, kind)
    if setting is None or setting.instrument not in instruments:
        setting = _try_setting(lab, amount, kind)
    reaching = [each for each in instruments if each.reach >= amount]
    instrument = setting.instrument if setting else min(reaching, key=lambda each: each.least, default=instruments[-1])
    begin, step = (format_amount(Fraction(each), kind) for each in (instrument.least, instrument.step))
    if amount > instrument.reach:
        return f"the {instrument.name} of this lab reaches {format_amount(Fraction(instrument.reach), kind)}, in steps of {step}"
    if setting is None or setting.amount == amount:
        return f"the {instrument.name} of this lab begins at {begin} and goes in steps of {step}"
    given, asked = (format_amount(Fraction(each), kind) for each in (setting.amount, amount))
    return f"the {instrument.name} of this lab goes in steps of {step}: {given} and not {asked}"


def _tell(error: ProtocolError, lab: Lab, remedies: Remedies, then: str = "") -> ProtocolError:
    """Return *error* with what *lab* does now, and what to write into its profile as the hint; *then* is the next refusal."""
    devices: list[str] = []
    for device, kind in sorted(
        {(each.device, each.kind) for each in remedies if each.device}, key=lambda each: (each[1], each[0].least, each[0].step)
    ):
        begin, end, step = (format_amount(Fraction(each), kind) for each in (device.least, device.most, device.step))
        reach = f" to {end}" if device.most > 3 * device.least else ""
        is_known = device.name != "cylinder" and any(f"a {device.name} " in each for each in devices)
        devices.append(f"{'one' if is_known else f'a {device.name}'} from {begin}{reach} in steps of {step}")
    keys = " and ".join(f"'{name}: {format_amount(Fraction(min(begins)), 'volume')}'" for name, begins in _list_begins(remedies).items())
    way = f"add {' and '.join(', '.join(devices).rsplit(', ', 1))}{f', with {keys},' if keys else ''} to the lab profile"
    if not devices:
        way = f"write {keys} into the lab profile, if its {lab.pipettes[0].name} can be trusted with it"
    error.message = "; ".join((error.message, *dict.fromkeys(_describe(lab, remedy.kind, *each) for remedy, each in remedies.items())))
    stocks = f"{error.hint}; or " if error.masses else ""  # a solid may also be taken from a stock
    error.hint = f"{stocks}{way}: then {f'the next refusal comes: {then}' if then else 'this sheet can be made'}"
    return error
