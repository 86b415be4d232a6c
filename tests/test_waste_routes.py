"""What has to go into a waste of its own is told wherever an author lets it go elsewhere: every row with a route, in every stream."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from benchsheet import library
from benchsheet.authoring.check import check_protocol
from benchsheet.engine import render
from benchsheet.protocol.source import Source
from benchsheet.protocol.substances import Substances
from benchsheet.protocol.tables import parse_table
from benchsheet.repipette import replay

SHARED = library.load_source("srb").shared_files
HAZARDS = Substances(parse_table("hazards", SHARED["hazards.yml"], "hazards.yml"))
DRAIN = "the drain, if your site allows"
PROTOCOL = """\
title: a rinse
version: 1.0.0
parameters: {{plates: {{count: plate, default: 1, min: 1, max: 2}}}}
reagents: {{liquid: {reagent}}}
waste: {{tank: "{disposal}"}}
vessels: {{plate: {{labware: plate-6, count: plates, groups: {{all: rest}}}}}}
"""
TEMPLATE = '{% step "Rinse" %}\n{{ add("liquid", "1 mL/well", to="plate/all") }}, off: {{ remove(from_="plate/all", to="tank") }}\n{% endstep %}\n'


def own(reagent: str, disposal: str) -> Source:
    files = {"protocol.yml": PROTOCOL.format(reagent=reagent, disposal=disposal), "protocol.md.j2": TEMPLATE}
    return Source(id="own", folder="own", files=files, shared_files=SHARED, shared_folder="shared")


def told(record: Any) -> list[str]:
    return [warning["message"] for warning in record["warnings"] if warning["code"] == "waste-route"]


def test_vanadate_in_a_stream_of_the_authors_own_is_told_by_render_and_check():
    source = own("{name: rinse, contains: {Na3VO4: 1 mM}}", DRAIN)
    record = render(source, {})
    message = "Na3VO4 (1 mM) goes into the tank waste, whose words do not say where it has to go: heavy metal waste"
    assert told(record) == [f"{message}; take it off into another stream, or say the route under waste"]
    assert replay(json.dumps(record)).wrong == []
    assert any("Na3VO4 (1 mM) goes into the tank waste" in mistake for mistake in check_protocol(source).mistakes)
    assert told(render(own("{name: rinse, contains: {Na3VO4: 1 mM}}", "heavy metal waste"), {})) == []


@pytest.mark.parametrize("row", [row for row in HAZARDS.table.rows if HAZARDS.routes_of(row)])
def test_each_row_with_a_route_is_told_in_a_drain_and_not_in_its_own_waste(row: str):
    for stream, disposal in [("drain", DRAIN), ("rinse", ""), ("liquids", "the sink with much water, never heavy metal waste")]:
        assert not HAZARDS.is_routed(row, stream, disposal)
    assert HAZARDS.is_routed(row, "bottle", HAZARDS.cell(row, "waste"))


def test_a_stream_that_denies_a_route_does_not_say_it():
    streams = "halogenated acid waste", "non-halogenated acids", "halogen-free waste", "acids, not halogenated"
    assert [HAZARDS.is_routed("TCA", stream, "") for stream in streams] == [True, False, False, False]
    assert HAZARDS.is_routed("methanol", "organic solvents, non-halogenated", "")


@pytest.mark.parametrize("row", ["water", "PBS", "glycine", "BSA"])
def test_what_may_go_anywhere_is_not_told(row: str):
    assert HAZARDS.is_routed(row, "drain", DRAIN)


@pytest.mark.parametrize(
    ("reagent", "is_told"),
    [
        ("{name: methanol}", True),
        ("{name: wash, contains: {methanol: 20 % v/v}}", True),
        ("{name: wash, contains: {methanol: 2 % v/v}}", False),  # below 3 % it is not told
        ("{name: drug of the day, hazards: [drug]}", True),
        ("{name: rinse, contains: {orthovanadate: 1 uM}}", True),
        ("{name: rinse, hazards: [sodium azide]}", True),
        ("{name: chloroform}", True),
        ("{name: rinse, contains: {NaCl: 1 M}}", False),
    ],
)
def test_a_liquid_is_followed_whether_it_is_named_or_contained(reagent: str, is_told: bool):
    assert bool(told(render(own(reagent, DRAIN), {}))) is is_told


# --- where, and what is left over ------------------------------------------------------------------------------------------


def leaving(name: str, disposal: str, reagent: str = "{name: rinse}", steps: str = TEMPLATE) -> Source:
    source = own(reagent, DRAIN)
    text = f'{source.files["protocol.yml"]}leftovers: {{"{name}": "{disposal}"}}\n'
    return replace(source, files={"protocol.yml": text, "protocol.md.j2": steps})


def test_check_names_the_line_of_the_act_and_of_what_is_left_over():
    found = check_protocol(own("{name: rinse, contains: {Na3VO4: 1 mM}}", DRAIN)).mistakes
    assert any(mistake.startswith("own/protocol.md.j2:2: step 'Rinse': Na3VO4 (1 mM) goes into the tank waste") for mistake in found)
    found = check_protocol(leaving("old methanol", DRAIN)).mistakes
    assert [mistake.partition(", whose")[0] for mistake in found] == ["own/protocol.yml:7: methanol is in what is left over as 'old methanol'"]


ROUTED = [row for row in HAZARDS.table.rows if HAZARDS.routes_of(row)]


@pytest.mark.parametrize("row", ROUTED[:: max(1, len(ROUTED) // 12)])
@pytest.mark.parametrize("form", ["named", "reagent", "vessel"])
def test_what_is_left_over_is_judged_by_what_it_is_called_after(row: str, form: str):
    """It names the substance, or a reagent or a vessel that holds it."""
    name = {"named": f"left-over {row}", "reagent": "old rinse", "vessel": "plates and tips"}[form]
    reagent = (
        "{name: water}" if form == "named" else f'{{name: rinse, hazards: ["{row}"]}}' if form == "reagent" else f'{{name: x, hazards: ["{row}"]}}'
    )
    steps = TEMPLATE if form != "vessel" else TEMPLATE.replace(', off: {{ remove(from_="plate/all", to="tank") }}', "")
    messages = [said for said in told(render(leaving(name, DRAIN, reagent, steps), {})) if "left over" in said]
    assert [said for said in messages if said.startswith(row)], messages
    waste = HAZARDS.cell(row, "waste")
    assert not [said for said in told(render(leaving(name, waste, reagent, steps), {})) if "left over" in said and said.startswith(row)]


@pytest.mark.parametrize("name", ["gels", "buffer", "plates"])
def test_what_is_left_over_of_nothing_harmful_is_not_judged(name: str):
    assert told(render(leaving(name, DRAIN), {})) == []
