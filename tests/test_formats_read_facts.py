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
    return ""


def find_cuts(tree: ast.AST) -> Iterator[str]:
    """Yield each place that takes a text of the Record apart, or compares it with a word of English."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if node.func.attr in CUTS and entry(owner) or ast.unparse(owner) == "re" and any(map(entry, node.args)):
                yield f"{node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            words = {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}
            if any(map(entry, sides)) and words - DECLARED - {""}:
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
    ],
)
def test_such_a_place_is_found(line):
    assert list(find_cuts(ast.parse(line)))


def test_a_declared_word_may_be_asked_for():
    assert {"wait", "hands_on", "batch_minimum", "substance", "W"} <= DECLARED
    assert list(find_cuts(ast.parse('row["kind"] == "wait"'))) == []
