"""What several files of tests share: the command in this process, in one of its own, and at a terminal; sheets, made once; a browser."""

from __future__ import annotations

import functools
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import settings

from benchsheet import library
from benchsheet.cli import main
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from tests.records import sample

settings.register_profile("benchsheet", max_examples=sample(40))
settings.load_profile("benchsheet")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTINGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COMMAND = (sys.executable, "-m", "benchsheet")
FORGOTTEN = (
    "BENCHSHEET_LAB",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "NO_COLOR",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
    "PYTHONCOERCECLOCALE",
    "TERM",
    "COLUMNS",
)
BOLD = re.compile("\x1b\\[\\d*m")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command left: its exit code, and what it wrote."""

    code: int
    written: bytes
    complained: bytes = b""

    @property
    def out(self):
        return self.written.decode()

    @property
    def err(self):
        return self.complained.decode()

    @property
    def mistakes(self):
        """The messages on standard error, without their hints."""
        return [line for line in self.err.splitlines() if not line.startswith("  hint: ")]

    @property
    def plain_lines(self):
        """The lines as they are seen: without the signs that make them bold."""
        return BOLD.sub("", self.out).splitlines()


def clean(environment):
    """Return the environment of the tests without what decides languages and terminals, then *environment*."""
    return {name: text for name, text in os.environ.items() if name not in FORGOTTEN} | environment


@pytest.fixture
def cli(capsysbinary, monkeypatch, tmp_path):
    """The command, run in this process and in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCHSHEET_LAB", raising=False)

    def run(*words):
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Answer(code=code, written=out, complained=err)

    return run


@pytest.fixture
def process(tmp_path):
    """The command as a process of its own, its output going into pipes (or where *stdout* says)."""

    def run(*words, stdout=subprocess.PIPE, env=(), **settings):
        done = subprocess.run(
            [*COMMAND, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=clean(dict(env)),
            check=False,
            timeout=60,
            **settings,
        )
        return Answer(code=done.returncode, written=done.stdout or b"", complained=done.stderr)

    return run


@pytest.fixture
def terminal(tmp_path):
    """The command at a terminal of 80 columns; standard error goes into a pipe."""
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

    def run(*words, encoding="utf-8", **environment):
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, b"\x18\0\x50\0\0\0\0\0")
        env = clean({"TERM": "xterm"} | environment)
        with subprocess.Popen([*COMMAND, *map(str, words)], stdin=its, stdout=its, stderr=subprocess.PIPE, cwd=tmp_path, env=env) as started:
            os.close(its)
            shown = b"".join(iter(functools.partial(_read, ours), b""))
            os.close(ours)
            complained = started.stderr.read() if started.stderr else b""
        words_shown = shown.replace(b"\r\n", b"\n").decode(encoding)
        return Answer(code=started.returncode, written=words_shown.encode(), complained=complained)

    return run


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says where the other side is closed
        return b""


@functools.cache
def _sheet(given):
    return render(library.load_source("srb"), dict(given))


@pytest.fixture(scope="session")
def sheet():
    """The Record of the SRB assay with some values; made once for each set of values."""
    return lambda **given: _sheet(tuple(given.items()))


LINES = ("A549", "BT-474", "MCF7", "MDA-MB-231", "HCC827", "PANC-1", "MIA PaCa-2", "HEY", "HT-29", "other")
NAMES = ("VS-4718", "it's", "a b", "β-lapachone", "<b>", "x*y", "日本", "50 %")


def any_values(rng):
    """Return one set of values of the SRB assay that may well be refused."""
    compounds = rng.sample(NAMES, rng.randint(1, 4))
    every = {
        "plates": str(rng.choice([1, 2, 3, 5, 8, 13, 40, 100])),
        "compounds": ",".join(compounds),
        "cell_line": rng.choice(LINES),
        "doubling": rng.choice(["20 h", "22; 31 h", "1 day; 40 h"]),
        "exposure": rng.choice(["48 h", "72 h", "96 h", "61 h", "4400 min"]),
        "confluent": rng.choice(["30000 cells", "5e4 cells"]),
        "seeded": rng.choice(["800 cells", "1500 cells", "2777 cells"]),
        "counted": rng.choice(["1.2e6 cells/mL", "437000 cells/mL"]),
        "medium": rng.choice(["80 uL", "100 uL/well", "113 µL", "0.12 mL"]),
        "addition": rng.choice(["add", "replace"]),
        "stock": rng.choice(["10 mM", "20 mM", "5 mM", "5 mg"]),
        "mw": rng.choice(["480 g/mol", "0.5 kDa"]),
        "solvent": rng.choice(["DMSO", "water"]),
        "top_dose": rng.choice(["10 uM", "3 uM", "2.5 uM", "; ".join(["4 uM"] * len(compounds))]),
        "dilution": rng.choice(["half-log", "3 fold", "2 fold", "2.5 fold"]),
        "doses": str(rng.randint(4, 10)),
        "replicates": str(rng.randint(3, 6)),
        "vehicle_limit": rng.choice(["0.1 % v/v", "0.2 % v/v", "0.5 % v/v"]),
        "kill": rng.choice(["puromycin", "kill | me"]),
        "fixation": rng.choice(["layer", "replace"]),
        "dye": rng.choice(["0.4 % w/v", "0.057 % w/v"]),
        "wavelength": rng.choice(["565 nm", "490 nm"]),
        "have": "10 mM: 50 uL; 1 mM: 60 uL",
    }
    return {name: text for name, text in every.items() if rng.random() < 0.3}


MANY = sample(30)


@functools.cache
def _many():
    rng = random.Random(20261123)  # noqa: S311 - the same sets in every run
    found = []
    for _ in range(7 * MANY):
        given = any_values(rng)
        try:
            found.append((given, render(library.load_source("srb"), given)))
        except ProtocolError:
            continue
        if len(found) == MANY:
            break
    return found


@pytest.fixture(scope="session")
def many_sheets():
    """Sets of values that make a sheet, chosen at random once and for all, with their Records."""
    found = _many()
    assert len(found) == MANY
    return found


HOST = "http://localhost/"


def serve(context, folder):
    """Show the files of a folder at an address, where a page writes its store at once.

    Of a file's page, Chromium on a busy machine may lose what was stored just before another page is opened.
    """
    context.route(f"{HOST}**", lambda route: route.fulfill(path=folder / unquote(urlsplit(route.request.url).path)[1:]))


def missing(reason):
    """Skip, or fail where a browser is asked for."""
    if os.environ.get("BENCHSHEET_NEEDS_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser():
    """The Chromium that is installed, started once for a file of tests."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        missing(f"no browser here: none of {', '.join(BROWSERS)}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed, which drives the browser")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=list(SETTINGS))
        yield started
        started.close()
