"""What takes so many tubes at a time (rotors, heat blocks, rotators), and the paper and address of a printed sheet."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import suggest
from ..patterns import compile_when_used
from ..units import Quantity
from .reader import EntryForm, ProfileEntry, ProfileReader

_FORM = EntryForm(noun="an equipment", keys=("name", "places", "radius", "takes"), required_keys=("places",), example="{places: 24, radius: 8.4 cm}")
MIN_ROTOR_RADIUS, MAX_ROTOR_RADIUS = Fraction(10_000_000), Fraction(300_000_000)  # nm: 1 cm and 30 cm
USUAL_TUBE = Quantity(value=Fraction(2_000_000), kind="volume")  # nL


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """A device with *places* places for tubes of at most *takes* (a volume).

    A *radius* (a length, axis to the bottom of the tube) makes it a rotor, which has to be balanced.
    """

    id: str
    name: str
    places: int
    radius: Quantity | None = None
    takes: Quantity = USUAL_TUBE


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
    takes = entry.quantity("takes", "volume") or USUAL_TUBE
    return Equipment(id=name, name=entry.text("name", name), places=entry.whole_number("places"), radius=radius, takes=takes)


PAPER_SIZES = ("A4", "Letter")
_ADDRESS = compile_when_used(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")


def load_paper(reader: ProfileReader) -> str:
    """Return the size of paper."""
    name = reader.text("paper")
    if name not in PAPER_SIZES and isinstance(reader.source_of("paper").get("paper"), str):  # a value that is not text was reported
        reader.add_error(("paper",), f"no paper {name!r}", suggest(name, PAPER_SIZES))
    return name


def load_site(reader: ProfileReader) -> str:
    """Return the address of the site that links lead to, without a slash at its end; empty if there is none."""
    address = reader.text("site")
    if address and not _ADDRESS.fullmatch(address):
        reader.add_error(("site",), f"{address!r} is not an address of a site", "write it like 'https://protocols.example.org', or leave it empty")
    return address.rstrip("/")
