"""The site as it is built, once for all tests that look at it."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@functools.cache
def built() -> Path:
    """Return the folder of the built site; it goes when the tests end."""
    pytest.importorskip("mkdocs", reason="MkDocs is not installed")
    folder = Path(tempfile.mkdtemp(prefix="benchsheet-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return folder


def presets(folder: Path) -> list[str]:
    """Return the sheets that are set for a test, as paths in the site."""
    return sorted(str(file.relative_to(folder)) for file in folder.glob("protocols/*/*.html") if not file.name.endswith(".sheet.html"))
