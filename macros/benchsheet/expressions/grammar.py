"""What an expression consists of: its tree and the names that it uses, read once for each text, or brought by the wheel."""

from __future__ import annotations

from typing import Any

from .. import generated

FUNCTION_NAMES = (
    "ceil", "floor", "min", "max", "sum", "len", "any", "all", "log2",
    "pow2", "about", "table", "kind", "known", "per", "beside", "in_sheet",
)  # fmt: skip
ALLOWED_SYNTAX = f"names, numbers, quoted quantities and words, + - * / < <= > >= == != and or not in if else, {' '.join(FUNCTION_NAMES)}"
Tree = tuple[Any, ...]  # as `syntax` says
Analysis = tuple[Tree, tuple[str, ...], tuple[str, ...]]  # the tree, the names in it, and those that are a table or a column
_MOST_KEPT = 4096
_analyses: dict[str, Analysis] = {}


def parse_expression(text: str) -> Tree:
    """Return the tree of *text*; raise ProtocolError if it is not an expression of this language."""
    return _analyze(text)[0]


def expression_names(text: str) -> tuple[str, ...]:
    """Return the names that *text* uses, functions left out, in order."""
    return _analyze(text)[1]


def table_arguments(text: str) -> tuple[str, ...]:
    """Return the names of *text* that are the table or the column of a ``table(...)``."""
    return _analyze(text)[2]


def _analyze(text: str) -> Analysis:
    known = _analyses.get(text)
    if known is None:
        from .syntax import read_expression  # only where the build has not done it

        if len(_analyses) >= _MOST_KEPT:
            _analyses.clear()
        known = _analyses[text] = read_expression(text)
    return known


def load_ready(protocol_text: str) -> None:
    """Take the expressions of the protocol of *protocol_text* as the build has read them, if it has."""
    if generated.names():
        _analyses.update(generated.expressions(product_key(protocol_text)))


def list_analyses() -> dict[str, Analysis]:
    """Return what was read until now, by its text."""
    return dict(sorted(_analyses.items()))


def forget_analyses() -> None:
    """Forget what was read until now."""
    _analyses.clear()


def product_key(protocol_text: str) -> str:
    """Return a cache key: the hash of what decides how an expression is read, and of the protocol whose expressions they are."""
    return generated.key(protocol_text, generated.code_hash(__name__, f"{__package__}.syntax"))
