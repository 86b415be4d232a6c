"""The form of what a Record has of reagents, preparations, vessels, plates and waste, key by key."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from .type_words import Amount, Concentration, Count, GroupId, Limits, MolarMass, ReagentId, Text, UcumCode, Volume, Well


class Hazard(TypedDict):
    """One danger."""

    kind: Annotated[Literal["substance", "act"], "a danger of what is handled, or of what is done"]
    name: Annotated[str, "what is dangerous; empty for an act"]
    handling: Annotated[str, "how to protect oneself; empty where the table says nothing"]
    signal: Annotated[str, "signal word; empty if there is none"]
    pictograms: Annotated[list[Text], "the words of the GHS pictograms"]
    codes: Annotated[list[Annotated[str, Limits(pattern="^(?:H|EUH)[0-9]{3}[A-Za-z]*$")]], "GHS hazard statements"]
    waste: Annotated[str, "where what is left of it goes"]


class OverageRule(TypedDict):
    """Why so much is made ready."""

    kind: Annotated[
        Literal["percent", "places", "volume", "batch_minimum", "all", "none"],
        "what decided: a percentage, so many more places, a volume, the least batch, that all of a bottle is dissolved, or nothing",
    ]
    text: Annotated[str, "the rule in words; may be empty"]


class Spare(OverageRule):
    """What is spare, and why."""

    amount: Annotated[Amount, "the spare itself"]


class Solid(TypedDict):
    """That it is weighed."""

    component: Annotated[Text, "what a solution of it contains"]
    molar_mass: Annotated[MolarMass | None, "its molar mass; null where only masses matter"]


class Reagent(TypedDict):
    """One reagent, taken from the shelf or made from others."""

    id: Annotated[ReagentId, "its id"]
    name: Annotated[Text, "what it is called on the sheet"]
    contains: Annotated[dict[Text, Concentration], "its components with their concentrations"]
    used: Annotated[Amount, "what the steps and the recipes take of it"]
    prepare: Annotated[Amount, "what to have ready: used and overage"]
    overage: Annotated[Spare, "what is spare"]
    made: Annotated[bool, "whether it is made here, from others on the list"]
    hazards: Annotated[list[Text], "what is dangerous in it, by name"]
    storage: Annotated[str, "where it is kept; empty if that is not said"]
    note: Annotated[str, "what else to know; may be empty"]
    solid: NotRequired[Annotated[Solid, "that it is weighed"]]


Part = TypedDict(  # ``from`` is a word of Python
    "Part",
    {
        "reagent": NotRequired[Annotated[ReagentId, "the reagent that is taken"]],
        "from": NotRequired[Annotated[GroupId, "the tube that it is taken from"]],
        "amount": Annotated[Amount, "how much; a blank where it follows from a measurement"],
        "fill_to_mark": NotRequired[Annotated[Literal[True], "it fills up to the mark, and the amount is near it"]],
        "formula": NotRequired[Annotated[Text, "how the blank is worked out at the bench"]],
    },
)
Part.__doc__ = "One part of a preparation."
_OnePart = Annotated[Part, Limits(oneOf=[{"required": ["reagent"]}, {"required": ["from"]}])]


class Preparation(TypedDict):
    """One thing that is made."""

    id: Annotated[Text, "id of the reagent it becomes, or the tube: stock/dose 2"]
    name: Annotated[Text, "what it is called on the sheet"]
    volume: Annotated[Volume, "how much is made"]
    components: Annotated[
        list[Annotated[Part, Limits(oneOf=[{"required": ["reagent"]}, {"required": ["from"]}])]], Limits(minItems=1), "what goes into it"
    ]
    step: Annotated[Count | None, "number of the step in which it is made; null for a recipe made before the run"]
    storage: Annotated[str, "how long it keeps and where; may be empty"]
    table: Annotated[str, "title of the table it stands in; empty for a recipe"]
    strength: Annotated[str, "its strength, in words; empty for an intermediate"]
    overage: Annotated[OverageRule, "why it is that much"]
    note: Annotated[str, "how it is made; may be empty"]
    container: Annotated[str, "the tube or bottle it is made in"]
    hazards: Annotated[list[Hazard], "what is dangerous in making it"]
    off_label: NotRequired[
        Annotated[
            dict[Text, Concentration],
            {"minProperties": 1},
            "what it holds where this lab's instruments miss its label by more than the tolerance, by component; a warning says it too",
        ]
    ]


# --- places --------------------------------------------------------------------------------------------------------------------


class Dose(TypedDict):
    """A concentration that a place is to hold in the end."""

    component: Annotated[Text, "of what"]
    target: Annotated[Concentration, "how much"]


class Group(TypedDict):
    """Like wells, or one tube."""

    id: Annotated[GroupId, "its id"]
    name: Annotated[Text, "its name within the vessel: dose 1"]
    size: Annotated[Count, "how many wells, on all plates together"]
    role: Annotated[str, "what they are for: vehicle, dose, blank"]
    doses: Annotated[list[Dose], "what is dosed into each; empty where nothing is"]
    compound: Annotated[Text | None, "name of the compound that they belong to; null for none"]
    labels: Annotated[dict[Text, Text], "the name that was given to this place alone, by what it is: sample; empty for none"]
    volume: Annotated[Volume, "what each holds at the end of the run"]
    is_tube: NotRequired[Annotated[bool, "whether each is a tube, which gets a label"]]
    labware: NotRequired[Annotated[Text, "the tube or bottle"]]
    capacity: NotRequired[Annotated[Volume, "what the tube holds at all"]]


class Vessel(TypedDict):
    """All plates or tubes of one kind."""

    id: Annotated[ReagentId, "its id"]
    labware: Annotated[Text, "what it is"]
    count: Annotated[Count, "how many"]
    working_range: NotRequired[Annotated[list[Volume], Limits(minItems=2, maxItems=2), "least and most that living cells rest in, a well"]]
    fixing_limit: NotRequired[Annotated[Volume, "most that a well may hold with fixative"]]
    capacity: NotRequired[Annotated[Volume, "what a well holds at all"]]
    groups: Annotated[list[Group], Limits(minItems=1), "its groups of like wells, or its tubes"]


class PlateGroup(TypedDict):
    """Like wells of one layout."""

    mark: Annotated[str, Limits(pattern="^.{1,8}$"), "how they are marked on the plate map"]
    role: Annotated[str, "what they are for"]
    unused: Annotated[bool, "whether they are left over: nothing of the experiment is in them"]
    doses: Annotated[list[Dose], "what is dosed into each; empty where nothing is"]
    dose_value: NotRequired[
        Annotated[float | None, Limits(minimum=0), "the dose in the plate's dose_unit; 0 for the vehicle, null where none is dosed"]
    ]
    compound: Annotated[Text | None, "the compound; null for none"]
    labels: Annotated[dict[Text, Text], "the name that was given to this place alone, by what it is: sample; empty for none"]


class Plate(TypedDict):
    """One layout, with the plates that are laid out so."""

    layout: Annotated[Text, "its name"]
    vessel: Annotated[Text, "id of the vessel"]
    labware: Annotated[Text, "what the plates are"]
    rows: Annotated[int, Limits(minimum=1, maximum=16), "rows, A first"]
    columns: Annotated[int, Limits(minimum=1, maximum=40), "columns, or the lanes of a gel, 1 first"]
    names: Annotated[list[Text], Limits(minItems=1, uniqueItems=True), "the plates that are laid out so"]
    dose_unit: NotRequired[Annotated[UcumCode, "unit of every dose_value; all plates of one kind of dose have the same"]]
    groups: Annotated[dict[GroupId, PlateGroup], "the groups of this layout"]
    wells: Annotated[dict[Well, GroupId], "the group of every well in use"]


class Waste(TypedDict):
    """What one step sends into one stream."""

    stream: Annotated[Text, "the stream"]
    components: Annotated[dict[Text, Concentration], "what is in it"]
    volume: Annotated[Volume, "how much, in all"]
    step: Annotated[Count, "number of the step"]
    disposal: Annotated[str, "where it goes; empty if the protocol does not say"]


class Leftover(TypedDict):
    """What else is left at the end."""

    name: Annotated[Text, "what is left"]
    disposal: Annotated[Text, "where it goes"]
