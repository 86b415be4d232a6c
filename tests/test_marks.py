"""What a plate map calls its wells: two places with different content never have one mark, in any format, and each says which one it is."""

from __future__ import annotations

import json
import re
import string
import tomllib
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import render
from benchsheet.formats.html.page import format_html
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.pdf.sheet import typst_markup
from benchsheet.formats.platemap import format_plates
from benchsheet.formats.text import format_text
from benchsheet.formats.worklist import format_wellmap
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from tests.records import wells_of

SPEC = """\
title: Two families, one letter
version: 1.0.0
parameters:
  samples: {names: sample, default: 3, min: 1, max: 8, help: "x"}
derived:
  points: {from: 3 * 1}
reagents: {buffer: {name: buffer}}
vessels:
  plate:
    labware: plate-96
    groups:
      standard: {at: "A1:H2", by: row, first: points}
      sample: {at: "A3:H4", by: row, first: samples}
"""
WORDS = '{% step "Fill" %}\n{{ add("buffer", "100 uL/well", to=["plate/standard", "plate/sample"]) }}\n{% endstep %}\n'
SVG = "{http://www.w3.org/2000/svg}"


def sheet(spec: str = SPEC, words: str = WORDS, **values: str) -> Any:
    files = {"protocol.yml": spec, "protocol.md.j2": words}
    record: Any = json.loads(json.dumps(render(Source(id="marks", folder="protocols/marks", files=files, shared_files={}), values)))
    return record


def meanings(record: Any) -> list[dict[str, set[str]]]:
    """Return, for each layout, which groups each mark stands for."""
    found = []
    for plate in record["plates"]:
        marks: dict[str, set[str]] = {}
        for well in wells_of(plate).values():
            marks.setdefault(well["mark"], set()).add(well["group"])
        found.append(marks)
    return found


def test_standards_and_samples_have_marks_of_their_own():
    record = sheet()
    marks = {name: well["mark"] for name, well in wells_of(record["plates"][0]).items()}
    assert [marks[well] for well in ("A1", "A2", "B1", "A3", "A4", "B3")] == ["S1", "S1", "S2", "Sa1", "Sa1", "Sa2"]
    assert replay(json.dumps(record)).wrong == []


def test_replay_tells_a_mark_that_stands_for_two_groups():
    record = sheet()
    for well in record["plates"][0]["groups"].values():
        well["mark"] = well["mark"].replace("Sa", "S")
    assert any("S1 marks plate/standard 1 and plate/sample 1" in told for told in replay(json.dumps(record)).wrong)


@pytest.mark.parametrize("values", [{}, {"samples": "ctl,PF 0.1,PF 1"}], ids=["counted", "named"])
def test_every_format_says_which_sample_a_well_holds(values):
    """The third row of samples, C3: its mark, and the name that the user gave; the third standard beside it is another one."""
    record = sheet(**values)
    role = "PF 1" if values else "sample 3"
    assert wells_of(record["plates"][0])["C3"]["role"] == role
    legend = rf"S3 standard; .*Sa3 {role}"
    assert re.search(legend, format_text(record).replace("\n", " "))
    assert re.search(legend, format_markdown(record))
    page = re.sub("<[^>]*>", "|", format_html(record, paper="A4", site=""))
    assert re.search(r"\|Sa3\|+" + role, page)
    assert re.search(r"\|S3\|+standard", page)
    drawing = ET.fromstring(format_plates(record))  # noqa: S314 - made here
    shown = {each.get("data-well"): [text.text for text in each.findall(f"{SVG}text")] for each in drawing.findall(f"{SVG}g")}
    assert (shown["C1"], shown["C3"]) == (["S3", "standard"], ["Sa3", role])
    told = {keys: spot for plate in tomllib.loads(format_wellmap(record))["plate"].values() for keys, spot in plate["well"].items()}
    assert (told["C1,C2"]["mark"], told["C3,C4"]["mark"], told["C3,C4"]["role"]) == ("S3", "Sa3", role)
    assert f'"{role}"' in re.sub("[\u00a0\u202f]", " ", typst_markup(record))


def test_paper_numbers_the_wells_of_a_family_without_names():
    """Three standards in two columns each: on paper S1 and S2 stand in their wells, and not the word standard alone."""
    markup = typst_markup(sheet(SPEC.replace("first: samples", "first: points")))
    assert all(f'well({{strong("{mark}{number}")' in markup for mark in ("S", "Sa") for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *(("srb", values) for values in ({}, {"doses": "10"}, {"compounds": "a,b,c"}, {"solvent": "water"}, {"plates": "12"})),
        *(("western-blot", values) for values in ({}, {"samples": "24"}, {"samples": "2", "lysis": "B"})),
        *(("co-ip", values) for values in ({}, {"samples": "4"})),
    ],
)
def test_no_packaged_sheet_has_one_mark_for_two_groups(name, values):
    for marks in meanings(render(library.load_source(name), values)):
        assert all(len(groups) == 1 for groups in marks.values()), marks


NAMES = st.lists(st.text(string.ascii_lowercase[:3] + "s", min_size=1, max_size=4), min_size=2, max_size=7, unique=True)


@settings(max_examples=30, deadline=None)
@given(NAMES, st.data())
def test_invented_vessels_never_have_one_mark_for_two_groups(names, data):
    """Groups with and without members, some with a role that they share, one row each."""
    lines = []
    for row, name in zip("ABCDEFG", names, strict=False):
        number = data.draw(st.integers(1, 12))
        role = data.draw(st.sampled_from(["", ", role: PBS", ", role: standard"]))
        lines.append(f'      "{name}": {{at: "{row}1:{row}{number}", by: column{role}}}')
    spec = SPEC[: SPEC.index("      standard:")].replace("samples: {names", "unused: {names") + "\n".join(lines) + "\n      leer: rest\n"
    words = f'{{% step "Fill" %}}\n{{{{ add("buffer", "100 uL/well", to="plate/{names[0]}") }}}}\n{{% endstep %}}\n'
    (marks,) = meanings(sheet(spec, words))
    assert all(len(groups) == 1 for groups in marks.values()), marks
    assert all(re.fullmatch(r"\.|[^\W\d]{1,4}\d{0,3}", mark) for mark in marks)
