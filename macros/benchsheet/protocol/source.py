"""The files of one protocol, as text; whoever reads them from a disk says how to reach the protocols beside it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import ProtocolError

TEMPLATE = "protocol.md.j2"


def _alone(name: str) -> Source:
    raise ProtocolError(f"no protocol {name!r}", "protocols: none")


@dataclass(frozen=True, eq=False)
class Source:
    """The files of one protocol, as text: its own by name, those it shares by name; *folder* is how messages call it.

    *beside* returns the files of another protocol by its name, and is asked only by one that uses another.
    """

    id: str
    folder: str
    files: Mapping[str, str]
    shared: Mapping[str, str]
    shared_folder: str = "protocols/_shared"
    beside: Callable[[str], Source] = field(default=_alone)

    @functools.cached_property
    def kept(self) -> dict[str, Any]:
        """What was made of these files; it lives as long as they do, and is not a part of a copy."""
        return {}

    def name(self, file: str) -> str:
        """Return how messages call *file*."""
        return f"{self.folder}/{file}" if file in self.files else f"{self.shared_folder}/{file}"
