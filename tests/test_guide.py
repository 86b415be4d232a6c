"""Every example of the author's guide is run and does what the sentence beside it says; one that nothing runs is told.

A block of YAML is put into a small protocol that has the sections which the block lacks. Figures are worked out by hand.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from benchsheet import library
from benchsheet.api.table_files import expand_samples
from benchsheet.authoring.cases import find_differences, read_cases
from benchsheet.cli.help import build_render_parser
from benchsheet.cli.options import scan_arguments
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from benchsheet.formats.text import format_text
from benchsheet.lab import Lab, default_lab, parse_profile
from benchsheet.lab.gel_tanks import plan_runs
from benchsheet.protocol.sections import DECLARED_SECTIONS
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.run.verbs import VERBS
from benchsheet.units import parse_quantity
from tests.records import batch_count, batching, dose_of, titles_before, volume, wells_of, when, who_does
from tests.test_documents import EXAMPLES as TYPED_CALCULATIONS

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
PAGES = {
    page.name: page.read_text("utf-8") for page in sorted(GUIDE.glob("*.md")) if page.name not in ("python.md", "record.md", "keys.md", "symptoms.md")
}  # run by test_api.py and test_symptoms.py, and held by test_sections.py
LIBRARY = dict(library.load_source("srb").shared_files)
WORKS = {"references.bib": LIBRARY["references.bib"]}


def _blocks(page: str) -> dict[str, str]:
    """Return the blocks of a page by ``page / heading / language``, a second of one kind with its number."""
    found: dict[str, str] = {}
    under = ""
    tokens = MarkdownIt().parse(PAGES[page])
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            under = tokens[place + 1].content
        elif token.type in ("fence", "code_block"):
            name = f"{page} / {under} / {token.info or 'plain'}"
            number = sum(other.partition(" no. ")[0] == name for other in found) + 1
            found[name if number == 1 else f"{name} no. {number}"] = token.content
    return found


BLOCKS = {name: text for page in PAGES for name, text in _blocks(page).items()}
SPANS = {
    page: {part.content for token in MarkdownIt().parse(text) for part in token.children or () if part.type == "code_inline"}
    for page, text in PAGES.items()
}
RUN: set[str] = set()


def runs(**blocks: str) -> Callable[[Any], Any]:
    """Hand a test the blocks that it runs, each as the argument of its name; so they are counted as run."""
    RUN.update(blocks.values())
    texts = pytest.param(*(BLOCKS.get(name, "") for name in blocks.values()), id=", ".join(blocks.values()))
    return pytest.mark.parametrize(",".join(blocks), [texts])


def table(page: str, head: str) -> list[list[str]]:
    """Return the cells of the table on a page that begins with the row *head*."""
    (_, rest) = PAGES[page].split(f"{head}\n")
    rows = rest.split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1])] for row in rows]


def code(cell: str) -> list[str]:
    """Return what is set as code in a cell."""
    return re.findall(r"`([^`]+)`", cell)


# --- a small protocol around an example ---------------------------------------------------------------------------------------

PLATE = "vessels: {plate: {labware: plate-96, count: plates, groups: {wells: rest}}}\n"
PLATES = "parameters: {plates: {count: plate, default: 1, min: 1, max: 9}}\n"
WATER = "reagents: {water: {name: water}}\n"


def source(spec: str, steps: str, shared: dict[str, str] | None = None, case: str = "") -> Source:
    whole = spec if spec.startswith("title:") else f"title: Toy\nversion: 1.0.0\n{spec}"
    own = {"protocol.yml": whole, "protocol.md.j2": steps} | ({"cases/toy.yml": case} if case else {})
    return Source(id="toy", folder="protocols/toy", files=own, shared_files=WORKS if shared is None else shared, load_sibling=library.load_source)


def step(words: str, options: str = "", title: str = "Do") -> str:
    return f'{{% step "{title}"{options and ", "}{options} %}}\n{words}\n{{% endstep %}}\n'


def sheet(made: Source, lab: str = "", start: str = "", **given: str) -> Any:
    """Return a Record that replays."""
    record: Any = json.loads(json.dumps(render(made, given, _lab(lab), start)))
    assert replay(json.dumps(record)).wrong == []
    return record


def _lab(text: str) -> Lab | None:
    return parse_profile(text, "my-lab.yml") if text else None


def told(made: Source, lab: str = "", start: str = "", **given: str) -> str:
    """Return what is said where there is no sheet."""
    with pytest.raises(ProtocolError) as caught:
        render(made, given, _lab(lab), start)
    return str(caught.value)


def acts(record: Any, number: int = -1) -> list[tuple[str, str, int, str]]:
    """Return what a step does: the verb, of what, in how many places, how much in each."""
    done = record["steps"][number]["operations"]
    return [(each["op"], each.get("reagent", each.get("from", "")), each["count"], each["each"]["text"]) for each in done]


def sizes(record: Any, vessel: str) -> dict[str, int]:
    (found,) = [each for each in record["vessels"] if each["id"] == vessel]
    return {group["id"].partition("/")[2]: group["size"] for group in found["groups"]}


def ready(record: Any) -> dict[str, str]:
    return {each["id"]: each["prepare"]["text"] for each in record["reagents"]}


def parts(record: Any, name: str) -> dict[str, str]:
    (made,) = [each for each in record["preparations"] if each["id"] == name]
    return {part["reagent"]: part["amount"]["text"] for part in made["components"]}


def warned(record: Any) -> list[tuple[str, str, str]]:
    return [(each["code"], each["level"], each["message"].replace("\u202f", " ")) for each in record["warnings"]]


# --- index.md: protocol.yml ------------------------------------------------------------------------------------------------------


def test_the_keys_of_a_protocol_are_those_of_the_table() -> None:
    told_of = [key for row in table("index.md", "| key | holds |") for key in code(row[0])]
    assert sorted(told_of) == sorted(DECLARED_SECTIONS)


# --- index.md: parameters ---------------------------------------------------------------------------------------------------

POURED = step('Give {{ add("water", medium, to="plate/wells") }}.', 'hands_on="5 min/plate"')


@runs(spec="index.md / Parameters / yaml")
def test_one_line_gives_the_option_its_limits_its_help_and_its_validation(spec: str) -> None:
    made = source(spec + WATER + PLATE, POURED)
    assert acts(sheet(made)) == [("add", "water", 96, "100 µL")]
    record = sheet(made, plates="3", medium="180 uL", addition="replace")
    assert acts(record) == [("add", "water", 288, "180 µL")]
    assert record["hands_on"]["text"] == "15 min"  # `/plate` means it
    for given, words in (
        ({"plates": "101"}, "--plates: '101' is not between 1 and 100"),
        ({"medium": "74 uL"}, "--medium: '74 uL' is not between 75 µL and 180 µL"),
        ({"medium": "181 uL"}, "--medium: '181 uL' is not between 75 µL and 180 µL"),
        ({"addition": "sideways"}, "--addition: 'sideways' is not one of add, replace"),
    ):
        assert told(made, **given).startswith(words)
    lines = " ".join(build_render_parser(load_protocol(made)).format_help().split())
    for words in ("--plates", "assay plates", "--medium", "at seeding", "--addition", "on top, or instead of the medium"):
        assert words in lines


FORMS = table("index.md", "| form | key | example of a value |")
VALUES = [(key, value) for _, keys, values in FORMS for key in code(keys) if ": " in key for value in code(values)]
LINES = "title: Lines\ncolumns: {column: {kind: text}}\ndefaults: {evidence: general}\nrows: {one: {column: add}, two: {column: replace}}\n"


def value(declaration: str, typed: str | None = None, above: str = "", **others: str) -> Any:
    """Return what becomes of a parameter ``one`` with this declaration and value."""
    given = others | ({} if typed is None else {"one": typed})
    found: Any = sheet(valued(declaration, above), **given)["parameters"]["one"]
    return found


def valued(declaration: str, above: str = "") -> Source:
    return source(f"parameters:\n{above}  one: {{{declaration}}}\n", step("Do it."), {"table.yml": LINES})


@pytest.mark.parametrize(("key", "typed"), VALUES)
def test_each_form_takes_its_example_of_a_value(key: str, typed: str) -> None:
    found = value(f"{key}, optional: yes", typed)
    assert found["changed"]
    assert found["text"].replace(", ", ",").replace("µL", "uL") == typed


def test_each_form_is_another_one_and_has_an_example() -> None:
    forms = {key: load_protocol(valued(f"{key}, optional: yes")).parameters["one"].form.name for key, _ in VALUES}
    assert list(dict.fromkeys(forms.values())) == ["quantity", "count", "number", "choices", "text", "flag", "names", "pairs"]
    assert len(FORMS) == len(set(forms.values()))
    assert all(code(keys) and code(values) for _, keys, values in FORMS)


def test_names_may_come_from_a_csv_file(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text("name\nctrl\nlow\nhigh\n", "utf-8")
    made = valued("names: sample, default: 2")
    assert expand_samples({"one": str(tmp_path / "my.csv")}, load_protocol(made)) == {"one": "ctrl,low,high"}


ANTIBODIES = """\
columns: {mass_low: {kind: number}, mass_high: {kind: number}, site: {kind: text}, phospho: {kind: text}}
defaults: {evidence: general, phospho: "no"}
own:
  example: 38 kDa, rabbit
  cells:
    kDa: {columns: [mass_low, mass_high], needed: "yes"}
    host: {rows: hosts}
    site: {columns: [site], with: {phospho: "yes"}, named: "p-.*"}
rows: {pFAK: {mass_low: 125, mass_high: 125, site: Y576/Y577, phospho: "yes"}}
"""


def test_rows_of_ones_own_are_told_for_one_run() -> None:
    tables = {"antibodies.yml": ANTIBODIES, "hosts.yml": "columns: {}\nrows: {rabbit: {evidence: general}, goat: {evidence: general}}\n"}
    spec = """\
parameters:
  others: {adds: antibodies, hands: {host: hosts}}
  targets: {choices: {from: antibodies}, list: {min: 1, max: 4}, default: pFAK}
  hosts: {told: targets, choices: {from: hosts}}
derived:
  seen: {from: "table(antibodies, targets, phospho)"}
  high: {from: "table(antibodies, targets, mass_high)"}
"""
    made = source(spec, step("Do it."), tables)
    found = sheet(made, targets="p38; pFAK", others="p38: 38 kDa, rabbit, T180/Y182")
    assert found["parameters"]["hosts"]["text"] == "p38: rabbit"
    assert (found["derived"]["seen"]["text"], found["derived"]["high"]["text"]) == ("yes", "38, 125")
    assert "--others 'NAME: 38 kDa, rabbit'" in told(made, targets="p38")
    without = spec.replace(", hands: {host: hosts}", "")
    assert "hands 'host' to no parameter" in told(source(without, step("Do it."), tables))
    assert "does not say how a row is told" in told(source(spec.replace("adds: antibodies", "adds: hosts"), step("Do it."), tables))


DRUGS = """\
columns: {synonyms: {kind: words}}
rows:
  VS-4718: {synonyms: [PND-1186], evidence: general}
  lapatinib: {evidence: general}
  other: {evidence: general}
