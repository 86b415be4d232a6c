"""The calculators: the arithmetic of the bench, one question at a time, by the very functions that protocols use."""

from . import cells as counting
from . import dilution as diluting
from . import gels as pouring
from . import growing, mixing, spinning, weighing
from .arguments import values
from .model import Answer, Asked, Calculator, Option, Result
from .results import cautions, data, said, set_to

_EVERY = {
    calculator.name: calculator for module in (diluting, mixing, weighing, spinning, counting, pouring, growing) for calculator in module.CALCULATORS
}
_ORDER = (
    "dilute", "bring", "series", "mix", "dissolve", "weigh", "spin", "count", "seed", "gel", "load", "standards", "growth", "confluence",
)  # fmt: skip
CALCULATORS: dict[str, Calculator] = {name: _EVERY[name] for name in _ORDER}

__all__ = ["CALCULATORS", "Answer", "Asked", "Calculator", "Option", "Result", "cautions", "data", "said", "set_to", "values"]
