"""The linter of templates, and messages for Jinja's syntax errors in the words of a protocol's author."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jinja2 import nodes

from ..errors import ProtocolError, check_known, locate_errors, suggest
from ..markup import CITATION_MARK
from ..patterns import compile_when_used
from ..protocol.source import TEMPLATE_FILE
from ..units import UNIT_PATTERN

_NUMBER = r"\d[\d.,\u202f]*(?:[ \u202f]\d{3})*"
_AMOUNT = compile_when_used(rf"(?<![\w.])({_NUMBER})(?:\s?(?:–|-|to)\s?({_NUMBER}))?\s?({UNIT_PATTERN}|hours?|minutes?|days?|ml|[uµ]l|×g)(?!\w)")


def lint_template(tree: nodes.Template, parts: list[nodes.Node], name: str, bibliography: Mapping[str, object]) -> None:
    """Raise ProtocolError for an amount typed into the text, a reference that is not there, words outside any step, a name of the engine's own."""
    for text in parts:
        if not isinstance(text, nodes.TemplateData):
            continue
        _reject_typed_amount(text.data, text.lineno, name)
        for note in CITATION_MARK.finditer(text.data):
            with locate_errors(name, text.lineno + text.data[: note.start()].count("\n")):
                check_known(note[1], bibliography, f"no reference {note[1]!r}", "references")
    for output in parts:
        for part in output.nodes if isinstance(output, nodes.Output) else ():
            if isinstance(part, nodes.Const) and isinstance(part.value, str):
                _reject_typed_amount(part.value, part.lineno, name)
    for word in parts:
        if isinstance(word, nodes.Name) and (word.name.startswith("_") or word.name in ("self", "varargs", "kwargs")):
            raise ProtocolError(f"{word.name!r} is undefined", "a name begins with a letter", name, word.lineno)
    if name == TEMPLATE_FILE:
        _reject_stray_text(tree.body)


def _reject_typed_amount(content: str, line: int, name: str) -> None:
    match = _AMOUNT.search(content)
    if not match:
        return
    first, second = ((part or "").replace(" ", "").replace("\u202f", "") for part in match.groups()[:2])
    unit = match[3]
    hint = f'write {{{{ q("{first} {unit}") }}}}' + (f' to {{{{ q("{second} {unit}") }}}}' if second else "")
    raise ProtocolError(f"{match[0]!r} is typed into the prose, where nothing checks it", hint, name, line + content[: match.start()].count("\n"))


def _reject_stray_text(body: list[nodes.Node]) -> None:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData) and part.data.strip():
                    line = part.lineno + part.data[: len(part.data) - len(part.data.lstrip())].count("\n")
                    excerpt = part.data.strip().split("\n")[0][:40]
                    raise ProtocolError(f"{excerpt!r} stands outside any step", "put it between {% step %} and {% endstep %}", TEMPLATE_FILE, line)
        elif isinstance(node, nodes.If | nodes.For | nodes.With | nodes.Scope):
            inner = [*node.body, *getattr(node, "else_", []), *getattr(node, "elif_", [])]
            _reject_stray_text(inner)


_TAGS = ("step", "endstep", "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "from", "import", "raw", "endraw")
_TAG = compile_when_used(r"\{%-?\s*(\w+)")


def explain_syntax_error(message: str, line: int, text: str, filters: tuple[str, ...]) -> tuple[str, str, int]:
    """Return message, hint and line for a syntax error that Jinja's parser found in *text*."""
    message, _, hint = message.partition("\n")
    if match := re.search(r"No filter named '(\w+)'", message):
        return f"no filter named {match[1]!r}", suggest(match[1], filters, "filters"), line
    if "end of template" in message.lower() or "nexpected end" in message:
        open_tags = _find_open_tags(text)
        if open_tags:
            word, at = open_tags[-1]
            what = "this step" if word == "step" else f"this {word!r}"
            return f"{what} is never closed", f"write {{% end{word} %}} after its last line", at
    if match := re.search(r"unknown tag '(\w+)'", message):
        word = match[1]
        open_tags = _find_open_tags("\n".join(text.splitlines()[: line - 1]))
        if word.startswith("end") and open_tags:
            return f"{word!r} comes while {open_tags[-1][0]!r} is open", f"close it with {{% end{open_tags[-1][0]} %}} first", line
        return f"there is no tag {word!r}", suggest(word, _TAGS, "tags"), line
    if message.startswith("a step has no title"):
        return "a step has no title", 'write {% step "Title" %}', line
    plain = message[:1].lower() + message[1:].rstrip(".")
    plain = plain.replace("expected token", "expected").replace("'end of print statement'", "'}}'").replace("'end of statement block'", "'%}'")
    return plain, hint or "look at this line and the one above it", line


def _find_open_tags(text: str) -> list[tuple[str, int]]:
    """Return the tags of *text* that are not closed, each with its line."""
    stack: list[tuple[str, int]] = []
    for number, line_text in enumerate(text.splitlines(), 1):
        for tag in _TAG.findall(line_text):
            if tag in ("step", "if", "for", "macro", "raw") or tag == "set" and "=" not in line_text:
                stack.append((tag, number))
            elif tag.startswith("end") and stack and stack[-1][0] == tag[3:]:
                stack.pop()
    return stack
