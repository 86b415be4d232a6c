"""Doses that can be told apart, a tenth left in each tube, and nothing made that is never given."""

from __future__ import annotations

from fractions import Fraction

import pytest

from benchsheet import library
from benchsheet.authoring.check import check_protocol
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source

HEAD = "title: One\nversion: 1.0.0\nparameters: {doses: {count: dose, default: 3, min: 1, max: 8}}\n"
GRID = "vessels: {plate: {labware: plate-96, count: 1, groups: {dose: {at: B3:G10, by: column, first: doses}}}}\n"
SHELF = "reagents: {drug: {name: drug, contains: {drug: 1 mM}}, medium: {name: medium}}\n"
SERIES = '{{ series("drug", top="10 uM", factor="3 fold", to="plate/dose", add="50 uL/well", diluent="medium") }}'
MIX = '{{ mix("blend", {"drug": "4 uL/well", "medium": "6 uL/well"}, add="10 uL/well", to="plate/dose") }}'
DILUTE = '{{ dilute("drug", to="10 uM", with_="medium", into="tube/a", add="10 uL/well", for_=["plate/dose"]) }}'
ADD = '{{ add("medium", "50 uL/well", to="plate/dose") }}'


def one(template, head):
    files = {"protocol.yml": head, "protocol.md.j2": f'{{% step "Dose" %}}\n{template}\n{{% endstep %}}\n'}
    return Source(id="one", folder="protocols/one", files=files, shared_files={})


def run(template, head=HEAD + SHELF + GRID):
    return render(one(template, head))


def millilitres(quantity):
    size = {"uL": Fraction(1, 1000), "mL": Fraction(1), "L": Fraction(1000)}
    return Fraction(str(quantity["value"])) * size[quantity["unit"]]


@pytest.mark.parametrize(
    "given", [{"dilution": "1.02 fold", "plates": "75"}, {"dilution": "1.01 fold"}, {"dilution": "1.03 fold", "solvent": "water"}]
)
def test_a_factor_near_one_is_refused(given):
    with pytest.raises(ProtocolError, match="are too close") as refusal:
        render(library.load_source("srb"), given)
    assert "1.04 fold" in refusal.value.hint


@pytest.mark.parametrize("factor", ["1.05", "1.1", "1.2", "1.5", "2", "10"])
@pytest.mark.parametrize("plates", ["1", "3", "75"])
@pytest.mark.parametrize("solvent", ["DMSO", "water"])
def test_a_tenth_is_left_in_every_tube(factor, plates, solvent):
    record = render(library.load_source("srb"), {"dilution": f"{factor} fold", "plates": plates, "solvent": solvent})
    made: dict[str, Fraction] = {}
    used: dict[str, Fraction] = {}
    for step in record["steps"]:
        for operation in step["operations"]:
            total = millilitres(operation["total"])
            for name in operation["to"] if operation["op"] in ("add", "transfer") else ():
                made[name] = made.get(name, 0) + total / len(operation["to"])
            if source := operation.get("from"):
                used[source] = used.get(source, 0) + total
    tubes = [name for name in used if name.startswith("working/dose")]
    assert len(tubes) == 8
    for name in tubes:  # what goes on to the next tube is not dispensed, so a tenth of what the wells get is the least that is left
        wells = 6 * int(plates) * Fraction(1, 10)
        assert made[name] - used[name] >= wells / 10, name


@pytest.mark.parametrize(("template", "verb"), [(SERIES + ADD, "series"), (MIX + ADD, "mix"), (DILUTE + ADD, "dilute")])
def test_what_is_made_for_places_has_to_be_given_there(template, verb):
    with pytest.raises(ProtocolError, match=f"which {verb}.* is never given there") as refusal:
        run(template)
    assert "transfer(" in refusal.value.hint
    assert refusal.value.file == "protocols/one/protocol.md.j2"
    assert refusal.value.line == 2


def test_what_is_given_and_what_is_kept_are_no_mistake():
    run(SERIES + '{{ transfer("50 uL/well", from_="working/dose", to="plate/dose") }}')
    run(MIX.replace('to="plate/dose"', 'to="plate/dose", spare=True') + ADD)


def test_render_and_check_tell_a_declared_place_that_gets_nothing_in_the_same_words():
    made = one(ADD, HEAD + SHELF + GRID.replace("first: doses}", "first: doses}, blank: B11, edge: rest"))
    (told,) = (each["message"] for each in render(made)["warnings"])
    assert told == "plate/blank: declared, and no step gives it anything; fill it in a step, or leave it out (for unused wells write 'at: rest')"
    (mistake,) = check_protocol(made).mistakes
    assert mistake == f"protocols/one/protocol.yml:5: {told}".replace("; fill", "\n  hint: fill")


def test_a_weak_kill_control_names_its_own_option():
    """At 0.05 % a 1 mM stock reaches 1 mM x 0.0005 = 500 nM."""
    with pytest.raises(ProtocolError, match="too weak") as refusal:
        render(library.load_source("srb"), {"vehicle_limit": "0.05 % v/v", "top_dose": "5 uM"})
    assert refusal.value.hint.startswith("--kill-dose of 500 nM at most")


LEVEL = """title: RNA
version: 1.0.0
parameters:
  samples: {names: sample, label: samples, default: "a,b,c", min: 1, max: 8, evidence: house, help: x}
  found: {kind: mass concentration, measured: "yes", list: {as: samples}, label: found, min: 1 ng/uL, max: 2000 ng/uL, evidence: house, help: x}
reagents: {rna: {name: total RNA}, water: {name: water}}
vessels: {rna: {tubes: samples, holds: 50 uL}}
"""


