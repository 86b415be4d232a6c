"""The antibodies of a co-IP: what beads hold, whose chains a probe lights, where an antibody may sit, and drugs that are antibodies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from tests.records import step

CO_IP = library.load_source("co-ip")
HOSTS = ["rabbit", "mouse IgG1", "mouse IgG2a", "mouse IgG2b", "rat", "goat", "chicken"]
HELD = {
    "A": {"rabbit", "mouse IgG2a", "mouse IgG2b"},
    "G": set(HOSTS) - {"chicken"},
    "A/G": set(HOSTS) - {"chicken"},
}  # page_thorpe: A weak for mouse IgG1, little of rat and goat; neither holds chicken IgY
CORE = {"AKT": 60, "Src": 60, "tubulin": 52}  # kDa, within 47 to 60
RIM = {"ERK": 43, "actin": 43, "paxillin": 68, "YAP": 65, "pPaxillin-Y118": 68}  # 42 to 47, or 60 to 68
FAR = {"HER2": 185, "MET": 145, "GAPDH": 37, "STAT3": 80}


def answer(**plan: str) -> tuple[set[str], str]:
    """Return the codes of the warnings and notes, and what a refusal says."""
    try:
        record: dict[str, Any] = json.loads(json.dumps(render(CO_IP, plan)))
    except ProtocolError as error:
        return set(), str(error)
    return {warning["code"] for warning in record["warnings"]}, ""


@pytest.mark.parametrize("which", ["ip_host", "reciprocal_host"])
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("beads", list(HELD))
def test_beads_have_to_hold_both_antibodies(which: str, host: str, beads: str) -> None:
    other = "reciprocal_host" if which == "ip_host" else "ip_host"
    said = answer(reciprocal="yes", beads=beads, **{which: host, other: "mouse IgG2a"})[1]
    assert bool(said) == (host not in HELD[beads]), said


@pytest.mark.parametrize(
    ("target", "reciprocal"),
    [
        *((target, False) for target in (*CORE, *RIM, *FAR)),
        *((target, True) for target in (*CORE, *RIM, *FAR) if not target.startswith("pP")),  # a phospho-antibody pulls nothing down
    ],
)
def test_a_probe_of_an_ip_hosts_animal_lights_its_chains(target: str, reciprocal: bool) -> None:
    """The IP antibody is a goat's, that of the reciprocal IP a mouse's: either is lit by a secondary against its animal."""
    animal = "mouse IgG2b" if reciprocal else "goat"
    plan = {"partner": target, "ip_host": "goat"}
    if reciprocal:
        plan |= {"reciprocal": "yes", "reciprocal_host": "mouse IgG1", "reciprocal_epitope": "not known"}
    codes, refused = answer(**plan, blot_hosts=f"{target}: {animal}; FAK: rabbit")
    assert ("lights its chains" in refused) == (target in CORE), refused
    assert ("chain-rim" in codes) == (target in RIM), refused
    codes, refused = answer(**plan, blot_hosts=f"{target}: rabbit; FAK: rabbit")
    assert refused == ""
    assert not codes & {"chain-rim", "igg-chains"}


def test_a_host_that_is_not_told_is_asked_for() -> None:
    assert "igg-chains" in answer(partner="AKT")[0]
    assert "chain-rim" in answer(partner="ERK")[0]
    assert not answer()[0] & {"chain-rim", "igg-chains"}


@pytest.mark.parametrize(
    ("bait", "epitope", "refused"),
    [
        ("HER2", "FERM", True),
        ("EGFR", "FERM", True),
        ("AKT", "ectodomain", True),
        ("FAK", "ectodomain", True),
        ("STAT3", "kinase domain", True),
        ("paxillin", "FERM", True),
        ("Pyk2", "FERM", False),
        ("HER2", "ectodomain", False),
        ("MET", "kinase domain", False),
        ("ERK", "kinase domain", False),
        ("STAT3", "not known", False),
    ],
)
@pytest.mark.parametrize("reciprocal", [False, True])
def test_an_antibody_sits_where_its_protein_has_a_place(bait: str, epitope: str, refused: bool, reciprocal: bool) -> None:
    other = "beta-catenin"
    if reciprocal:
        said = answer(bait=other, partner=bait, reciprocal="yes", reciprocal_epitope=epitope)[1]
    else:
        said = answer(bait=bait, partner=other, ip_epitope=epitope)[1]
    assert (f"{bait} has no {epitope}" in said) == refused, said


def test_of_a_protein_of_the_users_own_nothing_is_said_about_its_parts() -> None:
    for epitope in ("ectodomain", "kinase domain", "FERM"):
        assert answer(bait="FGFR1", partner="HER2", other_targets="FGFR1: 145 kDa, rabbit", ip_epitope=epitope)[1] == ""


def test_an_antibody_on_ferm_is_kept_from_her2_on_either_side() -> None:
    assert "HER2 binds the FERM domain" in answer(ip_epitope="FERM")[1]
    assert "HER2 binds the FERM domain" in answer(bait="HER2", partner="FAK", reciprocal="yes", reciprocal_epitope="FERM")[1]


@pytest.mark.parametrize("bait", ["HER2", "EGFR", "MET", "IGF1R", "AXL"])
def test_a_receptor_is_pulled_by_its_ectodomain_unless_told(bait: str) -> None:
    record = json.loads(json.dumps(render(CO_IP, {"bait": bait, "partner": "FAK"})))
    assert record["parameters"]["ip_epitope"]["text"] == "ectodomain"
    assert "receptor-tail" in answer(bait=bait, partner="FAK", ip_epitope="C-terminal")[0]


@pytest.mark.parametrize(
    ("drug", "receptor"),
    [("trastuzumab", "HER2 (domain IV)"), ("pertuzumab", "HER2 (domain II)"), ("T-DM1", "HER2 (domain IV)"), ("T-DXd", "HER2 (domain IV)"),
     ("cetuximab", "EGFR (domain III)"), ("panitumumab", "EGFR"), ("amivantamab", "EGFR and MET"), ("another antibody", "its target")],
)  # fmt: skip
def test_no_antibody_drug_is_a_treatment(drug: str, receptor: str) -> None:
    assert f"stays on {receptor} through lysis" in answer(treatment=drug)[1]


@pytest.mark.parametrize("name", ["SK-BR-3 trastuzumab", "Pertuzumab 10", "PANITUMUMAB", "ramucirumab", "T-DM1", "Herceptin"])
def test_a_condition_called_after_an_antibody_drug_is_refused(name: str) -> None:
    assert "called after an antibody drug" in answer(samples=f"vehicle,{name}")[1]
    assert answer(samples="vehicle,lapatinib")[1] == ""


def test_two_drugs_are_given_one_after_the_other_within_one_limit_of_dmso() -> None:
    """5 µL and 5 µL in 10 mL are 0.1 %; the second comes so long after the first, dish by dish."""
    record = json.loads(json.dumps(render(CO_IP, {"ahead": "90 min"})))
    first, second = (step(record, title) for title in ("First drug", "Treat"))
    assert [each["operations"][0]["each"]["text"].replace("\xa0", " ") for each in (first, second)] == ["5 µL", "5 µL"]
    assert first["wait"]["planned"]["text"].replace("\xa0", " ") == "90 min"
    assert [each["title"] for each in record["steps"]][:4] == ["Seed", "First drug", "Treat", "Wash and lyse"]
