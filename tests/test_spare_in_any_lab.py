"""A tenth is left of what mix, dilute and series make, in whatever lab; and who gets a volume that is too small is told."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from tests.test_coarse_labs import random_profile, tiny
from tests.test_dose_steps import run

HEAD = "title: One\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 9}}\n"
REST = (
    "reagents: {drug: {name: drug, contains: {drug: 1 mM}}, medium: {name: medium}}\n"
    "vessels: {plate: {labware: plate-96, count: plates, groups: {a: 'B3:C8'}}}\n"
)
VERBS = {
    "mix": '{{{{ mix("pot", {{"drug": "{small} uL/well", "medium": "{large} uL/well"}}, add="{sum} uL/well", to="plate/a") }}}}',
    "dilute": '{{{{ dilute("drug", to="{dose} uM", with_="medium", into="pot/pot", add="{sum} uL/well", for_=["plate/a"]) }}}}',
}
GIVE = '{{{{ transfer("{sum} uL/well", from_="pot", to="plate/a") }}}}'
LABS = 60


COARSE = "pipettes: [{name: P20, from: 0.2 uL, to: 20 uL, step: 0.02 uL}, {name: dispenser, from: 20 uL, to: 10 mL, step: 20 uL, strokes: 100}]\n"


def in_microlitres(quantity):
    return Fraction(str(quantity["value"])) * {"uL": 1, "mL": 1000, "L": 1_000_000}[quantity["unit"]]


@pytest.mark.parametrize("verb", VERBS)
def test_a_tube_keeps_the_overage_of_its_lab(verb):
    """What a tube is made of, less what leaves it, is at least the lab's percentage of what leaves it."""
    pick, made = random.Random(3), 0  # noqa: S311 - the same labs each time
    for number in range(LABS):
        profile = random_profile(pick)
        percent = int(profile.partition("percent: ")[2].partition(" ")[0])
        small, large, dose = pick.choice((1, 2, 5, 7)), pick.choice((8, 13, 20, 45)), pick.choice((3, 20, 150))
        words = (VERBS[verb] + GIVE).format(small=small, large=large, sum=small + large, dose=dose)
        files = {"protocol.yml": HEAD + REST, "protocol.md.j2": f'{{% step "Give" %}}\n{words}\n{{% endstep %}}\n'}
        source = Source(id="one", folder="protocols/one", files=files, shared_files={})
        try:
            record = render(source, {"plates": str(pick.randint(1, 9))}, parse_profile(profile, f"lab-{number}.yml"))
        except ProtocolError as error:
            assert error.from_values  # noqa: PT017 - some labs cannot set it
            continue
        operations = record["steps"][0]["operations"]
        into = sum(in_microlitres(each["total"]) for each in operations if each["to"] == ["pot/pot"])
        out = sum(in_microlitres(each["total"]) for each in operations if each.get("from") == "pot/pot")
        assert into - out >= out * percent / 100, (number, verb, profile)
        made += 1
    assert made > LABS / 2


@pytest.mark.parametrize(("small", "large"), [(2, 8), (3, 7), (5, 15)])
@pytest.mark.parametrize("plates", ["1", "2", "3"])
def test_a_mix_is_made_larger_until_a_coarse_dispenser_can_set_it(small, large, plates):
    """140 µL of 2 + 8 would be set to 20 + 120, a third of the first part short; each part is within 2 % and a tenth is left."""
    words = VERBS["mix"].replace('"plate/a")', '"plate/a", spare=True)').format(small=small, large=large, sum=small + large)
    files = {"protocol.yml": HEAD + REST, "protocol.md.j2": f'{{% step "Give" %}}\n{words}\n{{% endstep %}}\n'}
    record = render(Source(id="one", folder="protocols/one", files=files, shared_files={}), {"plates": plates}, parse_profile(COARSE, "lab.yml"))
    assert not [each for each in record["warnings"] if each["code"] == "off-label"]
    first, second = (in_microlitres(each["total"]) for each in record["steps"][0]["operations"])
    assert abs(first / (first + second) / Fraction(small, small + large) - 1) <= Fraction(4, 100)
    assert (first + second) * 10 >= 11 * 12 * int(plates) * (small + large)


def test_a_volume_that_is_too_small_names_who_gets_it():
    record = render(tiny('{% step "Give" %}\n{{ add("water", "0.5 uL/well", to="plate/a") }}\n{% endstep %}\n'))
    (warning,) = record["warnings"]
    assert warning["message"].startswith("0.5 µL of water to plate (a) is below the 1 µL")


def test_a_dose_is_looked_at_when_its_step_is_over():
    """25 µL of 40 µM and 75 µL of medium are 10 µM, in either order; without the medium 40 µM, as near as it is set."""
    series = '{{ series("drug", top="10 uM", factor="3 fold", to="plate/dose", add="25 uL/well", strength=4, diluent="medium") }}'
    give = '{{ transfer("25 uL/well", from_="working", to="plate/dose") }}'
    medium = '{{ add("medium", "75 uL/well", to="plate/dose") }}'
    for words in (give + medium, medium + give):
        assert {"10 µM"} <= {claim["target"]["text"] for claim in run(series + words)["steps"][0]["claims"]}
    with pytest.raises(ProtocolError, match=r"would be 39\.9\d µM, not 10 µM") as refusal:
        run(series + give)
    assert refusal.value.file.endswith("protocol.md.j2")
