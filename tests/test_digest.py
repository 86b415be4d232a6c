"""Same inputs, same bytes: on any machine, in any process; another digest for each source and value of a sheet, and for nothing else."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import unicodedata
from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.record import identity

SRB = library.load_source("srb")
START = "2026-11-23T09:00"
LAB = "zone: Europe/Vienna\n"
GIVEN = {"plates": "4", "compounds": "β-lapachone,defactinib", "counted": "1.2e6 cells/mL", "have": "defactinib 1 mM: 60 uL", "doses": "6"}

EVERYTHING = f"""
import json, sys
from benchsheet import library
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.text import format_text
from benchsheet.lab import parse_profile
from benchsheet.engine import render
runs = [({{}}, None, ""), ({GIVEN!r}, parse_profile({LAB!r}, "x.yml"), {START!r}), ({{"solvent": "water", "doses": "10"}}, None, {START!r})]
for given, lab, start in runs:
    record = render(library.load_source("srb"), given, lab, start)
    for words in (json.dumps(record, ensure_ascii=False), format_text(record), format_markdown(record)):
        sys.stdout.buffer.write(words.encode() + b"\\0")
"""


def _bytes(**environment: str) -> bytes:
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "TZ"))} | environment
    settings |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    return subprocess.run([sys.executable, "-c", EVERYTHING], env=settings, capture_output=True, check=True, timeout=60).stdout


def test_every_process_on_every_machine_writes_the_same_bytes():
    """Another order of sets, another locale, another clock, and without the bytecode of before."""
    first = _bytes(PYTHONHASHSEED="0")
    assert len(first) > 100_000
    assert _bytes(PYTHONHASHSEED="1", LC_ALL="C", TZ="Pacific/Auckland") == first
    assert _bytes(PYTHONHASHSEED="4242", LC_ALL="de_DE.UTF-8", TZ="America/New_York", PYTHONDONTWRITEBYTECODE="1", PYTHONUTF8="1") == first


def test_two_renders_in_one_process_are_equal():
    assert render(SRB, GIVEN, None, START) == render(SRB, GIVEN, None, START)
    render(SRB, {"plates": "100"})
    fresh = Source(id=SRB.id, folder=SRB.folder, files=dict(SRB.files), shared_files=dict(SRB.shared_files), shared_folder=SRB.shared_folder)
    assert render(fresh, GIVEN, None, START) == render(SRB, GIVEN, None, START)


# --- what decides the sheet -----------------------------------------------------------------------------------------------


def changed(name: str, text: str) -> Source:
    """Return the sources with one file replaced, its own or a shared one."""
    own, shared = dict(SRB.files), dict(SRB.shared_files)
    (own if name in own else shared)[name] = text
    return Source(id=SRB.id, folder=SRB.folder, files=own, shared_files=shared, shared_folder=SRB.shared_folder)


SOURCES = [name for name in (*SRB.files, *SRB.shared_files) if not name.startswith("cases/") and name != "recipes.yml"]


def test_the_protocol_its_template_its_tables_and_its_references_are_sources():
    assert {"protocol.yml", "protocol.md.j2", "cell_lines.yml", "drugs.yml", "drug_forms.yml", "hazards.yml", "references.bib"} <= set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_the_digest_changes_with_one_letter_of_any_source(name):
    text = SRB.files.get(name) or SRB.shared_files[name]
    remark = {"j2": "{# x #}\n", "bib": "% x\n"}.get(name.rpartition(".")[2], "# x\n")
    assert render(changed(name, text + remark), {})["identity"]["inputs"] != render(SRB, {})["identity"]["inputs"]


@pytest.mark.parametrize("name", SOURCES)
def test_the_digest_does_not_change_with_line_ends_or_the_way_a_letter_is_composed(name):
    text = SRB.files.get(name) or SRB.shared_files[name]
    remark = {"j2": "{{# {} #}}\n", "bib": "% {}\n"}.get(name.rpartition(".")[2], "# {}\n").format("naïve Å")
    one, other = (text + unicodedata.normalize(form, remark) for form in ("NFC", "NFD"))
    assert one != other
    expected = render(changed(name, one), {})["identity"]["inputs"]
    assert render(changed(name, other), {})["identity"]["inputs"] == expected
    assert render(changed(name, one.replace("\n", "\r\n")), {})["identity"]["inputs"] == expected


def test_a_checkout_with_other_line_ends_makes_the_same_sheet():
    own = {name: text.replace("\n", "\r\n") for name, text in SRB.files.items()}
    shared = {name: text.replace("\n", "\r\n") for name, text in SRB.shared_files.items()}
    assert render(Source(id=SRB.id, folder=SRB.folder, files=own, shared_files=shared, shared_folder=SRB.shared_folder), GIVEN) == render(SRB, GIVEN)


def test_a_case_is_no_source():
    assert render(changed("cases/scale.yml", "- nothing"), {})["identity"]["inputs"] == render(SRB, {})["identity"]["inputs"]


MASS = {"stock": "5 mg", "mw": "480 g/mol"}
BIOLOGICAL = {"solvent": "buffer", "stock": "21 mg/mL", "top_dose": "10 ug/mL"}
# Every parameter, among what it goes with, at two values.
VALUES: dict[str, tuple[dict[str, str], str]] = {
    "plates": ({}, "2"),
    "compounds": ({}, "another"),
    "cell_line": ({}, "MCF7"),
    "exposure": ({}, "73 h"),
    "attach": ({}, "19 h"),
    "lag": ({}, "11 h"),
    "plated": ({}, "0.9"),
    "doubling": ({}, "23 h"),
    "confluent": ({}, "40001 cells"),
    "seeded": ({}, "2251 cells"),
    "counted": ({}, "1e6 cells/mL"),
    "medium": ({}, "101 uL"),
    "addition": ({}, "replace"),
    "on_top": ({}, "99 uL"),
    "dose_list": ({}, "10 uM; 5 uM; 2 uM; 1 uM"),
    "drug": ({}, "defactinib"),
    "salt": ({"stock": "5 mg", "drug": "defactinib", "salt": "free base"}, "HCl"),
    "mw": (MASS, "481 g/mol"),
    "stock": ({}, "11 mM"),
    "dissolve_to": (MASS, "11 mM"),
    "solvent": ({}, "water"),
    "isotype_stock": (BIOLOGICAL, "5 mg/mL"),
    "top_dose": ({}, "9.999 uM"),
    "dilution": ({}, "3.162 fold"),
    "doses": ({}, "7"),
    "replicates": ({}, "5"),
    "vehicle_limit": ({}, "0.11 % v/v"),
    "kill": ({}, "puromycin"),
    "kill_dose": ({}, "0.9 uM"),
    "kill_stock": ({}, "1.1 mM"),
    "fixation": ({}, "replace"),
    "dye": ({}, "0.057 % w/v"),
    "wavelength": ({}, "511 nm"),
    "have": ({}, "1 mM: 60 uL"),
}


@pytest.mark.parametrize("name", VALUES)
def test_the_digest_changes_with_every_value(name):
    base, text = VALUES[name]
    assert render(SRB, {**base, name: text})["identity"]["inputs"] != render(SRB, base)["identity"]["inputs"]


def test_every_parameter_was_tried():
    assert set(render(SRB, {})["parameters"]) <= set(VALUES)


# Two values that round to the same four figures are two values.
CLOSE = [
    ("seeded", "12345 cells", "12346 cells"),
    ("dilution", "3.16228 fold", "3.1623 fold"),
    ("dilution", "half-log", "3.162277660168379 fold"),
    ("vehicle_limit", "0.12345 % v/v", "0.12346 % v/v"),
    ("counted", "1234567 cells/mL", "1234560 cells/mL"),
    ("top_dose", "1.23456 uM", "1.2346 uM"),
    ("top_dose", "9.99999 uM", "10 uM"),
    ("medium", "100.001 uL", "100.002 uL"),
    ("exposure", "4321 min", "4322 min"),
]


@pytest.mark.parametrize(("name", "one", "other"), CLOSE)
def test_the_digest_tells_close_values_apart(name, one, other):
    assert render(SRB, {name: one})["identity"]["inputs"] != render(SRB, {name: other})["identity"]["inputs"]


def typed(command: str) -> dict[str, str]:
    """Read a command back as a shell and the command line would: the values by their parameters."""
    words = shlex.split(command)
    assert words[:3] == ["benchsheet", "render", "srb"]
    return {option.removeprefix("--").replace("-", "_"): text for option, text in zip(words[3::2], words[4::2], strict=True)}


AGAIN = [{**base, name: text} for name, (base, text) in VALUES.items()] + [{name: text} for name, *both in CLOSE for text in both]
AGAIN += [GIVEN, MASS, BIOLOGICAL, {"compounds": "it's,β <x>", "top_dose": "1.23456 uM; 2 uM"}]


@pytest.mark.parametrize("given", AGAIN, ids=str)
def test_the_command_on_the_sheet_makes_the_same_sheet(given):
    record = render(SRB, given)
    assert render(SRB, typed(record["invocation"]["command"])) == record


def test_the_lab_profile_counts_by_its_content_and_not_by_the_name_of_its_file():
    usual = render(SRB, {})["identity"]["inputs"]
    assert render(SRB, {}, parse_profile("", "my-lab.yml"))["identity"]["inputs"] == usual
    assert render(SRB, {}, parse_profile("trust: 1 uL\n", "my-lab.yml"))["identity"]["inputs"] == usual
    stricter = render(SRB, {}, parse_profile("trust: 2 uL\n", "my-lab.yml"))["identity"]["inputs"]
    assert stricter != usual
    assert render(SRB, {}, parse_profile("# the same\r\ntrust: 0.002 mL\r\n", "folder/another.yml"))["identity"]["inputs"] == stricter


PROFILES = [
    "trust: 2 uL",
    "least: 0.3 uL",
    "tolerance: 1.5 %",
    "overage: {percent: 15 %}",
    "overage: {volume: 1 mL}",
    "dead: {reservoir: 3 mL}",
    "zone: Europe/Vienna",
    """\
