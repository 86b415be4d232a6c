"""Replay believes nothing: it shares no code with the engine, passes every sheet that can be done, and notices every sheet that cannot."""

from __future__ import annotations

import ast
import copy
import functools
import hashlib
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import benchsheet
from benchsheet import library
from benchsheet.authoring.cases import find_differences, read_cases
from benchsheet.engine import render
from benchsheet.errors import ProtocolError, ProtocolErrors
from benchsheet.record.identity import content_digest
from benchsheet.repipette import replay
from tests.records import sample

SRB = library.load_source("srb")
PACKAGE = Path(benchsheet.__file__).parent
GROUPING = "\u202f"
BROKEN_SEAL = "the seal is broken: the record was altered after it was made"


# --- the JSON and its seal, as design section 9 has them, written for these tests alone -----------------------------------


def written(value: Any) -> str:
    """Return JSON with sorted keys, no spaces, non-ASCII unescaped, numbers as plain decimals without exponent or trailing zeros."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{written(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, Decimal):
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return json.dumps(value, ensure_ascii=False)


def placeless(part: Any) -> Any:
    """Return a step or an operation without the line that it stands in."""
    return {key: value for key, value in part.items() if key != "location"}


class Sheet:
    """One record as JSON; every item of it is written once, and again only where a test alters it."""

    def __init__(self, **given: str) -> None:
        self.text = json.dumps(render(SRB, given), ensure_ascii=False)
        self.record: dict[str, Any] = json.loads(self.text, parse_float=Decimal)
        self._done = {id(part): written(part) for part in self.record.values()}
        self._done |= {id(item): written(item) for part in self.record.values() if isinstance(part, list) for item in part}

    def sealed(self, seal: str = "", **parts: Any) -> str:
        """Return the JSON with some of its *parts* altered, and a seal that fits them, or the *seal* given."""
        whole = self.record | parts
        new = {key: self._written(value) for key, value in whole.items() if key != "seal"}
        under = {key: new[key] for key in new if key != "identity"}
        if whole["steps"] and isinstance(whole["steps"], list) and isinstance(whole["steps"][0], dict):
            under["steps"] = written([placeless(step) | {"operations": [placeless(o) for o in step["operations"]]} for step in whole["steps"]])
        rest, over = (",".join(f"{json.dumps(key)}:{some[key]}" for key in sorted(some)) for some in (new, under))
        return f'{{{rest},"seal":"{seal or hashlib.sha256(f"{{{over}}}".encode()).hexdigest()}"}}'

    def _written(self, part: Any) -> str:
        if id(part) in self._done:
            return self._done[id(part)]
        if isinstance(part, list):
            return f"[{','.join(self._done.get(id(item)) or written(item) for item in part)}]"
        return written(part)

    def part(self, name: str, place: int | None = None) -> Any:
        """Return a copy of a part to alter; of a list, *place* says which of its items."""
        if place is None:
            return copy.deepcopy(self.record[name])
        items = list(self.record[name])
        items[place] = copy.deepcopy(items[place])
        return items


@functools.cache
def sheet(*given: tuple[str, str]) -> Sheet:
    return Sheet(**dict(given))


SMALL = (("doses", "4"), ("replicates", "3"), ("counted", "1e6 cells/mL"))
SHEETS = {
    "plain": SMALL,
    "replaced": (*SMALL, ("addition", "replace"), ("fixation", "replace"), ("plates", "2")),
    "biological": (*SMALL, ("solvent", "buffer"), ("stock", "21 mg/mL"), ("top_dose", "10 ug/mL")),
    "weighed": (*SMALL, ("stock", "5 mg"), ("mw", "546.96 g/mol"), ("vehicle_limit", "0.02 % v/v"), ("top_dose", "2 uM"), ("kill_dose", "0.2 uM")),
}


# --- separate code --------------------------------------------------------------------------------------------------------


def _files() -> list[Path]:
    folder = PACKAGE / "repipette"
    return sorted(folder.glob("*.py")) if folder.is_dir() else [PACKAGE / "repipette.py"]


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_replay_imports_the_standard_library_and_itself_alone(path):
    tree = ast.parse(path.read_text("utf-8"))
    inside = {file.stem for file in _files()} - {"__init__"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(name.name.partition(".")[0] in sys.stdlib_module_names for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert str(node.module).partition(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1
            assert {str(node.module).partition(".")[0]} <= inside if node.module else {name.name for name in node.names} <= inside
        elif isinstance(node, ast.Name | ast.Attribute):
            assert getattr(node, "id", getattr(node, "attr", "")) not in {"__import__", "import_module", "exec", "eval", "importlib"}


def test_replay_loads_nothing_of_the_engine():
    code = (
        "import sys, benchsheet.repipette as r; print(*(name for name in sys.modules if name.partition('.')[0] in ('benchsheet', 'jinja2', 'yaml')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "benchsheet.repipette" in loaded
    assert {name for name in loaded if not name.startswith("benchsheet.repipette")} == {"benchsheet"}


# --- what can be done passes ----------------------------------------------------------------------------------------------


CASES = [(name, case) for name in library.protocol_ids() for case in read_cases(library.load_source(name))]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}:{Path(case.file).stem}:{case.line}" for name, case in CASES])
def test_a_case_is_as_claimed_and_replays(name, case):
    if case.refusal:
        with pytest.raises(ProtocolError) as refusal:
            render(library.load_source(name), dict(case.arguments))
        assert case.refusal in str(refusal.value)
        return
    record = render(library.load_source(name), dict(case.arguments))
    assert list(find_differences(case, record)) == []
    assert replay(json.dumps(record, ensure_ascii=False)).wrong == []


LINES = ("A549", "BT-474", "SK-BR-3", "MCF7", "MDA-MB-468", "PC-9", "PANC-1", "KP", "HEY", "HT-29")


def random_values(chance: random.Random) -> dict[str, str]:
    """Return values as a user might give them, with what belongs together; some will be refused."""
    choose = chance.choice
    given = {"plates": str(choose([1, 1, 2, 3, 4, 6, 13, 40, 100])), "doses": str(choose([4, 4, 5, 5, 6, 6, 7, 8, 9, 10]))}
    usual = {
        "cell_line": choose(LINES),
        "exposure": f"{chance.randint(48, 168)} h",
        "seeded": f"{chance.randint(5, 90)}00 cells",
        "counted": f"{chance.randint(12, 99)}0000 cells/mL",
        "medium": f"{choose([75, 80, 90, 100, 110, 120, chance.randint(750, 1200) / 10])} uL",
        "addition": choose(["add", "replace"]),
        "fixation": choose(["layer", "replace"]),
        "replicates": str(chance.randint(3, 5)),
        "dilution": choose(["half-log", "2 fold", "3 fold", "5 fold", "10 fold", "1.5 fold", "1:3 parts", "2.7 fold"]),
        "dye": choose(["0.4 % w/v", "0.057 % w/v"]),
        "kill": choose(["puromycin", "bortezomib"]),
        "confluent": f"{chance.randint(20, 60)}000 cells",
    }
    given |= {name: text for name, text in usual.items() if chance.random() < 0.4}
    kind = chance.random()
    if kind < 0.1:
        given |= {"solvent": "buffer", "stock": choose(["21 mg/mL", "5 mg/mL"]), "top_dose": choose(["10 ug/mL", "50 ug/mL"])}
    elif kind < 0.2:
        given |= {"solvent": "water", "top_dose": choose(["10 uM", "2 uM"])}
    else:
        given |= {
            "vehicle_limit": choose(["0.1 % v/v", "0.1 % v/v", "0.2 % v/v", "0.05 % v/v"]),
            "kill_stock": "10 mM",
            "top_dose": choose(["5 uM", "1 uM", "333 nM"]),
        }
        given |= choose([{}, {"stock": "20 mM"}, {"stock": "5 mg", "mw": f"{chance.randint(200, 900)}.{chance.randint(1, 99):02d} g/mol"}])
    if chance.random() < 0.08 and given.get("solvent") != "buffer":
        given["compounds"] = choose(["A,B", "VS-4718,Y15,x*", "β-lapachone,<b>"])
    return given


RANDOM = sample(100)


@functools.cache
def _random_runs() -> tuple[list[dict[str, str]], list[tuple[dict[str, str], ProtocolError]], list[str]]:
    chance = random.Random(2026)  # noqa: S311 - the same in every run
    made: list[dict[str, str]] = []
    refused: list[tuple[dict[str, str], ProtocolError]] = []
    wrong: list[str] = []
    while len(made) < RANDOM and len(refused) < RANDOM:
        given = random_values(chance)
        try:
            record = render(SRB, given)
        except ProtocolError as error:
            refused.append((given, error))
            continue
        made.append(given)
        wrong += [f"{given}: {found}" for found in replay(json.dumps(record, ensure_ascii=False)).wrong]
    return made, refused, wrong


def test_a_hundred_random_sheets_can_all_be_pipetted_as_printed():
    made, refused, wrong = _random_runs()
    assert wrong == []
    assert len(made) == RANDOM
    assert len(refused) < len(made), Counter(error.message for _, error in refused).most_common(5)


def test_every_random_refusal_has_its_place_and_a_way_out():
    _, refused, _ = _random_runs()
    for given, error in refused:
        for part in error.errors if isinstance(error, ProtocolErrors) else [error]:
            assert part.hint, given
            assert part.file, given
            assert part.line or part.file.startswith("--"), given
            assert not re.search(r"(?<![\w)])[-\u2212]\d", part.message), given


# --- the seal -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHEETS)
def test_the_seal_is_what_the_design_says(name):
    one = sheet(*SHEETS[name])
    assert json.loads(one.sealed())["seal"] == one.record["seal"]
    assert replay(one.sealed()).wrong == []


def test_who_made_a_record_and_from_which_lines_is_outside_its_seal():
    one = sheet(*SMALL)
    steps = one.part("steps")
    for part in (steps[0], *steps[0]["operations"]):
        part["location"]["line"] += 7
    others = {"run": "0" * 16, "inputs": "1" * 16, "engine": {"version": "9.9.9", "build": "2" * 16}}
    made = one.sealed(seal=one.record["seal"], steps=steps, identity=others)
    assert replay(made).wrong == []


@pytest.mark.parametrize("part", [{"run": "0"}, {"inputs": None}, {"engine": {"version": "new", "build": "2" * 16}}], ids=str)
def test_an_identity_that_names_nothing_is_noticed(part):
    one = sheet(*SMALL)
    assert replay(one.sealed(identity=one.record["identity"] | part)).wrong == ["the record does not name its run, its inputs and its engine"]


@pytest.mark.parametrize("name", ["record-before-identity", "record-1", "record-2"])
def test_a_kept_record_of_either_form_is_read_by_its_own_seal(name):
    text = (Path(__file__).parent / "kept" / f"{name}.json").read_text("utf-8")
    assert replay(text).wrong == []
    assert replay(text.replace("Research use only", "For any use")).wrong == [BROKEN_SEAL]
    assert replay(re.sub(r'"line": ?\d+', '"line": 1', text)).wrong == ([BROKEN_SEAL] if "identity" in name else [])


def test_the_seal_holds_for_signs_beyond_ascii():
    one = sheet(("compounds", "β-lapachone,日本"), ("doses", "4"), ("replicates", "3"))
    assert json.loads(one.sealed())["seal"] == one.record["seal"]


def test_a_harmless_alteration_is_told_by_the_old_seal_alone():
    one = sheet(*SMALL)
    altered = one.part("protocol") | {"title": "SRB viability assay, final"}
    assert replay(one.sealed(seal=one.record["seal"], protocol=altered)).wrong == [BROKEN_SEAL]
    assert replay(one.sealed(protocol=altered)).wrong == []


@pytest.mark.parametrize("word", ["slowly", "cold", "wall"])
def test_every_word_of_prose_is_under_the_seal(word):
    one = sheet(*SMALL)
    steps = one.part("steps")
    place = next(n for n, step in enumerate(steps) if word in step["markdown"])
    steps[place]["markdown"] = steps[place]["markdown"].replace(word, "quickly", 1)
    assert replay(one.sealed(seal=one.record["seal"], steps=steps)).wrong == [BROKEN_SEAL]


def test_an_altered_volume_is_told_as_altered_and_by_what_no_longer_holds():
    one = sheet(*SMALL)
    steps = one.part("steps")
    number, place = next((n, k) for n, step in enumerate(steps) for k, o in enumerate(step["operations"]) if o["op"] == "bring")
    steps[number]["operations"][place]["each"] = {"value": 55, "unit": "uL", "text": "55 µL"}
    wrong = replay(one.sealed(seal=one.record["seal"], steps=steps)).wrong
    assert BROKEN_SEAL in wrong
    assert any("55 µL" in found and "bring tca" in found for found in wrong)


# --- every number -----------------------------------------------------------------------------------------------------------


def _grouped(number: Decimal) -> str:
    whole, point, rest = written(number).partition(".")
    return (f"{int(whole):,}".replace(",", GROUPING) if len(whole) > 4 else whole) + point + rest


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of each number: a quantity with its text, or a bare count; the places in files are not part of the bench."""
    if isinstance(value, dict):
        if {"value", "unit", "text"} <= set(value):
            return [path] if value["value"] is not None else []
        return [found for key, inner in value.items() if key != "location" for found in _numbers(inner, (*path, key))]
    if isinstance(value, list):
        return [found for place, inner in enumerate(value) for found in _numbers(inner, (*path, place))]
    return [path] if isinstance(value, int | Decimal) and not isinstance(value, bool) else []


