"""The substances of the table of hazards: found by any of their names however these are spelled, and what must not meet.

A name is compared without capitals, blanks, hyphens and signs. A strength and what a substance stands in may be written with it:
``10 % SDS`` and ``Triton X-100 in PBS`` are found; ``gemcitabine HCl`` is not HCl.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..patterns import compile_when_used
from ..spelling import simplify_name
from ..units import CONCENTRATIONS, Quantity, as_quantity
from ..yamltree import YamlList
from .tables import DataTable
from .waste_routes import Route, list_routes, read_routes, says_route

UNKNOWN_HAZARDS = "hazards unknown: read its data sheet"  # of a substance that the table does not know
IDLE = "idle"  # the class of what little of it does nothing to cells: also all without hazard and without another class
MOST_PIECES = 14  # of a name: as many runs of letters or figures as the longest names have
_PIECE = compile_when_used(r"[a-z]+|[0-9]+")
_BETWEEN = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789\n"))
_NUMBERED_WORD, _NUMBER_ALONE = compile_when_used(r"([^\W\d_]+)(\d+)"), compile_when_used(r"(?<![^\W_])\d+")
_DILUTED_IN = frozenset(  # what may stand beside the name of one substance: its strength, and what it is dissolved in
    word
    for words in (
        "abs absolute active and aq aqueous available buffer cold conc concentrated denatured dil dilute diluted final fresh fuming g glacial hot",
        "in l m medium mg ml mm mug mul mum n na nm filtered ice of pbs ph potassium powder prewarmed pure sodium solution solid sterile stock",
        "strong tablets tbs the thick ug ul um v vol volume w water weight warm with x",
    )
    for word in words.split()
)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two classes that must not meet; *level* says where: ``refuse`` and ``warn`` in any place, ``waste`` in a bottle of waste alone."""

    one: str
    two: str
    why: str
    level: str


