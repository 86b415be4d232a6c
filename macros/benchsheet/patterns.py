"""Regular expressions that are compiled when they are first used.

A sheet needs few of those that the modules on its way name, and to compile all of them took a seventh of a cold render.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    compile_when_used = re.compile
else:

    def compile_when_used(text: str, flags: int = 0) -> Any:
        """Return what does as ``re.compile(text, flags)``, which raises an error of *text* at the first use."""
        return _LatePattern(text, flags)


class _LatePattern:
    """The attributes of one compiled pattern, each fetched once."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
