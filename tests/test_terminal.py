"""Where the words go: a pipe gets the same bytes everywhere, a terminal what it can show, and a reader who leaves no traceback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchsheet.cli import terminal as terminal_module

VALUES = ("--plates", "4", "--compounds", "β-lapachone,x≥y", "--cell-line", "BT-474", "--exposure", "48 h")
PLAIN = {
    "ascii streams": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
LOCALES: tuple[dict[str, str], ...] = (
    {},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "de_DE.ISO-8859-1", "LC_NUMERIC": "de_DE.UTF-8"},
    {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii", "COLUMNS": "40", "TERM": "xterm"},
    {"PYTHONIOENCODING": "utf-16", "PYTHONUTF8": "1", "PYTHONHASHSEED": "7"},
)


def too_wide(lines):
    return [line for line in lines if len(line) > 80]


def test_a_pipe_gets_the_same_bytes_whatever_the_locale(process):
    made = [process("render", "srb", "--plates", "4", "--format", "text", env=env) for env in LOCALES]
    assert {answer.code for answer in made} == {0}
    assert len({answer.written for answer in made}) == 1
    assert "µL" in made[0].out


@pytest.mark.parametrize(
    "words",
    [("render", "srb", "--format", "json"), ("render", "srb", "--format", "markdown"), ("show", "srb"), ("render", "srb", "--help")],
    ids=" ".join,
)
def test_records_lists_and_help_have_the_same_bytes_in_the_c_locale(process, words):
    made = [process(*words, env=env) for env in LOCALES[1:3]]
    assert made[0].code == 0
    assert made[0] == made[1]


@pytest.mark.parametrize("env", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize(
    "words",
    [
        ("render", "srb", "--plates", "4"),
        ("render", "srb", "--doses", "10", "--solvent", "water"),
        ("render", "srb", "--help"),
        ("show", "srb"),
        ("list",),
    ],
    ids=" ".join,
)
def test_a_terminal_without_unicode_gets_plain_letters_in_80_columns(terminal, words, env):
    answer = terminal(*words, encoding="ascii", **env)
    assert answer.code == 0
    assert answer.complained == b""
    assert not too_wide(answer.plain_lines)
    assert "uL" in answer.out or words == ("list",)
    assert "?" not in re.sub(r"https://\S+\s*\S*", "", answer.out)


def test_a_terminal_without_unicode_reads_the_same_amounts_ungrouped(terminal, process):
    plain = terminal("render", "srb", encoding="ascii", PYTHONIOENCODING="ascii").out
    assert "22500 cells/mL" in plain
    assert "37 degC" in plain
    assert "/ counted density" in plain
    assert "22\u202f500 cells/mL" in process("render", "srb").out


def test_names_that_a_terminal_cannot_show_do_not_stop_the_sheet(terminal):
    answer = terminal("render", "srb", *VALUES, encoding="ascii", PYTHONIOENCODING="ascii")
    assert answer.code == 0
    assert "beta-lapachone" in answer.out
    assert "x>=y" in answer.out
    assert not too_wide(answer.plain_lines)


@pytest.mark.parametrize("name", ["latin-1", "cp1252", "cp437", "utf-8"])
def test_each_terminal_gets_what_its_encoding_has(terminal, name):
    answer = terminal("render", "srb", *VALUES, encoding=name, PYTHONIOENCODING=name)
    assert answer.code == 0
    assert "µL" in answer.out
    assert ("β" in answer.out) == (name in {"utf-8", "cp437"}) or name == "cp437"
    assert not too_wide(answer.plain_lines)


def test_headings_stand_out_on_a_terminal_and_nowhere_else(terminal, process):
    shown = terminal("render", "srb", "--plates", "4")
    bold = [line for line in shown.out.splitlines() if "\x1b" in line]
    assert all(line.startswith("\x1b[1m") and line.endswith("\x1b[0m") for line in bold)
    named = {line.removeprefix("\x1b[1m").removesuffix("\x1b[0m") for line in bold}
    assert {"SRB viability assay", "NUMBERS", "STEPS", "1. Seed", "PLATE MAPS", "QUALITY GATES"} <= named
    piped = process("render", "srb", "--plates", "4", "--format", "text", env={"TERM": "xterm"})
    assert b"\x1b" not in piped.written
    assert shown.plain_lines == piped.out.splitlines()


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}], ids=str)
def test_nothing_stands_out_where_that_was_asked_or_cannot_be(terminal, env):
    shown = terminal("render", "srb", "--plates", "4", **env)
    assert shown.code == 0
    assert "\x1b" not in shown.out
    assert "NUMBERS" in shown.out


def test_an_empty_no_color_asks_for_nothing(terminal):
    assert "\x1b[1m" in terminal("render", "srb", NO_COLOR="").out


def test_a_terminal_gets_text_and_a_pipe_markdown(terminal, process):
    assert "NUMBERS\n-------" in terminal("render", "srb", NO_COLOR="1").out
    assert "## Numbers" in process("render", "srb").out
    assert "## Numbers" in terminal("render", "srb", "--format", "markdown").out


def test_json_on_a_terminal_is_read_back_as_json(terminal, process):
    words = ("render", "srb", *VALUES, "--format", "json")
    assert json.loads(terminal(*words).out) == json.loads(process(*words).out)
    assert json.loads(terminal(*words, encoding="ascii", PYTHONIOENCODING="ascii").out)["protocol"]["id"] == "srb"


def test_messages_reach_a_standard_error_of_any_encoding(process):
    for env in LOCALES[:5]:
        answer = process("render", "srb", "--medium", "150 uL", env=env)
        assert (answer.code, answer.written) == (2, b"")
        assert "150 µL of medium" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("list", "--help"),
        ("show", "--help"),
        ("render", "--help"),
        ("render", "srb", "--help"),
        ("check", "--help"),
        ("new", "-h"),
        ("replay", "-h"),
    ],
    ids=" ".join,
)
def test_help_can_be_piped(process, words):
    answer = process(*words, env={"COLUMNS": "200", "TERM": "xterm", "FORCE_COLOR": "1"})
    assert (answer.code, answer.complained) == (0, b"")
    assert answer.out.startswith("usage: benchsheet")
    assert b"\x1b" not in answer.written
    assert not too_wide(answer.out.splitlines())


@pytest.mark.parametrize("words", [("render", "srb", "--format", "json"), ("render", "srb"), ("list",), ("show", "srb"), ("--help",)], ids=" ".join)
def test_a_reader_who_is_gone_is_no_mistake(process, words):
    reader, writer = os.pipe()
    os.close(reader)
    answer = process(*words, stdout=writer)
    os.close(writer)
    assert answer.complained == b""
    assert answer.code in {0, 141}


def test_a_reader_who_leaves_after_the_first_line_is_no_mistake(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "benchsheet", "render", "srb", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        assert started.stdout.readline() == b"{\n"
        started.stdout.close()
        assert started.stderr.read() == b""
    assert started.returncode in {0, 141}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("words", [("render", "srb"), ("render", "srb", "--help"), ("list",), ("show", "srb"), ("--version",)], ids=" ".join)
def test_a_full_disc_is_told_in_one_message(process, words):
    with Path("/dev/full").open("wb") as full:
        answer = process(*words, stdout=full)
    assert answer.code == 2
    assert len(answer.mistakes) == 1, answer.err


@pytest.mark.skipif(os.name != "posix", reason="no shell of this kind here")
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
@pytest.mark.parametrize("words", ["render srb", "render srb --plates 0", "list"])
def test_closed_streams_bring_no_traceback(tmp_path, words, closed):
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m benchsheet {words} {closed}', sys.executable], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 2 if "--plates 0" in words else done.returncode in {0, 2}


LONG = "protocols/a folder whose name is long and has spaces in it, of 2026/which is not broken/protocol.yml"
TOLD = [
    f"{LONG}:12: " + "some words and 10 mM of it " * 9 + "\n  hint: " + "more words " * 12,
    f"note: --stock '0.1 mg', --stock '1 g': refused, look at {LONG.replace(' ', '-')} and " + "go on there " * 9,
    f"{LONG}: nothing to mend; 212 sheets tried, 34 cases, 30 replayed",
    "warning: it says 'one name of several words' here " + "and 0.1 % w/v there " * 8,
]


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_on_a_terminal_is_wrapped_and_loses_nothing(text, monkeypatch):
    """80 columns, but for a path, which is not broken; a number stays with its unit."""
    monkeypatch.setattr(terminal_module, "is_terminal", lambda _: True)
    shown = io.StringIO()
    terminal_module.write_lines(text + "\n", shown)
    lines = shown.getvalue().splitlines()
    assert all(len(line) <= 80 or "protocol.yml" in line or LONG in line for line in lines)
    assert " ".join(shown.getvalue().split()) == " ".join(text.split())
    assert not any(re.search(r"\d$", line) for line in lines[:-1] if not line.endswith("2026"))
    assert all(line.startswith("  ") for line in lines[1:])
    assert "\n".join(lines).count("protocol.yml") == text.count("protocol.yml")


def test_commands_keep_to_80_columns_on_a_terminal(tmp_path, cli, terminal):
    """And in a pipe each of their notes is one line, for a program to find."""
    name = "a-protocol-with-a-long-name-for-this-one"
    cli("render", "srb", "--format", "json", "-o", str(tmp_path / "sheet.json"))
    commands = [("new", name), ("check", name), ("list",), ("replay", "sheet.json"), ("calc", "bca", "--help")]
    assert not [line for words in commands for line in too_wide(terminal(*words).plain_lines) if " " in line.strip()]  # a word is not broken
    assert all(re.match(r"note: |\S+: nothing to mend", line) for line in cli("check", str(tmp_path / name)).out.splitlines())
