"""A whole number is read by one rule wherever it is typed: an option, a limit, a place of a group, a key of the lab."""

from __future__ import annotations

import pytest

from benchsheet.calculators import CALCULATORS
from benchsheet.calculators.arguments import parse_option
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.units import split_quantities, whole_number

NOT_WHOLE = ["", "four", "4.0", "4.", "+4", "-4", "4 000", "4,000", "4'000", "1e3", "4/1", "0x4", "٤", "４", "²", "4" * 13]


def protocol(limit: str = "9", share: str = "2") -> Source:
    spec = f"""\
title: Toy
version: 1.0.0
parameters: {{plates: {{count: plate, default: 1, min: 1, max: "{limit}"}}}}
reagents: {{buffer: {{name: buffer, overage: {{places: "{share}"}}}}}}
vessels: {{plate: {{labware: plate-96, groups: {{all: "A1:B2"}}}}}}
"""
    return Source(
        id="toy",
        folder="protocols/toy",
        files={"protocol.yml": spec, "protocol.md.j2": '{% step "Fill" %}\n{{ add("buffer", "50 uL/well", to="plate") }}\n{% endstep %}\n'},
        shared_files={},
    )


READERS = {
    "an option of a calculator": lambda text: parse_option(CALCULATORS["mix"].option("reactions"), text),
    "a count of a run": lambda text: render(protocol(), {"plates": text}),
    "a limit of a count": lambda text: render(protocol(limit=text or "?"), {}),
    "the places of a rule": lambda text: render(protocol(share=text or "?"), {}),
    "a key of the lab": lambda text: parse_profile(f'people: "{text}"\n', "lab.yml"),
}


@pytest.mark.parametrize("reader", READERS)
def test_digits_are_read_everywhere(reader):
    READERS[reader]("4")


@pytest.mark.parametrize("text", NOT_WHOLE)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_not_plain_digits_is_refused_everywhere(reader, text):
    with pytest.raises(ProtocolError) as error:
        READERS[reader](text)
    assert "whole number" in str(error.value)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("4", 4), (" 4 ", 4), ("004", 4), ("123456789012", 123456789012), *[(text, None) for text in NOT_WHOLE]]
)
def test_a_whole_number_is_at_most_twelve_digits(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1; 2; 3 uM", ["1 uM", "2 uM", "3 uM"]),
        ("1 mM; 2; 3 uM", ["1 mM", "2 uM", "3 uM"]),
        ("1e3;2.5 cells/mL", ["1e3 cells/mL", "2.5 cells/mL"]),
        ("5 uM", ["5 uM"]),
    ],
)
def test_the_last_unit_of_a_list_holds_for_what_has_none(text, parts):
    assert split_quantities(text) == parts
