"""A template looked through before anything is done: no amount typed into its words, no reference that is not there.

Refuses these, words outside any step, and names of the engine's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jinja2 import nodes

from ..errors import ProtocolError, near
from ..protocol.source import TEMPLATE
from ..units import KINDS

_SHOWN = {re.escape(unit) for kind in KINDS.values() for unit in kind.units}
_UNITS = sorted(_SHOWN | {"ml", "ul", "µL", "µl", "µM", "µg", "°C", "hours?", "minutes?", "days?", r"×\s?g"}, key=len, reverse=True)
_NUMBER = r"\d[\d.,\u202f]*(?:[ \u202f]\d{3})*"
_TYPED = re.compile(rf"(?<![\w.])({_NUMBER})(?:\s?(?:–|-|to)\s?({_NUMBER}))?\s?({'|'.join(_UNITS)})(?![\w])")
_NOTE = re.compile(r"\[@([\w-]+)\]")


def parts_of(node: nodes.Node) -> list[nodes.Node]:
    """Return all that *node* is made of, in the order of the text."""
    found: list[nodes.Node] = []
    _gather(node, found)
    return found


def _gather(node: nodes.Node, found: list[nodes.Node]) -> None:
    for name in node.fields:
        part = getattr(node, name, None)
        for child in part if isinstance(part, list) else (part,):
            if isinstance(child, nodes.Node):
                found.append(child)
                _gather(child, found)


def inspect(tree: nodes.Template, parts: list[nodes.Node], name: str, works: Mapping[str, object]) -> None:
    """Refuse an amount typed into the text, a reference that is not there, words outside any step, a name of the engine's own."""
    for text in parts:
        if not isinstance(text, nodes.TemplateData):
            continue
        words = text.data
        _no_amount(words, text.lineno, name)
        for note in _NOTE.finditer(words):
            if note[1] not in works:
                raise ProtocolError(
                    f"no reference {note[1]!r}", near(note[1], works, "references"), name, text.lineno + words[: note.start()].count("\n")
                )
    for output in parts:
        for part in output.nodes if isinstance(output, nodes.Output) else ():
            if isinstance(part, nodes.Const) and isinstance(part.value, str):
                _no_amount(part.value, part.lineno, name)
    for word in parts:
        if isinstance(word, nodes.Name) and (word.name.startswith("_") or word.name in ("self", "varargs", "kwargs")):
            raise ProtocolError(f"{word.name!r} is undefined", "a name begins with a letter", name, word.lineno)
    if name == TEMPLATE:
        _no_stray(tree.body)


def _no_amount(words: str, line: int, name: str) -> None:
    found = _TYPED.search(words)
    if not found:
        return
    first, second = ((part or "").replace(" ", "").replace("\u202f", "") for part in found.groups()[:2])
    unit = found[3]
    hint = f'write {{{{ q("{first} {unit}") }}}}' + (f' to {{{{ q("{second} {unit}") }}}}' if second else "")
    raise ProtocolError(f"{found[0]!r} is typed into the prose, where nothing checks it", hint, name, line + words[: found.start()].count("\n"))


def _no_stray(body: list[nodes.Node]) -> None:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData) and part.data.strip():
                    line = part.lineno + part.data[: len(part.data) - len(part.data.lstrip())].count("\n")
                    words = part.data.strip().split("\n")[0][:40]
                    raise ProtocolError(f"{words!r} stands outside any step", "put it between {% step %} and {% endstep %}", TEMPLATE, line)
        elif isinstance(node, nodes.If | nodes.For | nodes.With | nodes.Scope):
            inner = [*node.body, *getattr(node, "else_", []), *getattr(node, "elif_", [])]
            _no_stray(inner)
