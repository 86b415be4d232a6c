"""Samples from a CSV file: what the columns give, and each thing that such a file may have wrong, told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchsheet import library
from benchsheet.api.table_files import expand_samples
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError

BLOT = load_protocol(library.load_source("western-blot"))


def values(text: str | bytes, folder: Path, **others: str) -> dict[str, str]:
    """Return what ``--samples my.csv`` stands for."""
    file = folder / "my.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return expand_samples({"samples": str(file), **others}, BLOT)


def told(text: str | bytes, folder: Path) -> str:
    """Return the message about a file, which it names, with that name left out."""
    with pytest.raises(ProtocolError) as caught:
        values(text, folder)
    message = str(caught.value)
    assert message.startswith(str(folder / "my.csv"))
    return message.removeprefix(str(folder / "my.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "name,condition,protein\nctrl,DMSO,1.8 mg/mL\nfaki,VS-4718,2.1 mg/mL\n",
        "name;condition;protein\nctrl;DMSO;1.8 mg/mL\nfaki;VS-4718;2.1 mg/mL\n",  # a table program in a country of decimal commas
        "\ufeffName, Condition ,PROTEIN\r\n ctrl , DMSO ,1.8 mg/mL\r\n\r\nfaki,VS-4718,2.1 mg/mL\r\n",  # its mark, its line ends, an empty line
        "protein,sample,condition\n1.8 mg/mL,ctrl,DMSO\n2.1 mg/mL,faki,VS-4718\n",
        'name,condition,protein\n"ctrl","DMSO",1.8 mg/mL\nfaki,VS-4718,2.1 mg/mL',
    ],
    ids=["commas", "semicolons", "from a table program", "another order", "quoted"],
)
def test_a_table_gives_names_and_what_was_measured(text, tmp_path):
    found = values(text, tmp_path)
    assert found == {"samples": "ctrl DMSO,faki VS-4718", "protein": "1.8 mg/mL; 2.1 mg/mL"}


def test_names_alone_are_enough(tmp_path):
    assert values("name\na\nb\n", tmp_path) == {"samples": "a,b"}


def test_a_condition_may_be_left_out_of_a_row(tmp_path):
    assert values("name,condition\na,\nb,drug\n", tmp_path) == {"samples": "a,b drug"}


def test_a_column_that_is_empty_all_over_gives_nothing(tmp_path):
    assert values("name,protein\na,\nb,\n", tmp_path) == {"samples": "a,b"}


def test_what_is_typed_goes_before_the_file(tmp_path):
    found = values("name,protein\na,1 mg/mL\nb,2 mg/mL\n", tmp_path, protein="3; 4 mg/mL")
    assert found == {"samples": "a,b", "protein": "3; 4 mg/mL"}


def test_values_without_a_file_stay_as_they_are():
    assert expand_samples({"samples": "12", "load": "20 uL"}, BLOT) == {"samples": "12", "load": "20 uL"}
    assert expand_samples({"samples": "a,b"}, BLOT) == {"samples": "a,b"}


def test_only_names_are_read_from_a_file():
    """``--load x.csv`` is a volume that cannot be read, not a table."""
    assert expand_samples({"load": "x.csv"}, BLOT) == {"load": "x.csv"}


def test_the_last_unit_may_stand_for_all(tmp_path):
    assert values("name,protein\na,1.8\nb,2.1 mg/mL\n", tmp_path)["protein"] == "1.8; 2.1 mg/mL"


HEAD = "the first line says what the columns are: name, condition, ..."
MISTAKES = {
    "no names": ("who,condition\na,b\n", f": no column 'name' in who, condition\n  hint: {HEAD}"),
    "no header": ("ctrl,1.8 mg/mL\nfaki,2.1 mg/mL\n", f": no column 'name' in ctrl, 1.8 mg/mL\n  hint: {HEAD}"),
    "a strange column": ("name,protien\na,1 mg/mL\n", ":1: nothing takes the column 'protien'\n  hint: did you mean 'protein'?"),
    "a column that is told by name": ("name,hosts\na,rabbit\n", ":1: nothing takes the column 'hosts'\n  hint: columns: name, condition, protein"),
    "no name in a row": ("name,protein\na,1 mg/mL\n,2 mg/mL\n", ":3: a sample without a name\n  hint: name each, or leave the line out"),
    "a semicolon in a name": ("name,protein\na; b,1 mg/mL\n", ":2: 'a; b' holds a semicolon\n  hint: semicolons stand between names: leave it out"),
    "one value missing": ("name,protein\na,1 mg/mL\nb,\n", ":3: protein is empty for 'b'\n  hint: give all of them, or none"),
    "a short row": ("name,protein\na,1 mg/mL\nb\n", ":3: protein is empty for 'b'\n  hint: give all of them, or none"),
}  # fmt: skip


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    message = told("name,who\n,x\na; b,y\n", tmp_path)
    assert [line.rpartition("my.csv")[2] for line in message.splitlines()[::2]] == [
        ":1: nothing takes the column 'who'", ":2: a sample without a name", ":3: 'a; b' holds a semicolon",
    ]  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_file_that_is_no_such_table_is_told(case, tmp_path):
    text, message = MISTAKES[case]
    assert told(text, tmp_path) == message


def test_the_command_takes_the_file(cli):
    Path("my.csv").write_text("name,condition,protein\nctrl,DMSO,1.8\nfaki,1 µM,2.4 mg/mL\n", "utf-8")
    answer = cli("render", "western-blot", "--lysis", "B", "--samples", "my.csv", "--format", "text")
    assert answer.code == 0
    assert "--samples 'ctrl DMSO,faki 1 µM'" in answer.out
    assert "ctrl DMSO" in answer.out.partition("10-well mini gel: gel")[2]


def test_the_command_tells_a_missing_file(cli):
    answer = cli("render", "western-blot", "--samples", "nowhere.csv")
    assert answer.code == 2
    assert "nowhere.csv" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("12.5", "'12.5' is not a whole number\n  hint: write one from 1 to 200, or names separated by ';'"),
        ("-3", "'-3' is not a whole number"),
        (",", "',' names none\n  hint: 1 to 200 names separated by ';', or just their number"),
    ],
)
def test_what_is_neither_a_number_nor_names_is_refused(typed, message):
    with pytest.raises(ProtocolError) as caught:
        render(BLOT.source, {"samples": typed})
    assert message in str(caught.value)
    assert str(caught.value).count("\n") == 1
