"""What is kept from run to run: an expression that was worked out, and the objects of values that are the same in everything."""

from __future__ import annotations

from fractions import Fraction

import pytest

from benchsheet.expressions.evaluate import evaluate
from benchsheet.protocol.source import Source
from benchsheet.run.same_values import SameValues
from benchsheet.units import Quantity


def test_an_expression_follows_each_change_of_its_values_and_of_its_table() -> None:
    """2 x 3 = 6, 2 x 4 = 8, and 2 x 3 again."""
    assert [evaluate("wells * each", {"wells": Fraction(2), "each": Fraction(n)}) for n in (3, 4, 3)] == [6, 8, 6]
    found = [evaluate("table(drugs, name, top)", {"name": "a"}, lambda *_words, n=n: Fraction(n)) for n in (1, 2)]
    assert found == [1, 2]
    answers = [evaluate("in_sheet('Treat')", {"in_sheet": lambda _title, yes=yes: yes}) for yes in (True, False)]
    assert answers == [True, False]


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
