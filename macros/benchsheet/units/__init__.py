"""Quantities as biologists write them: parsed strictly, exact, shown in bench units."""

from .display import UNIT_PATTERN, format_amount, format_count, format_input, format_number, number_and_unit, number_to_input, to_decimal, ucum_code
from .kinds import CONCENTRATIONS, KINDS
from .parse import (
    as_concentration,
    as_quantity,
    normalize_spelling,
    parse_quantity,
    parse_terms,
    parse_whole_number,
    plain_number,
    split_quantities,
    whole_number,
)
from .quantity import Quantity, describe_value, is_negative

__all__ = [
    "CONCENTRATIONS",
    "KINDS",
    "UNIT_PATTERN",
    "Quantity",
    "as_concentration",
    "as_quantity",
    "describe_value",
    "format_amount",
    "format_count",
    "format_input",
    "format_number",
    "is_negative",
    "normalize_spelling",
    "number_and_unit",
    "number_to_input",
    "parse_quantity",
    "parse_terms",
    "parse_whole_number",
    "plain_number",
    "split_quantities",
    "to_decimal",
    "ucum_code",
    "whole_number",
]  # fmt: skip
