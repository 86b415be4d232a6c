"""The formats of a Record in words: text and Markdown say what the Record says, all of it, in order, and nothing besides."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import unicodedata
from itertools import groupby, pairwise

import pytest
from markdown_it import MarkdownIt

from benchsheet import lab, library
from benchsheet.engine import load_protocol, render
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.text import format_table, format_text
from tests.records import AMOUNT, dose_of, strings, wells_of, when

NAME = "inhibitor of focal adhesion kinase, lot 7 of the second batch, thawed once"
SETS = {
    "defaults": {},
    "100 plates": {"plates": "100"},
    "4 long words": {"compounds": ",".join(sign * 80 for sign in "wxyz")},
    "4 long names": {"compounds": ",".join(f"{NAME.replace(',', '')} {sign}" for sign in "wxyz"), "plates": "9"},
    "wide signs": {"compounds": "日本" * 40 + "," + "💊" * 80 + ",阿斯匹灵 b", "plates": "2"},
    "10 doses": {"doses": "10", "plates": "3"},
    "3 replicates": {"doses": "4", "replicates": "3"},
    "intermediates": {"vehicle_limit": "0.02 % v/v", "top_dose": "2 uM", "kill_dose": "0.2 uM"},
    "buffer": {"solvent": "buffer", "stock": "21 mg/mL", "top_dose": "10 ug/mL"},
    "water": {"solvent": "water", "plates": "2"},
    "mass": {"stock": "5 mg", "drug": "defactinib", "salt": "HCl"},
    "replaced": {"addition": "replace", "fixation": "replace", "medium": "180 uL"},
    "counted": {"counted": "1.2e6 cells/mL", "plates": "4"},
    "warned": {"cell_line": "BT-474", "exposure": "48 h", "vehicle_limit": "0.5 % v/v", "doses": "5"},
    "frozen": {"have": "10 mM: 50 uL; 1 mM: 60 uL"},
    "two of each": {"compounds": "a b,it's", "stock": "10 mM; 20 mM", "top_dose": "1 uM; 3 uM", "dilution": "2 fold; half-log"},
    "shell": {"compounds": 'x\'y,"z" $HOME `id` \\n,a;b & c|d > e', "kill": "puro (mycin) #1!"},
}
HOSTILE = (
    *("*", "**bold**", "_a_", "<b>", "<!-- -->", "&amp", "|", "a | b", "[x](y)", "[@vichai2006]", "`code`", "x\\", "~~x~~", "# x", "> x", "- x"),
    *("+ x", "1. x", "1) x", "===", "---", "80 " * 26 + "80", "💊", "../../x", "{{ 7*7 }}", "{plates}", "{% raw %}", "-rf", "--plates", "%s", "x: y", "http://x.y/"),
)  # fmt: skip


def columns(line):
    """Return how many columns of a terminal a line takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1 for sign in line)


def parsed(words):
    return MarkdownIt("commonmark").enable("table").parse(words)


def seen(words):
    """Return the words that a reader of the Markdown sees, line by line."""
    lines = []
    for token in parsed(words):
        if token.type == "inline":
            lines.append("".join(" " if child.type == "softbreak" else child.content for child in token.children))
        elif token.type == "code_block":
            lines.append(token.content.rstrip("\n"))
    return "\n".join(lines)


WRITERS = {"text": format_text, "markdown": lambda record: seen(format_markdown(record))}


def flat(words):
    """Return words with every run of blanks as one; the narrow blank within a number stays."""
    return re.sub(r"[ \n]+", " ", words)


def clock(moment):
    """Return a time of the schedule as the sheet writes it."""
    return re.sub(r"P(\d+)DT(\d+)H(\d\d)M(?:\d\dS)?", lambda part: f"begins +{int(part[1]) * 24 + int(part[2])}:{part[3]}", moment)


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_no_line_of_the_text_is_wider_than_80_columns(sheet, given):
    assert [line for line in format_text(sheet(**given)).splitlines() if columns(line) > 80] == []


