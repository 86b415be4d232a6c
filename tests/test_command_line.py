"""The command line: what is asked is done or refused in words that help; nothing is written by half, nothing overwritten."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

from benchsheet import __version__, library

# A unit in which each quantity can be typed; what stands in none of these takes no quantity.
UNITS = {
    "exposure": "h", "doubling": "h", "confluent": "cells", "seeded": "cells", "counted": "cells/mL", "medium": "uL", "mw": "g/mol", "stock": "mM",
    "dissolve_to": "mM", "isotype_stock": "mM", "top_dose": "uM", "dilution": "fold", "vehicle_limit": "% v/v", "kill_dose": "uM", "kill_stock": "mM",
    "dye": "% w/v", "wavelength": "nm", "attach": "h", "on_top": "uL", "dose_list": "uM",
}  # fmt: skip
COUNTS = ("plates", "doses", "replicates")
WORDS = ("cell_line", "addition", "drug", "salt", "solvent", "fixation")
LABELS = ("compounds", "kill")
PAIRS = ("have",)
FROM_NOTHING = {
    "lag": ("-1 h", "25 h", "0", "5", "", "bananas", "3 V"),
    "plated": ("0", "0.5", "1.1", "-1", "", "85 %", "bananas"),
}  # zero may be meant

WRONG = [
    *((name, text) for name, texts in FROM_NOTHING.items() for text in texts),
    *((name, text) for name in COUNTS for text in ("0", "-1", "1e9", "1000000000", "NaN", "", "3 uL", "many", "4.5", "٣", "1,5")),
    *((name, text) for name in WORDS for text in ("0", "-1", "1e9", "NaN", "", "3 uL", "bananas")),
    *((name, text) for name in LABELS for text in ("", "  ", "x" * 81, "\u200fx", "x\x1b[31m", "\ufeffx")),
    *((name, text) for name, unit in UNITS.items() for text in (f"0 {unit}", f"-1 {unit}", f"1e9 {unit}", f"NaN {unit}", f"٣ {unit}", f"1,5 {unit}")),
    *((name, text) for name, unit in UNITS.items() for text in ("0", "-1", "5", "NaN", "", "3 V", "1:4", "bananas", f"5 {unit}/banana")),
    *((name, text) for name in PAIRS for text in ("0", "", "bananas", "0 mM: 50 uL", "-10 mM: 50 uL", "10 mM: 0 uL", "10 mM: NaN uL", "10 mM: 50 V")),
]  # fmt: skip


def folder_as_it_is(folder):
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize(("name", "text"), WRONG, ids=lambda text: ascii(text)[1:25])
def test_a_value_that_cannot_be_is_refused_in_one_message_that_names_its_option(cli, name, text):
    option = "--" + name.replace("_", "-")
    answer = cli("render", "srb", option, text)
    assert answer.code == 2
    assert answer.written == b""
    assert len(answer.mistakes) == 1, answer.err
    assert answer.err.startswith(f"{option}: ")
    assert "\n  hint: " in answer.err
    assert "Traceback" not in answer.err


def test_every_parameter_was_tried_with_wrong_values(cli):
    shown = json.loads(cli("show", "srb", "--json").out)
    assert {parameter["name"] for parameter in shown} == {*UNITS, *COUNTS, *WORDS, *LABELS, *PAIRS, *FROM_NOTHING}


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("rendr",), "'render'"),
        (("render", "srv"), "'srb'"),
        (("show", "srv"), "'srb'"),
        (("render", "srb", "--plate", "3"), "'--plates'"),
        (("render", "srb", "--plate=3"), "'--plates'"),
        (("render", "srb", "--cellline", "A549"), "'--cell-line'"),
        (("render", "srb", "--cell-line", "A594"), "--cell-line other --doubling"),
        (("render", "srb", "--addition", "ad"), "'add'"),
        (("render", "srb", "--format", "jsn"), "'json'"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else words,
)
def test_an_unknown_word_is_refused_and_the_nearest_known_one_offered(cli, words, offered):
    answer = cli(*words)
    assert (answer.code, answer.written, len(answer.mistakes)) == (2, b"", 1)
    assert offered in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--plates", "4", "--plates", "4"), "--plates: "),
        (("--plates", "4", "--plates=5"), "--plates: "),
        (("--lab", "a.yml", "--lab", "b.yml"), "--lab: "),
        (("--plates",), "--plates: "),
        (("--plates", "--doses", "8"), "--plates: "),
        (("-o",), "-o"),
        (("--top-dose", "1 uM", "--top_dose", "2 uM"), "--top"),
        (("stray",), "stray"),
        (("--medium", "100", "uL"), "uL"),
        (("-x",), "-x"),
        (("--", "x"), "x"),
        (("--force=yes",), "--force: "),
    ],
    ids=" ".join,
)
def test_a_word_twice_a_word_alone_and_a_stray_word_are_refused(cli, words, said):
    answer = cli("render", "srb", *words)
    assert (answer.code, answer.written) == (2, b"")
    assert said in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--plates", "0", "--doses", "99", "--medium", "3 V", "--addition", "ad"), ("--plates", "--doses", "--medium", "--addition")),
        (("--colour", "red", "--plate", "3", "--plates", "x"), ("--colour", "--plate", "--plates")),
        (("--start", "x", "--format", "pdf", "--lab", "no.yml", "-o", "n/x.md", "--doses", "0"), ("--start", "pdf", "no.yml", "--output", "--doses")),
        (("--plates", "4", "--plates", "5", "--colour", "red", "--start", "x"), ("--plates", "--colour", "--start")),
        (("stray", "--plates", "x", "--bogus", "1"), ("'stray'", "--plates", "--bogus")),
        (("--colour", "red", "--doses", "99", "--plates"), ("--colour", "--doses", "--plates")),
        (("--compounds", "a,b,b", "--top-dose", "1 uM; 2 uM"), ("--compounds", "--top-dose")),
    ],
    ids=" ".join,
)  # fmt: skip
def test_all_mistakes_of_the_command_line_are_told_at_once(cli, words, told):
    answer = cli("render", "srb", *words)
    assert (answer.code, answer.written) == (2, b"")
    for word in told:
        assert sum(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", line) is not None for line in answer.mistakes) == 1, answer.err
    assert len(answer.mistakes) == len(told), answer.err


def test_a_value_may_follow_an_equals_sign_and_options_may_stand_before_the_protocol(cli):
    sheet = cli("render", "srb", "--plates", "4", "--top-dose", "2 uM")
    assert sheet.code == 0
    assert cli("render", "srb", "--top-dose=2 uM", "--plates=4") == sheet
    assert cli("render", "--plates", "4", "srb", "--top-dose", "2 uM") == sheet


def test_a_default_typed_out_changes_the_command_alone(cli):
    typed = cli("render", "srb", "--plates", "1", "--medium", "100 µL/well", "--dilution", "half-log").out.splitlines()
    usual = cli("render", "srb").out.splitlines()
    assert [(one.strip(), other.strip()) for one, other in zip(typed, usual, strict=True) if one != other] == [
        ("benchsheet render srb --plates 1 --medium '100 uL' --dilution half-log", "benchsheet render srb")
    ]


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",), ("help",)], ids=lambda words: " ".join(words) or "nothing")
def test_without_a_command_every_command_is_listed(cli, words):
    answer = cli(*words)
    assert (answer.code, answer.err) == (0, "")
    for name in ("list", "show", "render", "check", "new", "replay"):
        assert re.search(rf"^  {name} ", answer.out, re.MULTILINE)


def test_the_version_is_told(cli):
    assert cli("--version").out == f"benchsheet {__version__}\n"


def test_help_of_a_protocol_lists_every_parameter_with_its_default_and_limits(cli):
    shown = json.loads(cli("show", "srb", "--json").out)
    words = " ".join(cli("render", "srb", "--help").out.replace("\u202f", "").split()).replace("half- log", "half-log")
    assert words.count(" options: ") == 1
    for place, parameter in enumerate(shown):
        begin = words.index(f" {parameter['option']} ", words.index("parameters:"))
        after = f" {shown[place + 1]['option']} " if place + 1 < len(shown) else " options: "
        entry = words[begin : words.index(after, begin)].replace("µ", "u")
        assert parameter["help"].replace("µ", "u") in entry
        assert re.search(r"default|optional|measured at the bench", entry[entry.rindex("(") :] if "(" in entry else ""), entry
        if parameter["default"] is not None:
            assert f"default {parameter['default']}".replace("µ", "u") in entry
        if parameter["min"]:
            limits = list(zip(parameter["min"].split(" or "), parameter["max"].split(" or "), strict=True))
            limits += [("100 ug", "1 g")] if parameter["name"] == "stock" else []
            said = re.findall(
                r"([\d.]+(?: [^;() ]+(?: v/v| w/v)?)?) to ([\d.]+(?: [^;() ]+(?: v/v| w/v)?)?)(?= or |[;)])", entry[entry.rindex("(") :]
            )
            assert [tuple(map(in_base, pair)) for pair in limits] == [tuple(map(in_base, pair)) for pair in said]


def in_base(text):
    """Return a quantity in a unit without a prefix, so that 0.1 mM is 100 uM."""
    number, _, unit = text.partition(" ")
    powers = {"n": -9, "u": -6, "m": -3, "k": 3}
    power = powers.get(unit[:1], 0) if unit in {"nM", "uM", "mM", "uL", "mL", "mg"} else 0
    return Fraction(number) * Fraction(10) ** power, unit[1:] if power else unit


def test_list_names_each_protocol_and_show_each_parameter(cli):
    listed = json.loads(cli("list", "--json").out)
    assert [item["id"] for item in listed] == library.protocol_ids()
    lines = cli("list").out.splitlines()
    assert [line.split()[0] for line in lines] == library.protocol_ids()
    assert all(item["title"] in line and item["version"] in line for item, line in zip(listed, lines, strict=True))
    names = [parameter["option"] for parameter in json.loads(cli("show", "srb", "--json").out)]
    assert sorted(line for line in cli("show", "srb").out.splitlines() if line.startswith("--")) == sorted(names)


@pytest.mark.parametrize("name", ["../x", "X", "", ".", "a/b", "a b", "-x", "9", "_x", "con.txt", "x" * 60, "é", "a\nb"])
def test_new_refuses_odd_names_and_makes_nothing(cli, tmp_path, name):
    answer = cli("new", f"--={name}") if name.startswith("-") else cli("new", name)
    assert (answer.code, answer.written) == (2, b"")
    assert folder_as_it_is(tmp_path) == {}


def test_new_makes_a_folder_that_checks_clean_and_does_not_touch_one_that_is_there(cli, tmp_path):
    assert cli("new", "cell-lysis").code == 0
    before = folder_as_it_is(tmp_path)
    assert {"cell-lysis/protocol.yml", "cell-lysis/protocol.md.j2"} <= set(before)
    checked = cli("check", "cell-lysis")
    assert (checked.code, checked.err) == (0, "")
    again = cli("new", "cell-lysis")
    assert (again.code, len(again.mistakes)) == (2, 1)
    assert folder_as_it_is(tmp_path) == before


@pytest.mark.parametrize("called", ["cell-lysis", "./cell-lysis", "cell-lysis/"])
@pytest.mark.parametrize("below", ["", "protocols"])
def test_what_new_makes_renders_and_is_found_again_by_the_command_on_its_sheet(cli, tmp_path, called, below):
    if below:
        (tmp_path / below).mkdir()
    cli("new", "cell-lysis")
    first = cli("render", called, "--format", "markdown")
    assert (first.code, first.err) == (0, "")
    assert "benchsheet render cell-lysis\n" in first.out
    assert cli("render", "cell-lysis", "--format", "markdown").out == first.out
    assert cli("show", called).code == 0


def test_a_folder_elsewhere_is_found_again_by_its_path(cli, tmp_path):
    (tmp_path / "a").mkdir()
    cli("new", "cell-lysis")
    (tmp_path / "cell-lysis").rename(tmp_path / "a" / "cell-lysis")
    answer = cli("render", "a/cell-lysis")
    assert (answer.code, answer.err) == (0, "")
    assert "benchsheet render a/cell-lysis\n" in answer.out
    assert cli("render", "cell-lysis").code == 2


def test_check_tells_file_and_line_of_a_mistake_and_ends_with_1(cli, tmp_path):
    cli("new", "cell-lysis")
    file = tmp_path / "cell-lysis" / "protocol.yml"
    lines = file.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "buffer_volume" in text)
    file.write_text("\n".join(lines).replace("200 uL/well", "200 bananas/well"), "utf-8")
    answer = cli("check", "cell-lysis")
    assert answer.code == 1
    assert re.match(rf".*cell-lysis/protocol\.yml:{line}: .*bananas", answer.err)
    assert cli("check", "nowhere").code == 2


def test_replay_ends_with_0_for_a_record_1_for_an_altered_one_and_2_for_no_file(cli, tmp_path):
    assert cli("render", "srb", "--plates", "2", "-o", "sheet.json").code == 0
    whole = cli("replay", "sheet.json")
    assert (whole.code, whole.err) == (0, "")
    words = (tmp_path / "sheet.json").read_text("utf-8")
    (tmp_path / "altered.json").write_text(words.replace('"value": 150,', '"value": 15,', 1), "utf-8")
    altered = cli("replay", "altered.json")
    assert altered.code == 1
    assert altered.mistakes
    for name in ("none.json", "."):
        missing = cli("replay", name)
        assert (missing.code, missing.written, len(missing.mistakes)) == (2, b"", 1)


@pytest.mark.parametrize(
    "words", ["", "{", "[]", '{"schema": "benchsheet-record/1"}', "[" * 100_000], ids=["empty", "broken", "list", "no more", "deep"]
)
def test_replay_of_what_is_no_record_ends_in_words(cli, tmp_path, words):
    (tmp_path / "x.json").write_text(words, "utf-8")
    answer = cli("replay", "x.json")
    assert answer.code in {1, 2}
    assert answer.mistakes
    assert (words == '{"schema": "benchsheet-record/1"}') != answer.err.startswith("x.json: it is not a record: ")


@pytest.mark.parametrize("dose", ["0.002 uM", "16 nM", "1 nM"])
def test_a_very_small_dose_is_made_through_intermediates_or_refused_by_its_option(cli, dose):
    answer = cli("render", "srb", "--kill-dose", dose, "--addition", "replace")
    assert answer.code == 0 or answer.err.startswith("--kill-dose")
