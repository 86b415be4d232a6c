"""The site as it is built, once for all tests that look at it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def built(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site, which the workers of one run share."""
    pytest.importorskip("mkdocs", reason="MkDocs is not installed")
    basis = factory.getbasetemp()
    root = (basis.parent if "PYTEST_XDIST_WORKER" in os.environ else basis) / "built"
    folder, ready = root / "site", root / "ready"
    try:
        root.mkdir()
    except FileExistsError:  # another test builds it, or has
        for _ in range(1200):
            if ready.exists():
                assert ready.read_text("utf-8") == "", "the site could not be built: the test that was first says why"
                return folder
            time.sleep(0.5)
        pytest.fail("nobody has built the site")
    try:
        done = _build(folder)
    except BaseException:
        ready.write_text("failed", "utf-8")
        raise
    ready.write_text(done.stderr if done.returncode else "", "utf-8")
    assert done.returncode == 0, done.stderr
    return folder


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def presets(folder: Path) -> list[str]:
    """Return the sheets that are set for a test, as paths in the site."""
    return sorted(str(file.relative_to(folder)) for file in folder.glob("protocols/*/*.html") if not file.name.endswith(".sheet.html"))
