"""What a run says, while it is being said: steps, operations, claims, preparations. Plain nouns; nothing is computed here."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Operation:
    """One act: *each* nL a place, into (or out of) *count* places of *to*, *times* times over.

    What is poured comes from *reagent* or from the group *source*; *stream* is where waste goes. *line* is in *file*.
    *found* is what was measured: component, kind, strength.
    """

    op: str
    to: tuple[str, ...]
    each: int
    count: int
    reagent: str = ""
    source: str = ""
    times: int = 1
    stream: str = ""
    file: str = ""
    line: int = 0
    found: tuple[str, str, Fraction] | None = None

    @property
    def total(self) -> int:
        """Return what the whole run takes, spare not counted."""
        return self.each * self.count * self.times


@dataclass(frozen=True, slots=True)
class Claim:
    """After its step, *at* hold *component* at *actual*; *target* was asked. Both in the base of *kind*."""

    at: tuple[str, ...]
    component: str
    kind: str
    target: Fraction
    actual: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a preparation: *amount* in the base of *kind*, None if it follows from a measurement by *formula*.

    *about* says that it fills up to the mark.
    """

    source: str
    amount: int | None
    kind: str = "volume"
    about: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Preparation:
    """Something made: a recipe from the shelf list (*step* 0) or a tube at the bench (in *step*, shown in *table*)."""

    id: str
    name: str
    volume: int
    parts: tuple[Part, ...]
    step: int = 0
    keeps: str = ""
    table: str = ""
    holds: str = ""
    rule: str = ""
    note: str = ""
    container: str = ""
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a reader must know: *level* N (note) or W (warning), its *code*, and the step it belongs to (0: none)."""

    code: str
    level: str
    message: str
    step: int = 0
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait, in seconds: never less than *least*, *planned*, at most *most* (None: no end)."""

    least: Fraction
    planned: Fraction
    most: Fraction | None


@dataclass(slots=True)
class Step:
    """One numbered step. Times are in seconds: *once* for the whole run, *each* per unit of *unit* (*units* of them).

    A step that takes a device with places is done in batches of *lots* units, each *per_batch* longer; *batching* says so. One with a
    single place, *alone*, has one unit in it, whoever brings it. *scaled* is what
    *once* was made of where a step is not unit by unit: a base, and so much for each of so many *counted*. *within* names the protocol
    in this one that it is a step of.
    """

    title: str
    number: int
    file: str
    line: int
    once: Fraction = Fraction(0)
    each: Fraction = Fraction(0)
    unit: str = ""
    units: int = 1
    scaled: tuple[Fraction, Fraction, int] = (Fraction(0), Fraction(0), 1)
    counted: str = ""
    lots: tuple[int, ...] = ()
    per_batch: Fraction = Fraction(0)
    batching: str = ""
    alone: bool = False
    hands_on_rule: str = ""
    wait: Wait | None = None
    at: str = ""
    at_value: Fraction | None = None
    equipment: str = ""
    after: tuple[str, ...] = ()
    pause_point: str = ""
    act_hazard: str = ""
    operations: list[Operation] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    citations: list[str] = field(default_factory=list)
    markdown: str = ""
    within: str = ""

    @property
    def hands_on(self) -> Fraction:
        """Return the hands-on time of the whole run."""
        work = self.once + self.each * self.units
        return work + self.per_batch * len(self.lots) if self.lots else work
