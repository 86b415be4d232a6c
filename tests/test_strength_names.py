"""The name of a reagent tells the strength that it is made at, and one name is one reagent."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.markdown import format_markdown
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.yamltree import parse_yaml_map

SHARED = library.load_shared_files()
ROWS = parse_yaml_map(SHARED["recipes.yml"], "recipes.yml").mapping("rows")
WORDS = '{% step "Do" %}\n{{ add("it", "1 mL/well", to="dish/wells") }}\n{% endstep %}\n'


def sheet(reagents: str, parameters: str = "", **given: str) -> Any:
    spec = (
        f"title: Toy\nversion: 1.0.0\nparameters:\n  dishes: {{count: dish, default: 1, min: 1, max: 4}}\n{parameters}"
        f"reagents:\n{reagents}vessels:\n  dish: {{labware: plate-6, count: dishes, groups: {{wells: rest}}}}\n"
    )
    made = Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": WORDS}, shared_files=SHARED)
    record: Any = json.loads(json.dumps(render(made, given)))
    assert replay(json.dumps(record)).wrong == []
    return record


def refused(reagents: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        sheet(reagents)
    return str(caught.value)


def test_a_gel_of_eight_percent_is_called_so():
    parameters = "  percent: {default: 8 % w/v}\n"
    made = format_markdown(sheet("  it: {recipe: 10 % resolving gel, contains: {acrylamide: percent}}\n", parameters))
    assert "resolving gel mix, 8 %" in made
    assert "resolving gel mix, 10 %" not in made
    assert "resolving gel mix, 12.5 %" in format_markdown(
        sheet("  it: {recipe: 10 % resolving gel, contains: {acrylamide: percent}}\n", parameters, percent="12.5 % w/v")
    )


@pytest.mark.parametrize(
    ("recipe", "component", "strength", "name"),
    [
        ("1 M Tris pH 8.0", "Tris", "500 mM", "500 mM Tris-HCl, pH 8.0"),
        ("5 M NaCl", "NaCl", "2 M", "2 M NaCl"),
        ("10 % SDS", "SDS", "20 % w/v", "20 % (w/v) SDS"),
        ("IP buffer", "NP-40", "0.5 % v/v", "IP buffer, 0.5 % NP-40"),
    ],
)
def test_a_changed_recipe_is_called_by_its_own_strength(recipe, component, strength, name):
    made = sheet(f"  it: {{recipe: {recipe}, contains: {{{component}: {strength}}}}}\n")
    assert any(reagent["name"].startswith(name) for reagent in made["preparations"]), [one["name"] for one in made["preparations"]]


def tells(name: str, strength: str) -> bool:
    """Return whether *name* has the number of *strength* with the first sign of its unit behind it: 10 %, 10x, 1 M."""
    number, _, unit = strength.partition(" ")
    return re.search(rf"(?<![\w.]){re.escape(number)} ?{unit[0]}(?![\w])", name, re.IGNORECASE) is not None


CHANGED = [
    (row, component)
    for row in ROWS
    for component in ROWS.mapping(row).mapping("contains")
    if tells(ROWS.mapping(row).text("name", row), ROWS.mapping(row).mapping("contains").text(component))
]


@pytest.mark.parametrize(("row", "component"), CHANGED)
def test_no_recipe_keeps_the_strength_that_was_changed(row, component):
    """Each strength in the name of a shared recipe, three quarters of it: the old one stands nowhere on the sheet for this bottle."""
    old = ROWS.mapping(row).mapping("contains").text(component)
    number, _, unit = old.partition(" ")
    less = f"{float(number) * 0.75:g}"
    record = sheet(f"  it: {{recipe: {row}, contains: {{{component}: {less} {unit}}}}}\n")
    name = next(one["name"] for one in [*record["preparations"], *record["reagents"]] if one["id"] == "it")
    others = [text for other, text in ROWS.mapping(row).mapping("contains").items() if other != component]
    assert not tells(name, old) or any(other.split()[0] == number for other in others)


def test_a_strength_that_the_name_does_not_tell_is_added():
    made = sheet("  it: {recipe: RIPA, contains: {NaCl: 300 mM}}\n")
    assert "RIPA, 50 mM Tris pH 8.0, 300 mM NaCl" in [one["name"] for one in made["preparations"]]


def test_a_name_of_another_strength_is_refused():
    found = refused("  it: {recipe: 5 M NaCl, name: 5 M NaCl, contains: {NaCl: 2 M}}\n")
    assert found.endswith("'5 M NaCl' contains 2 M NaCl\n  hint: let the name say what is made, or leave the name out")
    assert "'50 % (w/v) TCA' contains 20 % w/v TCA" in refused("  it: {name: 50 % (w/v) TCA, contains: {TCA: 20 % w/v}}\n")


@pytest.mark.parametrize(
    ("recipe", "name", "own"), [("10 % resolving gel", "8 % gel", "10 % w/v acrylamide"), ("4x SDS sample buffer", "2x Laemmli", "4 X")]
)
def test_a_name_of_a_strength_that_nothing_has_is_refused(recipe, name, own):
    found = refused(f"  it: {{recipe: {recipe}, name: {name}}}\n")
    assert f"'{name}' contains no {name.split(' gel')[0].split(' L')[0]} of anything" in found
    assert own in found


MIXTURES = {
    "10x TBS": ("TBS", {"Tris base": 200 * 121.14, "NaCl": 1370 * 58.44}),
    "10x running buffer": ("running buffer", {"Tris base": 250 * 121.14, "glycine": 1920 * 75.07}),
    "4x SDS sample buffer": ("SDS sample buffer", {"DTT": 400 * 154.25}),
}  # recipe: what it is so many times of, and the mg in a litre at the strength written there


@pytest.mark.parametrize("recipe", MIXTURES)
def test_half_the_strength_of_a_mixture_is_half_of_everything_in_it(recipe):
    """5x TBS has half the Tris and half the salt of 10x TBS, and not another label."""
    component, masses = MIXTURES[recipe]
    half = int(recipe.partition("x")[0]) // 2
    changed = f"  it: {{recipe: {recipe}, contains: {{{component}: %s}}}}\n"
    for made in (sheet(changed % f"{half} X"), sheet(changed % "times", f"  times: {{default: {half} X}}\n")):
        [bottle] = [one for one in made["preparations"] if one["id"] == "it"]
        assert bottle["name"].startswith(f"{half}x ")
        litres = bottle["volume"]["value"] / (1 if bottle["volume"]["unit"] == "L" else 1000)
        weighed = {part["reagent"]: part["amount"] for part in bottle["components"]}
        for solid, mass in masses.items():
            found = weighed[solid]["value"] * (1000 if weighed[solid]["unit"] == "g" else 1)
            assert found == pytest.approx(mass * litres / 2, rel=0.002), solid


def test_one_name_of_two_reagents_is_refused():
    """1 M NaCl is made from the 5 M one, and both are called buffer."""
    two = "  it: {name: buffer, contains: {NaCl: 1 M}, make: {from: other, rest: water}}\n  other: {name: Buffer, contains: {NaCl: 5 M}}\n"
    assert "'it' and 'other' are both called 'Buffer', and are not the same\n  hint: give one another name" in refused(two)
    assert sheet(two.replace("Buffer", "strong buffer"))["steps"]
