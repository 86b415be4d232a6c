"""Solids: the volume that a mass is dissolved in, and the mass for a volume; refuses a molarity without a molar mass."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import dilution
from .model import Answer, Asked, Calculator, Option, Result, volume
from .results import said

SOLID = ("molarity", "mass concentration", "percent w/v")


def _molar_mass(asked: Asked) -> Fraction | None:
    if asked.kind("concentration") != "molarity":
        return None
    return asked.base("mw")


def _notes(asked: Asked) -> tuple[str, ...]:
    if asked.kind("concentration") == "molarity":
        return ("the molar mass is that of what is in the bottle: salt and crystal water included",)
    return ("the molar mass was not needed: the concentration is a mass per volume",) if "mw" in asked else ()


def _dissolve(asked: Asked) -> Answer:
    molar_mass = _molar_mass(asked)
    made = dilution.taken_up(asked.base("mass"), asked.base("concentration"), asked.kind("concentration"), molar_mass)
    by = f"({asked.said('mw')} × {asked.said('concentration')})" if molar_mass else asked.said("concentration")
    name = "(mw × concentration)" if molar_mass else "concentration"
    line = f"volume = mass ÷ {name} = {asked.said('mass')} ÷ {by} = {said(made, 'volume')}"
    return Answer((Result("volume", made, "volume", "to dissolve in", settable=True),), (line,), notes=_notes(asked))


def _weigh(asked: Asked) -> Answer:
    molar_mass = _molar_mass(asked)
    mass = dilution.solid(asked.base("concentration"), asked.base("volume"), asked.kind("concentration"), molar_mass)
    by = f" × {asked.said('mw')}" if molar_mass else ""
    name = " × mw" if molar_mass else ""
    line = f"mass = concentration × volume{name} = {asked.said('concentration')} × {asked.said('volume')}{by} = {said(mass, 'mass')}"
    return Answer((Result("mass", mass, "mass", "to weigh", settable=True),), (line,), notes=_notes(asked))


_MW = Option(
    "mw",
    "quantity",
    "molar mass of what is weighed; a molarity needs it",
    ("molar mass",),
    "510.50 g/mol",
    waived=lambda found: "concentration" in found and getattr(found["concentration"], "kind", "") != "molarity",
    missing=("a molarity needs the molar mass of what is weighed", 'like --mw "510.50 g/mol", salt and crystal water included'),
)

CALCULATORS = (
    Calculator(
        "dissolve",
        "in what volume a weighed mass has a concentration",
        (
            Option("mass", "quantity", "what was weighed", ("mass",), "5 mg"),
            _MW,
            Option("concentration", "quantity", "what is wanted", SOLID, "10 mM"),
        ),
        _dissolve,
    ),
    Calculator(
        "weigh",
        "what mass makes a volume of a concentration",
        (_MW, Option("concentration", "quantity", "what is wanted", SOLID, "1 M"), volume("volume", "how much of it", "1 L")),
        _weigh,
    ),
)
