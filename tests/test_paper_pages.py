"""How a sheet fills its pages: widths and heights are those of the type, nothing is lost or cut, and no page is left nearly empty."""

from __future__ import annotations

import copy
import functools
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("typst", reason="typst sets the PDF")
pypdf = pytest.importorskip("pypdf", reason="pypdf reads the text of a PDF")

from typst import Compiler  # noqa: E402 - after what it needs

from benchsheet import library  # noqa: E402
from benchsheet.engine import render  # noqa: E402
from benchsheet.formats.pdf import LAYOUT_FILE, LAYOUT_FOLDER, widths  # noqa: E402
from benchsheet.formats.pdf.blocks import Item  # noqa: E402
from benchsheet.formats.pdf.metrics import count_lines, text_width  # noqa: E402
from benchsheet.formats.pdf.pages import Pages, page_room  # noqa: E402
from benchsheet.formats.pdf.pieces import Piece, stack_height  # noqa: E402
from benchsheet.formats.pdf.placement import place_sections  # noqa: E402
from benchsheet.formats.pdf.sheet import TYPST_PAPERS, format_pdf  # noqa: E402
from benchsheet.formats.pdf.strips import column_timeline, page_timeline  # noqa: E402
from benchsheet.formats.pdf.typst_text import FONT_CHARS  # noqa: E402
from tests.records import LONG, SHEETS, START  # noqa: E402, wells_of

CASES = {name: given[:3] for name, given in SHEETS.items()} | {name: (*given, "") for name, given in LONG.items()}
CASES |= {
    "96 samples by mass": ("western-blot", {"samples": "96", "lysis": "B"}, ""),
    "three compounds": ("srb", {"plates": "2", "compounds": "A,B,C"}, ""),
    "duplicate blots": ("western-blot", {"samples": "30", "strip": "no"}, ""),
    "in 3D": ("western-blot", {"samples": "3", "lysis": "C"}, START),
}
# Each case on one paper, the papers in turn; the sheets that a run begins with are printed on all.
IN_TURN = [(name, list(TYPST_PAPERS)[place % len(TYPST_PAPERS)]) for place, name in enumerate(CASES)]
PRINTED = [*((name, paper) for name in SHEETS for paper in TYPST_PAPERS), *(each for each in IN_TURN if each[0] not in SHEETS)]


@functools.cache
def record(name):
    protocol, values, start = CASES[name]
    return render(library.load_source(protocol), values, start=start)


def measured(tmp_path, expressions, paper="a4", before=None):
    """Return what Typst measures, in points."""
    source = tmp_path / "measured.typ"
    before = (Path(LAYOUT_FOLDER) / LAYOUT_FILE).read_text(encoding="utf-8") if before is None else before
    rule = f'#show: sheet.with(title: "x", paper: "{TYPST_PAPERS[paper][0]}")\n' if before else '#set text(font: "Libertinus Serif", size: 9pt)\n'
    source.write_text(f"{before}\n{rule}#context [#metadata(({', '.join(expressions)},)) <found>]\n", encoding="utf-8")
    return json.loads(Compiler(str(source), ignore_system_fonts=True).query("<found>", field="value", one=True))


# --- the type -------------------------------------------------------------------------------------------------------------------


def test_the_file_of_widths_is_what_typst_measures():
    assert (Path(LAYOUT_FOLDER) / "widths.json").read_text(encoding="utf-8") == widths.build_table()


def test_the_widths_of_letters_are_those_of_the_font_of_a_sheet(tmp_path):
    signs = list(widths.CHARACTERS)
    asked = [f"measure({json.dumps(sign, ensure_ascii=False)}).width.pt()" for sign in signs]
    asked += [f"measure(text(weight: 700, {json.dumps(sign, ensure_ascii=False)})).width.pt()" for sign in signs]
    found = measured(tmp_path, asked)
    assert len(found) == 2 * len(signs) > 250
    for sign, regular, bold in zip(signs, found, found[len(signs) :], strict=False):
        assert text_width(sign) == pytest.approx(regular, abs=0.005), sign
        assert text_width(sign, bold=True) == pytest.approx(bold, abs=0.005), sign


