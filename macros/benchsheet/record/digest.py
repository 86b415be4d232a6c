"""What identifies a sheet: a digest of all that decided it, and a seal over the sheet itself."""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SUFFIXES = (".py", ".txt", ".yml", ".json", ".typ", ".js", ".css")
WRITTEN = "engine.txt"


def engine_hash(folder: Path) -> str:
    """Return the SHA-256 of the engine's own files in *folder*; a wheel carries it ready-made in ``engine.txt``."""
    found = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file()}
    for name in sorted(files):
        if name == WRITTEN or "__pycache__" in name or name.startswith("protocols/"):
            continue
        data = normal(files[name].read_text("utf-8")).encode()
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


@functools.cache
def engine() -> str:
    """Return this engine's hash, as the wheel carries it or from the files of a checkout."""
    here = Path(__file__).parent.parent
    written = here / WRITTEN
    return written.read_text("utf-8").strip() if written.is_file() else engine_hash(here)


def normal(text: str) -> str:
    """Return *text* as it is hashed: NFC, line ends as LF."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


@functools.lru_cache(maxsize=32)
def _sources(files: tuple[tuple[str, str], ...]) -> bytes:
    """Return the part of the digest that no value changes."""
    found = hashlib.sha256()
    for name, text in sorted(files):
        data = normal(text).encode()
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.digest()


def digest(files: Iterable[tuple[str, str]], values: Mapping[str, str], lab: str, start: str) -> str:
    """Return the first 16 hex digits of a SHA-256 over engine, sources, values in their order, lab profile, and start."""
    found = hashlib.sha256(engine().encode() + _sources(tuple(files)))
    for name, text in (*values.items(), ("lab", lab), ("start", start)):
        data = text.encode()
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()[:16]


def seal(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 over the record's JSON without its seal: UTF-8, keys sorted, no spaces, non-ASCII as it is."""
    parts = (f"{_encoded(key)}:{_plates(value) if key == 'plates' else _encoded(value)}" for key, value in sorted(document.items()) if key != "seal")
    return hashlib.sha256(f"{{{','.join(parts)}}}".encode()).hexdigest()


_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _plates(plates: list[dict[str, Any]]) -> str:
    """Encode plate maps: the wells of a group are one and the same entry, so each is encoded once."""
    known: dict[int, str] = {}
    found = []
    for plate in plates:
        wells = plate["wells"]
        for spot in wells.values():
            if id(spot) not in known:
                known[id(spot)] = _encoded(spot)
        laid = ",".join(f'"{well}":{known[id(spot)]}' for well, spot in sorted(wells.items()))
        parts = (f"{_encoded(key)}:{f'{{{laid}}}' if key == 'wells' else _encoded(value)}" for key, value in sorted(plate.items()))
        found.append(f"{{{','.join(parts)}}}")
    return f"[{','.join(found)}]"
