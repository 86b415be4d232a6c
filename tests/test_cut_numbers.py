"""No number of the site is cut: tables are stacked where they do not fit, on every page and sheet, at every width, with and without scripts."""

from __future__ import annotations

import random
import re

import pytest

from benchsheet.site.stacked_tables import STEPS, estimate_width, stack_tables
from tests.cut_numbers import find_cut_numbers
from tests.records import sample
from tests.site_build import ROOT, built

WIDTHS = (320, 375, 390, 412, 430, 768, 1024, 1440, 1920, 2560)
OURS = re.compile(r"(tables|protocols|analysis)/")
ALIKE = re.compile(r"(scenarios/.*-|decisions/|faq/)(?!.*index)")
HEAD = "<table>\n<thead>\n<tr>\n<th>vessel</th>\n<th>medium</th>\n<th>note</th>\n</tr>\n</thead>\n<tbody>\n"
SMALL = f'{HEAD}<tr>\n<td>96-well</td>\n<td style="text-align: right;">100 µL</td>\n<td>–</td>\n</tr>\n</tbody>\n</table>'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory)


def test_each_cell_has_the_name_of_its_column_and_the_first_heads_its_row():
    made = stack_tables(f"<p>1</p>{SMALL}")
    assert made.startswith('<p>1</p><div class="table-fit fit-16"><table class="stacked">')
    assert re.findall(r"<t[hd] [^>]*>", made.partition("<tbody>")[2]) == [
        '<th scope="row" class="short">',
        '<td style="text-align: right;" data-label="medium" class="short">',
        '<td data-label="note" class="none">',
    ]
    assert re.sub("<[^>]*>", " ", made).split() == re.sub("<[^>]*>", " ", f"<p>1</p>{SMALL}").split(), "a word was added or lost"


def test_a_column_is_as_wide_as_its_longest_word_and_long_texts_get_more():
    # 7, 6 and 4 letters of 0.6 em, each column with 1.3 em beside it; a text of 100 letters takes 1.7 x 10 letters.
    assert estimate_width([["vessel", "medium", "note"], ["96-well", "100 µL", "–"]]) == pytest.approx(17 * 0.6 + 3 * 1.3)
    assert estimate_width([["a" * 7 + " " + "b" * 92]]) == pytest.approx(92 * 0.6 + 1.3)
    assert estimate_width([["abc " * 25]]) == pytest.approx(17 * 0.6 + 1.3)


@pytest.mark.parametrize("inside", ["", '<th colspan="2">two</th>'], ids=["a cell is missing", "cells are joined"])
def test_a_table_without_a_name_for_each_cell_scrolls_in_a_box_that_the_keyboard_reaches(inside):
    made = stack_tables(f"{HEAD}<tr><td>a</td>{inside}</tr></tbody></table>")
    assert made.startswith('<div class="table-scroll" tabindex="0" role="group" aria-label="wide table"><table>')


def test_the_style_sheet_knows_every_step():
    css = (ROOT / "docs" / "assets" / "css" / "tables.css").read_text("utf-8")
    assert [tuple(map(int, each)) for each in re.findall(r"@container \(width < (\d+)em\) \{ \.fit-(\d+) ", css)] == [(step, step) for step in STEPS]


def _vary(pages, rng):
    """Return *pages* with a few of the sheets that are set for a test, and of decisions and questions: they are made alike."""
    alike = [path for path in pages if ALIKE.match(path)]
    return sorted({*pages} - {*alike} | {*rng.sample(alike, min(len(alike), 6 * sample(2)))})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_no_number_is_cut(browser, site, scripts):
    """Each kind of page at the width of a phone and of a desk, some of those that are much alike, and a sample of the others' widths."""
    pages = sorted(str(path.relative_to(site)) for path in site.glob("**/*.html"))
    assert len(pages) > 100
    rng = random.Random(20261130)  # noqa: S311 - the same pages in every run
    plan: list[tuple[str, tuple[int, ...]]] = [(path, (360, 1280)) for path in _vary(pages, rng)] if scripts else []
    mine = [path for path in pages if OURS.match(path)]
    plan += [(path, (width,)) for width in WIDTHS for path in rng.sample(mine, min(sample(2), len(mine)))]
    context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce")
    page = context.new_page()
    found = [line for path, widths in plan for line in find_cut_numbers(page, (site / path).as_uri(), widths)]
    context.close()
    assert found == []


def test_no_number_is_cut_on_paper(browser, site):
    """A4 has 718 px between its margins."""
    pages = sorted(str(path.relative_to(site)) for path in site.glob("**/*.html"))
    page = browser.new_page()
    page.emulate_media(media="print")
    plan = _vary(pages, random.Random(20261201))  # noqa: S311 - the same pages in every run
    found = [line for path in plan for line in find_cut_numbers(page, (site / path).as_uri(), (718,))]
    page.close()
    assert found == []


def test_a_stacked_table_is_read_as_a_table_and_each_name_once(browser, site):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto((site / "tables" / "vessels.html").as_uri())
    table = page.locator(".table-fit table").first
    assert table.evaluate("(each) => getComputedStyle(each).display") == "block"
    heard = table.aria_snapshot()
    page.close()
    head, body = heard.split("- rowgroup:")[1:]
    assert 'columnheader "growth area' in head
    assert 'rowheader "96-well"' in body
    assert 'cell "0.32 cm²"' in body
    assert "growth area" not in body


def test_the_head_of_a_table_stays_in_sight(browser, site):
    page = browser.new_page(viewport={"width": 1440, "height": 400})
    page.goto((site / "tables" / "vessels.html").as_uri())
    page.locator(".table-fit tbody tr").nth(6).scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 200)")
    head, first = (page.locator(f".table-fit {part}").first.bounding_box() for part in ("thead th", "tbody tr"))
    page.close()
    assert first["y"] < head["y"]
    assert 0 <= head["y"] < 100
