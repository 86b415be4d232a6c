"""The dataclasses of a calculator: its options, its inputs, and its exact results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..errors import option_flag
from ..lab import Lab
from ..protocol.tables import DataTable
from ..units import CONCENTRATIONS, KINDS, Quantity

METAVARS = {
    "number": "NUMBER",
    "numbers": '"NUMBER; ..."',
    "groups": '"NUMBER NUMBER; ..."',
    "whole": "N",
    "wholes": "N,N,...",
    "word": "NAME",
    "name": "NAME",
    "flag": "",
    "component": "NAME:STOCK:FINAL",
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option: how it is typed (*form*), of which *kinds* it is, and what it means.

    *form* is ``quantity``, ``quantities`` (with semicolons), ``number`` (bare), ``numbers`` (bare, with semicolons), ``groups``
    (numbers, spaces between replicates), ``whole``, ``wholes`` (with commas), ``word``, ``name`` (of what is in a bottle), ``flag`` or
    ``component`` (may be repeated).
    *signed* numbers may be below zero. *per* is the count that may be typed with it, *example* one that can be tried. *optional_if*
    decides from the other values whether it may be left out; *missing* is the message, and the way out, if it may not.
    """

    name: str
    form: str
    help: str
    kinds: tuple[str, ...] = ()
    example: str = ""
    default: str = ""
    optional: bool = False
    allow_zero: bool = False
    signed: bool = False
    per: str = ""
    optional_if: Callable[[Mapping[str, Any]], bool] | None = None
    missing: tuple[str, str] = ("", "")

    @property
    def flag(self) -> str:
        """Return the option as typed: ``--per-well``."""
        return option_flag(self.name)

    @property
    def metavar(self) -> str:
        """Return the placeholder of its value in help; empty for a flag, which has no value."""
        if self.form in METAVARS:
            return METAVARS[self.form]
        word = "CONCENTRATION" if len(self.kinds) > 1 else self.kinds[0].upper().replace(" ", "-")
        return f'"{word}; ..."' if self.form == "quantities" else word

    @property
    def unit_hint(self) -> str:
        """Return the units in which it can be typed."""
        if self.form in ("numbers", "groups"):
            return "bare numbers, with semicolons"
        if self.form in ("quantity", "quantities"):
            units = ", ".join(unit for kind in self.kinds for unit in KINDS[kind].units)
            return f"{units}; or with its density '% w/w at 1.19 g/mL'" if "percent w/v" in self.kinds and len(self.kinds) > 3 else units
        return f"a bare number{f', in {KINDS[self.kinds[0]].units[0]}' if self.kinds else ''}" if self.form == "number" else ""


@dataclass(frozen=True, kw_only=True)
class CalculatorInputs:
    """The inputs of one calculation: the *values* of the options by name (a flag is a bool, a list a tuple), the lab, and the shared tables."""

    values: Mapping[str, Any]
    lab: Lab
    tables: Mapping[str, DataTable] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    @property
    def densities(self) -> Mapping[str, Fraction]:
        """Return the density (g/mL) of each concentration that was typed as a percent by mass."""
        return self.values.get("densities") or {}

    def has_density(self, name: str) -> bool:
        """Return whether a concentration was typed as a percent by mass with its density."""
        return name in self.densities

    def density(self, name: str) -> Fraction:
        """Return the density (g/mL) typed with a concentration."""
        return self.densities[name]

    def base_value(self, name: str) -> Fraction:
        """Return a value in the base unit of its kind."""
        value = self.values[name]
        return value.value if isinstance(value, Quantity) else Fraction(value)

    def kind(self, name: str) -> str:
        """Return the kind of a value."""
        return str(self.values[name].kind)

    def text(self, name: str) -> str:
        """Return a value with its unit, as printed."""
        return str(self.values[name])


@dataclass(frozen=True, kw_only=True)
class Result:
    """One result: an exact *value* in the base unit of its *kind*; *label* explains it, *settable* is whether a pipette or balance is set to it."""

    name: str
    value: Fraction
    kind: str
    label: str = ""
    settable: bool = False


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """The answer of a calculator: its results, the working line by line, warnings, and notes on how to use it."""

    results: tuple[Result, ...]
    working: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Calculator:
    """A calculator: *summary* is its line in the list, *calculate* its arithmetic, *one_of* names options of which exactly one is given."""

    name: str
    summary: str
    options: tuple[Option, ...]
    calculate: Callable[[CalculatorInputs], Calculation]
    one_of: tuple[str, ...] = ()
    table_names: tuple[str, ...] = ()  # shared tables

    def option(self, name: str) -> Option:
        """Return the option *name*."""
        return next(option for option in self.options if option.name == name)


def concentration_option(name: str, what: str, example: str) -> Option:
    """Return an option that takes a concentration of any kind."""
    return Option(name=name, form="quantity", help=what, kinds=CONCENTRATIONS, example=example)


def volume_option(name: str, what: str, example: str, *, optional: bool = False, per: str = "") -> Option:
    """Return an option that takes a volume."""
    return Option(name=name, form="quantity", help=what, kinds=("volume",), example=example, optional=optional, per=per)
