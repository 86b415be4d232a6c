"""The script and the styles that go into every sheet for a browser; they stand beside this module as files of their own.

``sheet.css`` is for a screen: boxes large enough for a glove, light or dark, and never colour as the only sign of anything. ``print.css`` is
for paper: two columns, no type of less than 9 pt, no step broken across pages. The script knows each box and blank again (``fields.js``),
keeps what is filled in for each version of a run (``storage.js``), shows what was filled in on another version (``earlier.js``), and hands
all of it out (``sheet.js``). It sends nothing anywhere.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

SCRIPTS = ("fields.js", "storage.js", "earlier.js", "sheet.js")  # each imports from those before it
_MODULE = re.compile(r"^import [^;]*;\n+|^export (?=const |let )", re.MULTILINE)


@functools.cache
def _text(name: str) -> str:
    """Return the file *name* as it stands in a page, where it begins on a line of its own."""
    return "\n" + resources.files(__package__).joinpath(name).read_text("utf-8")


@functools.cache
def script() -> str:
    """Return what a sheet does in a browser: its files as one block, whose names no other script of a page can meet.

    Within the block each name is known, so that what the files import and export is left out: a page opened from a folder loads no module.
    """
    return f'\n"use strict";\n{{{"".join(_MODULE.sub("", _text(name)) for name in SCRIPTS)}}}\n'


def style(size: str, room: str, title: str, digest: str) -> str:
    """Return how a sheet looks on a screen and on paper.

    The paper has a *size*, and a *room* of that height for deviations; *title* and *digest*, as strings of CSS, stand above each page.
    """
    page = f"@page {{ size: {size}; @top-left {{ content: {title}; }} @top-right {{ content: {digest}; }} }}\n:root {{ --room: {room}; }}\n"
    return _text("sheet.css") + _text("print.css") + page
