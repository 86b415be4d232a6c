"""Files that the command line writes and reads: whole or not at all, never over another's, and refused in words."""

from __future__ import annotations

import json
import os
import re
import stat
from datetime import UTC, datetime, timedelta

import pypdf
import pytest


def folder_as_it_is(folder):
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_the_suffix_gives_the_format_and_the_file_holds_what_a_pipe_gets(cli, tmp_path):
    for name, form in (("a.txt", "text"), ("a.md", "markdown"), ("a.JSON", "json")):
        assert cli("render", "srb", "-o", name).written == b""
        assert (tmp_path / name).read_bytes() == cli("render", "srb", "--format", form).written
    assert cli("render", "srb").written == (tmp_path / "a.md").read_bytes()
    record = json.loads((tmp_path / "a.JSON").read_bytes())
    assert record["invocation"]["command"] == "benchsheet render srb"
    assert cli("render", "srb", "-o", "named.sheet", "--format", "text").code == 0
    assert (tmp_path / "named.sheet").read_bytes() == (tmp_path / "a.txt").read_bytes()


def test_a_sheet_on_paper_and_one_for_a_browser_are_chosen_by_their_suffixes(cli, tmp_path):
    (tmp_path / "us.yml").write_text("name: bench 1\npaper: Letter\nsite: https://protocols.example.org\n")
    assert cli("render", "srb", "-o", "a.pdf").written == b""
    assert cli("render", "srb", "-o", "b.pdf", "--lab", "us.yml").code == 0
    pages = {name: pypdf.PdfReader(tmp_path / name).pages for name in ("a.pdf", "b.pdf")}
    assert {tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in pages["a.pdf"]} == {(210, 297)}
    assert {tuple(round(float(side) / 72, 1) for side in page.mediabox[2:]) for page in pages["b.pdf"]} == {(8.5, 11)}
    assert cli("render", "srb", "-o", "a.html", "--lab", "us.yml").code == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "size: Letter" in page
    (record,) = map(json.loads, re.findall(r'<script type="application/json" id="record">(.*?)</script>', page))
    (tmp_path / "a.json").write_text(json.dumps(record))
    assert cli("replay", "a.json").code == 0
    assert cli("render", "srb", "--format", "html").written.decode() != ""


def test_what_no_terminal_shows_wants_a_file(cli):
    answer = cli("render", "srb", "--format", "pdf")
    assert (answer.code, answer.written) == (2, b"")
    assert answer.err == "--format: pdf is not text to be shown\n  hint: write it to a file: -o sheet.pdf\n"


def test_a_suffix_that_two_formats_share_is_asked_about(cli, tmp_path):
    answer = cli("render", "srb", "-o", "a.svg")
    assert answer.code == 2
    assert "the suffix '.svg' is of timeline and of platemap\n  hint: give --format timeline" in answer.err
    assert cli("render", "srb", "-o", "a.svg", "--format", "platemap").code == 0
    assert (tmp_path / "a.svg").read_text("utf-8").startswith("<svg")


def test_a_file_that_is_there_is_overwritten_only_with_force(cli, tmp_path):
    (tmp_path / "mine.md").write_bytes(b"my notes\r\n\xff")
    before = (tmp_path / "mine.md").stat()
    refused = cli("render", "srb", "-o", "mine.md")
    assert (refused.code, refused.written, len(refused.mistakes)) == (2, b"", 1)
    assert (tmp_path / "mine.md").read_bytes() == b"my notes\r\n\xff"
    assert (tmp_path / "mine.md").stat().st_mtime_ns == before.st_mtime_ns
    assert cli("render", "srb", "-o", "mine.md", "--force").code == 0
    assert (tmp_path / "mine.md").read_bytes() == cli("render", "srb").written


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "folder", "folder/", "none/x.md", "file.txt/x.md", "x.docx", "x", ".md.", "x\0.md", "y" * 300 + ".md", "folder/../none/x.md"],
    ids=lambda name: repr(name[:20]),
)
@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
def test_a_place_that_cannot_be_written_to_is_refused_in_one_message(cli, tmp_path, name, force):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("kept", "utf-8")
    before = folder_as_it_is(tmp_path)
    answer = cli("render", "srb", "-o", name, *(["--force"] if force else []))
    assert (answer.code, answer.written) == (2, b"")
    assert len(answer.mistakes) == 1, answer.err
    assert answer.err.startswith("--output: ")
    assert folder_as_it_is(tmp_path) == before


