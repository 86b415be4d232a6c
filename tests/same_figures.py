"""Whether every sheet is as it was: `python -m tests.same_figures REVISION` renders some 400 runs there and here and compares them.

Each run is asked for through the command line, so that a revision may name its modules as it likes. What identifies a sheet (digest,
identity, seal) is left out, in Records and in the other formats alike. Exit code 1 where a run differs, with the first places named.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

IDENTITIES = ("digest", "identity", "seal")
STARTS = ("2026-11-23T09:00", "2026-11-25T08:00", "2026-11-27T08:00")
PROFILES = ("tolerance: 6 %\n", "people: 2\nzone: Europe/Vienna\n")
SHOWN = ("markdown", "text", "html", "timeline", "platemap", "worklist", "labels", "wellmap")  # formats beside the Record, for one run in twenty
RENDER = """
import contextlib, io, json, os, sys
from benchsheet import cli
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(["render", *words])
    print(json.dumps([code, out.getvalue(), err.getvalue() if code else ""]), file=sys.__stdout__)
"""


def runs(labs: list[str]) -> Iterator[list[str]]:
    """Return the words of each run: of each protocol 110 that `check` tries or that are cases, some again from a start or in a lab."""
    from benchsheet import library
    from benchsheet.authoring.cases import branch_values, read_cases
    from benchsheet.engine import load_protocol

    pick = random.Random(1)  # noqa: S311 - the same runs each time
    for name in library.protocol_ids():
        source = library.load_source(name)
        values = [*branch_values(load_protocol(source)), *(dict(case.arguments) for case in read_cases(source))]
        words = [[name, *(f"--{key.replace('_', '-')}={text}" for key, text in given.items())] for given in values]
        words = [words[0], *pick.sample(words[1:], 109)]
        yield from words
        for again in pick.sample(words, 12):
            yield [*again, f"--start={pick.choice(STARTS)}"]
            yield [*again, f"--lab={pick.choice(labs)}"]


def rendered(tree: Path, asked: list[list[str]]) -> list[list[Any]]:
    """Return exit code, sheet and refusal of each run, as the engine of *tree* has them."""
    settings = {**os.environ, "PYTHONPATH": str(tree / "macros"), "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run([sys.executable, "-c", RENDER], input=json.dumps(asked), cwd=tree, env=settings, text=True, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def bare(words: list[str], sheet: str) -> Any:
    """Return a sheet without what identifies it."""
    if "--format=json" in words and sheet:
        return {key: value for key, value in json.loads(sheet).items() if key not in IDENTITIES}
    sheet = re.sub(r"<(script|style)\b.*?</\1>|<meta[^>]*>|<svg[^>]*class=\"code\".*?</svg>", "", sheet, flags=re.DOTALL)
    return re.sub(r"\b[0-9a-f]{16}\b", "", sheet)


def difference(old: Any, new: Any, path: str = "") -> str:
    """Return the first place at which two things differ, with both; nothing where they are alike."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return next((found for key in old if (found := difference(old[key], new[key], f"{path}.{key}"))), "")
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return next((found for place, pair in enumerate(zip(old, new, strict=True)) if (found := difference(*pair, f"{path}[{place}]"))), "")
    if old == new:
        return ""
    if isinstance(old, str) and isinstance(new, str):
        start = next((place for place, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
        old, new = old[max(0, start - 30) : start + 60], new[max(0, start - 30) : start + 60]
    return f"{path or 'sheet'}: {str(old)[:120]!r} -> {str(new)[:120]!r}"


def compare(here: Path, there: Path, folder: Path, formats_of: int) -> list[str]:
    """Return what differs, a line each run; with *formats_of* only other formats than JSON, of one run in so many."""
    labs = []
    for number, text in enumerate(PROFILES):
        folder.joinpath(f"lab{number}.yml").write_text(text, encoding="utf-8")
        labs.append(str(folder / f"lab{number}.yml"))
    asked = [[*words, "--format=json"] for words in runs(labs)]
    others = [[*words[:-1], f"--format={form}"] for words in asked[:: formats_of or 20] for form in SHOWN]
    others += [[*words[:-1], "--format=ics"] for words in asked[:: formats_of or 20] if any(word.startswith("--start=") for word in words)]
    asked = others if formats_of else asked + others
    print(f"{len(asked)} sheets")  # noqa: T201
    found = []
    for words, (old_code, old, old_error), (new_code, new, new_error) in zip(asked, rendered(there, asked), rendered(here, asked), strict=True):
        differs = difference([old_code, old_error, bare(words, old)], [new_code, new_error, bare(words, new)])
        if differs:
            found.append(f"{' '.join(words)}\n    {differs}")
    return found


def main() -> int:
    """Compare the working tree with a revision; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("revision")
    parser.add_argument("--most", type=int, default=20, help="how many differences are printed")
    parser.add_argument("--formats-only", type=int, default=0, metavar="N", help="compare no Record, but all other formats of one run in N")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder, "tree")
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(there), options.revision], cwd=here, check=True)  # noqa: S607
        try:
            found = compare(here, there, Path(folder), options.formats_only)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(there)], cwd=here, check=True)  # noqa: S607
    for line in found[: options.most]:
        print(line)  # noqa: T201
    print(f"{len(found)} differ" if found else "all alike")  # noqa: T201
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
