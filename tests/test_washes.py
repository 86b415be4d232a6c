"""The number of washes: the sheet says it, and replay reads it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.repipette import content_digest, replay
from tests.test_coarse_labs import tiny

WELLS = 'Rinse {typed}{{{{ wash("water", "200 uL/well", of="plate/edge", times={times}) }}}}.'


def rinsed(times, typed="", instead=None):
    """Return the words of a wash of 95 wells, and what replay says of them, once *instead* stands in their place."""
    record: Any = render(tiny(f'{{% step "Rinse" %}}\n{WELLS.format(times=times, typed=typed)}\n{{% endstep %}}\n'))
    (step,) = record["steps"]
    words = step["markdown"]
    if instead:
        assert instead[0] in words
        step["markdown"] = words.replace(*instead)
        record["seal"] = content_digest(record)
    return words, replay(json.dumps(record)).wrong


def test_a_wash_says_how_often_with_how_much_and_in_all():
    """95 wells x 200 µL are 19 mL, three times that 57 mL."""
    assert rinsed(3) == ("Rinse 3 × **200 µL** water (57 mL in all).", [])
    assert rinsed(1) == ("Rinse 1 × **200 µL** water (19 mL in all).", [])


@pytest.mark.parametrize("instead", [("3 ×", "4 ×"), ("3 ×", "13 ×"), ("3 × ", ""), ("57 mL", "19 mL"), ("200 µL", "300 µL")])
def test_another_number_or_volume_in_the_words_is_noticed(instead):
    assert rinsed(3, instead=instead)[1]


@pytest.mark.parametrize("typed", ["twice with ", "4 times with ", "four times with ", "once with ", "Three times with "])
def test_a_number_typed_beside_the_verb_is_held_against_it(typed):
    assert (rinsed(3, typed)[1] == []) is (typed == "Three times with ")


def test_twice_as_much_and_at_once_are_not_numbers_of_washes():
    assert rinsed(3, "at once, in twice as much as before, ")[1] == []


@pytest.mark.parametrize("name", library.protocol_ids())
def test_each_wash_of_a_protocol_is_read(name):
    record = json.loads(json.dumps(render(library.load_source(name), {})))
    washes = {step["number"] for step in record["steps"] if any(o["op"] == "wash" for o in step["operations"])}
    assert washes
    for step in record["steps"]:
        step["markdown"] = re.sub(r"\d+ × \*\*", "7 × **", step["markdown"])
    wrong = [line for line in replay(json.dumps(record)).wrong if " × " in line]
    assert {int(line.split()[1]) for line in wrong} == washes
