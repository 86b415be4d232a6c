"""Which protocol is taken: the nearest, said where it hides a packaged one, and found again by the command on its sheet."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from benchsheet import library

MINE = "title: Mine"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder with a protocol srb of its own, whose title is Mine, and another one called elisa; the command runs in it."""
    for name in ("srb", "elisa"):
        shutil.copytree(Path(library.protocols_folder()) / "_template", tmp_path / "protocols" / name)
        file = tmp_path / "protocols" / name / "protocol.yml"
        file.write_text(re.sub("title: .*", MINE, file.read_text("utf-8").replace("NEW-PROTOCOL", name)), "utf-8")
    (tmp_path / "sub" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


NOTE = "note: srb is yours, in protocols/srb; srb@packaged is the packaged one\n"


def test_the_nearest_is_rendered_and_said(cli):
    answer = cli("render", "srb")
    assert (answer.code, answer.err) == (0, NOTE)
    assert "# Mine" in answer.out
    assert "benchsheet render protocols/srb\n" in answer.out


def test_the_packaged_one_can_be_asked_for(cli):
    answer = cli("render", "srb@packaged")
    assert (answer.code, answer.err) == (0, "")
    assert "# SRB viability assay" in answer.out
    assert "benchsheet render srb@packaged\n" in answer.out


def test_a_packaged_one_that_uses_another_than_yours_says_so(cli, home):
    shutil.copytree(Path(library.protocols_folder()) / "western-blot", home / "protocols" / "western-blot")
    note = "note: co-ip is the packaged one and takes western-blot@packaged, not yours in protocols/western-blot: copy co-ip beside it to use yours\n"
    assert note in cli("show", "co-ip").err
    shutil.copytree(Path(library.protocols_folder()) / "co-ip", home / "protocols" / "co-ip")
    for what in ("co-ip", "protocols/co-ip"):
        assert "not yours" not in cli("show", what).err


@pytest.mark.parametrize("words", [("show", "srb"), ("check", "srb"), ("render", "srb", "--help"), ("render", "--format", "text", "srb")])
def test_every_command_takes_the_same_one(cli, words):
    answer = cli(*words)
    assert answer.code == 0
    assert NOTE in answer.err
    assert "SRB viability" not in answer.out


def test_a_table_takes_the_same_one(cli):
    Path("runs.csv").write_text("protocol,name\nsrb,one\nsrb@packaged,two\nsrb,three\n", "utf-8")
    answer = cli("render", "--batch", "runs.csv", "-o", "out")
    assert (answer.code, answer.err.count(NOTE)) == (0, 1)
    assert ["# Mine" in Path("out", f"{name}.md").read_text("utf-8") for name in ("one", "two", "three")] == [True, False, True]


def test_a_list_says_which_are_yours(cli):
    assert [line.partition("  ")[0] for line in cli("list").out.splitlines()] == ["elisa", "srb", "co-ip", "srb@packaged", "western-blot"]
    assert "srb           Mine (0.1.0), yours: protocols/srb\n" in cli("list").out
    assert [item.get("folder") for item in json.loads(cli("list", "--json").out)] == ["protocols/elisa", "protocols/srb", None, None, None]


def test_your_own_are_checked_if_none_is_named(cli):
    assert re.findall(r"^(\S+): nothing to mend", cli("check", "--quiet").out, re.MULTILINE) == ["protocols/elisa", "protocols/srb"]


@pytest.mark.parametrize("place", [".", "sub", "sub/deep", "protocols", "protocols/srb"])
@pytest.mark.parametrize(
    "what", ["srb", "elisa", "srb@packaged", "western-blot", "./srb", "../protocols/srb", "{lab}/protocols/srb", "../../protocols/elisa"]
)
def test_the_command_of_a_sheet_makes_that_sheet_again(cli, monkeypatch, home, place, what):
    monkeypatch.chdir(home / place)
    what = what.format(lab=home.as_posix())
    if "/" in what and not Path(what).is_dir():
        assert cli("render", what).code == 2
        return
    first = json.loads(cli("render", what, "--format", "json").out)
    again = json.loads(cli(*shlex.split(first["invocation"]["command"])[1:], "--format", "json").out)
    assert again["seal"] == first["seal"]
    assert (first["protocol"]["title"] == "Mine") == (what not in ("srb@packaged", "western-blot"))


def test_the_command_keeps_the_folder_of_the_lab(cli):
    Path("sub", "my-lab.yml").write_text("name: ours\n", "utf-8")
    record = json.loads(cli("render", "elisa", "--lab", "sub/my-lab.yml", "--format", "json").out)
    assert record["invocation"]["command"] == "benchsheet render elisa --lab sub/my-lab.yml"
    assert json.loads(cli(*shlex.split(record["invocation"]["command"])[1:], "--format", "json").out)["seal"] == record["seal"]


def test_a_name_that_is_nowhere_is_told_with_your_own_too(cli):
    assert "did you mean 'elisa'?" in cli("render", "elsia").err
    assert "protocols: elisa, srb, co-ip, western-blot" in cli("render", "qpcr").err
