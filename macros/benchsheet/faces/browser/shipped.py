"""The script and the styles that go into every sheet for a browser; they stand beside this module as files of their own.

``sheet.css`` is for a screen: boxes large enough for a glove, light or dark, and never colour as the only sign of anything. ``print.css`` is
for paper: two columns, no type of less than 9 pt, no step broken across pages; its words that begin with ``$`` are filled in. ``sheet.js``
keeps what is filled in, clears it, and hands it out as JSON. It sends nothing anywhere, and says so where the browser keeps nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources


@functools.cache
def _text(name: str) -> str:
    """Return the file *name* as it stands in a page, where it begins on a line of its own."""
    return "\n" + resources.files(__package__).joinpath(name).read_text("utf-8")


def script() -> str:
    """Return what a sheet does in a browser."""
    return _text("sheet.js")


def style(words: Mapping[str, str]) -> str:
    """Return how a sheet looks on a screen and on paper; *words* says what stands for each ``$name`` of the paper's style."""
    printed = functools.reduce(lambda page, each: page.replace(*each), words.items(), _text("print.css"))
    return _text("sheet.css") + printed