def _changed(part: Any, path: tuple[Any, ...], factor: Decimal) -> None:
    """Change the number at *path*, value and text alike."""
    for key in path[:-1]:
        part = part[key]
    last = part[path[-1]]
    if not isinstance(last, dict):
        part[path[-1]] = last + 1
        return
    old = Decimal(last["value"])
    new = (old * factor if old else Decimal(5)).normalize()
    assert last["text"].startswith(_grouped(old) + " ")
    last["text"] = last["text"].replace(_grouped(old), _grouped(new), 1)
    last["value"] = int(new) if new == int(new) else new


# Only limits can be altered without harm: a larger well holds what a smaller one holds. They are tried below what is poured.
LIMITS = ("capacity", "fixing_limit", "working_range")
# What nothing on the sheet is worked out from: the molar mass of a solid that is weighed by % w/v.
IDLE = ("molar_mass",)
FACTORS = (Decimal("1.1"), Decimal("0.5"), Decimal(10))


def _all_numbers(one: Sheet) -> list[tuple[str, tuple[Any, ...]]]:
    steps = [
        ("steps", (place, key, *path))
        for place, step in enumerate(one.record["steps"])
        for key in ("operations", "claims", "hands_on", "number")
        for path in _numbers(step[key])
    ]
    others = [(part, path) for part in ("preparations", "reagents", "vessels", "waste", "totals") for path in _numbers(one.record[part])]
    return [(part, path) for part, path in steps + others if not {*LIMITS, *IDLE} & set(path)]


