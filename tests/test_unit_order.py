"""Where units of several names are done one by one, the sheet says in which order, and no name goes with the time of day."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.protocol.source import Source
from benchsheet.run.unit_order import take_in_turn

ORDER, LOTS = "Order, here and in every step plate by plate: ", "Draw lots for the order of the "


def words_of(record) -> dict[str, str]:
    return {step["title"]: step["markdown"] for step in record["steps"]}


def srb(**values: str) -> dict[str, str]:
    return words_of(render(library.load_source("srb"), values, sealed=False))


def test_two_plates_of_two_compounds_go_there_and_back():
    # plates 1 and 2 have compound a, 3 and 4 have b: a b b a
    told = srb(compounds="a;b", plates="2")
    assert f"{ORDER}plates 1, 3, 4, 2. " in told["Seed"]
    assert [title for title, words in told.items() if ORDER in words or LOTS in words] == ["Seed"]  # once: all other steps keep it


@pytest.mark.parametrize("compounds", [2, 3, 4])
@pytest.mark.parametrize("plates", [1, 2, 3, 5])
def test_every_sheet_of_several_compounds_tells_the_order_of_its_plates(compounds: int, plates: int):
    told = srb(compounds=";".join(f"drug {number}" for number in range(compounds)), plates=str(plates))["Seed"]
    if plates == 1:
        assert f"{LOTS}plates" in told
        return
    numbers = [int(number) for number in re.findall(r"\d+", told.split(ORDER)[1].split(".")[0])]
    turns = [{(number - 1) // plates for number in numbers[at : at + compounds]} for at in range(0, len(numbers), compounds)]
    assert sorted(numbers) == list(range(1, compounds * plates + 1))
    assert all(len(turn) == compounds for turn in turns)


def test_one_compound_has_no_order_to_tell():
    assert ORDER not in srb(plates="4")["Seed"]
    assert LOTS not in srb(plates="4")["Seed"]


def test_many_plates_are_told_by_the_rule():
    told = srb(compounds="a;b;c;d", plates="8")["Seed"]
    assert "plates 1, 9, 17, 25, 26, 18, 10, 2, 3, 11" in told
    assert " and so on, to all 32. " in told


@given(owners=st.integers(2, 9), pairs=st.integers(1, 20))
def test_over_an_even_number_of_rounds_all_have_the_same_mean_place(owners: int, pairs: int):
    order = take_in_turn(owners, 2 * pairs)
    places = [sum(at for at, number in enumerate(order) if (number - 1) // (2 * pairs) == owner) for owner in range(owners)]
    assert sorted(order) == list(range(1, 2 * pairs * owners + 1))
    assert len(set(places)) == 1


SPEC = """\
title: Toy
version: 1.0.0
parameters:
  samples: {text: "yes", list: {min: 1, max: 9}, default: "ctrl;drug"}
  times: {count: replicate, default: 1, min: 1, max: 4}
derived: {dishes: {count: dish, from: len(samples) * times}}
vessels: {dish: {tubes: samples, times: times, holds: 1 mL}}
reagents: {water: {name: water}}
"""


def toy(options: str, words: str = "", more: str = "", **values: str) -> dict[str, str]:
    step = f'{{% step "Treat", {options} %}}\n{words}{{{{ add("water", "0.1 mL/tube", to="dish/sample") }}}}\n{{% endstep %}}\n{more}'
    files = {"protocol.yml": SPEC, "protocol.md.j2": step}
    return words_of(render(Source(id="toy", folder="protocols/toy", files=files, shared_files={}), values))


TIMED = 'hands_on="4 min/dish", wait="60 min", per="dish"'


@pytest.mark.parametrize("times", ["1", "2"])
def test_samples_that_are_treated_one_by_one_are_drawn_by_lot(times: str):
    assert f"{LOTS}dishes, and keep to it in every step: so no sample goes with the time of day." in toy(TIMED, times=times)["Treat"]


@pytest.mark.parametrize("options", [
    TIMED.replace("60 min", "60 min or more"),  # nothing ends at a time
    TIMED.replace(', per="dish"', ""),  # all at once
])  # fmt: skip
def test_where_nothing_goes_by_the_clock_no_order_is_told(options: str):
    assert LOTS not in toy(options)["Treat"]


@pytest.mark.parametrize("words", ["in random order: ", "in the order of the lots: ", "as drawn by lot: ", "in order of the plan: ", "randomised: "])
def test_the_words_of_the_author_stand(words: str):
    assert LOTS not in toy(TIMED, f"Take the dishes {words}")["Treat"]
    assert LOTS not in toy(TIMED, samples="ctrl")["Treat"]


@pytest.mark.parametrize(
    "words", ["In order to wet them, give ", "Note the lot of the water: ", "With random primers: ", "Order a new kit. ", "A lot of "]
)
def test_words_that_do_not_speak_of_the_order_of_units_leave_it_told(words: str):
    assert LOTS in toy(TIMED, words)["Treat"]


@pytest.mark.parametrize("name", ["western-blot", "co-ip"])
def test_protocols_with_lots_of_their_own_say_it_once(name: str):
    told = words_of(render(library.load_source(name), {}, sealed=False))
    assert not any(LOTS in words and "no " in words.split(LOTS)[1][:90] for words in told.values())
    assert re.search(r"\b[Ll]ots?\b", told["Treat"])
