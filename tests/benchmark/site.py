"""Time of a build of the site: beside plain Material on the same pages as ready Markdown, and with twice the protocols.

    python tests/benchmark/site.py [--rounds N] [--protocols N] [--keep DIR]

Copies this tree without its notebooks' plugin: once without files to download; once with them and, as the site has an address,
with cards; and that again, with what it kept removed before each build. Copies it once more with its notebooks, whose results are
kept. Writes the same pages as ready Markdown for a build without ours, and makes two sites that hold
little but generated protocols, one with twice as many as the other. Then runs the builds interleaved, each as a whole process, in
an order that rotates each round. Prints the figures, then each target with what was reached.
The targets go by processor time, which a busy machine lengthens less than the time on the wall; that is printed beside it.
Exits 0 if every target was met. For Linux and macOS: it needs `os.wait4`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchsheet import library
from benchsheet.site.build import build_pages, companion_files, format_pages, hidden_pages
from benchsheet.site.site_map import build_navigation, notebook_paths, static_files

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "mkdocs.yml"
OURS, NOTEBOOKS = "benchsheet", "mkdocs-jupyter"
CACHE = ".cache"
ADDRESS = "https://example.org/benchsheet"
RESULTS = f"{CACHE}/mkdocs-jupyter"
TEMPLATE = "_template"
EXAMPLE = "generated-001"

# What a site cannot be without; the words on it do not matter here.
NEEDED = {
    "index.md": "---\ntitle: Home\n---\nHome.\n",
    "workflow.md": "---\ntitle: Workflow\n---\nStages.\n",
    "cite.md": "---\ntitle: How to cite\n---\nName it.\n",
    "changes.md": "---\ntitle: What changed\n---\n{changes}\n",
    "references.md": "---\ntitle: References\n---\n{works}\n\n## Numbers\n\n{numbers}\n",
    "citations.yml": "1: {work: null, relation: unresolved, note: none}\n",
    "faq/index.md": "---\ntitle: Questions\nareas: [bench]\ndirections: [neither]\n---\n{index}\n",
    "scenarios/index.md": "---\ntitle: Troubleshooting\n---\n{index}\n",
    "protocols/index.md": "---\ntitle: Protocols\n---\n{index}\n",
    "mechanisms/index.md": "---\ntitle: Mechanisms\n---\n{index}\n",
    "guide/words.md": "# Words\n\n| word | means here |\n|---|---|\n| T0 plate | fixed as the drug goes on |\n",
}


@dataclass(kw_only=True)
class Build:
    """One site and what was measured of its builds: seconds on the wall and of the processor, and peak memory in MB (10^6 bytes).

    What a build kept is removed before each build of one that is *new*.
    """

    name: str
    folder: Path
    new: bool = False
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    def run(self) -> tuple[float, float, float]:
        """Build the site once, as a process; return its seconds and its peak memory."""
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(self.folder / SETTINGS)]
        if self.new:
            shutil.rmtree(self.folder / CACHE, ignore_errors=True)
        with tempfile.TemporaryFile() as said:
            start = time.perf_counter()
            child = subprocess.Popen(command, cwd=self.folder, env=environment(self.folder), stdout=said, stderr=said)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                said.seek(0)
                sys.exit(f"'{self.name}' ended with {child.returncode}:\n{said.read().decode()}")
        return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6

    def measure(self) -> None:
        """Build the site once and keep the figures."""
        for kept, figure in zip((self.wall, self.processor, self.peaks), self.run(), strict=True):
            kept.append(figure)

    @property
    def files(self) -> int:
        """How many pages the last build left."""
        return sum(1 for _ in (self.folder / "site").rglob("*.html"))

    @property
    def results(self) -> dict[str, int]:
        """When the kept results of notebooks were written."""
        return {file.name: file.stat().st_mtime_ns for file in (self.folder / RESULTS).glob("*")}


@dataclass(frozen=True, kw_only=True)
class Target:
    """How many times as long one build takes as another, by processor time and on the wall, and what it may be."""

    name: str
    limit: float
    processor: float
    wall: float

    @property
    def met(self) -> bool:
        """Whether the processor time keeps the limit."""
        return self.processor <= self.limit


def environment(folder: Path) -> dict[str, str]:
    """Return the environment without what changes how Python starts; the package is the one of the site in *folder*, if it has one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BENCHSHEET_"))}
    return kept | {"NO_MKDOCS_2_WARNING": "1"} | ({"PYTHONPATH": str(folder / "macros")} if (folder / "macros").is_dir() else {})


def settings(notebooks: bool = False, **changed: Any) -> str:
    """Return the site's settings, without the plugin of the notebooks unless it is asked for, and with what is *changed*."""
    found = yaml.safe_load((ROOT / SETTINGS).read_text("utf-8"))
    found["plugins"] = [each for each in found["plugins"] if notebooks or NOTEBOOKS not in each]
    return yaml.safe_dump(found | changed, sort_keys=False, allow_unicode=True)