@pytest.mark.parametrize(
    ("longest", "left"),
    [
        ((10, 10, 10), (10, 10, 10)),  # fits: nothing gives way
        ((10, 200, 10), (10, 56, 10)),  # 80 - 2 gaps of 2 - 20
        ((100, 50, 10), (33, 33, 10)),  # both end at (76 - 10) / 2
    ],
)
def test_the_widest_column_of_a_table_gives_way_until_it_fits(longest, left):
    """Columns are as wide as their longest cell; where that is more than 80, the widest is cut to the next, then both by turns."""
    made = format_table(("a", "b", "c"), (tuple(("x " * size)[: size - 1] + "x" for size in longest),), "lll")
    assert [len(rule) for rule in made[1].split("  ")] == list(left)
    assert max(map(len, made)) <= 80


def test_no_line_of_many_texts_is_wider_than_80_columns(many_sheets):
    for given, record in many_sheets:
        assert [line for line in format_text(record).splitlines() if columns(line) > 80] == [], given


@pytest.mark.parametrize("write_sheet", WRITERS.values(), ids=WRITERS)
def test_no_number_with_a_unit_stands_on_a_sheet_that_is_not_in_its_record(sheet, many_sheets, write_sheet):
    for given, record in [*((given, sheet(**given)) for given in SETS.values()), *many_sheets]:
        known = {found for words in strings(record) for found in AMOUNT.findall(flat(words))}
        words = flat(write_sheet(record))
        for row in record["schedule"]:
            words = words.replace(clock(when(row["begin"])), "")
        found = set(AMOUNT.findall(words))
        assert len(found) > 60
        assert found - known == set(), given


def test_the_words_of_a_step_have_no_number_of_their_own(sheet, many_sheets):
    for given, record in [*((given, sheet(**given)) for given in SETS.values()), *many_sheets]:
        names = [item["name"] for item in record["reagents"] + record["preparations"] + record["equipment"]]
        names += [entry["text"] for entry in record["parameters"].values()]
        for step in record["steps"]:
            made = [preparation for preparation in record["preparations"] if preparation["step"] == step["number"]]
            known = {found for words in [*names, *strings(step), *strings(made)] for found in AMOUNT.findall(flat(words))}
            words = flat(seen(step["markdown"]))
            assert set(AMOUNT.findall(words)) - known == set(), (given, step["title"])


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_each_step_says_the_amounts_of_its_operations_and_its_hazards(sheet, given):
    record = sheet(**given)
    for name, write_sheet in WRITERS.items():
        words = write_sheet(record)
        heads = [f"\n{step['number']}. {step['title']}\n" for step in record["steps"]]
        ends = [*(words.index(head) for head in heads), words.index({"text": "\nQUALITY GATES\n", "markdown": "\nQuality gates\n"}[name])]
        assert ends == sorted(ends)
        for step, (begin, end) in zip(record["steps"], pairwise(ends), strict=True):
            section = flat(words[begin:end])
            for operation in step["operations"]:
                if operation["op"] != "remove" or operation["each"]["text"] in step["markdown"]:
                    assert operation["each"]["text"] in section
            for hazard in step["hazards"]:
                for part in (*(hazard[key] for key in ("handling", "waste", "signal")), *hazard["pictograms"], *hazard["codes"]):
                    assert flat(part) in section
            for said in (step["pause_point"], *step["terms"], step["hands_on"]["total"]["text"] if step["hands_on"]["total"]["value"] else ""):
                assert flat(said) in section
            if step["wait"]:
                assert step["wait"]["planned"]["text"] in section
            if step["at"]:
                assert step["at"]["text"] in section


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_whatever_the_record_lists_stands_on_the_sheet(sheet, given):
    record = sheet(**given)
    listed = [reagent["name"] for reagent in record["reagents"]]
    listed += [reagent[key]["text"] for reagent in record["reagents"] if not reagent["made"] for key in ("used", "prepare")]
    recipes = [made for made in record["preparations"] if not made["step"]]
    listed += [made[key] for made in recipes for key in ("name", "note", "storage", "container")]
    listed += [made["overage"]["text"] for made in recipes]
    listed += [made["volume"]["text"] for made in record["preparations"]]
    listed += [part["amount"]["text"] for made in recipes for part in made["components"] if "fill_to_mark" not in part]
    listed += [hazard[key] for made in recipes for hazard in made["hazards"] for key in ("name", "handling", "waste")]
    listed += [gate[key] for gate in record["gates"] for key in ("name", "limit", "reading")]
    listed += [item["name"] for item in record["controls"] + record["equipment"]] + [item["value"] for item in record["lab"]["settings"]]
    listed += (
        [warning["message"] for warning in record["warnings"]]
        + [line["text"] for line in record["totals"]]
        + [record["hands_on"]["text"], record["identity"]["inputs"]]
    )
    listed += [entry["text"] for entry in record["parameters"].values() if entry["used"] or entry["changed"]]
    listed += [work["text"] for work in record["citations"]] + [item["volume"]["text"] for item in record["waste"]] + [record["notice"]]
    listed += [item["disposal"] for item in record["waste"] + record["leftovers"]]
    listed = [flat(item).casefold() for item in listed]
    words = flat(seen(format_markdown(record))).casefold()
    assert [item for item in listed if item not in words] == []
    words = flat(
        format_text(record)
    ).casefold()  # a cell of a table is broken between its words, and within one only where it is longer than the cell
    assert [item for item in listed if item not in words and not all(part in words for part in item.split(" ") if len(part) < 20)] == []


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_the_sections_come_in_the_order_in_which_they_are_needed(sheet, name):
    record = sheet(**SETS["warned"])
    words = {"text": format_text, "markdown": format_markdown}[name](record)
    assert words.lstrip().startswith(record["invocation"]["command"][:60])
    heads = ["Warnings", "Numbers", "From the shelf", "Controls", "Preparations", "Steps", "Quality gates", "Waste", "Notes"]
    heads += ["References", "Plate maps"]
    heads = [f"\n{head.upper()}\n" for head in heads] if name == "text" else [f"\n## {head}\n" for head in heads]
    order = [record["protocol"]["title"], f"Version {record['protocol']['version']}, digest {record['identity']['inputs']}", *heads]
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    number = sum(warning["level"] == "W" for warning in record["warnings"])
    assert number >= 2
    assert f"{number} warnings" in words[: places[2]]


