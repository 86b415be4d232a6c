"""What is cut by hand, so that a start compiles no pattern for it, is cut as the pattern says."""

from __future__ import annotations

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from benchsheet.errors import ProtocolError
from benchsheet.library import _tidy
from benchsheet.protocol.parameters.declare import declare_parameter
from benchsheet.run.step_times import _split_range
from benchsheet.units import plain_number
from benchsheet.yamltree import parse_yaml_map

DIGITS = st.integers(10, 14).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
NUMBERS = st.one_of(
    st.text("0123456789. -+e٣²\t", max_size=16), DIGITS, st.builds("{}.{}".format, DIGITS, st.one_of(DIGITS, st.text("5٣²", max_size=2)))
)
WAITS = st.lists(st.sampled_from(["2", "h", "to", "–", "or", "more", "16", "min", " ", "tomorrow"]), max_size=7).map(" ".join)
NAMES = st.text("abzAZ09_éß ", min_size=1, max_size=34)


@given(NUMBERS)
def test_a_plain_number(text: str) -> None:
    plain = re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text.strip())
    assert plain_number(text) == (Fraction(text.strip()) if plain else None)


@given(WAITS)
def test_a_range_of_times(text: str) -> None:
    found = re.fullmatch(r"\s*(\S.*?)\s+(?:to|–)\s+(\S.*)", text)
    expected = tuple(" ".join(part.split()) for part in found.groups()) if found else None
    assert _split_range(text) == expected


@given(NAMES)
def test_a_name_of_a_parameter(name: str) -> None:
    entry = parse_yaml_map("x:\n  label: a label\n  form: count\n  default: 1\n", "protocol.yml").mapping("x")
    refused = ""
    try:
        declare_parameter(name, entry, 1)
    except ProtocolError as error:
        refused = error.message
    assert ("is not a parameter's name" in refused) == (re.fullmatch("[a-z][a-z0-9_]{0,30}", name) is None)


@given(st.text("ab./", max_size=9))
def test_a_path_without_single_dots(text: str) -> None:
    expected = re.sub(r"/+", "/", text)
    while (shorter := re.sub(r"(^|/)\.(/|$)", r"\1", expected)) != expected:
        expected = shorter
    whole = expected if expected == "/" else expected.rstrip("/")
    assert _tidy(text) == (whole or ("/" if text.startswith("/") else "."))
