"""The reading of a Record: its quantities, each compared with its printed text, and its seal, computed again."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

# Every unit in which an amount may stand, a row for each kind; amounts of a kind are counted in its unit of size 1.
_UNITS_BY_KIND: tuple[dict[str, int | str], ...] = (
    {"nL": 1, "uL": 1000, "mL": 10**6, "L": 10**9},
    {"pmol/L": "1/1000000", "nmol/L": "1/1000", "umol/L": 1, "mmol/L": 1000, "mol/L": 10**6},
    {"ng/mL": "1/1000", "ug/mL": 1, "mg/mL": 1000},
    {"{cells}/mL": "1/1000000"},  # counted as cells in 1 nL
    {"ng": 1, "ug": 1000, "mg": 10**6, "g": 10**9},
    {"s": 1, "min": 60, "h": 3600},
    {"nm": 1, "um": 1000, "mm": 10**6, "cm": 10**7},
    dict.fromkeys(("{cells}", "g/dL", "%{vol}", "{X}", "{fold}", "g/mol", "Cel", "[U]/mL", "%", "[g]", "{rpm}", "V"), 1),
)
UNIT_SIZES = {unit: Fraction(size) for units in _UNITS_BY_KIND for unit, size in units.items()}
UCUM_BY_SYMBOL = {  # of the printed units that are not their own UCUM code
    "µL": "uL",
    "µg": "ug",
    "µg/mL": "ug/mL",
    "µm": "um",
    "°C": "Cel",
    "× g": "[g]",
    "rpm": "{rpm}",
    "U/mL": "[U]/mL",
    "M": "mol/L",
    "mM": "mmol/L",
    "µM": "umol/L",
    "nM": "nmol/L",
    "pM": "pmol/L",
    "cells": "{cells}",
    "cells/mL": "{cells}/mL",
    "% w/v": "g/dL",
    "% v/v": "%{vol}",
    "% w/w": "%{mass}",
    "X": "{X}",
    "fold": "{fold}",
}
BY_MASS = "%{mass}"  # it needs a density to compare it with a volume, and no Record has one
POUR_OPERATIONS = {"add", "bring", "transfer", "wash"}
SCHEMA = "benchsheet-record/2"
PRINT_TOLERANCE = Fraction(1, 1000)  # how far from what is printed with four digits
_encode_string = json.JSONEncoder(ensure_ascii=False).encode
GROUP_SPACE = "\u202f"
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(kw_only=True)
class ReplayGroup:
    """A group of *size* equal places: volumes in nL for each place, *contents* of each component in concentration x nL."""

    size: int
    capacity: Fraction
    fixing_limit: Fraction
    working_range: tuple[Fraction, ...] = ()
    volume: Fraction = Fraction(0)
    contents: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    def concentration(self, component: str) -> Fraction:
        """Return the concentration of a component; zero in an empty place."""
        return self.contents[component] / self.volume if self.volume else Fraction(0)


@dataclass(kw_only=True)
class Replay:
    """One replay: *wrong* lists what does not hold, *skips* what depends on a measurement at the bench."""

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
    tolerance: Fraction = Fraction(0)

    def check(self, holds: object, message: str) -> None:
        """Add *message* to *wrong*, once, unless *holds*."""
        if not holds and message not in self.wrong:
            self.wrong.append(message)

    def read_amount(self, quantity: dict[str, Any]) -> Fraction:
        """Return a quantity in the unit of size 1 of its kind; check that its number and its printed text agree.

        Raises ValueError for a number beyond 10^±30, or what is not a number.
        """
        value = quantity["value"]
        if not isinstance(value, int | Decimal) or isinstance(value, bool) or isinstance(value, Decimal) and not -30 < value.adjusted() < 30:
            raise ValueError(f"{quantity['text']!r} is beyond all measure")
        number, _, letters = str(quantity["text"]).partition(" ")
        unit = UCUM_BY_SYMBOL.get(letters.partition("/well")[0], letters.partition("/well")[0])
        try:
            same = read_number(number) == quantity["value"] and unit == quantity["unit"]
        except ArithmeticError:
            same = False
        self.check(same, f"{quantity['text']!r} is printed for {quantity['value']} {quantity['unit']}")
        by_mass = quantity["unit"] == BY_MASS
        self.check(not by_mass, f"{quantity['text']!r} is a percent by mass: what is poured by volume cannot be held against it")
        self.check(by_mass or quantity["unit"] in UNIT_SIZES, f"{quantity['unit']!r} is not a unit of a record")
        return Fraction(quantity["value"]) * UNIT_SIZES.get(quantity["unit"], Fraction(1))

    def concentrations(self, name: str) -> dict[str, Fraction]:
        """Return the concentrations of a reagent, without those that are measured at the bench."""
        return {component: self.read_amount(q) for component, q in self.reagents[name]["contains"].items() if q["value"] is not None}


def read_number(text: str) -> Decimal:
    """Return a printed number: digits in groups of three, or below 0.0001 with a power of ten, ``3.162×10⁻⁵``."""
    figures, is_power, power = text.replace(GROUP_SPACE, "").partition("×10⁻")
    return Decimal(f"{figures}e-{power.translate(_DIGITS)}" if is_power else figures)


def microlitre_text(value: Fraction) -> str:
    """Return nL as µL for a message; a negative volume is shown as 0."""
    return f"{float(max(value, Fraction(0)) / 1000):g} µL"


def content_digest(record: dict[str, Any]) -> str:
    """Return the SHA-256 over what a record says: keys sorted, no spaces, numbers as plain decimals.

    Outside it are the seal, the identity and the lines of the files. In a Record of the form before, ``digest`` and ``engine`` are of the identity;
    one that has none was sealed whole.
    """
    has_identity, is_old = "identity" in record, "digest" in record
    unsealed = ("seal", *(("identity",) if has_identity else ()), *(("digest", "engine") if has_identity and is_old else ()))
    sealed = {key: value for key, value in record.items() if key not in unsealed}
    if has_identity:
        place = "place" if is_old else "location"
        sealed["steps"] = [_without(step, place) | {"operations": [_without(each, place) for each in step["operations"]]} for step in record["steps"]]
    return hashlib.sha256(_canonical_json(sealed).encode()).hexdigest()


def _without(part: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != key}


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
