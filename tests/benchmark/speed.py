"""Time and memory of the command line, as whole processes, beside `stepwise reaction` in the same run.

    python tests/benchmark/speed.py [--rounds N] [--keep DIR]

Builds a wheel of this tree, installs it with every extra and numpy in an environment of its own, and stepwise in
another. Then runs all commands interleaved, in an order that rotates each round, so that whatever else the machine is
doing falls on all of them alike. Prints the figures, then each target with what was reached, by the medians.
Exits 0 if every target was met. For Linux and macOS: it needs `os.wait4`.
"""

from __future__ import annotations

import argparse
import contextlib
import email
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def warm_render() -> Callable[[], object]:
    """Return the call that renders one sheet to text in a running process."""
    from benchsheet import library
    from benchsheet.engine import render
    from benchsheet.formats.text import format_text

    return lambda: format_text(render(library.load_source("srb"), {"plates": "4"}, sealed=False))


ROOT = Path(__file__).resolve().parents[2]
REACTION = ("water;;to 20 uL;+", "buffer;10x;2 uL;+", "primer;10 uM;1 uL;+", "dna;;2 uL;-", "-n", "10")
STEPWISE = "stepwise -x reaction"
EMPTY = "python -c pass"
PAPER = "render srb --plates 4, PDF"
WARM = "warm render, 4 plates"
WARM_UPS, WARM_RENDERS = 20, 50

# Starts one command and says its exit code, seconds and peak memory. Linux counts the memory of the process that starts
# a command into that command's peak, so the one that starts it must be smaller than all that is measured.
LAUNCHER = """
import os, sys, time
nothing = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)]
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - start, usage.ru_maxrss)
"""


@dataclass(kw_only=True)
class Job:
    """One command and what was measured of it: seconds, and peak memory in MB (10^6 bytes)."""

    name: str
    command: tuple[str, ...]
    seconds: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    def run(self) -> tuple[float, float]:
        """Run the command once, its output thrown away; return seconds and peak memory."""
        launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, *self.command]
        done = subprocess.run(launch, env=environment(), capture_output=True, text=True, check=True)
        code, seconds, peak = done.stdout.split()
        if code != "0":
            sys.exit(f"'{self.name}' ended with {code}:\n{done.stderr}")
        return float(seconds), int(peak) * (1 if sys.platform == "darwin" else 1024) / 1e6

    def measure(self) -> None:
        """Run the command once and keep the figures."""
        seconds, peak = self.run()
        self.seconds.append(seconds)
        self.peaks.append(peak)


@dataclass(frozen=True, kw_only=True)
class Target:
    """One figure that is to stay below its limit, by medians and by minima."""

    name: str
    limit: float
    median: float
    least: float

    @property
    def met(self) -> bool:
        """Whether the medians keep the limit."""
        return self.median <= self.limit


