"""Time and memory of the other sheets beside that of the SRB assay: the blot, the co-IP, paper, and 200 sheets in one batch.

    python -m tests.benchmark.sheets [--rounds N] [--keep DIR]

Begin it in the folder of the project. Installs this tree as `speed.py` does, and may share its folder. Runs all commands
interleaved; the batch runs on one core. Prints the figures, then each target with what was reached, by the medians. Exits 0 if every
target was met. For Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmark.speed import EMPTY, Job, Target, install, print_targets

SHEETS = 200
MARKDOWN = "srb, Markdown"
LONG = "srb, 100 plates, PDF"
BATCHES = {form: f"{SHEETS} sheets, {form}" for form in ("markdown", "html", "pdf")}


def jobs(ours: Path, work: Path) -> list[Job]:
    """Return what is run, in the order of the table."""
    benchsheet = str(ours / "benchsheet")
    table = work / "runs.csv"
    table.write_text("name,plates\n" + "".join(f"run {number},{number % 100 + 1}\n" for number in range(SHEETS)), "utf-8")

    def sheet(name: str, *words: str) -> Job:
        return Job(name=name, command=(benchsheet, "render", *words, "--force"))

    out = ("-o", str(work / "sheet.md"))
    return [
        Job(name=EMPTY, command=(str(ours / "python"), "-c", "pass")),
        sheet(MARKDOWN, "srb", "--plates", "4", *out),
        sheet("western-blot, Markdown", "western-blot", "--samples", "12", *out),
        sheet("co-ip, Markdown", "co-ip", "--samples", "4", *out),
        sheet("srb, HTML", "srb", "--plates", "4", "-o", str(work / "sheet.html")),
        sheet("srb, PDF", "srb", "--plates", "4", "-o", str(work / "sheet.pdf")),
        sheet(LONG, "srb", "--plates", "100", "-o", str(work / "long.pdf")),
        *(sheet(name, "srb", "--batch", str(table), "--format", form, "-o", str(work / form)) for form, name in BATCHES.items()),
    ]


def measure(order: list[Job], rounds: int) -> None:
    """Run everything *rounds* times, interleaved; the batches on one core, every third round."""
    every, one = os.sched_getaffinity(0), {min(os.sched_getaffinity(0))}
    for number in range(-1, rounds):  # the first round reads from the disk, and may still write .pyc files
        for job in order:
            batch = job.name in BATCHES.values()
            if batch and (number < 0 or number % 3):
                continue
            os.sched_setaffinity(0, one if batch else every)
            job.run() if number < 0 else job.measure()
        os.sched_setaffinity(0, every)
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def targets(named: dict[str, Job]) -> list[Target]:
    """Return what is asked of the figures."""

    def times(name: str, limit: float) -> Target:
        one, other = named[name].seconds, named[MARKDOWN].seconds
        return Target(name=f"{name} / {MARKDOWN}", limit=limit, median=statistics.median(one) / statistics.median(other), least=min(one) / min(other))

    def each(name: str) -> Target:
        seconds = named[name].seconds
        return Target(name=f"{name}: s each, on one core", limit=0.15, median=statistics.median(seconds) / SHEETS, least=min(seconds) / SHEETS)

    long = named[LONG]
    return [
        times("co-ip, Markdown", 1.6),
        *(each(name) for name in BATCHES.values()),
        Target(name=f"{LONG}: s", limit=3, median=statistics.median(long.seconds), least=min(long.seconds)),
        Target(name=f"{LONG}: MB", limit=250, median=statistics.median(long.peaks), least=min(long.peaks)),
    ]


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how often each command is run (default 9; a batch a third of it)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the environments here and leave them for the next run")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not hasattr(os, "sched_setaffinity"):
        parser.error("this system cannot keep a command on one core; run the benchmark on Linux")
    with contextlib.ExitStack() as stack:
        folder = asked.keep.resolve() if asked.keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchsheet-speed-")))
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchsheet-sheets-")))
        ours, _ = install(folder)
        order = jobs(ours, work)
        measure(order, asked.rounds)
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    print(f"{'':28} {'min ms':>8} {'median ms':>10} {'peak MB':>8}")
    for job in order:
        print(f"{job.name:28} {min(job.seconds) * 1000:8.1f} {statistics.median(job.seconds) * 1000:10.1f} {statistics.median(job.peaks):8.1f}")
    print()
    reached = targets({job.name: job for job in order})
    print_targets(reached)
    return 0 if all(target.met for target in reached) else 1


if __name__ == "__main__":
    sys.exit(main())
