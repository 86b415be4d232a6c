"""A blot of lysates that another protocol made: no word about a drug, a vehicle, a treatment or dishes that this run does not have."""

from __future__ import annotations

import re
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.formats.markdown import format_markdown
from benchsheet.protocol.source import Source
from tests.composed import library_of

HOST = """\
title: Knockdown blot
version: 1.0.0
parameters:
  wells: {names: sample, default: "siCtrl,siPTK2,mock,none", min: 1, max: 12}
reagents: {lysate: {name: cell lysate in sample buffer}}
vessels: {tube: {tubes: wells, holds: 1.5 mL, role: sample}}
uses: {blot: {protocol: western-blot, start: START, vessels: {lysate: tube}, values: {samples: wells}}}
"""
STEPS = """\
{% step "Transfect and lyse", hands_on="10 min" %}
{{ add("lysate", "100 uL/tube", to="tube") }}
{% endstep %}
{{ protocol("blot") }}
"""
OF_DRUG = re.compile(r"\b(vehicle|drug|inhibitor|treat\w*|renew\w*|DMSO)\b", re.IGNORECASE)


def composed(start: str) -> Any:
    found = library_of(host=(HOST.replace("START", start), STEPS))["host"]
    return render(Source(id="host", folder=found.folder, files=found.files, shared_files={}, load_sibling=library.load_source), {})


@pytest.mark.parametrize("start", ["Shear the DNA", "Heat", "Load and run the gel"])
def test_no_word_about_a_drug_that_nobody_gave(start: str) -> None:
    text = format_markdown(composed(start))
    assert OF_DRUG.findall(text) == []
    assert "Against control" in text
    assert "scraper" not in text
    assert ("sonicator" in text) is (start == "Shear the DNA")


CELLS = """\
title: Knockdown
version: 1.0.0
parameters:
  wells: {names: sample, default: "siCtrl,siPTK2,mock,none", min: 1, max: 12}
reagents: {suspension: {name: transfected cells}}
vessels: {culture: {labware: plate-6, each: wells}}
uses: {blot: {protocol: western-blot, start: Harvest, vessels: {dish: culture}, values: {samples: wells}}}
"""
TRANSFECT = """\
{% step "Transfect", hands_on="10 min" %}
{{ add("suspension", "2 mL/well", to="culture/sample") }}
{% endstep %}
{{ protocol("blot") }}
"""


def test_controls_that_nobody_seeded_come_from_the_shelf() -> None:
    """The host seeds 4 wells, and none of its steps grows a control: its lanes get lysates that the reader has."""
    found = library_of(host=(CELLS, TRANSFECT))["host"]
    source = Source(id="host", folder=found.folder, files=found.files, shared_files={}, load_sibling=library.load_source)
    record = render(source, {})
    assert "control" not in " ".join(place for each in record["steps"] for operation in each["operations"] for place in operation["to"])
    assert {"blot.positive lysate", "blot.negative lysate"} <= {each["id"] for each in record["reagents"]}, [
        each["id"] for each in record["reagents"]
    ]


def test_the_blot_by_itself_says_them_all() -> None:
    text = format_markdown(render(library.load_source("western-blot"), {}))
    assert {"vehicle", "drug", "DMSO"} <= set(OF_DRUG.findall(text))
    assert "Against vehicle" in text
    assert "scraper" in text
