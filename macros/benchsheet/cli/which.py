"""Which protocol a command takes: the nearest of that name, with a line that says so where it hides a packaged one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.finding import describe_choice, find_protocol
from . import terminal

if TYPE_CHECKING:
    from ..api.catalogue import Protocol


def take_protocol(what: str) -> Protocol:
    """Return the protocol called *what*, and say on standard error which one it is if there are two of that name."""
    protocol = find_protocol(what)
    for told in describe_choice(protocol, what):
        terminal.write_error(f"note: {told}")
    return protocol
