"""YAML text as plain data in which every scalar is text, and the line of each part in the order of the text.

A text that is not YAML, a key that is not a word or is there twice, and an alias raise ProtocolError.
"""

from __future__ import annotations

from typing import Any

import yaml

from .errors import ProtocolError


class _Untyped:
    """What a loader of YAML does not do here: ``no`` and ``1e3`` stay texts as typed."""

    def resolve(self, kind: type, value: object, implicit: object) -> str:
        """Return one tag for all."""
        return ""

    def descend_resolver(self, node: object, index: object) -> None:
        """Follow no paths."""

    def ascend_resolver(self) -> None:
        """Follow no paths."""


class PlainLoader(_Untyped, yaml.SafeLoader):
    """The loader that each Python has."""


_Fast: Any = getattr(yaml, "CSafeLoader", None)
_Loader: Any = type("_Loader", (_Untyped, _Fast), {}) if _Fast else PlainLoader


def parse(text: str, file: str) -> tuple[Any, list[int]]:
    """Return the data in *text*, None if it is empty, and the line of each part: a part before its contents, a key before its value."""
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        raise ProtocolError(
            f"not YAML: {problem}",
            "look at the indentation, and quote texts that hold ': ' or begin with a sign",
            file,
            mark.line + 1 if mark else None,
        ) from None
    lines: list[int] = []
    return None if node is None else _plain(node, file, set(), lines), lines


def _compose(text: str) -> Any:
    """Return the nodes of *text*; raise YAMLError in the words of the plain loader, so that a mistake is told alike with the fast one and without."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        yaml.compose(text, Loader=PlainLoader)
        raise


def _plain(node: Any, file: str, seen: set[int], lines: list[int]) -> Any:
    line = node.start_mark.line + 1
    lines.append(line)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if id(node) in seen:  # a few nested aliases would unfold to more than a machine can hold
        raise ProtocolError("an alias (*name) is not followed", "write the part out", file, line)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, seen, lines) for child in node.value]
    found: dict[str, Any] = {}
    first: dict[str, int] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        name = getattr(key, "value", None)
        if not isinstance(name, str):
            raise ProtocolError("a key is a word, not a list or a mapping", "quote it", file, at)
        if name in found:
            raise ProtocolError(f"{name!r} is written twice", f"the first is in line {first[name]}", file, at)
        first[name] = at
        lines.append(at)
        found[name] = _plain(value, file, seen, lines)
    return found
