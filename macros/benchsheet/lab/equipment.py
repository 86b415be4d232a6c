"""What takes so many tubes at a time: rotors, heat blocks, rotators; refuses a rotor's radius that no bench centrifuge has."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..units import Quantity
from .reader import EntryForm, ProfileEntry, ProfileReader

_FORM = EntryForm("an equipment", ("name", "places", "radius"), ("places",), "{places: 24, radius: 8.4 cm}")
MIN_ROTOR_RADIUS, MAX_ROTOR_RADIUS = Fraction(10_000_000), Fraction(300_000_000)  # nm: 1 cm and 30 cm


@dataclass(frozen=True)
class Equipment:
    """A device with *places* places; a *radius* (a length, axis to the bottom of the tube) makes it a rotor, which has to be balanced."""

    id: str
    name: str
    places: int
    radius: Quantity | None = None


def load_equipment(reader: ProfileReader) -> dict[str, Equipment]:
    """Return the lab's equipment by id; raise nothing, every mistake is kept."""
    return reader.load_mapping("equipment", _FORM, _parse_equipment)


def _parse_equipment(name: str, entry: ProfileEntry) -> Equipment:
    radius = entry.quantity("radius", "length")
    if radius and not MIN_ROTOR_RADIUS <= radius.value <= MAX_ROTOR_RADIUS:
        entry.add_error(
            "radius",
            f"radius {entry.text('radius')!r} of {name!r} is not from 1 cm to 30 cm",
            "measure from the axis to the bottom of the tube: no bench centrifuge is larger (84 mm are 8.4 cm)",
        )
    return Equipment(name, entry.text("name", name), entry.whole_number("places"), radius)
