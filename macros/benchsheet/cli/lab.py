"""``benchsheet lab``: write an example of a lab profile, or check one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import ProtocolError
from . import terminal
from .help import CommandParser


def init_or_check_profile(argv: Sequence[str]) -> int:
    """Write an example of a profile, or check one; return 1 if it has a mistake."""
    parser = CommandParser(prog="benchsheet lab", description="Begin a profile of your lab, or tell every mistake of one.")
    parser.add_argument("--init", action="store_true", help="write the default lab as a profile, each key explained")
    parser.add_argument("-o", "--output", metavar="FILE", help="write it to FILE; without it, to the screen")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument("--check", metavar="FILE", help="tell every mistake of FILE: line, and the way out")
    options = parser.parse_args(argv)
    if options.init == (options.check is not None):
        raise ProtocolError(
            f"{'only one of them' if options.init else 'one of them is missing'}: --init or --check FILE",
            "'benchsheet lab --init -o my-lab.yml' begins a profile",
            "benchsheet lab",
        )
    if options.init:
        return _write_example(options.output, force=options.force)
    if options.output is not None or options.force:
        option = "--output" if options.output is not None else "--force"
        raise ProtocolError("--check writes nothing", "leave it out, or give --init", option)
    return _check_profile(options.check)


def _write_example(output: str | None, *, force: bool) -> int:
    from ..api.labs import example_profile
    from ..api.sheet_files import check_output_path, write_atomically

    if output is None:
        terminal.write_output(example_profile())
        return 0
    write_atomically(example_profile(), check_output_path(output, force=force), force=force)
    terminal.write_lines(f"{output} is ready: change what is different in your lab\nbenchsheet lab --check {output}\n")
    return 0


def _check_profile(name: str) -> int:
    from ..api.labs import find_mistakes

    mistakes = find_mistakes(Path(name))
    for mistake in mistakes:
        terminal.write_error(str(mistake))
    terminal.write_lines(f"{name}: {len(mistakes) or 'nothing'} to mend\n")
    return 1 if mistakes else 0
