"""``check`` prints all mistakes of a protocol, ``replay`` those of a record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import ProtocolError
from . import terminal
from .help import CommandParser
from .which import take_protocol


def check_protocols(argv: Sequence[str]) -> int:
    """Check protocols by name or by folder, by default the user's own, or else all of them; return 1 if there is a mistake."""
    parser = CommandParser(prog="benchsheet check", description="Tell every mistake of a protocol: file, line, and the way out.")
    parser.add_argument("what", nargs="*", help="names or folders; if there is none, your own protocols, or else all")
    parser.add_argument("--quiet", action="store_true", help="mistakes only")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(argv)
    from ..api.finding import own_protocols, protocol_ids

    mistake_count, checked = 0, []
    for protocol in [take_protocol(what) for what in options.what or list(own_protocols()) or protocol_ids()]:
        report = protocol.check()
        mistake_count += len(report.mistakes)
        if options.json:
            mistakes = [{"file": each.file, "line": each.line, "message": each.message, "hint": each.hint} for each in report.errors]
            counts = {"renders": report.renders, "cases": report.cases, "replays": report.replays}
            checked.append({"protocol": protocol.id, "folder": protocol.source.folder, "mistakes": mistakes, "notes": report.notes, **counts})
            continue
        for mistake in report.mistakes:
            terminal.write_error(mistake)
        if not options.quiet:
            for note in report.notes:
                terminal.write_lines(f"note: {note}\n")
        verdict = f"{len(report.mistakes)} to mend" if report.mistakes else "nothing to mend"
        terminal.write_lines(f"{protocol.source.folder}: {verdict}; {report.renders} sheets tried, {report.cases} cases, {report.replays} replayed\n")
    if options.json:
        terminal.write_json({"protocols": checked})
    return 1 if mistake_count else 0


def replay_record(argv: Sequence[str]) -> int:
    """Replay a record; return 1 if one of its amounts is wrong."""
    parser = CommandParser(prog="benchsheet replay", description="Pipette a record again, as printed, and tell what does not hold.")
    parser.add_argument("record", nargs="?", help="a file made by 'render --format json'")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(argv)
    if options.record is None:
        raise ProtocolError("no record is named", "'benchsheet render ID -o sheet.json' makes one", "benchsheet replay")
    from ..api.rendering import replay

    outcome = replay(Path(options.record))
    steps = outcome.record["steps"] if outcome.holds else []
    count = sum(len(step["operations"]) for step in steps)
    if options.json:
        found = {"holds": outcome.holds, "wrong": outcome.wrong, "skips": outcome.skips}
        terminal.write_json({"record": options.record, **found, "operations": count, "steps": len(steps)})
        return 0 if outcome.holds else 1
    for wrong in outcome.wrong:
        terminal.write_error(wrong)
    for skipped in outcome.skips:
        terminal.write_lines(f"not checked: {skipped}\n")
    if outcome.wrong:
        terminal.write_lines(f"{len(outcome.wrong)} things do not hold\n" if len(outcome.wrong) > 1 else "1 thing does not hold\n")
        return 1
    terminal.write_lines(f"every volume, count and concentration holds: {count} operations in {len(steps)} steps\n")
    return 0
