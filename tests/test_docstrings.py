"""What a docstring names is there: in italics a parameter or a field of its own, in single backticks a name of this program or a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from benchsheet.cli import COMMANDS
from tests.test_architecture import MODULES

ITALICS = re.compile(r"(?<![*\w])\*([a-z_][a-z0-9_]*)\*(?![*\w])")
BACKTICKS = re.compile(r"(?<!`)`([\w.]+)`(?!`)")
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _own_names(node: ast.ClassDef | ast.FunctionDef) -> set[str]:
    """Return the fields and methods of a class with what it is made from, or the parameters of a function."""
    if isinstance(node, ast.FunctionDef):
        arguments = node.args
        return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg) if each}
    found: set[str] = set()
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            found |= {part.name} | ({*_own_names(part), *_names(part)} if part.name == "__init__" else set())
        else:
            found |= set(_names(part))
    return found


def _documented(tree: ast.AST, outer: frozenset[str] = frozenset()) -> Iterator[tuple[str, str, set[str]]]:
    """Return name, docstring and own names of each class and function; a method may speak of the fields of its class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            own = {*_own_names(node), *(outer if isinstance(node, ast.FunctionDef) else ())}
            yield node.name, ast.get_docstring(node) or "", own
            yield from _documented(node, frozenset(own))
        else:
            yield from _documented(node, outer)


EVERY_NAME = {name for tree in TREES.values() for name in _names(tree)} | {part for name in MODULES for part in name.split(".")} | COMMANDS.keys()


@pytest.mark.parametrize("module", MODULES)
def test_a_word_in_italics_is_a_parameter_or_a_field(module):
    wrong = [f"{name}: *{word}*" for name, text, own in _documented(TREES[module]) for word in ITALICS.findall(text) if word not in own]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES)
def test_a_word_in_single_backticks_is_a_name_of_the_program(module):
    texts = [("module", ast.get_docstring(TREES[module]) or ""), *((name, text) for name, text, _ in _documented(TREES[module]))]
    wrong = [f"{name}: `{word}`" for name, text in texts for word in BACKTICKS.findall(text) if not EVERY_NAME.issuperset(word.split("."))]
    assert wrong == []
