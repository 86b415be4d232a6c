"""The prose of a step is read as CommonMark and tables: paragraphs, items and rows, with what is bold, in emphasis, code or a break."""

from __future__ import annotations

import pytest

from benchsheet.markup import LINE_BREAK, InlineSpan, ProseParagraph, ProseTable, parse_markdown


def words(text):
    return (InlineSpan(kind="text", text=text),)


def bold(text):
    return InlineSpan(kind="strong_open"), InlineSpan(kind="text", text=text), InlineSpan(kind="strong_close")


@pytest.mark.parametrize(
    ("prose", "shapes"),
    [
        ("Add acid.\nWait.", [ProseParagraph(text=(*words("Add acid."), LINE_BREAK, *words("Wait.")))]),
        ("- a\n- b", [ProseParagraph(text=words("a"), mark="-", depth=1), ProseParagraph(text=words("b"), mark="-", depth=1)]),
        ("3. a\n4. b", [ProseParagraph(text=words("a"), mark="3.", depth=1), ProseParagraph(text=words("b"), mark="4.", depth=1)]),
        ("- a\n  - b", [ProseParagraph(text=words("a"), mark="-", depth=1), ProseParagraph(text=words("b"), mark="-", depth=2)]),
        ("give **100 µL** of it", [ProseParagraph(text=(*words("give "), *bold("100 µL"), *words(" of it")))]),
        ("**Kill control**", [ProseParagraph(text=bold("Kill control"), kind="caption")]),
        ("**a** and **b**", [ProseParagraph(text=(*bold("a"), *words(" and "), *bold("b")))]),
        (
            "*2 mL is 2 × 1 mL.*",
            [ProseParagraph(text=(InlineSpan(kind="em_open"), *words("2 mL is 2 × 1 mL."), InlineSpan(kind="em_close")), kind="remark")],
        ),
        (r"it reads \[1\]", [ProseParagraph(text=words("it reads [1]"))]),
        ("host ____: 10 mL", [ProseParagraph(text=words("host ____: 10 mL"))]),
        ("run `a*b*`", [ProseParagraph(text=(*words("run "), InlineSpan(kind="code", text="a*b*")))]),
        ("    code", [ProseParagraph(text=words("code"), is_code=True)]),
        ("[a](https://example.org)", [ProseParagraph(text=words("a"))]),
        ("a  \nb", [ProseParagraph(text=(*words("a"), InlineSpan(kind="hardbreak"), *words("b")))]),
        (
            "| tube | take |\n|---|--:|\n| A | **1 µL** |",
            [ProseTable(head=(words("tube"), words("take")), rows=((words("A"), bold("1 µL")),), align="lr")],
        ),
        ("a\n\n- b\n\nc", [ProseParagraph(text=words("a")), ProseParagraph(text=words("b"), mark="-", depth=1), ProseParagraph(text=words("c"))]),
        ("", []),
    ],
)
def test_the_prose_of_a_step(prose, shapes):
    assert list(parse_markdown(prose)) == shapes
