"""The prose of a step is read as CommonMark and tables: paragraphs, items and rows, with what is bold, in emphasis, code or a break."""

from __future__ import annotations

import pytest

from benchsheet.markup import BREAK, Bit, Grid, Line, read


def words(text):
    return (Bit("text", text),)


def bold(text):
    return Bit("strong_open"), Bit("text", text), Bit("strong_close")


@pytest.mark.parametrize(
    ("prose", "shapes"),
    [
        ("Add acid.\nWait.", [Line((*words("Add acid."), BREAK, *words("Wait.")))]),
        ("- a\n- b", [Line(words("a"), "-", 1), Line(words("b"), "-", 1)]),
        ("3. a\n4. b", [Line(words("a"), "3.", 1), Line(words("b"), "4.", 1)]),
        ("- a\n  - b", [Line(words("a"), "-", 1), Line(words("b"), "-", 2)]),
        ("give **100 µL** of it", [Line((*words("give "), *bold("100 µL"), *words(" of it")))]),
        ("**Kill control**", [Line(bold("Kill control"), kind="caption")]),
        ("**a** and **b**", [Line((*bold("a"), *words(" and "), *bold("b")))]),
        ("*2 mL is 2 × 1 mL.*", [Line((Bit("em_open"), *words("2 mL is 2 × 1 mL."), Bit("em_close")), kind="remark")]),
        (r"it reads \[1\]", [Line(words("it reads [1]"))]),
        ("host ____: 10 mL", [Line(words("host ____: 10 mL"))]),
        ("run `a*b*`", [Line((*words("run "), Bit("code", "a*b*")))]),
        ("    code", [Line(words("code"), code=True)]),
        ("[a](https://example.org)", [Line(words("a"))]),
        ("a  \nb", [Line((*words("a"), Bit("hardbreak"), *words("b")))]),
        ("| tube | take |\n|---|--:|\n| A | **1 µL** |", [Grid(((words("tube"), words("take")), (words("A"), bold("1 µL"))), "lr")]),
        ("a\n\n- b\n\nc", [Line(words("a")), Line(words("b"), "-", 1), Line(words("c"))]),
        ("", []),
    ],
)
def test_the_prose_of_a_step(prose, shapes):
    assert list(read(prose)) == shapes
