"""A form of parameters is one class: a toy form, told in this file alone, works from protocol.yml to the sheet, and wherever values go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from benchsheet.api.typed_values import type_values
from benchsheet.authoring.cases import branch_values
from benchsheet.authoring.key_tables import protocol_schema
from benchsheet.engine import load_protocol, render
from benchsheet.errors import Collector, ProtocolError
from benchsheet.formats.text import format_text
from benchsheet.protocol.parameters.form import LIST_KEY, Form
from benchsheet.protocol.parameters.forms import FORMS, all_keys, register_form
from benchsheet.protocol.parameters.parameter import Parameter
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay


class Corner(tuple[str, int]):  # noqa: SLOT001 - a tuple has no room for slots
    """A well, as a row's letter and a column's number."""

    def __hash__(self) -> int:
        return super().__hash__()


class WellForm(Form):
    """A well of a plate: ``well: 96``."""

    key, words, declared_as, example = "well", "a well", "`well: 96`", "B3"
    own_keys = (LIST_KEY,)
    metavar_word = "WELL"
    value_type = Corner
    parses_worked_out_text = True

    def declare(self, name: str, entry: Any, default: str | None) -> dict[str, Any]:
        if entry.text("well") != "96":
            raise ProtocolError(f"{name!r} is a well of no plate that it knows", "write well: 96")
        return {"high": "H12"}

    def parse(self, parameter: Parameter, text: str, choices: tuple[str, ...]) -> str:
        match = re.fullmatch(r"([A-Ha-h])0?([1-9]|1[0-2])", text.strip())
        if not match:
            raise ProtocolError(f"{text!r} is not a well", f"A1 to {parameter.high}")
        return f"{match[1].upper()}{match[2]}"

    def to_text(self, value: Any) -> str:
        return f"{value[0]}{value[1]}" if isinstance(value, Corner) else super().to_text(value)

    def format(self, value: Any) -> str:
        return f"well {value}"

    def data(self, value: Any) -> Any:
        return {"row": value[0], "column": int(value[1:])} if value else value

    def fold(self, text: str) -> str:
        return text.upper()

    def branch_values(self, parameter: Parameter, choices: tuple[str, ...]) -> list[str]:
        return ["A1", parameter.high]


SPEC = """\
title: Toy
version: 1.0.0
parameters:
  first: {well: 96, default: B2, label: first well}
  later: {well: 96, default: {from: first}, list: {min: 1, max: 3}}
reagents:
  water: {name: water}
vessels:
  plate: {labware: plate-96, count: 1, groups: {wells: "A1:H12"}}
"""
STEP = '{% step "Fill", hands_on="5 min" %}\nBegin at {{ first }}: {{ add("water", "100 uL/well", to="plate/wells") }}.\n{% endstep %}\n'


@pytest.fixture
def toy() -> Iterator[Source]:
    register_form(WellForm())
    yield Source(id="toy", folder="protocols/toy", files={"protocol.yml": SPEC, "protocol.md.j2": STEP}, shared_files={})
    del FORMS["well"]
    all_keys.cache_clear()


def test_from_protocol_yml_to_the_sheet(toy):
    record = render(toy, {"first": "c07", "later": "D1; e02"})
    assert record["parameters"]["first"]["text"] == "well C7"
    assert record["parameters"]["later"]["text"] == "well D1, well E2"
    assert record["parameters"]["later"]["value"] == [{"row": "D", "column": 1}, {"row": "E", "column": 2}]
    assert record["invocation"]["command"] == "benchsheet render toy --first C7 --later D1,E2"
    assert "well C7" in format_text(record)
    assert not replay(json.dumps(record)).wrong
    assert render(toy, {"first": "b2"})["identity"]["run"] == render(toy, {"first": "B02"})["identity"]["run"]


@pytest.mark.usefixtures("toy")
def test_on_the_command_line_its_help_and_in_a_table(cli, tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "protocol.yml").write_text(SPEC, "utf-8")
    (tmp_path / "toy" / "protocol.md.j2").write_text(STEP, "utf-8")
    (tmp_path / "runs.csv").write_text("first,name\nc1,one\nD02,two\n", "utf-8")
    assert "--later WELL[; ...]" in " ".join(cli("render", "toy", "--help").out.split())
    assert "well C7" in cli("render", "toy", "--first=c07", "--format=text").out
    assert cli("check", "toy").code == 0
    assert cli("render", "toy", "--batch", "runs.csv", "-o", "sheets").code == 0
    assert "--first D2" in (tmp_path / "sheets" / "two.md").read_text("utf-8")


def test_a_wrong_value_is_told_in_its_words(toy):
    with pytest.raises(ProtocolError, match=r"--first: 'Z1' is not a well\n  hint: A1 to H12"):
        render(toy, {"first": "Z1"})
    with pytest.raises(ProtocolError, match="'A1; B1' is 2 values, and first well is one for the run"):
        render(toy, {"first": "A1; B1"})


def test_check_tries_its_branches(toy):
    assert list(branch_values(load_protocol(toy))) == [{}, {"first": "A1"}, {"first": "H12"}, {"later": "A1"}, {"later": "H12"}]


def test_a_value_of_python_is_typed(toy):
    mistakes = Collector()
    assert type_values({"first": Corner(("D", 4)), "later": ["A1", "A2"]}, load_protocol(toy).parameters, mistakes) == {
        "first": "D4",
        "later": "A1; A2",
    }
    assert not mistakes.errors


@pytest.mark.usefixtures("toy")
def test_its_keys_and_its_schema():
    spoilt = Source(id="toy", folder="toy", files={"protocol.yml": SPEC.replace("default: B2", "min: A1")}, shared_files={})
    with pytest.raises(ProtocolError, match="a parameter with 'well' has no 'min'"):
        load_protocol(spoilt)
    schemas = protocol_schema()["properties"]["parameters"]["additionalProperties"]["anyOf"]
    assert {"well", "list", "default"} <= schemas[-1]["properties"].keys()
