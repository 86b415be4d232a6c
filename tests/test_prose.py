"""The prose of a step is read as CommonMark and tables: paragraphs, items and rows, with what is bold, in emphasis, code or a break."""

from __future__ import annotations

import pytest

from benchsheet.markup import LINE_BREAK, InlineSpan, MarkupLine, MarkupTable, parse_markdown


def words(text):
    return (InlineSpan("text", text),)


def bold(text):
    return InlineSpan("strong_open"), InlineSpan("text", text), InlineSpan("strong_close")


@pytest.mark.parametrize(
    ("prose", "shapes"),
    [
        ("Add acid.\nWait.", [MarkupLine((*words("Add acid."), LINE_BREAK, *words("Wait.")))]),
        ("- a\n- b", [MarkupLine(words("a"), "-", 1), MarkupLine(words("b"), "-", 1)]),
        ("3. a\n4. b", [MarkupLine(words("a"), "3.", 1), MarkupLine(words("b"), "4.", 1)]),
        ("- a\n  - b", [MarkupLine(words("a"), "-", 1), MarkupLine(words("b"), "-", 2)]),
        ("give **100 µL** of it", [MarkupLine((*words("give "), *bold("100 µL"), *words(" of it")))]),
        ("**Kill control**", [MarkupLine(bold("Kill control"), kind="caption")]),
        ("**a** and **b**", [MarkupLine((*bold("a"), *words(" and "), *bold("b")))]),
        ("*2 mL is 2 × 1 mL.*", [MarkupLine((InlineSpan("em_open"), *words("2 mL is 2 × 1 mL."), InlineSpan("em_close")), kind="remark")]),
        (r"it reads \[1\]", [MarkupLine(words("it reads [1]"))]),
        ("host ____: 10 mL", [MarkupLine(words("host ____: 10 mL"))]),
        ("run `a*b*`", [MarkupLine((*words("run "), InlineSpan("code", "a*b*")))]),
        ("    code", [MarkupLine(words("code"), is_code=True)]),
        ("[a](https://example.org)", [MarkupLine(words("a"))]),
        ("a  \nb", [MarkupLine((*words("a"), InlineSpan("hardbreak"), *words("b")))]),
        ("| tube | take |\n|---|--:|\n| A | **1 µL** |", [MarkupTable(((words("tube"), words("take")), (words("A"), bold("1 µL"))), "lr")]),
        ("a\n\n- b\n\nc", [MarkupLine(words("a")), MarkupLine(words("b"), "-", 1), MarkupLine(words("c"))]),
        ("", []),
    ],
)
def test_the_prose_of_a_step(prose, shapes):
    assert list(parse_markdown(prose)) == shapes
