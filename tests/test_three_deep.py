"""A protocol in one that is in another, twice beside itself: each call has its own names, and what is handed down is one vessel.

The day fills each of 2 dishes with 3 mL. A split puts 400 uL of each dish into a tube and calls the dye, which puts 50 uL of each tube
into a well with 5 uL of dye. The day calls the split twice.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.composed import library_of, refusal, sheet

DYE = """\
title: Dyeing
version: 1.0.0
parameters: {samples: {names: sample, default: 2, min: 1, max: 4}, load: {default: 50 uL/well, min: 10 uL, max: 90 uL}}
reagents: {dye: {name: dye, contains: {dye: 1 % w/v}}}
vessels:
  tube: {tubes: samples, holds: 1 mL}
  well: {labware: plate-96, each: samples}
equipment: {shaker: {name: orbital shaker}}
"""
DYE_STEPS = """\
{% step "Fill", hands_on="1 min" %}
Fill {{ add("dye", "100 uL/tube", to="tube") }}.
{% endstep %}
{% step "Dye", hands_on="1 min", after="Fill", equipment="shaker" %}
Put {{ transfer(load, from_="tube/sample", to="well/sample") }} and {{ add("dye", "5 uL/well", to="well/sample") }}.
{% endstep %}
"""
SPLIT = """\
title: Splitting
version: 1.0.0
parameters: {cultures: {names: culture, default: 2, min: 1, max: 4}}
reagents: {salt: {name: salt}}
vessels:
  source: {labware: dish-60, each: cultures}
  rack: {tubes: cultures, holds: 1 mL}
equipment: {shaker: {name: shaker}}
uses: {stain: {protocol: dye, start: Dye, vessels: {tube: rack}, values: {samples: cultures}, options: [load]}}
"""
SPLIT_STEPS = """\
{% step "Split", hands_on="1 min", equipment="shaker" %}
Take {{ transfer("400 uL/tube", from_="source/sample", to="rack/sample") }}.
{% endstep %}
{{ protocol("stain") }}
{% step "Rest", hands_on="1 min", after="Dye" %}
Top up with {{ add("salt", "10 uL/tube", to="rack") }}.
{% endstep %}
"""
DAY = """\
title: Day
version: 1.0.0
parameters: {dishes: {names: dish, default: 2, min: 1, max: 4}}
reagents: {cells: {name: cells, contains: {DMSO: 0.1 % v/v}}}
vessels: {dish: {labware: dish-60, each: dishes}}
uses:
  am: {protocol: split, vessels: {source: dish}, values: {cultures: dishes}, options: [stain_load]}
  pm: {protocol: split, vessels: {source: dish}, values: {cultures: dishes}, options: [stain_load]}
"""
DAY_STEPS = """\
{% step "Seed", hands_on="1 min" %}
Seed {{ add("cells", "3 mL/dish", to="dish") }}.
{% endstep %}
{{ protocol("am") }}
{{ protocol("pm") }}
"""


def day(spec: str = DAY, steps: str = DAY_STEPS, dye: str = DYE, split: str = SPLIT, split_steps: str = SPLIT_STEPS) -> dict[str, Any]:
    return library_of(day=(spec, steps), split=(split, split_steps), dye=(dye, DYE_STEPS))


def held(record: dict[str, Any]) -> dict[str, str]:
    return {group["id"]: group["volume"]["text"] for vessel in record["vessels"] for group in vessel["groups"]}


@pytest.mark.parametrize(("am", "pm"), [*itertools.product((50, 20), repeat=2)])
def test_each_call_has_its_own_tubes_and_wells_and_both_take_from_one_dish(am: int, pm: int):
    """A dish keeps 3000 - 2 x 400 uL, a tube 400 - its load + 10, a well its load + 5."""
    record = sheet(day()["day"], am_stain_load=f"{am} uL", pm_stain_load=f"{pm} uL")
    assert held(record) == {
        **dict.fromkeys(("dish/sample 1", "dish/sample 2"), "2.2 mL"),
        **{f"{key}.rack/sample {number}": f"{410 - load} µL" for key, load in (("am", am), ("pm", pm)) for number in (1, 2)},
        **{f"{key}.stain.well/sample {number}": f"{load + 5} µL" for key, load in (("am", am), ("pm", pm)) for number in (1, 2)},
    }
    used = {each["id"]: each["used"]["text"] for each in record["reagents"]}
    assert used == {"cells": "6 mL", "am.salt": "20 µL", "am.stain.dye": "10 µL", "pm.salt": "20 µL", "pm.stain.dye": "10 µL"}


def test_each_step_has_a_title_of_its_own_and_waits_for_the_step_of_its_own_call():
    record = sheet(day()["day"])
    titles = ["Seed", "Split", "Dye", "Rest", "Split (pm)", "Dye (pm.stain)", "Rest (pm)"]
    assert [step["title"] for step in record["steps"]] == titles
    named = {step["id"]: step["title"] for step in record["steps"]}
    assert [[named[each] for each in step["follows"]] for step in record["steps"]] == [[], *([title] for title in titles[:-1])]
    assert [step["equipment"] for step in record["steps"]] == ["", "shaker", "am.stain.shaker", "", "shaker", "pm.stain.shaker", ""]
    assert record["counts"] == {
        "dish": 2, "am.culture": 2, "am.stain.sample": 2, "pm.culture": 2, "pm.stain.sample": 2,
    }  # fmt: skip


@pytest.mark.parametrize("title", ["Dye", "Split"])
def test_a_host_names_the_steps_in_it_as_when_it_is_done_by_itself(title: str):
    found = day(split_steps=SPLIT_STEPS.replace('after="Dye"', f'after="{title}"'))
    steps = sheet(found["day"])["steps"]
    named = {step["id"]: step["title"] for step in steps}
    record = {step["title"]: [named[each] for each in step["follows"]] for step in steps}
    assert record["Rest"] == [title]
    assert record["Rest (pm)"] == [{"Dye": "Dye (pm.stain)", "Split": "Split (pm)"}[title]]


def test_the_limit_of_the_outermost_holds_for_what_the_innermost_pours():
    """50 uL of 0.01 % and 5 uL of 1 % are 55 uL of 0.1 %, in a plate that is handed down twice."""
    spec = DAY.replace(
        "vessels: {", "vehicle: {component: DMSO, limit: 0.05 % v/v, in: plate}\nvessels: {plate: {labware: plate-96, each: dishes}, ", 1
    )
    spec = spec.replace("0.1 % v/v", "0.01 % v/v").replace("{source: dish}", "{source: dish, well: plate}")
    split = SPLIT.replace("  rack:", "  well: {labware: plate-96, each: cultures}\n  rack:").replace("{tube: rack}", "{tube: rack, well: well}")
    told = refusal(day(spec=spec, split=split, dye=DYE.replace("{dye: 1 % w/v}", "{DMSO: 1 % v/v}"))["day"])
    assert told.startswith("protocols/dye/protocol.md.j2:4: plate/sample 1 holds 0.1 % v/v DMSO, more than the 0.05 % v/v allowed")
