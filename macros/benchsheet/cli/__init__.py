"""The command ``benchsheet``: it finds the subcommand, and turns a mistake into a message with its way out, and exit code 2."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from ..errors import ProtocolError, suggest

# Each subcommand with its line of help, and the function that runs it.
COMMANDS = {
    "list": ("the protocols", "protocols:list_protocols"),
    "show": ("what one takes: parameters, defaults, limits", "protocols:show_protocol"),
    "render": ("a sheet for this run", "render:render_sheet"),
    "check": ("all mistakes of a protocol, for its author", "check:check_protocols"),
    "new": ("the folder of a new protocol", "protocols:create_protocol"),
    "replay": ("pipette a record again and tell what does not hold", "check:replay_record"),
    "lab": ("a profile of your lab: begin one, or check one", "lab:init_or_check_profile"),
    "calc": ("one calculation of the bench, with its working", "calc:run_calculator"),
    "pages": ("every page of the site as Markdown, for another builder", "pages:write_pages"),
}
USAGE = """usage: benchsheet COMMAND ...

A laboratory protocol, expanded to exactly what one run needs.

{commands}

  benchsheet render srb --plates 4
  benchsheet render srb --help
  benchsheet calc dilute --stock "10 mM" --final "10 uM" --volume "1 mL"

'benchsheet COMMAND --help' tells more of each, 'benchsheet --version' which.
"""

# What would be loaded by others that work without it: numpy by pint, which takes long, and the compressors of shutil, which take memory.
_OPTIONAL_MODULES = ("numpy", "bz2", "lzma")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0, 1 (something was found), 2 (a mistake), or 3 (a fault of benchsheet)."""
    is_own_process = argv is None
    if is_own_process:
        gc.disable()  # a process this short is over before a collection pays
    hidden_modules = [name for name in _OPTIONAL_MODULES if is_own_process and name not in sys.modules]
    for name in hidden_modules:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        return run_command(list(sys.argv[1:] if argv is None else argv))
    finally:
        for name in hidden_modules:
            sys.modules.pop(name, None)
        if is_own_process:
            gc.freeze()


def run_command(argv: list[str]) -> int:
    """Run one command, write its mistake or a fault of benchsheet to standard error, and return the exit code."""
    from . import terminal

    try:
        return dispatch(argv)
    except ProtocolError as error:
        terminal.write_error(str(error))
        return 2
    except SystemExit:  # argparse has shown the help
        return 0
    except BrokenPipeError:
        terminal.silence(sys.stdout)
        return 0
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        terminal.write_error("benchsheet: this is nested too deeply\n  hint: write it more plainly")
        return 2
    except Exception as error:  # noqa: BLE001 - whatever it is, the user did not cause it
        terminal.write_error(_fault(error))
        return 3


def _fault(error: Exception) -> str:
    """Return the message for a fault of benchsheet itself, with its traceback if BENCHSHEET_DEBUG is set."""
    words = f"benchsheet: this is a fault of benchsheet itself, not of a protocol or a value: {type(error).__name__}: {error}"
    if os.environ.get("BENCHSHEET_DEBUG"):
        import traceback

        return "".join(traceback.format_exception(error)) + words
    return f"{words}\n  hint: set BENCHSHEET_DEBUG=1 to see where it happened, and report that together with the command"


def dispatch(argv: list[str]) -> int:
    """Run the command that the first word names; raise ProtocolError for an unknown one."""
    from . import terminal

    if not argv or argv[0] in ("-h", "--help", "help"):
        width = max(map(len, COMMANDS))
        terminal.write_output(USAGE.format(commands="\n".join(f"  {name:<{width}}  {what}" for name, (what, _) in COMMANDS.items())))
        return 0
    if argv[0] in ("--version", "-V"):
        from .. import __version__

        terminal.write_output(f"benchsheet {__version__}\n")
        return 0
    if argv[0] not in COMMANDS:
        raise ProtocolError(f"no command {argv[0]!r}", suggest(argv[0], COMMANDS, "commands"), "benchsheet")
    module, _, function = COMMANDS[argv[0]][1].partition(":")
    # Imported only now, so that `list` starts fast.
    command: Callable[[Sequence[str]], int] = getattr(import_module(f".{module}", __package__), function)
    return command(argv[1:])