def test_no_other_letter_is_wider_than_it_counts(tmp_path):
    signs = [sign for sign in map(chr, range(127, 0x2714)) if re.match(f"[{FONT_CHARS}]", sign)]
    assert len(signs) > 500
    asked = [f"measure({json.dumps(sign, ensure_ascii=False)}).width.pt()" for sign in signs]
    asked += [f"measure(text(weight: 700, {json.dumps(sign, ensure_ascii=False)})).width.pt()" for sign in signs]
    found = measured(tmp_path, asked, before="")
    for sign, regular, bold in zip(signs, found, found[len(signs) :], strict=False):
        assert text_width(sign) >= regular - 0.01, sign
        assert text_width(sign, bold=True) >= bold - 0.01, sign


@pytest.mark.parametrize(
    ("runs", "first", "rest", "count"),
    [
        # Of 9 pt: "x" is 0.49 em, a blank 0.25 em, a bold "x" 0.561 em, a hyphen 0.338 em, a full stop 0.22 em.
        ((("x x x", False),), 3 * 4.41 + 2 * 2.25, 0, 1),
        ((("x x x", False),), 3 * 4.41 + 2 * 2.25 - 0.1, 9, 2),
        ((("x x x", False),), 5, 5, 3),
        ((("xx-xx", False),), 4 * 4.41 + 3.042 - 0.1, 15, 2),  # behind a hyphen
        ((("xx-22", False),), 15, 15, 1),  # but not before a figure: it stands out
        ((("x\u00a0x", False),), 8, 8, 1),
        ((("x\u200bx", False),), 8, 8, 2),
        ((("x", False), ("x", True), (".", False)), 4.41 + 5.049 + 1.99, 0, 1),  # one word of two weights
        ((("x ", False), ("xx", True), (".", False)), 4.41 + 2.25 + 2 * 5.049 + 1.9, 12, 2),
        (((10.0, False), (10.0, False)), 15, 15, 2),  # two boxes
        (((10.0, False), (4.0, True), ("x", False)), 18, 18, 2),
    ],
)
def test_a_line_ends_where_it_ends_on_paper(runs, first, rest, count):
    assert count_lines(runs, first, rest) == count


@pytest.mark.parametrize(("name", "paper"), IN_TURN)
def test_nothing_stands_higher_than_it_counts(tmp_path, name, paper):
    counted, high = assert_heights(tmp_path, record(name), paper)
    assert counted < 1.02 * high


WIDE_WORDS = ["wide WORDS of Many letters " * 9, "w" * 300, "АБВГ ΣΩ é " * 20, "a-b/c–d 12 µL " * 25]


@pytest.mark.parametrize(("name", "words"), [(("srb", "western with times")[place % 2], words) for place, words in enumerate(WIDE_WORDS)])
def test_nor_do_words_from_outside(tmp_path, name, words):
    found = copy.deepcopy(record(name))
    places: list[tuple[Any, Any]] = [
        (found["reagents"][1], "name"),
        (found["reagents"][1], "note"),
        (found["lab"]["settings"][0], "value"),
        (found["protocol"], "summary"),
    ]
    places += [(found["preparations"][0], "name"), (found["preparations"][-1], "name"), (found["steps"][0], "title"), (found["gates"][0], "name")]
    places += [(found["warnings"][0], "message"), (found["waste"][0], "stream"), (found["controls"][0], "why")]
    places += [(plate, "labware") for plate in found["plates"]] + [(plate["names"], 0) for plate in found["plates"]]
    for holder, key in places:
        holder[key] = words
    next(iter(found["plates"][0]["groups"].values()))["role"] = words
    assert_heights(tmp_path, found, "a4")


def assert_heights(tmp_path, found, paper):
    page = page_room(*TYPST_PAPERS[paper][1:])
    sheet = place_sections(found, page, "")
    stacks = [((page.width if item.is_wide else page.column_width), item.pieces) for item in [sheet.top, *sheet.body]]
    stacks += [(page.beside_width, sheet.table), (page.width, page_timeline(found, page.width))]
    stacks += [(page.column_width, column_timeline(found, page.column_width, with_devices=drawn)) for drawn in (True, False)]
    asked = [f"measure(block(width: {width}pt, {{{'; '.join(call.markup for call in calls)}}})).height.pt()" for width, calls in stacks]
    high = measured(tmp_path, asked, paper)
    counted = [stack_height(calls, width) for width, calls in stacks]
    for (_, calls), stands, counts in zip(stacks, high, counted, strict=True):
        assert counts >= stands - 0.05, [call.markup for call in calls]
    return sum(counted), sum(high)


