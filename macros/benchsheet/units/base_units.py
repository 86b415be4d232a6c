"""The base units in which numbers cross modules, as types: to a type checker a mass is then not a volume.

At run time each is the number itself. A volume or a mass that is not settled yet, and so not whole, is a Fraction in the same unit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NewType

NanoLitres = NewType("NanoLitres", int)  # what a pipette is set to, what a place holds
NanoGrams = NewType("NanoGrams", int)  # what a balance shows
Seconds = Fraction | int  # whole seconds are ints, which are quicker and as exact
NO_RANGE = (NanoLitres(0), NanoLitres(0))