def files(folder: Path, texts: Mapping[str, str | bytes]) -> None:
    """Write *texts* by their paths into *folder*."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)


def copied(folder: Path) -> None:
    """Copy the package into *folder*, without what Python and others keep beside it."""
    shutil.copytree(ROOT / "macros", folder / "macros", ignore=shutil.ignore_patterns("__pycache__", ".*"))


def site(name: str, folder: Path, new: bool = False, notebooks: bool = False, whole: bool = True) -> Build:
    """Make a copy of this tree's site, the *whole* with its files to download and its cards."""
    copied(folder)
    for part in ("protocols", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    plugins = [{OURS: {"downloads": False}} if each == OURS and not whole else each for each in yaml.safe_load(settings(notebooks))["plugins"]]
    files(folder, {SETTINGS: settings(notebooks, plugins=plugins), **({"CITATION.cff": f"url: {ADDRESS}\n"} if whole else {})})
    return Build(name=name, folder=folder, new=new)


def plain(folder: Path) -> Build:
    """Make a site of the same pages as ready Markdown, which nothing of ours builds."""
    docs = library.load_documents(ROOT / "docs")
    found = build_pages(docs, library.load_text(ROOT / "CHANGELOG.md"))
    files(folder / "docs", {**format_pages(found), **companion_files(found)})
    for path in static_files(docs):
        (folder / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "docs" / path, folder / "docs" / path)
    whole = yaml.safe_load(settings())
    shown = build_navigation(found, notebook_paths(docs))
    hidden = "\n".join(f"/{path}" for path in hidden_pages(found, shown))
    plugins = [each for each in whole["plugins"] if each != OURS]
    files(folder, {SETTINGS: settings(plugins=plugins, nav=shown, not_in_nav=hidden)})
    return Build(name="plain Material, same pages", folder=folder)


def generated(folder: Path, count: int) -> Build:
    """Make a site with *count* protocols, each the template under a name and a title of its own, and little else."""
    copied(folder)
    shutil.copytree(ROOT / "protocols" / "_shared", folder / "protocols" / "_shared")
    template = ROOT / "protocols" / TEMPLATE
    for number in range(1, count + 1):
        name = EXAMPLE.replace("001", f"{number:03}")
        shutil.copytree(template, folder / "protocols" / name)
        spec = (template / "protocol.yml").read_text("utf-8").replace("NEW-PROTOCOL", f"Protocol {number}", 1)
        files(folder / "protocols" / name, {"protocol.yml": spec})
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    files(folder / "docs", NEEDED)
    files(folder, {SETTINGS: settings(), "CHANGELOG.md": "# What changed\n\nNothing.\n"})
    return Build(name=f"{count} generated protocols", folder=folder)


def measure(order: list[Build], rounds: int) -> None:
    """Build everything *rounds* times, interleaved."""
    for build in order:
        build.run()  # the first build writes .pyc files, reads from the disk, runs notebooks and fills what is kept
    ran = {build.name: build.results for build in order}
    for number in range(rounds):
        turn = number % len(order)
        for build in order[turn:] + order[:turn]:
            build.measure()
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if again := [build.name for build in order if build.results != ran[build.name]]:
        sys.exit(f"notebooks ran again: {', '.join(again)}")


def target(name: str, limit: float, one: Build, other: Build) -> Target:
    """Return how many times as long *one* takes as *other*, by the medians."""
    processor, wall = (statistics.median(mine) / statistics.median(its) for mine, its in ((one.processor, other.processor), (one.wall, other.wall)))
    return Target(name=name, limit=limit, processor=processor, wall=wall)


def print_figures(order: list[Build]) -> None:
    """Print the table of what was measured."""
    print(f"{'':30} {'pages':>6} {'processor s: min':>16} {'median':>7} {'wall s: min':>12} {'median':>7} {'peak MB':>8}")
    for build in order:
        times = f"{min(build.processor):16.2f} {statistics.median(build.processor):7.2f} {min(build.wall):12.2f} {statistics.median(build.wall):7.2f}"
        print(f"{build.name:30} {build.files:6} {times} {statistics.median(build.peaks):8.0f}")


def print_targets(reached: list[Target]) -> None:
    """Print each target, what was reached, and whether that is enough."""
    print(f"{'target':48} {'at most':>8} {'processor':>10} {'wall':>8}")
    for each in reached:
        print(f"{each.name:48} {each.limit:8.2f} {each.processor:10.3f} {each.wall:8.3f}  {'pass' if each.met else 'MISS'}")


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each site is built (default 3)")
    parser.add_argument("--protocols", type=int, default=300, metavar="N", help="how many are generated, and twice as many (default 300)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the sites in this empty folder and leave them there")
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.protocols < 1:
        parser.error("--rounds and --protocols must be at least 1")
    if not hasattr(os, "wait4"):
        parser.error("this system has no os.wait4; run the benchmark on Linux or macOS")
    if asked.keep and asked.keep.exists() and any(asked.keep.iterdir()):
        parser.error(f"{asked.keep} holds something already")
    with contextlib.ExitStack() as stack:
        folder = asked.keep.resolve() if asked.keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchsheet-site-")))
        material, pages = plain(folder / "plain"), site("the site's pages, kept", folder / "pages", whole=False)
        ours = site("with downloads and cards, kept", folder / "site")
        first = site("the same, nothing kept", folder / "first", new=True)
        whole = site("the same with notebooks, kept", folder / "notebooks", notebooks=True)
        few, many = (generated(folder / f"protocols-{count}", count) for count in (asked.protocols, 2 * asked.protocols))
        order = [pages, material, ours, first, whole, few, many]
        measure(order, asked.rounds)
        print(f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
        print(f"{asked.rounds} rounds\n")
        if not whole.results:
            sys.exit("no results of notebooks were kept")
        print_figures(order)
    print()
    reached = [
        target("the site's pages / plain Material on the same", 1.25, pages, material),
        target("with downloads and cards, kept", 2.0, ours, material),
        target("with downloads and cards, nothing kept", 3.0, first, material),
        target("with notebooks too, their results kept", 3.0, whole, material),
        target(f"{2 * asked.protocols} protocols / {asked.protocols} protocols", 2.3, many, few),
    ]
    print_targets(reached)
    return 0 if all(each.met for each in reached) else 1


if __name__ == "__main__":
    sys.exit(main())
