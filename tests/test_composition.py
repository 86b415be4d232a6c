"""A protocol inside another: one ledger and one shelf from the tubes of the one to the wells of the other, or the reason why not.

The parent fills each tube with 100 uL; its child puts 20 uL of each tube and 5 uL of dye into a well, and rinses the well twice with
50 uL. The figures below follow from that.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchsheet import library
from benchsheet.authoring.check import check_protocol
from benchsheet.engine import load_protocol, render
from benchsheet.errors import Collector
from benchsheet.protocol.nested import nested_options
from benchsheet.protocol.source import Source
from benchsheet.repipette import content_digest, replay
from benchsheet.yamltree import YamlMap
from tests.composed import AROUND, CHILD, HAZARDS, PARENT, RECIPES, STEPS, WORKS, library_of, pulling, refusal, sheet
from tests.records import titles_before, wells_of


def by(record: dict[str, Any], what: str, key: str = "id") -> dict[str, Any]:
    return {each[key]: each for each in record[what]}


# --- one record, one ledger ------------------------------------------------------------------------------------------------


def test_the_steps_before_the_first_are_left_out_and_the_others_number_on() -> None:
    record = sheet(pulling())
    assert [(step["number"], step["title"]) for step in record["steps"]] == [(1, "Elute"), (2, "Load"), (3, "Rinse"), (4, "Store")]
    assert [titles_before(record, step) for step in record["steps"]] == [
        [],
        ["Elute"],
        ["Elute"],
        ["Rinse"],
    ]  # "Rinse" waits for "Lyse", which is left out


def test_a_tube_of_the_parent_is_the_child_s() -> None:
    """3 x 100 uL of eluate, 20 uL of each into a well: 80 uL stay. The rinses empty the wells."""
    record = sheet(pulling())
    groups = {group["id"]: group for vessel in record["vessels"] for group in vessel["groups"]}
    assert [groups[f"bead/sample {number}"]["volume"]["text"] for number in (1, 2, 3)] == ["80 µL"] * 3
    assert [groups[f"in.plate/sample {number}"]["volume"]["text"] for number in (1, 2, 3)] == ["0 µL"] * 3
    assert not any(name.startswith(("in.lysate", "lysate")) for name in groups)
    (taken,) = {(o["from"], o["each"]["text"]) for o in record["steps"][1]["operations"] if o.get("from") == "bead/sample 1"}
    assert taken == ("bead/sample 1", "20 µL")
    waste = {(item["stream"], item["step"]): item["components"] for item in record["waste"]}
    # 20 of 25 uL at 1 mg/mL, thinned by 2 x 50 uL: 20 uL x 1 mg/mL in 125 uL are 160 ug/mL
    assert waste["drain", 3]["protein"]["text"] == "160 µg/mL"


def test_what_both_take_of_a_shared_recipe_is_one_reagent() -> None:
    """3 tubes x 3 x 400 uL and 3 wells x 2 x 50 uL are 3.9 mL; a tenth of it is stock."""
    record = sheet(pulling())
    reagents = by(record, "reagents")
    assert list(reagents) == ["eluate", "wash", "TBS stock", "TBS salt", "in.dye", "water", "in.concentrate"]
    assert reagents["wash"]["used"]["text"] == "3.9 mL"
    made = by(record, "preparations")
    assert {part["reagent"] for part in made["wash"]["components"]} == {"TBS stock", "water"}
    assert {part["reagent"] for part in made["in.dye"]["components"]} == {"in.concentrate", "water"}
    inside = [part["amount"]["value"] for each in made.values() for part in each["components"] if part["reagent"] == "water"]
    assert len(inside) == 3  # of the wash, of its stock, of the dye
    assert made["in.dye"]["name"] == "blue dye"


def test_a_recipe_that_the_child_has_weaker_is_its_own() -> None:
    record = sheet(pulling(child=CHILD.replace("TBST: {recipe: TBST}", "TBST: {recipe: TBST, contains: {TBS: 0.5 X}}")))
    used = {name: each["used"]["text"] for name, each in by(record, "reagents").items()}
    assert (used["wash"], used["in.TBST"]) == ("3.6 mL", "300 µL")
    assert "in.water" not in used


def test_counts_values_lists_and_references_are_of_both() -> None:
    record = sheet(pulling())
    assert record["counts"] == {"condition": 3, "in.sample": 3, "in.lane": 3}
    assert record["derived"]["in.lanes"]["text"] == "3"
    assert [line["text"] for line in record["totals"]] == ["3 pulled down", "3 lanes, loaded"]
    assert list(by(record, "controls", "name")) == ["dye alone"]
    assert list(by(record, "gates", "name")) == ["front"]
    assert [work["key"] for work in record["citations"]] == ["roe2001"]
    assert {item["disposal"] for item in record["waste"] if item["step"] == 3} == {"the sink"}
    assert {item["disposal"] for item in record["waste"] if item["step"] == 1} == {""}
    assert by(record, "leftovers", "name")["plates"]["disposal"] == "blue waste"
    assert [hazard["name"] for hazard in record["steps"][1]["hazards"]] == ["dye"]
    assert record["steps"][1]["hands_on"]["total"]["text"] == "3 min"  # 1 min/lane, and its lanes are the parent's conditions
    assert [plate["vessel"] for plate in record["plates"]] == ["in.plate"]
    assert {plate["labware"] for plate in record["plates"]} == {"96-well plate"}


def test_a_device_of_one_name_is_one_device_and_one_for_what_is_left_out_is_not_needed() -> None:
    assert [device["id"] for device in sheet(pulling())["equipment"]] == ["shaker"]
    cold = sheet(pulling(child=CHILD.replace("shaker: {name: shaker", 'shaker: {name: "shaker, in the cold"')))
    assert [(device["id"], device["name"]) for device in cold["equipment"]] == [("shaker", "shaker, in the cold")]
    other = sheet(pulling(child=CHILD.replace("shaker: {name: shaker", "shaker: {name: orbital shaker")))
    assert [device["id"] for device in other["equipment"]] == ["shaker", "in.shaker"]
    assert [step["equipment"] for step in other["steps"]] == ["", "in.shaker", "", ""]


def test_a_place_in_the_child_names_the_child_s_file() -> None:
    record = sheet(pulling())
    assert record["steps"][1]["location"] == {"file": "protocols/loading/protocol.md.j2", "line": 6}
    assert record["steps"][1]["operations"][0]["location"] == {"file": "protocols/loading/protocol.md.j2", "line": 7}
    assert record["steps"][3]["location"] == {"file": "protocols/pulling/protocol.md.j2", "line": 5}


def test_steps_of_one_title_are_told_apart() -> None:
    titles = [step["title"] for step in sheet(pulling(around=AROUND.replace("Elute", "Rinse")))["steps"]]
    assert titles == ["Rinse", "Load", "Rinse (in)", "Store"]


def test_a_child_without_a_first_step_is_done_from_its_beginning() -> None:
    spec = PARENT.replace("start: Load, vessels: {lysate: bead}, ", "")
    assert [step["title"] for step in sheet(pulling(spec))["steps"]] == ["Elute", "Lyse", "Load", "Rinse", "Store"]


def test_the_names_of_several_lists_are_one_after_the_other() -> None:
    """2 inputs and 3 conditions are 5 tubes, and 5 wells called as they are."""
    spec = PARENT.replace("  strong:", "  inputs: {names: input, default: 2}\n  strong:")
    spec = spec.replace(
        "  names: {from: conditions}", '  pulled: {from: "\'pulled \' + conditions", for: conditions}\n  tubes: {from: "(inputs, pulled)"}'
    )
    spec = spec.replace("{tubes: conditions,", "{tubes: tubes,").replace("values: {samples: conditions}", "values: {samples: tubes}")
    (plate,) = sheet(pulling(spec))["plates"]
    assert [spot["role"] for spot in wells_of(plate).values()] == ["input 1", "input 2", "pulled a", "pulled b", "pulled c"]


# --- two levels ------------------------------------------------------------------------------------------------------------

OUTER = """\
title: Whole day
summary: for the tests
version: 1.0.0
parameters:
  dishes: {names: dish, default: 2, min: 1, max: 4}
