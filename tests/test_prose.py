"""The prose of a step is read as CommonMark and tables: paragraphs, items and rows, with what is bold, in emphasis, code or a break."""

from __future__ import annotations

import pytest

from benchsheet.markup import LINE_BREAK, InlineSpan, ProseParagraph, ProseTable, parse_markdown


def words(text):
    return (InlineSpan("text", text),)


def bold(text):
    return InlineSpan("strong_open"), InlineSpan("text", text), InlineSpan("strong_close")


@pytest.mark.parametrize(
    ("prose", "shapes"),
    [
        ("Add acid.\nWait.", [ProseParagraph((*words("Add acid."), LINE_BREAK, *words("Wait.")))]),
        ("- a\n- b", [ProseParagraph(words("a"), "-", 1), ProseParagraph(words("b"), "-", 1)]),
        ("3. a\n4. b", [ProseParagraph(words("a"), "3.", 1), ProseParagraph(words("b"), "4.", 1)]),
        ("- a\n  - b", [ProseParagraph(words("a"), "-", 1), ProseParagraph(words("b"), "-", 2)]),
        ("give **100 µL** of it", [ProseParagraph((*words("give "), *bold("100 µL"), *words(" of it")))]),
        ("**Kill control**", [ProseParagraph(bold("Kill control"), kind="caption")]),
        ("**a** and **b**", [ProseParagraph((*bold("a"), *words(" and "), *bold("b")))]),
        ("*2 mL is 2 × 1 mL.*", [ProseParagraph((InlineSpan("em_open"), *words("2 mL is 2 × 1 mL."), InlineSpan("em_close")), kind="remark")]),
        (r"it reads \[1\]", [ProseParagraph(words("it reads [1]"))]),
        ("host ____: 10 mL", [ProseParagraph(words("host ____: 10 mL"))]),
        ("run `a*b*`", [ProseParagraph((*words("run "), InlineSpan("code", "a*b*")))]),
        ("    code", [ProseParagraph(words("code"), is_code=True)]),
        ("[a](https://example.org)", [ProseParagraph(words("a"))]),
        ("a  \nb", [ProseParagraph((*words("a"), InlineSpan("hardbreak"), *words("b")))]),
        ("| tube | take |\n|---|--:|\n| A | **1 µL** |", [ProseTable((words("tube"), words("take")), ((words("A"), bold("1 µL")),), "lr")]),
        ("a\n\n- b\n\nc", [ProseParagraph(words("a")), ProseParagraph(words("b"), "-", 1), ProseParagraph(words("c"))]),
        ("", []),
    ],
)
def test_the_prose_of_a_step(prose, shapes):
    assert list(parse_markdown(prose)) == shapes
