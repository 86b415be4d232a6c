"""Whether what was built may be published: `python -m tests.release v0.1.0 dist/` says what is wrong with it, and ends with 1.

The tag, the package, the citation and the changelog name one version; the changelog has its day. The folder has one wheel and one source
archive of that version, and the wheel has the protocols, what the build made ready, the licences, and no file of the tests.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
NEEDED = ("benchsheet/protocols/", "benchsheet/_generated/", "benchsheet/engine.txt", ".dist-info/licenses/LICENSE", ".dist-info/entry_points.txt")


def list_faults(tag: str, folder: Path, root: Path = ROOT) -> list[str]:
    """Return what keeps the files in *folder* from being published under *tag*, a sentence each; *root* is the tree that they were built from."""
    version = tag.removeprefix("v")
    if not tag.startswith("v") or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return [f"the tag {tag!r} is not of the form v1.2.3"]
    return [*_compare_versions(version, root), *_look_into_files(version, folder)]


def _compare_versions(version: str, root: Path) -> list[str]:
    package = re.search(r'^__version__ = "(.+)"$', (root / "macros" / "benchsheet" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    cited = str(yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))["version"])
    found = {"macros/benchsheet/__init__.py": package[1] if package else "nothing", "CITATION.cff": cited}
    faults = [f"{file} says {named}, and the tag says {version}" for file, named in found.items() if named != version]
    heading = re.search(r"^## (.+)$", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    if not heading or not re.fullmatch(rf"{re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", heading[1]):
        named = heading[1] if heading else "nothing"
        faults.append(f"CHANGELOG.md begins with {named!r}: write '## {version} (2026-11-30)', the day of the release")
    return faults


def _look_into_files(version: str, folder: Path) -> list[str]:
    wheels, archives = sorted(folder.glob("*.whl")), sorted(folder.glob("*.tar.gz"))
    others = sorted(set(folder.iterdir()) - {*wheels, *archives})
    faults = [f"{other.name} is neither a wheel nor a source archive" for other in others]
    wanted = {"wheel": (wheels, f"benchsheet-{version}-py3-none-any.whl"), "source archive": (archives, f"benchsheet-{version}.tar.gz")}
    for kind, (paths, name) in wanted.items():
        if [path.name for path in paths] != [name]:
            faults.append(f"the one {kind} has to be {name}; there is {', '.join(path.name for path in paths) or 'none'}")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        faults += [f"{wheel.name} has no {part}" for part in NEEDED if not any(part in name for name in names)]
        faults += [f"{wheel.name} has {name}" for name in names if not re.match(r"benchsheet(/|-[\d.]+\.dist-info/)", name)]
    return faults


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("write: python -m tests.release v0.1.0 dist/")
    sys.exit("\n".join(list_faults(sys.argv[1], Path(sys.argv[2]))) or 0)
