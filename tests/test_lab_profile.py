"""What a lab has: tanks, rotors, stocks, antibodies, paper; and the example that a lab begins with."""

from __future__ import annotations

import dataclasses
import json
import re
from fractions import Fraction
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from benchsheet.errors import ProtocolError
from benchsheet.lab import Antibody, Lab, default_lab, example_profile, parse_profile
from benchsheet.lab.gel_tanks import plan_runs
from benchsheet.lab.profile import PROFILE_KEYS
from benchsheet.lab.stocks import HOST_SUBCLASSES
from benchsheet.units import parse_quantity

ML, L = 1_000_000, 1_000_000_000
SCHEMA = json.loads(resources.files("benchsheet.lab").joinpath("lab.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

TWO_SMALL = "tanks: [{name: small tank, format: mini, gels: 2, count: 2, buffer: {2: 700 mL}}]\n"
ONE_LARGE = "tanks: [{name: large tank, format: mini, gels: 4, buffer: {2: 700 mL, 4: 1 L}}]\n"


def plain(text):
    """Return a profile as plain JSON data, as any other program would read it."""
    return json.loads(json.dumps(yaml.safe_load(text)))


def filled(runs):
    """Return gels and mL of each tank of each run."""
    return [[(tank.gels, tank.buffer / ML) for tank in run] for run in runs]


# --- tanks -----------------------------------------------------------------------------------------------------------------


# 700 mL a tank for up to 2 gels, 1 L for 3 or 4; runs are as like as can be: 5 gels in places for 4 are 3 and 2.
@pytest.mark.parametrize(
    ("gels", "two_small", "one_large"),
    [
        (1, [[(1, 700)]], [[(1, 700)]]),
        (2, [[(2, 700)]], [[(2, 700)]]),
        (3, [[(2, 700), (1, 700)]], [[(3, 1000)]]),
        (4, [[(2, 700), (2, 700)]], [[(4, 1000)]]),
        (5, [[(2, 700), (1, 700)], [(2, 700)]], [[(3, 1000)], [(2, 700)]]),
        (9, [[(2, 700), (1, 700)]] * 3, [[(3, 1000)]] * 3),
    ],
)
def test_gels_run_in_the_tanks_that_a_lab_has(gels, two_small, one_large):
    assert filled(plan_runs(parse_profile(TWO_SMALL, "lab.yml").tanks, "mini", gels)) == two_small
    assert filled(plan_runs(parse_profile(ONE_LARGE, "lab.yml").tanks, "mini", gels)) == one_large


def test_the_largest_tank_is_filled_first():
    text = "tanks:\n  - {name: small, format: mini, gels: 2, count: 2, buffer: {2: 700 mL}}\n"
    text += "  - {name: large, format: mini, gels: 4, buffer: {4: 1 L}}\n"
    assert filled(plan_runs(parse_profile(text, "lab.yml").tanks, "mini", 7)) == [[(4, 1000), (2, 700), (1, 700)]]


def test_a_gel_that_no_tank_takes_is_refused_as_an_answer():
    with pytest.raises(ProtocolError) as caught:
        plan_runs(parse_profile(TWO_SMALL, "lab.yml").tanks, "midi", 1)
    assert str(caught.value) == "no tank of this lab takes a midi gel\n  hint: did you mean 'mini'?"
    assert caught.value.from_values
    with pytest.raises(ProtocolError) as caught:
        plan_runs(parse_profile("transfer_tanks: []\n", "lab.yml").transfer_tanks, "mini", 1, "transfer tank")
    assert str(caught.value) == "no transfer tank of this lab takes a mini gel\n  hint: its transfer tanks take: none"


# Two cassettes a tank, 1 L each: 3 gels are two transfers of 2 and 1.
def test_gels_are_transferred_in_as_many_cassettes_as_there_are():
    assert filled(plan_runs(default_lab().transfer_tanks, "mini", 3, "transfer tank")) == [[(2, 1000)], [(1, 1000)]]


@given(st.integers(1, 60), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))
def test_every_gel_runs_once_and_no_tank_is_over_full(gels, most, count, more):
    text = f"tanks:\n  - {{name: a, format: mini, gels: {most}, count: {count}, buffer: {{{most}: 1 L}}}}\n"
    text += f"  - {{name: b, format: mini, gels: 1, count: {more}, buffer: {{1: 500 mL}}}}\n" if more else ""
    runs = plan_runs(parse_profile(text, "lab.yml").tanks, "mini", gels)
    held = [sum(tank.gels for tank in run) for run in runs]
    places = most * count + more
    assert sum(held) == gels
    assert len(runs) == -(-gels // places)
    assert max(held) - min(held) <= 1
    for run in runs:
        assert all(1 <= tank.gels <= tank.tank.gels for tank in run)
        assert sum(tank.tank.name == "a" for tank in run) <= count
        assert sum(tank.tank.name == "b" for tank in run) <= more


# --- what else a lab has ----------------------------------------------------------------------------------------------------


# 1.118e-5 x 8.4 cm x 15 000 rpm squared is 21 130 x g; 24 places in rotor and heat block.
def test_the_usual_rotor_is_that_of_the_table_of_equipment():
    rotor = default_lab().equipment["rotor"]
    assert (rotor.name, rotor.places, rotor.radius) == ("microfuge rotor", 24, parse_quantity("8.4 cm"))
    assert rotor.radius
    assert round(Fraction("1.118e-5") * rotor.radius.value / 10_000_000 * 15_000**2) == 21130
    assert (default_lab().equipment["heat-block"].places, default_lab().equipment["heat-block"].radius) == (24, None)
    assert 20 <= default_lab().equipment["rotator"].places <= 40


def test_equipment_of_a_profile_is_added_and_replaces_its_namesake():
    lab = parse_profile("equipment:\n  rotor: {places: 30, radius: 97 mm}\n  shaker: {places: 6}\n", "lab.yml")
    assert (lab.equipment["rotor"].places, lab.equipment["rotor"].name, lab.equipment["rotor"].radius) == (30, "rotor", parse_quantity("9.7 cm"))
    assert lab.equipment["shaker"].places == 6
    assert lab.equipment["heat-block"] == default_lab().equipment["heat-block"]


def test_a_shelf_and_a_freezer_are_empty_until_a_profile_fills_them():
    assert (dict(default_lab().stocks), default_lab().antibodies) == ({}, ())
    text = "stocks: {NaCl: 5 M, SDS: 10 % w/v}\nantibodies:\n  - {target: FAK, host: mouse, subclass: IgG1, clone: 77, dilution: 1000 fold}\n"
    text += "  - {target: rabbit IgG, host: goat, label: HRP}\n"
    lab = parse_profile(text, "lab.yml")
    assert lab.stocks == {"NaCl": parse_quantity("5 M"), "SDS": parse_quantity("10 % w/v")}
    assert lab.antibodies == (
        Antibody(target="FAK", host="mouse", subclass="IgG1", clone="77", dilution=parse_quantity("1000 fold")),
        Antibody(target="rabbit IgG", host="goat", label="HRP"),
    )


@pytest.mark.parametrize("host", HOST_SUBCLASSES)
def test_only_mouse_and_rat_need_a_subclass(host):
    text = f"antibodies: [{{target: X, host: {host}}}]\n"
    if host not in {"mouse", "rat"}:
        assert parse_profile(text, "lab.yml").antibodies[0].host == host
        return
    with pytest.raises(ProtocolError, match="has no subclass"):
        parse_profile(text, "lab.yml")
    assert parse_profile(f"antibodies: [{{target: X, host: {host}, subclass: mixed}}]\n", "lab.yml").antibodies[0].subclass == "mixed"


def test_paper_and_site():
    assert (default_lab().paper, default_lab().site) == ("A4", "")
    lab = parse_profile("paper: Letter\nsite: https://lab.example.org/protocols/\n", "lab.yml")
    assert (lab.paper, lab.site) == ("Letter", "https://lab.example.org/protocols")


# --- what is part of the digest ---------------------------------------------------------------------------------------------

CHANGED = [
    "dead: {tube: 5 uL}",
    "containers: {jar: 1 L}",
    "labware: {cryo: {place: tube, brim: 1.8 mL}}",
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 uL}}",
    TWO_SMALL,
    ONE_LARGE,
    "tanks: []",
    "transfer_tanks: [{name: box, format: mini, cassettes: 2, buffer: 900 mL}]",
    "equipment: {rotor: {name: microfuge rotor, places: 24, radius: 8.5 cm}}",
    "equipment: {rotor: {name: microfuge rotor, places: 30, radius: 8.4 cm}}",
    "stocks: {NaCl: 5 M}",
    "stocks: {NaCl: 4 M}",
    "stocks: {KCl: 5 M}",
    "antibodies: [{target: FAK, host: rabbit}]",
    "antibodies: [{target: FAK, host: goat}]",
    "antibodies: [{target: FAK, host: goat, dilution: 1000 fold}]",
    "antibodies: [{target: FAK, host: goat, label: HRP}]",
    "antibodies: [{target: FAK, host: goat, clone: HRP}]",
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 uL, thickness: 1.5 mm}}",
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 uL, chemistry: Bis-Tris}}",
    "paper: Letter",
    "site: https://lab.example.org",
    "zone: Europe/Vienna",
    "trust: 2 uL",
    "least: 0.3 uL",
    "tolerance: 1 %",
    "overage: {volume: 1 mL}",
    "balances: [{name: scale, from: 1 mg, to: 1 g, step: 1 mg}]",
]


