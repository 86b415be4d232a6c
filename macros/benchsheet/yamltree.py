"""A YAML file as its author wrote it: every scalar is text, and every key and item knows its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from . import generated
from .errors import Collector, ProtocolError, near


class Text(str):
    """A scalar as typed; *line* is where."""

    __slots__ = ("line",)
    line: int


class Items(list[Any]):
    """A list; *line* is where it begins."""

    line: int


class Map(dict[str, Any]):
    """A mapping; *line* is where it begins, *lines* holds the line of each key, *file* what it was read from."""

    file: str
    line: int
    lines: dict[str, int]
    recipe: str = ""  # the shared recipe that it is
    kept: Any = None  # what was made of it, where another run would make the same of it

    def text(self, key: str, default: str = "") -> str:
        """Return the scalar under *key*; raise ProtocolError if it is a list or a mapping."""
        value = self.get(key, default)
        if not isinstance(value, str):
            raise ProtocolError(f"{key!r} is a text, not a {_named(value)}", f"write {key}: some words").at(self.file, self.lines.get(key))
        return value

    def map(self, key: str) -> Map:
        """Return the mapping under *key*, an empty one if it is absent."""
        value = self.get(key)
        if value is None or value == "":
            return _empty(self.file, self.lines.get(key, self.line))
        if not isinstance(value, Map):
            raise ProtocolError(f"{key!r} is a mapping, not a {_named(value)}", f"write {key}: {{name: value}}").at(self.file, self.lines[key])
        return value

    def items_of(self, key: str) -> list[str]:
        """Return the list of words under *key*; one word stands for a list of one."""
        value = self.get(key)
        if value is None:
            return []
        value = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in value):
            raise ProtocolError(f"{key!r} is a list of words", f"write {key}: [one, two]").at(self.file, self.lines[key])
        return cast("list[str]", value)

    def only(self, allowed: tuple[str, ...], what: str) -> None:
        """Raise all keys that are not *allowed*, each at its own line."""
        unknown = self.keys() - allowed
        if not unknown:
            return
        mistakes = Collector()
        for key in unknown:
            with mistakes.at(self.file, self.lines[key]):
                raise ProtocolError(f"{what} has no {key!r}", near(key, allowed))
        mistakes.found.sort(key=lambda mistake: mistake.line or 0)
        mistakes.close()

    def need(self, keys: tuple[str, ...], what: str) -> None:
        """Raise all of *keys* that are missing."""
        if all(key in self for key in keys):
            return
        mistakes = Collector()
        for key in keys:
            with mistakes.at(self.file, self.line):
                if key not in self:
                    raise ProtocolError(f"{what} needs a {key!r}", f"add a line '{key}: ...'")
        mistakes.close()


def _empty(file: str, line: int) -> Map:
    found = Map()
    found.file, found.line, found.lines = file, line, {}
    return found


def _named(value: object) -> str:
    return "list" if isinstance(value, Items) else "mapping" if isinstance(value, Map) else "text"


def read(text: str, file: str, first: str = "title: ...") -> Map:
    """Return the mapping that *text* holds; raise ProtocolError at the line of a fault in its form. *first* is how one may begin."""
    tree = read_any(text, file)
    if not isinstance(tree, Map):
        raise ProtocolError("the file is not a mapping of names to values", f"begin with a line like {first!r}", file, 1)
    return tree


def read_any(text: str, file: str) -> Map | Items | Text:
    """Return what *text* holds; an empty mapping for nothing."""
    if not text:
        return _empty(file, 1)
    data, lines = _ready(text) or _parsed(text, file)
    return _empty(file, 1) if data is None else _tree(data, iter(lines), file)


def product_key(text: str) -> str:
    """Return the hash of all that decides how *text* is read."""
    return generated.key(text, generated.code_hash(f"{__package__}.yamltext"))


def _ready(text: str) -> tuple[Any, list[int]] | None:
    return generated.tree(product_key(text)) if generated.names() else None


def _parsed(text: str, file: str) -> tuple[Any, list[int]]:
    from .yamltext import parse  # only where the build has not done it

    return parse(text, file)


def _tree(data: Any, lines: Iterator[int], file: str) -> Text | Items | Map:
    line = next(lines)
    if isinstance(data, str):
        text = Text(data)
        text.line = line
        return text
    if isinstance(data, list):
        items = Items([_tree(child, lines, file) for child in data])
        items.line = line
        return items
    found = _empty(file, line)
    for name, value in data.items():
        found.lines[name] = next(lines)
        found[name] = _tree(value, lines, file)
    return found
