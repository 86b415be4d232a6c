"""A line of words that ends in a tag stays a line: the next item of a list, or paragraph, is not joined to it."""

from __future__ import annotations

import pytest

from benchsheet.engine import render
from benchsheet.protocol.source import Source

SPEC = "title: Toy\nversion: 1.0.0\nparameters: {dishes: {count: dish, default: 3, min: 1, max: 9}}\n"
ENDS = {
    "if": "- one{% if dishes > 1 %} of many{% endif %}",
    "if that is false": "- one{% if dishes > 5 %} of many{% endif %}",
    "for": "- one{% for word in ['a', 'b'] %} {{ word }}{% endfor %}",
    "set": "- one{% set word = 'a' %}",
}


def markdown(text: str) -> str:
    steps = f'{{% step "Do" %}}\n{text}\n{{% endstep %}}\n'
    made = Source(id="toy", folder="protocols/toy", files={"protocol.yml": SPEC, "protocol.md.j2": steps}, shared_files={})
    return str(render(made)["steps"][0]["markdown"])


@pytest.mark.parametrize("line", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("blank", ["", "\n"], ids=["the next line", "a blank line between"])
def test_words_that_end_in_a_tag_keep_their_line(line, blank):
    lines = markdown(f"{line}\n{blank}- two").split("\n")
    assert lines[0].startswith("- one")
    assert lines[-1] == "- two"
    assert len(lines) == (3 if blank else 2)


@pytest.mark.parametrize("line", ["{% if dishes > 1 %}", "  {% if dishes > 1 %}"])
def test_a_tag_alone_on_its_line_leaves_no_line(line):
    assert markdown(f"- one\n{line}\n- two\n{{% endif %}}\n- three") == "- one\n- two\n- three"


def test_an_author_may_still_join_lines():
    assert markdown("- one{% if dishes > 1 -%}\n of many{% endif %}") == "- oneof many"


def test_raw_text_is_left_as_it_is():
    assert markdown("{% raw %}- a {% if %}\n- b{% endraw %}") == "- a {% if %}\n- b"
