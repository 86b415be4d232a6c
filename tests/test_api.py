"""What a program in Python asks of benchsheet: the same sheets and refusals as the command line's, and a page whose examples run."""

from __future__ import annotations

import datetime as dt
import html
import importlib.util
import json
import re
import shlex
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest

import benchsheet as bs
from benchsheet.api.typed_values import type_values
from benchsheet.calculators import CALCULATORS
from benchsheet.calculators.results import amount_text
from benchsheet.engine import load_protocol
from benchsheet.errors import Collector
from benchsheet.formats import FORMATS

PAGE = (Path(__file__).parent.parent / "docs" / "guide" / "python.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE, re.MULTILINE | re.DOTALL)
LAB = "tolerance: 3 %\npaper: Letter\n"


@pytest.fixture(name="here")
def go_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_package_loads_nothing_before_it_is_asked_for_something():
    code = "import sys; had = {*sys.modules}; import benchsheet; print(*dir(benchsheet)); print(*{*sys.modules} - had)"
    named, loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert {*loaded.split()} <= {"benchsheet", "__future__"}
    assert {*bs.__all__} <= {*named.split()}


@pytest.mark.parametrize(
    "code",
    [
        "import benchsheet.repipette as room; import benchsheet as bs",
        "import benchsheet as bs; bs.replay; from benchsheet.repipette import replay",
        "import benchsheet.api.rendering, benchsheet as bs",
    ],
)
def test_a_name_is_the_same_whatever_was_imported(code):
    """An import binds a room to its name in the package: a function of that name would be gone from then on."""
    code += "; print(bs.replay.__module__, callable(bs.replay))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "benchsheet.api.rendering True\n"


def test_no_room_or_module_has_a_name_of_the_package():
    assert [name for name in bs.__all__ if importlib.util.find_spec(f"benchsheet.{name}")] == []


@pytest.mark.parametrize("name", bs.__all__)
def test_each_name_is_explained_and_stands_on_the_page(name):
    assert name == "__version__" or getattr(bs, name).__doc__
    assert f"`bs.{name}`" in PAGE.split("## What stays\n")[1]


def test_a_name_that_is_not_there_is_not_invented():
    assert not hasattr(bs, "renders")
    assert not hasattr(bs.render("srb"), "docx")


def test_a_notebook_of_the_blocks_of_the_page_shows_what_it_says(here):
    """Nothing but the page: sheets, a PDF, many sheets, a replay, refusals. Five sheets of the 96."""
    pytest.importorskip("ipykernel", reason="the notebook needs a kernel")
    client = pytest.importorskip("nbclient", reason="nbclient executes the notebook")
    writer = pytest.importorskip("nbformat", reason="nbformat writes the notebook").v4
    sources = [*(code.replace("range(1, 97)", "range(1, 6)") for code, _ in BLOCKS), "sheet", "bs.render('srb', plate=4)"]
    cells = [writer.new_code_cell(source) for source in sources]
    cells[-1].metadata["tags"] = ["raises-exception"]
    client.NotebookClient(writer.new_notebook(cells=cells), timeout=300, resources={"metadata": {"path": str(here)}}).execute()
    *told, (frame,), (refusal,) = (cell.outputs for cell in cells)
    assert ["".join(each["text"] for each in outputs) for outputs in told] == [shown for _, shown in BLOCKS]
    assert frame["data"]["text/html"].startswith('<iframe sandbox=""')
    assert refusal["traceback"] == ["ProtocolError: --plate: srb has no such parameter\n  hint: did you mean '--plates'?"]
    assert (here / "srb.pdf").read_bytes().startswith(b"%PDF")
    assert len((here / "labels.csv").read_text("utf-8").splitlines()) > 1


def test_each_value_of_the_page_is_typed_as_it_says():
    rows = re.findall(r"^\| .+ \| `(\w+)=(.+)` \| (?:`(.+)`|nothing: .+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 6
    declared = {name: each for protocol in bs.protocols().values() for name, each in load_protocol(protocol.source).parameters.items()}
    for name, code, shown in [*rows, ("medium", 'bs.Quantity.parse("113 uL")', "113 uL"), ("plated", "0.85", "0.85")]:
        assert f"{name}={code}" in PAGE or code in PAGE
        assert type_values({name: eval(code)}, declared, Collector()) == ({name: shown} if shown else {})  # noqa: S307 - the page's own


# --- values: one way in ------------------------------------------------------------------------------------------------------

SAME = [
    (("srb", "--plates", "3", "--medium", "113 uL"), ("srb", {"plates": 3, "medium": bs.Quantity.parse("113 uL")})),
    (("srb", "--compounds", "defactinib,VS-4718", "--doses", "4"), ("srb", {"compounds": ["defactinib", "VS-4718"], "doses": 4, "medium": None})),
    (("srb", "--compounds", "2,4-DNP;"), ("srb", {"compounds": ["2,4-DNP"]})),
    (("srb", "--compounds", "A;B", "--stock", "10 mM; 20 mM"), ("srb", {"compounds": ("A", "B"), "stock": ["10 mM", bs.Quantity.parse("20 mM")]})),
    (("srb", "--plated", "0.8"), ("srb", {"plated": 0.8})),
    (("srb", "--start", "2026-11-23T09:00"), ("srb", {"start": dt.datetime(2026, 11, 23, 9)})),  # noqa: DTZ001 - the clock on the wall
    (("western-blot", "--samples", "a;b", "--no-strip"), ("western-blot", {"samples": ["a", "b"], "strip": False})),
    (("western-blot", "--samples", "6;"), ("western-blot", {"samples": ["6"]})),
    (
        ("western-blot", "--targets", "FAK; GAPDH", "--hosts", "FAK: mouse IgG1", "--control-by", "cutting"),
        ("western-blot", {"targets": ["FAK", "GAPDH"], "hosts": {"FAK": "mouse IgG1"}, "control_by": "cutting"}),
    ),
    (("co-ip", "--samples", "2", "--reciprocal", "--antibody-mass", "2 ug"), ("co-ip", {"samples": 2, "reciprocal": True, "antibody_mass": "2 ug"})),
]


@pytest.mark.parametrize(("typed", "given"), SAME, ids=lambda case: " ".join(case) if isinstance(case[1], str) else "")
def test_a_value_of_python_makes_the_sheet_of_the_command_line(cli, typed, given):
    name, values = given
    answer = cli("render", *typed, "--format", "json")
    sheet = bs.render(name, **values)
    assert answer.code == 0, answer.err
    assert json.loads(answer.out) == json.loads(sheet.json())
    assert [f"warning: {message}" for message in sheet.warnings] == answer.mistakes


@pytest.mark.parametrize("name", ["srb", "western-blot", "co-ip"])
def test_every_default_given_again_is_the_same_sheet(name):
    """Over all forms of parameters: the default as text is what it is without it, so the digest is the same."""
    protocol = bs.protocols()[name]
    given = {key: each.default for key, each in protocol.parameters.items() if each.default and not each.is_list}
    assert len(given) > 10
    assert bs.render(protocol, **given)["identity"]["inputs"] == bs.render(name)["identity"]["inputs"]


@pytest.mark.usefixtures("here")
def test_the_names_of_a_table_are_read():
    Path("s.csv").write_text("name\nleft\nright\n")
    assert (
        bs.render("western-blot", samples="s.csv")["identity"]["inputs"] == bs.render("western-blot", samples=["left", "right"])["identity"]["inputs"]
    )


@pytest.mark.usefixtures("here")
def test_a_lab_is_a_file_or_what_was_read_from_it(cli):
    Path("lab.yml").write_text(LAB)
    lab = bs.Lab.load("lab.yml")
    assert (lab.paper, bs.Lab.default().paper) == ("Letter", "A4")
    sheet = bs.render("srb", lab=lab)
    assert sheet.seal == bs.render("srb", lab="lab.yml").seal != bs.render("srb").seal
    assert cli("render", "srb", "--lab", "lab.yml", "--format", "html").out == sheet.html()


# --- refusals ----------------------------------------------------------------------------------------------------------------


def refuse(*name: str, **values: Any) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return message and way out of each mistake, by the values that it is about."""
    with pytest.raises(bs.ProtocolError) as caught:
        bs.render(*name or ("srb",), **values)
    return {mistake.keywords: (mistake.message, mistake.hint) for mistake in caught.value.parts}


@pytest.mark.usefixtures("here")
def test_all_mistakes_are_told_at_once_each_with_its_keyword():
    Path("lab.yml").write_text("paper: A4\nnozzles: 3\n")
    found = refuse(plate=4, medium=113.0, doses=3, top_dose="1 g", kill=float("nan"), compounds=["a;b"], lab="lab.yml", start="noon")
    assert {*found} == {(word,) for word in ("plate", "medium", "doses", "top_dose", "kill", "compounds", "start")} | {()}
    assert found["medium",] == ("113 is a number without a unit", "write '113 uL'")
    assert "'--plates'" in found["plate",][1]
    assert "nozzles" in found[()][0]


@pytest.mark.parametrize("value", [1.5, float("nan"), [0.5], {"a": 2.5}, {1, 2}, b"4", [[1]], [None], object()])
@pytest.mark.parametrize("name", ["medium", "compounds", "cell_line"])
def test_what_is_not_typed_is_not_guessed(name, value):
    assert {*refuse(**{name: value})} == {(name,)}


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"medium": 113}, "write '113 uL'"),  # the default is told in µL
        ({"top_dose": 10}, "write it as text with its unit"),  # 10 mM would be a thousand times the default: no unit is guessed
        ({"top_dose": [10.5]}, "write it as text with its unit"),
        ({"plates": 2.0}, "write 2"),
        ({"plates": 2.5}, "give a whole number, or text"),
    ],
)
def test_a_number_is_given_no_unit_but_that_of_the_default(values, hint):
    ((_, told),) = refuse(**values).values()
    assert told == hint


def test_a_calculator_shows_its_example_for_a_number_without_a_unit():
    with pytest.raises(bs.ProtocolError) as caught:
        bs.calculate("dilute", stock=10, final="10 uM", volume="5 mL")
    assert caught.value.parts[0].hint == "write it as text with its unit, like '10 mM'"


def test_what_is_shown_of_an_answer_a_replay_and_a_lab_is_one_line():
    answer = bs.calculate("dilute", stock="10 mM", final="10 uM", volume="5 mL")  # 5 mL / 1000
    assert repr(answer).startswith("<Answer: ")
    assert "stock 5 µL" in repr(answer)
    assert repr(bs.render("srb").replay()).startswith("<Replay: holds, ")
    assert repr(bs.Lab.default()) == "<Lab: default lab>"


def test_what_is_not_a_lab_is_refused():
    with pytest.raises(bs.ProtocolError, match="a dict is not a lab"):
        bs.render("srb", lab={})  # type: ignore[arg-type]


def test_a_quantity_that_has_no_text_of_its_own_is_refused():
    third = bs.Quantity(value=Fraction(350_000, 3), kind="volume")
    ((message, _),) = refuse(medium=third).values()
    assert message.startswith("116.7 µL cannot be typed exactly") or "1/3" in message


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: bs.render("srv"), "did you mean 'srb'?"),
        (lambda: bs.calculate("dilut"), "did you mean 'dilute'?"),
        (lambda: bs.calculate("dilute", stok="1 M", final="1 mM", volume="1 mL"), "did you mean '--stock'?"),
        (lambda: bs.calculate("dilute", stock="1 M", final="1 mM", volume=2.5), "write it as text with its unit, like '1 mL'"),
        (lambda: bs.render("srb").format("pfd"), "did you mean 'pdf'?"),
        (lambda: bs.render("srb").csv(), "write .csv('worklist')"),
        (lambda: bs.render("srb").svg("pdf"), "write .svg('timeline')"),
        (lambda: bs.Protocol.from_folder("nowhere"), "give the folder that holds protocol.yml"),
        (lambda: bs.Lab.load(""), "give the lab's profile"),
        (lambda: bs.replay("{}"), "'benchsheet render ID -o sheet.json' makes one"),
    ],
)
def test_a_refusal_says_the_way_out(call, hint):
    with pytest.raises(bs.ProtocolError) as caught:
        call()
    assert hint in [mistake.hint for mistake in caught.value.parts]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("call", "keywords"),
    [
        (lambda: bs.render("srb", lab="none.yml"), ()),  # the file is the place, and no value
        (lambda: bs.render("srb", lab=" "), ("lab",)),
        (lambda: bs.render("srb", start="noon"), ("start",)),
        (lambda: bs.render("srb", start="0001-01-01T00:00"), ("start",)),
        (lambda: bs.render("srb").ics(), ("start",)),
        (lambda: bs.render("srb").save("a.docx"), ("output",)),
        (lambda: bs.render("srb").save("a.md", format="docx"), ("format",)),
        (lambda: bs.render("srb", top_dose="10 mg"), ("top_dose",)),
        (lambda: bs.calculate("dilute", stok="1 M", final="1 mM", volume="1 mL", stock="2 M"), ("stok",)),
    ],
)
def test_a_refusal_names_the_values_that_it_is_about(call, keywords):
    with pytest.raises(bs.ProtocolError) as caught:
        call()
    assert caught.value.keywords == keywords


@pytest.mark.parametrize("name", CALCULATORS)
def test_what_a_calculator_misses_is_told_by_its_keyword(name):
    with pytest.raises(bs.ProtocolError) as caught:
        bs.calculate(name)
    assert {*caught.value.keywords} <= {option.name for option in CALCULATORS[name].options}
    assert all(mistake.keywords for mistake in caught.value.parts)


def test_a_check_of_the_protocol_names_what_was_given():
    ((keywords, (message, _)),) = refuse("co-ip", isotype=False).items()
    assert "isotype" in keywords
    with pytest.raises(bs.ProtocolError) as caught:
        bs.render("co-ip", isotype=False)
    assert len(caught.traceback) <= 3  # of this test and of render, not of the engine
    assert caught.value._render_traceback_() == [f"ProtocolError: {caught.value}"]
    assert "without an isotype control" in message


# --- a sheet -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if not row.takes])
def test_each_format_is_a_method_and_the_command_lines(name, cli):
    sheet = bs.render("srb", plates=2)
    assert name in dir(sheet)
    assert getattr(sheet, name)() == sheet.format(name) == cli("render", "srb", "--plates", "2", "--format", name).out


def test_a_file_is_whole_or_not_there(here):
    sheet = bs.render("srb")
    assert sheet.save("a.md").read_text("utf-8") == sheet.markdown()
    with pytest.raises(bs.ProtocolError, match="is there already"):
        sheet.save("a.md")
    sheet.save(Path("a.md"), format="timeline", force=True)
    assert Path("a.md").read_text("utf-8") == sheet.svg("timeline")
    for name in ("b.docx", "b.csv", "none/b.md"):
        with pytest.raises(bs.ProtocolError):
            sheet.save(name)
    assert [path.name for path in here.iterdir()] == ["a.md"]


def test_a_notebook_shows_the_sheet_in_a_frame_that_runs_nothing():
    sheet = bs.render("srb", kill="<script>alert(1)</script>")
    frame = sheet._repr_html_()
    assert re.fullmatch(r'<iframe(?: [a-z]+="[^"<>]*")+></iframe>', frame)
    parts = dict(re.findall(r' ([a-z]+)="([^"]*)"', frame))
    assert parts["sandbox"] == ""
    assert html.unescape(parts["srcdoc"]) == sheet.html()
    assert sheet._repr_markdown_() == sheet.markdown()


def test_what_is_done_to_a_record_reaches_no_other_sheet():
    """Parts of a Record are kept for the next render, so a program gets a copy to work with."""

    def spoil(data: Any) -> None:
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            if isinstance(value, dict | list):
                spoil(value)
            else:
                data[key] = "spoilt"

    sheet = bs.render("co-ip")
    before = sheet.json()
    spoil(sheet.record)
    assert sheet["seal"] == "spoilt"
    assert sheet.json() == bs.render("co-ip").json() == before


@pytest.mark.usefixtures("here")
def test_a_changed_record_does_not_hold():
    sheet = bs.render("srb")
    assert sheet.replay().holds
    record = json.loads(sheet.json())
    record["steps"][1]["markdown"] += " Then drink it."
    sheet.save("whole.json")
    for altered in (record, json.dumps(record)):
        assert "the seal is broken: the record was altered after it was made" in bs.replay(altered).wrong
    assert bs.replay(Path("whole.json")).holds


# --- protocols, calculations, types --------------------------------------------------------------------------------------------


def test_protocols_are_those_that_are_listed_and_tell_what_show_tells(cli):
    found = bs.protocols()
    assert [(name, each.title, each.version, each.summary) for name, each in found.items()] == [
        (each["id"], each["title"], each["version"], each["summary"]) for each in json.loads(cli("list", "--json").out)
    ]
    for each in json.loads(cli("show", "srb", "--json").out):
        parameter = found["srb"].parameters[each["name"]]
        assert (parameter.default, parameter.limits) == (each["default"] or "", (each["min"] or "", each["max"] or ""))
        assert (parameter.choices, parameter.evidence) == (tuple(each["choices"] or ()), each["evidence"] or "")
    assert len(found["srb"].cases) > 10


@pytest.mark.usefixtures("here")
def test_the_mistakes_of_a_protocol_are_data(cli):
    assert cli("new", "elisa").code == 0
    spec = Path("elisa/protocol.yml")
    assert cli("check", "elisa", "--json").code == 0
    spec.write_text(spec.read_text("utf-8") + "\nfoo: 1\n", "utf-8")
    line = len(spec.read_text("utf-8").splitlines())
    answer = cli("check", "elisa", "--json")
    (checked,) = json.loads(answer.out)["protocols"]
    assert (answer.code, answer.err, checked["protocol"]) == (1, "", "elisa")
    (mistake,) = checked["mistakes"]
    assert (mistake["file"], mistake["line"], "'foo'" in mistake["message"]) == ("elisa/protocol.yml", line, True)
    (error,) = bs.Protocol.from_folder("elisa").check().errors
    assert (error.file, error.line, error.message, error.hint) == tuple(mistake[key] for key in ("file", "line", "message", "hint"))
    assert cli("check", "elisa").err == f"{error}\n"


def _list_keys(data: Any) -> set[str]:
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return {*(data if isinstance(data, dict) else ())}.union(*map(_list_keys, inside))


@pytest.mark.parametrize("row", re.findall(r"^\| `benchsheet (.+ --json)` \| .+? \| (.+) \|$", PAGE, re.MULTILINE), ids=lambda row: row[0].split()[0])
def test_json_of_a_command_has_the_keys_of_the_page_and_no_others(row, cli):
    command, told = row
    assert cli("new", "elisa").code == 0
    Path("elisa/protocol.yml").write_text(Path("elisa/protocol.yml").read_text("utf-8") + "\nfoo: 1\n", "utf-8")
    bs.render("srb").save("sheet.json")
    assert _list_keys(json.loads(cli(*shlex.split(command)).out)) == {*re.findall(r"`(\w+)`", told)}


@pytest.mark.parametrize("name", CALCULATORS)
def test_each_calculator_answers_its_example(name, cli):
    calculator = CALCULATORS[name]
    first = calculator.one_of[:1]
    needed = [
        each for each in calculator.options if each.example and (each.name in first or each.name not in calculator.one_of and not each.optional)
    ]
    answer = bs.calculate(name, **{f"{each.name}_" if each.name == "in" else each.name: each.example for each in needed})
    typed = [word for each in needed for word in (each.flag, each.example)]
    printed = {each["name"]: each["text"] for each in json.loads(cli("calc", name, *typed, "--json").out)}
    assert answer.texts == printed
    for key, result in answer.results.items():
        kind = result.kind if isinstance(result, bs.Quantity) else "number"
        assert amount_text(result.value if isinstance(result, bs.Quantity) else result, kind) == printed[key]


def test_an_option_that_is_a_word_of_python_has_an_underscore():
    """`in` is what the stock goes into: an acid that is poured into bleach is refused, which the acid alone is not."""
    given = {"of": "HCl", "stock": "6 M", "final": "1 M", "volume": "6 mL"}
    assert bs.calculate("dilute", **given).texts["stock"] == "1 mL"
    with pytest.raises(bs.ProtocolError, match="chlorine") as caught:
        bs.calculate("dilute", **given, in_="bleach")
    assert caught.value.keywords == ("of", "in")


def test_lists_of_a_calculator_are_typed_as_it_reads_them():
    """20, 30 and 25 cells in squares of 0.1 µL, diluted in two: 25 on average, so 25 x 10 000 x 2 are 500 000 cells/mL."""
    answer = bs.calculate("count", squares=[20, 30, 25], dilution=2)
    assert "500 000 cells/mL" in [text.replace("\u202f", " ") for text in answer.texts.values()]


def test_what_a_newcomer_tries_first_is_told_the_way():
    sheet = bs.render("srb")
    with pytest.raises(KeyError, match="did you mean 'reagents'"):
        sheet["reagent"]
    with pytest.raises(AttributeError, match=r"sheet\['reagents'\] has it"):
        _ = sheet.reagents
    with pytest.raises(TypeError, match="not iterable"):
        list(cast("Any", sheet))
    assert "steps" in sheet
    assert "step" not in sheet
    with pytest.raises(bs.ProtocolError) as file_name:
        sheet.pdf("x.pdf")
    assert file_name.value.hint == "write .save('x.pdf') for a file"
    with pytest.raises(bs.ProtocolError) as day:
        bs.render("srb", start=cast("Any", dt.date(2026, 11, 23)), plate=4)
    assert sorted(part.message for part in day.value.parts) == ["2026-11-23 has no time of day", "srb has no such parameter"]
    for scaled in (lambda: bs.Quantity.parse("50 uL") * 1.1, lambda: bs.Quantity.parse("50 uL") / 2.0):
        with pytest.raises(bs.ProtocolError, match="a float, which is not exact"):
            scaled()
    assert str(bs.Quantity.parse("50 uL") * Fraction("1.1")) == "55 µL"
