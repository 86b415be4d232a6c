"""An expression as a tree of plain tuples, read with Python's ``ast`` and never run as Python; and a part of such a tree as text.

A tree is its kind and its parts: ``("name", "plates")``, ``("number", "7.5")``, ``("word", "5 uL")``, ``("truth", True)``,
``("tuple", ...)``, ``("not", part)``, ``("and", ...)``, ``("or", ...)``, ``("if", test, one, other)``, ``("+", left, right)``,
``("compare", left, "<", right, ...)``, ``("call", function, ...)``, and ``("refuse", text, hint)`` for what is refused once it is reached.
"""

from __future__ import annotations

import ast
import re

from ..errors import ProtocolError
from .grammar import ALLOWED_SYNTAX, FUNCTION_NAMES, Tree

_MOST_DIGITS = 40
_NUMBER = re.compile(rf"[0-9]{{1,{_MOST_DIGITS}}}(\.[0-9]{{1,40}})?([eE][+-]?[0-9]{{1,2}})?")
_SIGNS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or",
}  # fmt: skip
_KINDS = {sign: kind for kind, sign in _SIGNS.items()}


def read_expression(text: str) -> tuple[Tree, tuple[str, ...], tuple[str, ...]]:
    """Return the tree of *text*, the names that it uses in order, and those names that are the table or the column of a ``table(...)``.

    Raise ProtocolError if it is not an expression of this language.
    """
    reader = _Reader(text.strip())
    try:
        tree = reader.read(ast.parse(reader.text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ProtocolError(f"{text!r} is not an expression", f"allowed are {ALLOWED_SYNTAX}") from None
    return tree, tuple(reader.names), tuple(reader.table_arguments)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.names: dict[str, None] = {}
        self.table_arguments: dict[str, None] = {}

    def read(self, node: ast.AST) -> Tree:  # noqa: PLR0911 - a case for each kind
        match node:
            case ast.Name(id=name):
                self.names[name] = None
                return "name", name
            case ast.Constant(value=value):
                return self._read_constant(node, value)
            case ast.Tuple(elts=parts):
                return "tuple", *map(self.read, parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return "not", self.read(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                self.read(operand)
                return "refuse", f"{ast.unparse(node)!r}: nothing here is below zero", "subtract instead"
            case ast.BoolOp(op=op, values=parts):
                return _SIGNS[type(op)], *map(self.read, parts)
            case ast.IfExp(test=test, body=one, orelse=other):
                return "if", self.read(test), self.read(one), self.read(other)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                return _SIGNS[type(op)], self.read(left), self.read(right)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _SIGNS for op in ops):
                links = ((_SIGNS[type(op)], self.read(other)) for op, other in zip(ops, others, strict=True))
                return "compare", self.read(left), *(part for link in links for part in link)
            case ast.Call():
                return self._read_call(node)
        raise _refusal(node, self.text)

    def _read_constant(self, node: ast.Constant, value: object) -> Tree:
        if isinstance(value, bool | str):
            return "truth" if isinstance(value, bool) else "word", value
        if not isinstance(value, int | float):
            return "refuse", *_refuse(node)
        digits = ast.get_source_segment(self.text, node) or ""
        if not _NUMBER.fullmatch(digits):
            raise ProtocolError(f"{digits!r} is not a number here", "write it plainly, like 7.5")
        return "number", digits  # as written: a float keeps 17 digits

    def _read_call(self, node: ast.Call) -> Tree:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if not name:
            self.read(node.func)
        if node.keywords:
            raise _refusal(node.keywords[0], self.text)
        if name == "table" and node.args:
            self.table_arguments |= {end.id: None for end in (node.args[0], node.args[-1]) if isinstance(end, ast.Name)}
        parts = tuple(map(self.read, node.args))
        return ("call", name, *parts) if name in FUNCTION_NAMES else ("refuse", *_refuse(node))


def _refuse(node: ast.AST, text: str = "") -> tuple[str, str]:
    part = ast.unparse(node) if isinstance(node, ast.expr) else text
    return f"{part!r} is not allowed in an expression", f"allowed are {ALLOWED_SYNTAX}"


def _refusal(node: ast.AST, text: str) -> ProtocolError:
    return ProtocolError(*_refuse(node, text))


def write_tree(tree: Tree) -> str:
    """Return a tree, or a part of one, as text."""
    return ast.unparse(_to_python(tree))


def _to_python(tree: Tree) -> ast.expr:
    kind, *parts = tree
    match kind:
        case "name" | "number" | "refuse":
            return ast.Name(id=parts[0])  # as written
        case "word" | "truth":
            return ast.Constant(value=parts[0])
        case "tuple":
            return ast.Tuple(elts=list(map(_to_python, parts)), ctx=ast.Load())
        case "not":
            return ast.UnaryOp(op=ast.Not(), operand=_to_python(parts[0]))
        case "and" | "or":
            return ast.BoolOp(op=_KINDS[kind](), values=list(map(_to_python, parts)))
        case "if":
            test, one, other = map(_to_python, parts)
            return ast.IfExp(test=test, body=one, orelse=other)
        case "compare":
            others = list(map(_to_python, parts[2::2]))
            return ast.Compare(left=_to_python(parts[0]), ops=[_KINDS[sign]() for sign in parts[1::2]], comparators=others)
        case "call":
            return ast.Call(func=ast.Name(id=parts[0]), args=list(map(_to_python, parts[1:])), keywords=[])
    return ast.BinOp(left=_to_python(parts[0]), op=_KINDS[kind](), right=_to_python(parts[1]))
