"""How a figure is known: wherever an author may say it, a wrong word is refused with the nearest, and a work that was read is named."""

from __future__ import annotations

import pytest
import yaml

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.protocol.evidence import EVIDENCE
from benchsheet.protocol.reader import read_protocol
from benchsheet.protocol.sections import DECLARED_SECTIONS
from benchsheet.protocol.source import Source

SPEC = """\
title: Toy
version: 1.0.0
parameters:
  plates: {count: plate, default: 1, min: 1, max: 9}
  dose: {default: 10 uM, or: {default: 1 mg/mL}}
derived:
  wells: {from: plates * 3}
reagents:
  serum: {name: serum}
vessels:
  culture: {labware: plate-96, count: plates, groups: {all: rest}}
controls:
  blank: {why: subtracted from every reading}
gates:
  signal: {limit: above 0.1, reading: the blank}
hours:
  wait: {from: Seed, to: Read, meant: 2 h, say: "{planned} for {meant}", when: plates > 1}
"""
WORK = "@article{skehan1990,\n  author = {Skehan, P.},\n  title = {Colorimetric assay},\n  year = {1990},\n}\n"
# What an entry ends with, by its section, and the line in which it stands.
ENTRIES = {
    "parameters": ("max: 9}", 4), "the other form of a parameter": ("1 mg/mL}", 5), "derived": ("* 3}", 7), "reagents": ("name: serum}", 9),
    "controls": ("every reading}", 13), "gates": ("the blank}", 15), "hours": ("plates > 1}", 17),
}  # fmt: skip
entries = pytest.mark.parametrize("section", ENTRIES)


def read(section: str, words: str) -> None:
    end, _ = ENTRIES[section]
    assert SPEC.count(end) == 1
    read_protocol(
        Source(
            id="toy",
            folder="protocols/toy",
            files={"protocol.yml": SPEC.replace(end, f"{end[:-1]}, {words}}}")},
            shared_files={"references.bib": WORK},
        )
    )


def told(section: str, words: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        read(section, words)
    message = str(caught.value)
    place = f"protocols/toy/protocol.yml:{ENTRIES[section][1]}: "
    assert message.startswith(place)
    return message.removeprefix(place)


def test_every_section_that_takes_evidence_is_tried():
    assert {name for name, section in DECLARED_SECTIONS.items() if section.table and "evidence" in section.table.keys} <= ENTRIES.keys()


@entries
@pytest.mark.parametrize("word", EVIDENCE)
def test_each_word_is_taken(section, word):
    read(section, f"evidence: {word}, cite: skehan1990")


@entries
def test_a_word_that_is_none_is_refused_with_the_nearest(section):
    assert told(section, "evidence: verifed, cite: skehan1990") == "'verifed' is not a word for evidence\n  hint: did you mean 'verified'?"
    assert told(section, "evidence: ''") == (f"'' is not a word for evidence\n  hint: one of: {', '.join(EVIDENCE)}")


@entries
@pytest.mark.parametrize("cite", ["", ", cite: []"], ids=["no key", "an empty one"])
def test_what_was_read_in_a_work_names_it(section, cite):
    hint = "name its key under 'cite', or say how else it is known: general or computed or source-only or house"
    assert told(section, f"evidence: verified{cite}") == f"evidence 'verified', and no work is cited\n  hint: {hint}"


@entries
def test_every_other_word_needs_none(section):
    for word in EVIDENCE.keys() - {"verified"}:
        read(section, f"evidence: {word}")


@pytest.mark.parametrize("name", library.protocol_ids())
def test_the_protocols_of_this_library_say_it_so(name):
    """Read as plain YAML: each word is one of the five, and each that was read names its work."""
    spec = yaml.safe_load(library.load_source(name).files["protocol.yml"])
    found = [entry for section in spec.values() if isinstance(section, dict) for entry in section.values() if isinstance(entry, dict)]
    said = [entry for entry in found if "evidence" in entry]
    assert len(said) > 10
    assert {entry["evidence"] for entry in said} <= {"verified", "general", "computed", "source-only", "house"}
    assert all(entry.get("cite") for entry in said if entry["evidence"] == "verified")
