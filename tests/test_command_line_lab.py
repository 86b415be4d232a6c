"""``benchsheet lab``: the profile that it writes is whole and never over another's; what is wrong with one is told line by line."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pytest
import yaml

from benchsheet.errors import ProtocolError
from benchsheet.lab import default_lab, example_profile, parse_profile
from benchsheet.lab.profile import PROFILE_KEYS
from benchsheet.library import load_lab
from benchsheet.protocol.profile_names import reject_unknown_names

GUIDE = (Path(__file__).parent.parent / "docs" / "guide" / "lab.md").read_text("utf-8")


def test_it_prints_the_example_or_writes_the_same_bytes(cli, tmp_path):
    shown = cli("lab", "--init")
    assert (shown.code, shown.complained) == (0, b"")
    answer = cli("lab", "--init", "-o", "my-lab.yml")
    assert (answer.code, answer.complained) == (0, b"")
    assert answer.out == "my-lab.yml is ready: change what is different in your lab\nbenchsheet lab --check my-lab.yml\n"
    assert (tmp_path / "my-lab.yml").read_bytes() == shown.written == example_profile().encode()
    assert [path.name for path in tmp_path.iterdir()] == ["my-lab.yml"]


def test_what_it_wrote_is_fine_and_makes_the_sheet_of_the_default_lab(cli):
    cli("lab", "--init", "-o", "my-lab.yml")
    answer = cli("lab", "--check", "my-lab.yml")
    assert (answer.code, answer.out, answer.complained) == (0, "my-lab.yml: nothing to mend\n", b"")
    usual, own = (json.loads(cli("render", "srb", "--format", "json", *words).out) for words in ((), ("--lab", "my-lab.yml")))
    assert own["identity"]["inputs"] == usual["identity"]["inputs"]
    assert own["steps"] == usual["steps"]


def test_a_profile_that_is_there_is_overwritten_only_with_force(cli, tmp_path):
    (tmp_path / "my-lab.yml").write_text("name: ours\n", "utf-8")
    answer = cli("lab", "--init", "-o", "my-lab.yml")
    assert (answer.code, answer.written) == (2, b"")
    assert answer.err == "--output: 'my-lab.yml' is there already\n  hint: --force overwrites it\n"
    assert (tmp_path / "my-lab.yml").read_text("utf-8") == "name: ours\n"
    assert cli("lab", "--init", "-o", "my-lab.yml", "--force").code == 0
    assert (tmp_path / "my-lab.yml").read_bytes() == example_profile().encode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "benchsheet lab: one of them is missing: --init or --check FILE\n  hint: 'benchsheet lab --init -o my-lab.yml' begins a profile\n"),
        (("--init", "--check", "x.yml"), "benchsheet lab: only one of them: --init or --check FILE\n"),
        (("--init", "-o", ""), "--output: '' is not a file name\n  hint: name the file to write\n"),
        (("--init", "-o", "."), "--output: '.' is a folder\n  hint: name a file in it\n"),
        (("--init", "-o", "none/x.yml"), "--output: there is no folder 'none'\n  hint: make it first\n"),
        (("--init", "-o"), "--output: it has no value\n  hint: see 'benchsheet lab --help'\n"),
        (("--check",), "--check: it has no value\n"),
        (("--check", "x.yml", "-o", "y.yml"), "--output: --check writes nothing\n  hint: leave it out, or give --init\n"),
        (("--check", "x.yml", "--force"), "--force: --check writes nothing\n"),
        (("--check", "none.yml"), "none.yml: the file cannot be read: no such file or directory\n"),
        (("--check", "."), ".: the file cannot be read: "),
        (("--frce",), "benchsheet lab: unrecognized arguments: --frce\n"),
        (("my-lab.yml",), "benchsheet lab: unrecognized arguments: my-lab.yml\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_refused(cli, tmp_path, words, said):
    answer = cli("lab", *words)
    assert (answer.code, answer.written, len(answer.mistakes)) == (2, b"", 1)
    assert answer.err.startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_all_mistakes_of_a_profile_are_told_and_counted(cli, tmp_path):
    (tmp_path / "my-lab.yml").write_text("trust: 1 min\nequipment:\n  rotor: {places: 24, radius: 84 cm}\npaper: A3\n", "utf-8")
    answer = cli("lab", "--check", "my-lab.yml")
    assert (answer.code, answer.out) == (1, "my-lab.yml: 3 to mend\n")
    assert [line.partition(": ")[0] for line in answer.mistakes] == ["my-lab.yml:1", "my-lab.yml:3", "my-lab.yml:4"]
    (tmp_path / "one.yml").write_text("paper: A3\n", "utf-8")
    assert cli("lab", "--check", "one.yml").out == "one.yml: 1 to mend\n"
    (tmp_path / "broken.yml").write_text("stocks: {\n", "utf-8")
    answer = cli("lab", "--check", "broken.yml")
    assert (answer.code, len(answer.mistakes)) == (1, 1)
    assert answer.err.startswith("broken.yml:2: not YAML: ")


def test_help_says_what_it_takes(cli):
    answer = cli("lab", "--help")
    assert answer.code == 0
    for word in ("--init", "--output FILE", "--force", "--check FILE"):
        assert word in answer.out


# --- the page about profiles ----------------------------------------------------------------------------------------------------


def test_the_guide_has_each_key_of_a_profile_once():
    table = GUIDE.split("## Keys")[1].split("###")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(PROFILE_KEYS)


def test_the_guide_says_of_each_key_whether_yours_is_added():
    table = GUIDE.split("## Keys")[1].split("###")[0]
    added = re.findall(r"^\| `(\w+)` \|.*\| added \|$", table, re.MULTILINE)
    assert added == ["overage", "dead", "labware", "gels", "equipment"]
    for key in ("labware", "gels", "equipment"):
        entry = {"labware": "{place: tube, brim: 1 mL}", "gels": "{format: mini, wells: 9, capacity: 9 uL}", "equipment": "{places: 3}"}[key]
        lab = parse_profile(f"{key}: {{mine: {entry}}}\n", "my-lab.yml")
        assert set(getattr(lab, key)) == {"mine", *getattr(default_lab(), key)}
    assert len(parse_profile("tanks: []\n", "my-lab.yml").tanks) == 0


def test_the_guide_names_all_labware_by_its_place():
    rows = re.findall(r"^\| (\w+) \| (`.*?`) \|", GUIDE.split("### Labware")[1], re.MULTILINE)
    named = {place: set(re.findall(r"`(.+?)`", ids)) for place, ids in rows}
    for place, ids in named.items():
        assert ids == {name for name, plate in default_lab().labware.items() if plate.position == place}, place
    assert set.union(*named.values()) == set(default_lab().labware)


def test_the_profile_in_the_guide_is_one():
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    lab = parse_profile(text, "my-lab.yml")
    assert list(yaml.safe_load(text)) == ["name", "overage", "tanks", "stocks", "antibodies"]
    assert (lab.tanks[0].count, lab.antibodies[0].host, list(lab.stocks)) == (2, "mouse", ["NaCl"])


STOCKS = {"nonsense: 3 M": False, "NaCl: 3 M": False, "TBST: 2 X": False, "10x TBS: 5 X": False, "tris ph 6.8: 1 M": False}
STOCKS |= dict.fromkeys(("10x TBS: 10 X", "TBS: 10 X", "RIPA: 1 X", "NaCl: 5 M", "SDS: 10 % w/v", "Tris pH 6.8: 1 M", "running buffer: 10 X"), True)


@pytest.mark.parametrize("stock", STOCKS)
def test_a_stock_that_no_recipe_takes_is_refused(cli, tmp_path, stock):
    (tmp_path / "my-lab.yml").write_text(f"name: ours\nstocks:\n  {stock}\n", "utf-8")
    for words in (("lab", "--check", "my-lab.yml"), ("render", "western-blot", "--lab", "my-lab.yml", "--samples", "2")):
        answer = cli(*words)
        assert (answer.code == 0) == STOCKS[stock], answer.err
        assert STOCKS[stock] or f"my-lab.yml:3: no recipe takes '{stock.partition(':')[0]}' at" in answer.err


NEAREST = {  # as a sheet or the lab prints it: the key that is meant
    "equipment: {heat block: {places: 6}}": "did you mean 'heat-block'?",
    "equipment: {microfuge rotor: {places: 6}}": "did you mean 'rotor'?",
    "equipment: {shaker: {places: 6}}": "no protocol asks for the equipment 'shaker'",
    "stocks: {10x SDS running buffer: 10 X}": "did you mean '10x running buffer'?",
    "stocks: {SDS running buffer: 10 X}": "did you mean 'running buffer'?",
}


@pytest.mark.parametrize("line", NEAREST)
def test_a_name_that_nothing_asks_for_is_refused_with_the_one_that_is_meant(tmp_path, line):
    (tmp_path / "my-lab.yml").write_text(f"name: ours\n{line}\n", "utf-8")
    with pytest.raises(ProtocolError, match=r"my-lab\.yml:2: ") as refusal:
        load_lab(tmp_path / "my-lab.yml")
    assert NEAREST[line] in str(refusal.value)


def test_equipment_that_a_protocol_of_ones_own_asks_for_is_taken():
    text = "equipment:\n  cycler: {places: 6}\n"
    lab = parse_profile(text, "my-lab.yml")
    asking = (
        "x: table(devices, 'cycler', places)", r'x: "table( devices , \"cycler\", places)"', "x: 'table(devices, ''cycler'', places)'",
        "x: [{say: \"{table(devices, 'cycler', places)} tubes at a time\"}]", "x: 2 * (1 + table(devices, 'cycler', places))",
        "x: table(devices, 'cycler' if hot else 'rotor', places)", "x: table(devices, 'rotor' if cold else 'mill' if dry else 'cycler', places)",
        "{machine: {choices: [rotor, cycler]}, x: 'table(devices, machine, places)'}", # one that is worked out may be any value of the protocol
        "{machine: \"per(('rotor', 'cycler'))\", x: 'table(devices, machine, places)'}",
    )  # fmt: skip
    for words in asking:
        reject_unknown_names(lab, text, {}, functools.partial(list, [("p", words)]))


@pytest.mark.parametrize(
    "words",
    [
        "{name: cycler, places: \"table(devices, 'rotor', places)\"}",
        "x: table(devices, 'rotor', places)  # table(devices, 'cycler', places)",
        "x: \"see table(devices, 'cycler', places) of the guide\"",
        "x: table(drugs, 'cycler', places)",
        "x: \"table(devices, 'rotor' if kind == 'cycler' else 'mill', places)\"",
        "{help: the cycler of a lab, x: 'table(devices, machine, places)'}",
    ],
)
def test_equipment_that_is_only_named_in_words_is_not_asked_for(words):
    text = "equipment:\n  cycler: {places: 6}\n"
    with pytest.raises(ProtocolError, match="no protocol asks for the equipment 'cycler'"):
        reject_unknown_names(parse_profile(text, "my-lab.yml"), text, {}, lambda: [("p", words)])
