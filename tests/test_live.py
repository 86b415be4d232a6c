"""The engine as a page asks it: it says what the command line says, of mistakes too, and nothing that is asked ends it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet import cli, library, live
from benchsheet.calculators import CALCULATORS
from tests.asks import FORMATS, LAB, list_asks
from tests.records import sample

RENDERS = [ask for ask in list_asks(sample(6)) if ask["do"] == "render"]
CALCULATED = [ask for ask in list_asks(0) if ask["do"] == "calculate"]


def ask(**words):
    return json.loads(live.answer(json.dumps(words)))


def options(values):
    return [f"--{name.replace('_', '-')}={text}" for name, text in values.items()]


def one_line(words):
    """Return *words* as one line: a terminal breaks them at its width."""
    return re.sub(r"\s+", " ", words)


@pytest.fixture(autouse=True)
def same_time(monkeypatch):
    """A calendar says when it was made."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


def run(capsysbinary, words):
    """Run the command line; return its exit code, what it wrote, and what it said, in one line."""
    code = cli.main(words)
    out, err = capsysbinary.readouterr()
    return code, out.decode(), one_line(err.decode())


@pytest.mark.parametrize("place", range(len(RENDERS)))
def test_a_page_is_answered_what_the_command_line_says(place, capsysbinary, tmp_path, monkeypatch):
    asked = RENDERS[place]
    monkeypatch.chdir(tmp_path)
    if "lab" in asked:
        (tmp_path / "your lab").write_text(asked["lab"], "utf-8")
    more = [
        *(["--lab=your lab"] if "lab" in asked else []),
        *([f"--start={asked['start']}"] if "start" in asked else []),
        *([f"--name={asked['name']}"] if "name" in asked else []),
    ]
    found = ask(**asked)
    assert "fault" not in found
    for name in asked["formats"] or ["text"]:
        words = ["render", asked["protocol"], *options(asked["values"]), *more, "--quiet", f"--format={name}"]
        code, written, said = run(capsysbinary, words)
        mistakes = [*found.get("mistakes", []), *found.get("refused", {}).get(name, [])]
        if name == "pdf":
            continue  # a page makes none
        assert bool(code) == bool(mistakes)
        if code:
            assert [each["message"] for each in mistakes if one_line(each["message"]) not in said] == []
            assert [each["hint"] for each in mistakes if one_line(each["hint"]) not in said] == []
        elif name in found["files"]:
            assert found["files"][name] == written


@pytest.mark.parametrize("place", range(len(CALCULATED)))
def test_a_calculator_says_what_the_command_line_says(place, capsysbinary):
    asked = CALCULATED[place]
    found = ask(**asked)
    assert "fault" not in found
    words = [word for name, texts in asked["values"].items() for text in texts for word in (f"--{name}", text)]
    code, written, said = run(capsysbinary, ["calc", asked["calculator"], *words, "--json"])
    assert bool(code) == ("mistakes" in found)
    if code:
        assert [each["message"] for each in found["mistakes"] if one_line(each["message"]) not in said] == []
    else:
        assert found["answer"]["results"] == json.loads(written)


def test_a_mistake_names_its_field():
    found = ask(do="render", protocol="srb", values={"plates": "500", "medium": "120"})["mistakes"]
    assert [each["fields"] for each in found] == [["plates"], ["medium"]]
    assert found[0]["message"] == "'500' is not between 1 and 100"


def test_what_a_sheet_says_of_itself_is_what_its_record_says():
    found = ask(do="render", protocol="srb", values={"plates": "4"}, formats=["json"], lab=LAB)
    record = json.loads(found["files"]["json"])
    assert found["sheet"]["digest"] == record["identity"]["inputs"]
    assert found["sheet"]["seal"] == record["seal"]
    assert found["sheet"]["command"] == record["invocation"]["command"]
    assert found["sheet"]["given"] == {"plates": "4"}
    assert found["sheet"]["parameters"]["plates"] == {"text": "4", "changed": True}
    assert {"wrong": [], "skips": ask(do="replay", record=found["files"]["json"])["skips"]} == ask(do="replay", record=found["files"]["json"])
    assert ask(do="replay", record=found["files"]["json"].replace('"text": "4"', '"text": "5"'))["wrong"]