"""


def test_a_row_is_taken_by_any_of_its_names() -> None:
    spec = (
        "parameters:\n  compounds: {text: 'yes', default: x, list: {min: 1, max: 4}}\n"
        "  drug: {choices: {from: drugs}, default: other, other: --drug other, list: {as: compounds}}\n"
    )
    made = source(spec, step("Do it."), WORKS | {"drugs.yml": DRUGS})
    by_name = sheet(made, compounds="a,b", **scan_arguments(shlex.split('--drug "a: VS-4718; b: lapatinib"'), "toy", load_protocol(made)).values)
    assert by_name["parameters"]["drug"]["text"] == "VS-4718, lapatinib"
    assert sheet(made, compounds="pnd 1186")["parameters"]["drug"]["text"] == "VS-4718"
    assert sheet(made, compounds="2,4-DNP;")["parameters"]["compounds"]["text"] == "2,4-DNP"
    with pytest.raises(ProtocolError, match="not 'lapatinib'"):
        sheet(made, compounds="VS-4718", drug="lapatinib")


def test_what_is_named_counts_too() -> None:
    made = source('parameters: {who: {names: sample, default: "ctrl,low,high"}}\n', step("Do it.", 'hands_on="2 min/sample"'))
    assert sheet(made)["hands_on"]["text"] == "6 min"


ABOVE = """\
  plates: {count: plate, default: 3}
  solvent: {choices: [DMSO, water], default: DMSO}
  compounds: {text: yes, default: "a,b", list: {max: 4}}
  targets: {text: yes, default: "FAK,GAPDH", list: {max: 4}}
"""
# What is set as code; a declaration with it; what is typed; what the sheet has.
KEYS = {
    "optional: yes": ("kind: volume, {}", None, ""),
    "measured: yes": ("kind: volume, {}", None, ""),
    "list: {min: 1, max: 4}": ("text: yes, default: a, {}", "a,b,c,d", "a, b, c, d"),
    "list: {as: compounds}": ("default: 10 uM, {}", "10; 3 uM", "10 µM, 3 µM"),
    "or: {kind: mass, ...}": ("default: 10 mM, {}", "5 mg", "5 mg"),
    "max: 1 M or 500 mg/mL": ("kind: concentration, default: 10 mM, {}", "500 mg/mL", "500 mg/mL"),
    "told: targets": ("text: yes, {}", "FAK: mouse IgG1; GAPDH: rabbit", "FAK: mouse IgG1; GAPDH: rabbit"),
}
BEYOND = {
    "list: {min: 1, max: 4}": ("a,b,c,d,e", "is 5 values: 1 to 4 are allowed"),
    "list: {as: compounds}": ("10; 3; 1 uM", "is 3 values for 2 compounds"),
    "or: {kind: mass, ...}": ("11 mg", "'11 mg' is too much"),
    "max: 1 M or 500 mg/mL": ("501 mg/mL", "'501 mg/mL' is too much"),
    "told: targets": ("HER2: rabbit", "'HER2' is not among the targets"),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_a_parameter_does_what_the_guide_says(key: str) -> None:
    assert key in SPANS["index.md"]
    declaration, typed, shown = KEYS[key]
    entry = declaration.format(key.replace("...", "max: 10 mg"))
    assert value(entry, typed, ABOVE)["text"] == shown
    if key in BEYOND:
        typed, words = BEYOND[key]
        assert words in told(valued(entry, ABOVE), one=typed)


def test_two_kinds_of_limits_are_both_kept() -> None:
    entry = "kind: concentration, default: 10 mM, max: 1 M or 500 mg/mL"
    assert value(entry, "1 M")["text"] == "1 M"
    assert "'2 M' is too much" in told(valued(entry), one="2 M")


def test_a_default_may_follow_from_what_stands_above() -> None:
    assert value("count: tube, default: {from: 2 * plates}", None, ABOVE)["text"] == "6"
    assert value("count: tube, default: {from: 2 * plates}", None, ABOVE, plates="4")["text"] == "8"


def test_one_value_holds_for_all_of_a_list() -> None:
    asked = f"parameters:\n{ABOVE}  top: {{default: 10 uM, list: {{as: compounds}}}}\n"
    made = source(f"{asked}derived:\n  twice: {{from: 2 * top, for: compounds}}\n", step("Do it."))
    assert [each["text"] for each in sheet(made)["derived"]["twice"]["value"]] == ["20 µM", "20 µM"]
    assert [each["text"] for each in sheet(made, top="10; 3 uM")["derived"]["twice"]["value"]] == ["20 µM", "6 µM"]


def test_a_value_that_does_not_matter_in_a_run_is_told() -> None:
    entry = "default: 10 uM, when: solvent == 'DMSO'"
    assert value(entry, None, ABOVE)["used"]
    assert not value(entry, "3 uM", ABOVE, solvent="water")["used"]


def test_hosts_are_told_by_name_on_the_command_line() -> None:
    typed = '--hosts "FAK: mouse IgG1; GAPDH: rabbit"'
    assert typed in SPANS["index.md"]
    option, words = shlex.split(typed)
    made = source(
        f"parameters:\n{ABOVE}  hosts: {{text: yes, told: targets}}\nderived:\n  of: {{from: \"hosts if known(hosts) else '____'\", for: targets}}\n",
        step("Do it."),
    )
    assert load_protocol(made).parameters["hosts"].option == option
    assert sheet(made, hosts=words)["derived"]["of"]["text"] == "mouse IgG1, rabbit"
    assert sheet(made, hosts=words, targets="GAPDH,HER2,FAK")["derived"]["of"]["text"] == "rabbit, ____, mouse IgG1"


def test_what_is_not_told_is_looked_up_in_a_table() -> None:
    key = "else: table.column"
    asked = f"parameters:\n{ABOVE}  one: {{text: yes, told: targets, {key}}}\n"
    made = source(f"{asked}derived:\n  of: {{from: one, for: targets}}\n", step("Do it."), {"table.yml": LINES})
    assert sheet(made, targets="one,two", one="two: mine")["derived"]["of"]["value"] == ["add", "mine"]


# --- index.md: derived values and checks ------------------------------------------------------------------------------------------

SEEDED = """\
parameters:
  seeded: {default: 1500 cells}
  medium: {default: 100 uL/well}
  lanes: {number: yes, default: 25}
  wells_per_gel: {number: yes, default: 10}
  cells_end: {default: 30000 cells}
  confluent: {default: 30000 cells}
"""


@runs(spec="index.md / Derived values and checks / yaml")
def test_values_follow_from_others_and_a_check_says_what_holds(spec: str) -> None:
    """1500 cells in 100 µL are 15 000 in 1 mL; 25 lanes are 3 gels of 10; 80 % of 30 000 cells are 24 000."""
    made = source(SEEDED + spec, step("Do it.", 'hands_on="5 min/gel"'))
    record = sheet(made)
    assert {name: found["text"].replace("\u202f", " ") for name, found in record["derived"].items()} == {"density": "15 000 cells/mL", "gels": "3"}
    assert (record["counts"], record["hands_on"]["text"]) == ({"gel": 3}, "15 min")
    assert warned(record) == [("overgrown", "W", "1500 cells a well become 30 000 cells")]
    assert warned(sheet(made, cells_end="24000 cells")) == []


BOUND = """\
parameters:
  gel: {choices: [mini-10], default: mini-10}
  volume: {default: 100 uL}
  x: {kind: volume, optional: yes}
  targets: {names: target, default: "FAK,GAPDH"}
  hosts: {text: yes, told: targets}
  compounds: {text: yes, default: "a,b", list: {max: 4}}
  top: {default: 2 uM, list: {as: compounds}}
  inputs: {names: input, default: "in a,in b"}
  eluates: {names: eluate, default: eluate}
"""
# What is set as code, what else may stand for its last word, and what each comes to.
EXPRESSIONS = {
    "table(labware, gel, places)": {"places": "10", "brim": "30 µL", "place": "lane", "rows": "1", "columns": "10"},
    "table(tanks, gel, places)": {"places": "4", "cassettes": "2", "format": "mini"},  # two tanks for 2 gels
    "table(devices, 'rotor', places)": {"places": "24"},
    "table(freezer, 'FAK', host)": {"host": "mouse IgG1", "dilution": "1000 fold", "clone": "9F2"},
    "known(x)": {"x": "no", "volume": "yes"},
    "per(volume, 'well')": {"'well'": "100 µL"},
    "(inputs, eluates)": {"eluates": "in a, in b, eluate"},
}


@pytest.mark.parametrize(("written", "last", "shown"), [(one, last, shown) for one, each in EXPRESSIONS.items() for last, shown in each.items()])
def test_an_expression_of_the_guide_comes_to_what_it_says(written: str, last: str, shown: str) -> None:
    usual = next(iter(EXPRESSIONS[written]))
    assert written in SPANS["index.md"]
    assert last in {usual, "volume", *SPANS["index.md"]}
    expression = written.removesuffix(f"{usual})") + f"{last})"
    made = source(f"{BOUND}derived:\n  found: {{from: {json.dumps(expression)}}}\n", step("Do it."))
    lab = BLOCKS["lab.md / Your lab's profile / yaml"].replace("host: mouse", "host: mouse, clone: 9F2")
    assert sheet(made, lab)["derived"]["found"]["text"] == shown


def test_what_follows_from_an_unknown_value_is_unknown() -> None:
    checks = "checks:\n  large: {if: x > '300 uL', level: refuse, say: large}\n"
    made = source(f"{BOUND}derived:\n  twice: {{from: 2 * x}}\n  sure: {{from: known(twice)}}\n{checks}", step("Do it."))
    assert [found["text"] for found in sheet(made)["derived"].values()] == ["____", "no"]
    assert [found["text"] for found in sheet(made, x="150 uL")["derived"].values()] == ["300 µL", "yes"]
    assert "large" in told(made, x="301 uL")


# Each word of the language with what it comes to.
LANGUAGE = {
    "ceil": ("ceil(2.1)", "3"),
    "floor": ("floor(2.9)", "2"),
    "min": ("min(top)", "2 µM"),
    "max": ("max(3, 2)", "3"),
    "sum": ("sum(top)", "4 µM"),
    "len": ("len(compounds)", "2"),
    "any": ("any((1 > 2, 2 > 1))", "yes"),
    "all": ("all((1 > 2, 2 > 1))", "no"),
    "log2": ("log2(8)", "3"),
    "about": ("about('340800 cells')", "340\u202f000 cells"),
    "pow2": ("pow2(3)", "8"),
    "kind": ("kind(volume)", "volume"),
    "+ - * /": ("1 + 2 * 3 - 4 / 2", "5"),
    "< <= > >= == !=": ("1 < 2 and 2 <= 2 and 3 > 2 and 2 >= 2 and 2 == 2 and 1 != 2", "yes"),
    "and or not in": ("'a' in compounds and not 'c' in compounds or 1 > 2", "yes"),
    "a if b else c": ("1 if volume > '300 uL' else 2", "2"),
    "'500 g' * '10 % w/w'": ("'500 g' * '10 % w/w'", "50 g"),
}


def test_the_guide_tells_percent_by_mass_from_percent_by_volume() -> None:
    spec = f"{BOUND}reagents:\n  acid: {{name: acid, contains: {{acid: 10 % w/w}}}}\n"
    assert "% w/w" in SPANS["index.md"]
    with pytest.raises(ProtocolError, match="'10 % w/w' is a percent by mass"):
        sheet(source(spec, step("Do it.")))


@pytest.mark.parametrize("word", LANGUAGE)
def test_the_language_of_the_guide(word: str) -> None:
    written, shown = LANGUAGE[word]
    functions = "ceil floor min max sum len any all log2 pow2 about kind known per beside table in_sheet"
    assert functions in SPANS["index.md"]
    assert word in {*SPANS["index.md"], *functions.split()}
    found = sheet(source(f"{BOUND}derived:\n  found: {{from: {json.dumps(written)}}}\n", step("Do it.")))
    assert found["derived"]["found"]["text"] == shown


def test_a_value_for_each_item_and_checks_over_a_list_and_over_its_pairs() -> None:
    spec = f"""{BOUND}
