"""The reference tables say what the shared tables say: each row once, each figure with its unit, each row with how it is known.

Figures are read off the YAML files by hand. What a browser does with the pages is tested with the site.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol import citations
from benchsheet.protocol.evidence import EVIDENCE
from benchsheet.site.reference_tables import build_table_pages, to_markdown
from benchsheet.site.table_views import EMPTY_CELL, row_anchor
from benchsheet.units import KINDS, format_amount

SHARED = library.load_source("srb").shared_files
PAGES = build_table_pages(SHARED)
YAML: dict[str, Any] = {file.removesuffix(".yml"): yaml.safe_load(text) for file, text in SHARED.items() if file.endswith(".yml")}
ROW = re.compile(r'^\| <span id="([a-z0-9-]+)"></span>(.*) \|$', re.MULTILINE)
HEADS = re.compile(r"^\| (.*) \|\n\|---", re.MULTILINE)
ASSETS = Path(__file__).parent.parent / "docs" / "assets"

# Where each table stands; one that is added stands on a page of its own unless its columns or its name say otherwise.
PLACES = {
    "antibodies": "antibodies", "blot_bands": "antibodies", "cell_lines": "cell_lines", "drugs": "drugs", "drug_forms": "drugs", "gels": "gels",
    "gel_ranges": "gels", "hand_cast_gels": "gels", "hazards": "hazards", "hosts": "hosts", "recipes": "recipes", "vessels": "vessels",
}  # fmt: skip


def rows(page: str) -> dict[str, dict[str, str]]:
    """Return the cells of a page by the address of their row and their heading."""
    found: dict[str, dict[str, str]] = {}
    for part in PAGES[f"tables/{page}.md"].split('<div class="table-named')[1:]:
        heads = HEADS.search(part)
        assert heads
        for row in ROW.finditer(part):
            found[row[1]] = dict(zip(heads[1].split(" | "), row[2].split(" | "), strict=True))
    return found


def cell(page: str, row: str, column: str) -> str:
    return rows(page)[row][column]


def written(table: str) -> dict[str, dict[str, Any]]:
    return {name: YAML[table].get("defaults", {}) | row for name, row in YAML[table]["rows"].items()}


# --- all of it, once --------------------------------------------------------------------------------------------------------


def test_every_table_has_its_place():
    assert set(PLACES) == set(YAML)
    assert set(PAGES) == {"tables/index.md", *(f"tables/{page}.md" for page in PLACES.values())}


@pytest.mark.parametrize("table", PLACES)
def test_every_row_appears_once(table):
    page = PAGES[f"tables/{PLACES[table]}.md"]
    for name in YAML[table]["rows"]:
        assert page.count(f'<span id="{row_anchor(name)}"></span>') == 1, name


@pytest.mark.parametrize("page", sorted(set(PLACES.values())))
def test_a_page_holds_the_rows_of_its_tables_and_what_is_computed_from_them(page):
    own = {row_anchor(name) for table, place in PLACES.items() if place == page for name in YAML[table]["rows"]}
    more = {
        row_anchor(" and ".join(pair["between"])) for table, place in PLACES.items() if place == page for pair in YAML[table].get("incompatible", ())
    }
    more |= {f"band-{row_anchor(row['protein'])}" for row in YAML["antibodies"]["rows"].values()} if page == "antibodies" else set()
    assert rows(page).keys() == own | more


@pytest.mark.parametrize("page", PAGES)
def test_addresses_are_unique_and_every_link_leads_somewhere(page):
    text = PAGES[page]
    there = {path: _addresses(each) for path, each in PAGES.items()}
    assert len(there[page]) == len(set(there[page]))
    for path, hash_ in re.findall(r"\]\(([\w.]*)(?:#([a-z0-9-]+))?\)", text):
        target = f"tables/{path}" if path else page
        assert target in PAGES, (path, hash_)
        assert not hash_ or hash_ in there[target], (path, hash_)


def _addresses(text: str) -> list[str]:
    return re.findall(r'<span id="([^"]+)">', text) + [row_anchor(heading) for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)]


def test_the_index_names_every_page_and_how_many_rows_it_has():
    index = PAGES["tables/index.md"]
    assert set(re.findall(r"\(([a-z_]+\.md)\)", index)) == {f"{page}.md" for page in PLACES.values()}
    assert f"- [Drugs](drugs.md) ({len(YAML['drugs']['rows'])}): one row for each drug: " in index
    assert f"    - [Drug forms](drugs.md#drug-forms) ({len(YAML['drug_forms']['rows'])})\n" in index


# --- figures, by hand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "row", "column", "text"),
    [
        ("vessels", "6-well", "growth area", "9.6 cm²"),
        ("vessels", "6-well", "medium", "2 mL (1 to 3 mL)"),
        ("vessels", "48-well", "medium", "250 to 400 µL"),  # no usual volume is known: the range alone
        ("vessels", "24-well", "medium", "500 µL (500 µL to 1 mL)"),
        ("vessels", "35-mm", "medium", "2 mL"),
        ("vessels", "6-well", "cells when confluent", "1\u202f200\u202f000 cells"),
        ("vessels", "48-well", "SDS sample buffer for lysis", "40 µL"),  # both limits are one
        ("vessels", "100-mm", "RIPA or IP buffer for lysis", "500 µL to 1 mL"),
        ("vessels", "100-mm", "brim", EMPTY_CELL),
        ("cell_lines", "a549", "doubling time, fastest", "22 h"),
        ("cell_lines", "a549", "seed per 96-well", "1500 to 3000 cells"),
        ("cell_lines", "bt-474", "usual SRB exposure", "120 h"),
        ("cell_lines", "colo-205", "suits SRB", "no"),
        ("drugs", "defactinib", "other names", "VS-6063, PF-04554878, PF-4554878"),
        ("drugs", "defactinib", "usual top dose", "10 µM"),
        ("drugs", "defactinib", "drug forms, molar mass", "[free base](#defactinib-free-base) 510.5 g/mol; [HCl](#defactinib-hcl) 546.96 g/mol"),
        ("drugs", "dinaciclib", "usual top dose", "30 nM"),
        ("drugs", "cep-37440", "usual top dose", EMPTY_CELL),
        ("drugs", "defactinib-hcl", "molar mass", "546.96 g/mol"),
        ("drugs", "defactinib-hcl", "drug", "[defactinib](#defactinib) (VS-6063, PF-04554878, PF-4554878)"),
        ("antibodies", "fak", "band", "125 kDa"),
        ("antibodies", "pstat3-y705", "band", "79 to 86 kDa"),
        ("antibodies", "pfak-y397", "dilution", "1000 fold (500 to 2000 fold)"),
        ("antibodies", "her2", "dilution", "1000 fold"),
        ("antibodies", "gapdh", "dilution", "5000 fold (5000 to 20\u202f000 fold)"),
        ("antibodies", "perk", "too near on one strip", "[actin](#actin), [ERK](#erk)"),
        ("antibodies", "igg-heavy-chain", "hides targets from", "45 kDa"),
        ("gels", "mini-15-wells", "most in a well", "15 µL"),
        ("gels", "midi-14-wells", "gels in one tank", "1 gel"),
        ("gels", "4-15-percent", "heaviest", "250 kDa"),
        ("gels", "stacking", "Tris", "125 mM"),
        ("gels", "resolving", "TEMED in dense gels", "0.025 % v/v"),
        ("hosts", "mouse-igg1", "beads that hold it", "protein G or A/G"),
        ("hazards", "tca", "hazard codes", "H314, H335, H410"),
        ("recipes", "ripa", "holds", "Tris 50 mM; NaCl 150 mM; NP-40 1 % v/v; deoxycholate 0.5 % w/v; SDS 0.1 % w/v"),
        ("recipes", "1-m-tris-ph-8-0", "made from", "[Tris base, not Tris-HCl](#tris-base); to volume with [deionised water](#water)"),
        ("recipes", "1-m-tris-ph-8-0", "least made at once", "1 L"),
        ("recipes", "1-m-dtt", "hazards", "[DTT](hazards.md#dtt)"),
        ("recipes", "10-percent-tca", "keeps", "at 4 °C, at most 1 month"),
        ("recipes", "tbst", "made from", "[10x TBS, pH 7.6](#10x-tbs); [Tween-20](#tween-20); the rest [deionised water](#water)"),
        ("recipes", "dtt", "molar mass", "154.25 g/mol"),
        ("recipes", "30-percent-acrylamide", "as", "acrylamide 30 % w/v"),
    ],
)
def test_a_figure_is_that_of_the_table(page, row, column, text):
    assert cell(page, row, column) == text


@pytest.mark.parametrize("table", [table for table in PLACES if table != "recipes"])
def test_every_figure_has_its_unit(table):
    units = {format_amount(1, kind).partition(" ")[2] for kind in KINDS} | {"mL", "L", "nM", "mM", "h", "kDa", "cm²", "wells", "gels", "gel"}
    ends = re.compile(rf"^\d[\d.\u202f]*( .*)? ({'|'.join(re.escape(unit) for unit in units)})\)?$")
    kinds = {column: entry.get("kind", "text") for column, entry in YAML[table]["columns"].items()}
    for name, row in YAML[table]["rows"].items():
        figures = {re.sub("_(low|high)$", "", column) for column, kind in kinds.items() if kind not in ("text", "words") and column in row}
        cells = [each for heading, each in rows(PLACES[table])[row_anchor(name)].items() if heading != "pH of the Tris"]
        assert sum(bool(ends.match(each)) for each in cells) >= len(figures), (name, cells)
        assert not [each for each in cells[1:] if re.fullmatch(r"[\d.\u202f]+( to [\d.\u202f]+)?", each)], name


# --- how it is known --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", PLACES)
def test_every_row_says_how_it_is_known_and_cites_its_works(table):
    page = rows(PLACES[table])
    for name, row in written(table).items():
        line = page[row_anchor(name)]
        words = EVIDENCE[row["evidence"]].label
        if row["evidence"] == "verified":
            assert re.match(rf"{words}( \[@\w+\])+(;|$)", line["evidence"]), name
        else:
            assert line["evidence"].startswith(f"{words}, {row['confidence']} confidence"), name
        assert re.findall(r"\[@(\w+)\]", " ".join(line.values())) == list(row.get("cite", [])), name


def test_a_work_stands_beside_what_it_speaks_of():
    assert cell("cell_lines", "nci-h358", "why it is used").endswith("[@zhang2021]")
    assert cell("antibodies", "pfak-s910", "note") == "ERK5 phosphorylates it [@villamoruzzi2007]"
    assert cell("drugs", "xmd8-92-free-base", "note").endswith("[@lin2016] [@lochhead2020]")
    assert cell("vessels", "6-well", "evidence") == "verified [@fisher_vessels]; what is not is told above the table"


def test_every_work_is_known():
    works = citations.parse_bibtex(SHARED[citations.REFERENCES_FILE])
    assert {key for text in PAGES.values() for key in re.findall(r"\[@(\w+)\]", text)} <= set(works)


@pytest.mark.parametrize("page", sorted(set(PLACES.values())))
def test_every_page_says_what_its_words_for_evidence_mean(page):
    text = PAGES[f"tables/{page}.md"]
    used = {row["evidence"] for table, place in PLACES.items() if place == page for row in written(table).values()}
    legend = text.partition("## How the figures are known")[2]
    assert {EVIDENCE[kind].label for kind in used} <= set(re.findall(r"\*\*(.*?)\*\*", legend))
    assert "confirm it with your supplier" in legend
    assert re.match(r'---\ntitle: ".+"\nhide: \[toc\]\n---\n\n[A-Z]', text)


# --- what is computed -------------------------------------------------------------------------------------------------------


def near(protein: str) -> set[str]:
    return set(re.findall(r"\[([^\]]+)\]", cell("antibodies", f"band-{row_anchor(protein)}", "runs together with")))


@pytest.mark.parametrize(
    ("protein", "others"),
    [
        ("GAPDH", set()),  # 37: actin begins at 42, 13.5 % above
        ("ERK1/2", {"actin"}),  # 42 to 44 in 42 to 45; the heavy chain hides from 45
        ("FAK", {"AXL", "ERK5", "Pyk2", "vinculin"}),  # 125: from 113.6 to 137.5
        ("HER2", {"MET", "EGFR"}),  # 185: from 168.2; the precursor of MET is at 170
        ("AKT", {"tubulin", "Src family", "YAP", "IgG heavy chain"}),  # 60: from 54.5 to 66; tubulin to 55, YAP from 65
        ("paxillin", {"YAP"}),  # 68: from 61.8 to 74.8; AKT at 60 is 13 % below
        ("IGF1R", {"PARP", "HSP90", "beta-catenin", "AXL"}),  # 95: from 86.4 to 104.5; STAT3 ends at 86
    ],
)
def test_bands_within_a_tenth_run_together(protein, others):
    assert near(protein) == others


def test_bands_run_together_both_ways():
    proteins = {row["protein"] for row in YAML["antibodies"]["rows"].values()}
    for one in proteins:
        assert all(one in near(other) for other in near(one) & proteins), one


def test_what_reads_one_protein_shares_a_row():
    assert re.findall(r"#([a-z0-9-]+)", cell("antibodies", "band-fak", "read by")) == ["pfak-y397", "fak", "pfak-s910", "pfak-y576", "pfak-y861"]
    assert cell("antibodies", "band-erk1-2", "band") == "42 to 44 kDa"


def test_what_must_not_meet_is_named_with_what_there_is_of_it():
    pair = rows("hazards")["acid-and-azide"]
    assert pair["why"] == "acid sets free hydrazoic acid"
    assert pair["of the first"].startswith("[TCA](#tca), [acetic acid](#acetic-acid), [HCl](#hcl), [sulfuric acid](#sulfuric-acid)")
    assert pair["of the second"] == "[sodium azide](#sodium-azide)"


# --- words ------------------------------------------------------------------------------------------------------------------


def test_the_words_of_a_table_are_no_markdown():
    assert to_markdown("a|b *c* _d_ [e](f) <g>") == "a&#124;b &#42;c&#42; &#95;d&#95; &#91;e&#93;(f) &#60;g&#62;"
    assert to_markdown("10^7 cells on 2 cm2 at 4 degC") == "10⁷ cells on 2 cm² at 4 °C"


def test_another_table_is_called_by_its_title():
    text = PAGES["tables/antibodies.md"]
    assert "are in [Bands and probes that are not targets](#bands-and-probes-that-are-not-targets)." in text
    assert not re.search(r"\b(blot\\?_bands|gel\\?_ranges|drug\\?_forms)\b", "".join(PAGES.values()).replace("cell_lines.md", ""))


def test_every_table_has_a_name():
    for path, text in PAGES.items():
        regions = re.findall(r'<div class="table-named table-figures" role="group" aria-label="([^"]+)" markdown="1">\n\n\|', text)
        assert len(regions) == len(set(regions)) == len(HEADS.findall(text)), path
        assert len(re.findall(r"\|\n\n</div>\n", text)) == len(regions), path


@pytest.mark.parametrize("kind", ["volume", "molarity", "mass", "time"])
def test_figures_of_one_column_are_sorted_across_its_units(kind):
    script = (ASSETS / "js" / "tables.js").read_text("utf-8")
    units = re.search(r"const UNITS = \{(.*?)\};", script, re.DOTALL)
    assert units
    sizes = {name.strip('"'): float(size) for name, size in re.findall(r'("?[\wµ]+"?): ([\d.e]+)', units[1])}
    shown = [unit.replace("uL", "µL").replace("uM", "µM").replace("ug", "µg") for unit in KINDS[kind].units]
    assert [sizes[unit] for unit in shown] == sorted(sizes[unit] for unit in shown)


# --- mistakes ---------------------------------------------------------------------------------------------------------------

TABLE = """
title: Tubes
about: What a tube holds.
columns:
  volume: {kind: volume, label: volume}