def test_all_that_a_profile_can_change_is_in_the_text_of_the_digest():
    found = [parse_profile(text + "\n", "lab.yml").to_text() for text in ("", *CHANGED)]
    assert len(set(found)) == len(found)


SAME = {
    "stocks: {NaCl: 5 M, KCl: 1 M}": "stocks: {KCl: 1000 mM, NaCl: 5000 mM}",
    "equipment: {a: {places: 1}, b: {places: 2, radius: 84 mm}}": "equipment: {b: {places: 2, radius: 8.4 cm}, a: {places: 1}}",
    "tanks: [{name: x, format: mini, gels: 4, buffer: {4: 1 L, 2: 0.7 L}}]": ONE_LARGE.replace("large tank", "x"),
    "site: https://lab.example.org/": "site: https://lab.example.org",
    "name: upstairs": "",
}


@pytest.mark.parametrize("one", SAME)
def test_equal_profiles_are_equal_text_whatever_the_file_is_called(one):
    assert parse_profile(one + "\n", "one.yml").to_text() == parse_profile(SAME[one] + "\n", "other.yml").to_text()


def test_no_name_of_the_code_is_in_the_text_of_the_digest():
    text = parse_profile("\n".join(CHANGED[:1]) + "\n", "one.yml").to_text()
    for holder in (Lab, *map(type, (default_lab().pipettes[0], default_lab().tanks[0], default_lab().overage, *default_lab().labware.values()))):
        assert holder.__name__ not in re.findall(r"\w+", text)
        for field in dataclasses.fields(holder):
            assert f"{field.name}=" not in text
            assert f'"{field.name}":' not in text


