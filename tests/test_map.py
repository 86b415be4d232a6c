"""The map of the code is the code: its rooms, floors, files and names are there, and its picture shows what a render does."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import benchsheet
from benchsheet import library
from benchsheet.formats import FORMATS
from benchsheet.protocol.parameters.declare import VERB_NAMES
from benchsheet.repipette.parse import UNIT_SIZES
from benchsheet.run.verbs import VERBS
from benchsheet.site.site_map import SITE_SECTIONS
from benchsheet.units.kinds import KINDS, UCUM_CODES
from tests.test_architecture import MODULES, ORDER, PACKAGE

ROOT = Path(__file__).parent.parent
PATH = ROOT / "docs" / "architecture.md"
PAGE = PATH.read_text("utf-8")
DRAWING = (PATH.parent / "assets" / "one-render.svg").read_text("utf-8")
# Where a path of the page may begin; the last is for the files of a protocol.
BASES = (
    PACKAGE,
    ROOT,
    ROOT / "tests",
    Path(library.protocols_folder()) / "srb",
)
FILE = re.compile(r"(?!-)[\w./-]+/|(?!-)[\w./-]*\w\.(?:bib|css|j2|js|json|md|py|svg|txt|typ|yml)")
SVG = "{http://www.w3.org/2000/svg}"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the one table of a section, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def code(words: str) -> list[str]:
    return re.findall(r"`([^`]+)`", words)


def top_names(module: str) -> set[str]:
    """Return the names that a module of the package defines at its top."""
    names: set[str] = set()
    for node in ast.parse((PACKAGE / module).read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []:
            names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return names


# --- rooms and floors --------------------------------------------------------------------------------------------------------


def test_every_room_and_every_module_beside_them_stands_in_the_docstring_floor_by_floor():
    named = re.findall(r"^``(\w+)``: \w", benchsheet.__doc__ or "", re.MULTILINE)
    assert sorted(named) == sorted({name.partition(".")[0] for name in MODULES if name})
    assert named.pop() == "repipette"
    for floor in ORDER:
        assert {*named[: len(floor)]} == floor
        del named[: len(floor)]


def test_the_floors_of_the_page_are_those_that_the_imports_keep():
    assert [(number, {*code(names)}) for number, names in rows("Floors")] == [(f"{at}", floor) for at, floor in enumerate(ORDER, 1)]


# --- files and names ---------------------------------------------------------------------------------------------------------

PATHS = sorted({word for span in code(PAGE) for word in span.split() if FILE.fullmatch(word)})


@pytest.mark.parametrize("path", PATHS)
def test_every_path_of_the_page_is_there(path):
    assert any((base / path).is_dir() if path.endswith("/") else (base / path).is_file() for base in BASES)


def test_every_program_of_the_page_is_a_module():
    programs = re.findall(r"-m benchsheet\.([\w.]+)", PAGE)
    assert programs
    assert {*programs} <= {*MODULES}


def test_every_errand_opens_a_file_and_names_what_tells():
    for errand, files, tests in rows("Where to change what"):
        assert re.search(r"`[\w./]+`|as above", files), errand
        assert re.search(r"`(test_\w+\.py|tests/|benchsheet check)`|run that file", tests), errand


@pytest.mark.parametrize(("word", "where"), [(word, where) for word, _, where in rows("The words of the code")])
def test_every_word_of_the_code_is_in_the_code(word, where):
    places = re.findall(r"`([\w/]+\.py)`: ((?:`\w+`(?:, )?)+)", where)
    assert "; ".join(f"`{module}`: {names}" for module, names in places) == where
    for module, names in places:
        assert {*code(names)} <= top_names(module), f"{word}: {module} does not define all of {names}"


def test_the_words_of_the_code_are_in_alphabetical_order():
    words = [word for word, _, _ in rows("The words of the code")]
    assert words == sorted(words, key=str.casefold)


# --- what is written in two places, which the errands send a reader to ---------------------------------------------------------


def test_no_parameter_is_called_as_a_verb():
    """The floor of declarations cannot ask the one of verbs, so the words are written twice; three more are Jinja's own."""
    assert {*VERB_NAMES} == {*VERBS, "range", "loop", "caller"}


