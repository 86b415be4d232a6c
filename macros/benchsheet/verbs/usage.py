"""How a verb is called, in a template author's words."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any


@functools.cache
def _signature(verb: Callable[..., Any]) -> tuple[list[inspect.Parameter], str]:
    parameters = list(inspect.signature(verb).parameters.values())[1:]  # the bench is not the author's to give
    words = [
        p.name if p.default is p.empty and p.kind is not p.KEYWORD_ONLY else f"{p.name}=..." for p in parameters if p.kind is not p.VAR_POSITIONAL
    ]
    return parameters, f"{verb.__name__}({', '.join(words)})"


def usage(verb: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a call and how it is written; None if nothing is."""
    parameters, form = _signature(verb)
    hint = f"write it like {form}"
    names = [p.name for p in parameters]
    for name in named:
        if name not in names:
            return f"{verb.__name__}(...) has no {name!r}", hint
    placed = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(given) > len(placed) and not open_ended:
        return f"{verb.__name__}(...) takes {len(placed)} value{'' if len(placed) == 1 else 's'}, not {len(given)}", hint
    for p in [p for place, p in enumerate(placed) if place < len(given) and p.name in named]:
        return f"{verb.__name__}(...) is given {p.name!r} twice", hint
    for place, p in enumerate(parameters):
        missing = p.default is p.empty and p.kind is not p.VAR_POSITIONAL and p.name not in named
        if missing and (p.kind is p.KEYWORD_ONLY or place >= len(given)):
            return f"{verb.__name__}(...) needs {p.name!r}", hint
    return None