def tables_of(record):
    """Return rows and columns of every table that the Record asks for, heads counted, in reading order."""
    yield 1 + sum(not reagent["made"] for reagent in record["reagents"]), 4
    for made in record["preparations"]:
        if not made["step"]:
            yield 1 + len(made["components"]), 2
    tables: dict[tuple[str, int], list[str]] = {}
    for made in record["preparations"]:
        if made["step"]:
            tables.setdefault((made["table"], made["step"]), []).append(made["id"])
    for rows in tables.values():
        yield 1 + len(rows), 4
    for step in record["steps"]:
        for lines in (list(lines) for piped, lines in groupby(step["markdown"].splitlines(), lambda line: line.startswith("|")) if piped):
            yield len(lines) - 1, lines[1].count("|") - 1
    yield 1 + len(record["gates"]), 3
    yield 1 + len(record["waste"]), 4
    for plate in record["plates"]:
        yield 1 + plate["rows"], 1 + plate["columns"]


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_markdown_reads_back_as_the_tables_of_the_record(sheet, given):
    record = sheet(**given)
    found: list[list[int]] = []
    for token in parsed(format_markdown(record)):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append(0)
        elif token.type in {"th_open", "td_open"}:
            found[-1][-1] += 1
    assert all(len(set(table)) == 1 for table in found)
    assert [(len(table), table[0]) for table in found] == list(tables_of(record))


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_the_plate_map_of_the_text_is_the_wells_of_the_record(sheet, given):
    record = sheet(**given)
    words = format_text(record)
    maps = re.findall(r"^ {6}1   2 .*\n((?:  [A-H].*\n)+)", words, re.MULTILINE)
    assert len(maps) == len(record["plates"])
    legend = flat(words[words.index("PLATE MAPS") :])
    for plate, lines in zip(record["plates"], maps, strict=True):
        assert [line[2] for line in lines.splitlines()] == list("ABCDEFGH")
        shown = {f"{line[2]}{column}": line[4 * column - 1 : 4 * column + 3].strip() for line in lines.splitlines() for column in range(1, 13)}
        assert shown == {well: wells_of(plate)[well]["mark"] if well in wells_of(plate) else "" for well in shown}
        meaning: dict[str, str] = {}
        for spot in wells_of(plate).values():
            assert meaning.setdefault(spot["mark"], spot["group"].partition(" of ")[0]) == spot["group"].partition(" of ")[0]
            assert f"{spot['mark']} {spot['role']}{' ' + dose_of(spot)['text'] if dose_of(spot) else ''}" in legend


