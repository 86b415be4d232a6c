"""The files of one protocol, as text, and a function that loads the protocols beside it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import ProtocolError

TEMPLATE_FILE = "protocol.md.j2"


def _no_siblings(name: str) -> Source:
    raise ProtocolError(f"no protocol {name!r}", "protocols: none")


@dataclass(frozen=True, eq=False, kw_only=True)
class Source:
    """The files of one protocol, as text: its own by name, those it shares by name; *folder* is how messages call it.

    *load_sibling* returns the files of another protocol by its name, and is asked only by one that uses another. *called* is what finds it on
    the command line, where its id alone would find another one.
    """

    id: str
    folder: str
    files: Mapping[str, str]
    shared_files: Mapping[str, str]
    shared_folder: str = "protocols/_shared"
    load_sibling: Callable[[str], Source] = field(default=_no_siblings)
    called: str = ""

    @functools.cached_property
    def cache(self) -> dict[str, Any]:
        """Return the cache of values made from these files; a copy of this source begins with an empty one."""
        return {}

    def display_path(self, file: str) -> str:
        """Return how messages call *file*."""
        return f"{self.folder}/{file}" if file in self.files else f"{self.shared_folder}/{file}"
