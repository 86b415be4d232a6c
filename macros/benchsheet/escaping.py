"""The small Markdown of step prose: how words that are not the author's are written into it."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|&#~^!])")


def escaped(words: str) -> str:
    """Return *words* so that Markdown reads them as words: a compound may be called ``*`` or ``<b>``."""
    return words if words.isalnum() else _SIGNS.sub(r"\\\1", words)
