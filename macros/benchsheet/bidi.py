"""Signs that turn the words after them round, or hide where they end: a sheet shows them by their number; refuses nothing."""

from __future__ import annotations

import re

BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def show_bidi_controls(words: str) -> str:
    """Return *words* in which no figure stands the wrong way round: ``[U+202E]``."""
    return BIDI_CONTROLS.sub(lambda match: f"[U+{ord(match[0]):04X}]", words)