derived:
  twice: {{from: 2 * top, for: compounds}}
checks:
  host: {{if: "beside(target, targets, hosts) == 'rabbit'", for: target in targets, level: note, say: "{{target}} is from rabbit"}}
  two: {{if: a != b, for: "a, b in pairs(targets)", level: warn, say: "{{a}} with {{b}}"}}
"""
    for words in ("beside(target, targets, hosts)", "for: target in targets", "for: a, b in pairs(targets)"):
        assert words in SPANS["index.md"]
    record = sheet(source(spec, step("Do it.")), targets="FAK,GAPDH,HER2", hosts="GAPDH: rabbit", top="1; 2 uM")
    assert record["derived"]["twice"]["text"] == "2 µM, 4 µM"
    said = [("host", "N", "GAPDH is from rabbit"), *(("two", "W", f"{pair} with {other}") for pair, other in (("FAK", "GAPDH"), ("FAK", "HER2")))]
    assert warned(record) == [*said, ("two", "W", "GAPDH with HER2")]


def test_a_refusal_says_what_is_wrong_and_then_the_way_out() -> None:
    checks = "checks:\n  much: {if: volume > '300 uL', level: refuse, say: \"{volume} is much | at most 300 µL\"}\n"
    made = source(BOUND + checks, step("Do it."))
    assert warned(sheet(made, volume="300 uL")) == []
    assert told(made, volume="301 uL") == "--volume: 301 µL is much\n  hint: at most 300 µL"


# --- index.md: reagents --------------------------------------------------------------------------------------------------------


@runs(spec="index.md / Reagents / yaml")
def test_a_reagent_is_made_from_what_stands_below_it(spec: str) -> None:
    """96 wells x 100 µL are 9.6 mL; a tenth and 2 mL in the reservoir are 12.56, in two figures up 13 mL of 10 %, a fifth of it 50 %."""
    record = sheet(source(PLATES + spec + PLATE, step('{{ add("acid", "100 uL/well", to="plate/wells") }}')))
    assert ready(record)["acid"] == "13 mL"
    assert parts(record, "acid") == {"tca": "2.6 mL", "water": "10.4 mL"}
    assert parts(record, "tca") == {"solid": "1.3 g", "water": "2.6 mL"}  # up to the mark: 2.6 mL x 50 g in 100 mL
    sized = spec.replace("acid:", "first:").replace(
        "water: {name: water}", "water: {name: water}\n  acid: {name: a, make: {from: first, rest: water}}"
    )
    assert "'acid' is made from 'first', which stands above it" in told(source(PLATES + sized + PLATE, step("Do it.")))


# 9.6 mL are poured, and nothing of it stays behind: what each rule makes of them, by hand.
RULES = {"percent: 20 %": "12 mL", "volume: 1 mL": "11 mL", "least: 20 mL": "20 mL", "percent: 1 %, volume: 3 mL": "13 mL"}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_its_own_replaces_that_of_the_lab(rule: str) -> None:
    reagents = WATER.replace("water}", f"water, overage: {{{rule}}}}}")
    assert ready(sheet(source(PLATES + reagents + PLATE, step('{{ add("water", "100 uL/well", to="plate/wells") }}'))))["water"] == RULES[rule]


def test_a_rule_may_be_so_many_more_places() -> None:
    """98 wells x 100 µL are 9.8 mL."""
    reagents = WATER.replace("water}", "water, overage: {places: 2}}")
    assert ready(sheet(source(PLATES + reagents + PLATE, step('{{ add("water", "100 uL/well", to="plate/wells") }}'))))["water"] == "9.8 mL"


def test_a_hazard_of_what_a_run_names() -> None:
    written = '"{kill} else drug"'
    assert written in SPANS["index.md"]
    columns = "columns: {handling: {kind: text, label: handling}}\ndefaults: {evidence: general, confidence: high, cite: []}\n"
    shared = {"hazards.yml": f"title: Hazards\nabout: none\n{columns}rows: {{drug: {{handling: beware}}, TCA: {{handling: in the hood}}}}\n"}
    spec = (
        f"parameters: {{plates: {{count: plate, default: 1}}, kill: {{text: yes, default: arsenic}}}}\nreagents: {{kill: {{hazards: [{written}]}}}}\n"
    )
    made = replace(source(spec + PLATE, step('{{ add("kill", "1 uL/well", to="plate/wells") }}')), shared_files=shared)
    told = [[(each["name"], each["handling"]) for each in sheet(made, **given)["steps"][0]["hazards"]] for given in ({}, {"kill": "tca"})]
    assert told == [[("arsenic", "beware")], [("TCA", "in the hood")]]


def test_a_reagent_for_each_item_and_a_diluent_that_a_parameter_names() -> None:
    spec = """\
parameters:
  plates: {count: plate, default: 1}
  blocker: {choices: [BSA, milk], default: milk}
  compounds: {text: yes, default: "a,b", list: {max: 4}}
  strength: {default: 10 mM, list: {as: compounds}}
reagents:
  block: {name: block, contains: {Tween-20: 0.1 % v/v}, make: {from: tween, rest: "{blocker}"}}
  drug: {name: "{compounds}, {strength}", for: compounds, contains: {drug: strength}}
  tween: {name: Tween-20, contains: {Tween-20: 10 % v/v}}
  BSA: {name: BSA}
  milk: {name: milk}
"""
    assert {'rest: "{blocker}"', "for: compounds"} <= SPANS["index.md"]
    steps = step('{{ add("block", "100 uL/well", to="plate/wells") }}, {{ add("drug", "1 uL/well", to="plate/wells", compound="b") }}')
    record = sheet(source(spec + PLATE, steps), strength="10; 5 mM")
    assert "milk" in parts(record, "block")
    assert [each["name"] for each in record["reagents"]] == ["block", "b, 5 mM", "Tween-20", "milk"]
    assert "BSA" in parts(sheet(source(spec + PLATE, steps), blocker="BSA"), "block")


# --- index.md: vessels ---------------------------------------------------------------------------------------------------------

DOSES = "parameters:\n  plates: {count: plate, default: 1}\n  doses: {count: dose, default: 8, max: 9}\n"


@runs(spec="index.md / Vessels / yaml")
def test_a_group_is_wells_that_are_treated_alike(spec: str) -> None:
    """Six rows: 6 wells of vehicle, 6 a dose in 8 columns, 6 blanks; of 96 are 36 left."""
    made = source(DOSES + WATER + spec, step('{{ add("water", "100 uL/well", to="culture/read") }}'))
    doses = {f"dose {number}": 6 for number in range(1, 9)}
    assert sizes(sheet(made), "culture") == {"vehicle": 6, **doses, "blank": 6, "edge": 36}
    record = sheet(made, doses="5", plates="2")
    assert sizes(record, "culture") == {"vehicle": 12, **{f"dose {number}": 12 for number in range(1, 6)}, "blank": 12, "edge": 108}
    assert acts(record) == [("add", "water", 84, "100 µL")]  # vehicle, five doses and blanks of two plates
    assert "9 x 'dose' do not fit into 8 places" in told(made, doses="9")


NAMED = """\
parameters:
  samples: {names: sample, default: 12}
  replicates: {count: replicate, default: 1}
  labware: {choices: [plate-6, plate-12], default: plate-6}
  gel: {choices: [mini-10, mini-15], default: mini-10}
  controls: {count: control, default: 2}
  bridge: {count: bridge, default: 1}
  blots: {count: blot, default: 1}
  gels: {count: gel, default: 2}
  membranes: {count: membrane, default: 2}
"""


@runs(spec="index.md / Vessels / yaml no. 2")
def test_where_each_place_is_for_one_name_no_region_is_written(spec: str) -> None:
    """A gel of 10 has a ladder, two controls and a bridge, so 6 samples: 12 are two gels. Two gels in the tank for 4 are 700 mL."""
    taken = (
        '{{ add("water", "1 mL/tube", to="lysate") }}, {{ transfer("10 uL/lane", from_="lysate", to="gel/sample") }}, {{ fill("water", to="tank") }}'
    )
    made = source(NAMED + WATER + spec, step(taken))
    record = sheet(made)
    assert acts(record)[-1] == ("add", "water", 1, "700 mL")
    gels = [[well["role"] for well in wells_of(plate).values()] for plate in record["plates"] if plate["vessel"] == "gel"]
    first = ["ladder", "control", "control", "bridge"]
    assert gels == [[*first, *(f"sample {n}" for n in range(1, 7))], [*first, *(f"sample {n}" for n in range(7, 13))]]
    assert [len(sizes(record, vessel)) for vessel in ("dish", "lysate", "membrane")] == [12, 12, 1]
    # two names, three dishes of each: 6 lanes beside the 4, of 15 are 5 left, and all of it twice
    record = sheet(made, samples="a,b", replicates="3", blots="2", labware="plate-12", gel="mini-15")
    assert sizes(record, "gel") == {"ladder": 2, "control 1": 2, "control 2": 2, "bridge": 2, "empty": 10, **{f"sample {n}": 2 for n in range(1, 7)}}
    assert {group["volume"]["text"] for each in record["vessels"] if each["id"] == "lysate" for group in each["groups"]} == {"980 µL"}
    assert [plate["labware"] for plate in record["plates"] if plate["vessel"] == "dish"] == ["12-well plate"]


def vessel(entry: str, words: str = "Do it.", **given: str) -> dict[str, int]:
    values = "parameters:\n  plates: {count: plate, default: 3}\n  samples: {names: sample, default: 12}\n  kinds: {names: kind, default: 2}\n"
    return sizes(sheet(source(f"{values}{WATER}vessels: {{it: {entry}}}\n", step(words)), **given), "it")


def test_a_family_goes_by_columns_rows_or_regions() -> None:
    """B3 to G10 are 6 rows of 8."""
    assert vessel("{labware: plate-96, groups: {dose: {at: B3:G10, by: row}}}") == {f"dose {n}": 8 for n in range(1, 7)}
    assert vessel("{labware: plate-96, groups: {dose: {at: B3:G10, by: column}}}") == {f"dose {n}": 6 for n in range(1, 9)}
    assert vessel("{labware: plate-96, groups: {dose: {at: [B2:B6, C2:C6, D2:D6], first: 2, wells: 3}}}") == {"dose 1": 3, "dose 2": 3}


def test_a_layout_for_odd_and_one_for_even_plates() -> None:
    sides = "{labware: plate-96, count: plates, layouts: [{plates: odd, groups: {a: B2:G2}}, {plates: even, groups: {a: %s}}]}"
    assert vessel(sides % "B11:G11") == {"a": 18}
    with pytest.raises(ProtocolError, match="'a' has 5 wells on one layout and 6 on another"):
        vessel(sides % "B11:F11")
    only = "{labware: plate-96, layouts: [{when: plates > 3, groups: {a: A1}}, {groups: {b: B1}}]}"
    assert (vessel(only), vessel(only, plates="4")) == ({"b": 1}, {"a": 1})


def test_names_in_a_row_are_kept_together_and_all_is_there_so_many_times() -> None:
    """9 lanes beside the ladder are two blocks of 4; 12 names are then 8 and 4, twice: four gels, a lane of two empty and five of two."""
    found = vessel("{labware: mini-10, each: samples, every: {ladder: 1}, together: 4, copies: 2, rest: left}")
    assert found == {"ladder": 4, "left": 12, **{f"sample {n}": 2 for n in range(1, 13)}}


def test_containers_are_shared_out_and_called_by_place_or_role() -> None:
    assert vessel("{holds: 50 mL, place: box, count: 4, each: kinds}") == {"box 1": 2, "box 2": 2}
    assert vessel("{holds: 50 mL, place: box, count: 4, each: kinds, role: tray}") == {"tray 1": 2, "tray 2": 2}
    assert vessel("{holds: 50 mL, count: 4}") == {"it": 4}


def test_tanks_of_a_lab_for_gels_and_for_the_transfer() -> None:
    """3 gels: one tank for 4; two cassettes in a transfer tank, so it is filled twice."""
    fill = '{{ fill("water", to="it") }}'
    assert vessel("{tanks: 3, gel: mini-10}", fill) == {"tank 1": 1}
    assert vessel("{tanks: 3, gel: mini-10, use: transfer}", fill) == {"tank 1": 2}


def test_a_vessel_may_be_left_out() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        vessel("{tubes: samples, when: plates > 3}")
    assert len(vessel("{tubes: samples, when: plates > 3}", plates="4")) == 12


# --- index.md: steps and cases -----------------------------------------------------------------------------------------------

CULTURE = """\
parameters: {plates: {count: plate, default: 2}}
reagents:
  medium: {name: medium}
  tca: {name: 50 % TCA, contains: {TCA: 50 % w/v}}
