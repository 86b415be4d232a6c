"""The engine and the libraries that it needs as one zip, for a Python that has nothing else."""

from __future__ import annotations

import zipfile
from importlib.metadata import files
from pathlib import Path

LIBRARIES = (
    "jinja2", "markupsafe", "pyyaml", "markdown-it-py", "mdurl", "qrcodegen", "pint", "flexparser", "flexcache", "platformdirs",
    "typing_extensions", "tzdata", "icalendar", "python-dateutil", "six",
)  # fmt: skip
LEFT_OUT = ("benchsheet/site/", "benchsheet/formats/pdf/", "benchsheet/protocols/_template/")


def pack_engine(wheel: Path, target: Path) -> None:
    """Write *target*: what of the *wheel* a page needs, and the libraries of this environment, without what is compiled for this machine."""
    with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(target, "w") as pack:
        for name in archive.namelist():
            if not name.startswith(LEFT_OUT) and "/cases/" not in name:
                pack.writestr(name, archive.read(name))
        for library in LIBRARIES:
            for path in files(library) or ():
                if path.suffix not in (".pyc", ".so", ".c", ".pyi") and ".." not in path.parts:
                    pack.writestr(path.as_posix(), path.read_binary())