# --- the pages -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "paper"), PRINTED)
def test_no_page_but_the_last_is_nearly_empty(name, paper):
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record(name), paper)))
    for page in reader.pages[:-1]:
        low: list[float] = []
        page.extract_text(visitor_text=lambda words, cm, tm, *_, low=low: low.append(tm[5] * cm[3] + cm[5] if words.strip() else 999))
        assert min(y for y in low if y > 40) < 0.65 * float(page.mediabox.height)


def box(markup, high):
    """Return a piece that is *high* in any column."""
    return Piece(markup=markup, height=lambda _: high)


def boxes(heights, *, group=""):
    return [Item(pieces=(box(f"[{n}]", high),), gap=4, group=group) for n, high in enumerate(heights)]


def columns(markup):
    """Return for each page its rows, and for each of these the numbers in its columns."""
    pages = []
    for page in markup.split("#pagebreak()"):
        rows = [re.findall(r"\{((?:kept\(4pt, \{\[\d+\]\}\)(?:; )?)*)\}", row) for row in page.strip().split("\n") if row]
        pages.append([[[int(n) for n in re.findall(r"\[(\d+)\]", column)] for column in row] for row in rows])
    return pages


HEIGHTS = st.lists(st.floats(5, 300, allow_nan=False), min_size=1, max_size=60)


@given(heights=HEIGHTS, head=st.floats(0, 500))
def test_each_item_stands_once_in_order_and_no_column_is_higher_than_its_page(heights, head):
    page = page_room(210, 297)
    pages = Pages(page)
    pages.add_wide(Item(pieces=(box("[]", head),), gap=0, is_wide=True))
    pages.add_items(boxes(heights))
    found = columns(pages.markup())
    assert [n for rows in found for row in rows for column in row for n in column] == list(range(len(heights)))
    for place, rows in enumerate(found):
        for row in rows:
            for column in filter(None, row):
                assert sum(heights[n] for n in column) + 4 * (len(column) - 1) <= page.height - (head if place == 0 else 0)


@given(heights=st.lists(st.floats(5, 60), min_size=3, max_size=40))
def test_the_columns_of_the_last_page_are_as_low_as_the_order_lets_them_be(heights):
    page = page_room(210, 297)
    pages = Pages(page)
    pages.add_items(boxes(heights))
    *_, rows = columns(pages.markup())
    (row,) = rows
    tall = max(sum(heights[n] + 4 for n in column) - 4 for column in row if column)
    last = [n for column in row for n in column]
    whole = sum(heights[n] + 4 for n in last)
    assert tall <= whole / 3 + max(heights[n] for n in last) + 4


def test_a_group_goes_on_in_the_next_column_but_not_on_the_next_page():
    page = page_room(210, 297)
    step = boxes([150] * 6, group="step")
    pages = Pages(page)
    pages.add_wide(Item(pieces=(box("[]", 500),), gap=0, is_wide=True))  # 280 points are left: one item to a column
    pages.add_items([*boxes([150]), *step])
    assert [len([n for row in rows for column in row for n in column]) for rows in columns(pages.markup())][1:] == [6]
    alone = Pages(page)
    alone.add_items(boxes([page.height / 2] * 9, group="step"))  # a step longer than a page flows on
    assert [len([n for row in rows for column in row for n in column]) for rows in columns(alone.markup())] == [3, 3, 3]


def test_what_is_wide_turns_the_page_where_it_has_no_room_and_flows_where_a_page_is_too_short():
    page = page_room(210, 297)
    pages = Pages(page)
    for high in (500, 400, 2000):
        pages.add_wide(Item(pieces=(box("[]", high),), gap=0, is_wide=True))
    first, second, third = pages.markup().split("#pagebreak()")
    assert "across(false" in first
    assert "across(false" in second
    assert "across(true" in third
    pages = Pages(page)
    pages.add_items(boxes([50, 2000, 50]))
    assert re.findall(r"across\(true, 4pt, \{\[(\d)\]", pages.markup()) == ["1"]