defaults: {evidence: general, confidence: high, cite: []}
rows:
"""


def told(**files: str) -> str:
    with pytest.raises(ProtocolError) as mistake:
        build_table_pages({f"{name}.yml": text for name, text in files.items()})
    return str(mistake.value)


def test_a_table_that_is_added_has_a_page():
    pages = build_table_pages({"tubes.yml": TABLE + "  2 mL tube: {volume: 2 mL}\n", "references.bib": ""})
    row = '| <span id="2-ml-tube"></span>2 mL tube | 2 mL | general knowledge, high confidence |'
    assert f"| tube | volume | evidence |\n|---|---|---|\n{row}\n" in pages["tables/tubes.md"]
    assert "- [Tubes](tubes.md) (1): what a tube holds.\n" in pages["tables/index.md"]


def test_two_rows_of_one_address_are_refused():
    assert told(tubes=TABLE + "  2 mL: {volume: 2 mL}\n  2-mL: {volume: 2 mL}\n") == (
        "protocols/_shared/tubes.yml: '2 mL' and '2-mL' would both be found at #2-ml\n  hint: name one of them otherwise"
    )


def test_a_mistake_of_a_table_is_told_at_its_line_and_all_at_once():
    text = told(tubes=TABLE + "  A: {volume: 2 h}\n", boxes=TABLE + "  B: {volume: 1 mL, evidence: hearsay}\n")
    assert "protocols/_shared/tubes.yml:8: expected a volume, got '2 h' (time)" in text
    assert "protocols/_shared/boxes.yml:8: 'hearsay' is not a word for evidence" in text