pipettes:
  - {name: P20, from: 1 uL, to: 20 uL, step: 0.02 uL}
  - {name: P200, from: 20 uL, to: 200 uL, step: 0.1 uL}
  - {name: P1000, from: 200 uL, to: 1 mL, step: 1 uL, strokes: 5}
  - {name: cylinder, from: 5 mL, to: 1 L, step: 1 mL, strokes: 100}""",
    "labware: {plate-96: {name: 96-well plate, rows: 8, columns: 12, working: [75 uL, 200 uL], fixing: 310 uL, brim: 360 uL}}",
]


@pytest.mark.parametrize("text", PROFILES)
def test_the_digest_changes_with_every_part_of_the_lab_profile(text):
    assert render(SRB, {}, parse_profile(text + "\n", "lab.yml"))["identity"]["inputs"] != render(SRB, {})["identity"]["inputs"]


def test_the_digest_changes_with_the_start_and_its_zone():
    vienna, tokyo = parse_profile("zone: Europe/Vienna\n", "lab.yml"), parse_profile("zone: Asia/Tokyo\n", "lab.yml")
    found = [
        render(SRB, {}, lab, start)["identity"]["inputs"]
        for lab in (None, vienna, tokyo)
        for start in ("", START, "2026-11-23T09:01", "2026-11-26T09:00")
    ]  # fmt: skip
    assert len(set(found)) == len(found)


def test_the_digest_does_not_change_with_the_engine(monkeypatch):
    usual = render(SRB, {})
    monkeypatch.setattr(identity, "engine_digest", lambda: "another engine")
    monkeypatch.setattr(identity, "__version__", "9.9.9")
    assert render(SRB, {})["identity"]["inputs"] == usual["identity"]["inputs"] == usual["identity"]["inputs"]


def test_the_digest_is_sixteen_hexadecimal_digits():
    found = render(SRB, {})["identity"]["inputs"]
    assert len(found) == 16
    assert set(found) <= set("0123456789abcdef")


# --- what does not --------------------------------------------------------------------------------------------------------

SAME = [
    {"plates": "1"},
    {"cell_line": "A549"},
    {"cell_line": "a549"},
    {"exposure": "3 days"},
    {"medium": "0.1 mL"},
    {"medium": "100 µL/well"},
    {"medium": "100uL"},
    {"stock": "0.01 M"},
    {"stock": "10000 uM"},
    {"dilution": "half-log"},
    {"seeded": "2250 cells"},
    {"seeded": "2.25e3 cells"},
    {"doubling": "22 h; 24 h"},
    {"doubling": "22; 24 h"},
    {"vehicle_limit": "0.1 %v/v"},
    {"wavelength": "0.51 um"},
    {"compounds": " inhibitor "},
    {"replicates": "6", "doses": "8", "addition": "add", "fixation": "layer", "kill_dose": "1000 nM"},
]


@pytest.mark.parametrize("given", SAME, ids=str)
def test_a_default_typed_out_makes_the_same_sheet_of_a_run_of_its_own(given):
    """It is the run of who asked for this value, whatever a later version has as its default."""
    explicit: Any
    explicit, usual = render(SRB, given), render(SRB, {})
    assert typed(explicit.pop("invocation")["command"]).keys() == given.keys()
    assert explicit.pop("identity") | {"run": ""} == usual["identity"] | {"run": ""}
    assert explicit.pop("seal") != usual["seal"]  # the command is under the seal
    assert explicit == {key: value for key, value in usual.items() if key not in ("invocation", "identity", "seal")}


def test_the_order_of_options_does_not_matter():
    backwards = dict(reversed(list(GIVEN.items())))
    assert list(backwards) != list(GIVEN)
    assert render(SRB, backwards) == render(SRB, GIVEN)


def test_one_value_for_all_compounds_is_as_good_as_each():
    assert render(SRB, {"compounds": "A,B", "stock": "20 mM; 20 mM"}) == render(SRB, {"compounds": "A,B", "stock": "20 mM"})
