"""What the build makes ready says what its source says, mistakes with their lines too, and serves nothing but that source."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import re
import subprocess
import sys

import jinja2
import pytest
from jinja2.bccache import bc_version

import benchsheet
from benchsheet import engine, generated, library, products, yamltext, yamltree
from benchsheet.authoring.cases import read_cases
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.expressions import evaluate, grammar, interpolate, syntax
from benchsheet.lab import example_profile
from benchsheet.protocol import reader, tables
from benchsheet.protocol.source import TEMPLATE_FILE, Source
from benchsheet.run import derived_values
from benchsheet.run.verbs import VERBS
from benchsheet.templating import environment
from benchsheet.templating.bound_verb import template_namespace
from benchsheet.templating.environment import build_environment, product_key
from tests.records import sample

NAMES = library.protocol_ids()


def forget():
    """Forget what was read before; a package that is gone is not to be found again."""
    generated.names.cache_clear()
    for name in [name for name in sys.modules if name.startswith(generated.PACKAGE)]:
        del sys.modules[name]


@functools.cache
def shipped_products():
    return products.products()


@contextlib.contextmanager
def served(folder, monkeypatch, sources=None):
    """Let the package have the products of *sources*, or of all that it ships, as if a wheel had brought them."""
    with monkeypatch.context() as patch:
        if sources is not None:
            patch.setattr(library, "load_all_sources", lambda: sources)
        made = products.products() if sources is not None else shipped_products()
    package = folder / "_generated"
    package.mkdir(exist_ok=True)
    for name, text in made.items():
        (package / name).write_text(text, "utf-8", newline="\n")
    with monkeypatch.context() as patch:
        patch.setattr(benchsheet, "__path__", [*benchsheet.__path__, str(folder)])
        forget()
        yield made
    forget()


@pytest.fixture
def ready(tmp_path, monkeypatch):
    """The products of all that the package ships, in use."""
    with served(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def nothing_is_made(monkeypatch):
    """No YAML is parsed, and no template compiled; whoever wants to is told."""

    def refuse(*_, **__):
        raise AssertionError("that was not found ready-made")

    return lambda: (monkeypatch.setattr(yamltext, "parse", refuse), monkeypatch.setattr(jinja2.Environment, "parse", refuse))


def whole(part):
    """Return a tree with all its lines, as what can be compared."""
    if isinstance(part, yamltree.YamlText):
        return str(part), part.line
    if isinstance(part, yamltree.YamlList):
        return [whole(child) for child in part], part.line
    return {name: (whole(child), part.lines[name]) for name, child in part.items()}, part.line, part.file


def yaml_files():
    """Return every YAML file that a wheel ships and something reads, by what messages call it."""
    found = {"lab/default.yml": example_profile()}
    for source in library.load_all_sources().values():
        found |= {
            source.display_path(name): text for part in (source.shared_files, source.files) for name, text in part.items() if name.endswith(".yml")
        }
    return found


def templates():
    """Return every template that a wheel ships as its source and its name."""
    every = library.load_all_sources().values()
    return [(source, name) for source in every for part in (source.shared_files, source.files) for name in part if name.endswith(".j2")]


def text_of(source, name):
    return source.files.get(name) or source.shared_files[name]


def told(source, given=None):
    """Return the Record of a run as text, or what it is refused with."""
    try:
        return json.dumps(render(source, given), sort_keys=True)
    except ProtocolError as error:
        return str(error)


def test_a_checkout_has_none():
    assert generated.names() == frozenset()


@pytest.mark.usefixtures("ready")
def test_a_yaml_file_is_the_same_tree_with_the_same_lines(nothing_is_made):
    files = yaml_files()
    assert len(files) > 30
    parsed = {
        file: whole(yamltree._build_node(data, iter(lines), file))  # noqa: SLF001 - what both ways share
        for file, text in files.items()
        for data, lines in [yamltext.parse(text, file)]
    }
    nothing_is_made()
    assert {file: whole(yamltree.parse_yaml(text, file)) for file, text in files.items()} == parsed


def table_content(table):
    """Return all that a table says, with the lines of its rows."""
    rows = {row: dict(cells) for row, cells in table.rows.items()}
    words = {column: table.column_words(column) for column in ("name", *table.columns)}
    return rows, dict(table.lines), words, whole(table.tree), table.columns, table.elsewhere


def test_a_table_of_the_wheel_says_what_its_file_says_read_cell_by_cell(tmp_path, monkeypatch):
    (shared,) = {tuple(source.shared_files.items()) for source in library.load_all_sources().values()}
    texts = {name: text for name, text in shared if name in map("{}.yml".format, reader.table_names(dict(shared)))}
    assert len(texts) > 9
    read = {name: table_content(tables.read_table(name, yamltree.parse_yaml_map(text, name))) for name, text in texts.items()}
    with served(tmp_path, monkeypatch):
        for name, text in texts.items():
            tree = yamltree.parse_yaml_map(text, name, late="rows")
            assert isinstance(tree["rows"], yamltree.LatePart)
            assert table_content(tables.read_table(name, tree)) == read[name]


def test_no_wheel_is_built_of_a_table_with_a_mistake(monkeypatch):
    source = library.load_all_sources()["srb"]
    text = source.shared_files["vessels.yml"]
    wrong = dataclasses.replace(
        source, shared_files={**source.shared_files, "vessels.yml": text.replace("rows:\n", "rows:\n  a tub: {area: 3 uM}\n")}
    )
    monkeypatch.setattr(library, "load_all_sources", lambda: {"srb": wrong})
    with pytest.raises(ProtocolError, match="vessels"):
        products.products()


@pytest.mark.usefixtures("ready")
def test_a_list_reads_what_is_ready(nothing_is_made, cli):
    nothing_is_made()
    assert "SRB viability assay" in cli("list").out


@pytest.mark.usefixtures("ready")
def test_every_template_is_ready():
    assert len(templates()) > 6
    for source, name in templates():
        works = build_environment(source).bibliography
        code = generated.template(product_key(text_of(source, name), name, works), name)
        assert code
        assert code.co_filename == name


@pytest.mark.parametrize("name", NAMES)
def test_each_sixth_case_of_a_protocol_has_one_record_with_and_without_products(name, tmp_path, monkeypatch, nothing_is_made):
    source = library.load_all_sources()[name]
    claims = read_cases(source)[:: 6 // sample(1) or 1]
    assert len(claims) >= 6
    compiled = [told(source, case.arguments) for case in claims]
    with served(tmp_path, monkeypatch):
        fresh = library.load_all_sources()[name]
        nothing_is_made()
        assert [told(fresh, case.arguments) for case in claims] == compiled


def without(words, name):
    return {key: value for key, value in words.items() if key != name}


def boom(*_, **__):
    return 1 // 0


def faults(source, monkeypatch):
    """Return what is told where one word of the template is missing, and where one verb fails; for some words and each verb."""
    every = {each.name for each in build_environment(source).parse(text_of(source, TEMPLATE_FILE)).find_all(jinja2.nodes.Name)}
    some = sorted(every)[:: 4 // sample(1) or 1]
    changes = {f"no {word}": lambda *run, word=word: without(template_namespace(*run), word) for word in some}
    changes |= {f"{word} fails": lambda *run, word=word: {**template_namespace(*run), word: boom} for word in every & set(VERBS)}
    found = {}
    for what, change in changes.items():
        with monkeypatch.context() as patch:
            patch.setattr(engine, "template_namespace", change)
            found[what] = told(source)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_is_told_with_the_same_line_with_and_without_products(name, tmp_path, monkeypatch):
    expected = faults(library.load_all_sources()[name], monkeypatch)
    lines = {text.partition(" ")[0] for text in expected.values() if not text.startswith("{")}
    assert len(lines) > 8
    assert all(re.fullmatch(r"protocols/[\w-]+/\w+\.md\.j2:\d+:", line) for line in lines)
    with served(tmp_path, monkeypatch):
        assert faults(library.load_all_sources()[name], monkeypatch) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_render_at_the_defaults_reads_no_expression_of_its_own(name, tmp_path, monkeypatch):
    expected = told(library.load_all_sources()[name])

    def refuse(text):
        raise AssertionError(f"{text!r} was not found ready-made")

    with served(tmp_path, monkeypatch):
        fresh = library.load_all_sources()[name]
        read = {text: syntax.read_expression(text) for text in generated.expressions(grammar.product_key(fresh.files["protocol.yml"]))}
        assert len(read) > 200
        monkeypatch.setattr(syntax, "read_expression", refuse)
        grammar.forget_analyses()
        for cache in (evaluate.compile_expression, interpolate.compile_text, derived_values.compile_loop):
            cache.cache_clear()
        assert told(fresh) == expected
        assert grammar.list_analyses().items() >= read.items()  # and those of a protocol in it


@pytest.mark.usefixtures("ready")
def test_expressions_are_read_anew_for_another_protocol_or_by_another_reader(monkeypatch):
    text = library.load_all_sources()["srb"].files["protocol.yml"]
    assert generated.expressions(grammar.product_key(text))
    assert generated.expressions(grammar.product_key(text + " ")) == {}
    monkeypatch.setattr(generated, "code_hash", lambda *_: "another")
    assert generated.expressions(grammar.product_key(text)) == {}


# --- never a stale one -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("ready")
def test_a_yaml_file_with_one_changed_letter_is_read_anew():
    for file, text in yaml_files().items():
        assert generated.tree(yamltree.product_key(text)), file
        for changed in (text + " ", text.replace("e", "f", 1), text[1:]):
            assert changed != text
            assert generated.tree(yamltree.product_key(changed)) is None, file


CHANGES = {
    "a letter of its text": lambda text, name, works: (text.replace("e", "f", 1), name, works),
    "a blank at its end": lambda text, name, works: (text + " ", name, works),
    "its file's name": lambda text, name, works: (text, f"a{name}", works),
    "a reference taken away": lambda text, name, works: (text, name, dict(list(works.items())[1:])),
    "a reference more": lambda text, name, works: (text, name, {**works, "other2026": {}}),
}


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("what", CHANGES)
def test_a_template_is_compiled_anew_after_a_change_of(what):
    for source, name in templates():
        given = text_of(source, name), name, build_environment(source).bibliography
        assert generated.template(product_key(*given), name)
        assert generated.template(product_key(*CHANGES[what](*given)), name) is None


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("module", "part", "other"),
    [
        (jinja2, "__version__", jinja2.__version__ + ".1"),
        (environment, "bc_version", bc_version + 1),
        (environment, "VERBS", without(VERBS, "add")),
        (environment, "KINDS", {}),
        (environment, "TEMPLATE_FILE", "other.md.j2"),
        (generated, "code_hash", lambda *_: "another"),
    ],
)
def test_a_template_is_compiled_anew_by_another_compiler(module, part, other, monkeypatch):
    monkeypatch.setattr(module, part, other)
    for source, name in templates():
        assert generated.template(product_key(text_of(source, name), name, build_environment(source).bibliography), name) is None


def test_the_hash_of_code_is_of_the_code_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(benchsheet, "__path__", [str(tmp_path)])
    found = set()
    for text in ("x = 1\n", "x = 2\n"):
        (tmp_path / "part").mkdir(exist_ok=True)
        (tmp_path / "part" / "code.py").write_text(text, "utf-8")
        found.add(generated.code_hash.__wrapped__("benchsheet.part.code"))
    assert len(found) == 2
    with pytest.raises(FileNotFoundError):
        generated.code_hash.__wrapped__("benchsheet.part.other")


@pytest.mark.usefixtures("ready")
def test_an_authors_own_copy_is_what_is_rendered():
    srb = library.load_all_sources()["srb"]
    changes = {"protocol.yml": ("title: SRB", "title: My SRB"), TEMPLATE_FILE: ("{% endstep %}", "Sing.\n{% endstep %}")}
    files = dict(srb.files)
    for name, (old, new) in changes.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    record = render(Source(id=srb.id, folder=srb.folder, files=files, shared_files=srb.shared_files))
    assert record["protocol"]["title"].startswith("My SRB")
    assert record["steps"][0]["markdown"].endswith("Sing.")


SPEC = "title: T\nversion: 1.0.0\nsummary: S\nparameters: {}\n"
CITING = '{% step "Wait", hands_on="1 min" %}\nWait [@one2020].\n{% endstep %}\n'


def citing(*works):
    bib = "".join(f"@article{{{key},\n  author = {{A, B}},\n  title = {{T}},\n  year = {{2020}},\n}}\n" for key in works)
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": SPEC, TEMPLATE_FILE: CITING}, shared_files={"references.bib": bib})


def test_a_reference_in_the_prose_is_looked_for_among_those_that_are_there(tmp_path, monkeypatch):
    there, gone = citing("one2020", "two2020"), citing("two2020")
    expected = told(there), told(gone)
    assert expected[1].startswith("protocols/toy/protocol.md.j2:2: no reference 'one2020'")
    with served(tmp_path, monkeypatch, {"toy": there}):
        assert (told(citing("one2020", "two2020")), told(citing("two2020"))) == expected


# --- made the same anywhere -------------------------------------------------------------------------------------------------------

ANEW = """
import runpy, sys
runpy.run_module("benchsheet.products", run_name="__main__")
print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_products_are_the_same_in_another_process_and_need_jinja_and_yaml_alone(seed):
    environ = {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", ANEW], capture_output=True, env=environ, check=True, timeout=120)
    assert json.loads(done.stdout) == products.products()
    loaded = {name.partition(".")[0] for name in done.stderr.decode().split()} - set(sys.stdlib_module_names)
    assert not loaded & {"pint", "markdown_it", "qrcodegen", "typst", "hatchling"}
    assert {"benchsheet", "jinja2", "yaml"} <= loaded
