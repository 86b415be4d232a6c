"""Drugs by the names that they are sold under, and antibodies as they are sold: in buffer, in mg/mL, with a hazard of their own."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.substances import Substances

SRB, CO_IP = library.load_source("srb"), library.load_source("co-ip")
TABLES = load_protocol(SRB).tables
DRUGS = TABLES["drugs"]
ANTIBODIES = [row for row, cells in DRUGS.rows.items() if cells["antibody"] != "no"]
BRANDS = {
    "Iressa": "gefitinib", "Tarceva": "erlotinib", "Tykerb": "lapatinib", "Tyverb": "lapatinib", "Tagrisso": "osimertinib", "Gilotrif": "afatinib",
    "Herceptin": "trastuzumab", "Kadcyla": "T-DM1", "Enhertu": "T-DXd", "Erbitux": "cetuximab", "Vectibix": "panitumumab", "Perjeta": "pertuzumab",
    "Rybrevant": "amivantamab", "herceptin": "trastuzumab", "TDM1": "T-DM1", "trastuzumab deruxtecan": "T-DXd",
}  # fmt: skip
PLAIN = {"solvent": "buffer", "stock": "21 mg/mL", "top_dose": "10 ug/mL"}


def refusal(**plan: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(SRB, plan)
    return str(caught.value)


@pytest.mark.parametrize(("brand", "row"), BRANDS.items())
def test_a_brand_is_its_drug(brand: str, row: str) -> None:
    assert DRUGS.row_names.find(brand) == row


def test_every_name_of_a_drug_has_the_hazard_of_the_drug() -> None:
    """Whatever is typed, the row of the table of hazards is one, and a payload is told from none."""
    substances = Substances(TABLES["hazards"])
    for row, cells in DRUGS.rows.items():
        assert {substances.find(name) for name in (row, *cells.get("synonyms", ()))} == {substances.find(row)}, row
    for row in ANTIBODIES:
        kind = "therapeutic antibody" if DRUGS.rows[row]["antibody"] == "yes" else "antibody-drug conjugate"
        assert substances.find(row) == kind


@pytest.mark.parametrize(("name", "words"), [("Herceptin", "without a payload"), ("Kadcyla", "cytotoxic payload")])
def test_an_antibody_is_highly_toxic_only_with_a_payload(name: str, words: str) -> None:
    told = [each["handling"] for step in render(SRB, {"compounds": name, **PLAIN})["steps"] for each in step["hazards"]]
    mine = [each for each in told if words in each]
    assert mine
    assert not any("hazards unknown" in each for each in mine)


def test_an_antibody_is_asked_for_its_strength_and_comes_in_buffer() -> None:
    """None is sold at 10 mM: at 150 kDa that were 1.5 g/mL."""
    for name in ANTIBODIES:
        assert "comes ready-made in buffer" in refusal(compounds=name, top_dose="10 ug/mL", stock="21 mg/mL")
    assert "sold at 10 mM" in refusal(solvent="buffer", compounds="trastuzumab")
    assert "sold at 10 mM" in refusal(solvent="buffer", compounds="an antibody of ours", top_dose="1 uM")
    record = render(SRB, {"compounds": "trastuzumab", "solvent": "buffer", "stock": "21 mg/mL"})
    assert record["parameters"]["top_dose"]["text"].replace("\xa0", " ") == "50 µg/mL"


@pytest.mark.parametrize("condition", ["SK-BR-3 vectibix", "Rybrevant 10", "T-DXd", "Erbitux 20 ug/mL", "rituximab"])
def test_a_condition_with_an_antibody_drug_is_refused_by_any_of_its_names(condition: str) -> None:
    with pytest.raises(ProtocolError, match="called after an antibody drug"):
        render(CO_IP, {"samples": f"vehicle;{condition}"})