reagents: {cells: {name: cells}}
vessels: {dish: {labware: dish-60, each: dishes}}
uses:
  pull: {protocol: pulling, values: {conditions: dishes}, options: [in_load]}
"""
DAY = '{% step "Grow", hands_on="1 min" %}\nSeed {{ add("cells", "4 mL/dish", to="dish") }}.\n{% endstep %}\n{{ protocol("pull") }}\n'


def whole_day(outer: str = OUTER, day: str = DAY) -> dict[str, Source]:
    return library_of(day=(outer, day), pulling=(PARENT, AROUND), loading=(CHILD, STEPS))


def test_a_protocol_in_one_that_is_in_another() -> None:
    """2 tubes x 3 x 400 uL and 2 wells x 2 x 50 uL are 2.6 mL; 100 - 30 uL stay in a tube."""
    record = sheet(whole_day()["day"], pull_in_load="30 uL")
    assert [step["title"] for step in record["steps"]] == ["Grow", "Elute", "Load", "Rinse", "Store"]
    assert list(by(record, "reagents"))[:3] == ["cells", "pull.eluate", "pull.wash"]
    assert by(record, "reagents")["pull.wash"]["used"]["text"] == "2.6 mL"
    groups = {group["id"]: group["volume"]["text"] for vessel in record["vessels"] for group in vessel["groups"]}
    assert (groups["pull.bead/sample 1"], groups["pull.in.plate/sample 2"]) == ("70 µL", "0 µL")
    assert record["counts"] == {"dish": 2, "pull.condition": 2, "pull.in.sample": 2, "pull.in.lane": 2}
    assert record["steps"][2]["location"]["file"] == "protocols/loading/protocol.md.j2"
    assert record["invocation"]["command"] == "benchsheet render day --pull-in-load '30 uL'"


def test_three_levels_are_too_many() -> None:
    spec = "title: T\nversion: 1.0.0\nparameters: {dishes: {names: dish, default: 2}}\nuses: {d: {protocol: day}}\n"
    found = library_of(top=(spec, '{{ protocol("d") }}\n'), day=(OUTER, DAY), pulling=(PARENT, AROUND), loading=(CHILD, STEPS))
    assert refusal(found["top"]) == (
        "protocols/pulling/protocol.yml:18: top uses day, which uses pulling, which uses loading: more than 2 levels\n"
        "  hint: use the innermost by itself"
    )


def test_a_circle_is_refused_with_its_way() -> None:
    child = CHILD + "uses: {back: {protocol: pulling}}\n"
    assert refusal(pulling(child=child)) == (
        "protocols/loading/protocol.yml:32: pulling uses loading, which uses pulling: a circle\n  hint: let one of them stand for itself"
    )


# --- options ---------------------------------------------------------------------------------------------------------------


def test_an_option_of_the_child_is_one_of_the_parent_with_default_limits_and_help() -> None:
    parameters = load_protocol(pulling()).parameters
    assert list(parameters) == ["conditions", "strong", "in_load", "in_dye"]
    load = parameters["in_load"]
    assert (load.option, load.default, load.low, load.high, load.help) == ("--in-load", "20 uL/well", "10 uL", "40 uL", "of each sample")
    assert parameters["in_dye"].choices == ("blue", "red")


def test_an_option_changes_the_child_the_command_and_the_digest() -> None:
    """100 - 25 uL stay."""
    usual, record = sheet(pulling()), sheet(pulling(), in_load="25 uL", in_dye="red")
    groups = {group["id"]: group for vessel in record["vessels"] for group in vessel["groups"]}
    assert groups["bead/sample 2"]["volume"]["text"] == "75 µL"
    assert record["invocation"]["command"] == "benchsheet render pulling --in-load '25 uL' --in-dye red"
    assert by(record, "reagents")["in.dye"]["name"] == "red dye"
    assert [(warned["code"], warned["message"]) for warned in record["warnings"]] == [("bright", "red fades: --in-dye blue lasts")]
    assert record["identity"]["inputs"] != usual["identity"]["inputs"]


def test_an_option_beyond_its_limits_is_refused_as_the_parent_s() -> None:
    told = "--in-load: '50 uL' is not between 10 µL and 40 µL\n  hint: write 10 uL to 40 uL"
    assert refusal(pulling(), in_load="50 uL") == told


def test_a_refusal_by_the_child_names_the_parent_s_option() -> None:
    assert refusal(pulling(), in_load="36 uL") == "--in-load: 36 µL run over\n  hint: --in-load '35 uL' at most, or --no-rinse"


def test_a_default_that_follows_from_the_child_s_values_stays_its_own() -> None:
    child = CHILD.replace("load: {default: 20 uL/well", "load: {kind: volume, default: {from: \"'15 uL' if dye == 'red' else '20 uL'\"}")
    steps = STEPS.replace("transfer(load,", "transfer(each,")
    child = child.replace("  dye: {choices: [blue, red], default: blue}\n", "").replace(
        "  load:", "  dye: {choices: [blue, red], default: blue}\n  load:"
    )
    child = child.replace("derived:\n", "derived:\n  each: {from: \"per(load, 'well')\"}\n")
    source = pulling(child=child, steps=steps)
    groups = {group["id"]: group for vessel in sheet(source, in_dye="red")["vessels"] for group in vessel["groups"]}
    assert groups["bead/sample 1"]["volume"]["text"] == "85 µL"
    parameter = load_protocol(source).parameters["in_load"]
    assert (parameter.default, parameter.default_from, parameter.default_from_child) == (None, "", True)


def test_the_command_line_shows_and_takes_the_options(cli, tmp_path) -> None:
    for name, (spec, steps) in {"pulling": (PARENT, AROUND), "loading": (CHILD, STEPS)}.items():
        folder = tmp_path / "protocols" / name
        folder.mkdir(parents=True)
        (folder / "protocol.yml").write_text(spec, "utf-8")
        (folder / "protocol.md.j2").write_text(steps, "utf-8")
    shared = tmp_path / "protocols" / "_shared"
    shared.mkdir()
    for name, text in {"recipes.yml": RECIPES, "hazards.yml": HAZARDS, "references.bib": WORKS}.items():
        (shared / name).write_text(text, "utf-8")
    answer = cli("check", "protocols/pulling")
    assert (answer.code, answer.err) == (0, "")
    assert "note: --in-load '40 uL': refused: 40 µL run over" in answer.out
    from benchsheet.cli.help import build_render_parser

    words = build_render_parser(load_protocol(library.load_folder(tmp_path / "protocols" / "pulling"))).format_help()
    assert "--in-load VOLUME" in words
    assert "of each sample (10 µL to 40 µL; default 20 uL/well)" in " ".join(words.split())


# --- values ----------------------------------------------------------------------------------------------------------------


def test_a_value_that_does_not_fit_is_told_at_its_line_and_blamed_on_what_was_typed() -> None:
    seven = "a,b,c,d,e,f,g"
    message = "'conditions' does not fit 'samples' of loading: 7 samples are not between 1 and 6\n  hint: 1 to 6 names, or just their number"
    assert refusal(pulling(), conditions=seven) == f"--conditions: {message}"
    spec = PARENT.replace('"a,b,c"', f'"{seven}"')
    assert refusal(pulling(spec)) == f"protocols/pulling/protocol.yml:18: {message}"


def test_a_value_of_another_kind_is_told_at_its_line() -> None:
    spec = PARENT.replace("values: {samples: conditions}", "values: {samples: conditions, rinse: \"'20 uL'\"}")
    assert refusal(pulling(spec)) == (
        "protocols/pulling/protocol.yml:18: \"'20 uL'\" does not fit 'rinse' of loading: '20 uL' is neither yes nor no\n  hint: write yes or no"
    )


def test_a_check_of_the_child_against_a_value_that_was_handed_on_is_an_answer() -> None:
    spec = PARENT.replace("options: [load, dye]", "options: [dye]").replace("strong:", "amount: {default: 36 uL}\n  strong:")
    spec = spec.replace("values: {samples: conditions}", "values: {samples: conditions, load: amount}")
    told = "loading: 36 µL run over\n  hint: --load '35 uL' at most, or --no-rinse"
    assert refusal(pulling(spec)) == f"protocols/pulling/protocol.yml:19: {told}"
    assert refusal(pulling(spec.replace("36 uL", "30 uL")), amount="36 uL") == f"--amount: {told}"


# --- across the border -----------------------------------------------------------------------------------------------------


def test_a_volume_that_is_broken_by_hand_across_the_border_is_named() -> None:
    """What is left of 100 uL after 20 uL is 80 uL: a record that takes 60 uL into the child's well has another end."""
    record = sheet(pulling())
    operation = record["steps"][1]["operations"][0]
    assert operation["from"] == "bead/sample 1"
    for name in ("each", "total"):
        operation[name] = {"value": 60, "unit": "uL", "text": "60 µL"}
    record["seal"] = content_digest(json.loads(json.dumps(record)))
    wrong = "\n".join(replay(json.dumps(record)).wrong)
    assert "bead/sample 1 ends with 40 µL, not 80 µL" in wrong
    assert "step 2 'Load', transfer bead/sample 1: 60 µL does not stand in the step's words" in wrong


