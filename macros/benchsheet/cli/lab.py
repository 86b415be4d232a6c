"""``benchsheet lab``: a lab profile to begin with, and what is wrong with one; refuses to write over a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import library
from ..errors import Mistakes, ProtocolError
from . import terminal
from .options import Parser


def command(words: Sequence[str]) -> int:
    """Write an example of a profile, or check one; return 1 if there is something to mend."""
    parser = Parser(prog="benchsheet lab", description="Begin a profile of your lab, or tell every mistake of one.")
    parser.add_argument("--init", action="store_true", help="write the default lab as a profile, each key explained")
    parser.add_argument("-o", "--output", metavar="FILE", help="write it to FILE; without it, to the screen")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument("--check", metavar="FILE", help="tell every mistake of FILE: line, and the way out")
    options = parser.read(words)
    if options is None:
        return 0
    if options.init == (options.check is not None):
        raise ProtocolError("one thing at a time: --init or --check FILE", "'benchsheet lab --init -o my-lab.yml' begins a profile", "benchsheet lab")
    if options.init:
        return _init(options.output, force=options.force)
    if options.output is not None or options.force:
        option = "--output" if options.output is not None else "--force"
        raise ProtocolError("--check writes nothing", "leave it out, or give --init", option)
    return _check(options.check)


def _init(output: str | None, *, force: bool) -> int:
    from ..lab import example
    from .saving import place, save

    if output is None:
        terminal.write(example())
        return 0
    save(example(), place(output, force=force), force=force)
    terminal.write(f"{output} is ready: change what is different in your lab\nbenchsheet lab --check {output}\n")
    return 0


def _check(name: str) -> int:
    from ..lab import profile

    words = library.text(Path(name))
    try:
        profile(words, name)
    except ProtocolError as error:
        found = error.found if isinstance(error, Mistakes) else [error]
        for mistake in found:
            terminal.complain(str(mistake))
        terminal.write(f"{name}: {len(found)} to mend\n")
        return 1
    terminal.write(f"{name}: nothing to mend\n")
    return 0
