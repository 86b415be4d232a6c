"""The small language of derived values and checks: every function and operator, with figures checked by hand."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.expressions.grammar import expression_names
from benchsheet.expressions.syntax import read_expression, write_tree
from benchsheet.units import Quantity, parse_quantity

VALUES: dict[str, Any] = {
    "x": None,  # measured at the bench
    "n": Fraction(7),
    "dose": parse_quantity("10 uM"),
    "volume": parse_quantity("100 uL/well"),
    "seeded": parse_quantity("5000 cells/well"),
    "exposure": parse_quantity("72 h"),
    "doubling": (parse_quantity("22 h"), parse_quantity("26 h")),
    "mode": "wet",
    "names": ("one", "two", "three"),
    "sure": True,
    "none": (),
}
CLOSE = Fraction(1, 10**20)


def worked_out(text: str, **more: object) -> Any:
    return evaluate(text, {**VALUES, **more})


def refused(text: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        worked_out(text)
    return str(caught.value)


NUMBERS = {
    "1 + 2 * 3": Fraction(7),
    "(1 + 2) * 3": Fraction(9),
    "5 - 7 + 3": Fraction(1),
    "7 / 2": Fraction(7, 2),
    "1 / 3 * 3": Fraction(1),
    "0.1 + 0.2": Fraction(3, 10),
    "n * 1.1": Fraction(77, 10),
    "2e3": Fraction(2000),
    "ceil(50 * 1.1)": Fraction(55),  # floats make it 56
    "ceil(7 / 2)": Fraction(4),
    "ceil(4)": Fraction(4),
    "ceil(0 - 7 / 2)": Fraction(-3),
    "floor(7 / 2)": Fraction(3),
    "floor(0 - 7 / 2)": Fraction(-4),
    "min(3, 1, 2)": Fraction(1),
    "max(3, 1, 2)": Fraction(3),
    "sum(1, 2, 3)": Fraction(6),
    "sum((1, 2, 3))": Fraction(6),
    "len(names)": Fraction(3),
    "len(none)": Fraction(0),
    "len(n)": Fraction(1),
    "1 if n > 6 else 2": Fraction(1),
    "1 if n > 7 else 2": Fraction(2),
    "pow2(10)": Fraction(1024),
    "pow2(0 - 1)": Fraction(1, 2),
    "pow2(0)": Fraction(1),
    "log2(1)": Fraction(0),
    "exposure / '24 h'": Fraction(3),
    "volume / '30 uL'": Fraction(10, 3),
    "ceil(volume / '30 uL')": Fraction(4),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_exact(text):
    assert worked_out(text) == NUMBERS[text]


TRUTHS = {
    "1 < 2": True,
    "2 < 2": False,
    "2 <= 2": True,
    "3 > 2 > 2": False,
    "3 >= 2 >= 2": True,
    "1 < 2 < 3": True,
    "1 == 1.0": True,
    "1 != 1.0": False,
    "0.1 + 0.2 == 0.3": True,
    "mode == 'wet'": True,
    "mode != 'dry'": True,
    "mode in ('wet', 'dry')": True,
    "mode not in ('dry', 'damp')": True,
    "n in (6, 7)": True,
    "'two' in names": True,
    "'four' in names": False,
    "'four' not in names": True,
    "sure and n > 6": True,
    "sure and n > 7": False,
    "n > 7 or sure": True,
    "not sure": False,
    "not n > 7": True,
    "any(n > 7, sure)": True,
    "any((n > 7, n > 8))": False,
    "all(sure, n > 6)": True,
    "all((sure, n > 7))": False,
    "known(n)": True,
    "known(x)": False,
    "known(n, x)": False,
    "dose > '9.9 uM'": True,
    "dose == '0.01 mM'": True,
    "'1 mM' > dose": True,
    "volume > '0.1 mL'": False,
    "volume <= '0.1 mL'": True,
    "exposure == '3 day'": True,
    "max(doubling) == '26 h'": True,
    "sum(doubling) == '2 day'": True,
    "volume == '50 uL'": False,
}


@pytest.mark.parametrize("text", TRUTHS)
def test_a_comparison_is_true_or_false(text):
    assert worked_out(text) is TRUTHS[text]


# What comes out, in the base of its kind: nL, µM, s, cells, cells/nL.
QUANTITIES = {
    "volume * 2": (200_000, "volume"),
    "2 * volume": (200_000, "volume"),
    "volume / 4": (25_000, "volume"),
    "volume + '10 uL'": (110_000, "volume"),
    "volume - '10 uL'": (90_000, "volume"),
    "'0.5 mL' + volume": (600_000, "volume"),
    "'10 uL' * 3": (30_000, "volume"),
    "seeded / volume": (Fraction(5000, 100_000), "cell density"),  # 50 000 cells/mL
    "seeded / volume * '2 mL'": (100_000, "cells"),
    "'5 mg' / '10 mL'": (500, "mass concentration"),  # 0.5 mg/mL
    "'0.5 mg/mL' * '10 mL'": (5_000_000, "mass"),
    "min(doubling)": (22 * 3600, "time"),
    "max(doubling)": (26 * 3600, "time"),
    "sum(doubling)": (48 * 3600, "time"),
    "max(volume, '0.2 mL')": (200_000, "volume"),
    "max('5 uL', '10 uL')": (10_000, "volume"),  # as words '5 uL' is the larger
    "min('5 uL', '10 uL')": (5_000, "volume"),
    "dose if mode == 'wet' else '5 uM'": (10, "molarity"),
    "floor(volume / '30 uL') * '30 uL'": (90_000, "volume"),
    "1.5 * max(doubling)": (39 * 3600, "time"),
}


@pytest.mark.parametrize("text", QUANTITIES)
def test_a_quantity_keeps_its_kind(text):
    found = worked_out(text)
    found = parse_quantity(found) if isinstance(found, str) else found
    assert isinstance(found, Quantity)
    assert (found.value, found.kind) == QUANTITIES[text]


WORDS = {
    "mode": "wet",
    "'free base'": "free base",
    "'drug, ' + mode": "drug, wet",
    "'dry' if n > 7 else mode": "wet",
    "kind(volume)": "volume",
    "kind(dose)": "molarity",
    "kind(n)": "number",
    "kind(mode)": "text",
    "kind(doubling)": "time",
}


@pytest.mark.parametrize("text", WORDS)
def test_words_come_out_as_they_are(text):
    assert worked_out(text) == WORDS[text]


# What rests on a measurement that is not yet made is not known; what does not rest on it is.
UNKNOWN = {
    "x": None,
    "x + 1": None,
    "1 - x": None,
    "x * 0": None,
    "x / 2": None,
    "2 / x": None,
    "x > 1": None,
    "1 < x < 3": None,
    "x == x": None,
    "x in (1, 2)": None,
    "not x": None,
    "min(1, x)": None,
    "sum((1, x))": None,
    "ceil(x)": None,
    "pow2(x)": None,
    "kind(x)": None,
    "1 if x else 2": None,
    "1 if x > 3 else 2": None,
    "x if sure else 1": None,
    "1 if sure else x": 1,
    "x and sure": None,
    "x and n > 7": False,  # whatever x is
    "sure or x": True,
    "x or sure": True,
    "x or n > 7": None,
    "any((x, sure))": True,  # as 'or'
    "any((x, n > 7))": None,
    "all((x, n > 7))": False,  # as 'and'
    "all((x, sure))": None,
    "len((1, x))": 2,
    "1 > 2 > x": False,
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_not_measured_stays_unknown(text):
    assert worked_out(text) == UNKNOWN[text]
    assert (worked_out(text) is None) == (UNKNOWN[text] is None)


# Digits as tables of constants have them.
POWERS = {
    "0.5": "1.41421356237309504880168872420969807857",
    "0.1": "1.07177346253629316421300632502334202290638",
    "1 / 12": "1.05946309435929526456182529494634170077920",
    "1 / 3": "1.25992104989487316476721060727822835057025",
    "1.5": "2.82842712474619009760337744841939615714",
}
LOGARITHMS = {
    "3": "1.58496250072115618145373894394781650875981",
    "10": "3.32192809488736234787031942948939017586483",
    "1.5": "0.58496250072115618145373894394781650875981",
    "0.1": "-3.32192809488736234787031942948939017586483",
}


@pytest.mark.parametrize("exponent", POWERS)
def test_a_power_of_two_has_its_known_digits(exponent):
    assert abs(worked_out(f"pow2({exponent})") - Fraction(POWERS[exponent])) < CLOSE


@pytest.mark.parametrize("number", LOGARITHMS)
def test_a_logarithm_has_its_known_digits(number):
    assert abs(worked_out(f"log2({number})") - Fraction(LOGARITHMS[number])) < CLOSE


@given(st.integers(-200, 200))
def test_half_a_doubling_is_a_square_root(halves):
    root = Fraction(isqrt(2 ** (halves + 400) * 10**80), 10**40 * 2**200)  # of 2^halves, rounded down by less than 10^-40 of 2^-200
    found = worked_out("pow2(n / 2)", n=Fraction(halves))
    assert abs(found - root) < root * CLOSE


def test_whole_doublings_are_counted_exactly():
    for doublings in range(-200, 201):
        assert worked_out("pow2(n)", n=Fraction(doublings)) == Fraction(2) ** doublings
        assert worked_out("log2(n)", n=Fraction(2) ** doublings) == doublings
        assert worked_out("ceil(log2(n))", n=Fraction(2) ** doublings) == doublings
        assert worked_out("floor(log2(n))", n=Fraction(2) ** doublings) == doublings


@given(st.fractions(Fraction(1, 1000), 1000))
def test_power_and_logarithm_undo_each_other(number):
    assert abs(worked_out("pow2(log2(n))", n=number) - number) < number * CLOSE


def test_cells_grow_as_on_paper():
    # 72 h are 3 doublings of 24 h: 2000 cells become 16 000
    assert worked_out("seeded * pow2(exposure / '24 h')", seeded=parse_quantity("2000 cells")) == parse_quantity("16000 cells")


@pytest.mark.parametrize("text", ["0.1000000000000000000001", "3.1622776601683793319988935444", "12345678901234567890.5", "1e-30", "0.5e-3"])
def test_a_typed_number_is_read_to_its_last_digit(text):
    assert worked_out(text) == Fraction(text)


@given(st.fractions(-1000, 1000), st.fractions(-1000, 1000))
def test_arithmetic_is_that_of_fractions(one, two):
    given_values = {"a": one, "b": two}
    assert worked_out("a + b", **given_values) == one + two
    assert worked_out("a - b", **given_values) == one - two
    assert worked_out("a * b", **given_values) == one * two
    assert worked_out("ceil(a) - floor(a)", **given_values) == (0 if one.denominator == 1 else 1)
    if two:
        assert worked_out("a / b * b", **given_values) == one


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.sampled_from(["", "well"]))
def test_one_of_two_quantities_is_larger_or_they_are_equal(one, two, count):
    found = {"a": Quantity(value=Fraction(one), kind="volume", per=count), "b": Quantity(value=Fraction(two), kind="volume")}
    held = [text for text in ("a < b", "a == b", "a > b") if worked_out(text, **found)]
    assert held == ["a < b" if one < two else "a == b" if one == two else "a > b"]
    assert worked_out("a != b", **found) is (one != two)
    assert worked_out("a <= b", **found) is (one <= two)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "n.real", "mode.upper()", "names[0]", "[1, 2]", "{1: 2}", "{1, 2}", "[i for i in names]", "lambda: 1",
        "2 ** 10", "7 // 2", "7 % 2", "n is x", "n & 1", "~n", "f'{n}'", "b'a'", "1j", "...", "None",
        "round(1.5)", "eval('1')", "ceil(n=1)", "max(1, 2, key=len)", "open('x')", "().__class__", "+n",
    ],
)  # fmt: skip
def test_nothing_else_of_python_is_understood(text):
    assert "is not allowed in an expression\n  hint: allowed are names, numbers, quoted quantities and words, + - * / < <= > >= == != " in refused(
        text
    )


@pytest.mark.parametrize("text", ["", "n n", "n +", "n :=  5", "'", "(" * 500 + "1" + ")" * 500, "import os", "n; n"])
def test_what_is_no_expression_is_told(text):
    assert refused(text).startswith(f"{text!r} is not an expression\n  hint: allowed are ")


@pytest.mark.parametrize("text", ["+".join(["1"] * 20_000), "9" * 5_000, "pow2(1001)", "pow2(0 - 1001)", "log2(0)", "log2(0 - 1)"])
def test_what_would_fill_the_machine_is_refused(text):
    assert "\n  hint: " in refused(text)


REFUSED = {
    "1 / 0": "'1 / 0' divides by zero\n  hint: look at what comes to zero",
    "n / (n - 7)": "'n / (n - 7)' divides by zero\n  hint: look at what comes to zero",
    "-n": "'-n': nothing here is below zero\n  hint: subtract instead",
    "mods": "'mods' is not known here\n  hint: did you mean 'mode'?",
    "volume + dose": "cannot add 100 µL/well (volume) and 10 µM (molarity)\n  hint: both have to be of one kind",
    "volume - 5": "cannot subtract 100 µL/well (volume) and 5 (a number without a unit)\n  hint: both have to be of one kind",
    "volume < 5": "cannot compare 100 µL/well (volume) and 5 (a number without a unit)\n  hint: both have to be of one kind",
    "volume < exposure": "cannot compare 100 µL/well (volume) and 72 h (time)\n  hint: both have to be of one kind",
    "n < '5 uL'": "cannot compare 7 (a number without a unit) and '5 uL' (text)\n  hint: both have to be of one kind",
    "max(n, mode)": "cannot compare 7 (a number without a unit) and 'wet' (text)\n  hint: both have to be of one kind",
    "min(dose, n)": "cannot compare 10 µM (molarity) and 7 (a number without a unit)\n  hint: both have to be of one kind",
    "sum((n, dose))": "cannot add 7 (a number without a unit) and 10 µM (molarity)\n  hint: both have to be of one kind",
    "2 / volume": "'2 / volume': 2 (a number without a unit) and 100 µL/well (volume) do not go together\n  hint: give the number its unit",
    "dose * volume": "cannot multiply 10 µM (molarity) by 100 µL/well (volume)\n  hint: multiply by a number, or a density by a volume",
    "sure + 1": "'sure + 1': cannot reckon with yes (flag) and 1 (a number without a unit)\n  hint: both have to be numbers or quantities",
    "n and sure": "'n' is neither true nor false, but 7 (a number without a unit)\n  hint: compare it with something",
    "not mode": "'mode' is neither true nor false, but 'wet' (text)\n  hint: compare it with something",
    "ceil(volume)": "'ceil(volume)': ceil is of one number, not of 100 µL/well (volume)\n  hint: divide it by a quantity of its kind first",
    "max(none)": "'max(none)' is of nothing\n  hint: give it a value",
    "table(a, 'b')": "table(...) takes a table's name, a row and a column\n  hint: write table(lines, line, doubling)",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_worked_out_is_told(text):
    assert refused(text) == REFUSED[text]


def test_only_the_branch_that_holds_is_worked_out():
    assert worked_out("5 if n > 6 else 1 / 0") == 5
    assert worked_out("sure or 1 / 0 > 0") is True
    assert worked_out("n > 7 and 1 / 0 > 0") is False


def test_a_table_is_asked_by_row_and_column():
    asked = []

    def table(name, row, column):
        asked.append((name, row, column))
        return Fraction(len(asked))

    assert evaluate("table(lines, mode, size)", VALUES, table) == 1
    assert evaluate("table(lines, names, size)", VALUES, table) == (2, 3, 4)
    assert evaluate("table(lines, x, size)", VALUES, table) is None
    assert asked == [("lines", "wet", "size"), *(("lines", name, "size") for name in VALUES["names"])]


def test_names_are_those_that_a_value_rests_on():
    assert set(expression_names("ceil(a) * b if c > '5 uL' else a")) == {"a", "b", "c"}
    assert expression_names("ceil(1)") == ()


def trees():
    """Return trees of the language, some nodes deep; words and numbers are written as they are typed."""
    leaves = st.one_of(
        st.sampled_from(["plates", "dose", "a"]).map(lambda name: ("name", name)),
        st.sampled_from(["1", "7.5", "0.50", "1e5"]).map(lambda digits: ("number", digits)),
        st.text("ab '\"µ", max_size=4).map(lambda word: ("word", word)),
        st.booleans().map(lambda truth: ("truth", truth)),
    )

    def grow(parts):
        return st.one_of(
            st.tuples(st.sampled_from("+-*/"), parts, parts),
            st.tuples(st.just("not"), parts),
            st.tuples(st.sampled_from(["and", "or"]), parts, parts, parts),
            st.tuples(st.just("if"), parts, parts, parts),
            st.tuples(st.just("compare"), parts, st.sampled_from(["<", ">=", "==", "in", "not in"]), parts, st.just("<="), parts),
            st.lists(parts, min_size=2, max_size=3).map(lambda items: ("tuple", *items)),
            st.lists(parts, min_size=1, max_size=3).map(lambda items: ("call", "max", *items)),
        )

    return st.recursive(leaves, grow, max_leaves=12)


@given(trees())
def test_a_part_of_an_expression_is_quoted_as_what_it_is(tree):
    """What a message quotes is read as the same part again."""
    assert read_expression(write_tree(tree))[0] == tree
