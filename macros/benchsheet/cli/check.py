"""``check`` and ``replay``: what an author has to mend, and whether a record can be done as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import library
from ..errors import ProtocolError
from ..protocol.source import Source
from . import terminal
from .options import Parser


def check(words: Sequence[str]) -> int:
    """Check protocols by name or by folder, all of them by default; return 1 if there is something to mend."""
    parser = Parser(prog="benchsheet check", description="Tell every mistake of a protocol: file, line, and the way out.")
    parser.add_argument("what", nargs="*", help="names or folders; all protocols if there is none")
    parser.add_argument("--quiet", action="store_true", help="mistakes only")
    options = parser.read(words)
    if options is None:
        return 0
    from ..authoring.check import check as checked

    wrong = 0
    for source in [_source(what) for what in options.what or library.ids()]:
        report = checked(source)
        wrong += len(report.mistakes)
        for mistake in report.mistakes:
            terminal.complain(mistake)
        if not options.quiet:
            for note in report.notes:
                terminal.write(f"note: {note}\n")
        verdict = f"{len(report.mistakes)} to mend" if report.mistakes else "nothing to mend"
        terminal.write(f"{source.folder}: {verdict}; {report.renders} sheets tried, {report.cases} cases, {report.replays} replayed\n")
    return 1 if wrong else 0


def _source(what: str) -> Source:
    if what in library.ids():
        return library.source(what)
    if Path(what).is_dir():
        return library.folder(Path(what))
    return library.source(what)


def replay(words: Sequence[str]) -> int:
    """Replay a record; return 1 if something does not hold."""
    parser = Parser(prog="benchsheet replay", description="Pipette a record again, as printed, and tell what does not hold.")
    parser.add_argument("record", nargs="?", help="a file made by 'render --format json'")
    options = parser.read(words)
    if options is None:
        return 0
    if options.record is None:
        raise ProtocolError("no record is named", "'benchsheet render ID -o sheet.json' makes one", "benchsheet replay")
    from ..replay import replay as replayed

    found = replayed(library.text(Path(options.record)))
    for wrong in found.wrong:
        terminal.complain(wrong)
    for skipped in found.skipped:
        terminal.write(f"not checked: {skipped}\n")
    if found.wrong:
        terminal.write(f"{len(found.wrong)} things do not hold\n" if len(found.wrong) > 1 else "1 thing does not hold\n")
        return 1
    steps = found.record["steps"]
    done = sum(len(step["operations"]) for step in steps)
    terminal.write(f"every volume, count and concentration holds: {done} operations in {len(steps)} steps\n")
    return 0