vessels: {culture: {labware: plate-96, count: plates, groups: {wells: B2:G11, edge: rest}, sets: {read: [wells]}}}
"""


@runs(steps="index.md / protocol.md.j2 / jinja")
def test_a_step_has_its_times_its_reference_and_its_amounts(steps: str) -> None:
    """A fifth of 250 µL is 50 µL of 50 % for 10 %, in 60 wells of each plate."""
    record = sheet(source(CULTURE, step('{{ add("medium", "200 uL/well", to="culture/read") }}') + steps))
    fix = record["steps"][1]
    assert (fix["title"], fix["hands_on"]["total"]["text"], fix["wait"]["planned"]["text"], fix["at"]["text"]) == ("Fix", "10 min", "60 min", "4 °C")
    assert acts(record) == [("bring", "tca", 120, "50 µL")]
    assert fix["citations"] == [each["key"] for each in record["citations"]] == ["vichai2006"]
    assert [(row["kind"], row["times"]) for row in record["schedule"] if row["step"] == 2] == [("hands_on", 2), ("wait", 2)]  # plate by plate


def timed(options: str, **given: str) -> Any:
    found: Any = sheet(source(PLATES, step("Do it.", options)), **given)["steps"][0]
    return found


def waits(found: Any) -> list[str]:
    return [found["wait"][key]["text"] if found["wait"][key] else "" for key in ("min", "planned", "max")]


# Written as in the tables of index.md and time.md, with the least, the planned and the longest wait.
WAITS = {
    "60 min": ["60 min", "60 min", "60 min"],
    "2 h or more": ["2 h", "2 h", ""],
    "16 h to 24 h": ["16 h", "20 h", "24 h"],
    "12 h to 18 h": ["12 h", "15 h", "18 h"],
}


@pytest.mark.parametrize(("page", "head"), [("index.md", "| option | means |"), ("time.md", "| option | examples | means |")])
def test_the_times_of_the_tables_are_read(page: str, head: str) -> None:
    written: dict[str, list[str]] = {}
    option = ""
    for first, then, *_ in table(page, head):
        option = first.strip("`") or option
        written.setdefault(option, []).extend(code(then))
    assert [waits(timed(f'wait="{wait}"')) for wait in written["wait"]] == [WAITS[wait] for wait in written["wait"]]
    assert len(written["wait"]) == 3
    assert written["hands_on"][0] == "20 min + 5 min/plate"
    assert timed(f'hands_on="{written["hands_on"][0]}"', plates="4")["hands_on"]["total"]["text"] == "40 min"


def test_what_is_aimed_at_within_a_range_is_planned() -> None:
    assert 'plan="14 h"' in SPANS["time.md"]
    assert waits(timed('wait="12 h to 18 h", plan="14 h"')) == ["12 h", "14 h", "18 h"]


def test_a_quantity_is_printed_by_a_verb_and_a_typed_one_is_refused() -> None:
    assert '{{ q("15 s") }}' in SPANS["index.md"]
    assert sheet(source(PLATES, step('Wait {{ q("15 s") }}.')))["steps"][0]["markdown"] == "Wait 15 s."
    assert "'15 s' is typed into the prose, where nothing checks it" in told(source(PLATES, step("Wait 15 s.")))
    assert "hint: write {{ q(" in told(source(PLATES, step("Wait {{ 15 }}.")))


def test_what_only_some_runs_need_stands_in_a_file_that_only_they_read() -> None:
    asked = '{% if strip %}{% include "strip_and_block.md.j2" %}{% endif %}'
    assert asked in SPANS["index.md"]
    made = source("parameters: {strip: {flag: yes, default: no}}", step("Rock.") + asked + "\n" + step("Dry.", title="Dry"))
    aside = '{% step "Strip" %}\nRock for {{ q("10 min") }}.\n{% endstep %}\n'
    whole = replace(made, files={**made.files, "strip_and_block.md.j2": aside})
    assert [each["title"] for each in sheet(whole, strip="yes")["steps"]] == ["Do", "Strip", "Dry"]
    assert [each["title"] for each in sheet(whole)["steps"]] == ["Do", "Dry"]
    wrong = replace(made, files={**made.files, "strip_and_block.md.j2": aside.replace('{{ q("10 min") }}', "10 min")})
    assert len(sheet(wrong)["steps"]) == 2  # it is not read
    assert told(wrong, strip="yes").startswith("protocols/toy/strip_and_block.md.j2:2:")
    assert "there is no file 'strip_and_block.md.j2'" in told(made, strip="yes")


def test_a_file_that_is_put_in_ends_as_its_lines_would() -> None:
    made = source(PLATES, step('One.\n{% include "two.md.j2" %}\nThree.'))
    assert sheet(replace(made, files={**made.files, "two.md.j2": "Two.\n\n"}))["steps"][0]["markdown"] == "One.\nTwo.\n\nThree."


@runs(text="index.md / cases/*.yml / yaml")
def test_the_cases_of_the_guide_hold_for_the_protocol_that_they_are_of(text: str) -> None:
    """(66 x 4 + 12) x 200 µL = 55.2 mL of Tris; 130 + 130 + 65 µL are 325 µL, more than 300."""
    srb = library.load_source("srb")
    own = {name: words for name, words in srb.files.items() if not name.startswith("cases/")}
    sheets, refused = read_cases(Source(id="srb", folder=srb.folder, files=own | {"cases/mine.yml": text}, shared_files=srb.shared_files))
    assert list(find_differences(sheets, render(srb, sheets.arguments))) == []
    with pytest.raises(ProtocolError) as caught:
        render(srb, refused.arguments)
    assert refused.refusal in str(caught.value)


def test_whatever_a_case_may_expect_is_compared() -> None:
    """Each key that the page names, with something that is not so, is told."""
    words = PAGES["index.md"].split("`expect` takes")[1]
    keys = [key for key in code(words) if " " not in key and key != "expect"]
    assert keys == ["shelf", "ready", "counts", "derived", "claims", "warnings", "days", "says"]
    wrong = "".join(f", {key}: {'9' if key in ('warnings', 'days') else '{water: 9 mL}'}" for key in keys)
    case = f"- {{reason: none, given: {{}}, expect: {{Do: {{add water: 9 uL, add water to wells: 9 uL}}{wrong}}}}}\n"
    made = source(PLATES + WATER + PLATE, step('{{ add("water", "100 uL/well", to="plate/wells") }}'), case=case)
    (one,) = read_cases(made)
    found = [each.partition(" is ")[0].partition(" are ")[0].partition(":")[0] for each in find_differences(one, render(made))]
    assert found == ["Do", "Do", *keys]


@runs(tree="index.md / Writing a protocol / plain")
def test_a_new_protocol_has_the_files_of_the_guide_and_nothing_to_mend(cli: Any, tmp_path: Path, tree: str) -> None:
    (tmp_path / "protocols").mkdir()
    for typed in ("benchsheet new my-protocol", "benchsheet check protocols/my-protocol"):
        assert typed in SPANS["index.md"]
        answer = cli(*shlex.split(typed)[1:])
        assert (answer.code, answer.complained) == (0, b"")
    folder, *names = [line.split()[0] for line in tree.splitlines()]
    files = [file for file in (tmp_path / folder).rglob("*") if file.is_file()]
    assert folder == "protocols/my-protocol/"
    assert all(sum(file.match(name) for name in names) == 1 for file in files)
    assert all(any(file.match(name) for file in files) for name in names)


# --- lab.md ----------------------------------------------------------------------------------------------------------------------


@runs(typed="lab.md / Your lab's profile / sh", text="lab.md / Your lab's profile / yaml")
def test_a_profile_is_begun_checked_and_used(cli: Any, tmp_path: Path, typed: str, text: str) -> None:
    for line in typed.splitlines():
        command, *words = shlex.split(line, comments=True)
        assert command == "benchsheet"
        assert cli(*words).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["my-lab.yml"]
    (tmp_path / "my-lab.yml").write_text(text, "utf-8")
    assert cli("lab", "--check", "my-lab.yml").out == "my-lab.yml: nothing to mend\n"


def test_a_lab_of_the_guide_changes_a_sheet() -> None:
    """9.6 mL of water: a tenth more are 10.56, up to 11 mL; 15 % more are 11.04, up to 12 mL."""
    text = BLOCKS["lab.md / Your lab's profile / yaml"]
    made = source(PLATES + WATER + PLATE, step('{{ add("water", "100 uL/well", to="plate/wells") }}'))
    usual, own = sheet(made), sheet(made, text)
    assert (ready(usual)["water"], ready(own)["water"]) == ("11 mL", "12 mL")
    assert usual["identity"]["inputs"] != own["identity"]["inputs"] == sheet(made, text.replace("third floor", "cellar"))["identity"]["inputs"]


@pytest.mark.parametrize(("entry", "stock"), [("TBS: 10 X", "10x TBS"), ("NaCl: 5 M", "5 M NaCl")])
def test_a_stock_of_a_profile_stands_for_its_recipe_and_is_not_made(entry: str, stock: str) -> None:
    assert {entry, stock} <= SPANS["lab.md"]
    given = '{{ add("rinse", "50 uL/well", to="plate/wells") }}, {{ add("lysis", "50 uL/well", to="plate/wells") }}'
    made = source(PLATES + "reagents: {rinse: {recipe: TBST}, lysis: {recipe: RIPA}}\n" + PLATE, step(given), LIBRARY)
    usual, own = ({each["id"] for each in sheet(made, text)["preparations"]} for text in ("", f"stocks: {{{entry}}}\n"))
    assert usual - own == {stock}


# What is set as code, as a line of a profile.
ENTRIES = {
    '{Mon-Fri: "08:00-18:00", Sat: "09:00-13:00"}': "hours: {}",
    "buffer: {2: 700 mL, 4: 1 L}": "tanks: [{{name: tank, format: mini, gels: 4, {}}}]",
    "{a: 1, b: 2}": "overage: {}",
    "[a, b]": "labware: {{mine: {{place: well, rows: 1, columns: 1, working: {}, fixing: 3 mL, brim: 3 mL}}}}",
    "1000 fold": "antibodies: [{{target: FAK, host: rabbit, dilution: {}}}]",
    "10x TBS: 10 X": "stocks: {{{}}}",
    "RIPA: 1 X": "stocks: {{{}}}",
    "rabbit IgG": "antibodies: [{{target: {}, host: goat, label: HRP}}]",
    "mouse IgG1": "antibodies: [{{target: {}, host: goat}}]",
    "label: HRP": "antibodies: [{{target: GAPDH, host: rabbit, {}}}]",
    "8.4 cm": "equipment: {{rotor: {{places: 24, radius: {}}}}}",
}
LETTERS = {"{a: 1, b: 2}": "{percent: 5 %, places: 2}", "[a, b]": "[1 mL, 2 mL]"}


@pytest.mark.parametrize("written", ENTRIES)
def test_an_entry_of_a_profile_is_read_as_it_is_written(written: str) -> None:
    assert written in SPANS["lab.md"]
    assert _lab(ENTRIES[written].format(LETTERS.get(written, written)) + "\n") is not None


def test_gels_run_as_the_guide_says_in_two_tanks_for_two_and_in_one_for_four() -> None:
    """Up to 2 gels take 700 mL a tank, 3 or 4 a litre."""
    large = parse_profile(ENTRIES["buffer: {2: 700 mL, 4: 1 L}"].format("buffer: {2: 700 mL, 4: 1 L}"), "my-lab.yml")
    small = parse_profile(BLOCKS["lab.md / Your lab's profile / yaml"], "my-lab.yml")
    assert [[tank.gels for tank in run] for run in plan_runs(small.tanks, "mini", 5)] == [[2, 1], [2]]
    assert [[(tank.gels, tank.buffer // 10**6) for tank in run] for run in plan_runs(large.tanks, "mini", 5)] == [[(3, 1000)], [(2, 700)]]


DEFAULTS = {row[0].strip("`"): row[2] for row in table("lab.md", "| key | holds | default | yours is |")}


@pytest.mark.parametrize("key", ["trust", "least", "tolerance", "viability", "people", "paper"])
def test_the_defaults_in_the_table_are_those_of_the_default_lab(key: str) -> None:
    assert getattr(parse_profile(f"{key}: {DEFAULTS[key]}\n", "my-lab.yml"), key) == getattr(default_lab(), key)


def test_the_other_defaults_in_the_table_are_those_of_the_default_lab() -> None:
    assert parse_profile(f"overage: {{percent: {DEFAULTS['overage']}}}\n", "my-lab.yml").overage == default_lab().overage
    reservoir, tube, poured = DEFAULTS["dead"].replace("none", "0 uL").split(", ")
    assert parse_profile(f"dead: {{reservoir: {reservoir}, tube: {tube}, poured: {poured}}}\n", "my-lab.yml").dead == default_lab().dead
    assert DEFAULTS["hours"] == "Monday to Friday, 08:00 to 18:00"
    assert parse_profile('hours: {Mon-Fri: "08:00-18:00"}\n', "my-lab.yml").hours == default_lab().hours
    rotor, *others = re.findall(r"(\d+)(?: \((.+?)\))?(?:,|$)", DEFAULTS["equipment"])
    assert [int(places) for places, _ in (rotor, *others)] == [each.places for each in default_lab().equipment.values()]


# --- time.md ---------------------------------------------------------------------------------------------------------------------

TUBES = "parameters:\n  tubes: {count: tube, default: 28}\n  plates: {count: plate, default: 4}\n"
(SPIN,) = [span for span in SPANS["time.md"] if span.startswith('{% step "Spin"')]
MONDAY = "2026-11-23T09:00"


@runs(spec="time.md / Batches / yaml")
def test_28_tubes_are_spun_in_two_batches_of_14(spec: str) -> None:
    """Each takes 2 min of work and 10 min of wait, one after another: 24 min."""
    spun = SPIN + "Spin.{% endstep %}\n" + step("Next.", 'hands_on="1 min"', "Take up")
    made = source(TUBES + spec, spun)
    found = sheet(made)
    assert (batch_count(found["steps"][0]), batching(found["steps"][0])) == (2, "in 2 batches of 14")
    assert found["steps"][0]["hands_on"]["total"]["text"] == "4 min"
    assert [when(row["begin"]) for row in found["schedule"] if row["step"] == 2] == ["P0DT0H24M"]
    assert batching(sheet(made, tubes="29")["steps"][0]) == "in 2 batches: 1 of 15, 1 of 14, each odd one balanced with a blank tube"
    # 25 places hold 25 tubes, but an odd batch keeps one for its blank; without a blank they hold all
    odd = source(TUBES + spec.replace("24", "25"), spun)
    assert (batch_count(sheet(odd, tubes="24")["steps"][0]), batch_count(sheet(odd, tubes="25")["steps"][0])) == (1, 2)
    plain = source(TUBES + spec.replace("24", "25").replace(", balanced: a blank tube", ""), spun)
    assert batch_count(sheet(plain, tubes="25")["steps"][0]) == 1
    single = sheet(source(TUBES + spec.replace("places: 24", "places: 1"), spun.replace("2 min/batch", "2 min/tube")), tubes="3")
    assert (batching(single["steps"][0]), single["steps"][0]["hands_on"]["total"]["text"]) == ("one at a time", "6 min")
    # 26 tubes are 13 pairs: 7 pairs and 6
    pairs = source(
        TUBES + "derived:\n  samples: {count: sample, from: tubes / 2}\n" + spec, spun.replace('per="tube"', 'per="tube", together="sample"')
    )
    assert batching(sheet(pairs, tubes="26")["steps"][0]) == "in 2 batches: 1 of 14, 1 of 12, all of one sample in the same batch"


@pytest.mark.parametrize("takes", ["takes: 2 mL", """takes: {from: "table(devices, 'rotor', takes)"}"""])
def test_a_tube_goes_only_into_a_device_that_takes_it(takes: str) -> None:
    """Of 5 mL in a tube of 15 mL, tubes of 2 mL, filled to nine tenths, take 1.8 mL each: three of them."""
    spec = 'parameters: {samples: {text: "yes", list: {min: 1, max: 9}, default: a}}\nreagents: {water: {name: water}}\n'
    spec += "vessels: {lysate: {tubes: samples, holds: 5 mL}}\nequipment:\n"
    spec += f"  rotor: {{name: microfuge, places: 24, {takes}}}\n  rotator: {{name: rotator, places: 20, takes: 15 mL}}\n"
    fill = '{{ add("water", "5 mL/tube", to="lysate/sample") }}'
    refused = "lysate/sample 1 is a 15 mL tube, and microfuge takes tubes of at most 2 mL\n  hint: split its 5 mL over 3 tubes"
    for options in (
        'equipment="rotor"',
        'equipment="rotor", inside="lysate/sample"',
        'equipment="rotator", inside={"rotator": "lysate/sample", "rotor": "lysate/sample"}',
    ):
        with pytest.raises(ProtocolError, match=re.escape(refused)):
            sheet(source(spec, step(fill, options)))
    for options in ('equipment="rotor", inside=[]', 'equipment="rotator", inside="lysate/sample"', 'equipment="rotator"'):
        assert sheet(source(spec, step(fill, options)))["steps"]


@runs(hours="time.md / Words that rest on hours / yaml")
def test_words_that_rest_on_hours_are_told_of_a_plan_with_others(hours: str) -> None:
    """49 h are within a tenth of 48 h, and 72 h are not; two dishes of 4 min each differ by 4 min, which is shown as a quarter of an hour."""
    steps = step("Seed.", 'wait="48 h"', "Seed") + step("Lyse.", 'hands_on="4 min/dish", per="dish"', "Wash and lyse")
    made = source("parameters:\n  seeded: {default: 300000 cells}\n  dishes: {count: dish, default: 1, min: 1, max: 9}\n" + hours, steps)
    assert warned(sheet(made)) == []
    late = source(made.files["protocol.yml"].partition("version: 1.0.0\n")[2], steps.replace("48 h", "72 h"))
    words = "300 000 cells are meant for 49 h from seeding to lysis; the plan has "
    assert warned(sheet(late)) == [("growth", "W", words + "72 h")]
    assert warned(sheet(late, dishes="2")) == [("growth", "W", words + "72 h to 72.25 h")]
    difference = "{shortest} is {meant - shortest} less than {meant}, {longest} is {longest - meant} more; {planned}"
    said = late.files["protocol.yml"].partition("version: 1.0.0\n")[2].replace("49 h", "72.1 h").replace("10 %", "5 min")
    said = said.replace(hours.partition("say: ")[2].strip(), f'"{difference}"')
    text = "72 h is 6 min less than 4326 min, 72.25 h is 9 min more; 72 h to 72.25 h"
    assert warned(sheet(source(said, steps.replace("48 h", "72 h")), dishes="2")) == [("growth", "W", text)]


@runs(text="time.md / With a start: the working day / yaml")
def test_the_hours_of_a_profile_make_the_day(text: str) -> None:
    """Four plates of 2 h are done by two people from 09:00 to 13:00. On Friday the lab closes at 14:00."""
    plates = source(TUBES, step("Do it.", 'hands_on="2 h/plate", per="plate"'))
    rows = sheet(plates, text, MONDAY)["schedule"]
    assert [(when(row["begin"])[11:], when(row["end"])[11:], who_does(row)) for row in rows] == [
        ("09:00", "13:00", "person 1"),
        ("09:00", "13:00", "person 2"),
    ]
    once = source(TUBES, step("Do it.", 'hands_on="2 h"'))
    assert when(sheet(once, text, "2026-11-27T12:00")["schedule"][0]["end"]) == "2026-11-27T14:00"
    assert "the nearest start that works is 2026-11-30T08:00 (Monday)" in told(once, text, "2026-11-27T13:00")
    # the clock goes back on Sunday 25 October: 72 h after Friday 10:10 it shows 09:10
    over = source(TUBES, step("Do it.", 'hands_on="10 min", wait="72 h"') + step("Go on.", 'hands_on="5 min"', "Then"))
    assert when(sheet(over, text, "2026-10-23T10:00")["schedule"][-1]["begin"]) == "2026-10-26T09:10"
    assert when(sheet(over, text.replace("zone: Europe/Vienna", ""), "2026-10-23T10:00")["schedule"][-1]["begin"]) == "2026-10-26T10:10"


def test_a_start_is_given_as_the_guide_writes_it_and_one_that_fails_is_told_in_its_words() -> None:
    typed = "--start 2026-11-23T09:00"
    assert typed in SPANS["time.md"]
    start = typed.split()[1]
    # 40 min, then 20 min: 24 h after Friday 09:00 is Saturday 09:00
    day = 'hands_on="20 min", wait="24 h"'
    steps = [*(step("Do it.", 'hands_on="10 min"', title) for title in "ABCD"), step("Do it.", day, "E"), step("Do it.", 'hands_on="5 min"', "Fix")]
    made = source(TUBES, "".join(steps))
    assert when(sheet(made, start=start)["schedule"][-1]["begin"]) == "2026-11-24T10:00"
    (words,) = re.findall(r"\*(step 6 \(Fix\)[^*]+)\*", PAGES["time.md"])
    assert " ".join(words.split()) in told(made, start="2026-11-27T08:00")


def test_times_without_a_start_count_from_the_first_step() -> None:
    assert "+26:05" in SPANS["time.md"]
    made = source(TUBES, step("Do it.", 'hands_on="5 min", wait="26 h"') + step("Go on.", 'hands_on="1 min"', "Then"))
    assert when(sheet(made)["schedule"][-1]["begin"]) == "P1DT2H05M"
    assert "begins +26:05" in format_text(sheet(made))


def test_the_rows_about_steps_that_wait_for_others_and_rest() -> None:
    written = '["Seed", "Make the dose series"]'
    assert {written, "a dry plate keeps"} <= SPANS["time.md"]
    titles = json.loads(written)
    last = f'hands_on="1 min", after={written}, pause_point="a dry plate keeps"'
    steps = [
        step("Do it.", 'hands_on="5 min", wait="60 min"', titles[0]),
        step("Do it.", 'hands_on="5 min"', titles[1]),
        step("Do it.", last, "Treat"),
    ]
    asked, usual = (sheet(source(TUBES, "".join(steps).replace(words, ""))) for words in ("no such words", f", after={written}"))
    assert (titles_before(asked, asked["steps"][2]), asked["steps"][2]["pause_point"]) == (titles, "a dry plate keeps")
    assert titles_before(usual, usual["steps"][2]) == titles[1:]


def test_hands_on_a_batch_is_given_for_each_batch() -> None:
    assert "2 min/batch" in SPANS["time.md"]
    device = "equipment: {block: {name: a block, places: 10}}\n"
    words = 'hands_on="2 min/batch", equipment="block", per="tube"'
    assert sheet(source(TUBES + device, step("Do it.", words)))["steps"][0]["hands_on"]["total"]["text"] == "6 min"  # 28 in tens


# --- recipes.md ------------------------------------------------------------------------------------------------------------------


def poured(reagents: str, name: str, parameters: str = "", rows: str = "") -> Source:
    """Return a protocol that gives 9.6 mL of one reagent."""
    shared = LIBRARY | {"recipes.yml": LIBRARY["recipes.yml"].replace("\nrows:\n", f"\nrows:\n{rows}")}
    return source(
        f"parameters:\n  plates: {{count: plate, default: 1}}\n{parameters}reagents:\n{reagents}{PLATE}",
        step(f'{{{{ add("{name}", "100 uL/well", to="plate/wells") }}}}'),
        shared,
    )


@runs(spec="recipes.md / Take one / yaml", steps="recipes.md / Take one / jinja")
def test_what_a_buffer_is_made_from_comes_with_it(spec: str, steps: str) -> None:
    """RIPA has five stocks, as much water, and five inhibitors go in fresh; each is weighed or bought, once."""
    record = sheet(source(spec, steps, LIBRARY))
    made = {each["id"]: [part["reagent"] for part in each["components"]] for each in record["preparations"]}
    reagents = {each["id"] for each in record["reagents"]}
    assert ready(record)["lysis"].startswith("2.70")  # mL, with what a pipette cannot set
    assert (len(made["lysis"]), len(made["RIPA"])) == (6, 6)
    stocks = [name for name in (*made["lysis"], *made["RIPA"]) if name not in ("RIPA", "water")]
    solids = {part["reagent"] for each in record["preparations"] for part in each["components"] if part["amount"]["unit"] in ("g", "mg")}
    assert reagents == {"lysis", "RIPA", "water", *stocks, *(part for name in stocks for part in made.get(name, ()))}
    assert solids
    assert solids < reagents


@runs(row="recipes.md / Add one / yaml")
def test_a_row_of_the_guide_is_made(row: str) -> None:
    """9.6 mL and a tenth are 10.56, up to 11 mL; 11 mL x 200 mM x 75.07 g/mol are 165.2 mg."""
    record = sheet(poured("  strip: {recipe: glycine strip}\n", "strip", rows=row.removeprefix("rows:\n")))
    assert parts(record, "strip") == {"glycine": "165.2 mg", "water": "11 mL"}
    (note,) = [each["note"] for each in record["preparations"]]
    assert note == "HCl to pH 2.0, in the hood, before the mark"


def test_a_strength_may_follow_from_a_parameter() -> None:
    """11 mL of 8 % are made with 2.9333 mL of 30 %: a pipette is set to 2.93 mL."""
    entry, parameter = "{recipe: 10 % resolving gel, contains: {acrylamide: percent}}", "percent: {default: 8 % w/v}"
    assert {entry, parameter} <= SPANS["recipes.md"]
    record = sheet(poured(f"  gel: {entry}\n", "gel", f"  {parameter}\n"))
    (acrylamide,) = [amount for name, amount in parts(record, "gel").items() if "acrylamide" in name]
    assert acrylamide.startswith("2.93")
    wrong = poured(f"  gel: {entry}\n".replace("acrylamide", "agarose"), "gel", f"  {parameter}\n")
    assert "agarose" in told(wrong)


def test_a_reagent_of_ones_own_wins_over_a_recipe_of_its_name() -> None:
    own, entry = 'water: {name: "water, sterile"}', "make: {from: [1 M Tris pH 8.0, 5 M NaCl], rest: water}"
    assert {own, entry} <= SPANS["recipes.md"]
    record = sheet(poured(f"  mine: {{name: mine, contains: {{Tris: 50 mM, NaCl: 150 mM}}, {entry}}}\n  {own}\n", "mine"))
    # 11 mL: a twentieth of it 1 M Tris, 3/100 of it 5 M NaCl
    assert {name: amount for name, amount in parts(record, "mine").items() if name != "water"} == {"1 M Tris pH 8.0": "550 µL", "5 M NaCl": "330 µL"}
    assert [each["name"] for each in record["reagents"] if each["id"] == "water"] == ["water, sterile"]


def test_what_keeps_is_made_by_the_batch_unless_an_entry_says_otherwise() -> None:
    """550 µL of 1 M Tris go into 11 mL of RIPA, which has the spare: of a litre, or of just so much."""
    batch, bare = "overage: {percent: 10 %, least: 1 L}", "overage: {percent: 10 %}"
    assert {batch, bare} <= SPANS["recipes.md"]
    for entry, made in (("", "1 L"), (f", {batch}", "1 L"), (f", {bare}", "550 µL")):
        record = sheet(poured(f"  lysis: {{recipe: RIPA}}\n  tris: {{recipe: 1 M Tris pH 8.0{entry}}}\n", "lysis"))
        assert parts(record, "lysis")["tris"] == "550 µL"  # every recipe made from it means this bottle
        assert ready(record)["tris"] == made


def test_rows_for_what_is_bought_and_for_concentrates() -> None:
    """11 mL: of 50 % glycerol half; of 1 M DTT 11 mmol x 154.25 g/mol, 1.697 g; of 1x a tenth of 10x."""
    liquid, solid, strong, thin = "{contains: {glycerol: 100 % v/v}}", "{solid: DTT, mw: 154.25 g/mol}", "{TBS: 10 X}", "{TBS: 1 X}"
    assert {liquid, solid, strong, thin} <= SPANS["recipes.md"]
    rows = f"""\
  half glycerol: {{contains: {{glycerol: 50 % v/v}}, make: {{from: bought glycerol, rest: water}}}}
  strong DTT: {{contains: {{DTT: 1 M}}, make: {{from: bought DTT, to_volume_with: water}}}}
  thin salt: {{contains: {thin}, make: {{from: strong salt, rest: water}}}}
  bought glycerol: {liquid}
  bought DTT: {solid}
  strong salt: {{contains: {strong}}}