class Substances:
    """The rows of one table of hazards by every name that they have."""

    def __init__(self, table: DataTable) -> None:
        """Read the names of *table* and the pairs that must not meet."""
        self.table = table
        names = {name: row for row, cells in table.rows.items() for name in (row, *cells.get("also", ()))}
        self._rows = dict(zip(_fold_all(names), names.values(), strict=True))
        self._alone = {_fold(name): row for row, cells in table.rows.items() for name in cells.get("alone", ())}
        self._within = {word.casefold(): row for row, cells in table.rows.items() for word in cells.get("within", ())}
        self.pairs = tuple(
            Pair(one=between[0], two=between[1], why=entry.text("why"), level=entry.text("level", "waste"))
            for entry in table.tree.get("incompatible", YamlList())
            for between in [entry.word_list("between")]
        )
        self.reactive = frozenset(word for pair in self.pairs for word in (pair.one, pair.two))
        self.routes = read_routes(table.tree)
        self.reactive_rows = frozenset(row for row, cells in table.rows.items() if not self.reactive.isdisjoint(cells.get("classes", ())))
        self.routes_of = functools.lru_cache(maxsize=512)(self._routes_of)
        self.is_routed = functools.lru_cache(maxsize=512)(self._is_routed)
        self.rows_named = functools.lru_cache(maxsize=512)(self._rows_named)
        self.found: dict[tuple[Any, ...], Any] = {}  # what was found in reagents of earlier runs
        self.told: dict[int, Any] = {}  # and what is told of it
        self.limit = functools.lru_cache(maxsize=512)(self._limit)
        self.meet = functools.lru_cache(maxsize=256)(self._meet)
        self.words_within = functools.lru_cache(maxsize=256)(self._words_within)
        self.find = functools.lru_cache(maxsize=1024)(self._find)

    def _find(self, name: str) -> str:
        """Return the row of the substance that *name* is; "" if the table does not have it, or *name* is more than one substance."""
        folded = _fold(name)
        if folded in self._rows:
            return self._rows[folded]
        found, rest = self._split(name)
        spread = next((self._within[piece] for piece in (*rest, *_find_pieces(name)) if piece in self._within), "")
        if spread and set(found) <= {spread}:
            return spread
        told = [row for row in dict.fromkeys(found) if not self._is_idle(row) or not self.cell(row, "harmless")] or found[:1]
        return told[0] if len(told) == 1 and _is_only_strength(rest) and not _has_number_of_its_own(name, rest) else ""

    def _rows_named(self, name: str) -> tuple[str, ...]:
        """Return the row of the substance that *name* is, or the rows of all in it if it names several and nothing else: ``HCl in methanol``."""
        if row := self.find(name):
            return (row,)
        found, rest = self._split(name)
        return tuple(dict.fromkeys(found)) if _is_only_strength(rest) and not _has_number_of_its_own(name, rest) else ()

    def _words_within(self, name: str, column: str) -> tuple[str, ...]:
        """Return the words in *column* of every substance that is named anywhere in *name*, each once; the class `IDLE` only if all in it is."""
        found, rest = self._split(name)
        is_idle = column == "classes" and bool(found) and _is_only_strength(rest) and all(map(self._is_idle, found))
        words = dict.fromkeys(word for row in found for word in self.table.rows[row].get(column, ()) if word != IDLE)
        return (*words, IDLE) if is_idle else tuple(words)

    def rows_within(self, name: str) -> tuple[str, ...]:
        """Return the row of every substance that is named anywhere in *name*."""
        return tuple(dict.fromkeys(self._split(name)[0]))

    def route_text(self, row: str) -> str:
        """Return where the substance of *row* has to go, in the words of its row."""
        return str(self.cell(row, "waste")).partition(";")[0]

    def _is_idle(self, row: str) -> bool:
        classes = self.table.rows[row].get("classes", ())
        return IDLE in classes or bool(self.cell(row, "harmless")) and not classes

    def classes(self, component: str) -> tuple[str, ...]:
        """Return the classes of a component; none if the table does not know it."""
        row = self.find(component)
        return self.table.rows[row].get("classes", ()) if row else ()

    def _routes_of(self, row: str) -> tuple[Route, ...]:
        """Return the routes of the waste of *row*, any of which will do; none if it may go anywhere, or *row* is ""."""
        return list_routes(self.routes, self.cell(row, "waste")) if row else ()

    def _is_routed(self, row: str, stream: str, disposal: str) -> bool:
        """Return whether a *stream* with this *disposal* says where the substance of *row* has to go, or it may go anywhere."""
        wanted = self.routes_of(row)
        return not wanted or says_route(wanted, (row, *self.cell(row, "also")), stream, disposal)

    def cell(self, row: str, column: str) -> Any:
        """Return a cell of a row; "" where it is empty."""
        return self.table.rows[row].get(column, "")

    def handling(self, row: str, strength: Quantity | None, *, is_solid: bool = False) -> str:
        """Return how a substance is handled as a powder, a concentrate, which one of unknown strength may be, or a solution; "" if it is harmless."""
        if self.cell(row, "harmless") or not is_solid and self.is_thin(row, strength):
            return ""
        if is_solid:
            return str(self.cell(row, "powder") or self.cell(row, "handling"))
        strong = self.limit(row, "strong")
        is_strong = strong is not None and (strength is None or _alike(strength, strong) and strength.value >= strong.value)
        return str((self.cell(row, "concentrate") if is_strong else "") or self.cell(row, "handling"))

    def is_thin(self, row: str, strength: Quantity | None) -> bool:
        """Return whether a solution is thinner than what is told of."""
        least = self.limit(row, "least")
        return least is not None and strength is not None and _alike(strength, least) and strength.value < least.value

    def _limit(self, row: str, column: str) -> Quantity | None:
        """Return the concentration in a cell, None if it is empty."""
        text = self.cell(row, column)
        return as_quantity(text, *CONCENTRATIONS) if text else None

    def _split(self, name: str) -> tuple[list[str], list[str]]:
        """Return the rows named in *name*, the longest name first where two begin at one place, and the pieces that are in none."""
        pieces, at = _find_pieces(name), 0
        if row := self._alone.get("".join(pieces)):
            return [row], []
        found, rest = [], []
        while at < len(pieces):
            ends = range(min(len(pieces), at + MOST_PIECES), at, -1)
            end = next((end for end in ends if "".join(pieces[at:end]) in self._rows), 0)
            if end:
                found.append(self._rows["".join(pieces[at:end])])
            else:
                rest.append(pieces[at])
            at = end or at + 1
        return found, rest

    def _meet(self, components: frozenset[str]) -> tuple[tuple[Pair, str, str], ...]:
        """Return each pair of classes that must not meet, with the two components that have them."""
        return tuple(self._find_pairs(components))

    def _find_pairs(self, components: frozenset[str]) -> Iterator[tuple[Pair, str, str]]:
        by_class: dict[str, list[tuple[str, str]]] = {}
        for component in sorted(components):
            for row in self.rows_named(component):
                for kind in self.table.rows[row].get("classes", ()):
                    by_class.setdefault(kind, []).append((component if self.find(component) else row, row))
        for pair in self.pairs:
            if pair.one not in by_class or pair.two not in by_class:
                continue
            both = ((one, two) for one, row in by_class.get(pair.one, ()) for two, other in by_class.get(pair.two, ()) if row != other)
            if first := next(both, None):
                yield pair, *first