def test_more_than_the_parent_s_tube_holds_is_refused_at_the_child_s_line() -> None:
    assert refusal(pulling(around=AROUND.replace("100 uL/tube", "15 uL/tube"))) == (
        "protocols/loading/protocol.md.j2:7: bead/sample 1 holds 15 µL, and 20 µL are asked of it\n  hint: put more in first, or take less"
    )


def test_the_digest_changes_with_the_child_s_files() -> None:
    usual = render(pulling())["identity"]["inputs"]
    assert render(pulling())["identity"]["inputs"] == usual
    assert render(pulling(steps=STEPS.replace("Load {{", "Put {{")))["identity"]["inputs"] != usual
    assert render(pulling(child=CHILD.replace("1.0.0", "1.0.1")))["identity"]["inputs"] != usual


def test_nothing_of_another_protocol_is_read_where_none_is_used() -> None:
    def never(name: str) -> Source:
        raise AssertionError(name)

    source = library_of(loading=(CHILD, STEPS))["loading"]
    assert sheet(replace(source, load_sibling=never))["counts"] == {"sample": 2, "lane": 2}


# --- what is left out and needed -------------------------------------------------------------------------------------------


def test_a_vessel_that_only_a_step_left_out_would_fill_is_refused_with_the_reason() -> None:
    source = pulling(PARENT.replace("vessels: {lysate: bead}, ", ""))
    told = (
        "protocols/loading/protocol.md.j2:7: in.lysate/sample 1 is empty, and 20 µL are asked of it\n"
        "  hint: loading begins at 'Load' here, and what fills 'lysate' is left out: begin earlier, or name whose it is under 'vessels'"
    )
    assert refusal(source) == told
    assert told in check_protocol(source).mistakes


