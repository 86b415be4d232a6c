"""The day below a page is that of the last commit that changed its sources; a copy that cannot know it says nothing."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from benchsheet.errors import ProtocolError
from benchsheet.site.build import build_pages
from benchsheet.site.history import find_last_change, last_changes
from tests.small_site import ANSWER, BASE, CHANGES, refused, small_library

__all__ = ["small_library"]


def git(folder, *words, day="2026-01-01"):
    date = f"{day}T12:00:00+00:00"
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = [shutil.which("git") or "git", "-c", "commit.gpgsign=false", *words]
    env = os.environ | names | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "whole"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for day, paths in (("2026-02-03", ["docs/a.md", "docs/ä b.md"]), ("2026-03-04", ["docs/b.md"]), ("2026-04-05", ["docs/a.md"])):
        for path in paths:
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(f"{day}\n", "utf-8")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", day, day=day)
    return folder


def test_each_file_has_the_day_of_its_last_commit(repository):
    assert last_changes(repository) == {"docs/a.md": "2026-04-05", "docs/b.md": "2026-03-04", "docs/ä b.md": "2026-02-03"}


def test_a_file_that_is_being_changed_has_no_day(repository):
    (repository / "docs" / "a.md").write_text("not yet committed\n", "utf-8")
    assert last_changes(repository) == {"docs/b.md": "2026-03-04", "docs/ä b.md": "2026-02-03"}


def test_a_copy_without_its_whole_history_says_nothing(repository, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "shallow")
    assert last_changes(tmp_path / "shallow") == {}
    assert last_changes(repository / "docs") == {}
    plain = tmp_path / "plain"
    plain.mkdir()
    assert last_changes(plain) == {}


DAYS = {
    "docs/a.md": "2026-01-01",
    "docs/mechanisms/a.yml": "2026-01-09",
    "docs/mechanisms/m.md": "2026-01-02",
    "docs/mechanisms/m.yml": "2026-01-03",
    "docs/mechanisms/more.yml": "2026-12-31",
    "docs/symptoms/blot.md": "2026-01-04",
    "docs/symptoms/blot/smile.yml": "2026-01-05",
    "docs/faq/so.md": "2026-01-06",
    "protocols/p/protocol.yml": "2026-01-07",
    "protocols/p/cases/x.yml": "2026-01-08",
    "protocols/pp/protocol.yml": "2026-12-31",
    "protocols/_shared/drugs.yml": "2026-01-10",
}


@pytest.mark.parametrize(
    ("file", "text", "day"),
    [
        ("docs/a.md", "", "2026-01-01"),
        ("docs/a.md", "Words.\n\n{picture}\n", "2026-01-09"),
        ("docs/a.md", "Words.\n\n{answer: so}\n", "2026-01-06"),
        ("docs/a.md", "Words.\n\n{index}\n", ""),
        ("docs/mechanisms/m.md", "", "2026-01-03"),
        ("docs/symptoms/blot.md", "", "2026-01-05"),
        ("protocols/p/protocol.yml", "", "2026-01-08"),
        ("protocols/tables/drugs.md", "", "2026-01-10"),
        ("docs/new.md", "", ""),
    ],
)
def test_a_page_changes_with_all_that_it_is_made_of(file, text, day):
    assert find_last_change(file, text, DAYS) == day


# --- who wrote and checked it -----------------------------------------------------------------------------------------------

PEOPLE = "authors: [A. Writer, B. Writer]\nchecked: {C. Reader: 2026-11-29}\n"


@pytest.mark.parametrize(("path", "text"), [("a.md", "---\ntitle: A\n{}---\nWords.\n"), ("faq/so.md", ANSWER.replace("area:", "{}area:"))])
def test_a_page_names_who_wrote_and_who_checked_it(path, text):
    (page,) = [page for page in build_pages(BASE | {path: text.replace("{}", PEOPLE)}, CHANGES) if page.path == path]
    assert (page.people.authors, page.people.checked) == (("A. Writer", "B. Writer"), {"C. Reader": "2026-11-29"})
    (page,) = [page for page in build_pages(BASE | {path: text.replace("{}", "")}, CHANGES) if page.path == path]
    assert (page.people.authors, page.people.checked) == ((), {})


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "29.11.2026", ""])
def test_a_day_that_is_not_one_is_told_at_its_line(day):
    said = refused({"a.md": f'---\ntitle: A\nchecked: {{C. Reader: "{day}"}}\n---\nWords.\n'})
    assert f"docs/a.md:3: {day!r} is not a day\n  hint: write C. Reader: 2026-11-30" in said


def test_people_of_a_protocol_stand_on_its_page(tmp_path):
    file = tmp_path / "library" / "fill" / "protocol.yml"
    file.write_text(f"{file.read_text('utf-8')}{PEOPLE}", "utf-8")
    (page,) = [page for page in build_pages(BASE, CHANGES) if page.path == "protocols/fill.md"]
    assert page.people.authors == ("A. Writer", "B. Writer")
    file.write_text(file.read_text("utf-8").replace("2026-11-29", "soon"), "utf-8")
    with pytest.raises(ProtocolError, match="'soon' is not a day"):
        build_pages(BASE, CHANGES)
