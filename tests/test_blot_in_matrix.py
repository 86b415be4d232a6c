"""Cells in a gel of matrix: what stays of it, how strong the drug is, and that no gel waits for a cassette."""

from __future__ import annotations

import json
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.errors import ProtocolError
from benchsheet.repipette import replay
from tests.records import step, when
from tests.test_western_blot import sheet

IN_MATRIX = {"lysis": "C", "culture": "in matrix", "cells_at_lysis": "20000000 cells", "samples": "2"}


@settings(max_examples=10, deadline=None)
@given(volume=st.integers(2, 50).map(lambda tens: tens * 10), treated=st.sampled_from(["1 h", "72 h"]))
def test_the_gel_stays_and_the_drug_is_one_in_a_thousand_of_all_that_is_in_the_well(volume: int, treated: str) -> None:
    """(2000 + gel) / 1000 µL; what is taken off is what was put on, and the gel is still there to be lysed."""
    record = sheet(**IN_MATRIX, gel_volume=f"{volume} uL", treated=treated)
    (drug,) = {each["each"]["text"] for each in step(record, "Treat")["operations"] if "dish/sample 1" in each["to"]}
    amount = Fraction(drug.split()[0])
    assert abs(amount - Fraction(2000 + volume, 1000)) <= Fraction(1, 100)
    harvest = step(record, "Harvest")
    assert f"What stays is the gel, {volume}" in harvest["markdown"].replace("**", "")
    moved = [each["each"]["text"] for each in harvest["operations"] if each["op"] == "transfer" and "lysate/sample 1" in each["to"]]
    assert set(moved) == {f"{2 * volume} µL" if volume < 500 else "1 mL"}
    assert replay(json.dumps(record)).wrong == []


@pytest.mark.parametrize("control", ["GAPDH", "total protein"])
def test_matrix_is_not_measured_by_its_stain(control: str) -> None:
    given = {**IN_MATRIX, "gel_volume": "100 uL", "loading_control": control}
    if control == "total protein":
        with pytest.raises(ProtocolError, match="most protein in a gel of matrix is matrix"):
            sheet(**given)
        return
    words = json.dumps(sheet(**given), ensure_ascii=False)
    for told in ("stain of total protein shows the load", "loading and transfer at a glance", "set against total protein"):
        assert told not in words
        assert told in json.dumps(sheet(), ensure_ascii=False)


def moment(text: str) -> float:
    """Read a time of the timetable as minutes."""
    return datetime.fromisoformat(text).timestamp() / 60


def minutes(amount: dict[str, Any]) -> float:
    return float(amount["value"]) * {"s": 1 / 60, "min": 1, "h": 60}[amount["unit"]]


TANKS = """\
tanks:
  - {{name: mini tank, format: mini, gels: {gels}, buffer: {{{gels}: 1 L}}}}
transfer_tanks:
  - {{name: mini transfer tank, format: mini, cassettes: {cassettes}, buffer: 1 L}}
"""


@pytest.mark.parametrize(
    ("gels", "cassettes", "samples", "targets"),
    [
        (4, 2, "12", "pFAK-Y397,FAK,GAPDH"),
        (2, 4, "12", "pFAK-Y397,FAK,GAPDH"),
        (4, 4, "30", "pFAK-Y397,FAK,GAPDH"),
        (1, 2, "12", "AKT,GAPDH"),
        (4, 1, "12", "AKT,GAPDH"),
        (4, 2, "30", "AKT,GAPDH"),
    ],
)
def test_no_gel_waits_for_its_transfer_longer_than_an_hour(gels: int, cassettes: int, samples: str, targets: str) -> None:
    """From the end of a run to the beginning of its transfer, batch by batch, as the timetable has them."""
    record = sheet(TANKS.format(gels=gels, cassettes=cassettes), samples=samples, strip="no", targets=targets, start="2026-12-07T08:00")
    run, transfer = (step(record, title)["number"] for title in ("Load and run the gel", "Transfer"))

    def ends(number: int, kind: str) -> list[float]:
        """Return when each batch ends, in minutes from the first step."""
        found: list[float] = []
        for row in record["schedule"]:
            if row["step"] == number and row["kind"] == kind:
                pace, last = minutes(row["every"]), row["times"] - 1
                found += [moment(when(row["end"])) - pace * (last - i) for i in range(last + 1)]
        return sorted(found)

    finished, begun = ends(run, "wait"), ends(transfer, "hands_on")  # the current is on once the hands are off
    assert len(finished) == len(begun) == -(-record["counts"]["gel"] // min(gels, cassettes))
    assert all(late - done <= 60 for done, late in zip(finished, begun, strict=True))


def test_gels_that_would_wait_a_night_are_refused() -> None:
    assert sheet(blotting="overnight")
    with pytest.raises(ProtocolError, match="each takes a night"):
        sheet(blotting="overnight", samples="30")
