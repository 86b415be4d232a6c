"""What several formats need stands in one module: how a table, a drawing, a unit, a weekday and a citation are written."""

from __future__ import annotations

import re

import pytest

from tests.test_architecture import MODULES

TEXTS = {name: path.read_text("utf-8") for name, path in MODULES.items() if not name.startswith("repipette")}
HOMES = {  # what is written, and the module that may
    r"\|---|' \| '\.join|\" \| \"\.join|replace\(\"\|\"": "markup",
    r"\[@\(?\[\\w": "markup",
    r"w3\.org/2000/svg": "formats.svg",
    r"ET\.indent": "formats.svg",
    r'"desc"': "formats.svg",
    r"µL\"|\"µL": "units.display",
    r"\"Mon(day)?\"": "lab.working_hours",
    r"72 / 25\.4": "formats.pdf.pieces",
}


@pytest.mark.parametrize("pattern", HOMES)
def test_it_stands_once(pattern):
    assert [name for name, text in TEXTS.items() if re.search(pattern, text)] == [HOMES[pattern]]