def _alike(one: Quantity, two: Quantity) -> bool:
    """Return whether two strengths can be compared: of one kind, or both percent."""
    return one.kind == two.kind or one.kind.startswith("percent") and two.kind.startswith("percent")


@functools.lru_cache(maxsize=16)  # a table lives with its protocol, and several protocols read one
def index_substances(table: DataTable) -> Substances:
    """Return the substances of a table of hazards, read once."""
    return Substances(table)


def check_substances(table: DataTable) -> None:
    """Raise ProtocolError for a limit that is not a concentration, and a name that two rows have."""
    owners: dict[str, str] = {}
    for row, cells in table.rows.items():
        for column in ("least", "strong"):
            if cells.get(column):
                as_quantity(cells[column], *CONCENTRATIONS)
        for name in (row, *cells.get("also", ())):
            other = owners.setdefault(_fold(name), row)
            if other != row:
                raise ProtocolError(f"{name!r} is a name of {other!r} and of {row!r}", "leave it to one of them").at(table.file, table.lines[row])


def _is_only_strength(pieces: list[str]) -> bool:
    return all(piece.isdigit() or piece in _DILUTED_IN for piece in pieces)


def _has_number_of_its_own(name: str, pieces: list[str]) -> bool:
    """Return whether one of *pieces* is a number that belongs to a word of *name*, as in TAE226: that is not TAE."""
    plain = simplify_name(name)
    joined = Counter(piece for piece in pieces if piece.isdigit()) - Counter(_NUMBER_ALONE.findall(plain))
    return any(number in joined and word not in _DILUTED_IN for word, number in _NUMBERED_WORD.findall(plain))


def _fold(name: str) -> str:
    """Return *name* without any sign: unlike `fold_name`, 10 % SDS and 10 SDS are one here, as a strength is not a part of the name."""
    return "".join(_find_pieces(name)) or name.casefold()


def _fold_all(names: Collection[str]) -> list[str]:
    """Return `_fold` of each of *names*, none of which has a line end: in one go, since a table has hundreds."""
    lines = _simplify("\n".join(names)).encode("ascii", "ignore").translate(None, _BETWEEN).decode("ascii").split("\n")
    return [folded or name.casefold() for folded, name in zip(lines, names, strict=True)]


def _find_pieces(name: str) -> list[str]:
    """Return the runs of letters and of figures in *name*, spelled as simply as in other tables."""
    return _PIECE.findall(_simplify(name))


def _simplify(text: str) -> str:
    return simplify_name(text).replace("°c", "degc")