# --- the example --------------------------------------------------------------------------------------------------------------

LINES = example_profile().splitlines()
COMMENTED = [number for number, line in enumerate(LINES) if re.match(r"#  +\S", line)]


def uncommented(*numbers):
    return "\n".join(line[1:] if number in numbers else line for number, line in enumerate(LINES)) + "\n"


def test_the_example_as_it_is_written_is_the_default_lab():
    lab = parse_profile(example_profile(), "my-lab.yml")
    for field in dataclasses.fields(Lab):
        if field.name != "file":
            assert getattr(lab, field.name) == getattr(default_lab(), field.name), field.name
    assert lab.to_text() == default_lab().to_text()


def examples():
    """Return the lines of each example that can be made to count; the two commands at the head are none."""
    return [number for number in COMMENTED if "benchsheet" not in LINES[number]]


@pytest.mark.parametrize("number", examples(), ids=lambda number: LINES[number].strip("# -{")[:25])
def test_each_example_counts_where_its_sign_is_taken_away(number):
    text = uncommented(number)
    assert parse_profile(text, "my-lab.yml").to_text() != default_lab().to_text() or "channels" in LINES[number]
    assert VALIDATOR.is_valid(plain(text))


def test_all_examples_may_count_at_once():
    lab = parse_profile(uncommented(*examples()), "my-lab.yml")
    assert len(examples()) >= 12
    assert [each.host for each in lab.antibodies] == ["rabbit", "mouse", "goat"]
    assert [tank.count for tank in lab.tanks] == [1, 1, 2]
    assert len(lab.stocks) == 4


def test_the_example_has_every_key_with_a_remark_above_or_behind_it():
    keys = [line.partition(":")[0] for line in LINES if re.match(r"[a-z]", line)]
    assert sorted(keys) == sorted(PROFILE_KEYS)
    for number, line in enumerate(LINES):
        if re.match(r"[a-z]", line) and not line.startswith("balances:"):  # explained with the pipettes
            assert LINES[number - 1].startswith("# ") or "#" in line or "#" in LINES[number - 2], line


def test_the_example_is_read_on_any_keyboard():
    assert example_profile().isascii()
    assert max(map(len, LINES)) <= 140


# --- the schema -----------------------------------------------------------------------------------------------------------------


def test_the_schema_is_one_and_takes_the_default_lab():
    Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(plain(example_profile()))
    VALIDATOR.validate({})
    assert sorted(SCHEMA["properties"]) == sorted(PROFILE_KEYS)


@pytest.mark.parametrize("text", sorted({*CHANGED, *SAME, *SAME.values()} - {""}))
def test_the_schema_takes_what_the_reader_takes(text):
    assert [error.message for error in VALIDATOR.iter_errors(plain(text))] == []


def test_the_schema_knows_the_hosts_and_their_subclasses():
    antibody = SCHEMA["$defs"]["antibody"]
    assert antibody["properties"]["host"]["enum"] == list(HOST_SUBCLASSES)
    for host, subclasses in HOST_SUBCLASSES.items():
        for subclass in ("IgG", "IgG1", "IgG2a", "IgG2c", "IgG4", "IgM", "IgY", "mixed"):
            data = {"antibodies": [{"target": "X", "host": host, "subclass": subclass}]}
            assert VALIDATOR.is_valid(data) == (subclass in subclasses), (host, subclass)
