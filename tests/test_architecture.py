"""The tree does what it says: imports point one way, files are read in few places, and no protocol's knowledge is in Python."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import benchsheet
from benchsheet.run.verbs import VERBS

PACKAGE = Path(benchsheet.__file__).parent
LONGEST = 300

# Each may import what stands before it, and its own package; lab and calculator do not know each other. `repipette` knows nobody.
ORDER = [
    {"_dataclass", "patterns", "spelling"}, {"errors"}, {"generated", "graph", "yamltext"}, {"yamltree", "units", "markup"}, {"arithmetic", "lab"},
    {"expressions"}, {"protocol"}, {"run", "calculators"}, {"templating"}, {"schedule"}, {"record"}, {"engine"}, {"library"}, {"products"},
    {"formats", "authoring"}, {"api"}, {"site", "live"}, {"cli"}, {"__main__"},
]  # fmt: skip
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}


def _files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "protocols" not in path.relative_to(PACKAGE).parts)


def _name(path: Path) -> str:
    """Return a module's name inside the package: ``units.parse``, ``units`` for its __init__, nothing for the package's own."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


MODULES = {_name(path): path for path in _files()}
parametrized = pytest.mark.parametrize("name", [name or "benchsheet" for name in MODULES])


@functools.cache
def _tree(name: str) -> ast.Module:
    path = MODULES["" if name == "benchsheet" else name]
    return ast.parse(path.read_text("utf-8"))


