"""A dataclass of `_dataclass` behaves as one of the standard library does: made, compared, hashed, printed, replaced, frozen."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle

import pytest

from benchsheet import _dataclass
from benchsheet.run.events import Operation, Part
from benchsheet.run.ledger import Ledger
from benchsheet.run.reagents import Reagent
from benchsheet.units.base_units import NanoLitres


def _pair(**options):
    """Return one class made by the standard decorator and by ours."""
    found = []
    for decorator in (dataclasses.dataclass, _dataclass.dataclass):

        class Tube:
            """A tube."""

            name: str
            volume: int = 5
            holds: list[str] = _dataclass.field(default_factory=list)
            lot: str = _dataclass.field(default="", compare=False)

        found.append(decorator(kw_only=True, **options)(Tube))
    return found


ALL = pytest.mark.parametrize(
    "options", [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"frozen": True, "eq": False}], ids=str
)


def _done(act):
    """Return what *act* gives, or the kind of its refusal."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - any refusal is compared
        return type(error)


ACTS = {
    "made with one": lambda made: dataclasses.astuple(made(name="a")),
    "given by position": lambda made: made("a"),
    "made with all": lambda made: dataclasses.astuple(made(name="a", volume=7, holds=["x"], lot="l")),
    "made by name": lambda made: dataclasses.astuple(made(name="a", holds=["x"])),
    "nothing given": lambda made: made(),
    "an unknown name": lambda made: made(name="a", colour=1),
    "too many": lambda made: made(name="a", volume=1, holds=[], lot="", more=5),
    "a list of its own": lambda made: made(name="a").holds is made(name="a").holds,
    "equal": lambda made: made(name="a") == made(name="a"),
    "unequal": lambda made: made(name="a") == made(name="a", volume=6),
    "not compared": lambda made: made(name="a", lot="1") == made(name="a", lot="2"),
    "no tuple": lambda made: made(name="a") == ("a", 5, []),
    "printed": lambda made: repr(made(name="a", volume=7)).rpartition(".")[2],
    "hashed": lambda made: len({made(name="a", volume=1, holds=("x",), lot=lot) for lot in "12"}),
    "replaced": lambda made: dataclasses.astuple(_dataclass.replace(made(name="a"), volume=9)),
    "set": lambda made: setattr(made(name="a"), "volume", 1),
    "deleted": lambda made: delattr(made(name="a"), "volume"),
    "a new name set": lambda made: _done(lambda: setattr(made(name="a"), "colour", 1)) is None,  # with what error differs by the version of Python
    "fields": lambda made: [each.name for each in dataclasses.fields(made)],
    "open or closed": lambda made: hasattr(made(name="a"), "__dict__"),
    "copied": lambda made: copy.copy(made(name="a", volume=3)).volume,
    "copied deep": lambda made: copy.deepcopy(made(name="a", volume=3, holds=["x"])).holds,
}


@ALL
@pytest.mark.parametrize("act", ACTS)
def test_a_class_does_what_a_dataclass_does(options, act):
    standard, ours = _pair(**options)
    assert _done(lambda: ACTS[act](ours)) == _done(lambda: ACTS[act](standard))


def test_a_frozen_class_without_equality_is_itself_alone():
    _, ours = _pair(frozen=True, eq=False)
    one = ours(name="a")
    assert one == one  # noqa: PLR0124 - that is the claim
    assert one != ours(name="a")
    assert len({one, ours(name="a")}) == 2


def test_a_class_within_another_keeps_both_ones_fields():
    @_dataclass.dataclass(kw_only=True)
    class Page(Ledger):
        number: int = 0
        notes: list[str] = _dataclass.field(default_factory=list)

    page = Page(number=3, withdrawals={"water": 5})
    assert isinstance(page, Ledger)
    assert (page.number, page.withdrawals, page.vessels, page.notes) == (3, {"water": 5}, {}, [])
    assert [each.name for each in dataclasses.fields(Page)] == [*(each.name for each in dataclasses.fields(Ledger)), "number", "notes"]


def test_what_is_declared_under_a_name_is_what_a_call_takes():
    for each_class in (Operation, Part, Reagent):
        assert list(inspect.signature(each_class).parameters) == [each.name for each in dataclasses.fields(each_class)]


def test_a_frozen_class_with_slots_goes_through_a_pickle():
    whole = Part(source="water", amount=NanoLitres(5))
    assert pickle.loads(pickle.dumps(whole)) == whole  # noqa: S301 - its own


def test_a_kind_of_field_that_is_not_made_here_is_refused():
    with pytest.raises(TypeError, match="a kind of field that is not made here"):

        @_dataclass.dataclass(kw_only=True)
        class Tube:
            """A tube."""

            name: str = _dataclass.field(default="", init=False)

    with pytest.raises(TypeError, match="order"):
        _dataclass.dataclass(kw_only=True, order=True)
    with pytest.raises(TypeError, match="kw_only"):
        _dataclass.dataclass()
    with pytest.raises(TypeError, match="by its name"):
        _dataclass.dataclass(kw_only=False)
