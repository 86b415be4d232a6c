"""The references are plain BibTeX, and the small reader of the engine reads them as pybtex does."""

from __future__ import annotations

import re
from pathlib import Path

import pybtex.database
import pytest
import yaml

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol import citations

SHARED = Path(library.protocols_folder()) / library.SHARED_FOLDER
TEXT = (SHARED / citations.REFERENCES_FILE).read_text("utf-8")
WORKS = citations.parse_bibtex(TEXT)


def test_every_entry_and_every_field_is_read_as_pybtex_reads_it() -> None:
    entries = pybtex.database.parse_string(TEXT, "bibtex").entries
    assert set(WORKS) == set(entries)
    for key, entry in entries.items():
        fields = {name.lower(): value for name, value in entry.fields.items()}
        mine = {name: value for name, value in WORKS[key].items() if name not in {"type", "author"}}
        assert mine == fields, key
        assert WORKS[key]["author"].count(" and ") + 1 == len(entry.persons["author"]), key


def test_every_work_can_be_found_by_an_identifier() -> None:
    assert [key for key, work in WORKS.items() if not {"doi", "pmid", "pmcid", "url"} & set(work) and "journal" not in work] == []


def test_every_work_has_a_title() -> None:
    assert [key for key, work in WORKS.items() if not work.get("title", "").strip()] == []


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.yml")), ids=lambda file: file.stem)
def test_every_reference_of_a_shared_table_is_in_the_file(file: Path) -> None:
    table = yaml.safe_load(file.read_text("utf-8"))
    cited = {key for row in [table.get("defaults", {}), *table["rows"].values()] for key in row.get("cite", [])}
    assert cited <= set(WORKS)


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.yml")), ids=lambda file: file.stem)
def test_every_row_of_a_shared_table_has_its_evidence(file: Path) -> None:
    table = yaml.safe_load(file.read_text("utf-8"))
    for name, row in table["rows"].items():
        evidence = row.get("evidence", table["defaults"].get("evidence"))
        assert evidence in {"verified", "general", "computed", "source-only", "house"}, name
        assert evidence != "verified" or row.get("cite"), name


def test_every_default_of_a_protocol_has_its_evidence_and_what_is_verified_its_work() -> None:
    for name in library.protocol_ids():
        declared = yaml.safe_load(library.load_source(name).files["protocol.yml"])["parameters"]
        for parameter, entry in declared.items():
            if "default" in entry:
                assert entry.get("evidence") in {"verified", "general", "computed", "source-only", "house"}, parameter
            assert entry.get("evidence") != "verified" or entry.get("cite"), parameter


def test_a_work_is_written_as_journals_write_it() -> None:
    assert (
        citations.format_work(WORKS["villamoruzzi2007"])
        == "Villa-Moruzzi 2007. Targeting of FAK Ser910 by ERK5 and PP1δ in non-stimulated and phorbol ester-stimulated cells. Biochem J 408:7–18."
    )
    assert re.fullmatch(r"Marlowe et al\. 2016\. .+\. Mol Cancer Ther 15\(12\):3028–3039\.", citations.format_work(WORKS["marlowe2016"]))


def test_a_key_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(ProtocolError) as mistake:
        citations.build_citations(TEXT, ["vichia2006"])
    assert str(mistake.value) == "no reference 'vichia2006'\n  hint: did you mean 'vichai2006'?"
