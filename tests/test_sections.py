"""protocol.yml is declared once: what the reader takes, the tables of the guide and the schema for editors are one."""

from __future__ import annotations

import json
import random
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from benchsheet import library
from benchsheet.authoring import key_tables
from benchsheet.engine import load_protocol
from benchsheet.errors import ProtocolError
from benchsheet.protocol.parameters.forms import FORMS, QUANTITY
from benchsheet.protocol.reader import read_protocol
from benchsheet.protocol.sections import DECLARED_SECTIONS, VESSELS
from benchsheet.protocol.source import Source

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
SHIPPED = resources.files("benchsheet.protocol").joinpath("protocol.schema.json").read_text("utf-8")
SCHEMA = Draft202012Validator(json.loads(SHIPPED))
SPEC = """\
title: Toy
version: 1.0.0
authors: [A. Tester]
checked: {B. Tester: "2026-11-30"}
parameters:
  plates: {count: plate, default: 1, min: 1, max: 9}
  names: {names: sample, default: 2}
  medium: {default: 100 uL, min: 50 uL, max: 200 uL}
  shaken: {flag: "yes", default: "no"}
  mode: {choices: [wet, dry], default: wet}
ask: [plates, medium]
words: {page: [toy assay]}
reagents:
  acid: {name: acid, contains: {acid: 1 M}, make: {from: strong, rest: water}}
  strong: {name: strong acid, contains: {acid: 10 M}, overage: {percent: 10 %}}
  water: {name: water}
vessels:
  plate: {labware: plate-96, count: plates, groups: {wells: {at: "A1:H3", first: names}}}
  rack: {tubes: names, holds: 1 mL}
  bottle: {holds: 1 L}
  tank: {tanks: plates, gel: mini-10}
  dish: {labware: dish-10cm, each: names}
equipment:
  rotor: {name: rotor, places: 24, takes: {from: medium}}
controls:
  blank: {why: subtracted}
gates:
  blank: {limit: A < 0.1, reading: dye}
hours:
  wait: {from: One, to: Two, meant: 2 h, say: "{planned} for {meant}"}
derived:
  wells: {from: plates * 3}
checks:
  many: {if: plates > 8, level: refuse, say: too many}
vehicle: {component: acid, limit: 1 % v/v, in: plate/wells}
size: "{plates} plates"
totals: [{say: "{plates} plates", when: plates > 1}]
waste:
  acid: {say: as your site allows}
"""


def read(text: str) -> None:
    read_protocol(Source(id="toy", folder="protocols/toy", files={"protocol.yml": text}, shared_files={}))


