"""What is kept from run to run: an expression that was worked out, and the objects of values that are the same in everything."""

from __future__ import annotations

from fractions import Fraction

import pytest

from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.expressions.interpolate import interpolate
from benchsheet.expressions.last_result import LastResult
from benchsheet.protocol.source import Source
from benchsheet.run.derived_values import compile_loop
from benchsheet.run.same_values import SameValues
from benchsheet.units import Quantity


def test_an_expression_follows_each_change_of_its_values_and_of_its_table() -> None:
    """2 x 3 = 6, 2 x 4 = 8, and 2 x 3 again."""
    assert [evaluate("wells * each", {"wells": Fraction(2), "each": Fraction(n)}) for n in (3, 4, 3)] == [6, 8, 6]
    found = [evaluate("table(drugs, name, top)", {"name": "a"}, lambda *_words, n=n: Fraction(n)) for n in (1, 2)]
    assert found == [1, 2]
    answers = [evaluate("in_sheet('Treat')", {"in_sheet": lambda _title, yes=yes: yes}) for yes in (True, False)]
    assert answers == [True, False]


def test_a_text_follows_each_change_of_what_is_filled_into_it() -> None:
    """2 x 3 = 6, 2 x 4 = 8; a value that is missing is told in each run, and one word alone is no list of its letters."""
    text = "{wells * each} wells of {what}"
    found = [
        interpolate(text, {"wells": Fraction(2), "each": Fraction(n), "what": what}) for n, what in ((3, "HEY"), (4, "HEY"), (4, "A549"), (3, "HEY"))
    ]
    assert found == ["6 wells of HEY", "8 wells of HEY", "8 wells of A549", "6 wells of HEY"]
    for _ in range(2):
        with pytest.raises(ProtocolError, match="what"):
            interpolate(text, {"wells": Fraction(2), "each": Fraction(3)})
    assert [interpolate("{step}", {"step": name}) for name in ("Seed", "Fix", "Seed")] == ["Seed", "Fix", "Seed"]


def test_what_rests_on_no_value_is_worked_out_once() -> None:
    made: list[int] = []
    kept = LastResult(lambda _values, _table: made.append(1) or len(made), ())  # type: ignore[func-returns-value]
    assert [kept({}, None), kept({"x": 1}, None)] == [1, 1]


def quantity(value: int = 5, kind: str = "volume", per: str = "", origin: str = "") -> Quantity:
    return Quantity(value=Fraction(value), kind=kind, per=per, origin=origin)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (True, 1),
        (Fraction(1), 1),
        ("5", 5),
        (quantity(), quantity(6)),
        (quantity(), quantity(kind="mass")),
        (quantity(), quantity(per="well")),
        (quantity(), quantity(origin="medium")),
        ((True,), (1,)),
        ((quantity(),), (quantity(), quantity())),
    ],
    ids=str,
)
def test_a_value_that_differs_in_anything_is_taken_as_it_is(before: object, now: object) -> None:
    source = Source(id="toy", folder="toy", files={}, shared_files={})
    assert SameValues(source).find("x", before) is before
    assert SameValues(source).find("x", now) is now


def test_a_value_that_is_the_same_is_the_object_of_the_last_run() -> None:
    source = Source(id="toy", folder="toy", files={}, shared_files={})
    first = SameValues(source).find("x", (quantity(), quantity(7)))
    assert SameValues(source).find("x", (quantity(), quantity(7))) is first


def test_a_value_for_each_item_follows_each_change_of_its_list_and_of_what_it_is_made_of() -> None:
    """Doses 1 and 2 times 3 wells are 3 and 6; times 4 are 4 and 8; one dose of 5 times 4 is 20."""
    each_total = compile_loop("dose * wells", "dose")
    runs = [((1, 2), 3), ((1, 2), 4), ((5,), 4), ((1, 2), 3)]
    found = [each_total({"dose": tuple(map(Fraction, doses)), "wells": Fraction(wells)}, None) for doses, wells in runs]
    assert found == [(3, 6), (4, 8), (20,), (3, 6)]
    doses, wells = (Fraction(1), Fraction(2)), Fraction(3)
    assert each_total({"dose": doses, "wells": wells}, None) is each_total({"dose": doses, "wells": wells}, None)