@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_the_command_on_top_makes_the_same_sheet_again(cli, given):
    begun = () if int(given.get("plates", "1")) > 8 else ("--start", "2026-11-23T09:00")  # more do not fit into the working day
    first = cli("render", "srb", *(f"--{name.replace('_', '-')}={value}" for name, value in given.items()), *begun)
    assert first.code == 0
    program, *words = shlex.split(first.out.splitlines()[0])
    assert program == "benchsheet"
    assert cli(*words).written == first.written


FLAGS = [
    (name, flag)
    for name in library.protocol_ids()
    for flag, one in load_protocol(library.load_source(name)).parameters.items()
    if one.form.name == "flag"
]


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize(("name", "flag"), FLAGS, ids=[f"{name} {flag}" for name, flag in FLAGS])
def test_a_yes_or_no_of_the_command_on_top_is_read_again(cli, name, flag, answer):
    """``--strip``, ``--no-strip``, ``--strip no`` and ``--strip=no`` are all read; what is printed is one that is."""
    option = flag.replace("_", "-")
    typed = [
        cli("render", name, *words) for words in ([f"--{option}={answer}"], [f"--{option}", answer], [f"--{'no-' if answer == 'no' else ''}{option}"])
    ]
    assert len({done.written for done in typed}) == 1
    if typed[0].code == 0:
        assert cli(*shlex.split(typed[0].out.splitlines()[0])[1:]).written == typed[0].written


@pytest.mark.skipif(os.name != "posix", reason="no shell of this kind here")
@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_a_shell_reads_the_command_on_a_text_sheet_as_the_one_in_the_record(sheet, given):
    record = sheet(**given)
    shown = format_text(record).partition("\n\n")[0]
    script = shown.replace("benchsheet", "printf '%s\\0' benchsheet", 1)
    read = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True, env={"HOME": "/home"}).stdout
    assert read.decode().split("\0")[:-1] == shlex.split(record["invocation"]["command"])


@pytest.mark.parametrize("write_sheet", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("given", SETS.values(), ids=SETS)
def test_references_are_numbered_as_the_sheet_is_read_and_stand_in_order(sheet, write_sheet, given):
    body = re.split(r"\n(?:## )?REFERENCES\n", write_sheet(sheet(**given)), maxsplit=1, flags=re.IGNORECASE)[0]
    runs = [[int(number) for number in re.findall(r"\d+", run)] for run in re.findall(r"\[\d+\](?: \[\d+\])*", flat(body))]
    assert all(run == sorted(set(run)) for run in runs)
    read = list(dict.fromkeys(number for run in runs for number in run))
    assert read == list(range(1, len(read) + 1))
    assert len(read) > 3


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_words_and_never_markup_or_an_option(sheet, cli, name):
    record = sheet(compounds=name)
    assert record["parameters"]["compounds"]["value"] == [name]
    plain, made = (parsed(format_markdown(found)) for found in (sheet(compounds="something else"), record))
    assert [token.type for token in made] == [token.type for token in plain]
    for token, usual in zip(made, plain, strict=True):
        kinds, usually = ([child.type for child in tokens.children or () if child.type != "text"] for tokens in (token, usual))
        assert kinds == usually
    for write_sheet in WRITERS.values():
        body = flat(write_sheet(record)).replace(record["invocation"]["command"], "")
        assert f"{name}, 10 mM in DMSO" in body
    again = cli(*shlex.split(record["invocation"]["command"])[1:], "--format", "json")
    assert again.code == 0
    assert f'"inputs": "{record["identity"]["inputs"]}"' in again.out


def test_each_plate_map_says_whose_it_is_where_several_compounds_share_a_run(sheet):
    record = sheet(compounds="alpha,beta", plates="2")
    for words in (format_text(record), seen(format_markdown(record))):
        for plate in record["plates"]:
            (whose,) = {spot["compound"] for spot in wells_of(plate).values()} - {None} or {None}
            assert f"\n96-well plate: {', '.join(plate['names'])}{f' ({whose})' if whose else ''}\n" in words


@pytest.mark.parametrize("write_sheet", [format_markdown, format_text])
def test_a_sign_that_turns_words_round_is_shown_by_its_number(write_sheet):
    profile = lab.parse_profile('name: "north \\u202e wing\\u2067"\n', "lab.yml")
    words = write_sheet(render(library.load_source("srb"), {"plates": "1"}, profile))
    assert "north [U+202E] wing[U+2067]" in re.sub(r"\s+", " ", words).replace("\\", "")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", words)