"""
    for name, part, amount in (
        ("half glycerol", "bought glycerol", "5.5 mL"),
        ("strong DTT", "bought DTT", "1.7 g"),
        ("thin salt", "strong salt", "1.1 mL"),
    ):
        assert parts(sheet(poured(f"  one: {{recipe: {name}}}\n", "one", rows=rows)), "one")[part] == amount


# --- scaling.md ------------------------------------------------------------------------------------------------------------------

SCALED = """\
parameters: {plates: {count: plate, default: 1, max: 9}}
reagents:
  stock: {name: stock, contains: {drug: 10 mM}}
  water: {name: water, dispensed: reservoir}
equipment: {rotor: {name: a plate rotor, places: 2}}
vessels: {plate: {labware: plate-96, count: plates, groups: {wells: rest}}}
"""


def test_what_grows_with_the_plates_and_what_does_not() -> None:
    """1 plate, and 5: 9.6 and 48 mL, with a tenth and 2 mL in the reservoir 12.56 and 54.8; 25 and 45 min; 1 and 3 batches."""
    rows = [row[0] for row in table("scaling.md", "| what | with more plates or samples |")]
    expected = ["an amount a place", "a bare amount", "a concentration", "a wait", "hands-on time", "equipment", "overage"]
    assert [re.sub(r" \(.*", "", row) for row in rows] == expected
    steps = step('{{ add("water", "100 uL/well", to="plate/wells") }}', 'hands_on="20 min + 5 min/plate", wait="60 min"')
    steps += step('{{ dilute("stock", to="1 mM", volume="1 mL", with_="water", into="tube/a") }}', title="Dilute")
    steps += step("Spin.", 'hands_on="2 min/batch", wait="10 min", equipment="rotor", per="plate"', "Spin")
    one, five = (sheet(source(SCALED, steps), plates=plates) for plates in ("1", "5"))
    for record, wells, water, hands_on, batches in ((one, 96, "14 mL", "25 min", 1), (five, 480, "56 mL", "45 min", 3)):
        assert acts(record, 0) == [("add", "water", wells, "100 µL")]
        assert ready(record)["water"] == water  # with 900 µL for the tube
        assert [each["volume"]["text"] for each in record["preparations"]] == ["1 mL"]
        assert [claim["target"]["text"] for claim in record["steps"][1]["claims"]] == ["1 mM"]
        assert (record["steps"][0]["hands_on"]["total"]["text"], record["steps"][0]["wait"]["planned"]["text"]) == (hands_on, "60 min")
        assert batch_count(record["steps"][2]) == batches


def test_a_forgotten_count_is_told() -> None:
    words = told(source(PLATES + WATER + PLATE, step('{{ add("water", "100 uL", to="plate/wells") }}')))
    assert "'100 uL' is not per well, and the places are wells\n  hint: write '100 µL/well'" in words


# --- composition.md --------------------------------------------------------------------------------------------------------------


@runs(spec="composition.md / Use one / yaml", steps="composition.md / Use one / jinja")
def test_one_protocol_in_another_is_one_sheet(spec: str, steps: str) -> None:
    """Six tubes of 60 µL give 20 µL each to a lane; the ladder and two controls stand on the gel too."""
    files = {"protocol.yml": spec, "protocol.md.j2": steps}
    made = Source(id="pull-down", folder="protocols/pull-down", files=files, shared_files=LIBRARY, load_sibling=library.load_source)
    assert [each.option for each in load_protocol(made).parameters.values()] == ["--conditions", "--blot-membrane", "--blot-gel"]
    assert {"--blot-membrane", "--blot-gel", "blot.secondary", "blot.gel/ladder", "blot.lane"} <= SPANS["composition.md"]
    record = sheet(made)
    assert [each["title"] for each in record["steps"]][:2] == ["Elute", "Load and run the gel"]
    assert [each["number"] for each in record["steps"]] == list(range(1, len(record["steps"]) + 1))
    assert any(name.startswith("blot.secondary") for name in ready(record))
    assert "ladder" in sizes(record, "blot.gel")
    assert record["counts"]["blot.lane"] == 9
    assert ("transfer", "eluate/sample 6", 1, "20 µL") in acts(record, 1)
    assert {group["volume"]["text"] for each in record["vessels"] if each["id"] == "eluate" for group in each["groups"]} == {"40 µL"}
    assert set(sheet(made, blot_membrane="nitrocellulose")["invocation"]["command"].split()) >= {"--blot-membrane", "nitrocellulose"}


CHILD = """\
title: Blot
version: 1.0.0
parameters: {samples: {names: sample, default: 2}}
reagents: {dye: {name: dye}, TBST: {recipe: TBST}}
vessels: {lysate: {tubes: samples}, gel: {labware: mini-10, each: samples}}
"""
HEATED = """\
{% set lane = "gel/sample" %}
{% step "Heat" %}
Heat.
{% endstep %}
{% step "Load", after="Heat" %}
{{ transfer("5 uL/lane", from_="lysate/sample 1", to="gel/sample 1") }}
{% endstep %}
{% step "Rinse" %}
{{ remove(from_=lane) }} off, {{ wash("TBST", "9 uL/lane", of=lane) }}
{% endstep %}
"""
HOST = """\
parameters: {conditions: {names: condition, default: "a,b"}}
reagents: {eluate: {name: eluate}, rinse: {recipe: TBST}}
vessels: {eluate: {tubes: conditions, role: sample}, wash: {holds: 50 mL}}
uses: {blot: {protocol: blot, start: Load, vessels: {lysate: eluate}, values: {samples: conditions}}}
"""


def test_what_becomes_of_the_other_protocol() -> None:
    """Its first step waits for the host's last one, its second `Rinse` gets a name, and TBST is one reagent under the host's name."""
    assert {'{{ protocol("blot") }}', "{% set %}", 'after="Heat"', "Rinse (blot)", "{recipe: TBST}", "eluate/sample 1"} <= SPANS["composition.md"]
    child = Source(id="blot", folder="protocols/blot", files={"protocol.yml": CHILD, "protocol.md.j2": HEATED}, shared_files=LIBRARY)
    steps = step('{{ add("eluate", "50 uL/tube", to="eluate") }}', title="Elute") + step('{{ add("rinse", "9 mL/wash", to="wash") }}', title="Rinse")
    files = {"protocol.yml": f"title: Host\nversion: 1.0.0\n{HOST}", "protocol.md.j2": steps + '{{ protocol("blot") }}'}
    record = sheet(Source(id="host", folder="protocols/host", files=files, shared_files=LIBRARY, load_sibling=lambda _name: child))
    assert [each["title"] for each in record["steps"]] == ["Elute", "Rinse", "Load", "Rinse (blot)"]
    assert titles_before(record, record["steps"][2]) == ["Rinse"]
    assert acts(record, 2)[0] == ("transfer", "eluate/sample 1", 1, "5 µL")
    used = {each["id"]: each["used"]["text"] for each in record["reagents"]}
    assert used["rinse"] == "9.018 mL"  # 9 mL, and 9 µL in each of two lanes
    assert not {"TBST", "blot.TBST"} & set(used)


def test_words_of_a_step_that_is_left_out_and_words_that_a_host_leaves_out() -> None:
    """Both gates and the total are the blot's alone; the host begins at Load, and does not want to hear of a loading control."""
    asked = {"when: in_sheet('Heat')", "{say: the words, when: in_sheet('Heat')}", "{gates: {loading control: none}}", 'in_sheet("Heat")'}
    assert asked <= SPANS["composition.md"]
    gates = "gates: {loading control: {limit: even, reading: stop}, heat: {limit: hot, reading: stop, when: in_sheet('Heat')}}\n"
    spec = f"{CHILD}{gates}totals: [all lanes, {{say: the words, when: in_sheet('Heat')}}]\n"
    steps = HEATED.replace("{{ transfer", '{% if in_sheet("Heat") %}Heated. {% endif %}{{ transfer')
    child = Source(id="blot", folder="protocols/blot", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files=LIBRARY)
    host = HOST.replace("start: Load,", "start: Load, words: {gates: {loading control: none}},")
    files = {"protocol.yml": f"title: Host\nversion: 1.0.0\n{host}"}
    files["protocol.md.j2"] = step('{{ add("eluate", "50 uL/tube", to="eluate") }}', title="Elute") + '{{ protocol("blot") }}'
    record = sheet(Source(id="host", folder="protocols/host", files=files, shared_files=LIBRARY, load_sibling=lambda _name: child))
    assert (record["gates"], [line["text"] for line in record["totals"]]) == ([], ["all lanes"])
    assert "Heated" not in record["steps"][1]["markdown"]