@pytest.mark.parametrize("name", library.protocol_ids())
def test_a_form_asks_for_what_the_command_line_shows(name, capsysbinary):
    _, written, _ = run(capsysbinary, ["show", name, "--json"])
    found = ask(do="declare", protocol=name)["parameters"]
    assert sorted(found, key=lambda each: each["name"]) == sorted(json.loads(written), key=lambda each: each["name"])
    handful = sum(each["first"] for each in found)
    assert [each["first"] for each in found] == [True] * handful + [False] * (len(found) - handful)


@pytest.mark.parametrize("name", CALCULATORS)
def test_a_form_asks_for_what_a_calculator_takes(name):
    found = ask(do="declare", calculator=name)["options"]
    assert [each["name"] for each in found] == [option.name for option in CALCULATORS[name].options]
    for each in found:
        assert each["help"]
        assert each["example"] or each["form"] in ("flag", "word", "name", "component") or each["optional"] or each["default"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_made_by_itself(name):
    """A calendar without a start is refused, and the other files are there."""
    found = ask(do="render", protocol="srb", values={}, formats=["ics", name])
    assert [*found["files"]] == [name]
    assert found["refused"]["ics"][0]["fields"] == ["start"]


def test_a_module_that_is_not_there_is_named_and_a_fault_is_told_as_one(monkeypatch):
    def lacking(*_, **__):
        raise ModuleNotFoundError("No module named 'pint'", name="pint")

    monkeypatch.setattr(live, "render_typed", lacking)
    assert ask(do="render", protocol="srb") == {"missing": "pint"}
    monkeypatch.setattr(live, "render_typed", lambda *_, **__: 1 / 0)
    assert ask(do="render", protocol="srb") == {"fault": "ZeroDivisionError: division by zero"}


def test_a_page_takes_no_protocol_and_no_record_from_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "protocol.yml").write_text("title: Mine\n", "utf-8")
    for name in ("mine", "./mine", str(folder), "../mine"):
        assert "mistakes" in ask(do="render", protocol=name)
    assert "mistakes" in ask(do="replay", record=str(folder / "protocol.yml"))
    assert [each.name for each in Path(tmp_path).iterdir()] == ["mine"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
)
NAMES = st.sampled_from(["do", "protocol", "values", "formats", "lab", "start", "name", "calculator", "record", "other"])
WORDS = st.sampled_from(["render", "calculate", "replay", "declare", "describe", "srb", "co-ip", "dilute", "html", "ics", "{}", ""])
ASKS = st.dictionaries(
    NAMES, WORDS | JSON | st.lists(WORDS, max_size=2) | st.dictionaries(st.sampled_from(["plates", "stock", "x"]), WORDS | JSON, max_size=2)
)


@settings(max_examples=sample(150), deadline=None)
@given(ASKS | JSON)
def test_nothing_that_is_asked_ends_the_engine_or_is_a_fault_of_it(words):
    found = json.loads(live.answer(json.dumps(words)))
    assert isinstance(found, dict)
    assert "fault" not in found


HALF = '"\\ud800"'  # of a pair of surrogates, which no text in UTF-8 has


@pytest.mark.parametrize(
    "asked",
    [
        "[" * 100_000,
        HALF,
        f'{{"do": "render", "protocol": "srb", "lab": {HALF}}}',
        f'{{"do": "render", "protocol": "srb", "values": {{{HALF}: "1"}}}}',
        f'{{"do": "render", "protocol": "srb", "values": {{"compounds": {HALF}}}}}',
        f'{{"do": "calculate", "calculator": "dilute", "values": {{"stock": [{HALF}]}}}}',
    ],
    ids=["deep", "half", "in a lab", "as a name", "as a value", "in a calculator"],
)
def test_what_no_text_can_hold_is_told_in_a_text_that_can_be_sent(asked):
    found = live.answer(asked)
    assert found.encode()
    assert json.loads(found)["mistakes"]


@given(st.text(max_size=40))
def test_what_is_not_json_is_told(text):
    assert json.loads(live.answer(f"{{{text}"))["mistakes"]
