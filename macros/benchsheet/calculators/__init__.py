"""The calculators: one calculation of the bench each, with the same functions that protocols use."""

from . import cells, dilution, gels, mixing
from .arguments import parse_options
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import amount_text, collect_cautions, results_data, setting_text

_BY_NAME = {calculator.name: calculator for module in (dilution, mixing, cells, gels) for calculator in module.CALCULATORS}
_ORDER = (
    "dilute", "bring", "series", "mix", "dissolve", "weigh", "spin", "count", "seed", "gel", "load", "standards", "growth", "confluence",
)  # fmt: skip
CALCULATORS: dict[str, Calculator] = {name: _BY_NAME[name] for name in _ORDER}

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
