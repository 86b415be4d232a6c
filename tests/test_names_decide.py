"""Who gives to whom where places have names: names decide, whatever the order; words, worklist and layout say the same."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.worklist import format_wellmap, format_worklist
from benchsheet.protocol.source import Source
from benchsheet.record.plate_wells import mark_groups
from benchsheet.repipette import replay
from benchsheet.run.ledger import WellGroup
from benchsheet.spelling import fold_name
from benchsheet.units.base_units import NanoLitres
from tests.records import wells_of

SPEC = """\
title: Names
version: 1.0.0
parameters:
  made: {names: sample, default: "treated,controls", min: 1, max: 12, help: "as they come"}
  plated: {names: sample, default: "controls,treated", min: 1, max: 12, help: "as they are plated"}
reagents: {buffer: {name: buffer}}
vessels:
  tube: {tubes: made, holds: 1 mL}
  plate: {labware: plate-96, each: plated, every: {ladder: 1}, rest: unused}
  bare: {labware: plate-96, groups: {sample: {at: "A1:A12", by: column}, unused: rest}}
"""
FILL = '{% step "Fill" %}\n{{ add("buffer", "500 uL/tube", to="tube") }}\n{% endstep %}\n'
GIVE = '{{ transfer("20 uL/well", from_="tube", to="plate/sample") }}'


def sheet(line: str = GIVE, spec: str = SPEC, **values: str) -> Any:
    steps = f'{FILL}{{% step "Give" %}}\n{line}\n{{% endstep %}}\n'
    files = {"protocol.yml": spec, "protocol.md.j2": steps}
    record: Any = json.loads(json.dumps(render(Source(id="names", folder="protocols/names", files=files, shared_files={}), values)))
    assert replay(json.dumps(record)).wrong == []
    return record


def told(line: str = GIVE, **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        sheet(line, **values)
    return str(caught.value)


def given_pairs(record: Any) -> set[tuple[str, str]]:
    """Return (name of the tube, name of the well) of each line of the worklist, the wells' names as the layout has them."""
    layout = {}
    for plate, groups in tomllib.loads(format_wellmap(record))["plate"].items():
        for wells, values in groups["well"].items():
            layout.update({(plate, well): values["role"] for well in wells.split(",")})
    rows = list(csv.DictReader(io.StringIO(format_worklist(record).lstrip("\ufeff"))))
    return {(row["source well"], layout[row["destination plate"], row["destination well"]]) for row in rows if row["source plate"] == "tube"}


def test_two_lists_in_another_order_meet_by_their_names():
    """Wells A2 and A3 are controls and treated, after the ladder; the tubes are treated and controls."""
    record = sheet()
    assert given_pairs(record) == {("treated", "treated"), ("controls", "controls")}
    assert [(act["from"], act["to"]) for act in record["steps"][1]["operations"]] == [
        ("tube/sample 2", ["plate/sample 1"]),
        ("tube/sample 1", ["plate/sample 2"]),
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["ctl", "PF 0.1", "PF 1", "siRNA", "2", "drug 3", "x, y".replace(", ", " ")]), min_size=1, max_size=6, unique=True),
    st.randoms(),
)
def test_any_order_and_any_choice_of_the_names_leads_each_to_its_own(names, random):
    plated = random.sample(names, random.randint(1, len(names)))
    pairs = given_pairs(sheet(made=";".join([*names, "spare"]), plated=";".join([*plated, "spare"])))
    assert pairs == {(name, name) for name in (*plated, "spare")}


def test_a_name_that_is_on_one_side_alone_is_refused():
    message = told(made="a,b", plated="a,c")
    assert "'tube' has no 'c', and 'plate/sample 2' is for 'c'" in message
    assert "names decide" in message


def test_numbers_decide_where_one_side_has_no_names():
    record = sheet('{{ transfer("20 uL/well", from_=["tube/sample 1", "tube/sample 2"], to=["bare/sample 1", "bare/sample 2"]) }}')
    assert [(act["from"], act["to"]) for act in record["steps"][1]["operations"]] == [
        ("tube/sample 1", ["bare/sample 1"]),
        ("tube/sample 2", ["bare/sample 2"]),
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{{ transfer("20 uL/well", from_="tube/sample 1", to="plate/sample 1") }}',
        '{{ transfer("20 uL/well", from_="tube", to="plate/sample", first=1) }}',
        '{% for name in made %}{{ transfer("20 uL/well", from_="tube/sample " ~ loop.index, to="plate/sample " ~ loop.index) }}{% endfor %}',
    ],
)
def test_a_number_that_contradicts_a_name_is_refused_with_the_right_place(line):
    message = told(line)
    assert "'tube/sample 1' is 'treated', and 'plate/sample 1' is for 'controls'" in message
    assert "'tube/sample 2' is 'controls'" in message


