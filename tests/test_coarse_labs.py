"""A lab with coarse instruments: what is made is as its label says, or the sheet says what it comes to; the sheet holds under replay."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction

import pytest
import yaml

from benchsheet import library
from benchsheet.authoring.check import CheckReport, _try_lab
from benchsheet.authoring.trial_labs import load_trial_labs
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from tests.records import volume

TOP_LOADER = "balances: [{name: top-loading balance, from: 10 mg, to: 500 g, step: 10 mg, strokes: 20}]\n"
SHOP_SCALE = "balances: [{name: shop scale, from: 200 mg, to: 10 kg, step: 200 mg}]\n"
DISPENSER = "pipettes: [{name: P20, from: 0.2 uL, to: 20 uL, step: 0.02 uL}, {name: dispenser, from: 20 uL, to: 10 mL, step: 20 uL, strokes: 100}]\n"
LABS_TRIED = 8  # in pytest; by hand 1000


def sheet(protocol, profile="", **given):
    return json.loads(json.dumps(render(library.load_source(protocol), given, parse_profile(profile, "lab.yml"))))


def tiny(template, vessels="plate: {labware: plate-96, count: plates, groups: {a: A1, edge: rest}}", reagents="water: {name: water}"):
    head = "title: One\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 1}}\n"
    own = {"protocol.yml": f"{head}reagents: {{{reagents}}}\nvessels: {{{vessels}}}\n", "protocol.md.j2": template}
    return Source(id="one", folder="protocols/one", files=own, shared_files={})


def test_a_recipe_is_made_larger_until_a_coarse_balance_can_weigh_it():
    """0.4 % of 15 mL is 60 mg, and 10 mM of 121.14 g/mol in 25 mL are 30.285 mg: 30 mg is 0.9 % off."""
    made = {each["id"]: each for each in sheet("srb", TOP_LOADER)["preparations"]}
    assert made["srb"]["volume"]["text"] == "15 mL"
    assert made["srb"]["components"][0]["amount"]["text"] == "60 mg"
    assert (made["tris"]["volume"]["text"], made["tris"]["components"][0]["amount"]["text"]) == ("25 mL", "30 mg")
    assert "more, so that its parts can be measured" in made["tris"]["overage"]["text"]


def test_a_recipe_that_misses_its_label_says_what_it_comes_to():
    """10 mL of 400 mM DTT need 617 mg; 600 mg of 154.25 g/mol are 389 mM, and 1 M DTT has no room beside the glycerol."""
    record = sheet("co-ip", SHOP_SCALE)
    buffer = next(each for each in record["preparations"] if each["id"] == "4x SDS sample buffer")
    assert "389 mM DTT, not 400 mM" in buffer["note"]
    (warning,) = (each for each in record["warnings"] if each["code"] == "off-label")
    assert "389 mM DTT" in record["steps"][warning["step"] - 1]["markdown"]
    assert replay(json.dumps(record)).wrong == []
    buffer["note"] = ""
    assert any("does not say 389 mM" in wrong for wrong in replay(json.dumps(record)).wrong)


def test_a_solid_too_little_to_be_weighed_is_taken_from_a_stock_that_is_made():
    """PBS is 1.8 mM of 136.09 g/mol, 245 mg in 1 L; a tenth of a litre of 18 mM has as much."""
    made = {each["id"]: each for each in sheet("western-blot", SHOP_SCALE)["preparations"]}
    part = next(each for each in made["PBS"]["components"] if each.get("reagent") == "18 mM KH2PO4")
    stock = made["18 mM KH2PO4"]
    milligrams, millilitres = (float(text.split()[0]) for text in (stock["components"][0]["amount"]["text"], stock["volume"]["text"]))
    assert part["amount"]["text"] == "100 mL"
    assert milligrams % 200 == 0
    assert milligrams / millilitres / 136.09 * 1000 == pytest.approx(18, rel=0.02)
    assert millilitres >= 110


def test_a_liquid_too_little_to_be_pipetted_is_diluted_first():
    """1 µM of 10 mM in 120 µL is 12 nL; a hundred fold thinner it is 1.2 µL."""
    reagents = (
        "mix: {contains: {A: 1 uM, B: 20 mM}, make: {from: [a, b], rest: water}, dispensed: tube}, "
        "a: {name: drug, contains: {A: 10 mM}}, b: {contains: {B: 1 M}}, water: {name: water}"
    )
    source = tiny('{% step "Give" %}\n{{ add("mix", "100 uL/well", to="plate/a") }}\n{% endstep %}\n', reagents=reagents)
    record = render(source)
    made = {each["id"]: {part["reagent"]: part["amount"]["text"] for part in each["components"]} for each in record["preparations"]}
    assert made["mix"]["drug, diluted 100 fold"] == "1.2 µL"
    assert made["drug, diluted 100 fold"] == {"water": "99 µL", "a": "1 µL"}
    assert replay(json.dumps(record)).wrong == []


@pytest.mark.parametrize("protocol", library.protocol_ids())
def test_the_stock_that_a_warning_or_a_refusal_names_helps(protocol, tmp_path):
    """Whoever writes into the profile what the sheet says ends with a sheet that says nothing more."""
    stocks: dict[str, str] = {}
    for _ in range(6):
        told = ", ".join(f"{name}: {strength}" for name, strength in stocks.items())
        text = f"balances: [{{name: shop scale, from: 1 g, to: 10 kg, step: 1 g}}]\nstocks: {{{told}}}\n"
        (tmp_path / "lab.yml").write_text(text, "utf-8")
        lab = library.load_lab(tmp_path / "lab.yml")
        try:
            messages = [each["message"] for each in render(library.load_source(protocol), {}, lab)["warnings"] if each["code"] == "off-label"]
        except ProtocolError as error:
            messages = [str(error)]
        if not messages:
            break
        assert all("a balance from" in message for message in messages)
        named = dict(found for message in messages for found in re.findall(r"stocks: \{([^:}]+): ([^}]+)\}", message))
        assert named.items() - stocks.items()
        stocks |= named
    assert stocks
    assert messages == []


def test_an_amount_that_no_device_gives_is_warned_of_with_both_figures():
    source = tiny('{% step "Give" %}\n{{ add("water", "110 uL/well", to="plate/a") }}\n{% endstep %}\n')
    record = render(source, {}, parse_profile(DISPENSER, "lab.yml"))
    (warning,) = record["warnings"]
    assert warning["message"].startswith("120 µL of water to plate (a) and not 110 µL")
    assert "a pipette from 100 µL in steps of 2 µL would do" in warning["message"]  # 2 % of 110 µL either way are 4.4 µL
    assert "120 µL of water to plate (a) and not 110 µL" in record["steps"][0]["markdown"]
    assert render(source)["warnings"] == []


def test_a_place_that_is_filled_up_too_far_is_warned_of():
    """3 µL are lacking of 103 µL, and 100 µL are the least of this lab: 200 µL."""
    words = (
        '{% step "Give" %}\n{{ add("water", "100 uL/well", to="plate/a") }} {{ top_up("water", to="103 uL/well", in_="plate/a") }}\n{% endstep %}\n'
    )
    (warning,) = render(tiny(words), {}, parse_profile(ONE_PIPETTE, "lab.yml"))["warnings"]
    assert warning["message"].startswith("200 µL in plate/a and not 103 µL")
    assert "add a pipette from 3 µL, with 'least: 3 µL', to the lab profile" in warning["message"]
    assert render(tiny(words))["warnings"] == []


ONE_PIPETTE = "pipettes: [{name: P1000, from: 100 uL, to: 1 mL, step: 1 uL, strokes: 1000}]\ntrust: 100 uL\nleast: 100 uL\n"
TOO_LITTLE = {
    "add": '{{ add("drug", "1.35 uL/well", to="plate/a") }}',
    "bring": '{{ add("water", "100 uL/well", to="plate/a") }}{{ bring("drug", to="50 uM", in_="plate/a") }}',
    "wash": '{{ wash("water", "50 uL/well", of="plate/a") }}',
    "mix": '{{ mix("pot", {"drug": "1 uL/well", "water": "99 uL/well"}, add="100 uL/well", to="plate/a") }}'
    '{{ transfer("100 uL/well", from_="pot", to="plate/a") }}',
    "dilute": '{{ dilute("drug", to="3 uM", with_="water", into="pot/pot", add="110 uL/well", for_=["plate/a"]) }}'
    '{{ transfer("110 uL/well", from_="pot", to="plate/a") }}',
}


def refuse_or_render(source, profile, given):
    """Return the refusal of a sheet in the lab *profile* (a mapping), or nothing."""
    try:
        render(source, given, parse_profile(yaml.safe_dump(profile, allow_unicode=True), "lab.yml"))
    except ProtocolError as error:
        return error
    return None


def type_what_is_named(error, profile):
    """Put the instrument and the keys that the hint of *error* names into *profile*, as somebody would type them."""
    named = re.findall(r"(?:a pipette|a cylinder|one) from ([\d.]+) (.?L)(?: to ([\d.]+ .?L))? in steps of ([\d.]+ .?L)", error.hint)
    for begin, unit, end, step in named:
        new = {"name": "P", "from": f"{begin} {unit}", "to": end or f"{float(Fraction(begin) * 3)} {unit}", "step": step}
        profile["pipettes"] = [new, *profile["pipettes"]]
    for begin, unit, end, step in re.findall(
        r"(?:a balance|one) from ([\d.]+) ([mµ]?g)(?: to ([\d.]+ [mµ]?g))? in steps of ([\d.]+ [mµ]?g)", error.hint
    ):
        new = {"name": "fine balance", "from": f"{begin} {unit}", "to": end or f"{float(Fraction(begin) * 3)} {unit}", "step": step}
        profile["balances"] = [new, *profile["balances"]]
    profile |= dict(re.findall(r"'(least|trust): ([^']+)'", error.hint))


@pytest.mark.parametrize("case", [*TOO_LITTLE, *library.protocol_ids()])
def test_the_pipette_that_a_refusal_names_helps(case):
    """Whoever types what each refusal says ends with a sheet, or with a refusal of another kind, and reads of which liquid it is."""
    drug = "drug: {name: drug, contains: {drug: 1 mM}, dispensed: tube}, water: {name: water}"
    words = TOO_LITTLE.get(case)
    source = tiny(f'{{% step "Give" %}}\n{words}\n{{% endstep %}}\n', reagents=drug) if words else library.load_source(case)
    profile, seen = yaml.safe_load(ONE_PIPETTE), []
    while error := refuse_or_render(source, profile, {}):
        if "pipette from" not in error.hint:
            assert not words
            break
        seen.append(str(error))
        assert len(seen) == len(set(seen)), seen[-1]
        type_what_is_named(error, profile)
    assert seen
    assert case not in ("add", "bring", "wash") or re.search(r"(drug|water) to plate \(a\): [\d.]+ µL cannot be pipetted", seen[0])


@pytest.mark.parametrize(
    ("middle", "samples", "load", "lysis", "planned", "pooled"),
    [
        # 17 µL x 6 gels x 1.1 / 34 are 3.3, set to 4 µL in steps of 2 µL
        ("from: 3 uL, to: 100 uL, step: 2 uL", "34", "17 uL", "A", "112.2 µL", 4 * 34),
        # 20 µL x 2 gels x 1.1 / 8 are 5.5, set to 5.6 µL in steps of 0.2 µL
        ("from: 2 uL, to: 100 uL, step: 0.2 uL", "8", "20 uL", "B", "44 µL", Fraction("5.6") * 8),
    ],
)
def test_a_pool_has_room_for_shares_that_are_set_coarsely(middle, samples, load, lysis, planned, pooled):
    profile = (
        "tolerance: 10 %\ntrust: 0.5 uL\nleast: 0.5 uL\npipettes: [{name: fine, from: 0.5 uL, to: 2 uL, step: 0.02 uL}, "
        f"{{name: middle, {middle}}}, {{name: large, from: 100 uL, to: 1 mL, step: 5 uL}}, "
        "{name: serological, from: 1 mL, to: 50 mL, step: 0.1 mL, strokes: 50}, {name: cylinder, from: 50 mL, to: 5 L, step: 1 mL, strokes: 100}]\n"
    )
    record = sheet("western-blot", profile, samples=samples, load=load, lysis=lysis)
    given = [each["each"] for step in record["steps"] for each in step["operations"] if "pool/tube" in each["to"]]
    assert record["derived"]["bridge_pool"]["text"] == planned
    assert sum(map(volume, given)) == pooled * 1000
    assert replay(json.dumps(record)).wrong == []


def test_unequal_vehicle_names_the_pipette_that_helps():
    """1.5 µL in 760 µL and 1 µL in 490 µL are 3 % apart, each as near as steps of 0.1 µL and 10 µL come."""
    profile = yaml.safe_load(
        "overage: {percent: 25 %}\ntrust: 0.5 uL\npipettes: [{name: small, from: 0.2 uL, to: 20 uL, step: 0.1 uL}, "
        "{name: middle, from: 20 uL, to: 200 uL, step: 0.2 uL}, {name: large, from: 200 uL, to: 1 mL, step: 10 uL, strokes: 10}, "
        "{name: cylinder, from: 5 mL, to: 1 L, step: 0.1 mL, strokes: 10}]"
    )
    error = refuse_or_render(library.load_source("srb"), profile, {})
    assert error.message.startswith("unequal DMSO")
    while error:
        type_what_is_named(error, profile)
        error = refuse_or_render(library.load_source("srb"), profile, {})
        assert len(profile["pipettes"]) < 9


def test_replay_takes_the_tolerance_from_the_record():
    profile = (
        "tolerance: 10 %\npipettes: [{name: P20, from: 0.2 uL, to: 20 uL, step: 0.02 uL}, {name: P200, from: 20 uL, to: 200 uL, step: 1 uL}, "
        "{name: P1000, from: 200 uL, to: 1 mL, step: 5 uL, strokes: 10}, {name: cylinder, from: 10 mL, to: 1 L, step: 1 mL, strokes: 50}]\n"
    )
    record = sheet("srb", profile)
    assert record["lab"]["tolerance"] == {"value": 10, "unit": "%", "text": "10 %"}
    assert replay(json.dumps(record)).wrong == []


@pytest.mark.parametrize("protocol", library.protocol_ids())
def test_every_protocol_holds_in_each_lab_of_check(protocol):
    report = CheckReport()
    for name, lab in load_trial_labs().items():
        _try_lab(library.load_source(protocol), name, lab, report)
    assert report.mistakes == []
    assert report.replays >= 3
    assert all(re.match("in the lab '[a-zA-Z0-9 ]+': refused: ", note) for note in report.notes)


def random_profile(pick):
    """Return a profile of random steps, ranges that meet, and a tolerance."""
    steps = [pick.choice(each) for each in (("0.01", "0.02", "0.1"), ("0.1", "0.2", "1", "2"), ("1", "2", "5", "10"), ("0.05", "0.1", "0.5", "1"))]
    lines = [
        f"tolerance: {pick.choice((1, 2, 2, 3, 5, 10))} %",
        f"overage: {{percent: {pick.choice((5, 10, 15, 25))} %}}",
        f"trust: {pick.choice(('0.5', '1', '2'))} uL",
        "pipettes:",
        f"  - {{name: small, from: 0.2 uL, to: 20 uL, step: {steps[0]} uL}}",
        f"  - {{name: middle, from: 20 uL, to: 200 uL, step: {steps[1]} uL}}",
        f"  - {{name: large, from: 200 uL, to: 1 mL, step: {steps[2]} uL, strokes: 10}}",
        f"  - {{name: serological, from: 5 mL, to: 50 mL, step: {steps[3]} mL}}",
        f"  - {{name: cylinder, from: 50 mL, to: 1 L, step: {pick.choice((1, 2, 5, 10))} mL, strokes: 100}}",
        "balances:",
        f"  - {{name: balance, from: 1 mg, to: 1 g, step: {pick.choice(('0.1', '0.5', '1'))} mg}}",
        f"  - {{name: scale, from: 1 g, to: 5 kg, step: {pick.choice(('0.01', '0.1', '0.5', '1'))} g, strokes: 20}}",
    ]
    return "\n".join(lines) + "\n"


def try_random_labs(count, seed=16):
    """Return how many sheets were made and how many refused of *count* labs in each protocol, and what does not hold."""
    pick, made, refused, wrong = random.Random(seed), 0, 0, []  # noqa: S311 - the same labs each time
    for number in range(count):
        lab = parse_profile(random_profile(pick), f"lab-{number}.yml")
        for protocol in library.protocol_ids():
            try:
                record = render(library.load_source(protocol), {}, lab)
            except ProtocolError as error:
                refused += 1
                wrong += [] if all(part.from_values for part in error.parts) else [(number, protocol, str(error))]
                continue
            made += 1
            wrong += [(number, protocol, line) for line in replay(json.dumps(record)).wrong]
    return made, refused, wrong


def test_random_labs_hold_under_replay():
    made, _, wrong = try_random_labs(LABS_TRIED)
    assert wrong == []
    assert made > LABS_TRIED
