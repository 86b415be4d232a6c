"""The form of a Record, key by key, with what each key means; ``python -m tests.record_schema`` writes `record.schema.json` from it.

A note of ``Annotated`` is what a key means, or its limits. What is not there is "" where it is a text, else null; a key that only some entries
have is ``NotRequired``.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from .material_types import Leftover, Plate, Preparation, Reagent, Vessel, Waste
from .step_types import Planned, Row, Step
from .type_words import Count, Date, DeviceId, ExactTime, Given, Hash, Limits, Percentage, Text, Value, Version, WorkKey, Works

Level = Literal["W", "N"]
Evidence = Literal["", "verified", "general", "computed", "house"]
ParameterName = Annotated[str, Limits(pattern="^[a-z][a-z0-9_]{0,50}$")]


class ProtocolHead(TypedDict):
    """What was rendered."""

    id: Annotated[str, Limits(pattern="^[a-z_][a-z0-9_-]*$"), "name of the protocol"]
    title: Annotated[Text, "its title"]
    version: Annotated[Version, "its version"]
    summary: Annotated[str, "what it is for; empty where the protocol does not say"]
    size: NotRequired[Annotated[str, "how big this run is, in a few words: 5 samples, 3 targets"]]


class Engine(TypedDict):
    """The calculator that made it."""

    version: Annotated[Version, "its version"]
    build: Annotated[Hash, "hash over its files"]


class Identity(TypedDict):
    """Which run this is for, what decided it, and what made it; each hash is the first 16 hex digits of a SHA-256."""

    run: Annotated[Hash, "hash over the name of the protocol, what was given, and the day it begins on: what is filled in hangs on it"]
    inputs: Annotated[Hash, "hash over the files that can change the sheet, all values, the lab and the start: the digest that is printed and cited"]
    engine: Annotated[Engine, "the calculator that made it"]
    name: NotRequired[Annotated[Text, "what the run is called; it stands in the title"]]


class Parameter(TypedDict):
    """One parameter of the run."""

    label: Annotated[Text, "what it is"]
    value: Annotated[Value, "its value"]
    text: Annotated[str, "as it is printed; empty where it is left open"]
    changed: Annotated[bool, "whether it differs from its default"]
    used: Annotated[bool, "whether anything on the sheet depends on it"]
    evidence: Annotated[Evidence, "what its default rests on"]
    citations: Works


class DerivedValue(TypedDict):
    """One value that follows from the parameters."""

    label: Annotated[Text, "what it is"]
    value: Annotated[Value, "the value"]
    text: Annotated[str, "as it is printed; ____ where it is not known"]


class Invocation(TypedDict):
    """How the sheet was asked for."""

    argv: Annotated[list[Text], "the words of the command"]
    command: Annotated[str, Limits(pattern="^benchsheet render "), "the command that makes this sheet again, quoted for a shell"]
    given: Annotated[dict[ParameterName, str], "the values that were given, each as text that can be typed"]
    lab_file: Annotated[str, "file of the lab's profile; empty for the default lab"]
    start: Annotated[str, "when the run begins, as it is typed; empty for none"]


class OpenHours(TypedDict):
    """The working hours of one day of the week."""

    weekday: Annotated[int, Limits(minimum=0, maximum=6), "day of the week, Monday is 0"]
    opens: Annotated[int, Limits(minimum=0, maximum=86400), "seconds since midnight at which work may begin"]
    closes: Annotated[int, Limits(minimum=0, maximum=86400), "seconds since midnight at which it has to be over"]


class Clock(TypedDict):
    """How the times of the schedule are meant."""

    started: Annotated[bool, "whether the run has a start, and so is planned by the clock; else day and night count"]
    first_day: Annotated[Date | None, "date on which the schedule begins; null without a start"]
    zone: Annotated[Text | None, "time zone of the lab; null where it has none, or without a start"]
    people: Annotated[Count, "how many people the schedule reckons with"]
    working_hours: Annotated[list[OpenHours], "when somebody is there; empty without a start"]


class LabSetting(TypedDict):
    """One setting of the lab."""

    name: Annotated[Text, "what it is: a pipette, the overage"]
    value: Annotated[Text, "its value, in words"]


class Notice(TypedDict):
    """One thing to know."""

    code: Annotated[str, Limits(pattern="^[a-z0-9]+(?:-[a-z0-9]+)*$"), "its code"]
    level: Annotated[Level, "W warns, N notes"]
    message: Annotated[Text, "what it is"]
    step: Annotated[Count | None, "number of the step that it belongs to; null for the whole run"]
    citations: Works


class LabData(TypedDict):
    """What of the lab mattered for this sheet."""

    profile: Annotated[Text, "name of its profile"]
    tolerance: Annotated[Percentage, "how far a concentration may be from what was asked for"]
    overage: Annotated[Percentage, "how much more than what is dispensed is made ready, where nothing else is said"]
    settings: Annotated[list[LabSetting], "what was used of it, as it is printed"]


class Total(TypedDict):
    """One line on what the run takes in all."""

    text: Annotated[Text, "the line"]
    numbers: Annotated[list[float | Given | None], "the numbers and quantities in it, in their order; null is not known yet"]


class Control(TypedDict):
    """One control of the experiment."""

    name: Annotated[Text, "what it is"]
    why: Annotated[Text, "what it is for"]
    citations: Works


class Gate(TypedDict):
    """A limit that the result has to keep before it is read."""

    name: Annotated[Text, "what is looked at"]
    limit: Annotated[Text, "what it should be"]
    reading: Annotated[Text, "what it means if it is not"]
    citations: Works


class Device(TypedDict):
    """One device, or what else is needed besides reagents."""

    id: Annotated[DeviceId, "its id"]
    name: Annotated[Text, "what to have ready"]
    short_name: Annotated[Text, "its name up to the first comma"]
    places: Annotated[Count | None, "how many it takes at once; null if that does not matter"]
    batches: Annotated[Count, "how many batches it takes"]


class Work(TypedDict):
    """One work that the sheet refers to."""

    key: Annotated[WorkKey, "its key"]
    number: Annotated[Count, "its number on the sheet"]
    text: Annotated[Text, "authors, year, title, journal"]
    doi: NotRequired[Annotated[str, Limits(pattern=r"^10\.[0-9]{4,9}/\S+$"), "its DOI"]]
    url: NotRequired[Annotated[str, Limits(pattern=r"^https://\S+$"), "its address, if it has no DOI"]]


class Record(TypedDict):
    """One run of a protocol as plain data, from which every sheet is written and which replay pipettes again.

    Volumes and masses are what was set, to the last digit; a concentration is given in four figures, and text says what a sheet prints.
    """

    schema: Annotated[Literal["benchsheet-record/2"], "name and version of this form"]
    protocol: Annotated[ProtocolHead, "what was rendered"]
    invocation: Annotated[Invocation, "how it was asked for"]
    parameters: Annotated[dict[ParameterName, Parameter], "every parameter by name"]
    counts: Annotated[
        dict[Annotated[str, Limits(pattern="^(?:[a-z][a-z0-9]*[.])*[a-z][a-z_ ]*$")], Annotated[int, Limits(minimum=0)]],
        "how many there are of what the protocol counts: plate, dose, replicate; of a protocol in it with that one's prefix",
    ]
    retained: Annotated[list[Text], Limits(uniqueItems=True), "components that removing and washing leave in the well: attached cells"]
    identity: Annotated[Identity, "which run this is for, what decided it, and what made it; outside the seal"]
    reagents: Annotated[list[Reagent], "everything that is taken from the shelf or made from it"]
    preparations: Annotated[list[Preparation], "what is made: recipes first, then the tubes filled at the bench"]
    vessels: Annotated[list[Vessel], "plates and tubes with what they hold at the end"]
    plates: Annotated[list[Plate], "one entry a layout, with the plates that are laid out so"]
    steps: Annotated[list[Step], Limits(minItems=1), "what is done, in order"]
    totals: Annotated[list[Total], "the run in a few lines, for the top of the sheet"]
    hands_on: Annotated[ExactTime, "hands-on time of the whole run"]
    clock: Annotated[Clock, "how the times of the schedule are meant"]
    schedule: Annotated[list[Row], "when each step and each wait begins and ends; one row a regular run of plates"]
    planned: Annotated[list[Planned], "times between steps that words of the protocol rest on"]
    warnings: Annotated[list[Notice], "what the reader must know"]
    lab: Annotated[LabData, "what of the lab mattered for this sheet"]
    derived: Annotated[
        dict[Annotated[str, Limits(pattern="^(?:[a-z][a-z0-9]*[.])*[a-z][a-z0-9_]{0,30}$")], DerivedValue],
        "every value that follows from the parameters, by name",
    ]
    controls: Annotated[list[Control], "the controls of the experiment"]
    gates: Annotated[list[Gate], "limits that the result has to keep before it is read"]
    equipment: Annotated[list[Device], "what is needed besides reagents"]
    waste: Annotated[list[Waste], "what leaves, by stream and step"]
    leftovers: Annotated[list[Leftover], "what else is left at the end"]
    notice: Annotated[Text, "what the sheet may be used for"]
    citations: Annotated[list[Work], "the works that the sheet refers to"]
    seal: Annotated[
        str,
        Limits(pattern="^[0-9a-f]{64}$"),
        "SHA-256 over this record without its seal and what is outside it: keys sorted, no spaces, numbers as plain decimals",
    ]
