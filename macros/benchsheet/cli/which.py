"""Which protocol a command takes: the nearest of that name, with a line that says so where it hides a packaged one."""

from __future__ import annotations

from .. import library
from ..protocol.source import Source
from . import terminal


def take_protocol(what: str) -> Source:
    """Return the protocol called *what*, and say on standard error which one it is if there are two of that name.

    So too of one that it uses: a packaged protocol takes those beside it, and not the user's.
    """
    source = library.find_source(what)
    if source.called and source.id == what and source.id in library.protocol_ids():
        terminal.write_error(f"note: {what} is yours, in {source.folder}; {source.id}{library.PACKAGED} is the packaged one")
    elif not source.called and source.id in library.protocol_ids() and "\nuses:" in source.files["protocol.yml"]:
        for name, folder in library.own_protocols().items():
            if f"    protocol: {name}\n" in source.files["protocol.yml"]:
                told = f"{source.id} is the packaged one and takes {name}{library.PACKAGED}, not yours in {folder.as_posix()}"
                terminal.write_error(f"note: {told}: copy {source.id} beside it to use yours")
    return source