def _first_of_each(found: Iterable[tuple[Any, Any]], most: int = 1) -> list[Any]:
    """Return, of pairs of a kind and what is of it, the first few of each kind: what is done alike is noticed alike."""
    met: Counter[Any] = Counter()
    kept = []
    for kind, each in found:
        met[kind] += 1
        if met[kind] <= sample(most):
            kept.append(each)
    return kept


def _numbers_by_kind(one: Sheet, most: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the first *most* numbers of each kind: where it stands in the Record and, of an operation, its step and its verb."""
    found = []
    for part, path in _all_numbers(one):
        in_operation = path[1:2] == ("operations",)
        op = one.record[part][path[0]]["operations"][path[2]]["op"] if in_operation else ""
        found.append(((part, path[0] if in_operation else "", op, *(name for name in path if isinstance(name, str))), (part, path)))
    kept = _first_of_each(found, most)
    assert len(kept) > 80
    return kept


@pytest.mark.parametrize(("name", "most"), [("plain", 2), ("replaced", 1), ("biological", 1), ("weighed", 1)])
def test_every_kind_of_number_changed_by_hand_is_noticed_though_the_seal_fits(name, most):
    one = sheet(*SHEETS[name])
    assert len(_all_numbers(one)) > 250
    missed = []
    for place, (part, path) in enumerate(_numbers_by_kind(one, most)):
        altered = one.part(part, path[0])
        _changed(altered, path, FACTORS[place % len(FACTORS)])
        if not replay(one.sealed(**{part: altered})).wrong:
            missed.append((part, *path))
    assert missed == []


@pytest.mark.parametrize("name", ["plain", "biological", "weighed"])
def test_a_tube_on_the_list_that_is_not_what_the_step_fills_it_with_is_noticed(name):
    """Its parts a microlitre more and less, so that they still add up; one part called another reagent; its step another."""
    one = sheet(*SHEETS[name])
    missed = []
    for place, tube in enumerate(one.record["preparations"]):
        if not tube["step"] or len(tube["components"]) < 2 or any(part["amount"]["unit"] != "uL" for part in tube["components"]):
            continue
        for how in ("amounts", "reagent", "step"):
            made = one.part("preparations", place)
            first, second, *_ = made[place]["components"]
            if how == "amounts":
                for part, more in ((first, 1), (second, -1)):
                    old = Decimal(part["amount"]["value"])
                    part["amount"] = {"value": old + more, "unit": "uL", "text": f"{written(old + more)} µL"}
            elif how == "reagent":
                second.pop("from", None)
                second["reagent"] = "water"
            else:
                made[place]["step"] += 1
            if not replay(one.sealed(preparations=made)).wrong:
                missed.append((tube["id"], how))
    assert missed == []


def test_hands_on_time_that_is_not_the_sum_of_the_steps_is_noticed():
    one = sheet(*SMALL)
    altered = {"hands_on": one.part("hands_on")}
    _changed(altered, ("hands_on",), Decimal("1.1"))
    assert any("hands-on" in found for found in replay(one.sealed(**altered)).wrong)


@pytest.mark.parametrize(("protocol", "start"), [("srb", "2026-11-23T09:00"), ("western-blot", ""), ("co-ip", "2026-11-23T09:00")])
def test_a_planned_time_that_the_schedule_does_not_have_is_noticed(protocol, start):
    """A minute more for the unit that waits longest, and a minute less for the one that waits least."""
    record: Any = render(library.load_source(protocol), {}, start=start)
    assert record["planned"]
    assert replay(json.dumps(record, ensure_ascii=False)).wrong == []
    for place in range(len(record["planned"])):
        for key, more in (("shortest", -1), ("longest", 1)):
            altered = copy.deepcopy(record)
            told = altered["planned"][place][key]
            seconds = told.get("seconds", told["value"] * {"s": 1, "min": 60, "h": 3600}[told["unit"]])
            altered["planned"][place][key] = {"value": seconds // 60 + more, "unit": "min", "text": f"{_grouped(Decimal(seconds // 60 + more))} min"}
            altered["seal"] = content_digest(altered)
            assert any(f"for its {key}" in found for found in replay(json.dumps(altered, ensure_ascii=False)).wrong)


def test_a_limit_below_what_is_poured_is_noticed():
    """Brims and fixing limits a hundredth of what they are; a working range that ends below, or begins above, what the cells rest in."""
    one = sheet(*SMALL)
    missed = []
    for path in [path for path in _numbers(one.record["vessels"]) if {*LIMITS} & set(path)]:
        vessels = one.part("vessels", path[0])
        _changed(vessels, path, Decimal(10) if path[-2:] == ("working_range", 0) else Decimal("0.01"))
        if not replay(one.sealed(vessels=vessels)).wrong:
            missed.append(path)
    assert missed == []


def test_a_concentration_in_the_waste_that_is_changed_is_noticed():
    one = sheet(*SMALL)
    missed = []
    for place, stream in enumerate(one.record["waste"]):
        for component in stream["components"]:
            waste = one.part("waste", place)
            _changed(waste, (place, "components", component), Decimal("1.1"))
            if not replay(one.sealed(waste=waste)).wrong:
                missed.append((stream["stream"], stream["step"], component))
    assert missed == []


def test_a_number_that_its_text_does_not_say_is_noticed():
    """The value alone, the text alone, or the unit alone, in turn."""
    one = sheet(*SMALL)
    missed = []
    for place, (part, path) in enumerate(_numbers_by_kind(one, 1)):
        key, new = (("value", Decimal("77.7")), ("text", "77.7 µL"), ("unit", "mol"))[place % 3]
        altered = one.part(part, path[0])
        inner = altered
        for step in path:
            inner = inner[step]
        if isinstance(inner, dict):
            inner[key] = new
            if not replay(one.sealed(**{part: altered})).wrong:
                missed.append((part, *path, key))
    assert missed == []


# --- operations, words, wells ---------------------------------------------------------------------------------------------


def _operations(one: Sheet, most: int = 1) -> list[tuple[int, int, Any]]:
    """Return the step, the place and the operation of the first of each verb, from and into what kind of vessel, in each step."""
    every = ((number, place, op) for number, step in enumerate(one.record["steps"]) for place, op in enumerate(step["operations"]))
    kept = _first_of_each((((n, op["op"], op["to"][0].partition("/")[0], "from" in op), (n, place, op)) for n, place, op in every), most)
    assert len(kept) > 15
    return kept


@pytest.mark.parametrize("again", [False, True], ids=["left out", "done twice"])
@pytest.mark.parametrize("name", SHEETS)
def test_every_operation_left_out_or_done_twice_is_noticed(name, again):
    one = sheet(*SHEETS[name])
    missed = []
    for number, place, operation in _operations(one):
        steps = one.part("steps", number)
        steps[number]["operations"][place : place + 1] = [operation, operation] if again else []
        if not replay(one.sealed(steps=steps)).wrong:
            missed.append((steps[number]["title"], operation["op"], operation["to"]))
    assert missed == []


def test_an_operation_for_more_places_than_there_are_is_noticed_though_its_total_fits():
    one = sheet(*SMALL)
    missed = []
    for number, place, operation in _operations(one):
        steps = one.part("steps", number)
        altered = steps[number]["operations"][place]
        altered["count"] *= 2
        _changed(altered, ("total",), Decimal(2))
        if not replay(one.sealed(steps=steps)).wrong:
            missed.append((steps[number]["title"], operation["op"], operation["to"]))
    assert missed == []


def test_an_operation_into_the_wrong_wells_is_noticed():
    one = sheet(*SMALL)
    missed = []
    for number, step in enumerate(one.record["steps"]):
        for place, operation in enumerate(step["operations"]):
            if operation["to"][0].startswith("culture/"):
                steps = one.part("steps", number)
                elsewhere = "culture/edge" if "culture/edge" not in operation["to"] else "culture/vehicle"
                steps[number]["operations"][place]["to"][0] = elsewhere
                if not replay(one.sealed(steps=steps)).wrong:
                    missed.append((step["title"], operation["op"], operation["to"]))
    assert missed == []


def test_a_tube_that_is_taken_for_another_is_noticed():
    """Dose 2 into the wells of dose 1: the volumes are the same, the claims are not."""
    one = sheet(*SMALL)
    steps = one.part("steps")
    treat = next(step for step in steps if step["title"] == "Treat")
    taken = next(o for o in treat["operations"] if o.get("from") == "working/dose 1")
    other = next(o for o in treat["operations"] if o.get("from") == "working/dose 2")
    taken["from"], other["from"] = other["from"], taken["from"]
    assert any("dose 1" in found for found in replay(one.sealed(steps=steps)).wrong)


AMOUNT = re.compile(r"(?<![\w.])\d[\d.\u202f]*(?= (?:µL|mL|cells|min|h|s|°C|nm|pM|nM|µM|mM|% w/v|% v/v|µg/mL|ng/mL)\b)")


def _kind_of_amount(words: str, match: re.Match[str]) -> tuple[str, bool]:
    """Return the unit, and whether the amount stands in a table."""
    return words[match.end() : match.end() + 4], words[words.rfind("\n", 0, match.start()) + 1 :].startswith("|")


@pytest.mark.parametrize("name", ["plain", "weighed"])
def test_every_amount_changed_in_the_words_of_a_step_is_noticed(name):
    """In prose and in the tables of the tubes; reagents' own names, like '50 % (w/v) TCA', hold amounts that no verb said."""
    one = sheet(*SHEETS[name])
    missed = []
    for number, step in enumerate(one.record["steps"]):
        words = step["markdown"]
        found = ((_kind_of_amount(words, match), match) for match in AMOUNT.finditer(words))
        for match in _first_of_each(found, 2):
            line = words[words.rfind("\n", 0, match.start()) + 1 : words.find("\n", match.end()) if "\n" in words[match.end() :] else len(words)]
            end = words[match.end() : match.end() + 12]
            if any(f"{match[0]}{end}"[:9] in reagent["name"] for reagent in one.record["reagents"]):
                continue
            if "| is " in line:  # a dose that is its stock: the reagent says its own strength
                continue
            steps = one.part("steps", number)
            steps[number]["markdown"] = words[: match.start()] + "77.7" + words[match.end() :]
            if not replay(one.sealed(steps=steps)).wrong:
                missed.append((step["title"], match[0] + end, line[:80]))
    assert missed == []


def test_a_well_moved_on_the_plate_map_is_noticed():
    one = sheet(*SMALL)
    missed = []
    for place, plate in enumerate(one.record["plates"]):
        for group in plate["groups"]:
            well = next(well for well, own in plate["wells"].items() if own == group)
            other = next(well for well, own in plate["wells"].items() if own != group)
            for how in ("gone", "off the plate", "onto another", "of another group"):
                plates = one.part("plates", place)
                wells = plates[place]["wells"]
                if how == "gone":
                    del wells[well]
                elif how == "off the plate":
                    wells["B13"] = wells.pop(well)
                elif how == "onto another":
                    wells[other] = wells.pop(well)
                else:
                    wells[well] = wells[other]
                if not replay(one.sealed(plates=plates)).wrong:
                    missed.append((plate["layout"], group, how))
    assert missed == []


def test_a_well_that_shows_another_dose_or_role_than_its_group_is_noticed():
    one = sheet(*SMALL)
    (plate,) = [place for place, plate in enumerate(one.record["plates"]) if plate["vessel"] == "culture"]
    other = {"component": "inhibitor", "target": {"value": 3, "unit": "umol/L", "text": "3 µM"}}
    for well, change in (("B3", {"doses": [other]}), ("B4", {"role": "vehicle"}), ("B5", {"doses": []}), ("B3", {"labels": {"sample": "a"}})):
        plates = one.part("plates")
        group = plates[plate]["wells"][well]
        plates[plate]["groups"][group] |= change
        assert any(group in found for found in replay(one.sealed(plates=plates)).wrong)


def test_a_plate_more_or_less_and_a_group_of_another_size_are_noticed():
    one = sheet(*SHEETS["replaced"])
    plates = one.part("plates")
    plates[0]["names"].append("plate 9")
    assert replay(one.sealed(plates=plates)).wrong
    plates = one.part("plates")
    plates[0]["names"].pop()
    assert replay(one.sealed(plates=plates)).wrong
    for place, vessel in enumerate(one.record["vessels"]):
        for group in range(len(vessel["groups"])):
            vessels = one.part("vessels")
            vessels[place]["groups"][group]["size"] += 1
            assert replay(one.sealed(vessels=vessels)).wrong, vessel["groups"][group]["id"]


def test_what_replay_says_is_wrong_names_the_step_and_never_a_negative_amount():
    one = sheet(*SMALL)
    for number, place, _ in _operations(one):
        steps = one.part("steps", number)
        del steps[number]["operations"][place]
        for found in replay(one.sealed(steps=steps)).wrong:
            assert not re.search(r"(?<![\w)])[-\u2212]\d", found), found
    steps = one.part("steps")
    treat = next(step for step in steps if step["title"] == "Treat")
    treat["operations"][0]["times"] = 2
    assert any(f"step {treat['number']} 'Treat'" in found for found in replay(one.sealed(steps=steps)).wrong)


def test_what_only_the_bench_knows_is_skipped_and_counted():
    uncounted = replay(json.dumps(render(SRB, {"doses": "4"}), ensure_ascii=False))
    assert uncounted.wrong == []
    assert any("cells" in found for found in uncounted.skips)
    counted = replay(json.dumps(render(SRB, {"doses": "4", "counted": "1e6 cells/mL"}), ensure_ascii=False))
    assert (counted.wrong, counted.skips) == ([], [])


# --- garbage --------------------------------------------------------------------------------------------------------------

GARBAGE = [
    "", " ", "null", "true", "7", "NaN", "-Infinity", '"text"', "[]", "{}", "[" * 50_000, '{"a":' * 50_000, "{'a': 1}", "\x00", "\ufeff{}",
    "1" * 5000,
    '{"schema": "benchsheet-record/1"}', '{"schema": "benchsheet-record/2"}', '{"schema": 1}', '{"schema": ["benchsheet-record/1"]}',
    '{"schema": "benchsheet-record/1", "reagents": {}, "stays": 1}', '{"schema": "benchsheet-record/1", "reagents": [], "stays": []}',
]  # fmt: skip


def test_garbage_gets_a_message():
    for text in GARBAGE:
        found = replay(text)
        assert found.wrong, text[:80]
        assert all(isinstance(message, str) and message for message in found.wrong)


def test_a_truncated_record_gets_a_message():
    text = sheet(*SMALL).text
    for end in range(0, len(text), 1997):
        assert replay(text[:end]).wrong


PARTS = ("counts", "retained", "reagents", "preparations", "vessels", "plates", "steps", "hands_on", "waste", "warnings", "seal")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("instead", [None, [], {}, "x", -1, [None], [[]], {"a": {}}, True], ids=repr)
def test_a_record_with_a_part_of_another_form_gets_a_message(part, instead):
    one = sheet(*SMALL)
    text = one.sealed(**{part: instead}) if part != "seal" else one.sealed(seal=str(instead))
    if part in ("counts", "warnings"):  # nothing of the bench rests on these: the seal alone speaks for them
        text = one.sealed(seal=one.record["seal"], **{part: instead})
    assert replay(text).wrong


def test_a_hundred_records_broken_at_random_get_a_message_and_no_traceback():
    """One thing taken away, or replaced by a thing of another form, anywhere; where that does no harm to the bench, the old seal tells it."""
    one = sheet(*SMALL)
    chance = random.Random(100)  # noqa: S311
    for _ in range(100):
        record = json.loads(one.text, parse_float=Decimal)
        inner: Any = record
        while True:
            key = chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            if not isinstance(inner[key], dict | list) or not inner[key] or chance.random() < 0.2:
                break
            inner = inner[key]
        old = inner[key]
        if chance.random() < 0.5:
            del inner[key]
        else:
            inner[key] = chance.choice([None, [], {}, "x", -1, 10**30, Decimal("0.1"), [old], {"value": old}, True, "\ud800"])
            if inner[key] == old:
                continue
        assert replay(json.dumps(record, ensure_ascii=True, default=float)).wrong, (key, old, inner)


@pytest.mark.parametrize("number", ["1e400000000", "-1e400000000", "1e-400000000", "NaN", "Infinity", "-5", "1" + "0" * 4000])
def test_a_number_beyond_all_measure_gets_a_message_in_good_time(number):
    """In a process of its own, so that one that never ends is a failure and not the end of the tests."""
    one = sheet(*SMALL)
    text = one.text.replace('"each": {"value": 150,', f'"each": {{"value": {number},', 1)
    assert text != one.text
    code = "import sys; from benchsheet.repipette import replay; found = replay(sys.stdin.read()); print(len(found.wrong))"
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, encoding="utf-8", timeout=5, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) > 0