# --- verbs.md --------------------------------------------------------------------------------------------------------------------

BENCH = """\
parameters:
  samples: {names: sample, default: "ctrl,drug", min: 1, max: 9}
  protein: {kind: mass concentration, measured: yes, list: {as: samples}}
  compounds: {text: yes, default: "x,y", list: {max: 2}}
reagents:
  pbs: {name: PBS}
  tca: {name: 50 % TCA, contains: {TCA: 50 % w/v}}
  medium: {name: medium}
  inhibitor: {name: inhibitor, contains: {inhibitor: 10 mM, DMSO: 100 % v/v}, dispensed: tube}
  stock: {name: stock, contains: {stock: 10 mM, DMSO: 100 % v/v}}
  dmso: {name: DMSO, contains: {DMSO: 100 % v/v}}
  drug: {name: "{compounds}", for: compounds}
  buffer: {name: buffer}
  RIPA: {name: RIPA}
  running buffer: {name: running buffer}
  4x SDS sample buffer: {name: 4x SDS sample buffer, contains: {sample buffer: 4 X}}
  1x SDS sample buffer: {name: 1x SDS sample buffer, contains: {sample buffer: 1 X}}
  water: {name: water}
vessels:
  culture: {labware: plate-96, groups: {dose: {at: B3:G10, by: column}, blank: B12:G12, edge: rest}, sets: {read: [dose, blank]}}
  plate: {labware: plate-96, groups: {samples: A1:B12}}
  lysate: {tubes: samples}
  tank: {tanks: 2, gel: mini-10}
"""
CALLS = {verb.strip("`"): code(cell)[0] for verb, _, cell in table("verbs.md", "| verb | does | example |")}
MEDIUM = '{{ add("medium", "200 uL/well", to="culture/read") }}'
HALF = MEDIUM.replace("200", "100")
LYSED = '{{ add("RIPA", "100 uL/tube", to="lysate/sample") }}'
THIN = LYSED + '{{ measured("protein", protein, in_="lysate/sample") }}'
FEW = '{{ level("15 ug", of="lysate/sample", per="15 uL", lanes=1, with_="4x SDS sample buffer", strength=4, fill="RIPA", into="ready") }}'
EMPTIED = MEDIUM + '{{ remove(from_="culture/read") }}'
DOSED = f"{{{{ {CALLS['transfer']} }}}}"
SERIES = f"{{{{ {CALLS['series']} }}}}"

