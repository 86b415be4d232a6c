"""The script and the styles that go into every sheet for a browser; they stand beside this module as files of their own.

``sheet.css`` is for a screen: boxes large enough for a glove, light or dark, and never colour as the only sign of anything. ``print.css`` is
for paper: two columns, no type of less than 9 pt, no step broken across pages; its words that begin with ``$`` are filled in. The script knows
each box and blank again (``fields.js``), keeps what is filled in for each version of a run (``storage.js``), shows what was filled in on
another version (``earlier.js``), and hands all of it out (``sheet.js``). It sends nothing anywhere.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

SCRIPTS = ("fields.js", "storage.js", "earlier.js", "sheet.js")  # each uses the names of those before it


@functools.cache
def _text(name: str) -> str:
    """Return the file *name* as it stands in a page, where it begins on a line of its own."""
    return "\n" + resources.files(__package__).joinpath(name).read_text("utf-8")


@functools.cache
def script() -> str:
    """Return what a sheet does in a browser: its files as one block, whose names no other script of a page can meet."""
    return f'\n"use strict";\n{{{"".join(map(_text, SCRIPTS))}}}\n'


def style(words: Mapping[str, str]) -> str:
    """Return how a sheet looks on a screen and on paper; *words* says what stands for each ``$name`` of the paper's style."""
    printed = functools.reduce(lambda page, each: page.replace(*each), words.items(), _text("print.css"))
    return _text("sheet.css") + printed
