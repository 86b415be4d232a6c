"""The calculators: one calculation of the bench each, with the same functions that protocols use."""

from . import blots, cells, dilution, gels, growing, mixing, protein, serial, solids, standards, strength
from .arguments import parse_options
from .bottle_names import with_names
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import amount_text, collect_cautions, results_data, setting_text

_MODULES = (dilution, serial, standards, mixing, strength, solids, cells, growing, protein, gels, blots)
_BY_NAME = {calculator.name: calculator for module in _MODULES for calculator in module.CALCULATORS}
_ORDER = (
    "dilute", "bring", "series", "mix", "dissolve", "weigh", "strength", "convert", "spin", "count", "seed", "gel", "load", "standards",
    "growth", "percent", "confluence", "bca", "ratio", "recovery",
)  # fmt: skip
_LIQUIDS = ("dilute", "bring", "series", "dissolve", "weigh", "strength", "standards")
_NAMED = {name: with_names(_BY_NAME[name], makes_liquid=name in _LIQUIDS) for name in (*_LIQUIDS, "convert")}
CALCULATORS: dict[str, Calculator] = {name: _NAMED.get(name, _BY_NAME[name]) for name in _ORDER}

__all__ = [
    "CALCULATORS",
    "Calculation",
    "Calculator",
    "CalculatorInputs",
    "Option",
    "Result",
    "amount_text",
    "collect_cautions",
    "parse_options",
    "results_data",
    "setting_text",
]
