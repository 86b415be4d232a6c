"""A percent by mass is refused wherever a volume would follow from it, but with its density: 37 % w/w HCl of 1.19 g/mL has 44 g in 100 mL.

Handbook densities show what reckoning it by volume costs: 1 L of 10 % w/w sulfuric acid (1.066 g/mL) takes 59.2 mL of 98 % w/w
(1.836 g/mL); 10/98 of 1 L are 102 mL, 183.6 g of acid, 16.9 % w/w. What is reckoned by mass alone stays.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet.calculators import CALCULATORS
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import content_digest, replay
from benchsheet.run.verbs import VERBS
from benchsheet.units import CONCENTRATIONS, parse_quantity

WHY = "is a percent by mass: no volume follows from it without the density"
WAY = "give the density with it, like '37 % w/w at 1.19 g/mL'; or write M, mg/mL or % w/v, as the label says"

SPEC = """\
title: Acid
version: 1.0.0
parameters:
  plates: {count: plate, default: 1}
  strength: {kind: concentration, default: 10 mM, min: 1 nM or 1 ng/mL, max: 1 M or 1 g/mL}
  free: {kind: concentration, default: 10 mM}
  pure: {kind: percent w/w, default: 37 % w/w}
  have: {pairs: "yes", optional: "yes"}
  found: {kind: concentration, measured: "yes"}
reagents:
  thinned: {name: thinned, contains: {acid: 5 % w/v}, make: {from: acid, rest: water}}
  acid: {name: acid, contains: {acid: 50 % w/v}}
  drug: {name: drug, contains: {drug: 10 mM, DMSO: 100 % v/v}, dispensed: tube}
  dmso: {name: DMSO, contains: {DMSO: 100 % v/v}, dispensed: tube}
  water: {name: water}
vehicle: {component: DMSO, limit: 1 % v/v, in: plate/dose}
vessels:
  plate: {labware: plate-96, count: plates, groups: {dose: {at: "B3:G9", by: column}, full: "A1:A8"}}
