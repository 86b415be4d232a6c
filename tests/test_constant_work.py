"""`benchsheet check` notes a step that handles more with a larger run and takes as long."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.authoring.check import check_protocol
from benchsheet.authoring.constant_work import StepWork, find_constant_work, read_work
from benchsheet.engine import render
from benchsheet.protocol.source import Source

VESSELS = {
    "tube": "{tubes: names, holds: 1 mL}",
    "dish": "{labware: dish-60, each: names}",
    "membrane": "{labware: membrane, each: names}",
    "well": "{labware: plate-96, count: pieces, groups: {filled: rest}}",
}


def source(place: str, hands_on: str, act: str) -> Source:
    spec = f"""\
title: Toy
version: 1.0.0
parameters:
  names: {{text: "yes", list: {{min: 1, max: 6}}, default: a}}
  pieces: {{count: piece, default: 1, min: 1, max: 6}}
derived: {{samples: {{count: sample, from: len(names)}}}}
vessels: {{work: {VESSELS[place]}, tank: {{holds: 1 L, place: tank}}}}
reagents: {{water: {{name: water}}}}
waste: {{drain: the drain}}
"""
    where = "work/filled" if place == "well" else "work/sample"
    steps = (
        f'{{% step "Fill", hands_on="9 min + 1 min/sample + 1 min/piece" %}}\n{{{{ add("water", "0.1 mL/{place}", to="{where}") }}}}\n'
        f'{{{{ add("water", "0.1 L/tank", to="tank/tank") }}}}\n{{% endstep %}}\n'
        f'{{% step "Act", hands_on="{hands_on}" %}}\n{act.format(place=place, where=where)}\n{{% endstep %}}\n'
    )
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={})


ADD = '{{{{ add("water", "0.1 mL/{place}", to="{where}") }}}}'
ACTS = [ADD, '{{{{ wash("water", "0.1 mL/{place}", of="{where}", times=3, to="drain") }}}}', '{{{{ remove(from_="{where}", to="drain") }}}}']


def notes(made: Source) -> list[str]:
    report = check_protocol(made)
    assert report.mistakes == []
    return [note for note in report.notes if "hint: add a term" in note]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("place", VESSELS)
def test_a_step_that_takes_as_long_for_six_as_for_one_is_noted(place: str, act: str):
    count = "piece" if place == "well" else "sample"
    words = f"step 'Act' takes 10 min whether 1 or 6 of 'work' are handled, for 1 {count} or for 6 {count}s"
    found = notes(source(place, "10 min", act))
    assert [(words in note, f"1 min/{count}" in note, "protocol.md.j2:5" in note) for note in found] == [(True, True, True)]


def test_a_count_of_none_is_not_what_a_step_grows_with():
    """Nothing times two is nothing: 1 and 2 dishes do not go with 0 pieces and 0 pieces."""
    acts = {(1, "add", 1, "dish"): 1}, {(1, "add", 1, "dish"): 2}
    few, many = (StepWork(title="Act", file="f", line=1, hands_on="9 min", pieces=each, counts={"piece": 0}) for each in acts)
    assert list(find_constant_work([("", {"Act": few}), ("samples", {"Act": many})])) == []


@pytest.mark.parametrize("place", VESSELS)
def test_a_step_whose_time_grows_is_not_noted(place: str):
    count = "piece" if place == "well" else "sample"
    assert notes(source(place, f"10 min + 1 min/{count}", ADD)) == []


@pytest.mark.parametrize("act", ['{{{{ wash("water", "0.1 L/tank", of="tank/tank", times=1, to="drain") }}}}', '{{{{ q("5 min") }}}}'])
def test_a_step_that_handles_as_many_is_not_noted(act: str):
    assert notes(source("tube", "10 min", act)) == []


@pytest.mark.parametrize(("name", "title", "values"), [
    ("srb", "Stain", {"plates": "3"}),
    ("western-blot", "Treat", {"samples": "a;b;c;d"}),
    ("co-ip", "Wash the beads", {"samples": "a;b;c;d"}),
])  # fmt: skip
def test_a_packaged_step_whose_term_is_taken_away_is_noted(name: str, title: str, values: dict[str, str]):
    found = library.load_source(name)
    trials = [("", read_work(render(found, {}, sealed=False))), (next(iter(values)), read_work(render(found, values, sealed=False)))]
    assert list(find_constant_work(trials)) == []
    for _, works in trials:
        object.__setattr__(works[title], "hands_on", "10 min")
    assert any(f"step {title!r} takes 10 min" in note for note in find_constant_work(trials))
