"""What protocols share: no row and no value lacks its unit, its evidence or its reference; antibody targets hang together."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchsheet import library
from benchsheet.protocol import citations, recipes
from benchsheet.protocol.evidence import EVIDENCE
from benchsheet.protocol.tables import DataTable, read_table
from benchsheet.record.inventory import find_incompatible
from benchsheet.units import KINDS, Quantity
from benchsheet.yamltree import parse_yaml_map

SHARED = Path(library.protocols_folder()) / library.SHARED_FOLDER
FILES = {file.stem: file.read_text("utf-8") for file in sorted(SHARED.glob("*.yml"))}
WORKS = citations.parse_bibtex((SHARED / citations.REFERENCES_FILE).read_text("utf-8"))
TABLES = {name: read_table(name, parse_yaml_map(text, name)) for name, text in FILES.items() if f"{name}.yml" != recipes.RECIPES_FILE}


@functools.cache
def rows(name: str) -> dict[str, dict[str, Any]]:
    written = yaml.safe_load(FILES[name])
    return {row: written.get("defaults", {}) | cells for row, cells in written["rows"].items()}


@pytest.mark.parametrize("name", FILES)
def test_every_row_says_how_its_figures_are_known(name: str) -> None:
    for row, cells in rows(name).items():
        assert cells.get("evidence") in EVIDENCE, row
        assert cells.get("confidence", "high") in {"high", "medium", "low"}, row
        assert set(cells.get("cite", ())) <= set(WORKS), row
        assert cells["evidence"] != "verified" or cells["cite"], f"{row} is verified by no work"
        assert cells["evidence"] != "general" or "confidence" in cells, f"{row}: how sure is it?"


@pytest.mark.parametrize("name", TABLES)
def test_every_value_has_the_unit_of_its_column(name: str) -> None:
    for row, cells in TABLES[name].rows.items():
        for column, kind in TABLES[name].columns.items():
            value = cells.get(column)
            if kind in KINDS and value is not None:
                assert isinstance(value, Quantity), (row, column)
                assert value.kind == kind, (row, column)
                assert value.value > 0, (row, column)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_every_column_says_what_it_is(name: str) -> None:
    written = yaml.safe_load(FILES[name])
    assert written["title"]
    assert written["about"]
    assert [column for column, entry in written["columns"].items() if not entry.get("label")] == []


@pytest.mark.parametrize("name", rows("recipes"))
def test_every_amount_of_a_recipe_has_a_unit_and_what_is_weighed_by_molarity_its_molar_mass(name: str) -> None:
    row, all_rows = rows("recipes")[name], rows("recipes")
    for component, strength in row.get("contains", {}).items():
        assert str(strength).split(" ", 1)[1:], component
    for part in parts if isinstance(parts := row.get("make", {}).get("from", []), list) else [parts]:
        solid = all_rows[part].get("solid")
        if solid and row["contains"][solid].split()[-1] in {"M", "mM"}:
            assert "mw" in all_rows[part], part
    assert "make" not in row or row["make"].get("note") or row.get("note"), "how is it made?"


# --- antibodies -----------------------------------------------------------------------------------------------------------

ANTIBODIES: DataTable = TABLES["antibodies"]
TARGETS = ANTIBODIES.rows
BANDS = TABLES["blot_bands"].rows


def gap(one: Mapping[str, Any], two: Mapping[str, Any]) -> float:
    """Return how far two bands are apart, as a share of the heavier; nothing where they overlap."""
    light, heavy = sorted((one, two), key=lambda row: row["mass_low"])
    return max(0.0, float((heavy["mass_low"] - light["mass_high"]) / heavy["mass_low"]))


def test_every_target_of_the_panel_has_a_row() -> None:
    asked = (
        "pFAK-Y397, FAK, pFAK-S910, pFAK-Y576, pFAK-Y861, pSrc-Y416, MET, IGF1R, AXL, pPyk2, Pyk2, pPaxillin-Y118, pSTAT3-Y705, STAT3, pERK, ERK, "
        "pAKT-S473, AKT, HER2, pHER2, EGFR, pEGFR-Y1068, pERK5, ERK5, beta-catenin, YAP, pYAP, gH2AX, cleaved PARP, cleaved caspase 3, GAPDH, HSP90, "
        "vinculin, actin, tubulin, paxillin, Src"
    )
    assert set(asked.split(", ")) == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_says_what_a_blot_needs(name: str) -> None:
    row = TARGETS[name]
    assert row["protein"]
    assert row["mass_low"] <= row["mass_high"]
    assert row["dilution_low"].value <= row["dilution"].value <= row["dilution_high"].value
    assert row["diluent"] in {"BSA", "milk", "either"}
    assert {row["phospho"], row["loading"]} <= {"yes", "no"}
    assert row["phospho"] == "no" or (row["diluent"] == "BSA" and row["site"]), "phospho-antibodies go into BSA"
    assert row["phospho"] == "yes" or not (name[0] == "p" and name[1].isupper())
    assert row.get("positive"), "a blot needs a positive control"


def test_a_clash_is_one_for_both_and_of_bands_that_are_near() -> None:
    """The widest is AKT with paxillin, 60 and 68 kDa: none is an eighth of the mass apart."""
    for name, row in TARGETS.items():
        for other in row.get("conflicts", ()):
            if other in BANDS:
                assert name in BANDS[other]["conflicts"], (name, other)
                assert BANDS[other]["from"] <= row["mass_high"] <= BANDS[other]["to"], (name, other)
                continue
            assert name in TARGETS[other]["conflicts"], (name, other)
            assert gap(row, TARGETS[other]) <= 1 / 8, (name, other)
    assert {name for name in TARGETS if "IgG heavy chain" in TARGETS[name].get("conflicts", ())} == set(BANDS["IgG heavy chain"]["conflicts"])


def test_what_a_good_colleague_warns_of_is_in_the_table() -> None:
    for one, other in (
        ("vinculin", "FAK"),
        ("vinculin", "pFAK-Y397"),
        ("actin", "pERK"),
        ("actin", "ERK"),
        ("tubulin", "AKT"),
        ("HER2", "EGFR"),
        ("HSP90", "STAT3"),
    ):
        assert other in TARGETS[one]["conflicts"]
    assert TARGETS["GAPDH"].get("conflicts", ()) == ()
    assert {name for name, row in TARGETS.items() if row["loading"] == "yes"} == {"GAPDH", "HSP90", "vinculin", "actin", "tubulin"}
    assert {row["protein"] for name, row in TARGETS.items() if "FAK" in name} == {"FAK"}


def test_the_gel_that_is_taken_by_default_keeps_the_loading_control_and_the_one_for_large_proteins_does_not() -> None:
    ranges, control = TABLES["gel_ranges"].rows, TARGETS["GAPDH"]["mass_low"]
    assert ranges["4-15 %"]["low"] <= control
    assert ranges["4-15 %"]["high"] >= TARGETS["HER2"]["mass_high"]
    assert control < ranges["8 %"]["low"]
    assert control < ranges["7.5 %"]["low"]


PICTURED = {  # Regulation (EC) No 1272/2008, Annex V, by hazard statement
    "flame": {220, 222, 223, 224, 225, 226, 228, 242, 250, 251, 252, 260, 261},
    "flame over circle": {270, 271, 272},
    "corrosion": {290, 314, 318},
    "skull and crossbones": {300, 301, 310, 311, 330, 331},
    "exclamation mark": {302, 312, 315, 317, 319, 332, 335, 336},
    "health hazard": {304, 334, 340, 341, 350, 351, 360, 361, 370, 371, 372, 373},
    "environment": {400, 410, 411},
}
IRRITATES, SENSITISES = {315, 319}, {317}


@pytest.mark.parametrize("name", rows("hazards"))
def test_the_pictograms_of_a_hazard_are_those_of_its_codes(name: str) -> None:
    """Article 26 of the regulation: which pictogram makes the exclamation mark unnecessary."""
    cells = rows("hazards")[name]
    numbers = {int(code[1:4]) for code in cells["codes"] if code.startswith("H")}
    shown = {word for word, statements in PICTURED.items() if statements & numbers}
    needed = numbers & PICTURED["exclamation mark"]
    if "corrosion" in shown:
        needed -= IRRITATES
    if 334 in numbers:
        needed -= IRRITATES | SENSITISES
    if "skull and crossbones" in shown or not needed:
        shown -= {"exclamation mark"}
    assert cells["pictograms"] == [word for word in cells["pictograms"] if word in shown]
    assert set(cells["pictograms"]) == shown


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("TCA", "NaF", "acid sets free hydrogen fluoride"),
        ("TCA", "sodium azide", "acid sets free hydrazoic acid"),
        ("TCA", "bleach", "acid sets free chlorine from bleach"),
        ("NaF", "bleach", "RIPA and IP lysates are chemical waste and take no bleach"),  # fluoride is what the lysis buffers have
        ("TCA", "NaOH", "an acid and a strong base react with heat"),
    ],
)
def test_what_must_not_meet_in_a_bottle_is_warned_of(one: str, two: str, why: str) -> None:
    together = find_incompatible(TABLES["hazards"], {("bottle", 1): (1000, {one: 1, two: 1})})
    assert any(why in warned.message and "meet in the bottle waste" in warned.message for warned in together)
    assert find_incompatible(TABLES["hazards"], {("bottle", 1): (1000, {one: 1}), ("another", 1): (1000, {two: 1})}) == []
