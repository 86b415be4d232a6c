"""The sheets that scenarios set: each tells what its samples need, so that none asks its reader for an option that the scenario can set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from benchsheet import library
from benchsheet.engine import render

ROOT = Path(__file__).parent.parent
SIRNA = re.compile(r"\b(?:si|sh)[A-Z]")  # siFAK, shPTK2


def set_sheets(node, path=()):
    """Yield where a sheet is set, its protocol and its values."""
    if isinstance(node, dict):
        if "protocol" in node and "values" in node:
            yield "/".join(path), node["protocol"], {name.replace("-", "_"): str(value) for name, value in node["values"].items()}
        for key, value in node.items():
            yield from set_sheets(value, (*path, str(key)))


SHEETS = [
    pytest.param(protocol, values, id=f"{file.stem}/{place}")
    for file in sorted((ROOT / "docs" / "scenarios").glob("*.yml"))
    for place, protocol, values in set_sheets(yaml.safe_load(file.read_text("utf-8")))
]


@pytest.mark.parametrize(("protocol", "values"), SHEETS)
def test_a_set_sheet_does_not_warn_that_an_option_is_left_out(protocol, values):
    told = [warning["message"] for warning in render(library.load_source(protocol), values)["warnings"] if warning["level"] == "W"]
    assert [words for words in told if re.search(r"(?:^|[ :(])--[a-z]", words)] == []


@pytest.mark.parametrize("values", [pytest.param(each.values[1], id=each.id) for each in SHEETS])
def test_each_sample_that_gets_sirna_is_told_with_what_it_is_against(values):
    samples = [name.strip() for name in values.get("samples", "").split(",")]
    told = dict(pair.split(": ") for pair in values.get("knockdown", "").split("; ") if pair)
    assert set(told) == {name for name in samples if SIRNA.search(name)}
    for name, target in told.items():
        against = re.findall(r"\bsi([A-Z]\w*)", name)
        assert against == ["Control"] or target.startswith("the ") or all(word in target for word in against)
        assert (target == "non-targeting") == (against == ["Control"])
