"""One quantity in every way in which people and programs type it; and what looks like one of them and is not, refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.errors import ProtocolError
from benchsheet.units import Quantity, format_number, parse, parse_quantity, split_quantities
from benchsheet.units.kinds import SPELLINGS
from benchsheet.units.table import UNIT_TABLE

TYPED = {
    "10 uL": ["10 µL", "10 μL", "10\u00a0µL", "10\u2009µL", "10\u202fµL", "10µL", " 10 µL "],
    "37 degC": ["37 °C", "37 ℃", "37℃", "37°C", "37\u2009℃", "37 ºC", "37 ˚C"],
    "-80 degC": ["−80 °C", "-80 ℃"],
    "300 x g": ["300 × g", "300× g", "300 ×g", "300\u00a0×\u00a0g"],
    "20000 g": ["20\u202f000 g", "20 000 g", "20\u00a0000 g", "20\u2009000 g", "20\u2007000 g"],
    "1500 uL": ["1\u202f500 µL", "1\u2009500 uL"],
    "12345.5 uL": ["12 345.5 uL", "12\u202f345.5 µL"],
    "1200000 cells/mL": [
        "1.2e6 cells/mL", "1.2×10⁶ cells/mL", "1.2 × 10⁶ cells/mL", "1.2 x 10^6 cells/mL",
        "1.2x10^6 cells/mL", "12×10⁵ cells/mL", "0.12\u00a0×\u00a010⁷ cells/mL", "1200×10³ cells/mL",
        "1 200 000 cells/mL", "1\u202f200\u202f000 cells/mL", "1.2 X 10^6 cells/mL", "1.2*10^6 cells/mL", "1.2·10⁶ cells/mL", "1.2 x 10**6 cells/mL",
    ],
}  # fmt: skip
REFUSED = [
    "10⁶ cells", "1.2×10⁶", "1.2×10⁶⁷⁸ cells", "1.2×10⁶7 cells", "1.2e6×10⁶ cells", "1.2×10 cells", "1.2×10^ cells", "1.2×10⁻ M", "1.2x11^6 cells",
    "1.2 10^6 cells", "5 m²", "37 ° C", "37 ℃ C", "3 x 10 g",
    "1 500 uL", "2 100 uL", "0 500 uL", "850 00 cells", "8500 000 cells", "10 0000 cells", "1.5 000 uL", "1 500 000 00 cells",
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


@given(
    st.sampled_from(["cells/mL", "uL", "x g", "mg/mL", "nM"]),
    st.decimals(min_value="0.001", max_value=10**9, places=3),
    st.sampled_from([" ", "\u00a0", "\u2009", "\u202f", "\u2007"]),
)
def test_what_the_sheet_prints_can_be_typed_back_with_any_blank(unit, number, blank):
    """From 10 000 up the sheet groups digits in threes; whichever blank a program makes of its narrow one, it is the same number."""
    printed = f"{format_number(number.normalize())} {unit}"
    assert parse_quantity(printed.replace("\u202f", blank)) == parse_quantity(f"{number:f} {unit}")


def test_numbers_of_a_list_may_be_grouped_too():
    assert split_quantities("850 000; 900\u202f000; 1.2×10⁶ cells/mL") == ["850000 cells/mL", "900000 cells/mL", "1.2×10⁶ cells/mL"]
    assert split_quantities("1.1×10⁶; 1.2×10⁶ cells/mL")[0] == "1.1e6 cells/mL"


def test_a_doubtful_blank_is_refused_with_the_number_to_write():
    with pytest.raises(ProtocolError) as caught:
        parse_quantity("2 100 uL")
    assert (caught.value.message, caught.value.hint) == ("'2 100 uL': a space inside a number", "write 2100")


def test_a_calculator_and_a_run_take_them_too(cli):
    counted = cli("calc", "dilute", "--stock", "1.2×10⁶ cells/mL", "--final", "4x10^5 cells/mL", "--volume", "9 mL")
    assert counted.code == 0
    assert "3 mL" in counted.out  # 9 mL x 4 / 12
    plain, typed = (cli("render", "srb", "--counted", text, "--format", "json").out for text in ("1200000 cells/mL", "1.2×10⁶ cells/mL"))
    assert plain == typed != ""


PLAIN_NUMBERS = st.from_regex(r"[0-9]{1,19}(\.[0-9]{0,16})?(e[0-9]{0,3})?", fullmatch=True)
PLAIN_UNITS = st.sampled_from([*UNIT_TABLE, "l", "ul", "µL", "C", "% (w/v)", "", "g g", "00 uL"])
COUNTS = st.sampled_from(["", "/well", "/wells", "/mL", "/L", "/a", "/Well", "/well/well", "/ well"])


def what_comes_of(text: str) -> object:
    try:
        return parse_quantity.__wrapped__(text)
    except ProtocolError as error:
        return str(error)


@given(PLAIN_NUMBERS, PLAIN_UNITS, COUNTS, st.sampled_from([" ", "  ", ""]))
@settings(max_examples=400, deadline=None)  # pint is loaded for the first unit that the table lacks
def test_what_is_read_without_patterns_is_what_they_read(number: str, unit: str, count: str, blank: str) -> None:
    text = f"{number}{blank}{unit}{count}"
    found = what_comes_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "_read_plain", lambda _text: None)
        assert found == what_comes_of(text)


def test_plain_quantities_need_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "normalize_spelling", lambda _text: 1 // 0)
    found = {text: parse_quantity.__wrapped__(text) for text in ("50 uL/well", "0.25 mL", "10 % w/v", "1e8 cells/mL", "4 fold")}
    expected = {"50 uL/well": (50_000, "well"), "0.25 mL": (250_000, ""), "10 % w/v": (10, ""), "4 fold": (4, "")}
    expected["1e8 cells/mL"] = 100, ""  # in cells/nL
    assert {text: (each.value, each.per) for text, each in found.items()} == {text: (Fraction(value), per) for text, (value, per) in expected.items()}
