"""What is built and installed is what stands in the tree, and the tree names no machine and no package index."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from mkdocs.config.defaults import MkDocsConfig

from benchsheet.products import products
from benchsheet.record import identity
from benchsheet.site.plugin import set_addresses

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "macros" / "benchsheet"
CI = bool(os.environ.get("CI"))

# What pip says when it cannot reach an index, which is not a fault of the wheel.
UNREACHED = re.compile(r"Retrying \(Retry|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|name resolution")

# Written as patterns, these do not match themselves.
FORBIDDEN = {
    "the host of a package index": re.compile(r"\b(?:test\.)?pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|\bdeb\.debian\.org"),
    "an absolute path of one machine": re.compile(r"(?<![\w.~<>{}$-])(?:/(?:work|home|root|Users)/|[A-Za-z]:\\+Users\\)"),
}

NAME_END = re.compile(r"[ =<>!~;\[]")  # what follows a requirement's name


def clean_environment() -> dict[str, str]:
    """Return the environment without what would let another Python or the checkout show through."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=clean_environment(), capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def load_hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REPOSITORY, PAGES = "https://example.org/us/benchsheet", "https://example.org/pages"


@pytest.mark.parametrize(
    ("cited", "urls", "shown"),
    [
        ("", {}, (None, None, None)),
        (f"repository-code: {REPOSITORY}\n", {"Repository": REPOSITORY}, (None, REPOSITORY, "us/benchsheet")),
        (
            f"url: {PAGES}\nrepository-code: {REPOSITORY}\n",
            {"Repository": REPOSITORY, "Documentation": PAGES},
            (f"{PAGES}/", REPOSITORY, "us/benchsheet"),
        ),
    ],
)
def test_wheel_and_site_have_the_addresses_of_the_citation_and_else_no_link(cited, urls, shown, tmp_path):
    for name in ("pyproject.toml", "hatch_build.py"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "macros" / "benchsheet").mkdir(parents=True)
    (tmp_path / "macros" / "benchsheet" / "__init__.py").write_text('__version__ = "0.1.0"\n', "utf-8")
    (tmp_path / "CITATION.cff").write_text(f"version: 0.1.0\n{cited}", "utf-8")
    assert ProjectMetadata(str(tmp_path), PluginManager()).core.urls == urls
    config = MkDocsConfig()
    set_addresses(config, tmp_path / "CITATION.cff")
    assert (config.site_url, config.repo_url, config.repo_name) == shown


def tracked_files() -> list[Path]:
    """Return the files that git knows, and those it would take up; without git or its folder the claim cannot be tried."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    assert listed.returncode == 0, listed.stderr
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel built from the tree, without a network: the backend is the one installed here."""
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of commands of a clean environment, outside the checkout, that has the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    commands = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (commands / "python", "-m", "pip", "install", "--quiet", "--retries", "2", "--disable-pip-version-check")
    alone = run(*pip, "--no-deps", wheel, cwd=folder)
    assert alone.returncode == 0, alone.stderr
    whole = run(*pip, wheel, cwd=folder)
    if whole.returncode and UNREACHED.search(whole.stdout + whole.stderr) and not CI:
        pytest.skip("no package index can be reached, so the wheel's dependencies cannot be installed")
    assert whole.returncode == 0, whole.stderr
    return commands


