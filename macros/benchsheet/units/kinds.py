"""The kinds of quantity a bench knows, and the units it says them in; a kind never turns into another by itself."""

from __future__ import annotations

from .._dataclass import dataclass


@dataclass(frozen=True)
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
        Kind("volume", "nL", ("uL", "mL", "L")),
        Kind("mass", "ng", ("ng", "ug", "mg", "g")),
        Kind("time", "s", ("s", "min", "h")),
        Kind("molarity", "uM", ("pM", "nM", "uM", "mM", "M")),
        Kind("mass concentration", "ug/mL", ("ng/mL", "ug/mL", "mg/mL")),
        Kind("cell density", "cells/nL", ("cells/mL",)),
        Kind("activity concentration", "U/mL", ("U/mL",), "an"),
        Kind("cells", "cells", ("cells",), "a number of"),
        Kind("percent w/v", "% w/v", ("% w/v",)),
        Kind("percent v/v", "% v/v", ("% v/v",)),
        Kind("percent w/w", "% w/w", ("% w/w",)),
        Kind("fraction", "%", ("%",)),
        Kind("strength", "X", ("X",)),
        Kind("dilution factor", "fold", ("fold",)),
        Kind("molar mass", "g/mol", ("g/mol",)),
        Kind("temperature", "degC", ("degC",)),
        Kind("length", "nm", ("nm", "um", "mm", "cm")),
        Kind("centrifugal force", "x g", ("x g",)),
        Kind("speed", "rpm", ("rpm",)),
        Kind("tension", "V", ("V",)),
    )
}

# What a volume can be reckoned with. A percent by mass is not among them: it takes a density, which nobody gives.
CONCENTRATIONS = (
    "molarity", "mass concentration", "cell density", "activity concentration",
    "percent w/v", "percent v/v", "strength",
)  # fmt: skip
BY_MASS = "percent w/w"

# How pint is told a unit that a bench writes with a space or a sign.
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
SPELLINGS = {"µ": "u", "μ": "u", "°C": "degC", "℃": "degC", "×": "x", "\u00a0": " ", "\u2009": " ", "\u202f": ""}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

UCUM_CODES = {
    "M": "mol/L", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L", "pM": "pmol/L", "% w/v": "g/dL", "% v/v": "%{vol}", "% w/w": "%{mass}",
    "X": "{X}", "fold": "{fold}", "cells": "{cells}", "cells/mL": "{cells}/mL", "degC": "Cel", "x g": "[g]", "rpm": "{rpm}", "U/mL": "[U]/mL",
}  # fmt: skip
