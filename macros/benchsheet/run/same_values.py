"""The objects of the last run's values, used again where a value is the same: what follows from them is then known too."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from types import NoneType
from typing import Any

from ..protocol.source import Source
from ..units import Quantity


class SameValues:
    """The values of the last run of one protocol, by name."""

    def __init__(self, source: Source) -> None:
        """Begin with what the last run of *source* left."""
        self._last: dict[str, Any] = source.cache.setdefault("values", {})

    def has(self, name: str, value: Any) -> bool:
        """Return whether *value* is the very object that *name* had, so that whatever was asked of it has its answer."""
        return value is not None and self._last.get(name) is value

    def find(self, name: str, value: Any) -> Any:
        """Return the object that *name* had in the last run if it is the same as *value*, else *value*."""
        last = self._last.get(name)
        if last is value or _is_same(last, value):
            return last
        self._last[name] = value
        return value


def recall_text(texts: dict[str, tuple[Any, str]], name: str, value: Any, write: Callable[[Any], str]) -> str:
    """Return *value* as *write* writes it; from *texts*, where *name* had the very same object in the last run."""
    if name not in texts or texts[name][0] is not value:
        texts[name] = value, write(value)
    return texts[name][1]


def _is_same(one: Any, two: Any) -> bool:
    """Return whether two values differ in nothing, type and origin of each part included."""
    if type(one) is not type(two):
        return False
    if isinstance(one, tuple):
        return len(one) == len(two) and all(map(_is_same, one, two))
    if isinstance(one, Quantity):
        return one.value == two.value and (one.kind, one.per, one.origin) == (two.kind, two.per, two.origin)
    return isinstance(one, str | int | Fraction | NoneType) and one == two
