"""Which protocol a command takes: the nearest of that name, with a line that says so where it hides a packaged one."""

from __future__ import annotations

from .. import library
from ..protocol.source import Source
from ..yamltree import parse_yaml_map
from . import terminal


def take_protocol(what: str) -> Source:
    """Return the protocol called *what*, and say on standard error which one it is if there are two of that name.

    So too of one that it uses: a packaged protocol takes those beside it, and not the user's.
    """
    source = library.find_source(what)
    if source.called and source.id == what and source.id in library.protocol_ids():
        terminal.write_error(f"note: {what} is yours, in {source.folder}; {source.id}{library.PACKAGED} is the packaged one")
    elif not source.called and source.id in library.protocol_ids() and "\nuses:" in source.files["protocol.yml"]:
        own = library.own_protocols()
        for name in _list_used(source) if own else ():
            if name in own:
                told = f"{source.id} is the packaged one and takes {name}{library.PACKAGED}, not yours in {own[name].as_posix()}"
                terminal.write_error(f"note: {told}: copy {source.id} beside it to use yours")
    return source


def _list_used(source: Source) -> list[str]:
    """Return the names of the protocols that *source* says it uses."""
    uses = parse_yaml_map(source.files["protocol.yml"], source.display_path("protocol.yml")).mapping("uses")
    return list(dict.fromkeys(uses.mapping(key).text("protocol", key) for key in uses))
