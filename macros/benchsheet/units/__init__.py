"""Quantities as biologists write them: parsed strictly, exact, shown in bench units."""

from .display import decimal, grouped, plural, printed, show, typed, ucum
from .kinds import CONCENTRATIONS, KINDS
from .parse import concentration, parse, plain, read, terms
from .quantity import Quantity, said

__all__ = [
    "CONCENTRATIONS", "KINDS", "Quantity", "concentration", "decimal", "grouped", "parse", "plain", "plural", "printed", "read", "said",
    "show", "terms", "typed", "ucum",
]  # fmt: skip
