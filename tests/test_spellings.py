"""One quantity in every way in which people and programs type it; and what looks like one of them and is not, refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from benchsheet.errors import ProtocolError
from benchsheet.units import Quantity, parse_quantity
from benchsheet.units.kinds import SPELLINGS

TYPED = {
    "10 uL": ["10 µL", "10 μL", "10\u00a0µL", "10\u2009µL", "10\u202fµL", "10µL", " 10 µL "],
    "37 degC": ["37 °C", "37 ℃", "37℃", "37°C", "37\u2009℃"],
    "300 x g": ["300 × g", "300× g", "300 ×g", "300\u00a0×\u00a0g"],
    "20000 g": ["20\u202f000 g"],
    "1200000 cells/mL": [
        "1.2e6 cells/mL", "1.2×10⁶ cells/mL", "1.2 × 10⁶ cells/mL", "1.2 x 10^6 cells/mL",
        "1.2x10^6 cells/mL", "12×10⁵ cells/mL", "0.12\u00a0×\u00a010⁷ cells/mL", "1200×10³ cells/mL",
    ],
}  # fmt: skip
REFUSED = [
    "10⁶ cells", "1.2×10⁶", "1.2×10⁶⁷⁸ cells", "1.2×10⁶7 cells", "1.2e6×10⁶ cells", "1.2×10 cells", "1.2×10^ cells", "1.2×10⁻ M", "1.2x11^6 cells",
    "1.2 10^6 cells", "5 m²", "37 ° C", "37 ℃ C", "3 x 10 g",
]  # fmt: skip
DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


@pytest.mark.parametrize(("plain", "typed"), [(plain, typed) for plain, forms in TYPED.items() for typed in forms])
def test_it_is_read_as_what_is_meant(plain, typed):
    assert parse_quantity(typed) == parse_quantity(plain)


def test_every_spelling_is_tried():
    assert set(SPELLINGS) <= set("".join(form for forms in TYPED.values() for form in forms)) | {"°C"}


@pytest.mark.parametrize("power", range(-12, 13))
def test_a_power_of_ten_is_itself(power):
    raised = ("⁻" if power < 0 else "") + "".join(DIGITS[int(digit)] for digit in str(abs(power)))
    expected = Quantity(value=Fraction(25, 10) * Fraction(10) ** power * 10**6, kind="molarity")  # in µM
    assert parse_quantity(f"2.5×10{raised} M") == expected
    assert parse_quantity(f"2.5 x 10^{power} M") == expected


@pytest.mark.parametrize("typed", REFUSED)
def test_what_only_looks_like_it_is_refused(typed):
    with pytest.raises(ProtocolError) as caught:
        parse_quantity(typed)
    assert repr(typed) in caught.value.message


def test_a_calculator_and_a_run_take_them_too(cli):
    counted = cli("calc", "dilute", "--stock", "1.2×10⁶ cells/mL", "--final", "4x10^5 cells/mL", "--volume", "9 mL")
    assert counted.code == 0
    assert "3 mL" in counted.out  # 9 mL x 4 / 12
    plain, typed = (cli("render", "srb", "--counted", text, "--format", "json").out for text in ("1200000 cells/mL", "1.2×10⁶ cells/mL"))
    assert plain == typed != ""
