"""What tests read out of a Record: a volume in nL, a step by its title; refuses a unit that is no volume, and a title that is not there once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

NANOLITRES = {"nL": 1, "uL": 10**3, "mL": 10**6, "L": 10**9}


def volume(quantity: dict[str, Any]) -> Fraction:
    """Return a volume of the Record in nL; raise KeyError for what is no volume."""
    return Fraction(str(quantity["value"])) * NANOLITRES[quantity["unit"]]


def step(record: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the one step of *title*; raise ValueError if there is none, or more."""
    (found,) = [each for each in record["steps"] if each["title"] == title]
    return dict(found)
