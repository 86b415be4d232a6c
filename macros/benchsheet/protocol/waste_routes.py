"""Where a substance has to go as waste, by the table of hazards, and whether the words of a stream say so.

The table's ``routes`` are its own words: a row whose waste has a clause that begins with one of ``says`` is on that route, and the name
or the disposal of a stream that takes it has to have a word that begins with one of ``into``.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._dataclass import dataclass
from ..patterns import compile_when_used
from ..yamltree import YamlList, YamlMap

OWN = "own"  # a bottle of its own: one that is called after the substance, too
_DENIED = compile_when_used(r"\bnon-?\w+|\b\w+-free\b|\b(?:no|not|never)\b[^;:]*")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route of waste: what a row *says* that is on it, and the words *into* which it may go."""

    says: tuple[str, ...]
    into: tuple[str, ...]


def read_routes(tree: YamlMap) -> tuple[Route, ...]:
    """Return the routes of the *tree* of a table."""
    entries = tree.get("routes", YamlList())
    return tuple(Route(says=tuple(entry.word_list("says")), into=tuple(entry.word_list("into"))) for entry in entries)


def list_routes(routes: tuple[Route, ...], waste: str) -> tuple[Route, ...]:
    """Return those of *routes* on which a row is that says *waste*; any of them will do."""
    clauses = [clause.lstrip(" ") for clause in waste.replace(",", ";").replace(":", ";").split(";")]
    return tuple(route for route in routes if any(clause.startswith(route.says) for clause in clauses))


def says_route(wanted: tuple[Route, ...], names: Iterable[str], stream: str, disposal: str) -> bool:
    """Return whether a *stream* with this *disposal* says one of the routes *wanted* of a substance with these *names*."""
    told = f"{stream}: {disposal}".casefold()
    text = _DENIED.sub("", told)
    words = f" {''.join([char if char.isalnum() else ' ' for char in text])}"
    if any(f" {word.casefold()}" in words for route in wanted for word in route.into):
        return True
    is_named = any(OWN in route.into for route in wanted) and any(name.casefold() in stream.casefold() for name in names)
    if is_named and not (" drain" in words or " sink" in words):
        return True
    return any(_DENIED.match(says) and says in told for route in wanted for says in route.says)  # "not down the drain", word by word
