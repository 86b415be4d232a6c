"""Reads a profile over the default lab: the default holds for each key that the profile does not have.

Every mistake is kept with its own line, so that the owner of a profile hears of all of them at once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeVar

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, suggest
from ..units import Quantity, as_quantity, whole_number
from ..units.base_units import NanoLitres
from ..yamltree import YamlList, YamlMap

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class EntryForm:
    """How an entry is written: its name with an article (*noun*), the *keys* that it may have, *required_keys*, and an *example* on one line."""

    noun: str
    keys: tuple[str, ...]
    required_keys: tuple[str, ...]
    example: str


class ProfileEntry:
    """One entry of a list or a mapping; a mistake in one of its values is kept until `raise_all`."""

    def __init__(self, tree: YamlMap, form: EntryForm) -> None:
        self.tree, self.form, self._mistakes = tree, form, Collector()
        with self._mistakes.at(tree.file, tree.line):
            tree.check_keys(form.keys, form.noun)
        self.require_keys(form.required_keys)

    def __contains__(self, key: str) -> bool:
        return key in self.tree

    def require_keys(self, keys: tuple[str, ...]) -> None:
        """Keep all of *keys* that are missing."""
        with self._mistakes.at(self.tree.file, self.tree.line):
            self.tree.require_keys(keys, self.form.noun)

    def raise_all(self) -> None:
        """Raise all that was wrong with it so far."""
        self._mistakes.raise_all()

    def add_error(self, key: str, message: str, hint: str) -> None:
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

    def choice(self, key: str, choices: Iterable[str], default: str = "") -> str:
        """Return the word under *key*, one of those *choices*."""
        word = self.text(key, default)
        if key in self.tree and word and word not in choices:
            self.add_error(key, f"unknown {key} {word!r}", suggest(word, choices))
        return word

    def whole_number(self, key: str, default: int = 1, most: int = 1000) -> int:
        """Return the whole number under *key*, from 1 to *most*."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            return parse_whole(self.tree, key, default, most)
        return default

    def quantity(self, key: str, *kinds: str) -> Quantity | None:
        """Return the quantity under *key*, more than nothing; None where there is none to be read."""
        if key not in self.tree:
            return None
        with self._mistakes.at(self.tree.file, self.tree.lines[key]):
            return parse_positive(self.tree.text(key), key, *kinds)
        return None

    def base_amount(self, key: str, kind: str) -> int:
        """Return the quantity under *key* in the whole base of its kind (nL, ng); 0 where there is none to be read."""
        amount = self.quantity(key, kind)
        return int(amount.value) if amount else 0

    def volume(self, key: str) -> NanoLitres:
        """Return the volume under *key* in whole nL; 0 where there is none to be read."""
        return NanoLitres(self.base_amount(key, "volume"))

    def build(self, key: str, make: Callable[[YamlMap], _T]) -> _T | None:
        """Return what *make* makes of the mapping under *key*; None where it cannot."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            return make(self.tree.mapping(key))
        return None

    def volume_pair(self, key: str, example: str) -> tuple[NanoLitres, NanoLitres]:
        """Return the two volumes under *key*, in whole nL."""
        with self._mistakes.at(self.tree.file, self.tree.lines.get(key)):
            texts = self.tree.word_list(key)
            if len(texts) != 2:
                raise ProtocolError(f"{key!r} is two volumes", f"write {key}: {example}")
            low, high = (NanoLitres(int(as_quantity(text, "volume").value)) for text in texts)
            return low, high
        return NanoLitres(0), NanoLitres(0)


@dataclass(kw_only=True)
class ProfileReader:
    """A profile *profile*, over the *defaults* that says what is usual; *mistakes* keeps all that is wrong with either."""

    profile: YamlMap
    defaults: YamlMap
    mistakes: Collector = field(default_factory=Collector)

    def source_of(self, key: str) -> YamlMap:
        """Return who says *key*."""
        return self.profile if key in self.profile else self.defaults

    def text(self, key: str) -> str:
        """Return the words under *key*."""
        source = self.source_of(key)
        with self.mistakes.at(source.file, source.lines.get(key)):
            return source.text(key)
        return ""

    def quantity(self, key: str, kind: str) -> Quantity:
        """Return the quantity under *key*."""
        source = self.source_of(key)
        with self.mistakes.at(source.file, source.lines.get(key)):
            return as_quantity(source.get(key, ""), kind)
        return Quantity(value=Fraction(0), kind=kind)

    def add_error(self, keys: Iterable[str], message: str, hint: str) -> None:
        """Keep a mistake about the first of *keys* that the profile gives."""
        line = next((self.profile.lines[key] for key in keys if key in self.profile), None)
        with self.mistakes.at(self.profile.file, line):
            raise ProtocolError(message, hint)

    def load_list(self, key: str, form: EntryForm, make: Callable[[ProfileEntry], _T], *, require_one: bool = False) -> tuple[_T, ...]:
        """Return what *make* makes of each entry of the list under *key*; a list that is given stands instead of the default's."""
        source, entries = self.source_of(key), []
        items = source.get(key, "")
        with self.mistakes.at(source.file, source.lines.get(key)):
            if items == "" and not require_one:
                return ()
            if not isinstance(items, YamlList) or require_one and not items:
                raise ProtocolError(f"{key!r} is a list", f"write - {form.example}")
            for item in items:
                with self.mistakes.at(source.file, getattr(item, "line", None)):
                    if not isinstance(item, YamlMap):
                        raise ProtocolError(f"{str(item)!r} is not {form.noun}", f"write {form.example}")
                    entries.append(_build_entry(item, form, make))
        return tuple(entries)

    def load_values(self, key: str, make: Callable[[YamlMap, str], _T], *, keep_defaults: bool = False) -> dict[str, _T]:
        """Return what *make* makes of each name in the mapping under *key*, by its name.

        A mapping that is given stands instead of the default's; with *keep_defaults* each name in it replaces its namesake there.
        """
        values: dict[str, _T] = {}
        for source in (self.defaults, self.profile) if keep_defaults and key in self.profile else (self.source_of(key),):
            with self.mistakes.at(source.file, source.lines.get(key)):
                tree = source.mapping(key)
                for name in tree:
                    with self.mistakes.at(tree.file, tree.lines[name]):
                        values[name] = make(tree, name)
        return values

    def load_mapping(self, key: str, form: EntryForm, make: Callable[[str, ProfileEntry], _T]) -> dict[str, _T]:
        """Return what *make* makes of each entry under *key* by its name; a name that is given replaces its namesake of the default."""

        def build(tree: YamlMap, name: str) -> _T:
            if not isinstance(tree[name], YamlMap):
                raise ProtocolError(f"{name!r} is not {form.noun}", f"write {name}: {form.example}")
            return _build_entry(tree.mapping(name), form, functools.partial(make, name))

        return self.load_values(key, build, keep_defaults=True)


def _build_entry(tree: YamlMap, form: EntryForm, make: Callable[[ProfileEntry], _T]) -> _T:
    entry = ProfileEntry(tree, form)
    result = make(entry)
    entry.raise_all()
    return result


def parse_whole(tree: YamlMap, key: str, default: int = 1, most: int = 1000, hint: str = "write it in digits") -> int:
    """Return the whole number under *key*, from 1 to *most*; raise ProtocolError with *hint* for anything else."""
    text = tree.text(key, str(default))
    number = whole_number(text)
    if number is None or not 1 <= number <= most:
        raise ProtocolError(f"{key} {text!r} is not a whole number from 1 to {most}", hint).at(tree.file, tree.lines.get(key))
    return number


def parse_positive(text: str, what: str, *kinds: str) -> Quantity:
    """Return *text* as a quantity of one of *kinds*; raise ProtocolError also for nothing of it."""
    amount = as_quantity(text, *kinds)
    if not amount.value:
        raise ProtocolError(f"{what} {text!r} is nothing", "give what it is, or leave it out")
    if amount.per:
        raise ProtocolError(f"{what} {text!r} is per {amount.per}", f"write it without '/{amount.per}'")
    return amount
