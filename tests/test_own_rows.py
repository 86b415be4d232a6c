"""Rows of one's own: a target that the table does not have, with its kDa, host and site, for one run."""

from __future__ import annotations

from typing import Any

import pytest

from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import default_lab
from benchsheet.library import load_source
from benchsheet.protocol.lab_tables import with_lab_tables
from benchsheet.protocol.tables import DataTable
from benchsheet.run.inputs import RunInputs, resolve_inputs

LAB = default_lab()
BLOT, COIP = (with_lab_tables(load_protocol(load_source(name)), LAB) for name in ("western-blot", "co-ip"))
TABLE: DataTable = BLOT.tables["antibodies"]
P38_ALONE = "p38: 38 kDa, rabbit"
P38 = f"{P38_ALONE}; p-p38: 38 kDa, mouse IgG1, T180/Y182, of p38, dilution 2000 fold"


def resolve(own: str, targets: str = "p-p38; p38", **more: str) -> RunInputs:
    return resolve_inputs(BLOT, {"other_targets": own, "targets": targets, "loading_control": "total protein", **more})


def refusal(own: str, targets: str = "p-p38; p38", **more: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        resolve(own, targets, **more)
    return str(caught.value)


def test_an_own_target_has_the_figures_that_were_told() -> None:
    values = resolve(P38).values
    assert values["targets"] == ("p-p38", "p38")
    assert values["hosts"] == ("mouse IgG1", "rabbit")
    assert values["phospho"] == ("yes", "no")
    assert values["protein_of"] == ("p38", "p38")
    assert [int(one.value) for one in values["dilution"]] == [2000, 1000]  # what was told, and the table's own default
    assert {finding.code for finding in resolve(P38, "p38; p-p38").findings} >= {"phospho-after-total"}


def test_the_protein_is_known_by_any_of_its_names() -> None:
    """A phospho-site of ERBB2 is one of HER2, which smears when boiled, and P-38 is the p38 that is told beside it."""
    values = resolve("pHER2-Y877: 185 kDa, Y877, of ERBB2; p38: 38 kDa; p-p38: 38 kDa, T180, of P-38", "pHER2-Y877; p-p38; p38").values
    assert values["protein_of"] == ("HER2", "p38", "p38")
    assert values["receptor"] == (True, False, False)


def test_the_gel_and_the_neighbours_follow_the_mass() -> None:
    assert "loses what is below about" in refusal("p15: 15 kDa", "p15", gel_percent="7.5")
    assert any(finding.code == "close-in-mass" for finding in resolve("p130Cas: 130 kDa", "FAK; p130Cas").findings)
    assert any(finding.code == "target-stuck" for finding in resolve("huge: 400-460 kDa", "huge").findings)


def test_co_ip_hands_an_own_partner_to_its_blot() -> None:
    record = render(load_source("co-ip"), {"partner": "p130Cas", "other_targets": "p130Cas: 130 kDa, mouse IgG1"}, LAB)
    assert any(name.endswith("against p130Cas") for name in (one["name"] for one in record["reagents"]))
    assert record["parameters"]["blot_hosts"]["text"] == "p130Cas: mouse IgG1"
    assert "p130Cas at 130 kDa" in str(record["steps"])
    with pytest.raises(ProtocolError, match="an IP by a phospho-site"):
        resolve_inputs(COIP, {"bait": "pCas-Y249", "other_targets": "pCas-Y249: 130 kDa, Y249"})


def test_the_command_of_the_sheet_makes_it_again() -> None:
    first = render(load_source("western-blot"), {"targets": "p38", "other_targets": P38_ALONE, "hosts": "p38: Rabbit"}, LAB)
    texts = {name: first["parameters"][name]["text"] for name in ("other_targets", "hosts", "targets")}
    assert texts == {"other_targets": "p38: 38 kDa, rabbit", "hosts": "p38: rabbit", "targets": "p38"}
    assert render(load_source("western-blot"), texts, LAB)["steps"] == first["steps"]


def test_an_unknown_target_is_told_the_way_out() -> None:
    with pytest.raises(ProtocolError, match="--other-targets 'NAME: 38 kDa, rabbit"):
        resolve_inputs(BLOT, {"targets": "pFAK-Y397; p38"})
    with pytest.raises(ProtocolError, match="--other-targets 'NAME: 38 kDa, rabbit"):
        resolve_inputs(COIP, {"partner": "p130Cas"})


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ("p38: 38 kDa, rabit", "'rabit' is not understood"),
        ("p38: 38 kDa, mouse", "one of mouse IgG1, mouse IgG2a"),
        ("p38: 38", "'38' is not understood"),
        ("p38: rabbit", "has no kDa"),
        ("p38: 0 kDa", "is not a kDa"),
        ("p38: 44 to 42 kDa", "two that rise"),
        ("p38: 38 kDa, T180, Y182", "two of 'site'"),
        ("p38: 38 kDa, site none", "has no number"),
        ("p38: 38 kDa; P-38: 37 kDa", "told twice"),
        ("FAK: 90 kDa", "is in the table of antibodies"),
        ("ptk 2: 90 kDa", "as 'FAK'"),
        ("p38 38 kDa", "does not tell a row"),
        ("p38, MAPK14: 38 kDa", "without commas"),
        ("38: 38 kDa", "not a name for a row"),
        ("p-p38: 38 kDa", "called as what has a site"),
        ("pFAK-Y925: 125 kDa", "called as what has a site"),
        ("pFAK-Y925: 125 kDa, Y861", "has Y925 in its name, and Y861 is told"),
        ("lamin: 70 kDa; p38: 38 kDa; p-p38: 38 kDa, T180", "'lamin' is told, and nothing here names it"),
        (" ; ", "tells no row"),
    ],
)
def test_a_row_told_badly_is_refused(own: str, reason: str) -> None:
    assert reason in refusal(own)


def test_a_host_told_in_two_ways_is_refused() -> None:
    assert "'p38' is rabbit here, and mouse IgG1 in --hosts" in refusal("p38: 38 kDa, rabbit", "p38", hosts="p38: mouse IgG1")


def _codes(inputs: RunInputs) -> list[str]:
    return sorted(finding.code for finding in inputs.findings)


@pytest.mark.parametrize("target", [name for name in TABLE.rows if name not in ("pFAK-Y397", "vinculin", "GAPDH")])
def test_each_target_told_as_ones_own_is_treated_as_in_the_table(target: str) -> None:
    """The same masses, protein, site and dilution under another name give the same figures, warnings and refusals."""
    row = TABLE.rows[target]
    own = f"own {target}: {row['mass_low']} to {row['mass_high']} kDa, of {row['protein']}, dilution {int(row['dilution'].value)} fold"
    own += f", site {row['site']}".replace(", or", " or") if "site" in row else ""
    outcomes: list[Any] = []
    for name, more in ((target, {}), (f"own {target}", {"other_targets": own})):
        try:
            inputs = resolve_inputs(BLOT, {"targets": f"{name}; GAPDH", "loading_control": "GAPDH", **more})
        except ProtocolError as error:
            outcomes.append(str(error).split("\n")[0].replace(name, "T"))
            continue
        outcomes.append(([inputs.values[key] for key in ("phospho", "protein_of", "large", "small", "receptor", "pore", "dilution")], _codes(inputs)))
    assert outcomes[0] == outcomes[1]
