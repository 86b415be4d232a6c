"""Quantities as biologists write them: parsed strictly, exact, shown in bench units."""

from .kinds import CONCENTRATIONS, KINDS
from .parse import concentration, parse, plain, read, terms
from .quantity import Quantity, said
from .show import decimal, grouped, plural, printed, show, typed, ucum

__all__ = [
    "CONCENTRATIONS", "KINDS", "Quantity", "concentration", "decimal", "grouped", "parse", "plain", "plural", "printed", "read", "said",
    "show", "terms", "typed", "ucum",
]  # fmt: skip
