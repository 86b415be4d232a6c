"""A YAML file as its author wrote it: every scalar is text, and every key and item knows its line."""

from __future__ import annotations

from typing import Any, cast

import yaml

from .errors import Collector, ProtocolError, near

_Any: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Any):  # type: ignore[misc]
    """YAML's loader, asked for no scalar's kind: ``no`` and ``1e3`` stay the words that were typed."""

    def resolve(self, kind: type, value: object, implicit: object) -> str:
        """Return one tag for all."""
        return ""

    def descend_resolver(self, node: object, index: object) -> None:
        """Follow no paths."""

    def ascend_resolver(self) -> None:
        """Follow no paths."""


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
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        raise ProtocolError(
            f"not YAML: {problem}",
            "look at the indentation, and quote texts that hold ': ' or begin with a sign",
            file,
            mark.line + 1 if mark else None,
        ) from None
    if node is None:
        return _empty(file, 1)
    return _tree(node, file, set())


def _tree(node: Any, file: str, seen: set[int]) -> Text | Items | Map:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        text = Text(node.value)
        text.line = line
        return text
    if id(node) in seen:  # a few nested aliases would unfold to more than a machine can hold
        raise ProtocolError("an alias (*name) is not followed", "write the part out", file, line)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        items = Items(_tree(child, file, seen) for child in node.value)
        items.line = line
        return items
    found = _empty(file, line)
    for key, value in node.value:
        name = getattr(key, "value", None)
        if not isinstance(name, str):
            raise ProtocolError("a key is a word, not a list or a mapping", "quote it", file, key.start_mark.line + 1)
        if name in found:
            raise ProtocolError(f"{name!r} is written twice", f"the first is in line {found.lines[name]}", file, key.start_mark.line + 1)
        found[name] = _tree(value, file, seen)
        found.lines[name] = key.start_mark.line + 1
    return found
