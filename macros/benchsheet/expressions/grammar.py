"""The syntax of an expression, parsed with ``ast`` and never run as Python; only what the guide's table lists is allowed."""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..errors import ProtocolError
from ..patterns import compile_when_used

FUNCTION_NAMES = ("ceil", "floor", "min", "max", "sum", "len", "any", "all", "log2", "pow2", "table", "kind", "known", "per", "beside", "in_sheet")
ALLOWED_SYNTAX = f"names, numbers, quoted quantities and words, + - * / < <= > >= == != and or not in if else, {' '.join(FUNCTION_NAMES)}"
ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
ORDERINGS: dict[type, Callable[[Any, Any], Any]] = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {**ORDERINGS, ast.Eq: operator.eq, ast.NotEq: operator.ne}
_EXPRESSIONS = (ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Tuple, ast.Load)
_MOST_DIGITS = 40
_NUMBER = compile_when_used(rf"[0-9]{{1,{_MOST_DIGITS}}}(\.[0-9]{{1,40}})?([eE][+-]?[0-9]{{1,2}})?")
_NODES = {*_EXPRESSIONS, *ARITHMETIC, *COMPARISONS, ast.Not, ast.USub, ast.And, ast.Or, ast.In, ast.NotIn}


def parse_expression(text: str) -> ast.expr:
    """Return the tree of *text*; raise ProtocolError if it is not an expression of this language."""
    return _analyze(text).tree


def expression_names(text: str) -> tuple[str, ...]:
    """Return the names that *text* uses, functions left out, in order."""
    return tuple(_analyze(text).names)


def table_arguments(text: str) -> frozenset[str]:
    """Return the names of *text* that are the table or the column of a ``table(...)``."""
    return frozenset(_analyze(text).table_arguments)


class _Expression:
    """One expression, looked through once: its tree, the names it uses, and those that are a table or a column."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self._is_plain = self.text.isascii() and "\n" not in self.text  # then places in it are places in its one line
        self.names: dict[str, None] = {}
        self.table_arguments: set[str] = set()
        try:
            self.tree = ast.parse(self.text, mode="eval").body
            self._visit(self.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ProtocolError(f"{text!r} is not an expression", f"allowed are {ALLOWED_SYNTAX}") from None

    def _visit(self, node: ast.AST) -> None:
        kind = type(node)
        if kind is ast.Name:
            self.names[node.id] = None  # type: ignore[attr-defined]
            return
        if kind is ast.Constant:
            self._check_number(node)  # type: ignore[arg-type]
            return
        if kind not in _NODES:
            part = ast.unparse(node) if isinstance(node, ast.expr) else self.text
            raise ProtocolError(f"{part!r} is not allowed in an expression", f"allowed are {ALLOWED_SYNTAX}")
        fields = node._fields
        if kind is ast.Call and type(node.func) is ast.Name:  # type: ignore[attr-defined]
            fields = ("args", "keywords")
            if node.func.id == "table" and node.args:  # type: ignore[attr-defined]
                self.table_arguments.update(end.id for end in (node.args[0], node.args[-1]) if type(end) is ast.Name)  # type: ignore[attr-defined]
        for name in fields:
            part = getattr(node, name)
            if type(part) is list:
                for child in part:
                    self._visit(child)
            else:
                self._visit(part)

    def _check_number(self, node: ast.Constant) -> None:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            text = self.text
            digits = text[node.col_offset : node.end_col_offset] if self._is_plain else ast.get_source_segment(text, node) or ""
            if not (digits.isdigit() and len(digits) <= _MOST_DIGITS or _NUMBER.fullmatch(digits)):
                raise ProtocolError(f"{digits!r} is not a number here", "write it plainly, like 7.5")
            node.exact = Fraction(digits)  # type: ignore[attr-defined]


_analyze = functools.lru_cache(maxsize=2048)(_Expression)
