"""One reader for both tables that a user hands over: each way to write one, and each fault, through ``--samples`` and ``--batch``."""

from __future__ import annotations

import pytest

from benchsheet.api.table_files import read_table_file
from benchsheet.errors import Collector

# Rows a and b, then one whose name is neither a file's nor a sample's: the number is the line in which that begins.
TABLES = {
    "commas": ('name,protein\na,1 mg/mL\nb,2 mg/mL\n"x/y;z",3 mg/mL\n', 4),
    "semicolons": ('name;protein\na;1 mg/mL\nb;2 mg/mL\n"x/y;z";3 mg/mL\n', 4),
    "tabs": ("name\tprotein\na\t1 mg/mL\nb\t2 mg/mL\nx/y;z\t3 mg/mL\n", 4),
    "a byte order mark": ('\ufeffname,protein\na,1 mg/mL\nb,2 mg/mL\n"x/y;z",3 mg/mL\n', 4),
    "Windows": ('name,protein\r\na,1 mg/mL\r\nb,2 mg/mL\r\n"x/y;z",3 mg/mL\r\n', 4),
    "empty rows": ('\nname,protein\n\na,1 mg/mL\n,\n \nb,2 mg/mL\n"x/y;z",3 mg/mL\n', 8),
    "empty columns": ('name,,protein,,\na,,1 mg/mL,,\nb,,2 mg/mL,,\n"x/y;z",,3 mg/mL,,\n', 4),
    "quoted": ('"name","protein"\n"a","1 mg/mL"\n"b","2 mg/mL"\n"x/y;z","3 mg/mL"', 4),
    "a cell of two lines": ('name,protein\na,"1\nmg/mL"\nb,2 mg/mL\n"x/y;\nz",3 mg/mL\n', 5),
    "columns as options": ('--Name,PROTEIN\na,1 mg/mL\nb,2 mg/mL\n"x/y;z",3 mg/mL\n', 4),
    "another order": ('protein,name\n1 mg/mL,a\n2 mg/mL,b\n3 mg/mL,"x/y;z"\n', 4),
}
FAULTS = {
    "nothing": ("", "t.csv: there is no row in it"),
    "a mark alone": ("\ufeff", "t.csv: there is no row in it"),
    "a head alone": ("name,protein\n,\n", "t.csv: there is no row in it"),
    "a column twice": ("name;protein;Name\na;1 mg/mL;b\n", "t.csv:1: the column 'Name' is there twice"),
    "a column twice, typed otherwise": ("name\tprotein\t--protein\na\t1 mg/mL\t\n", "t.csv:1: the column '--protein' is there twice"),
    "a cell under no name": ("\nname,,protein\na,,1 mg/mL\nb,x,1 mg/mL\n", "t.csv:2: nothing takes the column ''"),
    "too many cells": ('name,protein\n"a",1 mg/mL\nb,1,8 mg/mL\n', "t.csv:3: 3 cells under 2 columns"),
    "too many cells below a long one": ('name,protein\n"a",1 mg/mL\nb,"1\nmg/mL",8\n', "t.csv:3: 3 cells under 2 columns"),
    "a quote that stays open": ('name,protein\na,1 mg/mL\n"b,1 mg/mL\n', "t.csv:3: this is not a table: unexpected end of data"),
    "a column that nothing takes": ("name,protien\na,1 mg/mL\n", "t.csv:1: nothing takes the column 'protien'"),
    "another encoding": ("name\nµ\n".encode("latin-1"), "t.csv: the file is not UTF-8 text"),
}


@pytest.fixture(params=["--samples", "--batch"])
def told(request, cli, tmp_path):
    """What is told of a table, line by line, when it is handed over with either option."""

    def run(content: str | bytes) -> list[str]:
        (tmp_path / "t.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        answer = cli("render", "western-blot", request.param, "t.csv", "-o", "out" if request.param == "--batch" else "out.md")
        assert (answer.code, answer.out) == (2, "")
        return [line for line in answer.err.splitlines() if line.startswith("t.csv")]

    return run


@pytest.mark.parametrize("case", TABLES)
def test_a_line_is_the_one_in_which_its_row_begins(told, case):
    content, line = TABLES[case]
    (message,) = told(content)
    assert message.startswith(f"t.csv:{line}: 'x/y;")


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_alike(told, case):
    content, message = FAULTS[case]
    assert told(content) == [message]


def test_all_faults_are_told_at_once(told):
    messages = told('name,protein,Name,\na,1 mg/mL,,x\nb,1 mg/mL,,,y\n"x/y;z",1 mg/mL\n')
    assert [message.partition(" ")[0] for message in messages] == ["t.csv:1:", "t.csv:1:", "t.csv:3:", "t.csv:4:"]


@pytest.mark.parametrize("case", TABLES)
def test_what_stands_in_it_is_read(case, tmp_path):
    file = tmp_path / "t.csv"
    file.write_bytes(TABLES[case][0].encode())
    mistakes = Collector()
    table = read_table_file(file, "sheet", mistakes)
    assert mistakes.errors == []
    assert set(table.columns) == {"name", "protein"}
    assert [{name: " ".join(cell.split()) for name, cell in row.cells.items()} for row in table.rows[:2]] == [
        {"name": "a", "protein": "1 mg/mL"},
        {"name": "b", "protein": "2 mg/mL"},
    ]
