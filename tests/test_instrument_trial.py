"""A refusal that comes from the steps of pipettes or balances names which, what it gives, and a way out; whoever types that has a sheet."""

from __future__ import annotations

import re

import pytest
import yaml

from benchsheet import library
from tests.test_coarse_labs import refuse_or_render, tiny, type_what_is_named

REAGENTS = (
    "acid: {name: acid, contains: {acid: 50 % w/v}, dispensed: tube}, drug: {name: drug, contains: {drug: 1 mM}, dispensed: tube}, "
    "weak: {name: weak, contains: {drug: 20 uM}, dispensed: tube}, water: {name: water, dispensed: tube}"
)
TWICE = '{{{{ add("water", "{0} uL/well", to="plate/a") }}}}{{{{ add("water", "{0} uL/well", to="plate/a") }}}}'
VERBS = {
    "transfer": TWICE.format("53.4") + '{{ transfer("106.8 uL/well", from_="plate/a", to="plate/b") }}',
    "add": "".join(['{{ add("water", "88.7 uL/well", to="plate/a") }}'] * 4) + '{{ add("water", "1 uL/well", to="plate/a") }}',
    "top_up": '{{ add("water", "100 uL/well", to="plate/a") }}{{ top_up("water", to="357 uL/well", in_="plate/a") }}',
    "wash": '{{ wash("water", "357 uL/well", of="plate/a") }}',
    "bring": '{{ add("water", "100 uL/well", to="plate/a") }}{{ bring("acid", to="20 % w/v", in_="plate/a") }}',
    "series": '{{ series("drug", top="10 uM", factor="1.3 fold", to=["plate/a", "plate/b"], add="25 uL/well", strength=2, diluent="water") }}'
    '{{ transfer("25 uL/well", from_="working", to=["plate/a", "plate/b"]) }}{{ add("water", "25 uL/well", to=["plate/a", "plate/b"]) }}',
}
PLATE = "plate: {labware: plate-96, count: plates, groups: {a: A1, b: B1, edge: rest}}"
STEPS = ("0.5", "1", "2", "5", "7", "20", "100")


def in_a_step(words):
    return tiny(f'{{% step "Give" %}}\n{words}\n{{% endstep %}}\n', PLATE, REAGENTS)


def profile_of(step):
    """Return a lab that sets nothing finer than *step* (µL), from 20 µL on."""
    fine = {"name": "fine", "from": "0.5 uL", "to": "20 uL", "step": "0.1 uL"}
    return {"pipettes": [fine, {"name": f"P{step}", "from": f"{max(20, float(step))} uL", "to": "10 mL", "step": f"{step} uL"}]}


@pytest.mark.parametrize("lysis", ["A", "B", "C"])
def test_a_pool_that_coarse_shares_leave_short_names_the_pipette(lysis):
    """17 µL x 9 gels x 1.1 / 50 are 3.366, so 3.4 µL a share; 50 shares of 3 µL are 150 µL, and nine lanes of 17 µL take 153."""
    steps = {"P20": ("1 uL", "20 uL", "1 uL"), "P200": ("20 uL", "200 uL", "1 uL"), "P1000": ("200 uL", "1 mL", "1 uL")}
    profile = {"pipettes": [{"name": name, "from": begin, "to": end, "step": step, "strokes": 5} for name, (begin, end, step) in steps.items()]}
    profile["pipettes"].append({"name": "cylinder", "from": "5 mL", "to": "1 L", "step": "0.1 mL", "strokes": 100})
    source, given = library.load_source("western-blot"), {"samples": "50", "load": "17 uL", "lysis": lysis}
    error = refuse_or_render(source, profile, given)
    assert str(error) == (
        "--load: pool/tube holds 150 µL, and 153 µL are asked of it; the P20 of this lab goes in steps of 1 µL: 3 µL and not 3.4 µL\n"
        "  hint: add a pipette from 3 µL in steps of 0.1 µL to the lab profile: then this sheet can be made"
    ).replace("--load", error.file)
    type_what_is_named(error, profile)
    assert refuse_or_render(source, profile, given) is None


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_refusal_of_any_verb_names_helps(verb):
    source, refused = in_a_step(VERBS[verb]), 0
    assert refuse_or_render(source, {}, {}) is None
    for step in STEPS:
        profile = profile_of(step)
        if error := refuse_or_render(source, profile, {}):
            assert re.search(rf"the P{step} of this lab (goes|begins at [0-9]+ µL and goes) in steps of {step} µL", error.message), error
            type_what_is_named(error, profile)
            assert refuse_or_render(source, profile, {}) is None, error
            refused += 1
    assert refused


