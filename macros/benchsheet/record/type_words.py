"""What the form of a Record is put together from: words and numbers with their limits, and quantities with their kinds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict


class Limits:
    """Words of JSON Schema that narrow a type: ``Limits(minimum=1)``."""

    def __init__(self, *others: dict[str, Any], **words: object) -> None:
        """Take *words*, and *others* whose names are words of Python."""
        self.words = {key: value for each in (*others, words) for key, value in each.items()}


Text = Annotated[str, Limits(minLength=1)]
Count = Annotated[int, Limits(minimum=1)]
Version = Annotated[str, Limits(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+")]
Hash = Annotated[str, Limits(pattern="^[0-9a-f]{16}$")]
WorkKey = Annotated[str, Limits(pattern="^[A-Za-z][A-Za-z0-9_-]*$")]
Works = Annotated[list[WorkKey], Limits(uniqueItems=True), "keys of the works that say so"]
GroupId = Annotated[str, Limits(pattern="^[^/ ][^/]*/.+$")]  # like wells or a tube, by vessel and name: culture/dose 1
ReagentId = Annotated[str, Limits(pattern="^[^/ ][^/]*$")]
DeviceId = Annotated[str, Limits(pattern="^(?:(?:[a-z][a-z0-9]*[.])*[a-z][a-z0-9_]*)?$")]
UnitOfWork = Annotated[str, Limits(pattern="^[a-z_ ]*$")]
Well = Annotated[str, Limits(pattern="^[A-P](?:[1-9]|[1-3][0-9]|40)$")]
LocalTime = Annotated[str, Limits(pattern="^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?$")]
Date = Annotated[str, Limits(pattern="^[0-9]{4}-[01][0-9]-[0-3][0-9]$")]
StepId = Annotated[str, Limits(pattern="^[a-z0-9]+(?:-[a-z0-9]+)*$")]

UcumCode = Literal[
    "uL", "mL", "L", "ng", "ug", "mg", "g", "s", "min", "h", "pmol/L", "nmol/L", "umol/L", "mmol/L", "mol/L", "ng/mL", "ug/mL", "mg/mL",
    "{cells}/mL", "[U]/mL", "g/dL", "%{vol}", "%{mass}", "{X}", "{cells}", "%", "{fold}", "g/mol", "Cel", "nm", "um", "mm", "cm", "[g]", "{rpm}", "V",
]  # fmt: skip


class Quantity(TypedDict):
    """A number with its unit; text is as it is printed, value the very number in it, read as a decimal. A blank has null."""

    value: float | None
    unit: UcumCode
    text: str


class Kinds(NamedTuple):
    """What a `Quantity` may be: a *name* for it, the *kinds* of which it has units (all, if none), whether *blank*, and its *least* value."""

    name: str
    kinds: tuple[str, ...]
    blank: bool = False
    least: int | None = 0


_STRENGTHS = ("molarity", "mass concentration", "cell density", "activity concentration", "percent w/v", "percent v/v", "strength")
Volume = Annotated[Quantity, Kinds("volume", ("volume",), blank=True), "a volume, as it is set or poured"]
Amount = Annotated[Quantity, Kinds("amount", ("volume", "mass"), blank=True), "a volume, or the mass of a solid"]
Time = Annotated[Quantity, Kinds("time", ("time",)), "a length of time"]
Concentration = Annotated[
    Quantity, Kinds("concentration", _STRENGTHS, blank=True), "how much is in a volume: molar, mass, cells, percent, or fold of what is used"
]
Temperature = Annotated[Quantity, Kinds("temperature", ("temperature",), least=None), "a temperature"]
MolarMass = Annotated[Quantity, Kinds("molar_mass", ("molar mass",)), "mass of one mole of what is weighed, its salt and water with it"]
Percentage = Annotated[Quantity, Kinds("percentage", ("fraction",)), "a percentage"]


class ExactQuantity(Quantity):
    """A quantity that can be added up."""

    seconds: NotRequired[Annotated[float, Limits(minimum=0), "the exact time, where the printed number is rounded"]]


class GivenQuantity(Quantity):
    """A quantity as it was set."""

    per: NotRequired[Annotated[str, Limits(pattern="^[a-z][a-z_ ]*$"), "the place that it is for: well"]]


ExactTime = Annotated[ExactQuantity, Kinds("exact_time", ("time",)), "a time that can be added up"]
Given = Annotated[GivenQuantity, Kinds("given", (), least=None), "a quantity as it was set; per says what for"]
Single = str | float | bool | Given | None
Value = Single | list[Single | list[Single]]  # a list has one for each compound or sample, or a stock that is there: whose, its strength, its volume
