"""A noun behaves as one of the standard library's dataclasses does: made, compared, hashed, printed, replaced, frozen."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle

import pytest

from benchsheet import _dataclass
from benchsheet.run.events import Operation, Part
from benchsheet.run.ledger import Ledger, ScopedLedger
from benchsheet.run.reagents import Reagent


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

        found.append(decorator(**options)(Tube))
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
    "made with one": lambda made: dataclasses.astuple(made("a")),
    "made with all": lambda made: dataclasses.astuple(made("a", 7, ["x"], "l")),
    "made by name": lambda made: dataclasses.astuple(made(name="a", holds=["x"])),
    "nothing given": lambda made: made(),
    "an unknown name": lambda made: made("a", colour=1),
    "given twice": lambda made: made("a", name="b"),
    "too many": lambda made: made("a", 1, [], "", 5),
    "a list of its own": lambda made: made("a").holds is made("a").holds,
    "equal": lambda made: made("a") == made("a"),
    "unequal": lambda made: made("a") == made("a", 6),
    "not compared": lambda made: made("a", lot="1") == made("a", lot="2"),
    "no tuple": lambda made: made("a") == ("a", 5, []),
    "printed": lambda made: repr(made("a", 7)).rpartition(".")[2],
    "hashed": lambda made: len({made("a", 1, ("x",), "1"), made("a", 1, ("x",), "2")}),
    "replaced": lambda made: dataclasses.astuple(_dataclass.replace(made("a"), volume=9)),
    "set": lambda made: setattr(made("a"), "volume", 1),
    "deleted": lambda made: delattr(made("a"), "volume"),
    "a new name set": lambda made: _done(lambda: setattr(made("a"), "colour", 1)) is None,  # with what error differs by the version of Python
    "fields": lambda made: [each.name for each in dataclasses.fields(made)],
    "open or closed": lambda made: hasattr(made("a"), "__dict__"),
    "copied": lambda made: copy.copy(made("a", 3)).volume,
    "copied deep": lambda made: copy.deepcopy(made("a", 3, ["x"])).holds,
}


@ALL
@pytest.mark.parametrize("act", ACTS)
def test_a_noun_does_what_a_dataclass_does(options, act):
    standard, ours = _pair(**options)
    assert _done(lambda: ACTS[act](ours)) == _done(lambda: ACTS[act](standard))


def test_a_frozen_noun_without_equality_is_itself_alone():
    _, ours = _pair(frozen=True, eq=False)
    one = ours("a")
    assert one == one  # noqa: PLR0124 - that is the claim
    assert one != ours("a")
    assert len({one, ours("a")}) == 2


def test_a_noun_within_another_keeps_both_ones_fields():
    part = ScopedLedger(prefix="blot ", withdrawals={"water": 5})
    assert isinstance(part, Ledger)
    assert (part.prefix, part.withdrawals, part.vessels, part.vessel_ids) == ("blot ", {"water": 5}, {}, {})
    assert [each.name for each in dataclasses.fields(ScopedLedger)] == [*(each.name for each in dataclasses.fields(Ledger)), "prefix", "vessel_ids"]


def test_what_is_declared_under_a_name_is_what_a_call_takes():
    for noun in (Operation, Part, Reagent):
        assert list(inspect.signature(noun).parameters) == [each.name for each in dataclasses.fields(noun)]


def test_a_frozen_noun_with_slots_goes_through_a_pickle():
    whole = Part("water", 5)
    assert pickle.loads(pickle.dumps(whole)) == whole  # noqa: S301 - its own


def test_a_kind_of_field_that_no_noun_has_is_refused():
    with pytest.raises(TypeError, match="no noun has such a field"):

        @_dataclass.dataclass
        class Tube:
            """A tube."""

            name: str = _dataclass.field(default="", init=False)

    with pytest.raises(TypeError, match="order"):
        _dataclass.dataclass(order=True)
