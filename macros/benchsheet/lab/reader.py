"""A profile read over the default lab: what it says holds, and where it is silent the default; refuses nothing by itself.

Every mistake is kept with its own line, so that the owner of a profile hears of all of them at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeVar

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, near
from ..units import Quantity
from ..units import read as quantity
from ..yamltree import Items, Map

_T = TypeVar("_T")


@dataclass(frozen=True)
class Form:
    """How an entry is written: *what* it is, the *keys* that it may have and *needs*, and an *example* on one line."""

    what: str
    keys: tuple[str, ...]
    needs: tuple[str, ...]
    example: str


class Entry:
    """One entry of a list or a mapping; a mistake in one of its values is kept until `close`, and nothing stands in for the value."""

    def __init__(self, tree: Map, form: Form) -> None:
        self.tree, self.form, self._mistakes = tree, form, Collector()
        with self._mistakes.at(tree.file, tree.line):
            tree.only(form.keys, form.what)
        self.need(form.needs)

    def __contains__(self, key: str) -> bool:
        return key in self.tree

    def need(self, keys: tuple[str, ...]) -> None:
        """Keep all of *keys* that are missing."""
        with self._mistakes.at(self.tree.file, self.tree.line):
            self.tree.need(keys, self.form.what)

    def close(self) -> None:
        """Raise all that was wrong with it so far."""
        self._mistakes.close()

    def wrong(self, key: str, message: str, hint: str) -> None:
        """Keep a mistake about the value of *key*."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key, self.tree.line)):
            raise ProtocolError(message, hint)

    def text(self, key: str, default: str = "") -> str:
        """Return the words under *key*."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            words = self.tree.text(key, default)
            if key in self.tree and not words.strip():
                raise ProtocolError(f"{key!r} is empty", f"write {self.form.example}")
            return words
        return default

    def word(self, key: str, known: Iterable[str], default: str = "") -> str:
        """Return the word under *key*, one of those *known*."""
        found = self.text(key, default)
        if key in self.tree and found and found not in known:
            self.wrong(key, f"unknown {key} {found!r}", near(found, known))
        return found

    def whole(self, key: str, default: int = 1, most: int = 1000) -> int:
        """Return the whole number under *key*, from 1 to *most*."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            return whole(self.tree, key, default, most)
        return default

    def amount(self, key: str, *kinds: str) -> Quantity | None:
        """Return the quantity under *key*, more than nothing; None where there is none to be read."""
        if key not in self.tree:
            return None
        with self._mistakes.at(self.tree.file, self.tree.lines[key]):
            return some(self.tree.text(key), key, *kinds)
        return None

    def base(self, key: str, kind: str) -> int:
        """Return the quantity under *key* in the whole base of its kind (nL, ng); 0 where there is none to be read."""
        found = self.amount(key, kind)
        return int(found.value) if found else 0

    def made(self, key: str, make: Callable[[Map], _T]) -> _T | None:
        """Return what *make* makes of the mapping under *key*; None where it cannot."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            return make(self.tree.map(key))
        return None

    def pair(self, key: str, kind: str, example: str) -> tuple[int, int]:
        """Return the two quantities under *key* in the whole base of their kind."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            texts = self.tree.items_of(key)
            if len(texts) != 2:
                raise ProtocolError(f"{key!r} is two {kind}s", f"write {key}: {example}")
            low, high = (int(quantity(text, kind).value) for text in texts)
            return low, high
        return 0, 0


@dataclass
class Reading:
    """A profile *given*, over the *base* that says what is usual; *mistakes* keeps all that is wrong with either."""

    given: Map
    base: Map
    mistakes: Collector = field(default_factory=Collector)

    def source(self, key: str) -> Map:
        """Return who says *key*."""
        return self.given if key in self.given else self.base

    def text(self, key: str) -> str:
        """Return the words under *key*."""
        source = self.source(key)
        with self.mistakes.at(source.file, source.lines.get(key)):
            return source.text(key)
        return ""

    def amount(self, key: str, kind: str) -> Quantity:
        """Return the quantity under *key*."""
        source = self.source(key)
        with self.mistakes.at(source.file, source.lines.get(key)):
            return quantity(source.get(key, ""), kind)
        return Quantity(Fraction(0), kind)

    def wrong(self, keys: Iterable[str], message: str, hint: str) -> None:
        """Keep a mistake about the first of *keys* that the profile gives."""
        line = next((self.given.lines[key] for key in keys if key in self.given), None)
        with self.mistakes.at(self.given.file, line):
            raise ProtocolError(message, hint)

    def listed(self, key: str, form: Form, make: Callable[[Entry], _T], *, some_of_it: bool = False) -> tuple[_T, ...]:
        """Return what *make* makes of each entry of the list under *key*; a list that is given stands instead of the default's."""
        source, found = self.source(key), []
        items = source.get(key, "")
        with self.mistakes.at(source.file, source.lines.get(key)):
            if items == "" and not some_of_it:
                return ()
            if not isinstance(items, Items) or some_of_it and not items:
                raise ProtocolError(f"{key!r} is a list", f"write - {form.example}")
            for item in items:
                with self.mistakes.at(source.file, getattr(item, "line", None)):
                    if not isinstance(item, Map):
                        raise ProtocolError(f"{str(item)!r} is not {form.what}", f"write {form.example}")
                    found.append(_made(item, form, make))
        return tuple(found)

    def named(self, key: str, form: Form, make: Callable[[str, Entry], _T]) -> dict[str, _T]:
        """Return what *make* makes of each entry under *key* by its name; a name that is given replaces its namesake of the default."""
        found: dict[str, _T] = {}
        for source in (self.base, self.given) if key in self.given else (self.base,):
            with self.mistakes.at(source.file, source.lines.get(key)):
                tree = source.map(key)
                for name in tree:
                    with self.mistakes.at(tree.file, tree.lines[name]):
                        if not isinstance(tree[name], Map):
                            raise ProtocolError(f"{name!r} is not {form.what}", f"write {name}: {form.example}")
                        found[name] = _made(tree.map(name), form, functools.partial(make, name))
        return found


def _made(tree: Map, form: Form, make: Callable[[Entry], _T]) -> _T:
    entry = Entry(tree, form)
    made = make(entry)
    entry.close()
    return made


def whole(tree: Map, key: str, default: int = 1, most: int = 1000) -> int:
    """Return the whole number under *key*, from 1 to *most*; raise ProtocolError for anything else."""
    text = tree.text(key, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= most:
        raise ProtocolError(f"{key} {text!r} is not a whole number from 1 to {most}", "write it in digits").at(tree.file, tree.lines.get(key))
    return int(text)


def some(text: str, what: str, *kinds: str) -> Quantity:
    """Return *text* as a quantity of one of *kinds*; raise ProtocolError also for nothing of it."""
    found = quantity(text, *kinds)
    if not found.value:
        raise ProtocolError(f"{what} {text!r} is nothing", "give what it is, or leave it out")
    if found.per:
        raise ProtocolError(f"{what} {text!r} is per {found.per}", f"write it without '/{found.per}'")
    return found