def test_a_tube_that_only_a_step_left_out_would_make_is_refused_with_the_reason() -> None:
    steps = STEPS.replace(
        "Lyse in", '{{ mix("blend", {"lysis buffer": "1 uL/tube", "water": "9 uL/tube"}, add="10 uL/tube", to="lysate") }}\nLyse in'
    )
    steps = steps.replace('{{ add("dye", "5 uL/well", to="plate/sample") }}', '{{ transfer("5 uL/well", from_="blend", to="plate/sample") }}')
    found = refusal(pulling(steps=steps))
    assert found == (
        "protocols/loading/protocol.md.j2:8: no vessel 'blend'\n"
        "  hint: loading begins at 'Load' here, and what fills 'blend' is left out: begin earlier, or name whose it is under 'vessels'"
    )


def test_a_vessel_of_the_parent_that_is_still_empty_is_refused() -> None:
    around = '{{ protocol("in") }}\n' + AROUND.replace('{{ protocol("in") }}\n', "")
    assert refusal(pulling(around=around)) == (
        'protocols/loading/protocol.md.j2:7: bead/sample 1 is empty, and 20 µL are asked of it\n  hint: fill "bead" before {{ protocol("in") }}'
    )


@pytest.mark.parametrize("more", ['{{ wash("water", "7 uL/well", of="plate/sample") }}', '{{ add("water", "7 uL/well", to="plate/sample") }}', ""])
@pytest.mark.parametrize("where", ["here", "in a file"])
def test_a_vessel_that_a_step_left_out_would_have_filled_is_refused_before_more_is_poured_onto_it(more: str, where: str) -> None:
    """Nothing is amiss with what is poured: the wells are emptier than they should be, and only the nested protocol alone tells."""
    laid_out = 'Lay out {{ add("water", "7 uL/well", to="plate/sample") }}.'
    included = '{% include "lay_out.j2" %}'
    steps = STEPS.replace("Lyse in", f"{laid_out if where == 'here' else included} Lyse in").replace("Load {{", f"{more} Load {{{{")
    steps = steps.replace('wells = "plate/', 'wells = "pla" ~ "te/')  # or this line names the vessel too
    source = pulling(steps=steps)
    load = source.load_sibling
    assert load is not None
    source = replace(source, load_sibling=lambda name: replace(load(name), files={**load(name).files, "lay_out.j2": laid_out}))
    told = (
        "protocols/pulling/protocol.yml:18: loading needs 'plate' in 'Load' as it is after 'Lyse', which is left out\n"
        "  hint: begin earlier, or name whose it is under 'vessels'"
    )
    assert refusal(source) == told
    assert told in check_protocol(source).mistakes
    assert check_protocol(pulling(steps=STEPS.replace("Load {{", f"{more} Load {{{{"))).mistakes == []