"""
# Every verb that is told a strength or a mass, as it is called; W stands for what is put in its place.
CALLS = {
    "bring": '{{ add("water", "100 uL/well", to="plate/full") }} {{ bring("acid", to="W", in_="plate/full") }}',
    "dilute": '{{ dilute("acid", to="W", with_="water", into="tube/a", volume="1 mL") }}',
    "series": '{{ series("drug", top="W", factor="half-log", to="plate/dose", add="100 uL/well", diluent="water") }}',
    "series limit": '{{ series("drug", top="1 uM", factor="half-log", to="plate/dose", add="100 uL/well", diluent="water", vehicle="dmso", '
    'limit="W") }}',
    "measured": '{{ add("water", "100 uL/well", to="plate/full") }} {{ measured("acid", ("W",), in_="plate/full") }}',
    "add": '{{ add("water", "W", to="plate/full") }}',
    "wash": '{{ wash("water", "W", of="plate/full") }}',
    "top_up": '{{ top_up("water", to="W", in_="plate/full") }}',
    "transfer": '{{ transfer("W", from_="plate/full", to="plate/full") }}',
    "mix": '{{ mix("m", {"water": "W"}, add="100 uL/well", to="plate/full") }}',
    "level": '{{ add("water", "100 uL/well", to="plate/full") }} {{ measured("acid", none, in_="plate/full") }} '
    '{{ level("W", of="plate/full", per="20 uL", fill="water", into="ready") }}',
}
NO_STRENGTH = {"fill", "remove", "dry", "cite", "called", "in_sheet", "protocol", "q"}  # these are told none, or compute nothing
VOLUMES = {"add", "wash", "top_up", "transfer", "mix", "level"}  # asked for a volume or a mass, and refused as another kind


def sheet(line: str, spec: str = SPEC, lab: str = "", **values: str) -> Any:
    template = f'{{% step "A" %}}\n{line}\n{{% endstep %}}\n'
    made = Source(id="acid", folder="protocols/acid", files={"protocol.yml": spec, "protocol.md.j2": template}, shared_files={})
    return render(made, values, parse_profile(lab, "my-lab.yml") if lab else None)


def refused(line: str = "x", spec: str = SPEC, lab: str = "", **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        sheet(line, spec, lab, **values)
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert SPEC.count(old) == 1
    return SPEC.replace(old, new)


# --- calculators ----------------------------------------------------------------------------------------------------------

STRENGTHS = [
    (name, option)
    for name, calculator in CALCULATORS.items()
    for option in calculator.options
    if option.form == "component" or set(option.kinds) & set(CONCENTRATIONS)
]


def test_the_calculators_that_take_a_strength_are_found():
    assert {name for name, _ in STRENGTHS} >= {"dilute", "bring", "series", "mix", "standards", "dissolve", "weigh", "load", "gel"}


@pytest.mark.parametrize(("name", "option"), STRENGTHS, ids=[f"{name} {option.flag}" for name, option in STRENGTHS])
def test_no_calculator_takes_a_percent_by_mass(cli, name, option):
    calculator = CALCULATORS[name]
    typed = {
        each.name: each.example or each.default
        for each in calculator.options
        if not (each.optional or each.form == "flag" or each.name in calculator.one_of[1:])
    }
    typed[option.name] = {"component": "acid:98 % w/w:10 % w/w", "quantities": "10; 1 % w/w"}.get(option.form, "10 % w/w")
    words = [word for each, text in typed.items() for word in (calculator.option(each).flag, text)]
    answer = cli("calc", name, *words)
    assert answer.code == 2
    assert answer.written == b""
    assert f"{WHY}\n  hint: {WAY}\n" in answer.err


def test_the_helps_of_calculators_offer_it_with_its_density_only(cli):
    for name in CALCULATORS:
        words = " ".join(cli("calc", name, "--help").out.split())
        assert words.count("% w/w") == words.count("'% w/w at 1.19 g/mL'")


# --- protocols ------------------------------------------------------------------------------------------------------------


def test_every_verb_is_tried():
    assert {call.partition(" ")[0] for call in CALLS} == set(VERBS) - NO_STRENGTH


@pytest.mark.parametrize("call", CALLS)
def test_no_verb_takes_a_percent_by_mass(call):
    said = refused(CALLS[call].replace("W", "10 % w/w"))
    assert "percent w/w" in said or WHY in said
    if call not in VOLUMES | {"series limit"}:
        assert WHY in said
        assert WAY in said


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("acid: 50 % w/v", "acid: 37 % w/w", 12),
        ("acid: 50 % w/v", "acid: pure", 12),  # by the name of a parameter that is one by mass
        ("acid: 50 % w/v", "acid: pure / 2", 12),
        ("acid: 5 % w/v", "acid: 5 % w/w", 11),
        ("limit: 1 % v/v", "limit: 1 % w/w", 16),
        ("free: {kind: concentration, default: 10 mM}", "free: {kind: concentration, default: 10 mM, max: 98 % w/w}", 6),
    ],
)
def test_no_protocol_declares_one_where_it_pours(old, new, line):
    said = refused('{{ add("water", "100 uL/well", to="plate/full") }}', changed(old, new))
    assert said.startswith(f"protocols/acid/protocol.yml:{line}: ")
    assert WHY in said
    assert WAY in said


@pytest.mark.parametrize("given", [{"strength": "37 % w/w"}, {"free": "37 % w/w"}, {"found": "37 % w/w"}, {"have": "37 % w/w: 50 uL"}], ids=str)
def test_no_user_types_one_where_a_protocol_pours(given):
    (name,) = given
    assert refused(**given) == f"--{name}: '37 % w/w' {WHY}\n  hint: {WAY}"


def test_no_stock_of_a_lab_is_one():
    said = refused(lab="stocks: {HCl: 37 % w/w}")
    assert WHY in said
    assert WAY in said


# --- with a density ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["98 % w/w at 1.836 g/mL", "98 % w/w, 1.836 g/mL", "98 % (w/w) (1.836 g/ml)", "98 % w/w at 1836 g/L", "98 % w/w d=1.836 g/mL"]
)
def test_a_percent_by_mass_with_its_density_is_a_mass_in_a_volume(text):
    assert parse_quantity(text) == parse_quantity("179.928 % w/v")  # 98 x 1.836


@given(percent=st.integers(1, 100), density=st.integers(60, 300))
def test_every_such_percent_holds_as_many_grams_as_100_ml_weigh(percent, density):
    found = parse_quantity(f"{percent} % w/w at {density / 100:.2f} g/mL")
    assert (found.kind, found.value) == ("percent w/v", Fraction(percent * density, 100))


@pytest.mark.parametrize("text", ["98 % w/w at 183.6 g/mL", "98 % w/w at 1.836", "98 % w/w at 1,836 g/mL", "98 % w/w cold", "101 % w/w at 1.8 g/mL"])
def test_a_density_that_is_none_is_refused(text):
    with pytest.raises(ProtocolError) as caught:
        parse_quantity(text)
    assert caught.value.hint


def calculated(cli, name, *words):
    answer = cli("calc", name, *words, "--json")
    assert answer.code == 0, answer.err
    return {entry["name"]: entry["value"] for entry in json.loads(answer.out)}


ACID, THIN = "98 % w/w at 1.836 g/mL", "10 % w/w at 1.066 g/mL"


def test_a_litre_of_ten_percent_acid(cli):
    """1066 g hold 106.6 g of acid, which are in 108.776 g or 59.246 mL of 98 %; the rest is 957.2 g of water."""
    found = calculated(cli, "dilute", "--stock", ACID, "--final", THIN, "--volume", "1 L")
    assert found["stock"] == 59.2459
    assert found["water"] == 957.224
    assert "diluent" not in found  # volumes do not add up


def test_two_molar_acid_from_the_bottle(cli):
    """1 mol is 36.46 g, and 0.365 x 1.18 g/mL x 1000 = 430.7 g/L: 500 x 72.92 / 430.7 = 84.65."""
    words = ("--stock", "36.5 % w/w, 1.18 g/mL", "--final", "2 M", "--mw", "36.46 g/mol", "--volume", "500 mL")
    assert calculated(cli, "dilute", *words)["stock"] == 84.6529


def test_acid_onto_water_is_reckoned_by_mass(cli):
    """900 g x 10 / 88 = 102.273 g, and / 1.836 = 55.704 mL: (0.98 x 102.273) / 1002.273 = 10 %."""
    assert calculated(cli, "bring", "--stock", ACID, "--final", THIN, "--onto", "900 mL")["add"] == 55.7041


@pytest.mark.parametrize("name", ["dilute", "bring", "series", "mix", "standards", "strength", "convert"])
def test_every_calculator_of_liquids_takes_one_with_its_density(cli, name):
    words = {
        "dilute": ("--stock", ACID, "--final", "1 % w/v", "--volume", "1 L"),
        "bring": ("--stock", ACID, "--final", "1 % w/v", "--onto", "1 L"),
        "series": ("--stock", ACID, "--top", "1 % w/v", "--factor", "2 fold", "--points", "2", "--volume", "10 mL"),
        "mix": ("--component", f"acid:{ACID}:1 % w/v", "--volume", "10 mL", "--reactions", "10", "--overage", "0 %"),
        "standards": ("--stock", ACID, "--points", "1 % w/v", "--volume", "10 mL"),
        "strength": ("--stock", ACID, "--taken", "1 mL", "--into", "179.928 mL"),
        "convert": ("--concentration", ACID, "--mw", "98.08 g/mol"),
    }[name]
    found = calculated(cli, name, *words)
    part = {"dilute": 5.55778, "bring": 5.58884, "series": 0.111156, "mix": 0.555778, "standards": 0.0555778, "strength": 1, "convert": 18.345}
    names = {
        "dilute": "stock",
        "bring": "add",
        "series": "take_1",
        "mix": "acid",
        "standards": "take_1",
        "strength": "strength",
        "convert": "molarity",
    }
    scale = {"series": 1000, "mix": 1000, "standards": 1000}.get(name, 1)  # shown in µL
    assert found[names[name]] == pytest.approx(part[name] * scale, rel=1e-4)


@pytest.mark.parametrize(
    ("old", "new", "line", "taken"),
    [
        # 1 mL of 5 % w/v from 44.03 % w/v takes 0.11356 mL
        ("acid: 50 % w/v", "acid: 37 % w/w at 1.19 g/mL", '{{ dilute("acid", to="5 % w/v", with_="water", into="tube/a", volume="1 mL") }}', 113.6),
        # 100 µL x 5.15 / (50 - 5.15) = 11.48
        ("", "", '{{ add("water", "100 uL/well", to="plate/full") }} {{ bring("acid", to="5 % w/w at 1.03 g/mL", in_="plate/full") }}', 11.48),
    ],
)
def test_verbs_and_recipes_take_one_with_its_density_and_replay_holds(old, new, line, taken):
    found = json.loads(json.dumps(sheet(line, changed(old, new) if old else SPEC)))
    assert replay(json.dumps(found)).wrong == []
    assert f"{taken} µL" in found["steps"][0]["markdown"]


# --- expressions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "'1 L' * (a / b)",
        "a / b * '1 L'",
        "(a / b) * 5",
        "'1 L' * a",
        "a * '1 L'",
        "'1 L' / a",
        "a / '1 L'",
        "ceil(a / b)",
    ],
)
def test_no_expression_makes_a_volume_of_one(text):
    with pytest.raises(ProtocolError, match="is a percent by mass") as caught:
        evaluate(text, {"a": parse_quantity("10 % w/w"), "b": parse_quantity("98 % w/w")})
    assert "by mass: mass * '10 % w/w' / '37 % w/w'" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'500 g' * '10 % w/w'", "50 g"),
        ("'10 % w/w' * '500 g'", "50 g"),
        ("'50 g' / '10 % w/w'", "500 g"),
        ("'740 g' * '10 % w/w' / '37 % w/w'", "200 g"),  # 74 g of HCl are in 200 g of 37 %
        ("'740 g/tube' * '10 % w/w' / '37 % w/w'", "200 g/tube"),
    ],
)
def test_masses_are_reckoned_with_it(text, value):
    assert evaluate(text, {}) == parse_quantity(value)


def test_percents_by_mass_are_added_and_compared():
    values = {"a": parse_quantity("10 % w/w"), "b": parse_quantity("98 % w/w")}
    assert evaluate("max(a, b) - a", values) == parse_quantity("88 % w/w")
    assert evaluate("a * 2 < b", values) is True


def test_a_protocol_may_be_told_one_and_weigh_by_it():
    spec = SPEC.replace("reagents:", "derived: {weighed: {from: \"'740 g' * '10 % w/w' / pure\"}}\nreagents:")
    found = sheet('Weigh {{ q(weighed) }} of {{ q(pure) }}, and {{ add("water", "100 uL/well", to="plate/full") }}.', spec)
    assert found["steps"][0]["markdown"].startswith("Weigh 200 g of 37 % w/w, and ")
    assert replay(json.dumps(found)).wrong == []


# --- replay ---------------------------------------------------------------------------------------------------------------


def test_replay_believes_no_record_that_pours_by_one():
    record = json.loads(json.dumps(sheet('{{ add("water", "100 uL/well", to="plate/full") }} {{ bring("acid", to="10 % w/v", in_="plate/full") }}')))
    altered = json.loads(json.dumps(record).replace("g/dL", "%{mass}").replace("% w/v", "% w/w"))
    altered["seal"] = content_digest(altered)
    assert replay(json.dumps(record)).wrong == []
    wrong = replay(json.dumps(altered)).wrong
    assert "'50 % w/w' is a percent by mass: what is poured by volume cannot be held against it" in wrong


def test_the_arithmetic_of_the_example():
    acid, thin = Fraction("1.836") * 98, Fraction("1.066") * 10  # g in 100 mL
    assert round(thin * 1000 / acid, 1) == Fraction("59.2")
    poured = 1000 * Fraction(10, 98)
    assert round(poured * Fraction("1.836") * Fraction(98, 100), 0) == 184
