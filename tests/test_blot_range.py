"""The pool that shows where an antibody is linear: its steps fit the well, and the tubes leave it; against a calculator."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from benchsheet import library
from benchsheet.engine import render
from tests.records import step, volume

BLOT = library.load_source("western-blot")
VOLUME = r"([\d.]+) µL"


def spoken(markdown: str) -> str:
    return re.sub("[\u202f\u00a0]", " ", markdown).replace("**", "")


@pytest.mark.parametrize("strip", ["yes", "no"])
@pytest.mark.parametrize(("lysis", "samples"), [("A", 1), ("A", 3), ("A", 12), ("B", 1), ("B", 3), ("B", 7), ("B", 12), ("B", 40)])
def test_the_range_fits_well_and_tube(lysis: str, samples: int, strip: str) -> None:
    """A well of mini-10 holds 30 µL, and a well of cells gives 100 µL; 5, 10, 20 and 30 µL are 65 µL, for each blot."""
    record = render(BLOT, {"lysis": lysis, "samples": str(samples), "strip": strip})
    text = spoken(step(record, "Read")["markdown"])
    assert "at 5 µL, 10 µL, 20 µL and 30 µL" in text
    assert ("(3.75 µg to 22.5 µg)" in text) == (lysis == "B")
    blots = 1 if strip == "yes" else 3
    assert f"It takes {65 * blots} µL: " in text
    kept = re.search(f"keep {VOLUME} of each", text)
    operations = [operation for each in record["steps"] for operation in each["operations"]]
    tube = "ready/sample 1" if lysis == "B" else "lysate/sample 1"
    moved = sum(volume(each["each"]) for each in operations if tube in each["to"])
    gone = sum(volume(each["each"]) * each["count"] for each in operations if each.get("from") == tube)
    if kept:
        assert Fraction(kept[1]) * samples >= 65 * blots
        assert moved - gone >= Fraction(kept[1]) * 1000
    else:
        # lysis B: 90 µL become a tube of 110 µL (90 x 1.1 + 2, in steps of 10), 82.5 µL of it lysate, and the assay took 20 of 100 µL
        assert 20 * blots + 71.5 * blots / samples > (100 if lysis == "A" else 90)
        assert "grow " in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        # 15 µL fill the well: 3.75, 7.5, 11.25 and 15 are 37.5
        ({"gel": "mini-15", "load": "15 uL"}, "at 3.75 µL, 7.5 µL, 11.25 µL and 15 µL on one gel, one exposure. It takes 37.5 µL: keep"),
        # five lanes of 20 µL take all of 100 µL; 5 x 65 x 1.1 = 357.5 µL are 4 wells
        ({"samples": "3", "strip": "no", "targets": "pFAK-Y397,FAK,pERK,ERK,GAPDH"}, "grow 4 more wells with vehicle, in place of the pool"),
        # 20 + 71.5 µL of 100 µL; with two blots 40 + 143 do not fit, and 143 µL are 2 wells
        ({"samples": "1"}, "keep 71.5 µL of each lysate"),
        ({"samples": "1", "strip": "no", "targets": "FAK,GAPDH"}, "grow 2 more wells with vehicle"),
    ],
)
def test_what_the_tube_does_not_leave_is_grown(values: dict[str, str], words: str) -> None:
    assert words in spoken(step(render(BLOT, values), "Read")["markdown"])


def test_lysates_in_sds_are_sheared_at_room_temperature() -> None:
    assert step(render(BLOT, {}), "Shear the DNA")["at"]["value"] == 22


def test_the_rinse_with_vanadate_has_recipe_and_waste() -> None:
    """What is scraped into a tube takes longer than the minute in which cells on plastic are rinsed and lysed."""
    record = render(BLOT, {"lysis": "C"})
    assert {"PBS with vanadate", "200 mM Na3VO4"} <= {each["id"] for each in record["reagents"]}
    harvest = step(record, "Harvest")["operations"]
    rinsed = {place for each in harvest if each.get("reagent") == "PBS with vanadate" for place in each["to"]}
    taken = [each for each in harvest if each["op"] == "remove" and each.get("stream") == "vanadate"]
    assert {place for each in taken for place in each["to"]} <= rinsed


@pytest.mark.parametrize(
    ("values", "gels", "apart"), [({}, 3, 1), ({"samples": "3"}, 2, 1), ({"samples": "3", "strip": "no", "targets": "FAK,GAPDH"}, 4, 2)]
)
def test_the_gels_of_the_range_are_taken_from_the_store(values: dict[str, str], gels: int, apart: int) -> None:
    """12 samples need two gels and 3 one; the range one more, for each blot."""
    (line,) = (each["text"] for each in render(BLOT, values)["totals"] if each["text"].startswith("from the store"))
    assert f": {gels} gels (" in line
    assert f"and {gels} PVDF membranes" in line
    assert f"; {apart} of each for the linear range" in line


def test_vessels_that_are_grown_for_the_range_are_in_the_equipment() -> None:
    """Two lanes of 20 µL and a share of 143 µL do not come out of 100 µL; 143 µL are two wells."""
    assert "2 more wells for the linear range" in str(render(BLOT, {"samples": "1", "strip": "no", "targets": "FAK,GAPDH"})["equipment"])
    assert "for the linear range" not in str(render(BLOT)["equipment"])
