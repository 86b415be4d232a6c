"""Each decision says when it was made and whether it still holds; the index says the same, and whoever changes one names it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "docs" / "decisions"
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
LINK = r"\[(\d+)\]\(([\w.-]+)\)"
HEAD = re.compile(rf"# (\d+)\. (.+)\n\n\*(\d{{4}}-\d\d-\d\d); (accepted|(?:changed|withdrawn) by {LINK})((?:; changes {LINK}(?:, {LINK})*)?)\*\n\n\S")
ROW = re.compile(rf"^\| {LINK} \| (.+) \| (\S+) \| (.+) \|$", re.MULTILINE)
each = pytest.mark.parametrize("path", FILES, ids=[path.name[:4] for path in FILES])


def head(path):
    """Return the parts of a decision's first lines: number, title, date, state, and what it changes."""
    found = HEAD.match(path.read_text("utf-8"))
    assert found, f"{path.name} begins with '# N. Title', a blank line, and '*date; state*'"
    return found


@each
def test_a_decision_has_its_number_a_date_and_a_state(path):
    found = head(path)
    assert path.name.startswith(f"{int(found[1]):04}-")
    assert date(2026, 1, 1) < date.fromisoformat(found[3])


@each
def test_a_decision_that_is_no_longer_whole_names_a_later_one_which_names_it(path):
    found = head(path)
    if found[4] == "accepted":
        return
    later = FOLDER / found[6]
    assert later in FILES
    assert later.name.startswith(f"{int(found[5]):04}-")
    assert int(found[5]) > int(found[1])
    assert (found[1], path.name) in re.findall(LINK, head(later)[7])


@each
def test_a_decision_that_changes_another_is_named_by_it(path):
    for _, name in re.findall(LINK, head(path)[7]):
        assert head(FOLDER / name)[6] == path.name


def test_numbers_run_on_and_dates_do_not_run_back():
    found = [head(path) for path in FILES]
    assert [int(each[1]) for each in found] == list(range(1, len(FILES) + 1))
    assert [each[3] for each in found] == sorted(each[3] for each in found)


def test_the_index_has_every_decision_with_its_title_date_and_state():
    rows = ROW.findall((FOLDER / "README.md").read_text("utf-8"))
    found = [head(path) for path in FILES]
    assert rows == [(each[1], path.name, each[2], each[3], each[4]) for path, each in zip(FILES, found, strict=True)]
