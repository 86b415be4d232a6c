"""A value told of some items of a list by name: read, looked up where it is not told, typed again, and each mistake told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.authoring.cases import branch_values
from benchsheet.authoring.check import check_protocol
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.parameters.telling import describe_parameter
from benchsheet.protocol.source import Source

SPEC = """\
title: Told
version: 1.0.0
parameters:
  dishes: {names: dish, default: "3", min: 1, max: 6}
  colour: {told: dishes, choices: [red, green blue], label: colour}
  dose: {told: dishes, kind: molarity, min: 1 nM, max: 1 mM, label: dose}
  proteins: {text: "yes", default: "FAK,AKT", list: {min: 1, max: 4}}
  host: {told: proteins, text: "yes", else: freezer.host, label: host}
derived:
  real: {from: "dose if known(dose) else '1 uM'", for: dishes}
  second: {from: "beside('dish 2', dishes, real) if 'dish 2' in dishes else '1 uM'"}
checks:
  red: {if: "beside(each, dishes, colour) == 'red'", for: each in dishes, level: note, say: "{each} is red"}
  blank: {if: "not known(beside(each, dishes, colour))", for: each in dishes, level: warn, say: "{each} has no colour"}
  same: {if: "beside(a, dishes, colour) == beside(b, dishes, colour)", for: "a, b in pairs(dishes)", level: note, say: "{a} is like {b}"}
  no-green: {if: "beside(each, dishes, colour) == 'green blue'", for: each in dishes, level: refuse, say: "{each} is green | another colour"}
reagents:
  water: {name: water}
vessels:
  dish: {labware: dish-60, each: dishes}