def _imports(name: str, nodes: list[ast.AST] | None = None) -> Iterator[str]:
    """Return what a module imports: of this package by its name inside it with a dot in front, of elsewhere by its full name."""
    path = MODULES["" if name == "benchsheet" else name]
    package = [] if name == "benchsheet" else name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in nodes if nodes is not None else ast.walk(_tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield "." + alias.name.removeprefix("benchsheet.") if alias.name.startswith("benchsheet") else alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = [*base, *(node.module.split(".") if node.module else [])]
            if node.level == 0 and module[0] != "benchsheet":
                yield ".".join(module)
                continue
            module = module[1:] if node.level == 0 else module
            for alias in node.names:
                inner = ".".join([*module, alias.name])
                yield "." + (inner if inner in MODULES else ".".join(module))


def test_every_module_has_its_place_in_the_order():
    assert {name.partition(".")[0] for name in MODULES if name} == {*RANK, "repipette"}


@parametrized
def test_imports_point_one_way(name):
    own = name.partition(".")[0]
    if own == "benchsheet":
        return  # the front door hands out names of all rooms; its own tests tell that it loads none of them
    for found in _imports(name):
        if not found.startswith("."):
            continue
        other = found[1:].partition(".")[0]
        if other in ("", own) or (name, other) == ("benchsheet", "__version__"):
            continue
        if other == "repipette":
            assert own in ("authoring", "api"), f"{name} imports {found}"
        else:
            assert own != "repipette", f"repipette imports {found}"
            assert RANK[other] < RANK[own], f"{name} imports {found}"


# What the command line takes from beside the public API: the folder that `new` copies, and the site, which the API has no part in.
BESIDE_THE_API = {"cli.protocols": {"library"}, "cli.pages": {"library", "site"}}


@pytest.mark.parametrize("name", [name for name in MODULES if name.partition(".")[0] in ("cli", "__main__")])
def test_the_command_line_is_a_client_of_the_api(name):
    rooms = {found[1:].partition(".")[0] for found in _imports(name) if found.startswith(".")}
    assert rooms <= {"", "api", "cli", "errors", "patterns", "_dataclass"} | BESIDE_THE_API.get(name, set())


def _at_the_top(name: str) -> set[str]:
    found = _imports(name or "benchsheet", list(_tree(name or "benchsheet").body))
    return {each[1:] for each in found if each.startswith(".")}


def test_no_module_imports_itself_through_others():
    """At the top of modules; inside a function an import may look back for a name that is there by then."""
    waiting = {name: _at_the_top(name) - {name} for name in MODULES}
    while free := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in free:
            del waiting[name]
    # What is left imports names from a package that in turn imports it; a package's __init__ is whole only after its parts.
    tangled = {name: {other for other in needs if other in waiting and not name.startswith(f"{other}.")} for name, needs in waiting.items()}
    while free := [name for name, needs in tangled.items() if not needs & tangled.keys()]:
        for name in free:
            del tangled[name]
    assert tangled == {}


@parametrized
def test_a_module_begins_by_saying_what_it_is(name):
    words = ast.get_docstring(_tree(name))
    assert words
    assert words.partition("\n")[0].endswith("."), "a docstring's first line is a sentence"


@parametrized
def test_a_module_is_short_enough_to_be_read(name):
    path = MODULES["" if name == "benchsheet" else name]
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


PARTICIPLE = re.compile(
    r"_*(\w+(?<!ne)(?<!fe)(?<!se)(?<!spe)ed|said|told|made|held|kept|found|done|known|meant|shown|given|taken|written|laid|grown|stuck|sent|chosen|drawn|lost)"
)


@parametrized
def test_no_function_is_called_by_a_participle(name):
    """A function is a verb, or a noun if it returns what it names; the words of a template are its authors' own."""
    functions = {node.name for node in ast.walk(_tree(name)) if isinstance(node, ast.FunctionDef)}
    functions -= VERBS.keys() if name.startswith("run.verbs.") else set()
    assert not {each for each in functions if PARTICIPLE.fullmatch(each) and "_" not in each.strip("_")}


def test_no_module_is_a_drawer_for_odds_and_ends():
    parts = {part for name in MODULES for part in name.split(".")}
    assert not {part for part in parts if re.search(r"util|helper|common|manager|misc|base$|stuff|tools?$", part)}


@pytest.mark.parametrize("name", [name for name in MODULES if name.partition(".")[0] == "arithmetic"])
def test_the_calculator_is_arithmetic_alone(name):
    assert not {found.partition(".")[0] for found in _imports(name)} & {"jinja2", "yaml", "pathlib", "os", "io", "json"}


# --- who reads, who writes -------------------------------------------------------------------------------------------------

READERS = (
    "site.history",
    "library",
    "cli",
    "api",
    "generated",
    "record.identity",
    "site.plugin",
    "site.kept_files",
    "site.diagram_svg",
)  # api: writes a sheet to a file; generated: what the build made; identity: the engine's own files; the site's: what is built, kept, drawn
DATA = ("units", "lab", "formats.html.assets", "formats.pdf.metrics")  # what the package ships, through importlib.resources
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob", "mkdir", "unlink"}


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def _at_work(name: str) -> ast.Module:
    """Return a module without what it does only where it is run as a program."""
    body = [node for node in _tree(name).body if not (isinstance(node, ast.If) and "__name__" in ast.unparse(node.test))]
    return ast.Module(body, [])


def _is_one_of(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


@parametrized
def test_files_are_read_by_the_library_the_command_line_and_nobody_else(name):
    if _is_one_of(name, READERS):
        return
    tree = _at_work(name)
    calls = {call for call in _calls(tree) if call in FILE_CALLS}
    imported = {found.partition(".")[0] for found in _imports(name, list(ast.walk(tree))) if found != "urllib.parse"}  # it only handles text
    if _is_one_of(name, DATA) and "importlib" in imported:
        assert calls == {"read_text"}
        imported.discard("importlib")
    else:
        assert calls == set()
    assert not imported & {"pathlib", "os", "io", "shutil", "tempfile", "importlib", "subprocess", "socket", "urllib"}


@parametrized
def test_nothing_but_the_command_line_prints_or_reads_the_environment(name):
    if _is_one_of(name, ("cli", "__main__", "api.sheet_files")):  # the last: SOURCE_DATE_EPOCH, with which a calendar is the same every day
        return
    words = {ast.unparse(node) for node in ast.walk(_at_work(name)) if isinstance(node, ast.Attribute)}
    assert "print" not in set(_calls(_at_work(name)))
    assert not {word for word in words if word in ("sys.stdout", "sys.stderr", "sys.argv", "os.environ", "os.getenv")}


@parametrized
def test_nothing_depends_on_the_clock_the_locale_or_chance(name):
    imported = {found.partition(".")[0] for found in _imports(name)}
    assert not imported & {"random", "secrets", "uuid", "locale", "time", "platform", "getpass"}
    calls = {ast.unparse(node.func) for node in ast.walk(_tree(name)) if isinstance(node, ast.Call)}
    asked = {call for call in calls if call in ("datetime.now", "datetime.today", "date.today", "datetime.utcnow")}
    assert asked == ({"datetime.now"} if name == "api.sheet_files" else set())  # a calendar says when it was made


# --- no protocol's knowledge ------------------------------------------------------------------------------------------------

# Words of the SRB assay, of its drugs and lines, and the names of its own parameters as options.
KNOWLEDGE = re.compile(
    r"\b(srb|sulforhodamine|tca|trichloro\w*|dmso|fak|pfak|y397|a549|mcf7|bt-474|staurosporine|isotype|trypsin|t0|gi50|ic50|lc50|kill|antibod\w+|western|blot"
    r"|inhibitor|cell_lines?|drug_forms|hazards\.yml)\b|--(drug|salt|mw|have|stock|top-dose|seeded|counted|medium|plates|doses|compounds)\b",
    re.IGNORECASE,
)
KEPT = re.compile(r"(an )?[Aa]ntibod(y|ies)")  # as a lab keeps pipettes, so it keeps these: its profile lists them
EXAMPLES = ("cli", "calculators")  # their help shows commands that can be tried; a calculator's options are named as the bench says them


def _words(name: str) -> Iterator[tuple[int, str]]:
    """Return every text that a module holds, without docstrings."""
    tree = _tree(name)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.lineno, node.value


@parametrized
def test_no_knowledge_of_a_protocol_is_in_python(name):
    if _is_one_of(name, EXAMPLES):
        return
    words = [(line, text) for line, text in _words(name) if not (_is_one_of(name, ("lab",)) and KEPT.fullmatch(text))]
    assert [f"line {line}: {match[0]!r} in {text!r}" for line, text in words for match in KNOWLEDGE.finditer(text)] == []


@parametrized
def test_no_name_in_python_is_of_one_protocol(name):
    names = {node.id for node in ast.walk(_tree(name)) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(_tree(name)) if isinstance(node, ast.Attribute)
    }
    names -= {"Antibody", "load_antibody"} if _is_one_of(name, ("lab",)) else set()
    assert not {each for each in names if re.search(r"(?i)(^|_)(srb|tca|dmso|fak|fixative|trypsin|culture|blot|western|antibody)(_|$)", each)}


# --- what a browser can run --------------------------------------------------------------------------------------------------

RENDERED = """
import json, sys
from benchsheet import library
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.text import format_text
from benchsheet.engine import render
record = render(library.load_source("srb"), {"plates": "4"})
words = json.dumps(record) + format_text(record) + format_markdown(record)
"""

LOADED = (
    RENDERED
    + """
for name, module in sorted(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    if file.endswith((".so", ".pyd", ".dll")) and name.partition(".")[0] not in sys.stdlib_module_names:
        print("compiled", name)
    if name.partition(".")[0] not in sys.stdlib_module_names:
        print("from", name.partition(".")[0])
"""
)

# Two that have a pure twin, which the next test takes.
ACCELERATED = {"yaml._yaml", "markupsafe._speedups"}

PURE = (
    """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name in ("yaml._yaml", "yaml.cyaml", "_yaml", "markupsafe._speedups"):
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
"""
    + RENDERED
    + """
assert not [name for name in sys.modules if name in ("yaml._yaml", "markupsafe._speedups")]
import hashlib
print(hashlib.sha256(words.encode()).hexdigest())
"""
)


def _run(code: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def test_all_that_a_render_imports_is_pure_python():
    lines = _run(LOADED)
    assert {line.removeprefix("compiled ") for line in lines if line.startswith("compiled ")} <= ACCELERATED
    packages = {line.removeprefix("from ") for line in lines if line.startswith("from ")}
    packages = {name for name in packages if not re.match(r"_?cython|__m|_distutils", name)}  # what yaml's twin, and an environment, bring along
    assert packages <= {"benchsheet", "jinja2", "markupsafe", "yaml", "_yaml", "markdown_it", "mdurl"}


def test_without_its_accelerators_it_writes_the_same_bytes():
    plain = RENDERED + "\nimport hashlib\nprint(hashlib.sha256(words.encode()).hexdigest())"
    assert _run(PURE) == _run(plain)


def test_a_render_imports_neither_pint_nor_numpy_nor_a_calendar():
    lines = _run(RENDERED + "\nprint(*sys.modules)")
    assert not {"pint", "numpy", "pybtex", "jsonschema", "hypothesis", "zoneinfo", "benchsheet.schedule.start", "benchsheet.schedule.clock"} & set(
        lines[0].split()
    )
