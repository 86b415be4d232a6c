"""Which protocol a command takes: the nearest of that name, with a line that says so where it hides a packaged one."""

from __future__ import annotations

from .. import library
from ..protocol.source import Source
from . import terminal


def take_protocol(what: str) -> Source:
    """Return the protocol called *what*, and say on standard error which one it is if there are two of that name."""
    source = library.find_source(what)
    if source.called and source.id == what and source.id in library.protocol_ids():
        terminal.write_error(f"note: {what} is yours, in {source.folder}; {source.id}{library.PACKAGED} is the packaged one")
    return source