# --- mistakes --------------------------------------------------------------------------------------------------------------

USE = "  in: {protocol: loading, start: Load, vessels: {lysate: bead}, values: {samples: conditions}, options: [load, dye]}"
HERE = "protocols/pulling/protocol.yml"


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ("protocol: loadin,", f"{HERE}:18: no protocol 'loadin'\n  hint: protocols: pulling, loading"),
        ("protocol: ../loading,", f"{HERE}:18: '../loading' is not a name of a protocol\n  hint: write the name of its folder"),
        ("protocol: loading, start: Laod,", f"{HERE}:18: loading has no step 'Laod'\n  hint: did you mean 'Load'?"),
        ("protocol: loading, vessels: {lysat: bead},", f"{HERE}:18: loading has no vessel 'lysat'\n  hint: did you mean 'lysate'?"),
        ("protocol: loading, start: Load, vessels: {lysate: beads},", f"{HERE}:18: no vessel 'beads'\n  hint: did you mean 'bead'?"),
        ("protocol: loading, options: [loda],", f"{HERE}:18: loading has no parameter 'loda'\n  hint: did you mean 'load'?"),
        ("protocol: loading, options: [load, load],", f"{HERE}:18: 'load' is there twice under 'options'\n  hint: name it once"),
        (
            "protocol: loading, values: {load: \"'10 uL'\"}, options: [load],",
            f"{HERE}:18: 'load' is handed on under 'values' and set under 'options'\n  hint: keep one of them",
        ),
        ("protocol: loading, values: {sample: conditions},", f"{HERE}:18: loading has no parameter 'sample'\n  hint: did you mean 'samples'?"),
        ("protocol: loading, values: {samples: condition},", f"{HERE}:18: 'condition' is not declared above\n  hint: did you mean 'conditions'?"),
        (
            "protocol: loading, begin: Load,",
            f"{HERE}:18: a protocol in another has no 'begin'\n  hint: known: protocol, start, vessels, values, options, words",
        ),
        ("start: Load,", f"{HERE}:18: a protocol in another needs a 'protocol'\n  hint: add a line 'protocol: ...'"),
    ],
)
def test_a_mistake_under_uses_is_told_with_the_way_out(instead: str, told: str) -> None:
    spec = PARENT.replace(USE, f"  in: {{{instead.rstrip(',')}}}")
    assert refusal(pulling(spec)) == told


