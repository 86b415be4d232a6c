"""The scripts and styles of every sheet for a browser, which are files beside this module.

``sheet.css`` is for a screen: checkboxes large enough for a gloved finger, light and dark mode, and no meaning in colour alone. ``print.css``
is for paper: two columns, type of at least 9 pt, no step broken across pages. The scripts find each field again (``fields.js``), store what is
filled in for each version of a run (``storage.js``), show what was filled in on another version (``earlier.js``), and export it (``sheet.js``).
They send nothing anywhere.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

from ...patterns import compile_when_used

SCRIPTS = ("fields.js", "storage.js", "earlier.js", "sheet.js")  # each imports from those before it
_MODULE = compile_when_used(r"^import [^;]*;\n+|^export (?=const |let )", re.MULTILINE)


@functools.cache
def _text(name: str) -> str:
    """Return the text of the file *name*, with a line end before it."""
    return "\n" + resources.files(__package__).joinpath(name).read_text("utf-8")


@functools.cache
def script() -> str:
    """Return the scripts of a sheet as one block, whose names are not visible to other scripts of the page.

    Imports and exports are left out: the block has all names, and a page opened from a folder cannot load modules.
    """
    return f'\n"use strict";\n{{{"".join(_MODULE.sub("", _text(name)) for name in SCRIPTS)}}}\n'


def style(size: str, room: str, title: str, digest: str) -> str:
    """Return the styles of a sheet, for a screen and for paper of *size*.

    *room* is the height of the field for deviations; *title* and *digest*, as CSS strings, stand above each printed page.
    """
    page = f"@page {{ size: {size}; @top-left {{ content: {title}; }} @top-right {{ content: {digest}; }} }}\n:root {{ --room: {room}; }}\n"
    return _text("sheet.css") + _text("print.css") + page
