"""How long a gel waits for its transfer: none without a start, little with one, and a plan in which it would spread is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.run.events import Step, Wait
from benchsheet.schedule import schedule_elapsed
from tests.records import when

BLOT = library.load_source("western-blot")
MIN = 60
LABS = {
    "tanks of 2": "tanks:\n  - {name: small, format: mini, gels: 2, count: 2, buffer: {2: 700 mL}}\n",
    "a tank of 4": "tanks:\n  - {name: mini, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}\n",
    "one cassette": "transfer_tanks:\n  - {name: small, format: mini, cassettes: 1, count: 1, buffer: 1 L}\n",
}


def minutes(text: str) -> int:
    """Read P2DT4H05M."""
    days, _, rest = text.removeprefix("P").partition("DT")
    hours, _, late = rest.partition("H")
    return int(days) * 1440 + int(hours) * 60 + int(late.removesuffix("M"))


def works(record: Any, title: str, kind: str) -> list[tuple[int, int]]:
    number = next(step["number"] for step in record["steps"] if step["title"] == title)
    rows = [row for row in record["schedule"] if row["step"] == number and row["kind"] == kind]
    assert all(row["times"] == 1 for row in rows)
    return [(minutes(when(row["begin"])), minutes(when(row["end"]))) for row in rows]


@pytest.mark.parametrize(("lab", "samples"), [("tanks of 2", 18), ("a tank of 4", 30), ("one cassette", 12), ("one cassette", 72)])
def test_without_a_start_each_gel_is_transferred_as_its_run_ends(lab, samples):
    record = render(BLOT, {"samples": str(samples)}, parse_profile(f"name: my lab\n{LABS[lab]}", "lab.yml"))
    runs, transfers = (works(record, "Load and run the gel", "wait"), works(record, "Transfer", "hands_on"))
    assert [end for _, end in runs] == [begin for begin, _ in transfers]
    assert len(runs) == -(-(samples // 6) // (1 if lab == "one cassette" else 2))  # six samples beside ladder, two controls and bridge
    hands = sorted(works(record, "Load and run the gel", "hands_on") + transfers)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(hands))  # one person


@pytest.mark.parametrize("start", ["2026-11-23T09:00", "2026-11-26T09:00"])
def test_before_a_transfer_overnight_the_gel_is_run_late(start):
    """Monday and Thursday at nine used to let it wait for two to six hours."""
    record = render(BLOT, {"samples": "6", "blotting": "overnight"}, start=start)
    assert not [one for one in record["warnings"] if one["code"].startswith("gel-")]


def stand(wait: int) -> str:
    """Return what a sheet says where *wait* minutes, and 10 for the membranes, lie between the run of a gel and its sandwich."""
    files = dict(BLOT.files)
    old = '"Transfer", hands_on="10 min + 5 min/gel"'
    assert old in files["protocol.md.j2"]
    late = f'{{% step "Cool", hands_on="{wait} min" %}}\nCool.\n{{% endstep %}}\n{{% step {old}'
    files["protocol.md.j2"] = files["protocol.md.j2"].replace(f"{{% step {old}", late)
    source = type(BLOT)(id=BLOT.id, folder=BLOT.folder, files=files, shared_files=BLOT.shared_files, load_sibling=BLOT.load_sibling)
    return "; ".join(one["message"] for one in render(source, {"samples": "6"})["warnings"] if one["code"] == "gel-waits")


def test_a_gel_that_waits_is_told_beyond_30_min_and_refused_beyond_60():
    assert not stand(20)
    assert "stands 31 min before its transfer: its run takes 60 min, and the plan has 91 min" in stand(21)
    assert "stands 60 min" in stand(50)
    with pytest.raises(ProtocolError, match="would stand 61 min before its transfer, at most 60 min"):
        stand(51)


def test_batches_that_pass_from_one_device_into_another_go_in_turn():
    """20 min a batch and 60 in each device: taken up at 80, begun again at 100 and over at 180, where the second device stops too."""
    wait = Wait(least=60 * MIN, plan=60 * MIN, most=60 * MIN)
    both: Any = {
        "file": "",
        "line": 1,
        "unit": "gel",
        "unit_count": 4,
        "fixed": 0,
        "per_unit": 10 * MIN,
        "batches": (2, 2),
        "batch_room": 2,
        "wait": wait,
    }
    steps = [Step(title="Run", number=1, equipment="tank", **both), Step(title="Blot", number=2, equipment="cell", after=("Run",), **both)]
    rows, _ = schedule_elapsed(steps)
    assert [(row.step, row.start // MIN, row.end // MIN) for row in rows if row.kind == "hands_on"] == [
        (1, 0, 20),
        (2, 80, 100),
        (1, 100, 120),
        (2, 180, 200),
    ]