def test_an_option_that_is_called_as_a_parameter_is_refused() -> None:
    spec = PARENT.replace("strong:", "in_dye:")
    assert refusal(pulling(spec)) == f"{HERE}:18: 'in_dye' is a parameter already\n  hint: choose another name for one of them"


def test_a_name_under_uses_is_a_word() -> None:
    spec = PARENT.replace("  in: {", "  In_2: {")
    assert refusal(pulling(spec)) == f"{HERE}:18: 'In_2' is not a name for a protocol in another\n  hint: small letters and digits, at most 16"


@pytest.mark.parametrize(
    ("around", "told"),
    [
        (
            AROUND + '{{ protocol("in") }}\n',
            "8: protocol('in') is called twice\n  hint: call it once; 'uses' may name the same protocol again, under another name",
        ),
        (AROUND.replace('"in"', '"im"'), "4: no protocol 'im' under 'uses'\n  hint: did you mean 'in'?"),
        (
            AROUND.replace('{{ protocol("in") }}\n', "").replace("Freeze.", '{{ protocol("in") }}'),
            "5: protocol('in') is inside step 'Store'\n  hint: put it between two steps, after {% endstep %}",
        ),
    ],
)
def test_a_call_at_the_wrong_place_is_told_at_its_line(around: str, told: str) -> None:
    assert refusal(pulling(around=around)) == f"protocols/pulling/protocol.md.j2:{told}"