# Before an example and after it in its step; the last thing that it does: what, in how many places, how much in each.
# 48 dose wells and 6 blanks; 42 edge wells; two lanes of two tubes.
DONE = {
    "add": ("", "", ("add", "pbs", 42, "150 µL")),
    "fill": ("", "", ("add", "running buffer", 1, "700 mL")),
    "top_up": (THIN + FEW, "", ("add", "1x SDS sample buffer", 2, "1 µL")),
    "bring": (MEDIUM, "", ("bring", "tca", 54, "50 µL")),  # a fifth of 250 µL
    "transfer": (HALF + SERIES, "", ("transfer", "working/dose 8", 6, "100 µL")),
    "remove": (MEDIUM, "", ("remove", "", 54, "200 µL")),
    "wash": (EMPTIED, "", ("wash", "water", 54, "200 µL")),
    "dry": (MEDIUM, "", ("dry", "", 6, "200 µL")),
    "series": (HALF, DOSED, ("transfer", "working/dose 8", 6, "100 µL")),
    "dilute": ("", "", ("add", "dmso", 1, "90 µL")),  # 10 µL of 10 mM
    "mix": ("", "{{ transfer('10 uL/well', from_='master mix', to='plate/samples') }}", ("transfer", "master mix/master mix", 24, "10 µL")),
    "measured": (LYSED, "", ("add", "RIPA", 2, "100 µL")),
    "level": (THIN, "", ("add", "4x SDS sample buffer", 1, "6 µL")),  # a quarter of 24 µL
}
SAID = {"q": "15 s", "cite": "[@vichai2006]", "called": "50 % TCA"}


def benched(words: str, **given: str) -> Any:
    return sheet(source(BENCH, step(words)), **given)


def test_every_verb_of_the_guide_is_run() -> None:
    assert list(CALLS) == list(VERBS) == [*DONE, *SAID, "in_sheet", "protocol"]


@pytest.mark.parametrize("verb", DONE)
def test_the_example_of_a_verb_does_what_it_says(verb: str) -> None:
    before, after, last = DONE[verb]
    assert acts(benched(f"{before} {{{{ {CALLS[verb]} }}}} {after}"))[-1] == last


@pytest.mark.parametrize("verb", SAID)
def test_the_example_of_a_verb_that_only_prints(verb: str) -> None:
    assert benched(f"{{{{ {CALLS[verb]} }}}}")["steps"][0]["markdown"] == SAID[verb]


def test_the_example_of_the_verb_that_does_another_protocol_is_that_of_its_page() -> None:
    assert CALLS["in_sheet"] in SPANS["composition.md"]
    assert f"{{{{ {CALLS['protocol']} }}}}" in BLOCKS["composition.md / Use one / jinja"]


def test_what_a_place_holds_decides_what_is_brought() -> None:
    """50 % onto 100 µL for 10 %: x / (100 + x) is a fifth."""
    assert "50 % onto 100 µL for 10 % is 25 µL, onto 200 µL it is 50 µL" in " ".join(PAGES["verbs.md"].split())
    for held, brought in (("100", "25 µL"), ("200", "50 µL")):
        assert acts(benched(MEDIUM.replace("200", held) + f"{{{{ {CALLS['bring']} }}}}"))[-1][3] == brought


def test_a_series_with_a_vehicle_has_it_equal_everywhere_and_one_without_refuses_it() -> None:
    """Half-log is the root of ten, 3.162. 0.1 % in the well is 1 in 500 of a working solution that is twice as strong."""
    spec = BENCH + "vehicle: {component: DMSO, limit: 0.1 % v/v, in: culture/dose}\n"
    found = sheet(source(spec, step(f"{HALF} {SERIES} {DOSED}")))
    doses = [dose_of(group)["text"] for each in found["vessels"] if each["id"] == "culture" for group in each["groups"] if dose_of(group)]
    assert doses == ["10 µM", "3.162 µM", "1 µM", "316.2 nM", "100 nM", "31.62 nM", "10 nM", "3.162 nM"]
    working = [each for each in found["preparations"] if each["id"].startswith("working/")]
    shares = {volume(each["components"][0]["amount"]) / volume(each["volume"]) for each in working}
    assert (len(working), len(shares)) == (8, 1)
    assert shares.pop() == pytest.approx(1 / 500, rel=0.01)
    without = CALLS["series"].replace(', vehicle="dmso", limit="0.1 % v/v"', "")
    assert "vehicle" in told(source(spec, step(f"{HALF} {{{{ {without} }}}} {DOSED}")))