"""
WORDS = '{% step "Do" %}\n{{ add("water", "1 mL/dish", to="dish/sample") }}\n{% endstep %}\n'
LAB = "antibodies:\n  - {target: FAK, host: mouse, subclass: IgG1}\n  - {target: akt, host: rabbit}\n"


def source(spec: str = SPEC) -> Source:
    return Source(id="told", folder="protocols/told", files={"protocol.yml": spec, "protocol.md.j2": WORDS}, shared_files={})


def sheet(spec: str = SPEC, lab: str = "", **values: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(render(source(spec), values, parse_profile(lab, "my-lab.yml") if lab else None)))
    return found


def told(spec: str = SPEC, **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(source(spec), values)
    return str(caught.value)


def notes(record: dict[str, Any]) -> list[str]:
    return [warning["message"] for warning in record["warnings"]]


def test_nothing_told_is_unknown():
    record = sheet()
    assert record["parameters"]["colour"]["value"] in ([None] * 3, None)
    assert notes(record) == ["dish 1 has no colour", "dish 2 has no colour", "dish 3 has no colour"]
    assert record["invocation"]["command"] == "benchsheet render told"


def test_what_is_told_is_known_whatever_the_order_and_case():
    record = sheet(colour="dish 3: red; DISH 1: Red", dose="dish 2: 5 uM")
    assert notes(record) == ["dish 1 is red", "dish 3 is red", "dish 2 has no colour", "dish 1 is like dish 3"]
    assert record["derived"]["second"]["text"] == "5 µM"
    assert record["invocation"]["command"] == "benchsheet render told --colour 'dish 1: red; dish 3: red' --dose 'dish 2: 5 uM'"


def test_names_of_the_user_are_told_of_too():
    record = sheet(dishes="low,high", colour="high: red")
    assert notes(record) == ["high is red", "low has no colour"]


def test_the_command_of_a_sheet_makes_it_again():
    record = sheet(colour="dish 3: red", dose="dish 1: 0.5 mM; dish 3: 20 nM")
    again = {name: value["text"] for name, value in record["parameters"].items() if value["changed"]}
    assert sheet(**again)["identity"]["inputs"] == record["identity"]["inputs"]


def test_what_is_not_told_is_looked_up():
    """Capitals make no difference in a name: the akt of the lab is AKT."""
    record = sheet(lab=LAB)
    assert record["parameters"]["host"]["text"] == "FAK: mouse IgG1; AKT: rabbit"
    assert not record["parameters"]["host"]["changed"]
    assert sheet(lab=LAB, host="FAK: rat; AKT: goat")["parameters"]["host"]["text"] == "FAK: rat; AKT: goat"


def test_a_refusal_of_a_list_blames_what_was_told():
    assert told(colour="dish 2: green blue") == "--colour: dish 2 is green\n  hint: another colour"


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.integers(1, 6), st.integers(1, 900), max_size=6), st.randoms(use_true_random=False))
def test_each_has_its_own_value(doses, order):
    pairs = [f"dish {number}: {dose} nM" for number, dose in doses.items()]
    order.shuffle(pairs)
    record = sheet(dishes="6", **({"dose": "; ".join(pairs)} if pairs else {}))
    factor = {"umol/L": 1000, "nmol/L": 1}
    found = [value and value["value"] * factor[value["unit"]] for value in record["parameters"]["dose"]["value"]]
    assert found == [pytest.approx(doses[number]) if number in doses else None for number in range(1, 7)]


MISTAKES = {
    "nobody": ("red", "--colour: 'red' does not say whose colour it is\n  hint: write 'dish 1: ...', separated by ';'"),
    "nothing": ("dish 1:", "--colour: 'dish 1:' does not say whose colour it is\n  hint: write 'dish 1: ...', separated by ';'"),
    "somebody else": ("dish 9: red", "--colour: 'dish 9' is not among the dishes\n  hint: known: dish 1, dish 2, dish 3"),
    "twice": ("dish 1: red; dish 1: green blue", "--colour: 'dish 1' is told twice\n  hint: once is enough"),
    "another word": ("dish 1: pink", "--colour: 'pink' is not one of red, green blue\n  hint: one of: red, green blue"),
    "two at once": (
        "pink; dish 8: red",
        (
            "--colour: 'pink' does not say whose colour it is\n  hint: write 'dish 1: ...', separated by ';'\n"
            "--colour: 'dish 8' is not among the dishes\n  hint: known: dish 1, dish 2, dish 3"
        ),
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_cannot_be_read_is_told(case):
    text, message = MISTAKES[case]
    assert told(colour=text) == message


def test_its_limits_hold():
    assert told(dose="dish 1: 2 mM") == "--dose: '2 mM' is not between 1 nM and 1 mM\n  hint: write 1 nM to 1 mM"


def test_a_list_that_cannot_be_read_is_told_once():
    assert (
        told(dishes="9", colour="dish 1: red")
        == "--dishes: '9' is not between 1 and 6\n  hint: write a whole number from 1 to 6, or names separated by ';'"
    )


COLOUR = "  colour: {told: dishes, choices: [red, green blue], label: colour}"
AUTHORS = {
    "of no list": (COLOUR.replace("told: dishes", "told: plates"), "5: 'colour' follows 'plates', which is not a parameter"),
    "of a list below": (
        COLOUR.replace("told: dishes", "told: proteins"),
        "5: 'colour' is told of 'proteins', which stands below it\n  hint: move it down",
    ),
    "with a default": (
        COLOUR.replace("label: colour", "default: red"),
        "5: 'colour' is told of each item, and has 'default' too\n  hint: leave 'default' out; 'else: table.column' is where it is looked up",
    ),
    "as a list": (COLOUR.replace("label: colour", "list: {min: 1, max: 2}"), "5: 'colour' is told of each item, and has 'list' too"),
    "a flag": ("  colour: {told: dishes, flag: yes}", "5: 'colour' is told of each item, and it is not a quantity, number, word or text"),
    "else alone": (
        "  colour: {choices: [red], default: red, else: freezer.host}",
        "5: 'colour' has 'else', and is told of no list\n  hint: add 'told: ...', a list above it, or write 'default: {from: ...}'",
    ),
    "else of no column": (
        COLOUR.replace("label: colour", "else: freezer"),
        "5: 'else: freezer' is not a column of a table\n  hint: write 'else: table.column'",
    ),
    "else of no table": (COLOUR.replace("label: colour", "else: frezer.host"), "5: no table has 'frezer.host'\n  hint: did you mean 'freezer'?"),
    "else of another column": (COLOUR.replace("label: colour", "else: freezer.hosts"), "5: no table has 'freezer.hosts'"),
}


@pytest.mark.parametrize("case", AUTHORS)
def test_a_declaration_that_is_written_wrong_is_told(case):
    new, message = AUTHORS[case]
    assert f"protocols/told/protocol.yml:{message}" in told(SPEC.replace(COLOUR, new))


@pytest.mark.parametrize(
    "text",
    ["beside('a', names)", "beside('z', names, hosts)", "beside('a', names, n)", "beside('a', names, three)"],
)
def test_beside_takes_an_item_and_two_lists_of_one_length(text):
    values = {"names": ("a", "b"), "hosts": ("goat", None), "three": ("x", "y", "z"), "n": 3}
    assert evaluate("beside('a', names, hosts)", values) == "goat"
    assert evaluate("beside('b', names, hosts)", values) is None
    with pytest.raises(ProtocolError, match=r"write beside\(target, targets, hosts\)|name an item of the first list"):
        evaluate(text, values)


def test_its_help_says_how_it_is_typed():
    made = load_protocol(source())
    assert describe_parameter(made.parameters["colour"], made) == "colour (one of red, green blue; optional; for any of dishes)"


def test_check_tries_each_word():
    tried = list(branch_values(load_protocol(source())))
    assert {"dishes": "one", "colour": "one: red"} in tried
    assert {"dishes": "one", "colour": "one: green blue"} in tried
    assert check_protocol(source()).mistakes == []
