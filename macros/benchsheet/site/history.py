"""When the sources of a page were last changed, as git knows it. A copy without its full history says nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_ASSEMBLED = re.compile(r"^\{(?:index|works|numbers|changes)\}$", re.MULTILINE)  # what stands in its place has a history of its own
_DRAWN = re.compile(r"^\{(?:picture|edges|states)\}$", re.MULTILINE)
_EMBEDDED = re.compile(r"^\{answer: ([\w-]+)\}$", re.MULTILINE)
_SHARED = "protocols/_shared/"


def last_changes(root: Path) -> dict[str, str]:
    """Return the day (``2026-11-30``) of the last commit that changed each file, by its path from *root*.

    Without git, in a shallow clone, and where *root* is not the top of a repository it is empty; files with changes not committed are left out.
    """
    if _ask_git(root, "rev-parse", "--is-shallow-repository", "--show-prefix") != "false\n\n":
        return {}
    days: dict[str, str] = {}
    day = ""
    for line in _ask_git(root, "log", "--format=%x00%cs", "--name-only", "--no-renames").splitlines():
        if line.startswith("\0"):
            day = line[1:]
        elif line:
            days.setdefault(line, day)
    changed = _ask_git(root, "diff", "--name-only", "HEAD").splitlines()
    return {path: day for path, day in days.items() if path not in changed}


def _ask_git(root: Path, *words: str) -> str:
    """Return what git says in *root*; "" if it is not there, or fails."""
    if (git := shutil.which("git")) is None:
        return ""
    command = [git, "-c", "core.quotepath=off", *words]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603 - our own words
    return "" if done.returncode else done.stdout


def find_last_change(file: str, text: str, days: Mapping[str, str]) -> str:
    """Return the day on which a page was last changed, whose source is *file* with *text*; "" if it is not known.

    It counts the source itself, the files of its name beside it (its data and picture), the folder of its name, all of a protocol's folder, the
    table of its name, and each answer in it. A page that lists others has no day.
    """
    if _ASSEMBLED.search(text):
        return ""
    folder, _, name = file.rpartition("/")
    stem = name.rpartition(".")[0]
    sources = {path for path in days if path == file or path.startswith((f"{folder}/{stem}.", f"{folder}/{stem}/"))}
    sources |= {path for path in days if name == "protocol.yml" and path.startswith(f"{folder}/")}
    sources |= {path for path in days if folder.endswith("/tables") and path.startswith(f"{_SHARED}{stem}.")}
    sources |= {path for path in days if _DRAWN.search(text) and path.startswith(f"docs/mechanisms/{stem}.")}
    sources |= {f"docs/faq/{answer}.md" for answer in _EMBEDDED.findall(text)}
    return max((days.get(path, "") for path in sources), default="")
