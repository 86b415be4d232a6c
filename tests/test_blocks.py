"""Every kind of block that a sheet can be made of is written by every format that is made of blocks; none is dropped in silence."""

from __future__ import annotations

import typing

import pytest

from benchsheet.formats import markdown, text
from benchsheet.formats.html.materials import plates_html
from benchsheet.formats.html.steps import steps_html
from benchsheet.formats.html.widgets import block_html
from benchsheet.formats.outline.blocks import Block, BulletList, Command, Definitions, Heading, Paragraph, PlateMap, StepText, Table
from benchsheet.formats.outline.sections import build_outline
from tests.records import record_named

EXAMPLES: tuple[Block, ...] = (
    Heading(text="zebra"),
    Paragraph(text="zebra", lead="Lead: "),
    Command(text="zebra"),
    Definitions(rows=(("zebra", "value"),)),
    Table(head=("head",), rows=(("zebra",),), align="l"),
    BulletList(items=("zebra",)),
    StepText(markdown="zebra", notes={}),
    PlateMap(columns=1, rows=(("A", ("zebra",)),)),
)
NEED_A_PLACE = (StepText, PlateMap)  # a step's boxes and a plate's wells are not part of the block


def test_there_is_an_example_of_each_kind():
    assert [type(example) for example in EXAMPLES] == [*typing.get_args(Block)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
@pytest.mark.parametrize(("module", "write"), [(text, "format_text"), (markdown, "format_markdown")], ids=["text", "markdown"])
def test_each_is_written_as_words(module, write, example, monkeypatch):
    monkeypatch.setattr(module, "build_outline", lambda _: [example])
    assert "zebra" in getattr(module, write)(record_named("srb")).lower()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_each_is_written_as_html_or_refused(example):
    if isinstance(example, NEED_A_PLACE):
        with pytest.raises(ValueError, match="stands where nothing writes it"):
            block_html(example)
    else:
        assert "zebra" in block_html(example)


def groups(record, title):
    """Return the blocks of a section in groups, each with its heading."""
    found: list[list[Block]] = []
    is_inside = False
    for block in build_outline(record):
        if isinstance(block, Heading) and block.level == 2:
            is_inside = block.text == title
        elif is_inside and isinstance(block, Heading):
            found.append([block])
        elif is_inside and found:
            found[-1].append(block)
    return found


def is_written(write, example):
    """Return whether a block's words are there; one that needs a place of its own is refused instead."""
    if isinstance(example, PlateMap):
        with pytest.raises(ValueError, match="stands where nothing writes it"):
            write()
        return True
    return "zebra" in write()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_none_is_dropped_in_a_step(example):
    record = record_named("srb")
    steps = groups(record, "Steps")
    steps[0].append(example)
    assert is_written(lambda: steps_html(record, [*map(tuple, steps)]), example)


@pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if isinstance(each, Command | Definitions | BulletList)], ids=lambda each: type(each).__name__
)
def test_none_is_dropped_below_a_plate(example):
    record = record_named("srb")
    plates = groups(record, "Plate maps")
    plates[0].append(example)
    assert is_written(lambda: plates_html(record, [block for plate in plates for block in plate]), example)