@pytest.mark.parametrize("until", ["", ", until: Dissolve the crystals", ", until: Later"])
def test_a_vehicle_has_its_limit_up_to_the_step_that_is_named(until: str) -> None:
    """100 µL of DMSO to a well that holds 200 µL are a third, far over 0.1 %: the solvent of a dye, once the cells are read."""
    spec = BENCH + f"vehicle: {{component: DMSO, limit: 0.1 % v/v, in: culture/dose{until}}}\n"
    dissolve = '{% step "Dissolve the crystals" %}\n{{ add("dmso", "100 uL/well", to="culture/dose") }}\n{% endstep %}\n'
    made = source(spec, step(f"{HALF} {SERIES} {DOSED}") + dissolve)
    if "crystals" in until:
        assert acts(sheet(made))[-1][3] == "100 µL"
    else:
        assert "DMSO, more than the 0.1 % v/v allowed" in told(made)


def test_a_master_mix_that_nothing_gives_is_refused_unless_it_is_to_spare() -> None:
    """24 wells x 2 µL of buffer are 48 µL, and 24 x 8 µL of water 192 µL; a tenth more is 264 µL of both, and two figures 270."""
    assert "spare=True" in SPANS["verbs.md"]
    assert "master mix" in told(source(BENCH, step(f"{{{{ {CALLS['mix']} }}}}")))
    (made,) = benched(f"{{{{ {CALLS['mix'][:-1]}, spare=True) }}}}")["preparations"]
    assert made["volume"]["text"] == "270 µL"


def test_two_dishes_of_a_sample_share_one_tube() -> None:
    assert "pool=True" in SPANS["verbs.md"]
    spec = BENCH.replace("  lysate:", "  tubes: {tubes: samples}\n  dish: {labware: plate-6, groups: {sample 1: A1:A2, sample 2: B1:B2}}\n  lysate:")
    pooled = '{{ add("RIPA", "1 mL/well", to="dish") }} {{ transfer("300 uL/tube", from_="dish", to="tubes", pool=True) }}'
    record = sheet(source(spec, step(pooled)))
    assert {group["volume"]["text"] for each in record["vessels"] if each["id"] == "dish" for group in each["groups"]} == {"850 µL"}


def test_groups_go_to_every_fourth_place_from_the_third() -> None:
    assert "first=3, every=4" in SPANS["verbs.md"]
    spec = BENCH.replace("  tank:", "  lane: {tubes: lanes}\n  tank:").replace(
        "reagents:", 'derived:\n  lanes: {from: "(samples, samples, samples, samples)"}\nreagents:'
    )
    moved = '{{ transfer("5 uL/tube", from_="lysate", to="lane/sample", first=3, every=4) }}'
    record = sheet(source(spec, step(LYSED + moved)), samples="a,b,c")
    assert [o["to"] for o in record["steps"][0]["operations"][1:]] == [["lane/sample 3"], ["lane/sample 7"], ["lane/sample 11"]]


def test_replicates_side_by_side_and_names_in_a_grid() -> None:
    """2 names x 2 replicates: a 1, b 1, a 2, b 2; the columns of a plate are called a and b."""
    assert {"by: replicate", "together: len(samples)", "first: samples"} <= SPANS["index.md"]
    spec = BENCH.replace(
        "  lysate: {tubes",
        "  gel: {labware: mini-10, each: samples, times: 2, by: replicate, together: len(samples)}\n"
        "  grid: {labware: plate-96, groups: {sample: {at: A1:H4, by: column, first: samples}, rest: rest}}\n  lysate: {tubes",
    )
    record = sheet(source(spec, step('{{ add("water", "9 uL/lane", to="gel") }}')), samples="a,b")
    roles = {plate["vessel"]: [well["role"] for well in wells_of(plate).values()] for plate in record["plates"]}
    assert roles["gel"] == ["a, 1", "b, 1", "a, 2", "b, 2"]
    assert roles["grid"][:3] == ["a", "b", "rest"]


def test_the_replicates_of_a_name_are_found_by_it() -> None:
    """The fourth of 2 x 3 places is the first replicate of the second name."""
    spans = ['"dish/" ~ name', "dish/treated, 2", "dish/sample 4"]
    assert {*spans} <= SPANS["index.md"]
    spec = BENCH.replace("  tank:", "  dish: {labware: plate-6, each: samples, times: 3}\n  tank:")
    calls = [f'{{{{ add("water", "1 mL/well", to={to}) }}}}' for to in (spans[0], f'"{spans[1]}"', f'"{spans[2]}"')]
    of_each = step("{% for name in samples %}" + calls[0] + "{% endfor %}" + calls[1])
    to = [o["to"] for o in sheet(source(spec, of_each), samples="ctrl,treated")["steps"][0]["operations"]]
    assert to == [[f"dish/sample {n}" for n in (1, 2, 3)], [f"dish/sample {n}" for n in (4, 5, 6)], ["dish/sample 5"]]
    with pytest.raises(ProtocolError, match="is one place alone, 'treated, 1'"):
        render(source(spec, step(calls[2])), {"samples": "ctrl,treated"})


def test_where_nothing_was_measured_there_are_blanks_and_a_formula() -> None:
    """20 µg in 20 µL with a fifth to spare: 24 µg in 24 µL, of which 6 µL are buffer."""
    words = benched(f"{THIN} {{{{ {CALLS['level']} }}}}")["steps"][0]["markdown"]
    assert "lysate: ____ = 24 µg ÷ protein" in words
    assert "| ctrl | 20 µg in 20 µL | \\_\\_\\_\\_ | to 18 µL | 6 µL | 24 µL |" in words
    assert words.count("| ctrl | \\_\\_\\_\\_ |") == 1


def test_a_full_place_is_not_topped_up_and_one_sample_too_thin_is_refused() -> None:
    full = THIN + FEW.replace('per="15 uL"', 'per="20 uL"') + f"{{{{ {CALLS['top_up']} }}}} in the lanes"
    assert "nothing in the lanes" in benched(full)["steps"][0]["markdown"]
    # a quarter of 20 µL is buffer, so 15 µL of 1 µg/µL fit
    thin = told(source(BENCH, step(THIN + f"{{{{ {CALLS['level']} }}}}")), protein="1; 4 mg/mL")
    assert "ctrl: 20 µg do not fit into 20 µL at 1 mg/mL" in thin
    assert "hint: load 15 µg at most" in thin


def test_tipping_empties_all_wells_of_a_plate_and_a_compound_is_picked() -> None:
    assert {'by="tipping"', "compound="} <= SPANS["verbs.md"]
    every = '{{ add("pbs", "150 uL/well", to="culture/edge") }}' + MEDIUM
    tipped = benched(f"{every} {{{{ {CALLS['remove']} }}}}")
    assert sum(count for op, _, count, _ in acts(tipped) if op == "remove") == 96
    assert acts(benched('{{ add("drug", "5 uL/well", to="plate/samples", compound="y") }}')) == [("add", "drug (y)", 24, "5 µL")]


def test_a_wash_empties_first_and_says_so() -> None:
    record = benched(f"{MEDIUM} {{{{ {CALLS['wash']} }}}}")
    assert [op for op, *_ in acts(record)] == ["add", "remove", "wash"]
    assert "4 × **200 µL** water (43.2 mL in all; with **200 µL** taken off first)" in record["steps"][-1]["markdown"]


# --- words.md --------------------------------------------------------------------------------------------------------------------


def test_a_dilution_factor_is_total_over_stock() -> None:
    """1 mL with 100 µL of stock is 10 fold; 1:4 parts are 5 fold."""
    assert {"1:4", "4 fold", "1:4 parts"} <= SPANS["words.md"] & SPANS["calculators.md"]
    assert [value("default: 2 fold", typed)["text"] for typed in ("4 fold", "1:4 parts", "half-log")] == ["4 fold", "5 fold", "half-log"]
    assert "'1:4' is read in two ways" in told(valued("default: 2 fold"), one="1:4")
    assert acts(benched(f"{{{{ {CALLS['dilute'].replace('100 uL', '1 mL')} }}}}"))[0] == ("add", "stock", 1, "100 µL")


QUANTITIES = {span for spans in SPANS.values() for span in spans if re.fullmatch(r'"?\d[\d.e]* [^:;]+"?', span)} - {
    "5 M NaCl",
    "1 M Tris pH 8.0",
    "6 M HCl",
}


@pytest.mark.parametrize("written", sorted(QUANTITIES))
def test_a_quantity_is_read_as_the_guide_writes_it(written: str) -> None:
    words = [word.strip('"') for word in re.split(r" \+ | to | or more", written) if word]
    assert all(parse_quantity(word).value > 0 or word == "0 %" for word in words)


def test_the_last_unit_of_a_list_holds_for_all_of_it() -> None:
    (typed,) = [span.strip('"') for span in SPANS["calculators.md"] if ";" in span]
    found = value("default: 10 ug/mL, list: {max: 9}", typed)["value"]
    assert (typed, [each["text"] for each in found]) == ("2000; 1000; 500 ug/mL", ["2 mg/mL", "1 mg/mL", "500 µg/mL"])


def test_a_comma_is_no_decimal_point() -> None:
    assert "0,5" in SPANS["lab.md"]
    with pytest.raises(ProtocolError, match=r"0\.5"):
        parse_quantity("0,5 mL")


# --- nothing is left out -----------------------------------------------------------------------------------------------------------


# Set as code, and no example: what stands for something else, and what the engine alone writes.
STANDING_FOR = {
    "spare=True",
    "[@key]",
    "table(name, row, column)",
    "{from: an expression over parameters above it}",
    "overage: {percent, places, volume, least}",
    "verb reagent",
    "verb reagent to group",
    "blot.wash.…",
    "--lab FILE",
    "benchsheet calc NAME ...",
    "benchsheet calc NAME --help",
    "NAME:STOCK:FINAL",
    "NAME:VOLUME",
}


def test_every_block_of_the_guide_is_run() -> None:
    """Those of the calculators are run by the test of the documents."""
    typed = {name: text for name, text in BLOCKS.items() if re.match(r"calculators\.md / .+ / console", name)}
    assert all(text.endswith(shown) for text, (_, shown) in zip(typed.values(), TYPED_CALCULATIONS, strict=True))
    assert sorted(BLOCKS.keys() - typed.keys() - RUN) == []
    assert sorted(RUN - BLOCKS.keys()) == []


def test_a_stock_of_the_lab_is_taken_where_a_solid_is_too_little_to_be_weighed() -> None:
    """1.8 mM of 0.5 M is 3.6 mL in 1 L."""
    lab = parse_profile("balances: [{name: scale, from: 200 mg, to: 10 kg, step: 200 mg}]\nstocks: {" + "KH2PO4: 0.5 M" + "}\n", "lab.yml")
    made = {each["id"]: each for each in render(library.load_source("western-blot"), {}, lab)["preparations"]}
    taken = {each["reagent"]: each["amount"]["text"] for each in made["PBS"]["components"] if "reagent" in each}
    assert taken["500 mM KH2PO4"] == "3.6 mL"
    assert made.keys() & {"18 mM KH2PO4", "500 mM KH2PO4"} == set()


def test_every_example_in_a_sentence_of_the_guide_is_one_of_a_test() -> None:
    """It stands in this file, or is taken from a table, from a block or from what a calculator is given."""
    here = Path(__file__).read_text("utf-8")
    taken = {*CALLS.values(), *QUANTITIES, SPIN, *(word for pair in VALUES for word in pair)}
    blocks = "\n".join(BLOCKS.values())
    for page, spans in SPANS.items():
        examples = {span for span in spans if re.search(r"[^\w./-]", span)}
        left = {span for span in examples - taken - STANDING_FOR if span not in here and span not in blocks}
        assert left == set(), page