def test_an_installed_wheel_renders_outside_the_checkout(installed, tmp_path):
    done = run(installed / "benchsheet", "render", "srb", "--plates", "4", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert any("SRB" in line for line in done.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_an_installed_wheel_lists_its_protocols(installed, tmp_path):
    done = run(installed / "benchsheet", "list", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert any(re.search(r"\bsrb\b", line) for line in done.stdout.splitlines())


def test_an_installed_wheel_runs_its_own_code(installed, tmp_path):
    done = run(installed / "python", "-c", "import benchsheet; print(benchsheet.__file__)", cwd=tmp_path)
    assert Path(done.stdout.strip()).resolve().is_relative_to(installed.parent.resolve())


def test_a_wheel_holds_every_protocol_file_as_it_stands_in_the_tree(wheel):
    expected = {
        path.relative_to(ROOT / "protocols").as_posix(): path.read_bytes() for path in tracked_files() if path.is_relative_to(ROOT / "protocols")
    }
    prefix = "benchsheet/protocols/"
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if name.startswith(prefix)}
    assert expected
    assert shipped == expected


def test_a_wheel_holds_the_hash_of_its_own_engine(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    engine = tmp_path / "benchsheet"
    told = (engine / "engine.txt").read_text(encoding="utf-8").strip()
    assert told == load_hook().engine_hash(PACKAGE)
    for beside in ("protocols", "_generated"):  # beside the engine in a wheel, not part of it
        shutil.rmtree(engine / beside)
    assert told == load_hook().engine_hash(engine)


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_wheel_holds_what_is_made_anew_from_the_tree(wheel):
    prefix = "benchsheet/_generated/"
    shipped = {name.removeprefix(prefix): data.decode() for name, data in contents(wheel).items() if name.startswith(prefix)}
    assert len(shipped) > 40
    assert shipped == products()


def test_a_wheel_from_a_source_archive_is_that_from_the_tree(wheel, tmp_path):
    both = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)  # a wheel from the archive
    assert both.returncode == 0, both.stdout + both.stderr
    (other,) = tmp_path.glob("*.whl")
    assert contents(other) == contents(wheel)
    assert other.read_bytes() == wheel.read_bytes()


def test_the_build_asks_for_what_it_imports_in_the_bounds_of_the_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [line for line in settings["build-system"]["requires"] if not line.startswith("hatchling")]
    assert {NAME_END.split(line, maxsplit=1)[0] for line in asked} == {"jinja2", "pyyaml"}
    assert set(asked) <= set(settings["project"]["dependencies"])


def test_a_build_whose_templates_cannot_be_compiled_says_why(tmp_path):
    macros, protocols = tmp_path / "macros", tmp_path / "protocols"
    shutil.copytree(PACKAGE, macros / "benchsheet", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "protocols", protocols)
    (protocols / "srb" / "protocol.md.j2").write_text("{% step %}\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="a step has no title"):
        load_hook().products(macros)


RENDER = """
import sys
from benchsheet import library
from benchsheet.engine import render
print(render(library.load_source("srb"), {"plates": "4"})["steps"][0]["title"])
print(*(name for name in ("yaml", "datetime", "benchsheet.templating.lint") if name in sys.modules))
"""


def test_an_installed_wheel_parses_and_compiles_what_was_changed_and_nothing_else(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)

    def rendered() -> list[str]:
        code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{RENDER}"
        done = run(sys.executable, "-c", code, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")[:2]

    assert rendered() == ["Seed", ""]
    folder = tmp_path / "benchsheet" / "protocols" / "srb"
    for name, old, new in (("protocol.yml", "title: SRB", "title: My SRB"), ("protocol.md.j2", "{% endstep %}", "Sing.\n{% endstep %}")):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert rendered() == ["Seed", "yaml datetime benchsheet.templating.lint"]


def test_a_wheel_holds_both_licences(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    assert "\nLicense-Expression: MIT AND CC-BY-4.0\n" in metadata
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-CONTENT"}


def test_an_editable_install_has_no_copy_of_the_protocols_or_the_hash(tmp_path):
    code = "import sys, hatchling.build as backend; print(backend.build_editable(sys.argv[1]))"
    built = run(sys.executable, "-c", code, tmp_path, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(tmp_path / built.stdout.split()[-1]) as archive:
        assert [name for name in archive.namelist() if name.startswith("benchsheet/")] == []


def test_the_build_and_the_package_hash_the_engine_alike():
    assert load_hook().engine_hash(PACKAGE) == identity.hash_engine(PACKAGE)


ENGINE = [
    path for path in sorted(PACKAGE.rglob("*")) if path.is_file() and path.name not in {"py.typed", "engine.txt"} and "__pycache__" not in path.parts
]
KINDS = {path.suffix: path.relative_to(PACKAGE).as_posix() for path in ENGINE}


@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS)
def test_every_kind_of_file_that_the_engine_reads_counts_in_its_hash(name, tmp_path):
    engine = tmp_path / "benchsheet"
    shutil.copytree(PACKAGE, engine, ignore=shutil.ignore_patterns("__pycache__"))
    before = load_hook().engine_hash(engine), identity.hash_engine(engine)
    with (engine / name).open("a", encoding="utf-8") as file:
        file.write(" ")
    after = load_hook().engine_hash(engine), identity.hash_engine(engine)
    assert before[0] == before[1] != after[0] == after[1]


def test_a_wheel_holds_every_file_of_the_engine(wheel):
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name.removeprefix("benchsheet/") for name in archive.namelist()}
    assert {path.relative_to(PACKAGE).as_posix() for path in ENGINE} <= shipped
    assert {"formats/html/sheet.js", "formats/html/sheet.css", "formats/html/print.css"} <= shipped


def test_the_engine_hash_sees_text_not_its_encoding_or_line_ends(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "part" / "__pycache__").mkdir(parents=True)
    (one / "a.py").write_bytes("caf\u00e9\nx\ny\n".encode())
    (other / "a.py").write_bytes("cafe\u0301\r\nx\ry\n".encode())
    for folder in (one, other):
        (folder / "part" / "b.yml").write_bytes(b"b: 1\n")
    # None of these is the engine's source.
    (other / "engine.txt").write_bytes(b"a hash")
    (other / "part" / "b.pyc").write_bytes(b"\x00")
    (other / "part" / "__pycache__" / "c.py").write_bytes(b"c")
    for engine_hash in (load_hook().engine_hash, identity.hash_engine):
        assert engine_hash(one) == engine_hash(other)
        before = engine_hash(other)
        (other / "part" / "b.yml").rename(other / "part" / "c.yml")
        assert engine_hash(other) != before
        (other / "part" / "c.yml").rename(other / "part" / "b.yml")


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_names(kind):
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", errors="replace").splitlines(), start=1)
        if FORBIDDEN[kind].search(line)
    ]
    assert found == [], f"these name {kind}"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("the host of a package index", "--index-url https://{}/simple".format("pypi" + ".org")),
        ("an absolute path of one machine", "see {}/x".format("/" + "work")),
        ("an absolute path of one machine", "open('{}/me/x')".format("/" + "home")),
        ("an absolute path of one machine", "{}\\me".format("C:" + "\\Users")),
    ],
)
def test_what_no_file_may_name_is_found(kind, line):
    assert FORBIDDEN[kind].search(line)


@pytest.mark.parametrize("line", ["https://example.org/home/x", "~/work/x", "./work/x", "docs/home/x", "a working/root/thing"])
def test_a_relative_path_or_an_address_is_no_path_of_a_machine(line):
    assert not FORBIDDEN["an absolute path of one machine"].search(line)


def locked() -> dict[str, str]:
    """Return each requirement of the lock by its name, with all that belongs to it on one line."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    entries = "\n".join(lines).replace("\\\n", " ").splitlines()
    return {NAME_END.split(entry, maxsplit=1)[0].lower(): entry for entry in entries if entry.strip()}


def test_the_lock_names_no_index_and_takes_nothing_from_elsewhere():
    options = [name for name in locked() if name.startswith("-")]
    assert options == []
    assert [entry for entry in locked().values() if "://" in entry or " @ " in entry] == []


def test_every_locked_requirement_has_one_version_and_a_hash():
    entries = locked()
    assert entries
    for name, entry in entries.items():
        assert re.match(rf"{re.escape(name)}==[\w.!+]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name


def test_the_lock_holds_all_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert {NAME_END.split(line, maxsplit=1)[0].lower() for line in asked} <= set(locked())


def test_the_workflow_runs_the_commands_of_the_readme():
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    if not workflow.exists():
        pytest.skip("a source archive has no workflow")
    steps = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]["readme"]["steps"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in readme.splitlines() if line.strip().startswith("python3 -m venv ")]
    assert len(commands) == 2
    assert set(commands) <= {step.get("run") for step in steps}
