"""A standard curve whose first point is the stock as it is: tubes, words, ledger and replay, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from tests.records import volume
from tests.test_told_doses import SPEC, doses_of, sheet

NEAT = '"antibody", top="neat", factor="{factor}", diluent="medium", strength={strength}'


def first_tube(record: Any) -> Any:
    return next(each for each in record["preparations"] if each["id"].startswith("working/"))


@pytest.mark.parametrize(
    ("factor", "strength", "points"),
    [
        ("2 fold", 1, ["5 mg/mL", "2.5 mg/mL", "1.25 mg/mL"]),
        ("10 fold", 2, ["5 mg/mL", "500 µg/mL", "50 µg/mL"]),
        ("5 fold", 4, ["5 mg/mL", "1 mg/mL", "200 µg/mL"]),
    ],
)
def test_the_first_point_is_the_stock_and_each_next_one_thinner_by_the_factor(factor: str, strength: int, points: list[str]):
    """5 mg/mL undiluted; each of 6 points takes 6 x 50 µL into its wells, empty or with what makes it 2 or 4 times thinner."""
    under = 50 * (strength - 1)
    template = (
        (f'{{{{ add("medium", "{under} uL/well", to="plate/dose") }}}}' if under else "")
        + "{{ series("
        + NEAT.format(factor=factor, strength=strength)
        + ', to="plate/dose", add="50 uL/well") }}{{ transfer("50 uL/well", from_="working/dose", to="plate/dose") }}'
    )
    files = {"protocol.yml": SPEC, "protocol.md.j2": f'{{% step "A" %}}\n{template}\n{{% endstep %}}\n'}
    record: Any = render(Source(id="curve", folder="protocols/curve", files=files, shared_files={}), {})
    assert doses_of(record)[:3] == points
    (poured,) = [each for each in record["steps"][0]["operations"] if each["to"] == [first_tube(record)["id"]]]
    assert poured["reagent"] == "antibody"
    assert "as it is |" in record["steps"][0]["markdown"]
    used = next(each for each in record["reagents"] if each["id"] == "antibody")["used"]
    assert volume(used) == volume(poured["total"]) >= 300_000


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('"drug", top="neat", vehicle="dmso", limit="0.1 % v/v", diluent="medium"', "has no vehicle"),
        ('"medium", top="neat", diluent="medium", factor="2 fold"', "nothing with a concentration"),
        ('"antibody", top="5 mg/mL", diluent="medium", factor="2 fold"', "too weak"),
        ('"antibody", top="neat", diluent="medium"', "above 1"),
    ],
)
def test_what_has_no_neat_dose_is_refused_at_its_line(call: str, message: str):
    with pytest.raises(ProtocolError, match=message) as caught:
        sheet(call)
    assert (caught.value.file, caught.value.line) == ("protocols/doses/protocol.md.j2", 3)
