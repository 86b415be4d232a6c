"""What a template can name: the values of its run and the verbs, bound to its bench."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..run.bench import Bench
from ..run.inputs import RunInputs
from ..run.verbs import VERBS
from .bound_verb import BoundVerb


def template_namespace(this: RunInputs, bench: Bench) -> dict[str, Any]:
    """Return what a template can name: the run's values (counts as whole numbers) and the verbs."""
    values = {name: int(value) if type(value) is Fraction and value.denominator == 1 else value for name, value in this.values.items()}
    return {**values, **{name: BoundVerb(verb=verb, bench=bench) for name, verb in VERBS.items()}, "_bench": bench}
