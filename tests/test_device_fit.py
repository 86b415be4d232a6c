"""A device says what a tube in it holds at most, and a step whose tube is larger is refused, with the ways out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.source import Source

TAKES_OF_LAB = "{from: \"table(devices, 'rotor', takes)\"}"
FILL = '{{ add("water", volume, to="raw/sample") }}'


def source(steps: str, takes: str = "2 mL", more: str = "") -> Source:
    spec = f"""\
title: Toy
version: 1.0.0
parameters:
  samples: {{text: "yes", list: {{min: 1, max: 9}}, default: "a"}}
  volume: {{default: 1 mL/tube, min: 0.1 mL, max: 40 mL}}
vessels:
  raw: {{tubes: samples, holds: volume}}
  large: {{tubes: samples, holds: 10 mL}}
  dish: {{holds: 10 mL, place: dish, name: dish}}
reagents:
  water: {{name: water}}
equipment:
  rotor: {{name: microfuge, places: 24, takes: {takes}}}
  rotator: {{name: rotator, places: 20}}
{more}"""
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={})


def step(title: str, body: str, options: str = "") -> str:
    return f'{{% step "{title}"{options} %}}\n{body}\n{{% endstep %}}\n'


SPIN = step("Spin", FILL, ', equipment="rotor"')
POUR = step("Fill", FILL) + step("Spin", '{{ transfer("0.9 mL/tube", from_="raw/sample", to="large/sample") }}', ', equipment="rotor"@')


def refusal(steps: str, *arguments: str, **more: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(source(steps, **more), {"volume": arguments[0]} if arguments else {})
    return str(caught.value)


def test_a_tube_of_15_ml_is_not_spun_in_a_rotor_for_2_ml():
    # 5.2 mL stand in the lab's tube of 15 mL; three tubes of 2 mL, filled to nine tenths, hold 5.4 mL
    text = refusal(SPIN, "5.2 mL")
    assert "raw/sample 1 is a 15 mL tube, and microfuge takes tubes of at most 2 mL" in text
    assert all(words in text for words in ("split its 5.2 mL over 3 tubes of at most 2 mL", "'takes'", "'inside'"))


@settings(deadline=None, max_examples=30)
@given(tenths=st.integers(1, 400), takes=st.sampled_from([("1.5 mL", 15), ("2 mL", 20), ("15 mL", 150), ("50 mL", 500)]))
def test_a_run_is_refused_exactly_where_the_lab_has_no_small_enough_tube_for_it(tenths: int, takes: tuple[str, int]):
    tube = next(size for size in (15, 150, 500) if tenths * 10 <= size * 9)  # in tenths of a mL, filled to nine tenths
    run = source(SPIN, takes=takes[0])
    if tube <= takes[1]:
        assert render(run, {"volume": f"{tenths / 10} mL"})["steps"]
        return
    with pytest.raises(ProtocolError) as caught:
        render(run, {"volume": f"{tenths / 10} mL"})
    needed = -(-tenths * 10 // (takes[1] * 9))
    assert (f"over {needed} tubes of at most {takes[0]}" if needed > 1 else f"take a tube of at most {takes[0]}") in str(caught.value)


@pytest.mark.parametrize("act", [
    '{{ wash("water", "3 mL/tube", of="raw/sample", times=2, to="drain") }}',
    '{{ remove(from_="raw/sample", to="drain") }}',
    '{{ transfer("3 mL/dish", from_="raw/sample", to="dish/dish") }}',
    '{{ add("water", "3 mL/tube", to="raw/sample") }}',
])  # fmt: skip
def test_every_verb_that_handles_the_tube_tells_that_it_does_not_fit(act: str):
    waste = "waste: {drain: the drain}\n"
    assert "microfuge takes tubes of at most 2 mL" in refusal(step("Fill", FILL) + step("Act", act, ', equipment="rotor"'), "5 mL", more=waste)
    assert render(source(step("Fill", FILL) + step("Act", act), more=waste), {"volume": "5 mL"})  # by hand it may be


def test_what_is_counted_is_the_most_that_the_tube_holds_in_the_step():
    # 5 mL, taken off before: only the 3 mL of a wash are spun, which two tubes of 2 mL hold
    steps = step("Fill", FILL + '{{ remove(from_="raw/sample", to="drain") }}')
    steps += step("Wash", '{{ wash("water", "3 mL/tube", of="raw/sample", times=2, to="drain") }}', ', equipment="rotor"')
    assert "split its 3 mL over 2 tubes" in refusal(steps, "5 mL", more="waste: {drain: the drain}\n")


def test_a_step_says_which_of_its_tubes_go_in():
    assert "large/sample 1" in refusal(POUR.replace("@", ""))
    assert render(source(POUR.replace("@", ', inside="raw/sample"')), {})["steps"]
    assert render(source(POUR.replace("@", ", inside=[]")), {})["steps"]
    assert "large/sample 1" in refusal(POUR.replace("@", ', inside=["raw/sample", "large/sample"]'))


def test_a_step_that_spins_by_the_way_says_so_by_device():
    by_the_way = step("Fill", '{{ add("water", "5 mL/tube", to="large/sample") }}', ', equipment="rotator"@')
    assert render(source(by_the_way.replace("@", "")), {})["steps"]  # the rotator does not say what it takes
    assert "microfuge takes tubes of at most 2 mL" in refusal(by_the_way.replace("@", ', inside={"rotor": "large/sample"}'))


@pytest.mark.parametrize(("options", "words"), [
    (', equipment="rotor", inside="dish/dish"', "dish/dish is a dish, which does not go into 'rotor'"),
    (', equipment="rotor", inside={"rotr": "raw/sample"}', "inside: no equipment 'rotr' in protocol.yml"),
    (', equipment="rotator", inside="raw/sample"', "equipment 'rotator' does not say what a tube in it holds"),
    (', inside="raw/sample"', "'inside' is for a step with a device"),
    (', equipment="rotor", inside="raw/nothing"', "raw"),
])  # fmt: skip
def test_what_cannot_go_in_is_refused_with_its_line(options: str, words: str):
    text = refusal(step("Spin", FILL, options))
    assert all(part in text for part in (words, "protocol.md.j2:1"))


@pytest.mark.parametrize("takes", ["5 mg", "2 mL/tube", "0 mL", "many", "{from: samples}", "{of: 2 mL}"])
def test_takes_is_a_volume(takes: str):
    assert "protocol.yml:13" in refusal(SPIN, takes=takes)


@pytest.mark.parametrize("lab_takes", ["", ", takes: 2 mL"])
def test_the_lab_profile_tells_its_rotor(lab_takes: str):
    large = parse_profile("equipment:\n  rotor: {places: 6, takes: 15 mL}\n", "lab.yml")
    assert render(source(SPIN, takes=TAKES_OF_LAB), {"volume": "5.2 mL"}, lab=large)["steps"]
    small = parse_profile(f"equipment:\n  rotor: {{places: 6{lab_takes}}}\n", "lab.yml")  # 2 mL is meant where nothing is said
    with pytest.raises(ProtocolError, match="takes tubes of at most 2 mL"):
        render(source(SPIN, takes=TAKES_OF_LAB), {"volume": "5.2 mL"}, lab=small)


@pytest.mark.parametrize("wrong", ["2 mg", "nothing", "0 mL", "2 mL/tube"])
def test_a_lab_profile_with_another_takes_is_refused(wrong: str):
    with pytest.raises(ProtocolError, match=r"lab\.yml:2"):
        parse_profile(f"equipment:\n  rotor: {{places: 6, takes: {wrong}}}\n", "lab.yml")
