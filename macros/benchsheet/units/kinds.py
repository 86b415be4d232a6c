"""The kinds of quantity a bench knows, and the units it says them in; a kind never turns into another by itself."""

from __future__ import annotations

from .._dataclass import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of quantity.

    *units* are those that a bench shows, smallest first, each written as pint reads it; the first of *base* is what
    one is in exact arithmetic. A message names it with its *article*: ``a volume``.
    """

    name: str
    base: str
    units: tuple[str, ...]
    article: str = "a"

    def __str__(self) -> str:
        return self.name


# The base of a kind is chosen so that what a bench sets is a whole number: volumes in nL, masses in ng.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="volume", base="nL", units=("uL", "mL", "L")),
        Kind(name="mass", base="ng", units=("ng", "ug", "mg", "g")),
        Kind(name="time", base="s", units=("s", "min", "h")),
        Kind(name="molarity", base="uM", units=("pM", "nM", "uM", "mM", "M")),
        Kind(name="mass concentration", base="ug/mL", units=("ng/mL", "ug/mL", "mg/mL")),
        Kind(name="cell density", base="cells/nL", units=("cells/mL",)),
        Kind(name="activity concentration", base="U/mL", units=("U/mL",), article="an"),
        Kind(name="cells", base="cells", units=("cells",), article="a number of"),
        Kind(name="percent w/v", base="% w/v", units=("% w/v",)),
        Kind(name="percent v/v", base="% v/v", units=("% v/v",)),
        Kind(name="percent w/w", base="% w/w", units=("% w/w",)),
        Kind(name="fraction", base="%", units=("%",)),
        Kind(name="strength", base="X", units=("X",)),
        Kind(name="dilution factor", base="fold", units=("fold",)),
        Kind(name="molar mass", base="g/mol", units=("g/mol",)),
        Kind(name="temperature", base="degC", units=("degC",)),
        Kind(name="length", base="nm", units=("nm", "um", "mm", "cm")),
        Kind(name="centrifugal force", base="x g", units=("x g",)),
        Kind(name="speed", base="rpm", units=("rpm",)),
        Kind(name="tension", base="V", units=("V",)),
    )
}

# What a volume can be reckoned with. A percent by mass is not among them: it takes a density, which nobody gives.
CONCENTRATIONS = (
    "molarity", "mass concentration", "cell density", "activity concentration",
    "percent w/v", "percent v/v", "strength",
)  # fmt: skip
BY_MASS = "percent w/w"

# How pint is told a unit that a bench writes with a space or a special character.
PINT_NAMES = {
    "% w/v": "percent_wv", "% v/v": "percent_vv", "% w/w": "percent_ww", "%": "percent_of", "x g": "rcf",
    "cells/nL": "cells/nL",
}  # fmt: skip

# Units that may be typed and are not shown.
INPUT_ONLY_UNITS = (
    "nL", "kg", "day", "days", "mol/L", "mmol/L", "umol/L", "nmol/L", "pmol/L", "g/L", "mg/L", "ug/L", "ug/uL", "ng/uL", "mg/uL", "g/mL",
    "cells/uL", "cells/L", "U/uL", "U/L", "kDa", "Da", "kg/mol", "m", "kV", "mV", "cell", "x", "d",
)  # fmt: skip

# The same thing as people write it: the micro sign and the Greek letter, degrees, a cross, spaces of other widths (U+00A0, U+2009, U+202F).
SPELLINGS = {
    "µ": "u",
    "μ": "u",
    "º": "°",
    "˚": "°",
    "°C": "degC",
    "℃": "degC",
    "×": "x",
    "−": "-",
    "\u00a0": " ",
    "\u2009": " ",
    "\u2007": " ",
    "\u202f": "",
}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

UCUM_CODES = {
    "M": "mol/L", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L", "pM": "pmol/L", "% w/v": "g/dL", "% v/v": "%{vol}", "% w/w": "%{mass}",
    "X": "{X}", "fold": "{fold}", "cells": "{cells}", "cells/mL": "{cells}/mL", "degC": "Cel", "x g": "[g]", "rpm": "{rpm}", "U/mL": "[U]/mL",
}  # fmt: skip