def test_a_protocol_that_is_never_called_is_told_at_its_line() -> None:
    found = refusal(pulling(around=AROUND.replace('{{ protocol("in") }}\n', "")))
    assert found == f"{HERE}:18: 'in' stands under 'uses' and is never called\n  hint: write {{{{ protocol(\"in\") }}}} between two steps"


def test_a_mistake_in_the_child_s_files_is_told_in_the_child_s_files() -> None:
    assert refusal(pulling(steps=STEPS.replace('"dye", "5', '"die", "5'))).startswith("protocols/loading/protocol.md.j2:7: no reagent 'die'")
    assert refusal(pulling(child=CHILD.replace("count: lane", "counts: lane"))).startswith("protocols/loading/protocol.yml:11: ")


@pytest.mark.parametrize(
    ("bead", "told"),
    [
        (
            "{tubes: conditions, holds: 1 mL, role: bead}",
            "'lysate' of loading has 'sample 1', and 'bead' has none\n  hint: it has: bead 1, bead 2, bead 3",
        ),
        (
            "{labware: plate-96, each: conditions, copies: 2}",
            "'bead' has 2 of 'sample 1', and 'lysate' of loading 1\n  hint: let both be as many",
        ),
    ],
)
def test_places_that_are_no_namesakes_are_refused(bead: str, told: str) -> None:
    spec = PARENT.replace("{tubes: conditions, holds: 1 mL, role: sample}", bead)
    around = AROUND.replace("bead/sample", "bead").replace("/tube", "/well" if "plate" in bead else "/tube").replace("400 uL", "300 uL")
    assert refusal(pulling(spec, around)) == f"{HERE}:18: {told}"


def test_a_lane_that_would_be_called_after_another_sample_is_refused() -> None:
    spec = PARENT.replace("values: {samples: conditions}", "values: {samples: \"'c,b,a'\"}")
    assert refusal(pulling(spec)) == (
        f"{HERE}:18: 'sample 1' is for 'c' in 'lysate' of loading, and for 'a' in 'bead'\n"
        "  hint: hand on the names of that vessel under 'values', in its order"
    )


def test_a_component_in_two_kinds_is_refused_where_the_two_would_meet() -> None:
    found = refusal(pulling(PARENT.replace("{protein: 1 mg/mL}", "{dye: 1 mg/mL}")))
    assert found == (
        "protocols/loading/protocol.yml:18: dye is 1 % w/v in 'in.dye' and 1 mg/mL in 'eluate'\n"
        "  hint: tell both as mass concentration: they may meet, in a vessel or in the waste\n"
        "protocols/loading/protocol.yml:19: dye is 10 % w/v in 'in.concentrate' and 1 mg/mL in 'eluate'\n"
        "  hint: tell both as mass concentration: they may meet, in a vessel or in the waste"
    )


# --- the real thing --------------------------------------------------------------------------------------------------------

EXTRACT = """\
title: Extracting
summary: for the tests
version: 1.0.0
parameters:
  conditions: {names: condition, default: "ctrl,low,high", min: 1, max: 12}
reagents:
  eluate: {name: eluate in sample buffer}
  TBST: {recipe: TBST, dispensed: poured}
vessels:
  eluate: {tubes: conditions, holds: 1 mL}
  box: {holds: 50 mL, place: box}
uses:
  blot:
    protocol: western-blot
    start: Load and run the gel
    vessels: {lysate: eluate}
    values: {samples: conditions, lysis: "'A'"}
    options: [membrane, targets, strip, loading_control]
"""
ELUTE = """\
{% step "Elute", hands_on="10 min" %}
Rinse with {{ wash("TBST", "10 mL/box", of="box", times=3, to="drain") }}. Take up in {{ add("eluate", "60 uL/tube", to="eluate") }}.
{% endstep %}
{{ protocol("blot") }}
"""


def extracting() -> Source:
    srb = library.load_source("srb")
    return Source(
        id="extract",
        folder="protocols/extract",
        files={"protocol.yml": EXTRACT, "protocol.md.j2": ELUTE},
        shared_files=srb.shared_files,
        load_sibling=library.load_source,
    )


