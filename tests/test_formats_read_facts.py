"""A format reads facts: it takes no text of the Record apart, and compares it with no word that its types do not declare."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import benchsheet.formats
from benchsheet.record import material_types, step_types, type_words, types

FOLDER = Path(benchsheet.formats.__file__).parent
CUTS = {"split", "rsplit", "partition", "rpartition", "startswith", "endswith", "removeprefix", "removesuffix", "splitlines"}


def literals(form: Any) -> Iterator[str]:
    """Yield the words that a type declares."""
    if get_origin(form) is Literal:
        yield from (word for word in get_args(form) if isinstance(word, str))
    for inner in get_args(form):
        yield from literals(inner)


DECLARED = {
    word
    for module in (types, step_types, material_types, type_words)
    for form in vars(module).values()
    for hint in (get_type_hints(form, include_extras=True).values() if isinstance(form, type) else [form])
    for word in literals(hint)
}


def entry(node: ast.AST) -> str:
    """Return the key of an entry of the Record that an expression is, or has at its end; nothing for any other."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        return str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else ""
    return ""


def entries_by_name(function: ast.AST) -> dict[str, str]:
    """Return the names that a function gives to entries of the Record, each with the key of its entry."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                pairs += zip(target.elts, node.value.elts, strict=True) if both else [(target, node.value)]  # type: ignore[attr-defined]
        elif isinstance(node, ast.NamedExpr):
            pairs.append((node.target, node.value))
    return {target.id: entry(value) for target, value in pairs if isinstance(target, ast.Name) and entry(value)}


def find_cuts(tree: ast.AST) -> Iterator[str]:
    """Yield each place that takes a text of the Record apart, or compares it with a word of English."""
    functions: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] or [tree]
    yield from dict.fromkeys(found for function in functions for found in _find_cuts_in(function))


def _find_cuts_in(function: ast.AST) -> Iterator[str]:
    names = entries_by_name(function)

    def entry_of(node: ast.AST) -> str:
        return names.get(node.id, "") if isinstance(node, ast.Name) else entry(node)

    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if node.func.attr in CUTS and entry_of(owner) or ast.unparse(owner) == "re" and any(map(entry_of, node.args)):
                yield f"{node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            words = {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
            if any(map(entry_of, sides)) and words - DECLARED - {""}:
                yield f"{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_format_takes_a_text_of_the_record_apart(path):
    assert list(find_cuts(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    [
        'row["start"].startswith("P")',
        're.search("/", step["text"])',
        'rule = hands_on["rule"].split("+")',
        '"____" in part["text"]',
        'hazard["name"] == "danger"',
        'spot["mark"] == "."',
        'def f(group):\n name, box = group["id"], group.get("labware", "")\n return "tube" in box',
        'def f(recipe):\n if note := recipe["note"]:\n  return note.split(";")',
    ],
)
def test_such_a_place_is_found(line):
    assert list(find_cuts(ast.parse(line)))


def test_a_declared_word_may_be_asked_for():
    assert {"wait", "hands_on", "batch_minimum", "substance", "W"} <= DECLARED
    assert list(find_cuts(ast.parse('row["kind"] == "wait"'))) == []
