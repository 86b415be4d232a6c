"""The table of formats: each row leads to a function that takes a Record and what the row says beside it."""

from __future__ import annotations

import inspect
import json
from importlib import import_module, resources

import pytest
from jsonschema import Draft202012Validator

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats import FORMATS
from benchsheet.protocol.source import Source

SCHEMA = Draft202012Validator(json.loads(resources.files("benchsheet.record").joinpath("record.schema.json").read_text("utf-8")))
# What the command line has for a format beside the Record.
SETTINGS = {"paper", "site", "run", "timestamp"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_row_leads_to_a_function_that_takes_what_it_says(name):
    module, _, function = FORMATS[name].function.partition(":")
    parameters = inspect.signature(getattr(import_module(f"benchsheet.formats.{module}".rstrip(".")), function)).parameters
    assert next(iter(parameters)) == "record"
    assert set(FORMATS[name].takes) == set(parameters) & SETTINGS


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_or_refused_in_words(cli, tmp_path, name):
    """A calendar and a PDF of other bytes than text, a Record with its seal, the others as text."""
    target = f"sheet{FORMATS[name].suffix}"
    answer = cli("render", "srb", "--plates", "1", "--start", "2026-11-23T09:00", "--format", name, "-o", target, "--quiet")
    assert (answer.code, answer.err) == (0, "")
    content = (tmp_path / target).read_bytes()
    assert content.startswith(b"%PDF-") is FORMATS[name].is_binary
    assert FORMATS[name].is_binary or content.decode()
    assert (b'"seal"' in content) is FORMATS[name].is_sealed


HEAD = "title: Bare\nversion: 1.0.0\nparameters: {plates: {count: plate, default: 1, min: 1, max: 9}}\n"
VESSELS = "vessels: {plate: {labware: plate-6, count: plates, groups: {all: rest}}}\n"
REAGENTS = "reagents: {water: {name: water}}\n"
LOOK = '{% step "Look" %}\nLook at it.\n{% endstep %}\n'
BARE = {
    "nothing but a step": (HEAD, LOOK),
    "a step that takes time": (HEAD, LOOK.replace('"Look"', '"Look", hands_on="5 min"')),
    "plates that nothing is poured into": (HEAD + VESSELS, LOOK),
    "a reagent that is not used": (HEAD + VESSELS + REAGENTS, LOOK),
    "liquid in no time": (HEAD + VESSELS + REAGENTS, LOOK + '{% step "Add" %}\n{{ add("water", "1 mL/well", to="plate/all") }}\n{% endstep %}\n'),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("start", ["", "2026-11-23T09:00"], ids=["no start", "start"])
@pytest.mark.parametrize("bare", BARE)
def test_a_protocol_that_lacks_much_is_written_or_refused(bare, start, name):
    spec, steps = BARE[bare]
    record = render(Source(id="bare", folder="protocols/bare", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={}), start=start)
    assert [error.message for error in SCHEMA.iter_errors(record)] == []
    module, _, function = FORMATS[name].function.partition(":")
    try:
        assert getattr(import_module(f"benchsheet.formats.{module}".rstrip(".")), function)(record)
    except ProtocolError as error:
        if not error.hint:
            raise
