"""The record's own words: quantities read back from their text, the seal made again; refuses a number that its text does not say."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

# Every unit in which an amount may stand, as so many of the first of its line.
UNIT_SIZES: dict[str, Fraction] = {
    "nL": Fraction(1),
    "uL": Fraction(1000),
    "mL": Fraction(10**6),
    "L": Fraction(10**9),
    "pmol/L": Fraction(1, 10**6),
    "nmol/L": Fraction(1, 1000),
    "umol/L": Fraction(1),
    "mmol/L": Fraction(1000),
    "mol/L": Fraction(10**6),
    "ng/mL": Fraction(1, 1000),
    "ug/mL": Fraction(1),
    "mg/mL": Fraction(1000),
    "{cells}/mL": Fraction(1, 10**6),
    "{cells}": Fraction(1),
    "ng": Fraction(1),
    "ug": Fraction(1000),
    "mg": Fraction(10**6),
    "g": Fraction(10**9),
    "s": Fraction(1),
    "min": Fraction(60),
    "h": Fraction(3600),
    "g/dL": Fraction(1),
    "%{vol}": Fraction(1),
    "{X}": Fraction(1),
    "{fold}": Fraction(1),
    "g/mol": Fraction(1),
    "Cel": Fraction(1),
    "nm": Fraction(1),
    "um": Fraction(1000),
    "mm": Fraction(10**6),
    "cm": Fraction(10**7),
    "[U]/mL": Fraction(1),
    "%": Fraction(1),
    "[g]": Fraction(1),
    "{rpm}": Fraction(1),
    "V": Fraction(1),
}
UCUM_BY_SYMBOL = {
    "µL": "uL",
    "µM": "umol/L",
    "nM": "nmol/L",
    "pM": "pmol/L",
    "mM": "mmol/L",
    "M": "mol/L",
    "µg": "ug",
    "µg/mL": "ug/mL",
    "% w/v": "g/dL",
    "% v/v": "%{vol}",
    "% w/w": "%{mass}",
    "X": "{X}",
    "fold": "{fold}",
    "cells/mL": "{cells}/mL",
    "cells": "{cells}",
    "°C": "Cel",
    "µm": "um",
    "× g": "[g]",
    "rpm": "{rpm}",
    "U/mL": "[U]/mL",
}
BY_MASS = "%{mass}"  # a strength in it takes a density to say anything of a volume, and no record has one
SCHEMA = "benchsheet-record/1"
UNSEALED, OLD_UNSEALED = ("seal", "identity", "digest", "engine"), ("seal",)
TOLERANCE = Fraction(2, 100)  # how far a concentration may be from what was asked
PRINT_TOLERANCE = Fraction(1, 1000)  # how far from what is printed in four figures
_encode_string = json.JSONEncoder(ensure_ascii=False).encode
GROUP_SPACE = "\u202f"


@dataclass(kw_only=True)
class ReplayGroup:
    """A group of like places, as this module keeps them: volume in nL a place, components in concentration x nL."""

    size: int
    capacity: Fraction
    fixing_limit: Fraction
    working_range: tuple[Fraction, ...] = ()
    volume: Fraction = Fraction(0)
    contents: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    def concentration(self, component: str) -> Fraction:
        """Return a concentration; zero where nothing is."""
        return self.contents[component] / self.volume if self.volume else Fraction(0)


@dataclass(kw_only=True)
class Replay:
    """One replay: *wrong* lists what does not hold, *skips* what only the bench can tell."""

    record: dict[str, Any]
    wrong: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    groups: dict[str, ReplayGroup] = field(default_factory=dict)
    withdrawals: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    inputs: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    waste: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    streams: defaultdict[tuple[str, int], defaultdict[str, Fraction]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Fraction)))
    targets: dict[str, list[Any]] = field(default_factory=dict)
    reagents: dict[str, Any] = field(default_factory=dict)
    retained_components: set[str] = field(default_factory=set)
    location: str = ""

    def check(self, holds: object, message: str) -> None:
        """Note what does not hold, once."""
        if not holds and message not in self.wrong:
            self.wrong.append(message)

    def read_amount(self, quantity: dict[str, Any]) -> Fraction:
        """Return a quantity in the unit that replay counts in; its number and its printed text have to be the same thing."""
        value = quantity["value"]
        if not isinstance(value, int | Decimal) or isinstance(value, bool) or isinstance(value, Decimal) and not -30 < value.adjusted() < 30:
            raise ValueError(f"{quantity['text']!r} is beyond all measure")
        number, _, letters = str(quantity["text"]).partition(" ")
        unit = UCUM_BY_SYMBOL.get(letters.partition("/well")[0], letters.partition("/well")[0])
        try:
            same = Decimal(number.replace(GROUP_SPACE, "")) == quantity["value"] and unit == quantity["unit"]
        except ArithmeticError:
            same = False
        self.check(same, f"{quantity['text']!r} is printed for {quantity['value']} {quantity['unit']}")
        by_mass = quantity["unit"] == BY_MASS
        self.check(not by_mass, f"{quantity['text']!r} is a percent by mass: what is poured by volume cannot be held against it")
        self.check(by_mass or quantity["unit"] in UNIT_SIZES, f"{quantity['unit']!r} is no unit of a record")
        return Fraction(quantity["value"]) * UNIT_SIZES.get(quantity["unit"], Fraction(1))

    def concentrations(self, name: str) -> dict[str, Fraction]:
        """Return the concentrations of a reagent, what is not yet measured left out."""
        return {component: self.read_amount(q) for component, q in self.reagents[name]["contains"].items() if q["value"] is not None}


def microlitre_text(value: Fraction) -> str:
    """Write nL for a message; what is too little is never shown as less than nothing."""
    return f"{float(max(value, Fraction(0)) / 1000):g} µL"


def content_digest(record: dict[str, Any]) -> str:
    """Return the SHA-256 over what a record says: keys sorted, no spaces, numbers as plain decimals.

    The seal of a record with an identity leaves out who made it, and the lines of the files; that of an older one is over everything else.
    """
    said = {key: value for key, value in record.items() if key not in (UNSEALED if "identity" in record else OLD_UNSEALED)}
    if "identity" in record:
        said["steps"] = [_placeless(step) | {"operations": [_placeless(each) for each in step["operations"]]} for step in record["steps"]]
    return hashlib.sha256(_canonical_json(said).encode()).hexdigest()


def _placeless(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "place"}


def _canonical_json(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_encode_string(key)}:{_canonical_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical_json(item) for item in value) + "]"
    if isinstance(value, str):
        return _encode_string(value)
    if isinstance(value, Decimal):
        if not -30 < value.adjusted() < 30:
            raise ValueError(f"{value} is beyond all measure")
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    return str(value) if type(value) is int else json.dumps(value)