def test_a_name_that_a_vessel_has_twice_says_nothing_and_numbers_decide():
    """Lanes a, b, a, b: places 2 and 4 are counted, as first= says."""
    spec = SPEC.replace("vessels:", 'derived:\n  lanes: {from: "(made, made)"}\nvessels:\n  lane: {tubes: lanes}')
    record = sheet('{{ transfer("20 uL/tube", from_="tube", to="lane/sample", first=2, every=2) }}', spec, made="a,b", plated="a")
    assert [act["to"] for act in record["steps"][1]["operations"]] == [["lane/sample 2"], ["lane/sample 4"]]


def test_all_into_one_place_of_another_name_is_a_pool():
    """Three tubes x 20 µL are 60 µL."""
    record = sheet('{{ transfer("20 uL/well", from_="tube", to="plate/ladder") }}', made="a,b,c", plated="a")
    (ladder,) = [group for vessel in record["vessels"] for group in vessel["groups"] if group["id"] == "plate/ladder"]
    assert ladder["volume"]["text"] == "60 µL"


# --- names that are words of the vessel ------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ladder", "LADDER", "sample", "unused", "sample 2", " Sample  2"])
def test_a_name_is_not_a_word_of_the_vessel(word):
    message = told(made=f"{word},b", plated=f"{word},b")
    assert message.startswith("--")
    assert f"{' '.join(word.split())!r} is also what" in " ".join(message.split()).replace("  ", " ")
    assert "choose another name" in message


@pytest.mark.parametrize("word", ["isotype", "Input", "IP", "unbound", "lysate"])
def test_a_name_is_not_that_of_a_vessel(word):
    """Else one lane is called 'isotype isotype', and one tube 'isotype' stands beside the tubes of the isotype."""
    with pytest.raises(ProtocolError, match="is also the name of a vessel of this sheet"):
        render(library.load_source("co-ip"), {"samples": f"{word};b"})


@given(st.lists(st.sampled_from(["S1", "S2", "S3", "s 1", "Sa2", "sam-1", "b"]), min_size=1, max_size=4, unique_by=fold_name))
@settings(max_examples=40, deadline=None)
def test_no_mark_of_a_place_is_the_name_of_another(names):
    """Of samples S1, S3, S4 the map has no place S3 that holds S4."""
    groups = [WellGroup(id=f"p/sample {n}", size=1, capacity=NanoLitres(1), labware="p", role=name, family="sample", number=n, named=True)
              for n, name in enumerate(names, 1)]  # fmt: skip
    marks = mark_groups(groups, "")
    assert len({fold_name(mark) for mark in marks.values()}) == len(names)
    for group in groups:
        assert not any(fold_name(marks[group.name]) == fold_name(other.role) for other in groups if other is not group)


def test_samples_by_their_numbers_keep_the_short_marks():
    record = render(library.load_source("western-blot"), {"samples": "S1,S2"})
    assert {well["mark"] for well in wells_of(record["plates"][0]).values()} == {"S1", "S2"}


def test_the_name_of_its_own_number_is_its_own():
    assert sheet(made="sample 1,b", plated="sample 1,b")


def words_of_packaged_vessels() -> list[tuple[str, str, str]]:
    """Return (protocol, option, word) for each word that a packaged sheet calls places of a mapped vessel by."""
    found = set()
    for name, option in (("western-blot", "samples"), ("srb", "compounds")):
        for plate in render(library.load_source(name), {})["plates"]:
            for well in wells_of(plate).values():
                found.add((name, option, well["group"].partition("/")[2]) if not well["group"][-1].isdecimal() else (name, option, well["group"]))
    return sorted((name, option, word.rpartition("/")[2].rstrip(" 0123456789")) for name, option, word in found)


@pytest.mark.parametrize(("name", "option", "word"), sorted(set(words_of_packaged_vessels())))
def test_no_word_of_a_packaged_map_is_taken_as_a_name(name, option, word):
    if (name, word) in {("srb", "cells"), ("western-blot", "control")}:
        return  # words of the T0 plate and of the dishes of controls, to which no names of the run go
    with pytest.raises(ProtocolError, match=f"--{option}: {word.upper()!r} is also what"):
        render(library.load_source(name), {option: word.upper()})
