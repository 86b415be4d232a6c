"""Places in a row for names: dishes, lanes, tubes, boxes; counted by hand, and each mistake of an author told with its line."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.source import Source
from tests.records import wells_of

SPEC = """\
title: Rows
version: 1.0.0
parameters:
  samples: {names: sample, default: 5, min: 1, max: 60}
  twice: {count: replicate, default: 1, min: 1, max: 4}
  fixed: {count: fixed, default: 2, min: 0, max: 12}
  copies: {count: copy, default: 1, min: 1, max: 4}
  boxes: {count: box, default: 6, min: 1, max: 40}
  kinds: {text: "yes", default: one, list: {min: 1, max: 4}}
reagents:
  water: {name: water}
vessels:
  dish: {labware: plate-6, each: samples, times: twice, name: plate}
  tube: {tubes: samples, times: twice, holds: 1 mL}
  gel: {labware: mini-10, each: samples, times: twice, every: {ladder: 1, extra: fixed}, copies: copies, rest: empty, name: gel}
  box: {holds: 50 mL, place: box, count: boxes, each: kinds, name: small box}
  tray: {holds: 1 L}
"""
WORDS = '{{ add("water", "10 uL/lane", to="gel/sample") }}'


def source(spec: str = SPEC, words: str = WORDS) -> Source:
    return Source(
        id="rows",
        folder="protocols/rows",
        files={"protocol.yml": spec, "protocol.md.j2": f'{{% step "Do" %}}\n{words}\n{{% endstep %}}\n'},
        shared_files={},
    )


def sheet(words: str = WORDS, spec: str = SPEC, lab: str = "", **values: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(render(source(spec, words), values, parse_profile(lab, "my-lab.yml") if lab else None)))
    return found


def told(old: str, new: str, words: str = WORDS, **values: str) -> str:
    assert old in SPEC
    with pytest.raises(ProtocolError) as caught:
        render(source(SPEC.replace(old, new), words), values)
    return str(caught.value)


def groups(record: dict[str, Any], vessel: str) -> dict[str, int]:
    (found,) = [each for each in record["vessels"] if each["id"] == vessel]
    return {group["id"].partition("/")[2]: group["size"] for group in found["groups"]}


def lanes(record: dict[str, Any], vessel: str) -> list[tuple[list[str], list[str]]]:
    """Return the names of the plates of a vessel that are alike, and the role of each place in order."""
    return [(plate["names"], [well["role"] for well in wells_of(plate).values()]) for plate in record["plates"] if plate["vessel"] == vessel]


# --- by hand --------------------------------------------------------------------------------------------------------------


def test_names_fill_plates_in_order():
    record = sheet('{{ add("water", "1 mL/well", to="dish/sample") }}', samples="a,b,c,d,e,f,g,h")
    assert lanes(record, "dish") == [(["plate 1"], ["a", "b", "c", "d"]), (["plate 2"], ["e", "f", "g", "h"])]  # evenly: four and four
    assert groups(record, "dish") == {f"sample {number}": 1 for number in range(1, 9)}


BLOCKS = "times: twice, by: replicate, together: len(samples), every: {ladder: 1, extra: fixed}"


def test_replicates_stand_as_blocks_each_whole_on_one_gel():
    """10 lanes less ladder and 2 more are 7: two blocks of three names on the first gel, the third on the second."""
    spec = SPEC.replace("times: twice, every: {ladder: 1, extra: fixed}", BLOCKS)
    words = '{{ add("water", "50 uL/tube", to="tube") }} {{ transfer("10 uL/lane", from_="tube", to="gel/sample") }}'
    record = sheet(words, spec, samples="DMSO,PF 0.1,PF 1", twice="3")
    first, second = lanes(record, "gel")
    assert first[1][3:9] == ["DMSO, 1", "PF 0.1, 1", "PF 1, 1", "DMSO, 2", "PF 0.1, 2", "PF 1, 2"]
    assert second[1][3:6] == ["DMSO, 3", "PF 0.1, 3", "PF 1, 3"]
    roles = {group["id"]: group["role"] for vessel in record["vessels"] for group in vessel["groups"]}
    moves = [(act["from"], act["to"][0]) for act in record["steps"][0]["operations"] if "from" in act]
    assert len(moves) == 9
    assert all(roles[source] == roles[target] for source, target in moves)  # the tubes stand name by name


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 7), st.integers(1, 4))
def test_every_gel_has_the_first_name_wherever_blocks_fit(names, times):
    spec = SPEC.replace("times: twice, every: {ladder: 1, extra: fixed}", BLOCKS)
    record = sheet(spec=spec, samples=",".join(f"n{index}x" for index in range(names)), twice=str(times))
    for _, roles in lanes(record, "gel"):
        assert any(role.startswith("n0x") for role in roles)


def test_an_unknown_order_is_refused():
    assert "'by: luck' is not an order of names" in told("times: twice, every", "times: twice, by: luck, every")


def test_one_plate_is_not_numbered():
    assert [names for names, _ in lanes(sheet('{{ add("water", "1 mL/well", to="dish/sample") }}'), "dish")] == [["plate"]]


def test_replicates_have_their_number():
    record = sheet(samples="a,b", twice="2")
    assert lanes(record, "gel") == [(["gel"], ["ladder", "extra", "extra", "a, 1", "a, 2", "b, 1", "b, 2", "empty", "empty", "empty"])]


def test_what_stands_on_every_gel_comes_first_and_copies_are_alike():
    """10 lanes less 3 leave 7: 8 names are four and four; a copy of each makes four gels."""
    record = sheet(samples="8", copies="2")
    first = ["ladder", "extra", "extra"]
    assert lanes(record, "gel") == [
        (["gel 1", "gel 3"], [*first, "sample 1", "sample 2", "sample 3", "sample 4", "empty", "empty", "empty"]),
        (["gel 2", "gel 4"], [*first, "sample 5", "sample 6", "sample 7", "sample 8", "empty", "empty", "empty"]),
    ]
    sizes = groups(record, "gel")
    assert (sizes["ladder"], sizes["extra 1"], sizes["extra 2"], sizes["sample 1"], sizes["empty"]) == (4, 4, 4, 2, 12)


def test_what_is_there_no_time_is_no_group():
    """Nothing extra: one ladder and nine names."""
    with pytest.raises(ProtocolError, match="'gel' has no group 'extra'"):
        sheet('{{ add("water", "5 uL/lane", to="gel/extra") }}', fixed="0")
    assert set(groups(sheet(fixed="0", samples="9"), "gel")) == {"ladder", *(f"sample {number}" for number in range(1, 10))}


def test_boxes_are_shared_out_among_names():
    assert groups(sheet(kinds="x,y,z"), "box") == {"box 1": 2, "box 2": 2, "box 3": 2}
    (box,) = [vessel for vessel in sheet(kinds="x,y,z")["vessels"] if vessel["id"] == "box"]
    assert [group["role"] for group in box["groups"]] == ["x", "y", "z"]
    assert box["count"] == 6


def test_a_container_by_itself_is_one():
    assert groups(sheet(), "tray") == {"tray": 1}


def test_a_rack_has_a_tube_for_each_name():
    record = sheet('{{ add("water", "1 mL/tube", to="tube/sample") }}', samples="a,b", twice="3")
    (rack,) = [vessel for vessel in record["vessels"] if vessel["id"] == "tube"]
    assert [group["role"] for group in rack["groups"]] == ["a, 1", "a, 2", "a, 3", "b, 1", "b, 2", "b, 3"]
    assert rack["groups"][0]["labware"] == "1.5 mL tube"


@settings(max_examples=80, deadline=None)
@given(names=st.integers(1, 60), fixed=st.integers(0, 8), copies=st.integers(1, 4))
def test_every_name_has_its_lane_on_as_few_gels_as_hold_them(names, fixed, copies):
    record = sheet(samples=str(names), fixed=str(fixed), copies=str(copies))
    room = 10 - 1 - fixed
    gels = math.ceil(names / room)
    laid = lanes(record, "gel")
    assert len(laid) == gels
    assert all(len(alike) == copies for alike, _ in laid)
    assert sorted(name for alike, _ in laid for name in alike) == sorted(
        ["gel"] if gels * copies == 1 else [f"gel {number}" for number in range(1, gels * copies + 1)]
    )
    shares = [sum(role.startswith("sample") for role in roles) for _, roles in laid]
    assert sum(shares) == names
    assert max(shares) - min(shares) <= 1
    assert [role for _, roles in laid for role in roles if role.startswith("sample")] == [f"sample {number}" for number in range(1, names + 1)]
    assert groups(record, "gel").get("empty", 0) == (gels * (10 - 1 - fixed) - names) * copies


# --- what is wrong --------------------------------------------------------------------------------------------------------

AT = "protocols/rows/protocol.yml:"
MISTAKES = {
    "no such list": (
        "dish: {labware: plate-6, each: samples", "dish: {labware: plate-6, each: sampels",
        f"{AT}13: 'each: sampels' is not a list\n  hint: did you mean 'samples'?",
    ),
    "no list": ("tube: {tubes: samples", "tube: {tubes: boxes", f"{AT}14: 'tubes: boxes' is not a list\n  hint: lists: samples, kinds"),
    "half a time": (
        "tube: {tubes: samples, times: twice", "tube: {tubes: samples, times: twice / 2",
        f"{AT}14: 'twice / 2' comes to 0.5, which is not a whole number\n  hint: use ceil(...) or floor(...)",
    ),
    "no time at all": (
        "tube: {tubes: samples, times: twice", "tube: {tubes: samples, times: twice - 1",
        f"{AT}14: 'twice - 1' comes to no replicate at all\n  hint: let it be 1 at least",
    ),
    "a count of another kind": (
        "count: boxes", "count: samples", f"{AT}16: 'samples' is 5 values (a list), not a whole number of boxs\n  hint: name a count",
    ),
    "boxes that cannot be shared out": (
        "count: boxes", "count: boxes + 1", f"{AT}16: 7 boxs are not as many for each of 2\n  hint: let the count be a multiple",
    ),
    "a count of gels that is not theirs": (
        "copies: copies, rest", "copies: copies, count: boxes, rest",
        f"{AT}15: 'boxes' is not the 1 that 5 names need\n  hint: let both follow from one rule",
    ),
    "an unknown key": (
        "tube: {tubes: samples,", "tube: {tubes: samples, colour: red,", f"{AT}14: a vessel has no 'colour'\n  hint: ",
    ),
    "a key of another form": ("tray: {holds: 1 L}", "tray: {holds: 1 L, copies: 2}", f"{AT}17: a container has no 'copies'\n  hint: "),
    "no volume": ("tray: {holds: 1 L}", "tray: {holds: 1 g}", f"{AT}17: expected a volume, got '1 g' (mass)\n  hint: "),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_row_that_is_written_wrong_is_told(case):
    old, new, message = MISTAKES[case]
    assert told(old, new, kinds="x,y").startswith(message)


def test_a_gel_that_its_fixed_lanes_fill_is_refused():
    assert told("holds: 1 L", "holds: 1 L", fixed="9") == (
        "--fixed: 10 places of each gel are taken by ladder, extra, and it has 10\n  hint: leave one out, or take a gel with more places"
    )


TANKS = "vessels:\n  tank: {tanks: boxes, gel: mini-10}\n"


def test_tanks_of_a_gel_that_the_lab_has_not_are_told():
    message = told("vessels:\n", TANKS.replace("mini-10", "mimi-15"))
    assert message == f"{AT}13: no gel 'mimi-15' in this lab\n  hint: did you mean 'mini-15'?"


def test_tanks_that_are_filled_alike_are_one_group():
    """Six gels in one tank for four: three and three, in 1 L each."""
    record = sheet(spec=SPEC.replace("vessels:\n", TANKS))
    assert groups(record, "tank") == {"tank 1": 2}
    five = sheet(spec=SPEC.replace("vessels:\n", TANKS), boxes="5")
    assert groups(five, "tank") == {"tank 1": 1, "tank 2": 1}  # 1 L for three, 700 mL for two


def test_the_places_of_a_name_are_found_by_the_name() -> None:
    """By number, the first of three places would be filled and the other two left: the author meant the name."""
    words = '{% for name in samples %}{{ add("water", "1 mL/well", to="dish/" ~ name) }} {% endfor %}'
    for order in ("name", "replicate"):
        spec = SPEC.replace("times: twice, name: plate", f"times: twice, by: {order}, name: plate")
        filled = sheet(words, spec, samples="a; b", twice="3")["steps"][0]["operations"]
        places = {"name": ([1, 2, 3], [4, 5, 6]), "replicate": ([1, 3, 5], [2, 4, 6])}[order]
        assert [each["to"] for each in filled] == [[f"dish/sample {n}" for n in of] for of in places]
    one = sheet('{{ add("water", "1 mL/well", to="dish/b, 2") }}', samples="a; b", twice="3")["steps"][0]["operations"]
    assert [each["to"] for each in one] == [["dish/sample 5"]]


@pytest.mark.parametrize("place", ['"dish/sample 1"', '["dish/sample 1", "tube/sample 1"]', '"dish/sample " ~ 1'])
def test_a_replicate_by_its_number_is_refused(place: str) -> None:
    words = f'{{{{ add("water", "1 mL/well", to={place}) }}}}'
    assert "is one place alone, 'a, 1', and 'a' has more of them\n  hint: write the name: 'dish/a' is all" in told(
        "box", "box", words, samples="a; b", twice="3"
    )
    if place != '["dish/sample 1", "tube/sample 1"]':
        assert sheet(words, samples="a; b")["steps"][0]["operations"][0]["to"] == ["dish/sample 1"]
