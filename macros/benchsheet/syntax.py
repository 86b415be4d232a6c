"""What may stand in an expression, read with ``ast`` and never run; refuses everything that the guide's table does not list."""

from __future__ import annotations

import ast
import functools
import re
from fractions import Fraction

from .errors import ProtocolError

ALLOWED = (
    "names, numbers, quoted quantities and words, + - * / < <= > >= == != and or not in if else, "
    "ceil floor min max sum len any all log2 pow2 table kind known per beside"
)
FUNCTIONS = ("ceil", "floor", "min", "max", "sum", "len", "any", "all", "log2", "pow2", "table", "kind", "known", "per", "beside")


@functools.lru_cache(maxsize=2048)
def parsed(text: str) -> ast.expr:
    """Return the tree of *text*; raise ProtocolError if it is not an expression of this language."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ProtocolError(f"{text!r} is not an expression", f"allowed are {ALLOWED}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            written = ast.get_source_segment(text.strip(), node) or ""
            if not re.fullmatch(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", written):
                raise ProtocolError(f"{written!r} is not a number here", "write it plainly, like 7.5")
            node.exact = Fraction(written)  # type: ignore[attr-defined]
        if not isinstance(node, _NODES):
            part = ast.unparse(node) if isinstance(node, ast.expr) else text
            raise ProtocolError(f"{part!r} is not allowed in an expression", f"allowed are {ALLOWED}")
    return tree


_NODES = (
    ast.Constant,
    ast.Name,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Tuple,
    ast.Load,
    ast.Not,
    ast.USub,
    ast.And,
    ast.Or,
    ast.In,
    ast.NotIn,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.Eq,
    ast.NotEq,
)


@functools.lru_cache(maxsize=2048)
def names(text: str) -> tuple[str, ...]:
    """Return the names that *text* uses, functions left out, in order."""
    called = {id(node.func) for node in ast.walk(parsed(text)) if isinstance(node, ast.Call)}
    return tuple(dict.fromkeys(node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name) and id(node) not in called))
