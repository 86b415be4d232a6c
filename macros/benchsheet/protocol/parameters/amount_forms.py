"""The forms whose values are amounts: a quantity with its unit, and the stocks that a lab has in its freezer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...errors import ProtocolError, check_known
from ...units import CONCENTRATIONS, KINDS, Quantity, as_quantity, format_amount, format_input, parse_quantity, split_quantities
from ...yamltree import YamlMap
from ..shapes import MAPPING, TEXT
from .form import LIMIT_KEYS, LIST_KEY, OTHER_KEY, Form, hint_at_other
from .parameter import Parameter

Limits = tuple[Quantity | None, Quantity | None]


class QuantityForm(Form):
    """A number with a unit: the form of a parameter that names no other."""

    key, words, declared_as, example = "", "quantity", "`kind: volume`, or the kind of its default", "100 uL"
    own_keys = (
        ("kind", TEXT, "what it is: `volume`, `time`, `molarity`, `concentration` and so on; of its default, if it is not said"),
        *LIMIT_KEYS,
        ("or", MAPPING, "another form that is taken too"),
        LIST_KEY,
        OTHER_KEY,
    )
    can_be_told = needs_unit = parses_worked_out_text = True

    def declare(self, name: str, entry: YamlMap, default: str | None) -> dict[str, Any]:
        """Return its kind and what it is for each of; raise ProtocolError if neither it nor its default says the kind."""
        if "kind" in entry:
            whole = entry["kind"]
            kind, _, per = whole.partition("/") if whole not in ("percent w/v", "percent v/v", "percent w/w") else (whole, "", "")
            if kind != "concentration":
                check_known(kind, KINDS, f"{kind!r} is not a kind of quantity")
            return {"kind": kind, "per": per}
        if default is None:
            raise ProtocolError(f"{name!r} does not say what kind of quantity it is", "add 'kind: volume' (or time, molarity, ...)")
        first = parse_quantity(default.split(";")[-1])
        return {"kind": first.kind, "per": first.per}

    def check_limits(self, parameter: Parameter) -> None:
        """Raise ProtocolError for a limit that is not of its kind, and for limits that fall."""
        for low, high in read_limits(parameter):
            if low and high and low.value > high.value:
                raise ProtocolError(f"'min' ({low}) is above 'max' ({high})", "let them rise")

    def limits(self, parameter: Parameter) -> list[tuple[str, str]]:
        """Return the lowest and highest amount of each kind, also of the other form that it may have."""
        if not (parameter.low and parameter.high):
            return []
        pairs = [(_low_text(low, high), str(high)) for low, high in read_limits(parameter)]
        return pairs + (parameter.alternative.form.limits(parameter.alternative) if parameter.alternative else [])

    def split(self, text: str) -> list[str]:
        """Return the amounts of a list as they are typed; the last unit holds for those before it."""
        return split_quantities(text)

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
        """Return the amount, or the value of the other form; raise ProtocolError of the one that is meant."""
        try:
            with hint_at_other(parameter):
                return _parse_quantity(parameter, text)
        except ProtocolError as first:
            if (other := parameter.alternative) is None:
                raise
            try:
                return other.form.parse(other, text, other.choices)
            except ProtocolError as second:
                raise (second if other.form.is_meant(other, text) else first) from None

    def is_meant(self, parameter: Parameter, text: str) -> bool:
        """Return whether *text* is an amount of its kind."""
        try:
            return parse_quantity(text).kind == parameter.kind
        except ProtocolError:
            return False

    def metavar(self, parameter: Parameter) -> str:
        """Return what stands behind its option in ``--help``: its kind."""
        word = parameter.kind.upper().replace(" ", "-").replace("/", "")
        return super().metavar(parameter).replace(self.metavar_word, word, 1)


class PairsForm(Form):
    """Stocks at hand, each with its volume."""

    key, words, declared_as, example = "pairs", "stocks at hand", "`pairs: yes`", "10 mM: 50 uL; 1 mM: 40 uL"
    metavar_word = "STOCKS"
    holds_frozen_stocks = takes_semicolons = True
    is_one_for_all = False

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> tuple[tuple[str, Quantity, Quantity], ...]:
        """Read ``10 mM: 50 uL; drug 1 mM: 40 uL`` as (whose, concentration, volume); raise ProtocolError for another form, and for nothing."""
        pairs = []
        for part in text.split(";"):
            first, colon, second = part.rpartition(":")
            match = re.fullmatch(r"(.*:|.*?)\s*([0-9.]+(?:[eE][+-]?[0-9]+)?\s*[^\d\s].*)", first.strip())
            if not colon or not match:
                raise ProtocolError(f"{part.strip()!r} is not a stock and its volume", "write '10 mM: 50 uL; 1 mM: 40 uL'")
            concentration, amount = as_quantity(match[2], *CONCENTRATIONS), as_quantity(second.strip(), "volume")
            if not concentration.value or not amount.value:
                raise ProtocolError(f"{part.strip()!r} is nothing", "leave it out")
            pairs.append((match[1].strip(" :"), concentration, amount))
        return tuple(pairs)

    def is_told_by_name(self, heads: list[str], find: Callable[[str], int | None]) -> bool:
        """Return no: what stands before a colon is a stock."""
        return False


def read_limits(parameter: Parameter) -> list[Limits]:
    """Return the limits of a quantity, one pair for each kind that it may be of: ``max: 1 M or 500 mg/mL``."""
    kinds = CONCENTRATIONS if parameter.kind == "concentration" else (parameter.kind,)
    lows, highs = ([as_quantity(part.strip(), *kinds) for part in text.split(" or ")] if text else [] for text in (parameter.low, parameter.high))
    limits = []
    for kind in dict.fromkeys(limit.kind for limit in (*lows, *highs)):
        low = next((limit for limit in lows if limit.kind == kind), None)
        limits.append((low, next((limit for limit in highs if limit.kind == kind), None)))
    return limits


def _low_text(low: Quantity | None, high: Quantity | None) -> str:
    """Return a lower limit as text; nothing is said in the unit of the upper one, since 0 s to 24 h reads badly."""
    return f"0 {str(high).partition(' ')[2]}" if low and high and not low.value else str(low)


def _parse_quantity(parameter: Parameter, text: str) -> Quantity:
    kinds = CONCENTRATIONS if parameter.kind == "concentration" else (parameter.kind,)
    quantity = as_quantity(text, *kinds)
    if quantity.per and quantity.per != parameter.per:
        other = f"it is per {parameter.per}" if parameter.per else "it stands for itself"
        raise ProtocolError(f"{text!r} is per {quantity.per}; {other}", f"write {format_amount(quantity.value, quantity.kind)!r}")
    limits = read_limits(parameter)
    limits_of_kind = [pair for pair in limits if quantity.kind in {limit.kind for limit in pair if limit}]
    if limits and not limits_of_kind:
        wanted = " or ".join(dict.fromkeys(limit.kind for pair in limits for limit in pair if limit))
        raise ProtocolError(f"expected a {wanted}, got {text!r} ({quantity.kind})", f"write {' or '.join(map(_describe_limits, limits))}")
    low, high = limits_of_kind[0] if limits_of_kind else (None, None)
    is_none = not quantity.value and quantity.kind != "temperature" and not (low is not None and low.value == 0)  # unless 0 is declared
    below = low is not None and quantity.value < low.value or is_none
    if below or high is not None and quantity.value > high.value:
        way = f"write {_describe_limits((low, high))}"
        if low is not None and high is not None:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", way)
        raise ProtocolError(f"{text!r} is {'too little' if below else 'too much'}", way)
    return Quantity(value=quantity.value, kind=quantity.kind, per=parameter.per, origin=parameter.name)


def _describe_limits(limits: Limits) -> str:
    """Return what may be written, as it is typed: ``36 h to 168 h``, ``1 uM at least``."""
    low, high = (format_input(limit.value, limit.kind) if limit else "" for limit in limits)
    if low and high:
        return f"{low} to {high}"
    return f"{low} at least" if low else f"more than nothing, {high} at most" if high else "more than nothing"
