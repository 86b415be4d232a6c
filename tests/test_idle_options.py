"""An option of a protocol within another that only steps left out would use is told: 'is given, and nothing here uses it'."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.engine import load_protocol, render
from benchsheet.protocol.source import Source
from tests.composed import AROUND, CHILD, PARENT, STEPS, library_of, pulling, sheet
from tests.test_composition import DAY, OUTER

LYSING = CHILD.replace("derived:\n", "  lysed_in: {kind: volume, default: 200 uL, min: 10 uL, max: 1 mL}\nderived:\n", 1)
LYSE = STEPS.replace('"200 uL/tube"', "lysed_in")
HOST = """\
title: Extraction
version: 1.0.0
parameters: {conditions: {names: condition, default: "ctrl,low,high"}}
reagents: {eluate: {name: eluate in sample buffer, dispensed: tube}}
vessels: {eluate: {tubes: conditions, holds: 1 mL}}
uses:
  blot:
    {protocol: western-blot, start: Load and run the gel, vessels: {lysate: eluate}, values: {samples: conditions, lysis: "'A'"}, options: [OPTIONS]}
"""
ELUTE = '{% step "Elute", hands_on="10 min" %}\nTake up in {{ add("eluate", "60 uL/tube", to="eluate") }}.\n{% endstep %}\n{{ protocol("blot") }}\n'
LEFT_OUT = {"vessel": "60 mm", "treated": "48 h", "seeded": "500000 cells", "spin_at": "25 degC"}
KEPT = {"membrane": "nitrocellulose", "load": "15 uL", "primary_dilution": "FAK: 500 fold"}
USUAL = {"treated": "1 h", "load": "20 uL", "assay": "none", "membrane": "PVDF", "together": "1"}  # what it is without being given


def idle(made: Source, **values: str) -> list[str]:
    return [
        each["message"].partition(" is given, and nothing here uses it")[0] for each in render(made, values)["warnings"] if each["code"] == "unused"
    ]


def blotting(*options: str) -> Source:
    files = {"protocol.yml": HOST.replace("OPTIONS", ", ".join(options)), "protocol.md.j2": ELUTE}
    shared = library.load_source("srb").shared_files
    return Source(id="extract", folder="protocols/extract", files=files, shared_files=shared, load_sibling=library.load_source)


def test_a_volume_of_a_step_that_is_left_out_is_told() -> None:
    # the child lyses in it before 'Load', with which the parent begins
    made = library_of(pulling=(PARENT.replace("[load, dye]", "[load, dye, lysed_in]"), AROUND), loading=(LYSING, LYSE))["pulling"]
    assert idle(made, in_lysed_in="300 uL", in_load="30 uL") == ["--in-lysed-in 300 uL"]
    assert idle(made, in_lysed_in="200 uL") == []
    assert "300 uL" not in str(sheet(pulling(), in_load="30 uL")["warnings"])


def test_it_is_told_two_levels_in() -> None:
    spec, inner = OUTER.replace("[in_load]", "[in_load, in_lysed_in]"), PARENT.replace("[load, dye]", "[load, lysed_in]")
    made = library_of(day=(spec, DAY), pulling=(inner, AROUND), loading=(LYSING, LYSE))["day"]
    assert idle(made, pull_in_lysed_in="300 uL", pull_in_load="30 uL") == ["--pull-in-lysed-in 300 uL"]


@pytest.mark.parametrize(("values", "told"), [(LEFT_OUT, True), (KEPT, False), (USUAL, False)])
def test_of_the_blot_s_options_those_of_cells_and_lysis_are_told_and_no_other(values: dict[str, str], told: bool) -> None:
    made = blotting(*values)
    for name, text in values.items():
        option = load_protocol(made).parameters[f"blot_{name}"].option
        assert [each.partition(" ")[0] for each in idle(made, **{f"blot_{name}": text})] == [option] * told