def told(text: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        read(text)
    return str(caught.value)


def is_valid(text: str) -> bool:
    """Return whether an editor that knows the schema has nothing to mark."""
    return bool(SCHEMA.is_valid(yaml.safe_load(text)))


# --- one table -------------------------------------------------------------------------------------------------------------------


def test_the_schema_that_is_shipped_is_that_of_the_table():
    assert key_tables.schema_text() == SHIPPED, "python -m benchsheet.authoring.key_tables schema > macros/benchsheet/protocol/protocol.schema.json"


def test_the_tables_of_the_guide_are_those_of_the_table():
    assert key_tables.keys_page() == (GUIDE / "keys.md").read_text("utf-8"), "python -m benchsheet.authoring.key_tables keys > docs/guide/keys.md"
    for name in ("sections", "forms"):
        assert key_tables.WRITERS[name]() in (GUIDE / "index.md").read_text("utf-8"), name


@pytest.mark.parametrize("name", [*library.protocol_ids(), "_template"])
def test_the_schema_takes_the_protocols_of_the_package(name):
    text = library.load_text(Path(library.protocols_folder()) / name / "protocol.yml")
    assert [error.message for error in SCHEMA.iter_errors(yaml.safe_load(text))] == []


def test_the_reader_and_the_schema_take_the_example():
    read(SPEC)
    assert is_valid(SPEC)


# --- what nothing reads is refused -----------------------------------------------------------------------------------------------

# Where an entry ends, a key that something else reads, and what is said.
STRAY = {
    "a section": ("version: 1.0.0", "version: 1.0.0\nlive: x", "a protocol has no 'live'"),
    "another section": ("version: 1.0.0", "version: 1.0.0\ntroubleshooting: {a: b}", "a protocol has no 'troubleshooting'"),
    "plates": ("labware: plate-96,", "labware: plate-96, note: x,", "a vessel has no 'note'"),
    "plates with times": ("labware: plate-96,", "labware: plate-96, times: 2,", "a vessel with groups has no 'times'"),
    "a group": ("first: names", "first: names, note: x", "a group has no 'note'"),
    "a rack": ("holds: 1 mL", "holds: 1 mL, gel: mini-10", "a rack has no 'gel'"),
    "a container": ("{holds: 1 L", "{holds: 1 L, labware: dish-10cm", "a container has no 'labware'"),
    "tanks": ("gel: mini-10", "gel: mini-10, count: 2", "tanks has no 'count'"),
    "a row": ("each: names", "each: names, gel: mini-10", "a row of places has no 'gel'"),
    "a recipe": ("rest: water", "rest: water, with: x", "'make' has no 'with'"),
    "an overage": ("percent: 10 %", "percent: 10 %, spare: 1", "'overage' has no 'spare'"),
    "a flag": ('flag: "yes"', 'flag: "yes", min: 1', "a parameter with 'flag' has no 'min'"),
    "a choice": ("dry]", "dry], max: 1", "a parameter with 'choices' has no 'max'"),
    "names": ("names: sample", "names: sample, kind: volume", "a parameter with 'names' has no 'kind'"),
    "a count": ("{count: plate,", "{count: plate, or: {kind: mass},", "a parameter with 'count' has no 'or'"),
    "a quantity": ("min: 50 uL", "min: 50 uL, hands: {a: b}", "a quantity has no 'hands'"),
    "equipment": ("from: medium", "from: medium, per: x", "'takes' has no 'per'"),
    "a total": ("when: plates > 1", "when: plates > 1, level: note", "a sentence has no 'level'"),
    "the vehicle": ("limit: 1 % v/v", "limit: 1 % v/v, why: x", "'vehicle' has no 'why'"),
}


@pytest.mark.parametrize("where", STRAY)
def test_a_key_that_nothing_reads_is_refused_by_the_reader_and_by_the_schema(where):
    old, new, words = STRAY[where]
    assert SPEC.count(old) == 1
    text = SPEC.replace(old, new)
    message = told(text)
    line = next(number for number, (one, two) in enumerate(zip(text.splitlines(), [*SPEC.splitlines(), ""], strict=False), 1) if one != two)
    assert message.startswith(f"protocols/toy/protocol.yml:{line}: {words}")
    assert "\n  hint: " in message
    assert not is_valid(text)


def test_every_kind_of_entry_is_tried():
    assert {"tanks", "tubes", "holds", "each", ""} == VESSELS.keys()
    assert set(DECLARED_SECTIONS) - {"summary", "changelog", "stays", "uses", "leftovers", "citations"} <= yaml.safe_load(SPEC).keys()


# A value of another shape, and the words for it; most kinds of value are in several sections.
SHAPES = {
    "a list for a text": ("{name: acid,", "{name: [a, b],", "'name' is a text, not a list"),
    "a text for a mapping": ("contains: {acid: 1 M}", "contains: acid", "'contains' is a mapping, not a text"),
    "a mapping for words": ("why: subtracted", "why: subtracted, cite: {a: b}", "'cite' is a list of words"),
    "a text for an entry": ("blank: {why: subtracted}", "blank: subtracted", "'blank' is a mapping, not a text"),
    "no yes or no": ("name: rotor,", "name: rotor, counted: perhaps,", "'counted' is yes or no, not 'perhaps'"),
    "a use that there is not": ("gel: mini-10", "gel: mini-10, use: tranfer", "'use' is transfer, not 'tranfer'"),
    "a list of totals": ('{say: "{plates} plates", when: plates > 1}', "[a, b]", "'totals' is a text, not a list"),
    "a lacking key": ("{limit: A < 0.1, reading: dye}", "{limit: A < 0.1}", "a gate needs a 'reading'"),
    "a key of the vehicle": (", in: plate/wells", "", "'vehicle' needs a 'in'"),
    "a list for a waste": ("acid: {say: as your site allows}", "acid: [a, b]", "'acid' is a text, not a list"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_value_of_another_shape_is_refused_by_the_reader_and_by_the_schema(name):
    old, new, words = SHAPES[name]
    assert SPEC.count(old) == 1
    text = SPEC.replace(old, new)
    assert words in told(text)
    assert not is_valid(text)


def test_a_device_without_the_count_of_tubes_does_not_have_it():
    """``counted: no`` was read as yes."""
    made = read_protocol(
        Source(id="toy", folder="toy", files={"protocol.yml": SPEC.replace("name: rotor,", 'name: rotor, counted: "no",')}, shared_files={})
    )
    assert not made.equipment["rotor"].is_counted


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for name, each in tree.items() if isinstance(tree, dict) else ():
        found += _places(each, (*path, name))
    return found


def test_whatever_the_schema_refuses_the_reader_refuses():
    """A drawn value is put in place of one of the example; what the schema marks is no protocol. The reader knows more than shapes."""
    pick = random.Random(17)  # noqa: S311 - the same each time
    places = _places(yaml.safe_load(SPEC))
    for path in pick.sample(places, 25):
        tree = yaml.safe_load(SPEC)
        inner = tree
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = pick.choice([["a", ["b"]], {"x": {"y": ["z"]}}, [{"x": "y"}]])
        text = yaml.safe_dump(tree, sort_keys=False)
        if not is_valid(text):
            assert told(text), path


# --- the forms -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [QUANTITY, *FORMS.values()], ids=lambda form: form.name)
def test_a_form_says_what_it_is_and_has_its_own_schema(form):
    assert form.words
    assert form.declared_as
    names = form.json_schema()["properties"].keys()
    assert names == form.table.keys.keys()
    assert not form.key or form.key in names


# --- for editors -----------------------------------------------------------------------------------------------------------------


def test_a_new_protocol_has_the_schema_beside_it_and_names_it_first(cli, tmp_path):
    assert cli("new", "elisa").code == 0
    first = (tmp_path / "elisa" / "protocol.yml").read_text("utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=protocol.schema.json"
    assert (tmp_path / "elisa" / "protocol.schema.json").read_text("utf-8") == SHIPPED
    assert cli("show", "--schema").out == SHIPPED


@pytest.mark.parametrize(("other", "words"), [("{names: sample}", "'or' of 'medium' is a list"), ("{pairs: yes}", "")])
def test_another_form_of_a_value_is_of_one_value(other, words):
    """Stocks with their volumes are read as one value, and names are many."""
    text = SPEC.replace("medium: {default: 100 uL, min: 50 uL, max: 200 uL}", f"medium: {{default: 100 uL, or: {other}}}")
    if words:
        assert words in told(text)
        return
    medium = read_protocol(Source(id="toy", folder="toy", files={"protocol.yml": text}, shared_files={})).parameters["medium"]
    assert [str(each) for _, *pair in medium.parse("10 mM: 5 uL", ()) for each in pair] == ["10 mM", "5 µL"]


# --- what is asked for first -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.protocol_ids())
def test_a_protocol_asks_first_for_a_handful_of_its_parameters(name):
    protocol = load_protocol(library.load_source(name))
    assert 3 <= len(protocol.ask) <= 6
    order = [parameter.name for parameter in protocol.parameters_to_read]
    assert order[: len(protocol.ask)] == list(protocol.ask)
    assert sorted(order) == sorted(protocol.parameters)
    rest = [each for each in order if each not in protocol.ask]
    assert rest == [each for each in protocol.parameters if each not in protocol.ask]


@pytest.mark.parametrize("name", library.protocol_ids())
def test_what_is_asked_for_first_is_shown_first_and_marked(name, cli):
    protocol = load_protocol(library.load_source(name))
    shown = cli("show", name).out
    first, rest = shown.split("Asked for first:\n")[1].split("All else:\n")
    assert re.findall(r"^--([\w-]+)$", first, re.MULTILINE) == [each.replace("_", "-") for each in protocol.ask]
    assert len(re.findall(r"^--([\w-]+)$", rest, re.MULTILINE)) == len(protocol.parameters) - len(protocol.ask)
    data = json.loads(cli("show", name, "--json").out)
    assert [each["name"] for each in data if each["first"]] == [each for each in protocol.parameters if each in protocol.ask]