def level(measured_name, found, **extra):
    measured = f'{{{{ measured("{measured_name}", found, in_="rna/sample") }}}}' if measured_name else ""
    more = "".join(f', {name}="{text}"' for name, text in extra.items())
    filled = '{{ add("rna", "30 uL/tube", to="rna/sample") }}'
    words = f'{filled}{measured}{{{{ level("500 ng", of="rna/sample", per="10 uL", fill="water", into="rt"{more}) }}}}'
    files = {"protocol.yml": LEVEL, "protocol.md.j2": f'{{% step "Level" %}}\n{words}\n{{% endstep %}}\n'}
    return render(Source(id="one", folder="protocols/one", files=files, shared_files={}), {"found": found} if found else {})


@pytest.mark.parametrize("component", ["RNA", "DNA", "protein", "lipid"])
def test_any_measured_component_is_levelled(component):
    """500 ng of 200 ng/µL are 2.5 µL."""
    words = level(component, "200; 320; 100 ng/uL")["steps"][0]["markdown"]
    assert "2.5 µL" in words
    with pytest.raises(ProtocolError, match="do not fit"):
        level(component, "200; 320; 20 ng/uL")


def test_what_was_not_measured_is_refused():
    with pytest.raises(ProtocolError, match="nothing was measured in 'rna'"):
        level("", "")
    with pytest.raises(ProtocolError, match="nobody knows how much DNA"):
        level("RNA", "200; 320; 100 ng/uL", component="DNA")


@pytest.mark.parametrize("protocol", library.protocol_ids())
def test_no_packaged_protocol_leaves_a_place_empty(protocol):
    warnings = render(library.load_source(protocol))["warnings"]
    assert not [each["message"] for each in warnings if each["code"] == "empty-place"]


def strokes_of_stock(record, stock):
    return [each["total"]["text"] for each in record["steps"][0]["operations"] if each.get("reagent") == stock]


@pytest.mark.parametrize(
    ("top", "strokes"),
    [
        ("10 uM", ["5.1 µL"]),  # 510 µL by 100
        ("3 uM", ["2.02 µL"]),  # 1.53 µL of 510 µL: of 670 µL it is 2.01 µL, and a P20 is set to 2.02 µL
        ("1 uM", ["2 µL"]),
    ],
)
def test_a_series_never_hangs_on_one_stroke_at_the_limit(top, strokes):
    """The lab trusts 1 µL: the stroke from which all doses come is twice that at least."""
    record = run(SERIES.replace("10 uM", top) + '{{ transfer("50 uL/well", from_="working/dose", to="plate/dose") }}')
    assert strokes_of_stock(record, "drug") == strokes


@pytest.mark.parametrize("fold", [100, 150, 199, 250, 500])
def test_a_control_never_hangs_on_one_stroke_at_the_limit(fold):
    """6 wells of 20 µL and a tenth are 132, 140 µL: below 2 µL of stock, up to three times as much is made, or an intermediate."""
    words = DILUTE.replace("10 uM", f"{1000000 // fold} nM").replace("10 uL", "20 uL")
    record = run(words + '{{ transfer("20 uL/well", from_="tube/a", to="plate/dose") }}')
    ((number, unit),) = (text.split() for text in strokes_of_stock(record, "drug"))
    assert (float(number) >= 2, unit) == (True, "µL")


def test_the_kill_control_takes_two_microlitres():
    """1 mM to 2 µM is a fold of 500: 2 µL in 1 mL, where 1 µL in 500 µL would be enough."""
    made = next(each for each in render(library.load_source("srb"), {})["preparations"] if each["id"] == "working/kill")
    assert (made["volume"]["text"], [part["amount"]["text"] for part in made["components"]]) == ("1 mL", ["2 µL", "998 µL"])


def small_strokes(trust="1 uL", **given):
    """Return the tubes of a run in a lab that trusts no less than *trust*, with their volumes, and its warnings."""
    lab = parse_profile(f"trust: {trust}\n", "lab.yml")
    record = render(library.load_source("srb"), given, lab=lab)
    return {made["id"]: millilitres(made["volume"]) for made in record["preparations"]}, [each["message"] for each in record["warnings"]]


@pytest.mark.parametrize(
    ("trust", "limit", "made"),  # what is trusted, through the fold of stock to 2x: 1000 / 0.2 % and so on
    [("1 uL", "0.1 % v/v", "0.67"), ("3 uL", "0.1 % v/v", "1.5"), ("1 uL", "0.02 % v/v", "2.5"), ("2 uL", "0.05 % v/v", "2")],
)
def test_a_larger_tube_saves_an_intermediate_in_medium(trust, limit, made):
    tubes, _ = small_strokes(trust, vehicle_limit=limit, top_dose="2 uM" if limit != "0.1 % v/v" else "10 uM", kill_stock="10 mM")
    assert not [name for name in tubes if "intermediate" in name]
    assert abs(tubes["working/dose 1"] / Fraction(made) - 1) <= Fraction(1, 50)


def test_an_intermediate_that_may_come_out_is_named():
    tubes, warnings = small_strokes("3 uL", vehicle_limit="0.02 % v/v", top_dose="2 uM", kill_stock="10 mM")
    assert "working intermediate/dose 1" in tubes
    [told] = [text for text in warnings if "come out" in text]
    assert "look for a haze in working intermediate dose 1 (100 µM);" in told  # 6 µL of 10 mM in 600 µL
    assert "dose 2" not in told  # 32 µM
