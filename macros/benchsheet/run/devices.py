"""The devices of a run: how many units each takes at a time, and what a tube in it holds at most."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError, locate_errors
from ..units import Quantity, as_quantity, describe_value
from ..units.base_units import NanoLitres
from ..yamltree import YamlMap
from .inputs import RunInputs


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device: *places* at a time and *takes* (nL) a tube at most, 0 where that is not said; *balanced* is what balances an odd batch."""

    places: int = 0
    balanced: str = ""
    takes: NanoLitres = NanoLitres(0)


_PLAIN = Device()


def read_devices(inputs: RunInputs) -> dict[str, Device]:
    """Return the devices that the protocol declares; raise ProtocolError for places that are not a number, and for what is not a volume."""
    tree = inputs.protocol.tree.mapping("equipment")
    return {name: _read_device(tree.mapping(name), inputs) for name in tree}


def _read_device(entry: YamlMap, inputs: RunInputs) -> Device:
    if "places" not in entry and "takes" not in entry:
        return _PLAIN
    places, takes = _read_places(entry, inputs) if "places" in entry else 0, _read_takes(entry, inputs) if "takes" in entry else NanoLitres(0)
    return Device(places=places, balanced=inputs.interpolate(entry.text("balanced")) if places else "", takes=takes)


def _read_places(entry: YamlMap, inputs: RunInputs) -> int:
    with locate_errors(entry.file, entry.lines["places"]):
        places = inputs.evaluate(entry.text("places"))
        if not isinstance(places, int | Fraction) or isinstance(places, bool) or places != int(places) or places < 1:
            raise ProtocolError(
                f"places {entry.text('places')!r} is not a whole number from 1 up", "write a number, or an expression over the run's values"
            )
    return int(places)


def _read_takes(entry: YamlMap, inputs: RunInputs) -> NanoLitres:
    with locate_errors(entry.file, entry.lines["takes"]):
        if isinstance(entry["takes"], YamlMap):
            given = entry.mapping("takes")
            given.check_keys(("from",), "'takes'", required=("from",))
            amount = inputs.evaluate(given.text("from"))
        else:
            amount = as_quantity(entry.text("takes"))
        if not isinstance(amount, Quantity) or amount.kind != "volume" or amount.per or amount.value <= 0:
            raise ProtocolError(
                f"'takes' is {describe_value(amount)}, not what a tube holds", "write 2 mL, or {from: \"table(devices, 'rotor', takes)\"}"
            )
    return NanoLitres(int(amount.value))
