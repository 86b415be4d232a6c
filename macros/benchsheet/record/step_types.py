"""The form of what a Record has of steps and their schedule, key by key."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from .material_types import Hazard
from .type_words import (
    Concentration,
    Count,
    DeviceId,
    ExactTime,
    GroupId,
    Limits,
    LocalTime,
    ReagentId,
    StepId,
    Temperature,
    Text,
    Time,
    UnitOfWork,
    Volume,
    Works,
)


class Location(TypedDict):
    """Where in the protocol's files it is written."""

    file: Annotated[Text, "path of the file"]
    line: Annotated[Count, "line in it"]


Act = Literal["add", "bring", "transfer", "remove", "wash", "dry", "measure"]


class Measurement(TypedDict):
    """What was measured in the places."""

    component: Annotated[Text, "the component"]
    strength: Annotated[Concentration, "how strong it was found to be"]


Operation = TypedDict(
    "Operation",
    {
        "op": Annotated[Act, "what is done"],
        "reagent": NotRequired[Annotated[ReagentId, "the reagent that is poured"]],
        "from": NotRequired[Annotated[GroupId, "the tube that is poured from"]],
        "to": Annotated[list[GroupId], Limits(minItems=1, uniqueItems=True), "the groups that it is done in"],
        "each": Annotated[Volume, "volume a place"],
        "count": Annotated[Count, "places, on all plates together"],
        "times": Annotated[Count, "how often"],
        "total": Annotated[Volume, "each x count x times"],
        "stream": NotRequired[Annotated[Text, "the waste stream that it goes to"]],
        "leave": NotRequired[Annotated[Volume, "volume a place that stays through a wash, mixed with each"]],
        "measured": NotRequired[Annotated[Measurement, "what was measured in the places"]],
        "location": Annotated[Location, "where it is written"],
    },
)
Operation.__doc__ = "One act, the same in every place it is done in."
_OneOperation = Annotated[Operation, Limits({"not": {"required": ["reagent", "from"]}})]


class Claim(TypedDict):
    """What some places hold of a component."""

    at: Annotated[list[GroupId], Limits(minItems=1), "the places"]
    component: Annotated[Text, "the component"]
    target: Annotated[Concentration, "what was asked"]
    actual: Annotated[Concentration, "what is got with volumes that can be set"]


class HandsOnTerm(TypedDict):
    """One time of those that the hands-on time of a step is the sum of."""

    time: Annotated[ExactTime, "the time"]
    unit: Annotated[UnitOfWork, "what it is for: plate; empty where it is for the step as a whole"]
    count: Annotated[int, Limits(minimum=0), "how many of these there are"]


class HandsOn(TypedDict):
    """Hands-on time of a step."""

    total: Annotated[ExactTime, "all of it: the sum of the terms, each as often as it is counted"]
    terms: Annotated[list[HandsOnTerm], Limits(minItems=1), "what it is counted from"]
    unit: Annotated[UnitOfWork, "what the step is done by, one after another or in batches: plate; empty where all is done at once"]
    text: Annotated[Text, "the terms in words: 20 min + 5 min/plate"]


class Batches(TypedDict):
    """The batches of a step whose device takes only so many at a time."""

    sizes: Annotated[list[Count], "how many units are in each batch; empty where it is not known"]
    text: Annotated[Text, "the batches in words"]


class Wait(TypedDict):
    """How long to wait."""

    min: Annotated[Time, "never less"]
    planned: Annotated[Time, "what the schedule reckons with"]
    max: Annotated[Time | None, "never more; null if it may be longer"]


class Step(TypedDict):
    """One step."""

    id: Annotated[StepId, "its title in small letters; no two steps have the same"]
    number: Annotated[Count, "its number"]
    title: Annotated[Text, "its title"]
    markdown: Annotated[Text, "its words, in a small Markdown; [@key] refers to a work"]
    terms: Annotated[list[Text], "amounts that its words say besides those of its operations"]
    location: Annotated[Location, "where it begins"]
    hands_on: Annotated[HandsOn, "hands-on time of the step"]
    wait: Annotated[Wait | None, "what to wait for after it; null if nothing"]
    at: Annotated[Temperature | None, "temperature during step and wait; null if it is not said"]
    equipment: Annotated[DeviceId, "id of the device that it takes; may be empty"]
    batches: Annotated[Batches | None, "its batches; null where no device takes only so many at a time"]
    follows: Annotated[list[StepId], "the steps that have to be over first"]
    pause_point: Annotated[str, "why the run may rest here; empty where it may not"]
    hazards: Annotated[list[Hazard], "what is dangerous in it"]
    citations: Works
    operations: Annotated[
        list[Annotated[Operation, Limits({"not": {"required": ["reagent", "from"]}})]], "what is poured, moved and thrown away, in order"
    ]
    claims: Annotated[list[Claim], "what the wells hold after it"]


class Moment(TypedDict):
    """A moment of the schedule."""

    seconds: Annotated[int, Limits(minimum=0), "whole seconds since the first step began"]
    local: Annotated[LocalTime | None, "what the clock shows: 2026-11-23T09:00; null where the run has no start"]
    fold: Annotated[int, Limits(minimum=0, maximum=1), "1 in the second of the two hours that the clock shows twice as it is put back"]


RowKind = Literal["hands_on", "wait"]


class Row(TypedDict):
    """One run of work or waiting, plate after plate."""

    step: Annotated[Count, "number of the step"]
    kind: Annotated[RowKind, "work or waiting"]
    begin: Annotated[Moment, "when the first unit begins"]
    end: Annotated[Moment, "when the last unit is over"]
    every: Annotated[Time, "from one unit to the next"]
    times: Annotated[Count, "how many units"]
    person: Annotated[Count | None, "who does it, counted from 1; null for a wait"]
    equipment: Annotated[DeviceId, "id of the device; may be empty"]
    unit: Annotated[UnitOfWork, "what is done one after another: plate; empty if all at once"]


Planned = TypedDict(
    "Planned",
    {
        "code": Annotated[Text, "what it is called under hours in protocol.yml"],
        "from": Annotated[StepId, "from the end of work in this step"],
        "to": Annotated[StepId, "to its begin in this one"],
        "meant": Annotated[Time, "what the words of the protocol are made for"],
        "shortest": Annotated[ExactTime, "what the schedule has for the unit that waits least"],
        "longest": Annotated[ExactTime, "and for the one that waits longest"],
    },
)
Planned.__doc__ = "A time between two steps that words of the protocol rest on, and what the schedule has for it."
