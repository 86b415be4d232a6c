"""What a run has done so far, whichever of its protocols did it: made once, and shared by all of its benches."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass, field
from ..lab import Setting
from .events import Preparation, Promise, RunWarning, Step


@dataclass(kw_only=True)
class Journal:
    """The steps of a run in order, and what they have left to the steps after them.

    *targets* maps a place to the component, kind and strength that it is made for, *due_claims* a place whose dose has to be right when
    its step is over to who gave it. *settings* are by the volume (nL) that was asked for, where another is set; *measured_components* are
    place and component, *told_orders* the units of each protocol whose order a step has told. *retained_components* stay in a place
    that is emptied; *owners* are whose a reagent or a place may be: compounds, targets, samples.
    """

    steps: list[Step] = field(default_factory=list)
    preparations: list[Preparation] = field(default_factory=list)
    warnings: list[RunWarning] = field(default_factory=list)
    instruments: dict[str, str] = field(default_factory=dict)
    targets: dict[str, tuple[str, str, Fraction]] = field(default_factory=dict)
    due_claims: dict[str, tuple[str, int]] = field(default_factory=dict)
    settings: dict[Fraction | int, Setting] = field(default_factory=dict)
    measured_components: dict[tuple[str, str], None] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    told_orders: set[tuple[str, str]] = field(default_factory=set)
    retained_components: set[str] = field(default_factory=set)
    owners: dict[str, None] = field(default_factory=dict)
