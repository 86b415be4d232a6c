"""What stays through a wash, as beads do: it is mixed with each, is not waste, and replay counts the same."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.repipette import content_digest, replay
from benchsheet.run.ledger import WellGroup
from benchsheet.units.base_units import NanoLitres
from tests.records import volume
from tests.test_coarse_labs import tiny

CO_IP = library.load_source("co-ip")


@settings(deadline=None, max_examples=25)
@given(left=st.integers(1, 200), each=st.integers(1, 800), times=st.integers(1, 5))
def test_what_stays_is_diluted_by_each_wash(left: int, each: int, times: int) -> None:
    """Of 100 a nL in *left* nL there stays left / (left + each) after each; all that goes and stays is what there was and what came."""
    group = WellGroup(id="tube/a", size=1, capacity=NanoLitres(10**6), labware="tube")
    group.receive(NanoLitres(left), {"lysate": Fraction(100 * left)})
    lost = group.rinse(NanoLitres(each), {"buffer": Fraction(each)}, times, ())
    assert group.volume == left
    assert group.contents["lysate"] == 100 * left * Fraction(left, left + each) ** times
    assert group.contents["lysate"] + lost["lysate"] == 100 * left
    assert group.contents["buffer"] + lost["buffer"] == each * times


@pytest.mark.parametrize(("plan", "above", "washed"), [({}, 2522, 10_000), ({"matrix": "magnetic", "washes": "3"}, 2608, 7500)])
def test_beads_are_not_waste(plan: dict[str, str], above: int, washed: int) -> None:
    """2 x 479 + 2 x 522 + 520 µL above 20 µL of beads, and 5 x 4 x 500 µL; magnetic beads leave 2 µL: 2 x 495 + 2 x 540 + 538, and 5 x 3 x 500."""
    record = json.loads(json.dumps(render(CO_IP, plan)))
    (number,) = [each["number"] for each in record["steps"] if each["title"] == "Wash the beads"]
    (poured,) = [each for each in record["waste"] if each["stream"] == "lysate waste" and each["step"] == number]
    assert volume(poured["volume"]) == (above + washed) * 1000


def test_replay_notices_another_volume_that_stays() -> None:
    record = json.loads(json.dumps(render(CO_IP, {})))
    assert replay(json.dumps(record)).wrong == []
    (wash,) = [o for each in record["steps"] for o in each["operations"] if "leave" in o]
    wash["leave"] = {"value": 10, "unit": "uL", "text": "10 µL"}
    record["seal"] = content_digest(record)
    assert any("and not 10 µL" in each for each in replay(json.dumps(record)).wrong)


@pytest.mark.parametrize("verb", ['remove(from_="plate/edge", leave="{}/well")', 'wash("water", "200 uL/well", of="plate/edge", leave="{}/well")'])
@pytest.mark.parametrize("left", ["13 uL", "0.15 uL"])
def test_what_stays_is_not_pipetted(verb: str, left: str) -> None:
    """A lab without a pipette from 2 to 20 µL: 200 µL without the 13 that stay are 187 µL, taken off as they are."""
    profile = resources.files("benchsheet.lab").joinpath("default.yml").read_text(encoding="utf-8")
    lab = parse_profile(re.sub(r".*name: P20,.*\n", "", profile), "lab.yml")
    with pytest.raises(ProtocolError):
        lab.set_volume(13_000)
    words = f'{{{{ add("water", "200 uL/well", to="plate/edge") }}}} {{{{ {verb.format(left)} }}}}'
    record = json.loads(json.dumps(render(tiny(f'{{% step "Rinse" %}}\n{words}.\n{{% endstep %}}\n'), {}, lab)))
    taken = next(each for each in record["steps"][0]["operations"] if each["op"] == "remove")
    assert volume(taken["each"]) == 200_000 - Fraction(left.split(maxsplit=1)[0]) * 1000
    assert replay(json.dumps(record)).wrong == []


def test_no_more_stays_than_there_is() -> None:
    words = 'Rinse {{ wash("water", "200 uL/well", of="plate/edge", times=2, leave="20 uL/well") }}.'
    with pytest.raises(ProtocolError, match="holds less than the 20"):
        render(tiny(f'{{% step "Rinse" %}}\n{words}\n{{% endstep %}}\n'))
