"""The small Markdown of step prose: how words that are not the author's are written into it."""

from __future__ import annotations

import re

_MARKDOWN_CHARACTERS = re.compile(r"([\\`*_{}\[\]<>|&#~^!])")


def escape_markdown(text: str) -> str:
    """Return *text* so that Markdown reads them as words: a compound may be called ``*`` or ``<b>``."""
    return text if text.isalnum() else _MARKDOWN_CHARACTERS.sub(r"\\\1", text)
