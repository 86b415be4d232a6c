"""The table of formats: each row leads to a function that takes a Record and what the row says beside it."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from benchsheet.formats import FORMATS

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
