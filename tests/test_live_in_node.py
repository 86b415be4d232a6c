"""The engine in the Python of a browser says byte for byte what it says here, of sheets, of calculations and of what is refused."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchsheet import live
from tests.asks import list_asks, write_asks
from tests.engine_pack import pack_engine
from tests.records import sample

ROOT = Path(__file__).parent.parent
NODE = shutil.which("node") or ""


def lacking(reason):
    """Skip, or fail where all that is needed is asked for."""
    if os.environ.get("BENCHSHEET_NEEDS_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The engine as a zip, made of the wheel."""
    pytest.importorskip("build", reason="build is not installed")
    if not NODE:
        lacking("Node.js is not installed")
    if not (ROOT / "node_modules" / "pyodide").is_dir():
        lacking("the Python of a browser is not installed: npm ci")
    folder = tmp_path_factory.mktemp("pack")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    pack_engine(wheel, folder / "engine.zip")
    return folder / "engine.zip"


def test_a_browser_s_python_says_the_same(pack, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    asks = [ask for ask in list_asks(sample(30)) if ask["do"] != "describe"]
    asked = pack.with_name("asks.json")
    asked.write_text(write_asks(asks), "utf-8")
    command = [NODE, str(ROOT / "tests" / "ask_engine.mjs"), str(pack), str(asked)]
    node = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert node.returncode == 0, node.stderr
    there = json.loads(node.stdout)
    assert there["python"].startswith("3.")
    here = [live.answer(json.dumps(ask, ensure_ascii=False)) for ask in asks]
    others = [
        (ask, answer[:300], told["text"][:300])
        for ask, answer, told in zip(asks, here, there["told"], strict=True)
        if hashlib.sha256(answer.encode()).hexdigest() != told["hash"]
    ]
    assert others == []
    assert sum('"files"' in answer for answer in here) > 150
    assert sum('"mistakes"' in answer for answer in here) > 40
