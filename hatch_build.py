"""Build hooks: the project's addresses, and in standard wheels protocols, the engine's hash and what can be made beforehand.

An editable install reads all files from the tree. A copy beside it would go stale without a word.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ENGINE_FILE = "engine.txt"
SUFFIXES = frozenset({".css", ".html", ".js", ".json", ".py", ".txt", ".typ", ".xml", ".yml"})


def engine_hash(folder: Path) -> str:
    """Return the SHA-256, in hex, of the engine's own source files below *folder*.

    Every file counts by its path and its text, the text in one Unicode form and with one kind of line end,
    so that the hash is the same on every system. `benchsheet.record.identity.hash_engine` does the same;
    it is written twice because this process must not import the package. A test holds the two together.
    """
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES and path.is_file() and "__pycache__" not in path.relative_to(folder).parts
    }
    files.pop(ENGINE_FILE, None)  # it holds the result
    total = hashlib.sha256()
    for name in sorted(files):
        text = files[name].read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        content = unicodedata.normalize("NFC", text).encode("utf-8")
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def products(macros: Path) -> dict[str, str]:
    """Return the files of `benchsheet/_generated/` by name, made by the package in *macros* in a process of its own.

    Raise RuntimeError with what that process said if it fails.
    """
    path = os.pathsep.join(filter(None, (str(macros), os.environ.get("PYTHONPATH", ""))))
    told = os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-B", "-m", "benchsheet.products"]  # -B: nothing is written into the tree
    done = subprocess.run(command, cwd=macros, env=told, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise RuntimeError(f"templates and YAML files could not be made ready:\n{done.stderr}")
    made: dict[str, str] = json.loads(done.stdout)
    return made


def find_addresses(root: Path) -> dict[str, str]:
    """Return the project's addresses by their label in the metadata, as CITATION.cff in *root* has them; without one there is no link."""
    cited = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    labels = {"Repository": "repository-code", "Documentation": "url"}
    return {label: cited[key] for label, key in labels.items() if cited.get(key)}


class AddressesHook(MetadataHookInterface):
    """Writes the addresses of CITATION.cff into the metadata."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add them to *metadata*, if there are any."""
        metadata["urls"] = find_addresses(Path(self.root))


class ProtocolsHook(BuildHookInterface[BuilderConfig]):
    """Adds `benchsheet/protocols/`, `benchsheet/engine.txt` and `benchsheet/_generated/` to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to add; *version* is the kind of wheel, `standard` or `editable`."""
        if version == "editable":
            return
        root = Path(self.root)
        self._made = tempfile.TemporaryDirectory(prefix="benchsheet-build-")
        engine = Path(self._made.name, ENGINE_FILE)
        engine.write_text(engine_hash(root / "macros" / "benchsheet") + "\n", encoding="utf-8", newline="\n")
        build_data["force_include"][str(engine)] = f"benchsheet/{ENGINE_FILE}"
        build_data["force_include"][str(root / "protocols")] = "benchsheet/protocols"
        for name, text in products(root / "macros").items():
            made = Path(self._made.name, name)
            made.write_text(text, encoding="utf-8", newline="\n")
            build_data["force_include"][str(made)] = f"benchsheet/_generated/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what `initialize` made."""
        if version != "editable":
            self._made.cleanup()
