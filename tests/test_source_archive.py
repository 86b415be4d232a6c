"""The source archive is complete: it builds the same wheel, holds every file that a test reads, and runs its own tests."""

from __future__ import annotations

import ast
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.test_packaging import ROOT, run, tracked_files

# What only the repository uses, and no build, page or test does.
LEFT_OUT = {".ci", ".editorconfig", ".gitattributes", ".github", ".pre-commit-config.yaml"}
LEFT_OUT |= {".npmrc", "biome.jsonc", "package.json", "package-lock.json"}  # what checks styles and scripts
ADDED = {"PKG-INFO"}  # by the builder
# The tests that read what is left out, and what each says where it skips.
SKIPPING = {
    ("tests/test_packaging.py", ".github"): ("workflow", "a source archive has no workflow"),
    ("tests/test_publishing.py", ".github"): ("workflow", "a source archive has no workflow"),
    ("tests/test_release.py", ".github"): ("workflow", "a source archive has no workflow"),
    ("tests/test_npm_lock.py", "package-lock.json"): ("lock", "a source archive has no lock of npm"),
}
# A file that needs nothing, one that reads README.md and CHANGELOG.md, and a build of the site, which reads mkdocs.yml and docs/.
RUN = (
    "tests/test_dataclass.py",
    "tests/test_documents.py::test_the_readme_names_every_command",
    "tests/test_site_mistakes.py::test_a_build_with_a_mistake_ends_and_leaves_nothing",
)


def build(kind, source, out):
    built = run(sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", out, source, cwd=out)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = (file for file in out.iterdir() if file.suffix in (".whl", ".gz"))
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The source archive built from the tree, unpacked far from it."""
    out = tmp_path_factory.mktemp("sdist")
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(build("sdist", ROOT, out)) as packed:
        packed.extractall(unpacked, filter="data")
    (folder,) = unpacked.iterdir()
    return folder


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_archive_holds_every_file_but_those_of_the_repository(archive):
    known = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    listed = run("git", "ls-files", "-z", cwd=ROOT).stdout.split("\0")
    needed = {name for name in listed if name and name.partition("/")[0] not in LEFT_OUT and (ROOT / name).is_file()}
    held = names(archive)
    assert needed - held == set()
    assert held - known - ADDED == set()
    assert {name.partition("/")[0] for name in held} & LEFT_OUT == set()


def test_what_is_left_out_is_there_to_be_left_out():
    """So that no entry of the list outlives its file."""
    there = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert there >= LEFT_OUT


def test_no_test_reads_what_the_archive_leaves_out():
    """A test names a file of the tree in a text of its own; what is left out is named by tests that skip without it."""
    found = set()
    for file in sorted((ROOT / "tests").rglob("*.py")):
        constants = [node.value for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        texts = [text for text in constants if isinstance(text, str) and file != Path(__file__)]
        found |= {(file.relative_to(ROOT).as_posix(), name) for name in LEFT_OUT for text in texts if text == name or text.startswith(f"{name}/")}
    assert found == set(SKIPPING)


@pytest.mark.parametrize(("file", "name"), SKIPPING)
def test_a_test_of_what_is_left_out_says_so_where_it_is_missing(archive, file, name):
    tests, reason = SKIPPING[file, name]
    done = run_tests(archive, file, "-k", tests)
    assert done.returncode == 0, done.stdout
    assert reason in done.stdout


def test_the_archive_runs_its_own_tests(archive):
    done = run_tests(archive, *RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout.splitlines()[-1]
    assert " passed" in done.stdout.splitlines()[-1]


def run_tests(archive, *words):
    """Run tests of the archive with its own package, which stands before one that is installed."""
    own = "import os, sys; sys.path.insert(0, sys.argv[1]); os.environ['PYTHONPATH'] = sys.argv[1]; import benchsheet, pytest; "
    own += "assert benchsheet.__file__.startswith(sys.argv[1]), benchsheet.__file__; sys.exit(pytest.main(sys.argv[2:]))"
    return run(sys.executable, "-c", own, archive / "macros", "-n", "0", "-q", "-p", "no:cacheprovider", *words, cwd=archive)


def test_the_archive_builds_the_same_wheel_as_the_tree(archive, tmp_path):
    """File by file; the list of files in the wheel has their hashes, so it is the same too."""
    held = []
    for name, source in (("tree", ROOT), ("archive", archive)):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(build("wheel", source, tmp_path / name)) as wheel:
            held.append({each: wheel.read(each) for each in wheel.namelist()})
    assert len(held[0]) > 200
    assert held[0] == held[1]
