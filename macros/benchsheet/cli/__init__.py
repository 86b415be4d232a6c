"""The command ``benchsheet``: one word a task; a mistake is told in full, with what to do, and exit code 2."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

from ..errors import ProtocolError, near

COMMANDS = {
    "list": "the protocols",
    "show": "what one takes: parameters, defaults, limits",
    "render": "a sheet for this run",
    "check": "all mistakes of a protocol, for its author",
    "new": "the folder of a new protocol",
    "replay": "pipette a record again and tell what does not hold",
    "lab": "a profile of your lab: begin one, or check one",
    "calc": "one calculation of the bench, with its working",
    "pages": "every page of the site as Markdown, for another builder",
}
HELP = """usage: benchsheet COMMAND ...

A laboratory protocol, expanded to exactly what one run needs.

{commands}

  benchsheet render srb --plates 4
  benchsheet render srb --help
  benchsheet calc dilute --stock "10 mM" --final "10 uM" --volume "1 mL"

'benchsheet COMMAND --help' tells more of each, 'benchsheet --version' which.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code: 0, 1 (something was found), 2 (a mistake), or 3 (a fault of benchsheet)."""
    own = words is None
    if own:
        gc.disable()  # a process this short is over before a collection pays
    masked = own and "numpy" not in sys.modules
    if masked:
        sys.modules["numpy"] = None  # type: ignore[assignment]  # pint would load it and needs nothing of it here
    try:
        return _answered(list(sys.argv[1:] if words is None else words))
    finally:
        if masked:
            sys.modules.pop("numpy", None)
        if own:
            gc.freeze()


def _answered(words: list[str]) -> int:
    from . import terminal

    try:
        return _done(words)
    except ProtocolError as error:
        terminal.complain(str(error))
        return 2
    except BrokenPipeError:
        terminal.silence(sys.stdout)
        return 0
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        terminal.complain("benchsheet: this is nested too deeply\n  hint: write it more plainly")
        return 2
    except Exception as error:  # noqa: BLE001 - whatever it is, the user did not cause it
        terminal.complain(_fault(error))
        return 3


def _fault(error: Exception) -> str:
    """Return what to say of a fault of benchsheet itself: with its stack if BENCHSHEET_DEBUG is set."""
    words = f"benchsheet: this is a fault of benchsheet itself, not of a protocol or a value: {type(error).__name__}: {error}"
    if os.environ.get("BENCHSHEET_DEBUG"):
        import traceback

        return "".join(traceback.format_exception(error)) + words
    return f"{words}\n  hint: set BENCHSHEET_DEBUG=1 to see where it happened, and report that together with the command"


def _done(words: list[str]) -> int:
    from . import terminal

    if not words or words[0] in ("-h", "--help", "help"):
        wide = max(map(len, COMMANDS))
        terminal.write(HELP.format(commands="\n".join(f"  {name:<{wide}}  {what}" for name, what in COMMANDS.items())))
        return 0
    if words[0] in ("--version", "-V"):
        from .. import __version__

        terminal.write(f"benchsheet {__version__}\n")
        return 0
    if words[0] not in COMMANDS:
        raise ProtocolError(f"no command {words[0]!r}", near(words[0], COMMANDS, "commands"), "benchsheet")
    return _handler(words[0])(words[1:])


def _handler(name: str) -> Callable[[Sequence[str]], int]:
    """Return a command, imported only now: the list should not wait for the calculator."""
    if name == "render":
        from .render import command

        return command
    if name in ("check", "replay"):
        from . import check as checking

        return {"check": checking.check, "replay": checking.replay}[name]
    if name == "lab":
        from .lab import command

        return command
    if name == "calc":
        from .calc import command as calculate

        return calculate
    if name == "pages":
        from .pages import command as publish

        return publish
    from . import protocols as catalogue

    return {"list": catalogue.list_protocols, "show": catalogue.show, "new": catalogue.new}[name]
