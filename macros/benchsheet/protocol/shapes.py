"""What may stand under a key of a YAML file: a text, words, a mapping; each checks what an author wrote, and is a JSON schema for editors."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from ..yamltree import YamlMap, YamlText

TRUE_WORDS, FALSE_WORDS = ("yes", "true", "on"), ("no", "false", "off")
Schema = dict[str, Any]
SCALAR: Schema = {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """*check* raises ProtocolError for a value under a key of a mapping that has another shape; *words* name the shape in the guide."""

    words: str
    check: Callable[[YamlMap, str], object]
    schema: Callable[[], Schema]


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """One key of an entry: what may stand there, and what it says."""

    name: str
    shape: Shape
    help: str


@dataclass(frozen=True, kw_only=True, eq=False)
class KeyTable:
    """The *keys* that an entry, in messages called *what*, may have, and those that it needs."""

    what: str
    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()

    def check(self, entry: YamlMap) -> None:
        """Raise ProtocolError for each key of *entry* that is unknown, missing, or of another shape, at its line."""
        keys = self.keys
        entry.check_keys(tuple(keys), self.what, required=self.required)
        mistakes = Collector()
        for name, value in entry.items():
            shape = keys[name].shape
            if shape is not TEXT or value.__class__ is not YamlText:
                with mistakes.at(entry.file, entry.lines.get(name, entry.line)):
                    shape.check(entry, name)
        mistakes.raise_all()

    def schema(self) -> Schema:
        """Return the JSON schema of such an entry."""
        properties = {key.name: key.shape.schema() | {"description": key.help} for key in self.keys.values()}
        return {"type": "object", "additionalProperties": False, "properties": properties} | (
            {"required": list(self.required)} if self.required else {}
        )


def keys(*rows: tuple[str, Shape, str]) -> dict[str, Key]:
    """Return keys by name, of rows of name, shape and help."""
    return {name: Key(name=name, shape=shape, help=text) for name, shape, text in rows}


def one_of(*choices: str, is_checked: bool = False) -> Shape:
    """Return the shape of one of some words; if it is not *is_checked* here, the reader of the key tells which it may be."""

    def check(tree: YamlMap, key: str) -> None:
        if tree.text(key) not in choices and is_checked:
            raise ProtocolError(f"{key!r} is {' or '.join(choices)}, not {tree.text(key)!r}", f"write {key}: {choices[0]}, or leave it out")

    return Shape(words="one of " + ", ".join(choices), check=check, schema=lambda: {"enum": list(choices)})


def entry(table: KeyTable, words: str = "a mapping") -> Shape:
    """Return the shape of one mapping with the keys of *table*."""
    return Shape(words=words, check=lambda tree, key: table.check(tree.mapping(key)), schema=table.schema)


def entries(table: KeyTable, words: str = "entries by name") -> Shape:
    """Return the shape of a mapping of names to entries."""
    return map_of(entry(table), words)


def map_of(shape: Shape, words: str) -> Shape:
    """Return the shape of a mapping of any names to values of *shape*."""

    def check(tree: YamlMap, key: str) -> None:
        mapping, mistakes = tree.mapping(key), Collector()
        for name in mapping:
            with mistakes.at(mapping.file, mapping.lines[name]):
                shape.check(mapping, name)
        mistakes.raise_all()

    return Shape(words=words, check=check, schema=lambda: {"type": ["object", "null"], "additionalProperties": shape.schema()})


def list_of(shape: Shape, words: str) -> Shape:
    """Return the shape of a list of *shape*, or of one of it alone."""

    def check(tree: YamlMap, key: str) -> None:
        values = tree[key] if isinstance(tree[key], list) else [tree[key]]
        mistakes = Collector()
        for value in values:
            item = YamlMap({key: value})
            item.file, item.line, item.lines = tree.file, tree.line, {key: getattr(value, "line", tree.lines[key])}
            with mistakes.at(tree.file, item.lines[key]):
                shape.check(item, key)
        mistakes.raise_all()

    return Shape(words=words, check=check, schema=lambda: {"anyOf": [shape.schema(), {"type": "array", "items": shape.schema()}]})


def either(plain: Shape, table: KeyTable, words: str) -> Shape:
    """Return the shape of what is *plain*, or a mapping with the keys of *table*."""

    def check(tree: YamlMap, key: str) -> None:
        (table.check(tree.mapping(key)) if isinstance(tree[key], YamlMap) else plain.check(tree, key))

    return Shape(words=words, check=check, schema=lambda: {"anyOf": [plain.schema(), table.schema()]})


def read_flag(tree: YamlMap, key: str) -> bool:
    """Return whether *key* says yes, no without it; raise ProtocolError for another word."""
    text = tree.text(key, "no")
    if text not in TRUE_WORDS + FALSE_WORDS:
        raise ProtocolError(f"{key!r} is yes or no, not {text!r}", f"write {key}: yes").at(tree.file, tree.lines[key])
    return text in TRUE_WORDS


def _check_mapping(tree: YamlMap, key: str) -> None:
    tree.mapping(key)


TEXT = Shape(words="a text", check=YamlMap.text, schema=SCALAR.copy)
WORDS = Shape(words="a word, or a list of words", check=YamlMap.word_list, schema=lambda: {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]})
YES_NO = Shape(words="yes or no", check=read_flag, schema=lambda: {"enum": [*TRUE_WORDS, *FALSE_WORDS, True, False]})
MAPPING = Shape(words="a mapping", check=_check_mapping, schema=lambda: {"type": "object"})
TEXTS = map_of(TEXT, "texts by name")
WORD_LISTS = map_of(WORDS, "lists of words by name")
FROM = KeyTable(what="'from'", keys=keys(("from", TEXT, "an expression over values above")), required=("from",))


@functools.cache
def text_or_from(what: str) -> Shape:
    """Return the shape of a text, or of ``{from: an expression}`` under the key *what*."""
    return either(TEXT, KeyTable(what=f"{what!r}", keys=FROM.keys, required=FROM.required), "a text, or {from: an expression}")
