"""What Jinja says of a template that it cannot read, in words of its author: which tag, where it began, how to close it."""

from __future__ import annotations

import re

from ..errors import suggest

_TAGS = ("step", "endstep", "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "from", "import", "raw", "endraw")
_TAG = re.compile(r"\{%-?\s*(\w+)")


def explain_syntax_error(message: str, line: int, text: str, filters: tuple[str, ...]) -> tuple[str, str, int]:
    """Return message, hint and line for what Jinja's parser said of *text*."""
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
