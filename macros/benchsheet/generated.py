"""The products of the build of a wheel: parsed YAML, compiled templates and expressions, each found by a hash of everything that decides it.

A checkout and an editable install have none. A product that is not found is made from its source, so it cannot be out of date.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from types import CodeType
from typing import Any

PACKAGE = f"{__package__}._generated"


@functools.cache
def names() -> frozenset[str]:
    """Return the names of all products; an empty set if the package was not built into a wheel."""
    try:
        return frozenset(import_module(PACKAGE).NAMES)
    except ModuleNotFoundError:
        return frozenset()


def key(*parts: object) -> str:
    """Return the SHA-256 of *parts*, plain data in a fixed order: the first 32 hex digits, since some systems bound the length of a path."""
    whole = hashlib.sha256()
    for part in parts:
        data = (part if isinstance(part, str) else json.dumps(part, separators=(",", ":"))).encode("utf-8", "surrogatepass")
        whole.update(b"%s %d " % (type(part).__name__.encode(), len(data)))  # so that no two lists of parts are one text
        whole.update(data)
    return whole.hexdigest()[:32]


@functools.cache
def code_hash(*modules: str) -> str:
    """Return the hash of the source of *modules* of this package, as it stands now; raise FileNotFoundError for one that is not there."""
    return key(*(hashlib.sha256(read_data(__package__, f"{module.partition('.')[2].replace('.', '/')}.py")).hexdigest() for module in modules))


def tree(made_from: str) -> tuple[Any, Sequence[int]] | None:
    """Return a YAML file as plain data, and the line of each of its parts; None if there is no product of that key."""
    code = _load_code(f"y_{made_from}")
    if code is None:
        return None
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - two constants; as a module it would stay in memory
    return found["DATA"], found["LINES"]


def template(made_from: str, filename: str) -> CodeType | None:
    """Return the code of a template, with *filename* as where it is from; None if there is no product of that key."""
    code = _load_code(f"t_{made_from}")
    return None if code is None else code.replace(co_filename=filename)


def _load_code(name: str) -> CodeType | None:
    """Return the code of the module *name* of the products, which is not imported; None if there is none."""
    if f"{name}.py" not in names():
        return None
    from importlib.util import find_spec

    spec: Any = find_spec(f"{PACKAGE}.{name}")
    code: CodeType = spec.loader.get_code(spec.name)
    return code


def expressions(made_from: str) -> dict[str, Any]:
    """Return what was read of each expression of a protocol, by its text; nothing if there is no product of that key."""
    name = f"x_{made_from}"
    found: dict[str, Any] = import_module(f"{PACKAGE}.{name}").EXPRESSIONS if f"{name}.py" in names() else {}
    return found


def read_data(package: str, name: str) -> bytes:
    """Return the bytes of the file *name* beside the __init__ of a *package*."""
    holder: Any = sys.modules[package]
    data: bytes = holder.__spec__.loader.get_data(f"{holder.__path__[0]}/{name}")
    return data
