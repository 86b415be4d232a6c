"""What a sheet can be done in: wells, dishes, tubes, lanes of a gel, membranes; what each holds, and what it is called."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.text import format_text
from benchsheet.lab import default_lab, parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

UL, ML, L = 1_000, 1_000_000, 1_000_000_000
SCHEMA = Draft202012Validator(json.loads(resources.files("benchsheet.record").joinpath("record.schema.json").read_text("utf-8")))

SPEC = """\
title: Toy
version: 1.0.0
parameters:
  number: {{count: thing, default: 1, min: 1, max: 9}}
summary: What each place is called and holds.
reagents:
  sample: {{name: sample, contains: {{protein: 1 mg/mL}}, dispensed: tube}}
  milk: {{name: milk}}
vessels:
  thing: {{labware: {labware}, count: 2, groups: {{all: "{region}"}}}}
"""
TEMPLATE = '{{% step "Fill" %}}\nGive {{{{ add("sample", "{amount}", to="thing/all") }}}}.\n{{% endstep %}}\n'


def sheet(labware, region, amount, lab=None):
    files = {"protocol.yml": SPEC.format(labware=labware, region=region), "protocol.md.j2": TEMPLATE.format(amount=amount)}
    return render(Source(id="toy", folder="protocols/toy", files=files, shared_files={}), {}, lab)


# On each of two: so many places, each to its brim.
PLACES = {
    "mini-10": ("A1:A10", "30 uL/lane", 20),
    "mini-12": ("A1:A12", "20 uL/lane", 24),
    "mini-15": ("A1:A15", "15 uL/lane", 30),
    "midi-14": ("A1:A14", "45 uL/lane", 28),
    "midi-18": ("A1:A18", "30 uL/lane", 36),
    "midi-26": ("A1:A26", "15 uL/lane", 52),
    "tube-1.5": ("A1", "1.5 mL/tube", 2),
    "tube-2": ("A1", "2 mL/tube", 2),
    "tube-15": ("A1", "15 mL/tube", 2),
    "tube-50": ("A1", "50 mL/tube", 2),
    "dish-35": ("A1", "8.8 mL/dish", 2),
    "dish-60": ("A1", "21 mL/dish", 2),
    "dish-100": ("A1", "56 mL/dish", 2),
    "dish-150": ("A1", "145 mL/dish", 2),
    "membrane": ("A1", "30 mL/membrane", 2),
    "plate-6": ("A1:B3", "16.8 mL/well", 12),
}


@pytest.mark.parametrize("labware", PLACES)
def test_each_place_is_filled_to_its_brim_and_the_sheet_replays(labware):
    region, amount, count = PLACES[labware]
    record = sheet(labware, region, amount)
    (operation,) = record["steps"][0]["operations"]
    assert operation["count"] == count
    number, _, rest = amount.partition(" ")
    unit, _, place = rest.partition("/")
    assert operation["each"]["text"] == f"{number} {unit}".replace("uL", "µL")
    assert f"{number} {unit}".replace("uL", "µL") in format_text(record)
    assert place == default_lab().labware[labware].position
    SCHEMA.validate(json.loads(json.dumps(record)))
    assert replay(json.dumps(record, ensure_ascii=False)).wrong == []
    assert format_markdown(record)


@pytest.mark.parametrize("labware", PLACES)
def test_twice_the_brim_is_refused(labware):
    region, amount, _ = PLACES[labware]
    number, _, rest = amount.partition(" ")
    more = f"{float(number) * 2:g}"
    with pytest.raises(ProtocolError) as caught:
        sheet(labware, region, f"{more} {rest}")
    name = default_lab().labware[labware].name
    unit = rest.partition("/")[0].replace("uL", "µL")
    shown = f"{float(more):g} {unit}"
    assert f"thing/all would hold {shown}, more than the {number} {unit} that a {name} holds to the brim" in str(caught.value)


@pytest.mark.parametrize(
    ("labware", "asked", "told"),
    [
        ("mini-10", "A11", "'A11' is not on a 10-well mini gel\n  hint: its lanes are A1 to A10"),
        ("midi-26", "B1", "'B1' is not on a 26-well midi gel\n  hint: its lanes are A1 to A26"),
        ("dish-100", "A2", "'A2' is not on a 100 mm dish\n  hint: its one dish is A1"),
        ("tube-1.5", "B1", "'B1' is not on a 1.5 mL tube\n  hint: its one tube is A1"),
        ("plate-6", "C1", "'C1' is not on a 6-well plate\n  hint: its wells are A1 to B3"),
    ],
)
def test_a_place_that_is_not_there_is_told_by_what_places_are_called(labware, asked, told):
    with pytest.raises(ProtocolError) as caught:
        default_lab().labware[labware].wells_in(asked)
    assert str(caught.value) == told


def test_the_places_of_several_dishes_are_called_dishes():
    lab = parse_profile(
        "labware: {rack: {name: rack of dishes, rows: 1, columns: 4, place: dish, working: [1 mL, 2 mL], fixing: 3 mL, brim: 4 mL}}\n", "f"
    )
    assert lab.labware["rack"].extent_text == "its dishes are A1 to A4"


@pytest.mark.parametrize(("labware", "per"), [("mini-10", "well"), ("dish-100", "well"), ("tube-1.5", "lane"), ("membrane", "tube")])
def test_an_amount_is_given_for_what_the_place_is_called(labware, per):
    place = default_lab().labware[labware].position
    with pytest.raises(ProtocolError) as caught:
        sheet(labware, "A1", f"10 uL/{per}")
    assert f"'10 uL/{per}' is per {per}, and the places are {place}" in str(caught.value)


# What living cells rest in, of the table of vessels: 8 to 12 mL on 100 mm, 20 to 25 mL on 150 mm, 1 to 3 mL in a 6-well.
def test_what_cells_rest_in_is_as_in_the_table_of_vessels():
    rests = {name: plate.working_range for name, plate in default_lab().labware.items()}
    assert rests["plate-96"] == (75 * UL, 200 * UL)
    assert rests["plate-48"] == (250 * UL, 400 * UL)
    assert rests["plate-24"] == (500 * UL, 1 * ML)
    assert rests["plate-12"] == (1 * ML, 2 * ML)
    assert rests["plate-6"] == (1 * ML, 3 * ML)
    assert rests["dish-100"] == (8 * ML, 12 * ML)
    assert rests["dish-150"] == (20 * ML, 25 * ML)
    assert rests["membrane"] == (5 * ML, 15 * ML)
    assert rests["dish-35"][0] < 2 * ML < rests["dish-35"][1]
    assert rests["dish-60"][0] < 5 * ML < rests["dish-60"][1]


# A dish as if filled 1 cm deep: 8.8, 21.5, 56.7 and 145 cm2 are so many mL; with fixative twice the most medium.
@pytest.mark.parametrize(("labware", "area"), [("dish-35", 8.8), ("dish-60", 21.5), ("dish-100", 56.7), ("dish-150", 145)])
def test_a_dish_holds_a_centimetre(labware, area):
    dish = default_lab().labware[labware]
    assert area - 1 < dish.capacity / ML <= area
    assert dish.fixing_limit == 2 * dish.working_range[1]


# mini 10 x 30, 12 x 20, 15 x 15; midi 12 and 2 x 45, 18 x 30, 26 x 15 uL
def test_gels_are_labware_of_one_row_of_lanes():
    lab = default_lab()
    assert {name: (gel.format, gel.wells, gel.capacity // UL) for name, gel in lab.gels.items()} == {
        "mini-10": ("mini", 10, 30), "mini-12": ("mini", 12, 20), "mini-15": ("mini", 15, 15),
        "midi-14": ("midi", 14, 45), "midi-18": ("midi", 18, 30), "midi-26": ("midi", 26, 15),
    }  # fmt: skip
    for name, gel in lab.gels.items():
        plate = lab.labware[name]
        assert (plate.position, plate.rows, plate.columns, plate.capacity, len(plate.all_wells())) == ("lane", 1, gel.wells, gel.capacity, gel.wells)


def test_a_gel_of_a_profile_is_labware_too_and_replaces_its_namesake():
    lab = parse_profile(
        "gels:\n  mini-10: {format: mini, wells: 10, capacity: 50 uL}\n  mini-9: {format: mini, wells: 9, capacity: 40 uL}\n", "my-lab.yml"
    )
    assert lab.labware["mini-10"].capacity == 50 * UL
    assert lab.labware["mini-9"].name == "9-well mini gel"
    assert lab.labware["mini-12"] == default_lab().labware["mini-12"]
    assert sheet("mini-10", "A1:A10", "50 uL/lane", lab)["plates"][0]["labware"] == "10-well mini gel"


def test_a_tube_of_a_profile_needs_only_its_brim():
    lab = parse_profile("labware: {cryo: {name: cryotube, place: tube, brim: 1.8 mL}}\n", "my-lab.yml")
    assert (lab.labware["cryo"].capacity, lab.labware["cryo"].working_range, len(lab.labware["cryo"].all_wells())) == (1800 * UL, (0, 1800 * UL), 1)


@pytest.mark.parametrize(
    ("called", "place"), [("96-well plate", "well"), ("10-well mini gel", "lane"), ("2 mL tube", "tube"), ("5 L bottle", "tube")]
)
def test_what_a_sheet_calls_labware_says_what_its_places_are(called, place):
    assert default_lab().position_of(called) == place
