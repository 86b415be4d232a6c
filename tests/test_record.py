"""The Record is plain data of a published form: exact numbers, no more keys than the schema says, and no less."""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import benchsheet as bs
from benchsheet import library
from benchsheet.authoring.cases import read_cases
from benchsheet.engine import render
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from tests.record_schema import PAGE, PATH, fill_page, format_keys, format_schema
from tests.records import sample
from tests.test_hands_on_sum import record_of

SCHEMA = json.loads(resources.files("benchsheet.record").joinpath("record.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

# How a unit is printed, and its code in the Unified Code for Units of Measure.
CODES = {
    "µL": "uL", "mL": "mL", "L": "L", "ng": "ng", "µg": "ug", "mg": "mg", "g": "g", "s": "s", "min": "min", "h": "h", "pM": "pmol/L", "nM": "nmol/L",
    "µM": "umol/L", "mM": "mmol/L", "M": "mol/L", "ng/mL": "ng/mL", "µg/mL": "ug/mL", "mg/mL": "mg/mL", "cells": "{cells}", "cells/mL": "{cells}/mL",
    "% w/v": "g/dL", "% v/v": "%{vol}", "%": "%", "X": "{X}", "fold": "{fold}", "g/mol": "g/mol", "°C": "Cel", "nm": "nm", "mm": "mm",
}  # fmt: skip
EXTREME = (
    {"plates": "100"},
    {"solvent": "buffer", "stock": "21 mg/mL", "top_dose": "10 ug/mL"},
    {"stock": "5 mg", "drug": "defactinib", "salt": "HCl"},
    {"vehicle_limit": "0.02 % v/v", "top_dose": "2 uM", "kill_dose": "0.2 uM"},
    {"doses": "10", "plates": "3", "compounds": "a,b"},
    {"have": "10 mM: 50 uL; 1 mM: 60 uL"},
    {"addition": "replace", "fixation": "replace"},
)


def written(record):
    """Return a record's JSON as the command line writes it."""
    return json.dumps(record, ensure_ascii=False, indent=1)


@pytest.fixture(scope="module")
def records(sheet, many_sheets):
    """Records of defaults, extremes, some cases of every protocol, the folder that a new protocol begins with, and random runs."""
    found = [sheet(), *(sheet(**given) for given in EXTREME), *(record for _, record in many_sheets[:: 2 // sample(1) or 1])]
    found += [
        render(library.load_folder(Path(library.protocols_folder()) / "_template")),
        render(library.load_source("srb"), {"plates": "3"}, start="2026-11-23T09:00", name="first passage"),
    ]
    coarse = parse_profile("balances: [{name: shop scale, from: 200 mg, to: 10 kg, step: 200 mg}]\n", "coarse.yml")
    found.insert(0, render(library.load_source("co-ip"), lab=coarse))  # its DTT misses the label, and beads are left in their tubes
    measured = {"lysis": "B", "samples": "ctrl,low", "protein": "1.8; 2.1 mg/mL"}
    found.append(render(library.load_source("western-blot"), measured))
    for name in library.protocol_ids():
        cases = [case for case in read_cases(library.load_source(name)) if not case.refusal][:: 6 // sample(1) or 1]
        found += [render(library.load_source(name), dict(case.arguments)) for case in cases]
    return [json.loads(written(record)) for record in found]


@pytest.fixture
def small(sheet):
    """A Record of all kinds of things, with one well of each group only: the form does not ask for more."""
    record = copy.deepcopy(sheet(stock="5 mg", drug="defactinib", salt="HCl", have="10 mM: 50 uL"))
    assert VALIDATOR.is_valid(thinned(record))
    return thinned(record)


def thinned(record):
    """Return a record with one well of each group: the others hold the same."""
    last_wells = [{group: well for well, group in plate["wells"].items()} for plate in record["plates"]]
    plates = zip(record["plates"], last_wells, strict=True)
    return record | {"plates": [plate | {"wells": {well: group for group, well in wells.items()}} for plate, wells in plates]}


def quantities(data):
    """Return every quantity in a Record."""
    if isinstance(data, dict):
        own = [data] if {"value", "unit", "text"} <= set(data) else []
        return own + [found for value in data.values() for found in quantities(value)]
    return [found for value in data for found in quantities(value)] if isinstance(data, list) else []


def resolved(node):
    """Return a part of the schema with what it refers to."""
    return SCHEMA["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def places(node, data, path=()):
    """Return each object of a Record, by its path, with the part of the schema that describes it."""
    node = resolved(node)
    for branch in node.get("anyOf", ()):
        if VALIDATOR.evolve(schema=branch).is_valid(data):
            yield from places(branch, data, path)
    if isinstance(data, dict) and "properties" in node:
        yield path, node, data
    if isinstance(data, dict):
        for key, value in data.items():
            inner = node.get("properties", {}).get(key) or next(
                (part for form, part in node.get("patternProperties", {}).items() if re.search(form, key)), None
            )
            if inner:
                yield from places(inner, value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            ahead = node.get("prefixItems", [])
            inner = ahead[place] if place < len(ahead) else node.get("items")
            if inner:
                yield from places(inner, value, (*path, place))


def parts(node):
    """Return every part of the schema, itself included."""
    yield node
    for key, value in node.items():
        if key in {"properties", "patternProperties", "$defs"}:
            for inner in value.values():
                yield from parts(inner)
        elif key == "items" and isinstance(value, dict):
            yield from parts(value)
        elif key in {"anyOf", "prefixItems"}:
            for inner in value:
                yield from parts(inner)


def at(record, path):
    for key in path:
        record = record[key]
    return record


def test_the_schema_is_what_the_types_say():
    assert PATH.read_text("utf-8") == format_schema(), "python -m tests.record_schema writes it anew"
    assert PAGE.read_text("utf-8") == fill_page(PAGE.read_text("utf-8"))
    assert f"\n{format_keys()}" in PAGE.read_text("utf-8")


def test_the_schema_is_one_and_strict_in_every_part():
    Draft202012Validator.check_schema(SCHEMA)
    for part in parts(SCHEMA):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert "properties" in part or "patternProperties" in part
        for name, inner in part.get("properties", {}).items():
            assert inner.get("description") or resolved(inner).get("description"), name


def news(data, seen, path=()):
    """Return data without the items of lists that stood in the same list of a record before: what conformed once conforms again."""
    if isinstance(data, dict):
        return {key: news(value, seen, (*path, key)) for key, value in data.items()}
    if not isinstance(data, list) or len(data) < 3 or not isinstance(data[0], dict):
        return data
    fresh = [item for item in data if (path, json.dumps(item)) not in seen] or data[:1]
    seen |= {(path, json.dumps(item)) for item in fresh}
    return [news(item, seen, path) for item in fresh]


def test_every_record_conforms(records):
    assert len(records) >= 50
    seen: set[tuple[tuple[str, ...], str]] = set()
    for number, record in enumerate(records):
        for plate in record["plates"]:
            assert all(re.fullmatch("[A-H]([1-9]|[1-3][0-9]|40)", well) for well in plate["wells"])
        looked_at = record if number < 4 else news(thinned(record), seen)
        wrong = [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(looked_at)]
        assert wrong == [], record["invocation"]["command"]


KEPT = Path(__file__).parent / "kept"


def test_a_record_that_was_kept_conforms_to_its_form():
    assert VALIDATOR.is_valid(json.loads((KEPT / "record-2.json").read_text("utf-8")))
    for name in ("record-1", "record-before-identity"):
        assert not VALIDATOR.is_valid(json.loads((KEPT / f"{name}.json").read_text("utf-8")))


def test_a_record_of_the_form_before_is_brought_into_that_of_today():
    """What that sheet says: a Monday at 9:00 in Vienna, two people, Monday to Friday from 8:00 to 18:00."""
    text = (KEPT / "record-1.json").read_text("utf-8")
    old, made = json.loads(text), bs.upgrade(text)
    new: Any = made.record
    assert VALIDATOR.is_valid(new)
    assert replay(json.dumps(new, ensure_ascii=False)).wrong == []
    assert [part for part in ("totals", "names", "planned") if not any(part in line for line in made.unknown)] == []
    week = [{"weekday": day, "opens": 8 * 3600, "closes": 18 * 3600} for day in range(5)]
    assert new["clock"] == {"started": True, "first_day": "2026-11-23", "zone": "Europe/Vienna", "people": 2, "working_hours": week}
    assert new["invocation"]["given"] == {"doses": "4", "replicates": "3"}
    assert (new["invocation"]["command"], new["invocation"]["start"]) == (old["command"], "2026-11-23T09:00")
    for row in new["schedule"]:
        since = datetime.fromisoformat(row["begin"]["local"]) - datetime(2026, 11, 23, 9)  # noqa: DTZ001 - the clock on the wall
        assert row["begin"]["seconds"] == since.total_seconds()
    for step, before in zip(new["steps"], old["steps"], strict=True):
        assert step["hands_on"]["text"] == before["hands_on"]["rule"]
    assert {"kind": "percent", "text": "10 % + 2 mL in the reservoir"}.items() <= new["reagents"][0]["overage"].items()


def test_the_example_of_the_page_does_what_it_says(tmp_path, monkeypatch, capsys):
    ((code, shown),) = re.findall(r"```python\n(.+?)```\n\n```text\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "old-sheet.json").write_text((KEPT / "record-1.json").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(tmp_path)
    exec(code, {})  # noqa: S102 - of this tree
    assert capsys.readouterr().out == shown


def test_what_is_of_today_stays_and_what_is_no_record_is_refused():
    today = json.loads((KEPT / "record-2.json").read_text("utf-8"))
    assert (bs.upgrade(today).record, bs.upgrade(today).unknown) == (today, ())
    for wrong in ("{}", '{"schema": "benchsheet-record/1"}', "{"):
        with pytest.raises(bs.ProtocolError, match="not a whole record"):
            bs.upgrade(wrong)


def test_a_record_without_an_identity_says_that_it_names_no_run():
    made = bs.upgrade(KEPT / "record-before-identity.json")
    assert any("which run" in line for line in made.unknown)
    assert replay(json.dumps(made.record, ensure_ascii=False)).wrong == []


def test_every_property_of_the_schema_stands_in_some_record(records):
    used = set()
    rounded = record_of("20 s/tube")  # 7 x 20 s are printed as 2.333 min
    more = [record for record in records if record["protocol"]["id"] != "srb"][:3] + [record for record in records if record["clock"]["started"]][:1]
    for record in records[:12] + records[-2:] + more + [rounded]:
        for _, node, data in places(SCHEMA, thinned(record)):
            used |= {(id(node), key) for key in data}
    named = {(id(part), name): f"{part.get('description', '')[:40]}: {name}" for part in parts(SCHEMA) for name in part.get("properties", {})}
    assert [name for key, name in named.items() if key not in used] == []


def test_a_part_that_lacks_a_field_has_another_or_one_of_the_wrong_type_does_not_conform(small):
    tried = set()
    for path, node, data in places(SCHEMA, small):
        if (id(node), *sorted(data)) in tried:
            continue
        tried.add((id(node), *sorted(data)))
        validator = VALIDATOR.evolve(schema=node)
        assert validator.is_valid(data)
        for name in node["required"]:
            assert not validator.is_valid({key: value for key, value in data.items() if key != name}), f"{path} without {name}"
        assert not validator.is_valid(data | {"extra": "x"}), f"{path} with another field"
        for name in data:
            assert not validator.is_valid(data | {name: [{"no": "such thing"}]}), f"{path}: {name}"
    assert len(tried) >= 40


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("steps", 0, "operations", 0, "op"), "pour"),
        (("steps", 0, "operations", 0, "each", "unit"), "µL"),
        (("steps", 0, "operations", 0, "each", "unit"), "mg"),
        (("steps", 0, "operations", 0, "each", "text"), "150 uL"),
        (("steps", 0, "operations", 0, "each", "value"), -150),
        (("steps", 0, "operations", 0, "each", "value"), "150"),
        (("steps", 0, "operations", 0, "count"), 1.5),
        (("steps", 0, "operations", 0, "count"), 0),
        (("steps", 0, "operations", 0, "to"), []),
        (("steps", 0, "at", "unit"), "degC"),
        (("schedule", 0, "kind"), "work"),
        (("schedule", 0, "begin", "seconds"), -1),
        (("schedule", 0, "begin", "local"), "0:00"),
        (("warnings", 0, "level"), "E"),
        (("identity", "inputs"), "1CC7C73C5EB8C5F2"),
        (("seal",), ""),
        (("schema",), "benchsheet-record/1"),
        (("plates", 0, "wells", "B13x"), {}),
        (("hands_on", "value"), None),
    ],
    ids=lambda part: ".".join(map(str, part)) if isinstance(part, tuple) else ascii(part),
)
def test_what_no_bench_knows_does_not_conform(small, path, value):
    at(small, path[:-1])[path[-1]] = value
    assert not VALIDATOR.is_valid(small)


@pytest.mark.parametrize("well", ["A0", "A01", "A41", "A50", "A100", "Q1", "a1", "1A", "A", "AA1", "B 2"])
def test_a_well_is_a_letter_and_a_number_up_to_40_lanes(small, well):
    wells = small["plates"][0]["wells"]
    wells[well] = next(iter(wells.values()))
    assert not VALIDATOR.is_valid(small)


def test_the_value_of_every_quantity_is_the_very_number_in_its_text(records):
    for record in records:
        exact = json.loads(written(record), parse_float=Decimal, parse_int=Decimal)
        found = quantities(exact)
        assert len(found) > 10
        for quantity in found:
            if quantity["value"] is None:
                assert quantity["text"] == "____"
                continue
            number, _, unit = quantity["text"].partition(" ")
            assert Decimal(number.replace("\u202f", "")) == quantity["value"], quantity
            assert CODES[unit] == quantity["unit"], quantity


def test_digits_are_grouped_from_ten_thousand_up_and_never_below(records):
    for record in records:
        for quantity in quantities(record):
            whole = quantity["text"].partition(" ")[0].partition(".")[0].lstrip("-")
            assert re.fullmatch(r"____|\d{1,4}|\d{2,3}(\u202f\d{3})+|\d(\u202f\d{3}){2,}", whole), quantity


def test_no_number_is_written_with_an_exponent_and_none_is_no_number(records):
    for record in records:
        numbers: list[str] = []
        words = written(record)
        json.loads(words, parse_float=numbers.append, parse_int=numbers.append, parse_constant=numbers.append)
        assert len(numbers) > 30
        assert [number for number in numbers if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", number)] == []


def test_a_record_does_not_grow_with_the_plates(sheet):
    few, many = (len(written(sheet(plates=number)).encode()) for number in ("2", "100"))
    assert many <= 1.05 * few


@pytest.mark.parametrize("given", [{}, {"compounds": "a,b,c,d"}, {"doses": "10", "plates": "2"}], ids=str)
def test_every_well_has_a_group_with_role_doses_and_compound(sheet, given):
    record = sheet(**given)
    names = record["parameters"]["compounds"]["value"]
    for plate in record["plates"]:
        assert set(plate["wells"]) == {f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)}
        assert {*plate["wells"].values()} == {*plate["groups"]}
        for group in plate["groups"].values():
            if group["role"] == "dose":
                assert [dose["target"]["value"] > 0 for dose in group["doses"]] == [True]
                assert group["compound"] in names
            assert not group["doses"] or group["role"] in {"dose", "kill"}


def test_steps_whose_titles_differ_in_signs_alone_have_ids_of_their_own_that_name_them():
    steps = "".join(f'{{% step "{title}", hands_on="1 min" %}}\nDo.\n{{% endstep %}}\n' for title in ("Wash 1", "Wash (1)", "洗", "Wash, 1"))
    files = {"protocol.yml": "title: Toy\nversion: 1.0.0\nparameters: {}\n", "protocol.md.j2": steps}
    record = render(Source(id="toy", folder="protocols/toy", files=files, shared_files={}))
    assert [step["id"] for step in record["steps"]] == ["wash-1", "wash-1-2", "step", "wash-1-3"]
    assert [step["follows"] for step in record["steps"]] == [[], ["wash-1"], ["wash-1-2"], ["step"]]


def test_a_record_goes_through_json_and_comes_back_the_same(sheet):
    record = sheet(compounds='x"y,<b>,\\n')
    assert json.loads(written(record)) == record


@pytest.mark.parametrize(("name", "least"), [("srb", 0), ("western-blot", 10), ("co-ip", 20)])
def test_what_a_recipe_is_made_from_stands_above_it(name, least):
    record = render(library.load_source(name), {})
    made = [each["id"] for each in record["preparations"]]
    stocks = [
        (place, part["reagent"]) for place, each in enumerate(record["preparations"]) for part in each["components"] if part.get("reagent") in made
    ]
    assert len(stocks) >= least
    assert [(place, stock) for place, stock in stocks if made.index(stock) > place] == []