def test_every_format_stands_in_the_readme_with_its_suffix():
    table = re.findall(r"^\| (`srb\..+?) \| (.+?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    by_format: dict[str, str] = {}
    for files, names in table:
        suffixes = [name.removeprefix("srb") for name in code(files)]
        by_format |= dict(zip(code(names), suffixes if len(suffixes) > 1 else suffixes * len(code(names)), strict=True))
    assert by_format == {name: row.suffix for name, row in FORMATS.items()}


def test_the_record_and_the_replay_know_the_code_of_every_unit_that_is_shown():
    schema = json.loads((PACKAGE / "record" / "record.schema.json").read_text("utf-8"))
    known = {unit for form in schema["$defs"].values() for unit in form.get("properties", {}).get("unit", {}).get("enum", ())}
    shown = {UCUM_CODES.get(unit, unit) for kind in KINDS.values() for unit in kind.units}
    assert shown <= known
    assert shown - UNIT_SIZES.keys() == {"%{mass}"}  # a volume never follows from a percent by mass: replay refuses it


# --- the picture -------------------------------------------------------------------------------------------------------------

PICTURE = ET.fromstring(DRAWING)  # noqa: S314 - of this tree


def texts(kind: str) -> list[str]:
    return [part.text or "" for part in PICTURE.iter(f"{SVG}text") if part.get("class") == kind]


def test_the_picture_has_a_name_and_says_in_words_what_it_shows():
    title, desc = (PICTURE.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert PICTURE.get("role") == "img"
    assert title is not None
    assert desc is not None
    assert (PICTURE.get("aria-labelledby") or "").split() == [title.get("id"), desc.get("id")]
    assert re.findall(r"[A-Z]\w+", (desc.text or "").partition(": ")[2].partition(".")[0]) == texts("stage")
    assert re.search(r"!\[[^]]+\]\(assets/one-render\.svg\)", PAGE)


def test_the_picture_and_the_list_below_it_have_the_same_stages_and_rooms():
    stages = re.findall(r"^(\d)\. \*\*(\w+)\*\*: ((?:.+\n)+?)(?=\d\. |\n)", section("One render on its way"), re.MULTILINE)
    assert [number for number, _, _ in stages] == [f"{at}" for at in range(1, len(stages) + 1)]
    assert [name for _, name, _ in stages] == texts("stage")
    for (_, name, words), rooms in zip(stages, texts("rooms"), strict=True):
        named = {path.partition("/")[0].partition(".")[0] for path in code(words) if FILE.fullmatch(path)}
        assert {*rooms.split(", ")} == named - {"engine"}, name


def test_the_picture_fits_a_narrow_page_and_is_legible_on_its_own_ground():
    """A page of 360 px leaves some 330 for it; 13 px are then above 12. It has a ground of its own, so light and dark are one."""
    width = float(PICTURE.get("width", ""))
    sizes = [float(part.get("font-size", "13")) for part in PICTURE.iter(f"{SVG}text")]
    ground, *_, box = PICTURE.iter(f"{SVG}rect")
    room = float(box.get("width", "")) - 24
    assert max(map(len, texts("example"))) * 13 * 0.58 <= room  # a sign of DejaVu Sans, a wide type, is on average less than 0.58 of its size wide
    assert min(sizes) * min(1, 330 / width) >= 12
    assert (ground.get("width"), ground.get("height"), ground.get("fill")) == (PICTURE.get("width"), PICTURE.get("height"), "#ffffff")


def test_the_figures_of_the_picture_are_those_of_the_sheet(sheet):
    record = sheet(plates="4")
    step = record["steps"][0]
    act = step["operations"][0]
    sizes = {group["id"]: group["size"] for vessel in record["vessels"] for group in vessel["groups"]}
    _, value, bench, verb, ledger, schedule, data, prose, _ = texts("example")
    assert value == f"plates = {record['counts']['plate']}, so /plate means {record['counts']['plate']}"
    assert bench.startswith(" + ".join(str(sizes[group]) for group in act["to"]) + " empty edge wells")
    assert verb.partition(", to=")[0] in library.load_source("srb").files["protocol.md.j2"]
    assert ledger == f"{act['count']} wells get {act['each']['text']} each: {act['total']['text']}"
    first = record["schedule"][0]
    assert schedule == f"{step['title']}: {step['hands_on']['total']['text']}, one plate every {first['every']['text']}"
    assert data == f'"each": {{"text": "{act["each"]["text"]}", …}}'
    assert prose.partition(" … ")[2] in step["markdown"].replace("**", "")


# --- where it is found -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_page_is_found_from_where_a_newcomer_begins(name):
    assert "](docs/architecture.md)" in (ROOT / name).read_text("utf-8")


def test_the_site_lists_the_page():
    (about,) = [row for row in SITE_SECTIONS if row.title == "About"]
    assert "architecture.md" in about.pages
