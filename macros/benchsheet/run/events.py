"""What happens in a run: steps, operations, claims, preparations, warnings. The Record is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..lab.overage import NO_REASON, OverageReason
from ..units.base_units import NanoGrams, NanoLitres, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One act: *volume_each* nL a place, into (or out of) *count* places of *to*, *times* times over.

    What is poured comes from *reagent* or from the group *source*; *stream* is where waste goes; *leave* nL a place stay through a wash.
    *location* is a file and a line.
    *measurement* is what was measured: component, kind, strength.
    """

    op: str
    to: tuple[str, ...]
    volume_each: NanoLitres
    count: int
    reagent: str = ""
    source: str = ""
    times: int = 1
    stream: str = ""
    leave: int = 0
    location: tuple[str, int] = ("", 0)
    measurement: tuple[str, str, Fraction] | None = None

    @property
    def total(self) -> NanoLitres:
        """Return what the whole run takes, without overage."""
        return NanoLitres(self.volume_each * self.count * self.times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """After its step, *group_ids* hold *component* at *actual*; *target* was asked. Both in the base of *kind*."""

    group_ids: tuple[str, ...]
    component: str
    kind: str
    target: Fraction
    actual: Fraction


@dataclass(frozen=True, kw_only=True)
class Promise:
    """The *tube* was made by *verb* at *location* to be given to the groups *group_ids*."""

    verb: str
    tube: str
    group_ids: tuple[str, ...]
    location: tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a preparation: *amount* in the base of *kind*, None if it follows from a measurement by *formula*.

    *fill_to_mark* says that it fills up to the mark.
    """

    source: str
    amount: NanoLitres | NanoGrams | None
    kind: str = "volume"
    fill_to_mark: bool = False
    formula: str = ""


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """Something made: a recipe from the shelf list (*step* 0) or a tube at the bench (in *step*, shown in *table_title*).

    *off_label* has component, kind and strength of all that misses the recipe's label by more than the lab tolerates.
    """

    id: str
    name: str
    volume: NanoLitres
    parts: tuple[Part, ...]
    step: int = 0
    storage: str = ""
    table_title: str = ""
    strength_text: str = ""
    overage_reason: OverageReason = NO_REASON
    note: str = ""
    container: str = ""
    off_label: tuple[tuple[str, str, Fraction], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunWarning:
    """Something that a reader must know: *level* N (note) or W (warning), its *code*, and the step it belongs to (0: none)."""

    code: str
    level: str
    message: str
    step: int = 0
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wait:
    """How long to wait, in seconds: never less than *least*, *plan*, at most *most* (None: no end)."""

    least: Seconds
    plan: Seconds
    most: Seconds | None


@dataclass(kw_only=True)
class Step:
    """One numbered step. Times are in seconds: *fixed* for the whole run, *per_unit* per unit of *unit* (*unit_count* of them).

    A step that takes a device with places is done in batches of *batches* units, at most *batch_room* and never with a part of the *family* units
    that belong together, each batch *per_batch* longer; *batches_text* says so. A device with places is *occupied* by its step, the wait too.
    One with a single place, *single_place*, has one unit in it, whoever brings it. *scaling* is what
    *fixed* was made of where a step is not unit by unit: a base, and so much for each of so many *scaling_unit*. *within* names the protocol
    in this one that it is a step of. *hands_on_terms* are the times that *hands_on* is the sum of, each with what it is for and how many of
    that there are. *inside* says for each device which places go into it, None for all tubes.
    """

    title: str
    number: int
    file: str
    line: int
    fixed: Seconds = 0
    per_unit: Seconds = 0
    unit: str = ""
    unit_count: int = 1
    scaling: tuple[Seconds, Seconds, int] = (0, 0, 1)
    scaling_unit: str = ""
    batches: tuple[int, ...] = ()
    per_batch: Seconds = 0
    batches_text: str = ""
    batch_room: int = 0
    family: int = 1
    occupied: bool = False
    single_place: bool = False
    hands_on_rule: str = ""
    hands_on_terms: tuple[tuple[Seconds, str, int | None], ...] = ()
    wait: Wait | None = None
    temperature: Fraction | None = None
    equipment: str = ""
    after: tuple[str, ...] = ()
    pause_point: str = ""
    act_hazard: str = ""
    operations: list[Operation] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    markdown: str = ""
    within: str = ""
    inside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hands_on(self) -> Seconds:
        """Return the hands-on time of the whole run."""
        total = self.fixed + self.per_unit * self.unit_count
        return total + self.per_batch * len(self.batches) if self.batches else total
