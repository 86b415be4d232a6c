"""The hashes that identify a sheet: its run, its inputs, the engine that made it, and the seal over its figures.

What a person fills in is stored under the run, which stays the same in a new version. A citation names the inputs (the digest). Equal seals
mean equal figures, whichever engine made them. The engine's build is the key of a cache.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import ProtocolError, option_flag
from ..patterns import compile_when_used

if TYPE_CHECKING:
    from pathlib import Path

    from .types import Identity

SUFFIXES = (".py", ".txt", ".yml", ".json", ".typ", ".js", ".css", ".html", ".xml")
ENGINE_FILE = "engine.txt"
UNSEALED = frozenset({"seal", "identity"})  # entries of a Record outside its seal
LONGEST_NAME = 100  # letters of what a run is called
DIGITS = 16  # hex digits of a SHA-256 that are shown


def hash_engine(folder: Path) -> str:
    """Return the SHA-256 of the engine's own files in *folder*; a wheel carries it ready-made in ``engine.txt``."""
    found = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file()}
    for name in sorted(files):
        if name == ENGINE_FILE or "__pycache__" in name or name.startswith("protocols/"):
            continue
        _update_hash(found, name, normalize(files[name].read_text("utf-8")))
    return found.hexdigest()


@functools.cache
def engine_digest() -> str:
    """Return this engine's hash, as the wheel carries it or from the files of a checkout."""
    here = os.path.dirname(os.path.dirname(__file__))
    try:
        with open(os.path.join(here, ENGINE_FILE), encoding="utf-8") as written:
            return written.read().strip()
    except FileNotFoundError:
        from pathlib import Path

        return hash_engine(Path(here))


def engine_build() -> str:
    """Return the first 16 hex digits of this engine's hash, which changes with any change of its files, even of a comment."""
    return engine_digest()[:DIGITS]


def normalize(text: str) -> str:
    """Return *text* as it is hashed: in Unicode NFC, with LF line ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _update_hash(total: Any, name: str, text: str) -> None:
    """Add a named text to a hash, with its length, so that no two lists of texts give the same bytes."""
    data = text.encode()
    total.update(f"{name}\0{len(data)}\0".encode() + data)


@functools.lru_cache(maxsize=32)
def _hash_sources(files: tuple[tuple[str, str], ...]) -> bytes:
    """Return the hash of the source files, which are the same for all values."""
    found = hashlib.sha256()
    for name, text in sorted(files):
        _update_hash(found, name, normalize(text))
    return found.digest()


def inputs_digest(files: Iterable[tuple[str, str]], values: Mapping[str, str], lab: str, start: str) -> str:
    """Return the first 16 hex digits of a SHA-256 over the source files, all values in order, the lab profile and the start."""
    found = hashlib.sha256(_hash_sources(tuple(files)))
    for name, text in (*values.items(), ("lab", lab), ("start", start)):
        _update_hash(found, name, text)
    return found.hexdigest()[:DIGITS]


def run_key(protocol: str, given: Mapping[str, str], day: str) -> str:
    """Return the first 16 hex digits of a SHA-256 over the protocol's name, the *given* values, and the first *day* of the run.

    *given* has the canonical text of the values that a person gave: neither a default nor a file changes the key.
    """
    found = hashlib.sha256()
    _update_hash(found, "protocol", protocol)
    for name, text in sorted(given.items()):
        _update_hash(found, f"--{name}", normalize(text))
    _update_hash(found, "day", day)
    return found.hexdigest()[:DIGITS]


def name_run(identity: Identity, name: str) -> None:
    """Call a run *name*: what is filled in for it is kept apart from that of a run with the same values and another name.

    Raise ProtocolError for a name that does not fit on one line, or has what cannot be printed.
    """
    if not name.isprintable():
        raise ProtocolError(f"{name[:20]!r} has a line end or another sign that cannot be printed", "leave it out", option_flag("name"))
    if len(name) > LONGEST_NAME:
        raise ProtocolError(f"{name[:20]!r}... has {len(name)} letters", f"at most {LONGEST_NAME} stand in a title", option_flag("name"))
    identity["run"] = hashlib.sha256(f"{identity['run']} {normalize(name)}".encode()).hexdigest()[:DIGITS]
    identity["name"] = name


def build_identity(run: str, digest: str) -> Identity:
    """Return the entry ``identity`` of a Record."""
    return {"run": run, "inputs": digest, "engine": {"version": __version__, "build": engine_build()}}


def content_digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 over a Record as JSON: UTF-8, keys sorted, no spaces, non-ASCII characters not escaped.

    Outside it are the `UNSEALED` entries, and the file and line of a step and of its operations.
    """
    parts = (f"{_encode_json(key)}:{_encode_entry(key, value)}" for key, value in sorted(document.items()) if key not in UNSEALED)
    return hashlib.sha256(f"{{{','.join(parts)}}}".encode()).hexdigest()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _encode_json(value: Any) -> str:
    """Return JSON with its numbers as plain decimals: Python writes an exponent below 0.0001."""
    text = _encode(value)
    if not any(mark in text for mark in ("e-0", "e-1", "e-2")):
        return text
    return _TEXT_OR_POWER.sub(lambda found: f"{Decimal(found[1]):f}" if found[1] else found[0], text)


_TEXT_OR_POWER = compile_when_used(r'"(?:[^"\\]|\\.)*"|(-?\d(?:\.\d+)?e-\d+)')


def _encode_entry(key: str, value: Any) -> str:
    if key == "steps":
        value = [{**_without_location(step), "operations": [_without_location(operation) for operation in step["operations"]]} for step in value]
    return _encode_json(value)


def _without_location(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "location"}
