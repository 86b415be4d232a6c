"""The devices of a run: how many units each takes at a time, and what a tube in it holds at most."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError, locate_errors
from ..protocol.entries import DeviceDecl
from ..units import Quantity, as_quantity, describe_value
from ..units.base_units import NanoLitres
from .inputs import RunInputs


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device: *places* at a time and *takes* (nL) a tube at most, 0 where that is not said; *balanced* is what balances an odd batch."""

    places: int = 0
    balanced: str = ""
    takes: NanoLitres = NanoLitres(0)


_PLAIN = Device()


def resolve_devices(inputs: RunInputs) -> dict[str, Device]:
    """Return the devices that the protocol declares; raise ProtocolError for places that are not a number, and for what is not a volume."""
    return {name: _resolve_device(declared, inputs) for name, declared in inputs.protocol.equipment.items()}


def _resolve_device(declared: DeviceDecl, inputs: RunInputs) -> Device:
    if not declared.places and "takes" not in declared.lines:
        return _PLAIN
    places, takes = _find_places(declared, inputs) if declared.places else 0, _find_takes(declared, inputs)
    return Device(places=places, balanced=inputs.interpolate(declared.balanced) if places else "", takes=takes)


def _find_places(declared: DeviceDecl, inputs: RunInputs) -> int:
    with locate_errors(declared.file, declared.lines["places"]):
        places = inputs.evaluate(declared.places)
        if not isinstance(places, int | Fraction) or isinstance(places, bool) or places != int(places) or places < 1:
            raise ProtocolError(
                f"places {declared.places!r} is not a whole number from 1 up", "write a number, or an expression over the run's values"
            )
    return int(places)


def _find_takes(declared: DeviceDecl, inputs: RunInputs) -> NanoLitres:
    if "takes" not in declared.lines:
        return NanoLitres(0)
    with locate_errors(declared.file, declared.lines["takes"]):
        amount = inputs.evaluate(declared.takes_from) if declared.takes_from else as_quantity(declared.takes)
        if not isinstance(amount, Quantity) or amount.kind != "volume" or amount.per or amount.value <= 0:
            raise ProtocolError(
                f"'takes' is {describe_value(amount)}, not what a tube holds", "write 2 mL, or {from: \"table(devices, 'rotor', takes)\"}"
            )
    return NanoLitres(int(amount.value))
