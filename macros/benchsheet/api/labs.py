"""The lab of a sheet: the one that the package knows, or a profile in a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .. import lab as own_lab
from .. import library
from .._dataclass import dataclass
from ..errors import ProtocolError, option_flag
from ..lab import example_profile

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Lab", "example_profile", "find_mistakes", "take_lab"]


@dataclass(frozen=True, kw_only=True)
class Lab:
    """What one laboratory has: its pipettes, labware, stocks and working hours. Hand it to `render` to make a sheet for it."""

    profile: own_lab.Lab

    @classmethod
    def load(cls, path: str | Path) -> Lab:
        """Return the lab of the profile in the file *path*; raise ProtocolError for all mistakes in it."""
        if not str(path).strip():
            raise ProtocolError("'' names no file", "give the lab's profile", option_flag("lab"))
        return cls(profile=library.load_lab(path))

    @classmethod
    def default(cls) -> Lab:
        """Return the lab that is taken where none is named."""
        return cls(profile=own_lab.default_lab())

    def __repr__(self) -> str:
        return f"<Lab: {self.profile.name}>"

    @property
    def file(self) -> str:
        """Return the file of the profile; empty for the default lab."""
        return self.profile.file

    @property
    def paper(self) -> str:
        """Return the paper on which this lab prints."""
        return self.profile.paper


def find_mistakes(path: Path) -> list[ProtocolError]:
    """Return all mistakes in the profile *path*; raise ProtocolError if it cannot be read at all."""
    library.load_text(path)
    try:
        library.load_lab(path)
    except ProtocolError as error:
        return error.parts
    return []


def take_lab(lab: str | Path | Lab | None) -> own_lab.Lab:
    """Return the lab that is given, or that of a file, or the default one."""
    if lab is None:
        return own_lab.default_lab()
    if not isinstance(lab, str | os.PathLike | Lab):
        raise ProtocolError(f"a {type(lab).__name__} is not a lab", "give the file of a profile, or bs.Lab.load(file)")
    return lab.profile if isinstance(lab, Lab) else Lab.load(lab).profile