def test_the_longest_name_that_the_file_system_takes_is_taken(cli, tmp_path):
    name = "y" * 252 + ".md"
    (tmp_path / name).write_bytes(b"")
    (tmp_path / name).unlink()
    assert cli("render", "srb", "-o", name).code == 0
    assert list(folder_as_it_is(tmp_path)) == [name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_what_is_no_file_is_not_replaced_by_one(process, tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert process("render", "srb", "-o", "pipe.md", "--force").code == 2
    assert stat.S_ISFIFO((tmp_path / "pipe.md").stat().st_mode)


@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
def test_a_file_that_cannot_be_finished_leaves_nothing_behind(process, tmp_path, force):
    resource = pytest.importorskip("resource", reason="no limit on files here")
    (tmp_path / "old.json").write_text("kept", "utf-8")

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    answer = process(
        "render",
        "srb",
        "-o",
        "old.json" if force else "new.json",
        *(["--force"] if force else []),
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=little_room,
    )
    assert (answer.code, len(answer.mistakes)) == (2, 1)
    assert answer.err.startswith("--output: ")
    assert folder_as_it_is(tmp_path) == {"old.json": b"kept"}


def test_warnings_go_to_standard_error_where_the_sheet_goes_elsewhere(cli, terminal):
    values = ("--cell-line", "BT-474", "--exposure", "48 h")
    said = [
        warning["message"] for warning in json.loads(cli("render", "srb", *values, "--format", "json").out)["warnings"] if warning["level"] == "W"
    ]
    assert said
    for words in ((), ("-o", "sheet.md"), ("--format", "text")):
        answer = cli("render", "srb", *values, *words)
        assert answer.code == 0
        assert answer.mistakes == [f"warning: {message}" for message in said]
    assert cli("render", "srb", *values, "--quiet").complained == b""
    assert terminal("render", "srb", *values).complained == b""
    assert terminal("render", "srb", *values, "-o", "other.md").mistakes == [f"warning: {message}" for message in said]


PROFILE = "name: the lab upstairs\noverage: {percent: 20 %}\nzone: Europe/Vienna\n"


def test_a_lab_profile_is_taken_from_its_option_or_from_the_environment(cli, tmp_path, monkeypatch):
    (tmp_path / "up.yml").write_text(PROFILE, "utf-8")
    (tmp_path / "down.yml").write_text("name: the lab downstairs\n", "utf-8")
    plain = cli("render", "srb", "--format", "json")
    up = cli("render", "srb", "--lab", "up.yml", "--format", "json")
    record = json.loads(up.out)
    assert record["lab"]["settings"][0] == {"name": "profile", "value": "the lab upstairs"}
    assert record["invocation"]["command"] == "benchsheet render srb --lab up.yml"
    assert record["identity"]["inputs"] != json.loads(plain.out)["identity"]["inputs"]
    monkeypatch.setenv("BENCHSHEET_LAB", "up.yml")
    assert cli("render", "srb", "--format", "json") == up
    monkeypatch.setenv("BENCHSHEET_LAB", str(tmp_path / "up.yml"))  # the command finds it from any folder
    found = json.loads(cli("render", "srb", "--format", "json").out)
    assert found["invocation"]["command"] == f"benchsheet render srb --lab {tmp_path / 'up.yml'}"
    assert found["identity"]["inputs"] == record["identity"]["inputs"]
    assert json.loads(cli("render", "srb", "--lab", "down.yml", "--format", "json").out)["lab"]["settings"][0]["value"] == "the lab downstairs"
    monkeypatch.setenv("BENCHSHEET_LAB", "")
    assert cli("render", "srb", "--format", "json") == plain


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "none.yml"),
        ("folder", "is a directory"),
        (b"name: \xff\xfe\n", "UTF-8"),
        (b"name: [\n", "lab.yml:"),
        (b"pipettes: no\n", "lab.yml:1: "),
        (b"name: x\nzone: Europe/Atlantis\n", "lab.yml:2: "),
        (b"name: x\n\nleast: 5 min\n", "lab.yml:3: "),
        (b"pipette: []\n", "'pipettes'"),
        (b"x" * 2_100_000, "2 MB"),
    ],
    ids=["missing", "folder", "not UTF-8", "not YAML", "no list", "no zone", "no volume", "unknown key", "huge"],
)
@pytest.mark.parametrize("way", ["option", "environment"])
def test_a_lab_profile_that_cannot_be_used_is_refused_with_file_and_line(cli, tmp_path, monkeypatch, content, said, way):
    file = tmp_path / "lab.yml"
    if content is None:
        file = tmp_path / "none.yml"
    elif content == "folder":
        file.mkdir()
    else:
        file.write_bytes(content)
    if way == "environment":
        monkeypatch.setenv("BENCHSHEET_LAB", str(file))
    answer = cli("render", "srb", *(["--lab", str(file)] if way == "option" else []))
    assert (answer.code, answer.written) == (2, b"")
    assert len(answer.mistakes) == 1, answer.err
    assert said in answer.err


