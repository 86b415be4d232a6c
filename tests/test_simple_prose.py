"""Simple prose is read without the parser of Markdown, and exactly as that reads it; whatever might mean more is left to it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.faces import parsing, simple
from benchsheet.faces.parsing import BREAK, Bit, Grid, Line
from benchsheet.faces.prose import noted
from tests.records import LONG, SHEETS, record_named, record_of

RUNS = [*SHEETS, *LONG]
# What prose is made of, and what would be more than simple if it stood where it does not belong.
PARTS = (
    *("a", "B", "1", "é", "µ", "²", "100 µL", "plate 1", " ", " ", "\n", "\n\n", "\n- ", "\n| ", "| ", " | ", " |", "|", "\n|---|--:|\n"),
    *("**", "**", "*", "***", "**b**", "**5 %** x", "*c d*", "\n*c d.*", "_", "____", " ____ ", "\\", "\\*", "\\[", "\\|", "[", "]", "(", ")"),
    *(".", ":", ";", ",", "%", "°", "-", "+", "=", "1.", "1) ", "!", "$", "{", "'", '"', "—", "  ", "\t", "\u00a0", "\u2028", "\r", "\x00"),
    *("https://a.b", "<b>", "&amp;", "`c`", "~~~", "#", "\n---\n", "\n===\n", "    ", "> "),
)


PLAIN = PARTS[:46]  # of which more is simple


def told(name):
    if name in SHEETS:
        return record_named(name)
    protocol, given_values = LONG[name]
    return record_of(protocol, tuple(given_values.items()))


@pytest.mark.parametrize("name", RUNS)
def test_the_prose_of_every_step_is_simple_and_read_as_the_parser_reads_it(name):
    record = told(name)
    notes = {work["key"]: work["number"] for work in record["citations"]}
    assert record["steps"]
    for step in record["steps"]:
        prose = noted(step["markdown"], notes)
        assert simple.read(prose) == tuple(parsing.read(prose)), step["title"]


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12) | st.lists(st.sampled_from(PLAIN), max_size=12))
def test_what_is_read_without_the_parser_is_what_the_parser_reads(parts):
    prose = "".join(parts)
    found = simple.read(prose)
    assert found is None or found == tuple(parsing.read(prose))


@settings(max_examples=1000, deadline=None)
@given(st.text(max_size=40))
def test_so_it_is_with_words_of_any_script(prose):
    found = simple.read(prose)
    assert found is None or found == tuple(parsing.read(prose))


def words(text):
    return (Bit("text", text),)


@pytest.mark.parametrize(
    ("prose", "shapes"),
    [
        ("Add acid.\nWait.", [Line((*words("Add acid."), BREAK, *words("Wait.")))]),
        ("- a\n- b", [Line(words("a"), "-", 1), Line(words("b"), "-", 1)]),
        ("give **100 µL** of it", [Line((*words("give "), Bit("strong_open"), *words("100 µL"), Bit("strong_close"), *words(" of it")))]),
        ("**Kill control**", [Line((Bit("strong_open"), *words("Kill control"), Bit("strong_close")), kind="caption")]),
        ("*2 mL is 2 × 1 mL.*", [Line((Bit("em_open"), *words("2 mL is 2 × 1 mL."), Bit("em_close")), kind="remark")]),
        (r"it reads \[1\] and \*", [Line(words("it reads [1] and *"))]),
        ("host ____: 10 mL", [Line(words("host ____: 10 mL"))]),
        ("| tube | take |\n|---|--:|\n| A | **1 µL** |", [
            Grid(((words("tube"), words("take")), (words("A"), (Bit("strong_open"), *words("1 µL"), Bit("strong_close")))), "lr"),
        ]),
        ("a\n\n- b\n\nc", [Line(words("a")), Line(words("b"), "-", 1), Line(words("c"))]),
    ],
)  # fmt: skip
def test_simple_prose(prose, shapes):
    assert simple.read(prose) == tuple(shapes)


@pytest.mark.parametrize(
    "prose",
    [
        *("1. first\n2. second", "- a\n  - b", "- a\ngoes on", "a\n- b", "    code", "`code`", "```\ncode\n```", "a  \nb", "a\\\nb"),
        *("# a heading", "a\n===", "a\n---", "> said", "---", "<b>a</b>", "a <https://a.b>", "&amp;", "[a](https://a.b)", "![a](b)", "[a]: b"),
        *("*a* b", "**a*", "***a***", "a**b**", "**a**b", "** a**", "_a_", "__a__", "a ____: b ____: c", "a ____:\nb ____: c"),
        *("| a |", "| a | b |\n|---|\n| c |"),
        *("| a |\n|---|\n| b | c |", "| a \\| b |\n|---|\n| c |", "+ a", "1) a", "\ta", " a", "a\rb", "a\x00b", ""),
    ],
)  # fmt: skip
def test_what_may_mean_more_is_left_to_the_parser(prose):
    assert simple.read(prose) is None


@pytest.mark.parametrize("face", ["paper.sheet import typst", "browser.sheet import html"])
@pytest.mark.parametrize("protocol", ["srb", "western-blot", "co-ip"])
def test_a_sheet_of_simple_prose_loads_no_parser(protocol, face):
    code = f"""
import sys
from benchsheet import library
from benchsheet.render import render
from benchsheet.faces.{face} as face
face(render(library.source({protocol!r}), {{}}))
print("markdown_it" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False"]
