"""Every unit that a sheet shows or a user types is known wherever a unit is looked for: in text, in HTML, in a template."""

from __future__ import annotations

import re

import jinja2
import pytest

from benchsheet.errors import ProtocolError
from benchsheet.formats.html.widgets import html_text
from benchsheet.formats.text import format_table
from benchsheet.templating.lint import lint_template
from benchsheet.units import KINDS, UNIT_PATTERN, format_amount, parse_quantity

# Each unit of each kind, as it is typed and as a sheet writes it, before the number that it is shown with.
AMOUNTS = sorted(
    {
        text
        for kind in KINDS.values()
        for unit in kind.units
        for text in (f"25 {unit}", format_amount(parse_quantity(f"25 {unit}").value, kind.name))
        if text != "half-log"
    }
)


def test_there_is_an_amount_of_each_kind_and_the_signs_of_a_keyboard_and_of_a_sheet():
    assert len(AMOUNTS) > len(KINDS)
    assert {"25 uL", "25 µL", "25 µg/mL", "25 °C", "25 × g", "25 % w/v"} <= {*AMOUNTS}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_the_whole_unit_is_found(amount):
    found = re.search(UNIT_PATTERN, amount)
    assert found
    assert found[0] == amount.partition(" ")[2]  # and none that is a part of it


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_number_stays_on_the_line_of_its_unit(amount):
    words = "x " * 19 + amount  # the number is the last word that fits into 40 columns
    lines = format_table(("a",), ((words,),), "l", width=40)
    assert any(amount in line for line in lines)
    assert f'<span class="q">{amount}</span>' in html_text(f"take {amount} of it")


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_template_may_not_type_it(amount):
    tree = jinja2.Environment(autoescape=True).parse(f"take {amount} of it")
    with pytest.raises(ProtocolError, match=f"^.*{re.escape(repr(amount))} is typed into the prose"):
        lint_template(tree, list(tree.find_all(jinja2.nodes.Node)), "other.md.j2", {})
