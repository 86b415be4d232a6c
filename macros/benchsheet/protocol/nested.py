"""One protocol in another, as declared under ``uses``: which, from which step, and what it takes over from its host.

Refuses a protocol, a vessel or a parameter that is not there, a circle, and more than two levels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from .._dataclass import dataclass, replace
from ..errors import Collector, ProtocolError, near
from ..yamltree import Map
from .parameters.parameter import Parameter
from .source import Source

if TYPE_CHECKING:  # a protocol holds its uses
    from .reader import Protocol

_USE = ("protocol", "start", "vessels", "values", "options")
_KEY = re.compile(r"(?!no$)[a-z][a-z0-9]{0,15}")
DEPTH = 2


@dataclass(frozen=True)
class Use:
    """The protocol *child* under the name *key*, from its step *start* on (from its first one if that is empty).

    *vessels* maps a vessel of the child to the one of the host that it is, *values* a parameter of the child to an expression over
    the host's values; *options* are parameters of the child that a run of the host may set. *lines* says where each stands in *file*:
    ``start``, ``values samples``.
    """

    key: str
    child: Protocol
    start: str
    vessels: Mapping[str, str]
    values: Mapping[str, str]
    options: tuple[str, ...]
    file: str
    line: int
    lines: Mapping[str, int]

    def lifted(self, name: str) -> str:
        """Return how the host calls the child's parameter *name*."""
        return f"{self.key}_{name}"


def uses(
    tree: Map, source: Source, above: tuple[str, ...], read: Callable[[Source, tuple[str, ...]], Protocol], mistakes: Collector
) -> dict[str, Use]:
    """Return what *tree* uses, by its keys; *above* are the protocols that lead here, *read* declares one. Keep every mistake."""
    entries = tree.map("uses")
    found: dict[str, Use] = {}
    for key in entries:
        with mistakes.at(tree.file, entries.lines[key]):
            if not _KEY.fullmatch(key):
                raise ProtocolError(f"{key!r} is no name for a protocol in another", "small letters and digits, at most 16")
            found[key] = _use(key, entries.map(key), source, above, read, entries.lines[key])
    return found


def _use(key: str, entry: Map, source: Source, above: tuple[str, ...], read: Callable[[Source, tuple[str, ...]], Protocol], line: int) -> Use:
    entry.only(_USE, "a protocol in another")
    entry.need(("protocol",), "a protocol in another")
    child = _child(entry, source, above, read)
    vessels, values = entry.map("vessels"), entry.map("values")
    options = entry.items_of("options")
    mistakes = Collector()
    for name in vessels:
        with mistakes.at(entry.file, vessels.lines[name]):
            if name not in child.tree.map("vessels"):
                raise ProtocolError(f"{child.id} has no vessel {name!r}", near(name, child.tree.map("vessels"), "its vessels"))
            vessels.text(name)
    for name in values:
        with mistakes.at(entry.file, values.lines[name]):
            _known(name, child)
            values.text(name)
    for name in dict.fromkeys(options):
        with mistakes.at(entry.file, entry.lines["options"]):
            _known(name, child)
            if name in values:
                raise ProtocolError(f"{name!r} is handed on under 'values' and set under 'options'", "keep one of them")
            if options.count(name) > 1:
                raise ProtocolError(f"{name!r} is there twice under 'options'", "name it once")
    mistakes.close()
    lines = {key: entry.lines.get(key, line) for key in _USE}
    lines |= {f"{what} {name}": at for what, part in (("vessels", vessels), ("values", values)) for name, at in part.lines.items()}
    return Use(key, child, entry.text("start"), dict(vessels), dict(values), tuple(options), entry.file, line, lines)


def _child(entry: Map, source: Source, above: tuple[str, ...], read: Callable[[Source, tuple[str, ...]], Protocol]) -> Protocol:
    name = entry.text("protocol")
    way = ", which uses ".join((*above, name))
    try:
        if name in above:
            raise ProtocolError(f"{way.replace(', which', '', 1)}: a circle", "let one of them stand for itself")
        if len(above) > DEPTH:
            raise ProtocolError(f"{way.replace(', which', '', 1)}: more than {DEPTH} levels", "use the innermost by itself")
        if not re.fullmatch(r"\w[\w-]*", name):
            raise ProtocolError(f"{name!r} is no name of a protocol", "write the name of its folder")
        beside = source.beside(name)
    except ProtocolError as error:
        raise error.at(entry.file, entry.lines["protocol"]) from None
    return read(beside, above)


def _known(name: str, child: Protocol) -> None:
    if name not in child.parameters:
        raise ProtocolError(f"{child.id} has no parameter {name!r}", near(name, child.parameters, "its parameters"))


def lifted(used: Iterable[Use], own: Map, mistakes: Collector) -> dict[str, Parameter]:
    """Return the parameters of the children that a run of the host may set, under the host's names; *own* are those it has already.

    What a default or a condition follows from is the child's own business: here such a parameter is one that may be left out.
    """
    found: dict[str, Parameter] = {}
    for use in used:
        for name in use.options:
            called = use.lifted(name)
            with mistakes.at(use.file, use.lines["options"]):
                if called in own or called in found:
                    raise ProtocolError(f"{called!r} is a parameter already", "choose another name for one of them")
                found[called] = _set_by_host(use, called, use.child.parameters[name])
    return found


def _set_by_host(use: Use, called: str, theirs: Parameter) -> Parameter:
    """Return the child's parameter *theirs* as the host has it: what is told of each of the child's items is a text here, read there."""
    if theirs.told:
        theirs = replace(theirs, form="text", told=False, otherwise="", kind="", per="", low="", high="", choices=(), choices_from="", like="")
    return replace(
        theirs,
        name=called,
        line=use.lines["options"],
        choices=use.child.choices(theirs) if theirs.form == "choices" else (),
        choices_from="",
        unit=f"{use.key}.{theirs.unit}" if theirs.unit else "",
        default_from="",
        several=(1, 99) if theirs.like else theirs.several,
        like="",
        when="",
        optional=theirs.optional or bool(theirs.default_from),
        follows=theirs.follows or bool(theirs.default_from),
    )