def test_a_small_protocol_ends_in_the_real_blot() -> None:
    """3 samples, a ladder and two controls are 6 lanes of one gel; 60 - 20 uL stay in a tube.

    TBST: 30 mL of its own, 6 x 15 mL for each of 3 probings, 2 x 15 mL after each of 2 rounds of stripping, 15 mL to rinse and
    10 mL to keep it wet before each; for each of 2 checks of a strip 3 x 15 mL, 15 mL and 10 mL; and for the BSA in it
    3 x 10 mL to block, 3 x 10 mL to dilute a primary and 5 x 10 mL a secondary, each with a tenth more: 121 mL, to the mark of a
    cylinder, of which the solid takes a part.
    """
    record = sheet(extracting())
    assert record["steps"][1]["title"] == "Load and run the gel"
    assert (record["counts"]["blot.lane"], record["counts"]["blot.gel"]) == (6, 1)
    (gel,) = record["plates"]
    assert [wells_of(gel)[f"A{lane}"]["role"] for lane in range(1, 8)] == ["ladder", "positive", "negative", "ctrl", "low", "high", "empty"]
    groups = {group["id"]: group["volume"]["text"] for vessel in record["vessels"] for group in vessel["groups"]}
    assert {groups[f"eluate/sample {number}"] for number in (1, 2, 3)} == {"40 µL"}
    assert not any(name.startswith(("blot.dish", "blot.lysate")) for name in groups)
    tbst = by(record, "reagents")["TBST"]
    assert "blot.TBST" not in by(record, "reagents")
    assert tbst["used"]["value"] == pytest.approx(30 + 3 * 6 * 15 + 2 * 2 * 15 + 2 * (15 + 10) + 2 * (45 + 15 + 10) + 121, abs=1.1)


def test_the_protocol_in_the_guide_makes_the_sheet_that_it_tells_of() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "guide" / "composition.md").read_text("utf-8")
    (spec,), (steps,) = (re.findall(rf"^```{kind}\n(.*?)^```", guide, re.MULTILINE | re.DOTALL) for kind in ("yaml", "jinja"))
    files = {"protocol.yml": spec, "protocol.md.j2": steps}
    record = render(
        Source(
            id="pull-down",
            folder="protocols/pull-down",
            files=files,
            shared_files=library.load_source("srb").shared_files,
            load_sibling=library.load_source,
        )
    )
    assert replay(json.dumps(record)).wrong == []
    groups = {group["id"]: group["volume"]["text"] for vessel in record["vessels"] for group in vessel["groups"]}
    assert [groups[f"eluate/sample {number}"] for number in range(1, 7)] == ["40 µL"] * 6
    assert record["counts"]["blot.lane"] == 9
    (gel,) = record["plates"]
    assert [wells_of(gel)[f"A{lane}"]["role"] for lane in (4, 6, 7, 9)] == ["input ctrl", "input high", "pulled ctrl", "pulled high"]
    rows = guide.split("| key | says |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", rows, re.MULTILINE) == ["protocol", "start", "vessels", "values", "options", "words"]


def test_the_real_blot_can_be_entered_with_every_choice_of_its_options() -> None:
    report = check_protocol(extracting())
    assert report.mistakes == []
    refused = [note for note in report.notes if "refused" in note]  # a target too light for the gel, a lab with one pipette
    assert report.renders == report.replays + len(refused)


@pytest.mark.parametrize("others", [("primary_strength", "primary_stock"), ("primary_stock",), ()])
def test_a_way_out_of_the_child_names_the_options_that_the_parent_has(others: tuple[str, ...]) -> None:
    """The blot says ``an amount ... '2500 fold'; or --primary-strength ... --primary-stock ...``: its host has both as its own, or says the first."""
    blot = load_protocol(library.load_source("co-ip")).nested_protocols["blot"]
    options = nested_options([replace(blot, options=("primary_dilution", *others))], YamlMap({}), mistakes := Collector())
    mistakes.raise_all()
    whole = blot.child.parameters["primary_dilution"].other
    first = whole.partition("; ")[0]
    renamed = whole.replace("--primary", "--blot-primary")
    assert whole.count("--primary") == 2
    assert options["blot_primary_dilution"].other == (renamed if len(others) == 2 else first)