@pytest.mark.parametrize(
    ("volume", "named"),
    [
        ("20.45", "a pipette from 20 µL in steps of 0.5 µL"),  # 20, 2.2 % off; 2 % either way are 0.82 µL
        ("30.4", "a pipette from 30 µL in steps of 0.5 µL"),  # 30, 1.3 % off, beyond half of 2 %
        ("51.4", "a pipette from 50 µL in steps of 0.5 µL"),  # 51, 0.8 % off, beyond a quarter
    ],
)
def test_what_adds_up_of_settings_within_the_tolerance_is_told(volume, named):
    """Twice the volume is nearer to the next step up, so one step more is asked of the well than it holds."""
    words = TWICE.format(volume) + f'{{{{ transfer("{float(volume) * 2} uL/well", from_="plate/a", to="plate/b") }}}}'
    error = refuse_or_render(in_a_step(words), profile_of("1"), {})
    assert error.hint == f"add {named} to the lab profile: then this sheet can be made"


def test_pipettes_are_not_blamed_for_what_finer_ones_do_not_mend():
    """60.8 µL are 61 with steps of 1 µL, and 121.6 are 122; 150 are more in any lab."""
    words = TWICE.format("60.8") + '{{ transfer("150 uL/well", from_="plate/a", to="plate/b") }}'
    error = refuse_or_render(in_a_step(words), profile_of("1"), {})
    assert error.message.endswith("are asked of it")
    assert error.hint == "put more in first, or take less"


def test_what_comes_after_the_refusal_is_told_where_pipettes_do_not_mend_it():
    """0.3 µL cannot be given in this lab, and no lab fills 400 µL into a well of 360 µL."""
    words = '{{ add("drug", "0.3 uL/well", to="plate/a") }}\n{{ add("water", "400 uL/well", to="plate/a") }}'
    error = refuse_or_render(in_a_step(words), yaml.safe_load("least: 0.5 uL"), {})
    assert "then the next refusal comes: plate/a would hold 400.3 µL" in error.hint


def test_what_the_last_step_of_a_pipette_does_not_reach_is_told():
    """42 steps of 7 µL are 294 µL, and 43 are 301, more than the 300 µL that it goes to."""
    profile = {"pipettes": [{"name": "P300", "from": "21 uL", "to": "300 uL", "step": "7 uL"}]}
    source = in_a_step('{{ add("water", "300 uL/well", to="plate/a") }}')
    error = refuse_or_render(source, profile, {})
    assert error.message.endswith("more than this lab can measure; the P300 of this lab begins at 21 µL and goes in steps of 7 µL")
    type_what_is_named(error, profile)
    assert refuse_or_render(source, profile, {}) is None


# --- balances --------------------------------------------------------------------------------------------------------------

SALTS = (
    "mix: {contains: {A: 10 % w/v, B: 7 % w/v}, make: {from: [a, b], rest: water}}, weak: {contains: {A: 1 % w/v}, make: {from: a, rest: water}}, "
    "a: {name: salt A, solid: A}, b: {name: salt B, solid: B}, water: {name: water}"
)
BOTH = '{% step "Give" %}\n{{ add("mix", "100 uL/well", to="plate/a") }}{{ add("weak", "100 uL/well", to="plate/b") }}\n{% endstep %}\n'


@pytest.mark.parametrize("begin", ["50 mg", "200 mg", "2 g", "50 g"])
@pytest.mark.parametrize("steps", [1, 4])
def test_the_balance_that_a_refusal_names_was_tried_and_helps(begin, steps):
    """100 µL and a tenth more of each: 11 mg, 7.7 mg and 1.1 mg, and three times as much is below 50 mg."""
    number, unit = begin.split()
    scale = {"name": "shop scale", "from": begin, "to": "500 g", "step": f"{float(number) / steps} {unit}"}
    profile, source = {"balances": [scale]}, tiny(BOTH, PLATE, SALTS)
    error = refuse_or_render(source, profile, {})
    assert f"the shop scale of this lab begins at {begin} and goes in steps of" in error.message
    assert "make more; or have" in error.hint
    assert error.hint.endswith("to the lab profile: then this sheet can be made")
    type_what_is_named(error, profile)
    assert len(profile["balances"]) > 1
    assert refuse_or_render(source, profile, {}) is None


def test_one_balance_is_named_for_all_recipes_of_a_protocol():
    """0.4 % of 11 mL are 44 mg: what is named for it helps with all else that is below 1 g too."""
    profile = {"balances": [{"name": "shop scale", "from": "1 g", "to": "10 kg", "step": "1 g"}]}
    error = refuse_or_render(library.load_source("srb"), profile, {})
    assert "44 mg cannot be weighed: the least is 1 g; the shop scale of this lab begins at 1 g" in error.message
    type_what_is_named(error, profile)
    assert refuse_or_render(library.load_source("srb"), profile, {}) is None
