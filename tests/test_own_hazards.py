"""A reagent that a run names has the hazards of what it is, and of no other substance: in every protocol, for every such reagent."""

from __future__ import annotations

from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.reader import Protocol, read_protocol
from benchsheet.protocol.source import Source
from benchsheet.yamltree import YamlMap

# What such a reagent may hold beside what its name says: most antibodies are sold with azide.
PRESERVATIVE = {"sodium azide"}
PROTOCOLS: dict[str, Protocol] = {name: read_protocol(library.load_source(name)) for name in ("srb", "western-blot", "co-ip")}
NAMED = [
    (name, key, made.reagents.mapping(key))
    for name, made in PROTOCOLS.items()
    for key in made.reagents
    if "{" in made.reagents.mapping(key).text("name")
]


def hazards_of(record: Any, title: str) -> list[str]:
    return [hazard["name"] for step in record["steps"] if step["title"] == title for hazard in step["hazards"]]


def sheet(**given: str) -> Any:
    return render(library.load_source("srb"), given)


def test_such_reagents_are_found():
    assert {"kill", "inhibitor", "aqueous", "powder"} <= {key for _, key, _ in NAMED}
    assert {name for name, _, _ in NAMED} == set(PROTOCOLS)


@pytest.mark.parametrize("entry", [entry for _, _, entry in NAMED], ids=[f"{name} {key}" for name, key, _ in NAMED])
def test_a_fixed_hazard_is_of_what_the_reagent_contains(entry: YamlMap):
    fixed = {hazard for hazard in entry.word_list("hazards") if "{" not in hazard}
    any_drug = {"drug"} if "drug" in entry.text("name") else set()  # the words for a drug of any kind
    assert fixed <= {*entry.mapping("contains"), entry.text("solid"), *PRESERVATIVE, *any_drug}
    if "azide" in "".join(fixed):
        assert "antibody" in entry.text("name") or "IgG" in entry.text("name")


def test_every_drug_of_a_run_has_a_hazard():
    for _, key, entry in NAMED:
        if key in ("kill", "inhibitor", "aqueous", "powder"):
            assert any("{" in hazard for hazard in entry.word_list("hazards"))


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["inhibitor", "DMSO", "staurosporine"]),
        ({"kill": "doxorubicin"}, ["inhibitor", "DMSO", "doxorubicin"]),
        ({"kill": "STAURO sporine"}, ["inhibitor", "DMSO", "staurosporine"]),
        ({"kill": "Gemcitabine HCl"}, ["inhibitor", "DMSO", "gemcitabine"]),  # the salt is not HCl
        ({"kill": "Erlotinib HCl"}, ["inhibitor", "DMSO", "Erlotinib HCl"]),
        ({"kill": "a else b"}, ["inhibitor", "DMSO", "a else b"]),
        ({"kill": "inhibitor"}, ["inhibitor", "DMSO"]),  # one substance, told once
        ({"compounds": "one,two"}, ["one", "DMSO", "two", "staurosporine"]),
        ({"drug": "lapatinib"}, ["lapatinib", "DMSO", "staurosporine"]),
        ({"solvent": "water", "compounds": "gemcitabine"}, ["gemcitabine", "staurosporine", "DMSO"]),
        ({"have": "500 uM: 60 uL", "compounds": "VS-4718"}, ["VS-4718", "DMSO", "staurosporine"]),
    ],
    ids=str,
)
def test_the_dose_series_tells_the_hazards_of_what_is_in_it(given: dict[str, str], names: list[str]):
    record = sheet(**given)
    assert sorted(hazards_of(record, "Make the dose series")) == sorted(names)
    poured = {name for reagent in record["reagents"] for name in reagent["hazards"]}
    assert poured & {"inhibitor", "staurosporine", "doxorubicin"} == set(names) & {"inhibitor", "staurosporine", "doxorubicin"}
    assert not any(" else drug" in name for name in poured)


def test_a_weighed_drug_is_told_by_its_name_where_it_is_dissolved():
    record = sheet(stock="5 mg", drug="defactinib", salt="HCl")
    (made,) = [each for each in record["preparations"] if each["id"] == "inhibitor"]
    assert [hazard["name"] for hazard in made["hazards"]] == ["defactinib", "DMSO"]


TOY = """\
title: Toy
version: 1.0.0
parameters: {poison: {text: yes, default: arsenic}}
reagents: {water: {name: "{poison} in water", hazards: ["{poison}WAY"]}}
vessels: {tube: {holds: 1 mL, count: 1}}
"""
TABLE = "title: Hazards\nabout: none\ncolumns: {handling: {kind: text, label: handling}}\ndefaults: {evidence: general, confidence: high, cite: []}\n"
TABLE += "rows: {drug: {handling: beware}}\n"


@pytest.mark.parametrize(("way", "missing"), [("", "arsenic"), (" else durg", "durg")])
def test_a_hazard_that_is_in_no_row_is_refused(way: str, missing: str):
    steps = '{% step "Do" %}\n{{ add("water", "100 uL/tube", to="tube") }}\n{% endstep %}\n'
    toy = Source(
        id="toy",
        folder="protocols/toy",
        files={"protocol.yml": TOY.replace("WAY", way), "protocol.md.j2": steps},
        shared_files={"hazards.yml": TABLE},
    )
    with pytest.raises(ProtocolError, match=f"no hazard '{missing}'"):
        render(toy, {})
