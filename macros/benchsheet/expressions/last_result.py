"""What a function of values last came to, kept for as long as it is given the same objects."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any

TableLookup = Callable[[str, str, str], Any]
Function = Callable[[Mapping[str, Any], TableLookup | None], Any]


class LastResult:
    """A *compute* of the values called *names* and of a look-up of tables, with the result of the last call.

    A value is never changed, so the same objects give the same result: from run to run most values of a protocol stay what they were.
    """

    __slots__ = ("_compute", "_fetch", "_last", "_names")

    def __init__(self, compute: Function, names: tuple[str, ...]) -> None:
        """Keep nothing yet."""
        self._compute, self._names = compute, names
        # One name is fetched twice, since of one alone no tuple is returned.
        self._fetch: Callable[[Any], tuple[Any, ...]] = operator.itemgetter(*names, names[0]) if names else lambda _: ()
        self._last: tuple[object, tuple[Any, ...], Any] | None = None  # one object, so that threads cannot mix what was given with what came of it

    def __call__(self, values: Mapping[str, Any], table: TableLookup | None) -> Any:
        """Return the result for *values* and *table*."""
        last, tables = self._last, getattr(table, "__self__", table)
        try:
            given = self._fetch(values)
        except KeyError:  # a value that this run does not have
            given = tuple(map(values.get, (*self._names, self._names[0]), repeat(self)))
        if last is None or last[0] is not tables or not all(map(operator.is_, given, last[1])):
            self._last = last = tables, given, self._compute(values, table)
        return last[2]
