"""A template that compares a quantity with a text compares amounts, and is told where the two are of different kinds."""

from __future__ import annotations

import pytest

from benchsheet.errors import ProtocolError
from benchsheet.units import parse_quantity
from tests.records import step
from tests.test_srb import sheet


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("510 nm", "510 nm", True),
        ("510 nm", "0.51 um", True),
        ("510 nm", "565 nm", False),
        ("1 mL", "1000 uL", True),
        ("100 uL/well", "100 uL", True),
    ],
)
def test_a_quantity_equals_the_text_of_it(one: str, two: str, same: bool) -> None:
    assert (parse_quantity(one) == two) is same
    assert (two == parse_quantity(one)) is same
    assert (parse_quantity(one) != two) is not same


@pytest.mark.parametrize("text", ["red", "", "510 mL", "510"])
def test_what_is_no_such_amount_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        assert parse_quantity("510 nm") == text


@pytest.mark.parametrize(("wavelength", "cited"), [("510 nm", True), ("565 nm", False)])
def test_the_work_for_510_nm_is_cited_where_510_nm_is_read(wavelength: str, cited: bool) -> None:
    """Vichai and Kirtikara read at 510 nm; at another wavelength they are not the source."""
    assert ("[@vichai2006]" in step(sheet(wavelength=wavelength), "Read")["markdown"]) is cited
