"""Sheets from a table: each row the file that it would be alone, what is refused before the first, and what of a row is told on the way."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from benchsheet.api import sheet_files
from benchsheet.cli import batch, terminal
from benchsheet.formats import FORMATS


@pytest.fixture
def table(tmp_path):
    """A table in the folder of the command."""

    def write(content, name="runs.csv"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write


@pytest.fixture
def srb(cli, table):
    """A batch of one protocol, into the folder ``out``."""
    return lambda content, *words: cli("render", "srb", "--batch", table(content), "-o", "out", *words)


def made(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else None


# --- what is made ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "ics"])
def test_each_row_is_the_file_that_it_would_be_alone(srb, cli, tmp_path, form):
    answer = srb("name,plates,top_dose\nfirst,4,3 uM\nsecond,2,\n", "--format", form)
    assert (answer.code, answer.out) == (0, "2 sheets in out\n")
    suffix = FORMATS[form].suffix
    assert made(tmp_path / "out") == [f"first{suffix}", f"second{suffix}"]
    for name, words in (("first", ("--plates", "4", "--top-dose", "3 uM")), ("second", ("--plates", "2"))):
        assert cli("render", "srb", *words, "-o", f"alone{suffix}", "--format", form, "--force").code == 0
        assert (tmp_path / "out" / f"{name}{suffix}").read_bytes() == (tmp_path / f"alone{suffix}").read_bytes()


def test_a_calendar_of_a_row_is_known_again_by_its_name_when_its_day_moves(srb, tmp_path):
    found = []
    for day in ("2026-11-23T09:00", "2026-11-30T09:00"):
        assert srb(f"name,start\nmine,{day}\n", "--format", "ics", "--force").code == 0
        found.append(re.findall("^UID:.*$", (tmp_path / "out" / "mine.ics").read_text("utf-8"), re.MULTILINE))
    assert found[0] == found[1] != []


def test_without_a_format_it_is_markdown(srb, tmp_path):
    assert srb("plates\n4\n").out == "1 sheet in out\n"
    assert made(tmp_path / "out") == ["srb-1.md"]


TABLES = {
    "commas": "name,plates,stock\na,4,10 mM\nb,2,20 mM\n",
    "semicolons": "name;plates;stock\na;4;10 mM\nb;2;20 mM\n",
    "tabs": "name\tplates\tstock\na\t4\t10 mM\nb\t2\t20 mM\n",
    "from a spreadsheet": "\ufeffName;Plates ;STOCK;;\r\na;4; 10 mM;;\r\n;;;;\r\nb;2;20 mM;;\r\n",
    "quoted": '"name","plates","stock"\n"a","4","10 mM"\n"b","2","20 mM"',
    "options as columns": "--name,--plates,--stock\na,4,10 mM\nb,2,20 mM\n",
    "short rows": "name,plates,stock,top_dose,have\na,4,10 mM\nb,2,20 mM,\n",
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_table_is_read_as_spreadsheets_write_it(srb, tmp_path, content):
    assert srb(content, "--format", "json").code == 0
    found = {name: json.loads((tmp_path / "out" / name).read_text("utf-8"))["invocation"]["command"] for name in made(tmp_path / "out")}
    assert found == {"a.json": "benchsheet render srb --plates 4 --stock '10 mM'", "b.json": "benchsheet render srb --plates 2 --stock '20 mM'"}


def test_a_column_is_written_as_an_option_as_a_parameter_or_as_words(srb, tmp_path):
    for head in ("top_dose", "top-dose", "--top-dose", "Top dose"):
        assert srb(f"{head}\n3 uM\n", "--force").code == 0
        assert "3 µM" in (tmp_path / "out" / "srb-1.md").read_text("utf-8")


def test_a_cell_may_hold_what_stands_between_cells(srb, tmp_path):
    assert srb('name,compounds,stock\n"a","x,y","10 mM; 20 mM"\n').code == 0
    assert srb('name;compounds;stock\nb;x,y;"10 mM; 20 mM"\n').code == 0
    sheets = [(tmp_path / "out" / name).read_bytes() for name in ("a.md", "b.md")]
    assert sheets[0] == sheets[1]


def test_yes_and_no_are_taken_as_a_spreadsheet_writes_them(cli, table, tmp_path):
    assert cli("render", "western-blot", "--batch", table("name,strip\na,FALSE\nb,no\nc,TRUE\n"), "-o", "out").code == 0
    sheets = [(tmp_path / "out" / name).read_bytes() for name in ("a.md", "b.md", "c.md")]
    assert sheets[0] == sheets[1] != sheets[2]


def test_files_without_a_name_are_counted_so_that_they_stand_in_order(srb, tmp_path):
    assert srb("plates\n" + "2\n" * 9 + "3\n").code == 0
    assert made(tmp_path / "out") == [f"srb-{number:02}.md" for number in range(1, 11)]


def test_a_name_may_bring_its_suffix(srb, tmp_path):
    assert srb("name,plates\na.md,2\nb.MD,2\nc.5,2\n").code == 0
    assert made(tmp_path / "out") == ["a.md", "b.md", "c.5.md"]


def test_an_option_holds_for_each_row_that_leaves_it_empty(srb, tmp_path):
    words = ("--plates", "3", "--start", "2026-11-23T09:00", "--format", "json")
    assert srb("name,plates,start\na,,\nb,2,2026-11-30T09:00\n", *words).code == 0
    found = [json.loads((tmp_path / "out" / name).read_text("utf-8"))["invocation"]["command"] for name in ("a.json", "b.json")]
    assert found == [
        "benchsheet render srb --plates 3 --start 2026-11-23T09:00",
        "benchsheet render srb --plates 2 --start 2026-11-30T09:00",
    ]


def test_rows_name_their_protocol_where_none_is_typed(cli, table, tmp_path):
    content = "protocol,plates,samples,name\nsrb,2,,\nwestern-blot,,6,blot\nsrb,3,,\n"
    answer = cli("render", "--batch", table(content), "-o", "srb")  # the folder is not a protocol
    assert (answer.code, answer.out) == (0, "3 sheets in srb\n")
    assert made(tmp_path / "srb") == ["blot.md", "srb-1.md", "srb-3.md"]
    assert (tmp_path / "srb" / "blot.md").read_text("utf-8").startswith("    benchsheet render western-blot --samples 6\n")


def test_files_that_a_row_names_are_looked_for_beside_the_table(cli, table, tmp_path):
    (tmp_path / "plan").mkdir()
    table("name,condition\nctrl,DMSO\nfaki,1 µM\n", "plan/mine.csv")
    table("name: the lab upstairs\n", "plan/lab.yml")
    runs = table("samples,lab\nmine.csv,lab.yml\n", "plan/runs.csv")
    assert cli("render", "western-blot", "--batch", runs, "-o", "out", "--format", "json", "--lysis", "B").code == 0
    record = json.loads((tmp_path / "out" / "western-blot-1.json").read_text("utf-8"))
    assert record["invocation"]["command"] == "benchsheet render western-blot --samples 'ctrl DMSO,faki 1 µM' --lysis B --lab plan/lab.yml"


def test_the_lab_of_the_option_or_the_environment_holds_for_rows_without_one(srb, table, tmp_path, monkeypatch):
    for name in ("ours", "theirs"):
        table(f"name: {name}\n", f"{name}.yml")
    monkeypatch.setenv("BENCHSHEET_LAB", "ours.yml")
    assert srb("name,lab\na,\nb,theirs.yml\n", "--format", "json").code == 0
    assert srb("name,lab\nc,\nd,ours.yml\n", "--format", "json", "--lab", "theirs.yml").code == 0
    found = [json.loads((tmp_path / "out" / f"{name}.json").read_text("utf-8"))["invocation"]["command"].rpartition(" ")[2] for name in "abcd"]
    assert found == ["ours.yml", "theirs.yml", "theirs.yml", "ours.yml"]


# --- a row that makes none -------------------------------------------------------------------------------------------------


def test_it_goes_on_after_a_bad_row_and_says_which_and_why(srb, tmp_path):
    answer = srb("name,plates,start\n\na,4,\nb,x,2026-13-01\nc,500,\nd,2,\n")
    assert answer.code == 1
    assert answer.out == "2 of 4 sheets in out\n"
    assert made(tmp_path / "out") == ["a.md", "d.md"]
    assert answer.err.partition("warning:")[0] == (
        "runs.csv:4: row 2 ('b'): --start: '2026-13-01' is not a date and time\n  hint: write it like 2026-11-23T09:00; the zone is the lab's\n"
        "runs.csv:4: row 2 ('b'): --plates: 'x' is not a whole number\n  hint: write one from 1 to 100\n"
        "runs.csv:5: row 3 ('c'): --plates: '500' is not between 1 and 100\n  hint: write a whole number from 1 to 100\n"
    )


def test_a_row_of_another_protocol_or_of_none_fails_alone(cli, table, tmp_path):
    content = "protocol,plates\nsrb,2\nwestern-blot,2\nsbr,2\n,2\n"
    answer = cli("render", "--batch", table(content), "-o", "out")
    assert (answer.code, answer.out) == (1, "1 of 4 sheets in out\n")
    assert made(tmp_path / "out") == ["srb-1.md"]
    assert answer.mistakes == [
        "runs.csv:3: row 2 ('western-blot-2'): --plates: western-blot has no such parameter",
        "runs.csv:4: row 3 ('row-3'): no protocol 'sbr'",
        "runs.csv:5: row 4 ('row-4'): no protocol ''",
    ]


def test_a_row_whose_files_are_wrong_is_told_with_their_place(srb, table):
    table("nam: x\n", "lab.yml")
    answer = srb("lab,plates\nlab.yml,x\nnone.yml,2\n")
    assert (answer.code, answer.out) == (1, "0 of 2 sheets in out\n")
    assert answer.mistakes == [
        "runs.csv:2: row 1 ('srb-1'): lab.yml:1: a lab profile has no 'nam'",
        "runs.csv:2: row 1 ('srb-1'): --plates: 'x' is not a whole number",
        "runs.csv:3: row 2 ('srb-2'): none.yml: the file cannot be read: no such file or directory",
    ]


def test_a_line_is_that_in_which_the_row_begins(srb):
    """A cell may hold a line break: the row stands on two lines then, and the next is counted from there."""
    answer = srb('name,kill,plates\na,"puro\nmycin",x\nb,puromycin,x\n')
    assert [line.partition(": --")[0] for line in answer.mistakes] == ["runs.csv:2: row 1 ('a')", "runs.csv:4: row 2 ('b')"]


def test_a_file_that_appears_meanwhile_is_left_as_it_is(srb, tmp_path, monkeypatch):
    def slow(_sheet, _form, *, name):
        if name == "a":
            (tmp_path / "out" / "a.md").write_text("mine")
        return "a sheet"

    monkeypatch.setattr("benchsheet.api.rendering.Sheet.format", slow)
    answer = srb("name\na\nb\n")
    assert (answer.code, answer.out) == (1, "1 of 2 sheets in out\n")
    assert answer.err == f"runs.csv:2: row 1 ('a'): --output: {str(Path('out', 'a.md'))!r} is there already\n  hint: --force overwrites it\n"
    assert (tmp_path / "out" / "a.md").read_text() == "mine"


def test_a_warning_is_told_once_with_its_rows(srb):
    content = "name,plates\na,8\nb,8\nc,1\nd,8\nx,8\n"
    answer = srb(content)
    assert answer.code == 0
    assert answer.mistakes
    assert all(line.startswith("warning: ") and line.endswith(" (rows 1 to 2, 4 to 5)") for line in answer.mistakes)
    assert srb(content, "--force", "--quiet").err == ""
    assert srb("name,plates\ne,1\nf,8\n").mistakes == [line.replace("rows 1 to 2, 4 to 5", "row 2") for line in answer.mistakes]


# --- what is refused before the first row ----------------------------------------------------------------------------------

PLAIN = "use letters, numbers, spaces and hyphens"
OWN = "give each row its own; capitals make no difference"
REFUSED = {
    "an unknown column": ("name,plats\na,2\n", "runs.csv:1: nothing takes the column 'plats'\n  hint: did you mean 'plates'?\n"),
    "a column of this command": ("name,strat\na,2\n", "runs.csv:1: nothing takes the column 'strat'\n  hint: did you mean 'start'?\n"),
    "a protocol twice": (
        "protocol,plates\nsrb,2\n",
        "runs.csv:1: a column 'protocol', and 'srb' is named already\n  hint: leave one of them out\n",
    ),
    "two rows with one name": ("name\na\nb\na\n", f"runs.csv:4: 'a' names the file of line 2 too\n  hint: {OWN}\n"),
    "names that differ in capitals": ("name\nrun\nRUN\n", f"runs.csv:3: 'RUN' names the file of line 2 too\n  hint: {OWN}\n"),
    "names that differ in how they are typed": (
        "name\nM\u00fcller\nMu\u0308ller\n",
        f"runs.csv:3: {'Mu' + chr(0x308) + 'ller'!r} names the file of line 2 too\n  hint: {OWN}\n",
    ),
    "names that differ in the suffix": ("name\na\na.md\n", f"runs.csv:3: 'a' names the file of line 2 too\n  hint: {OWN}\n"),
    "a name like a counted one": ("name,plates\nsrb-2,1\n,1\n", f"runs.csv:3: 'srb-2' names the file of line 2 too\n  hint: {OWN}\n"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_cannot_be_is_refused_before_the_first_row(srb, tmp_path, case):
    content, said = REFUSED[case]
    answer = srb(content)
    assert (answer.code, answer.out, answer.err) == (2, "", said)
    assert made(tmp_path / "out") is None


NO_NAMES = (
    "..", ".", ".hidden", "../a", "/etc/a", "a/b", "a\\b", "..\\a", "C:a", "a*", "what?", "<b>", "a|b", '""a""',
    "a\x00b", "a\x07b", "a\u202eb", "a\u200fb", "a\u2028b",
)  # fmt: skip


@pytest.mark.parametrize("name", NO_NAMES, ids=ascii)
def test_a_name_that_is_none_of_a_file_is_refused(srb, tmp_path, name):
    answer = srb(f'name,plates\ngood,2\n"{name}",2\n')
    shown = repr(name.replace('""', '"'))
    assert (answer.code, answer.err) == (2, f"runs.csv:3: {shown} is not a name for a file\n  hint: {PLAIN}\n")
    assert made(tmp_path / "out") is None


@pytest.mark.parametrize("name", ["con", "NUL", "aux.txt", "Com1", "lpt9.a.b", "COM²", "CONIN$", "prn .x", "nul.md"])
def test_a_name_that_windows_keeps_for_itself_is_refused(srb, tmp_path, name):
    answer = srb(f"name,plates\n{name},2\n")
    shown = name.removesuffix(".md")
    assert (answer.code, answer.err) == (
        2,
        f"runs.csv:2: {shown!r} is a device on Windows, not a name for a file\n  hint: choose another\n",
    )
    assert made(tmp_path / "out") is None


@pytest.mark.parametrize(
    "name", ["console", "com", "com10", "lpt", "it's", "a b", "β-lapachone", "日本", "50 %", "-rf", "=1+1", "~", "$HOME", "a..b"]
)
def test_a_name_that_only_looks_odd_is_taken(srb, tmp_path, name):
    assert srb(f"name,plates\n{name},2\n").code == 0
    assert made(tmp_path / "out") == [f"{name}.md"]


def test_a_name_is_as_long_as_a_file_system_takes(srb, tmp_path):
    assert srb(f"name\n{'µ' * 126}\n").code == 0
    answer = srb(f"name\n{'a' * 252}µ\n")
    assert (answer.code, answer.err) == (
        2,
        f"runs.csv:2: {'a' * 57 + '...'!r} is too long for a file's name\n  hint: at most 252 bytes\n",
    )
    assert made(tmp_path / "out") == ["µ" * 126 + ".md"]


def test_all_mistakes_of_the_table_and_the_command_line_are_told_at_once(cli, table):
    table("plats,name\n2,a/b\n2,c\n2,C\n")
    answer = cli("render", "srb", "--batch", "runs.csv", "-o", "no/out", "--format", "pfd", "--lab", "no.yml", "--doeses", "3", "--bath", "x")
    assert answer.code == 2
    assert answer.mistakes == [
        "--format: unknown format 'pfd'",
        "no.yml: the file cannot be read: no such file or directory",
        "--doeses: srb has no such parameter",
        "--bath: srb has no such parameter",
        "--output: there is no folder 'no'",
        "runs.csv:1: nothing takes the column 'plats'",
        "runs.csv:2: 'a/b' is not a name for a file",
        "runs.csv:4: 'C' names the file of line 3 too",
    ]
    assert "  hint: did you mean '--doses'?" in answer.err


WORDS = {
    "no table": (("srb", "--batch", "-o", "out"), "--batch: it has no value\n  hint: write --batch FILE\n"),
    "a table without a name": (("srb", "--batch", "", "-o", "out"), "--batch: '' names no file\n  hint: give the table, a CSV file\n"),
    "a table that is not there": (
        ("srb", "--batch", "no.csv", "-o", "out"),
        "no.csv: the file cannot be read: no such file or directory\n  hint: look at its name and its rights\n",
    ),
    "two tables": (
        ("srb", "--batch", "runs.csv", "--batch", "b.csv", "-o", "out"),
        "--batch: 'b.csv' is the second value given, after 'runs.csv'\n  hint: give the option once\n",
    ),
    "no folder": (("srb", "--batch", "runs.csv"), "--output: no folder is named\n  hint: -o FOLDER says where the sheets go\n"),
    "a folder without a name": (
        ("srb", "--batch", "runs.csv", "-o", " "),
        "--output: ' ' is not a folder\n  hint: -o FOLDER says where the sheets go\n",
    ),
    "a file for a folder": (
        ("srb", "--batch", "runs.csv", "-o", "runs.csv"),
        "--output: 'runs.csv' names a file\n  hint: name a folder, and the format with --format\n",
    ),
    "a format for a folder": (
        ("srb", "--batch", "runs.csv", "-o", "out.json"),
        "--output: 'out.json' names a file\n  hint: name a folder, and the format with --format\n",
    ),
    "a start that is none": (
        ("srb", "--batch", "runs.csv", "-o", "out", "--start", "soon"),
        "--start: 'soon' is not a date and time\n  hint: write it like 2026-11-23T09:00; the zone is the lab's\n",
    ),
    "a lab without a name": (("srb", "--batch", "runs.csv", "-o", "out", "--lab", ""), "--lab: '' names no file\n  hint: give the lab's profile\n"),
    "no protocol": (
        ("--batch", "runs.csv", "-o", "out"),
        "runs.csv:1: no protocol is named\n  hint: name one, 'benchsheet render ID --batch FILE', or add a column 'protocol'\n",
    ),
    "a value for no protocol": (
        ("--batch", "both.csv", "-o", "out", "--plates", "2"),
        "--plates: no protocol is named that takes it\n  hint: make it a column of the table, or name the protocol\n",
    ),
    "an unknown protocol": (("sbr", "--batch", "runs.csv", "-o", "out"), "no protocol 'sbr'\n  hint: did you mean 'srb'?\n"),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_command_line_that_cannot_be_is_refused(cli, table, tmp_path, case):
    table("plates\n2\n")
    table("protocol\nsrb\n", "both.csv")
    words, said = WORDS[case]
    answer = cli("render", *words)
    assert (answer.code, answer.out, answer.err) == (2, "", said)
    assert made(tmp_path) == ["both.csv", "runs.csv"]


def test_files_that_are_there_are_overwritten_only_with_force(srb, tmp_path):
    (tmp_path / "out").mkdir()
    for name in ("b.md", "c.md"):
        (tmp_path / "out" / name).write_text("mine")
    answer = srb("name\na\nb\nc\n")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"--output: {str(Path('out', 'b.md'))!r} is there already, and 1 more\n  hint: --force overwrites it\n"
    assert made(tmp_path / "out") == ["b.md", "c.md"]
    assert srb("name\na\nb\nc\n", "--force").code == 0
    assert len({(tmp_path / "out" / f"{name}.md").read_bytes() for name in "abc"}) == 1


def test_what_is_no_file_is_not_overwritten_by_force_either(srb, tmp_path):
    (tmp_path / "out" / "b.md").mkdir(parents=True)
    answer = srb("name\na\nb\n", "--force")
    assert (answer.code, answer.err) == (2, f"--output: {str(Path('out', 'b.md'))!r} is a folder\n  hint: name a file in it\n")
    assert made(tmp_path / "out") == ["b.md"]


# --- while it works --------------------------------------------------------------------------------------------------------


def test_what_was_written_before_an_interruption_is_whole(srb, tmp_path, monkeypatch):
    write, done = sheet_files.write_atomically, list[Path]()

    def interrupted(words, target, *, force):
        if done:
            monkeypatch.setattr(os, "link", stop)  # while the second file is being written
        done.append(target)
        write(words, target, force=force)

    def stop(*_):
        raise KeyboardInterrupt

    assert srb("name\na\n").code == 0
    whole = (tmp_path / "out" / "a.md").read_bytes()
    (tmp_path / "out" / "a.md").unlink()
    monkeypatch.setattr(batch, "write_atomically", interrupted)
    answer = srb("name\na\nb\nc\n")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err == "stopped in row 2 of 3; every file in 'out' is whole\n"
    assert made(tmp_path / "out") == ["a.md"]
    assert (tmp_path / "out" / "a.md").read_bytes() == whole


def bar(full, done, of):
    words = f"[{'#' * full}{'.' * (24 - full)}] {done} of {of}"
    return f"\r{words:<48}\r"


@pytest.fixture
def watched(monkeypatch):
    """Somebody looks at standard error as it comes."""
    monkeypatch.setattr(terminal, "is_terminal", lambda stream: stream is sys.stderr)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("watched")
def test_a_terminal_shows_how_far_it_is(srb):
    answer = srb("plates\n2\nx\n2\n")
    wiped = f"\r{'':<48}\r"
    said = "runs.csv:3: row 2 ('srb-2'): --plates: 'x' is not a whole number\n  hint: write one from 1 to 100\n"
    assert answer.err == bar(0, 0, 3) + bar(8, 1, 3) + wiped + said + bar(16, 2, 3) + wiped
    assert answer.out == "2 of 3 sheets in out\n"


@pytest.mark.usefixtures("watched")
def test_a_terminal_that_cannot_go_back_shows_none(srb, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert srb("plates\n2\n").err == ""


def test_a_pipe_gets_no_bar(process, table, tmp_path):
    answer = process("render", "srb", "--batch", table("plates\n2\n2\n"), "-o", "out")
    assert (answer.code, answer.out, answer.err) == (0, "2 sheets in out\n", "")
    assert made(tmp_path / "out") == ["srb-1.md", "srb-2.md"]


def test_a_mistake_does_not_stay_with_the_next_row(srb, tmp_path):
    """A row is as if it were alone, whatever stands above it."""
    assert srb('name,plates,compounds\na,2,\nb,2,"x,y"\nc,99999,z\nd,2,\n').code == 1
    sheets = [(tmp_path / "out" / name).read_bytes() for name in ("a.md", "d.md")]
    assert sheets[0] == sheets[1]


def test_help_tells_of_it(cli):
    words = " ".join(cli("render", "srb", "--help").out.split())
    assert "--batch FILE a sheet for each row of a CSV table, into the folder -o (markdown, or --format); its columns: parameters," in words
    assert "protocol (where no ID is given)" in " ".join(cli("render", "--help").out.split())
