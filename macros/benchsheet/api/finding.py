"""Which protocol a name means, what protocols there are, and what is told where two have one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import library
from ..library import PACKAGED, is_protocol, known_ids, own_protocols, protocol_ids

if TYPE_CHECKING:  # a list of protocols waits neither for what reads one nor for the engine
    from pathlib import Path

    from ..protocol.reader import Protocol as Declaration
    from .catalogue import Protocol

__all__ = [
    "PACKAGED",
    "describe_choice",
    "find_protocol",
    "is_protocol",
    "known_ids",
    "list_heads",
    "load_declaration",
    "own_protocols",
    "protocol_ids",
]


def find_protocol(protocol: str | Path | Protocol) -> Protocol:
    """Return the protocol of a name, of a folder, or the one that is given; raise ProtocolError if there is none."""
    from .catalogue import Protocol

    if isinstance(protocol, Protocol):
        return protocol
    return Protocol(source=library.find_source(protocol)) if isinstance(protocol, str) else Protocol.from_folder(protocol)


def load_declaration(protocol: Protocol) -> Declaration:
    """Return all that the author of *protocol* declared, read once; raise ProtocolError for all mistakes in it."""
    from ..engine import load_protocol

    return load_protocol(protocol.source)


def list_heads() -> list[dict[str, str]]:
    """Return ``id``, ``title``, ``version`` and ``summary`` of each protocol, and the ``folder`` of the user's own; the rest is not read."""
    from ..yamltree import parse_yaml_map

    heads, own = [], own_protocols()
    for name, folder in library.list_folders().items():
        label = folder if name in own else f"protocols/{folder.rpartition('/')[2]}"
        tree = parse_yaml_map(library.head(library.load_text(f"{folder}/protocol.yml")), f"{label}/protocol.yml")
        heads.append({"id": name, **{key: tree.text(key) for key in ("title", "version", "summary")}} | ({"folder": label} if name in own else {}))
    return heads


def describe_choice(protocol: Protocol, what: str) -> list[str]:
    """Return a sentence that says which protocol *what* named, if there are two of that name; so too of one that it uses.

    A packaged protocol takes those beside it, and not the user's.
    """
    source, packaged = protocol.source, protocol_ids()
    if source.called and source.id == what and source.id in packaged:
        return [f"{what} is yours, in {source.folder}; {source.id}{PACKAGED} is the packaged one"]
    if source.called or source.id not in packaged or "\nuses:" not in source.files["protocol.yml"] or not (own := own_protocols()):
        return []
    from ..yamltree import parse_yaml_map

    uses = parse_yaml_map(source.files["protocol.yml"], source.display_path("protocol.yml")).mapping("uses")
    return [
        f"{source.id} is the packaged one and takes {name}{PACKAGED}, not yours in {own[name]}: copy {source.id} beside it to use yours"
        for name in dict.fromkeys(uses.mapping(key).text("protocol", key) for key in uses)
        if name in own
    ]