def environment() -> dict[str, str]:
    """Return the environment without what changes how Python starts, and without a lab's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BENCHSHEET_")) and name != "VIRTUAL_ENV"}


def pip(folder: Path, *arguments: str | Path) -> None:
    """Run the pip of the environment in *folder*, which is made if it is not there."""
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    command = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run([*map(str, command)], env=environment(), check=True)


def install(folder: Path) -> tuple[Path, Path]:
    """Set up both environments in *folder*; return the folders of their commands, ours first."""
    ours, stepwise = folder / "ours", folder / "stepwise"
    with tempfile.TemporaryDirectory() as made:
        pip(ours, "wheel", "--no-deps", "--wheel-dir", made, ROOT)
        (wheel,) = Path(made).glob("benchsheet-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        extras = email.message_from_string(metadata).get_all("Provides-Extra", [])
        pip(ours, "install", f"{wheel}[{','.join(extras)}]", "numpy")
        # A kept environment may hold an older tree of the same version.
        pip(ours, "install", "--no-deps", "--force-reinstall", wheel)
    pip(stepwise, "install", "stepwise")
    if not any(ours.glob("lib/python*/site-packages/benchsheet/__pycache__/*.pyc")):
        sys.exit("the installed package has no .pyc files, so every start would compile it")
    return ours / "bin", stepwise / "bin"


def jobs(ours: Path, stepwise: Path) -> list[Job]:
    """Return what is run, in the order of the table."""
    benchsheet = str(ours / "benchsheet")
    return [
        Job(name=EMPTY, command=(str(ours / "python"), "-c", "pass")),
        Job(name="import benchsheet", command=(str(ours / "python"), "-c", "import benchsheet")),
        Job(name="benchsheet --help", command=(benchsheet, "--help")),
        Job(name="benchsheet list", command=(benchsheet, "list")),
        *(Job(name=f"render srb --plates {n}", command=(benchsheet, "render", "srb", "--plates", str(n))) for n in (4, 1, 100)),
        Job(name=PAPER, command=(benchsheet, "render", "srb", "--plates", "4", "-o", str(ours.parent / "sheet.pdf"), "--force")),
        Job(name=STEPWISE, command=(str(stepwise / "stepwise"), "-x", "reaction", *REACTION)),
    ]


def warm_seconds(ours: Path) -> list[float]:
    """Return the seconds of each render in one process that goes on running."""
    done = subprocess.run([str(ours / "python"), __file__, "--warm"], env=environment(), cwd=ours, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"'{WARM}' ended with {done.returncode}:\n{done.stderr}")
    return [float(line) for line in done.stdout.split()]


def print_warm_seconds() -> None:
    """Render again and again in this process, and print the seconds that each took."""
    call = warm_render()
    for _ in range(WARM_UPS):
        call()
    for _ in range(WARM_RENDERS):
        start = time.perf_counter()
        call()
        print(time.perf_counter() - start)


def measure(ours: Path, stepwise: Path, rounds: int) -> tuple[dict[str, Job], list[float]]:
    """Run everything *rounds* times, interleaved; return the jobs by name and the seconds of the warm renders."""
    order = jobs(ours, stepwise)
    named = {job.name: job for job in order}
    for job in order:
        job.run()  # the first start reads from the disk, and may still write .pyc files
    warm: list[float] = []
    for number in range(rounds):
        turn = number % len(order)
        for job in order[turn:] + order[:turn]:
            job.measure()
        warm += warm_seconds(ours)
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return named, warm


def targets(named: dict[str, Job], warm: list[float]) -> list[Target]:
    """Return what is asked of the figures."""

    def times(title: str, limit: float, name: str, of: str) -> Target:
        """Return how many times as long *name* takes as *of*: by medians, by minima."""
        one, other = named[name].seconds, named[of].seconds
        return Target(name=title, limit=limit, median=statistics.median(one) / statistics.median(other), least=min(one) / min(other))

    cold = named["render srb --plates 4"]
    peer = named[STEPWISE]
    memory = statistics.median(cold.peaks) / statistics.median(peer.peaks), min(cold.peaks) / min(peer.peaks)
    running = statistics.median(warm) / statistics.median(peer.seconds), min(warm) / min(peer.seconds)
    return [
        times("cold render, time / stepwise", 0.42, cold.name, STEPWISE),
        Target(name="cold render, memory / stepwise", limit=0.6, median=memory[0], least=memory[1]),
        times("PDF, time / stepwise", 0.95, PAPER, STEPWISE),
        times("import / empty interpreter", 2.5, "import benchsheet", EMPTY),
        times("--help / empty interpreter", 3, "benchsheet --help", EMPTY),
        times("list / empty interpreter", 3, "benchsheet list", EMPTY),
        times("100 plates / 1 plate", 1.3, "render srb --plates 100", "render srb --plates 1"),
        Target(name="warm render / cold stepwise", limit=1 / 45, median=running[0], least=running[1]),
    ]


def print_figures(named: dict[str, Job], warm: list[float]) -> None:
    """Print the table of what was measured."""
    peer = named[STEPWISE].seconds
    print(f"{'':26} {'min ms':>8} {'median ms':>10} {'peak MB':>8}   {'/ stepwise: min':>15} {'median':>7}")
    rows = [(job.name, job.seconds, f"{statistics.median(job.peaks):.1f}") for job in named.values()]
    for name, seconds, peak in [*rows, (WARM, warm, "")]:
        least, median = min(seconds), statistics.median(seconds)
        ratios = f"{least / min(peer):15.3f} {median / statistics.median(peer):7.3f}"
        print(f"{name:26} {least * 1000:8.1f} {median * 1000:10.1f} {peak:>8}   {ratios}")


def print_targets(reached: list[Target]) -> None:
    """Print each target, what was reached, and whether that is enough."""
    print(f"{'target':44} {'at most':>8} {'by median':>10} {'by min':>8}")
    for target in reached:
        verdict = "pass" if target.met else "MISS"
        print(f"{target.name:44} {target.limit:8.4f} {target.median:10.4f} {target.least:8.4f}  {verdict}")


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="how often each command is run (default 20)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the environments here and leave them for the next run")
    parser.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.warm:
        print_warm_seconds()
        return 0
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not hasattr(os, "wait4"):
        parser.error("this system has no os.wait4; run the benchmark on Linux or macOS")
    with contextlib.ExitStack() as stack:
        folder = asked.keep.resolve() if asked.keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchsheet-speed-")))
        ours, stepwise = install(folder)
        named, warm = measure(ours, stepwise, asked.rounds)
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    print(f"{asked.rounds} rounds; {len(warm)} warm renders\n")
    print_figures(named, warm)
    print()
    reached = targets(named, warm)
    print_targets(reached)
    return 0 if all(target.met for target in reached) else 1


if __name__ == "__main__":
    sys.exit(main())
