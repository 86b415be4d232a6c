"""What may be published under a tag, and what is said of files that may not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import yaml

from tests.release import NEEDED, ROOT, list_faults

WHEEL, ARCHIVE = "benchsheet-1.2.3-py3-none-any.whl", "benchsheet-1.2.3.tar.gz"
INSIDE = tuple(f"benchsheet-1.2.3{name}" if name.startswith(".") else f"{name}x" if name.endswith("/") else name for name in NEEDED)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of version 1.2.3 that may be released, with what was built in ``dist``."""
    (tmp_path / "macros" / "benchsheet").mkdir(parents=True)
    (tmp_path / "macros" / "benchsheet" / "__init__.py").write_text('__version__ = "1.2.3"\n', "utf-8")
    (tmp_path / "CITATION.cff").write_text("version: 1.2.3\n", "utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.3 (2027-01-31)\n\n## 1.2.2 (2027-01-01)\n", "utf-8")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / ARCHIVE).write_bytes(b"")
    write_wheel(tmp_path, INSIDE)
    return tmp_path


def write_wheel(tree: Path, names: tuple[str, ...]) -> None:
    with zipfile.ZipFile(tree / "dist" / WHEEL, "w") as wheel:
        for name in names:
            wheel.writestr(name, "")


def faults(tree: Path, tag: str = "v1.2.3") -> list[str]:
    return list_faults(tag, tree / "dist", tree)


def test_what_is_whole_may_be_published(tree: Path) -> None:
    assert faults(tree) == []


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "v1.2.3rc1", "", "v1.2.3 "])
def test_a_tag_that_is_not_a_version_is_refused(tree: Path, tag: str) -> None:
    assert faults(tree, tag) == [f"the tag {tag!r} is not of the form v1.2.3"]


def test_a_tag_of_another_version_is_told_for_each_file(tree: Path) -> None:
    found = faults(tree, "v1.2.4")
    assert [fault.split(" says ")[0] for fault in found[:2]] == ["macros/benchsheet/__init__.py", "CITATION.cff"]
    assert len(found) == 5


@pytest.mark.parametrize("heading", ["## 1.2.3 (unreleased)", "## 1.2.3", "## 1.2.30 (2027-01-31)", ""])
def test_a_changelog_without_the_day_of_this_version_is_refused(tree: Path, heading: str) -> None:
    (tree / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n", "utf-8")
    (fault,) = faults(tree)
    assert fault.startswith("CHANGELOG.md begins with ")


def test_files_that_are_missing_or_too_many_are_named(tree: Path) -> None:
    (tree / "dist" / ARCHIVE).rename(tree / "dist" / "benchsheet-1.2.2.tar.gz")
    (tree / "dist" / "notes.txt").write_text("", "utf-8")
    assert faults(tree) == [
        "notes.txt is neither a wheel nor a source archive",
        f"the one source archive has to be {ARCHIVE}; there is benchsheet-1.2.2.tar.gz",
    ]


@pytest.mark.parametrize("missing", INSIDE)
def test_a_wheel_without_a_part_is_refused(tree: Path, missing: str) -> None:
    write_wheel(tree, tuple(name for name in INSIDE if name != missing))
    (fault,) = faults(tree)
    assert fault.startswith(f"{WHEEL} has no ")


def test_a_wheel_with_a_file_beside_the_package_is_refused(tree: Path) -> None:
    write_wheel(tree, (*INSIDE, "tests/release.py"))
    assert faults(tree) == [f"{WHEEL} has tests/release.py"]


def test_the_workflow_asks_before_it_publishes() -> None:
    workflow = ROOT / ".github" / "workflows" / "release.yml"
    if not workflow.exists():
        pytest.skip("a source archive has no workflow")
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert any("tests.release" in step for step in steps)
    assert jobs["publish"]["needs"] == "build"
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert not any("secrets." in str(step) for job in jobs.values() for step in job["steps"])