def test_all_mistakes_of_a_lab_profile_are_told_at_once(cli, tmp_path):
    (tmp_path / "lab.yml").write_text("trust: 1 min\nleast: 5\nzone: Atlantis\nbalance: 3\n", "utf-8")
    answer = cli("render", "srb", "--lab", "lab.yml")
    assert answer.code == 2
    assert [line.split(": ")[0] for line in sorted(answer.mistakes)] == ["lab.yml:1", "lab.yml:2", "lab.yml:3", "lab.yml:4"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-11-23", "09:00", "2026-02-30T09:00", "2026-11-23T25:00", "2026-11-23T09:00Z", "2026-11-23T09:00+01:00", "20261123T0900"),
        *(
            "2026-11-23T09:00:30",
            "2026-11-23T09:00:00.5",
            "0001-01-01T00:00",
            "9999-12-31T23:59",
            "23.11.2026 9:00",
            "2026-11-23T09:00 Vienna",
            "٢-1-1T9:00",
        ),
    ],
    ids=ascii,
)
def test_a_start_that_is_no_date_and_time_is_refused(cli, text):
    answer = cli("render", "srb", "--start", text)
    assert (answer.code, answer.written, len(answer.mistakes)) == (2, b"", 1)
    assert answer.err.startswith("--start: ")


def test_a_start_that_the_clocks_skip_is_refused_only_where_they_do(cli, tmp_path):
    nights = 'hours: {Mon-Sun: "00:00-24:00"}\n'
    (tmp_path / "vienna.yml").write_text(f"zone: Europe/Vienna\n{nights}", "utf-8")
    (tmp_path / "nights.yml").write_text(nights, "utf-8")
    assert cli("render", "srb", "--start", "2026-03-29T02:30", "--lab", "nights.yml").code == 0
    answer = cli("render", "srb", "--start", "2026-03-29T02:30", "--lab", "vienna.yml")
    assert (answer.code, answer.written, len(answer.mistakes)) == (2, b"", 1)
    assert "Europe/Vienna" in answer.err
    assert cli("render", "srb", "--start", "2026-03-29T03:30", "--lab", "vienna.yml").code == 0
    assert cli("render", "srb", "--start", "2026-10-25T02:30", "--lab", "vienna.yml").code == 0


def test_a_named_run_moves_its_appointments(cli):
    def known(*words):
        made = cli("render", "srb", "--format", "ics", *words)
        assert made.code == 0
        return re.findall(rb"UID:(\S+)", made.written.replace(b"\r\n ", b""))

    usual = known("--start", "2026-11-23T09:00", "--name", "n = 2")
    assert len(usual) > 10
    assert known("--start", "2026-12-07T09:00", "--name=n = 2") == usual
    assert not set(usual) & set(known("--start", "2026-11-23T09:00"))


def test_a_calendar_knows_the_newer_of_two_though_its_run_is_earlier(cli, monkeypatch):
    def stamps(start):
        made = cli("render", "srb", "--format", "ics", "--name", "a", "--start", start)
        return set(re.findall(rb"DTSTAMP:(\S+)", made.written))

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1793000000")  # 2026-10-26T07:33:20Z
    assert stamps("2026-11-26T08:00") == {b"20261026T073320Z"}
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    (made,) = stamps("2026-11-23T09:00")
    assert abs(datetime.now(UTC) - datetime.strptime(made.decode() + "+0000", "%Y%m%dT%H%M%SZ%z")) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "a", "--format", "worklist"), "worklist has no title, and would not show it"),
        (("--name", "a", "-o", "a.toml"), "wellmap has no title, and would not show it"),
        (("--name", "a" * 101), "has 101 letters"),
        (("--name", "a\nb"), "cannot be printed"),
        (("--name", " ", "--format", "ics", "--start", "2026-11-23T09:00"), "'' names no run"),
        (("--name", "a", "--batch", "runs.csv", "-o", "out"), "it names one run, and a table has many"),
    ],
)
def test_a_name_that_names_no_run_is_refused(cli, tmp_path, words, said):
    (tmp_path / "runs.csv").write_text("plates\n2\n")
    refused = cli("render", "srb", *words)
    assert refused.code == 2
    assert said in refused.err
    assert "--name" in refused.err
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_no_text_is_refused(cli):
    refused = cli("render", "srb", "--format", "ics", "--start", "2026-11-23T09:00", "--name", "\udcff")
    assert refused.code == 2
    assert "holds bytes that are not letters" in refused.err


def test_tables_without_names_do_not_overwrite_the_appointments_of_one_another(cli, tmp_path):
    """The files of both are called srb-1; that is not a name that somebody gave the run."""
    known = []
    for name, row in (("one", "2,2026-11-23T09:00,drug A"), ("two", "4,2027-02-01T09:00,drug B")):
        (tmp_path / f"{name}.csv").write_text(f"plates,start,compounds\n{row}\n")
        assert cli("render", "srb", "--batch", f"{name}.csv", "-o", name, "--format", "ics").code == 0
        (made,) = (tmp_path / name).iterdir()
        assert made.name == "srb-1.ics"
        known.append(set(re.findall(rb"UID:(\S+)", made.read_bytes().replace(b"\r\n ", b""))))
    assert known[0]
    assert not known[0] & known[1]
