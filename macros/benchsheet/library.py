"""The only reader of files for a render: protocols in their folders, the files that they share, and lab profiles."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .errors import ProtocolError, check_known, refuse_os_errors, suggest

if TYPE_CHECKING:  # a list of protocols does not wait for the calculator
    from .lab import Lab
    from .protocol.source import Source

SHARED_FOLDER = "_shared"
PACKAGED = "@packaged"  # behind a name: the protocol of this library, whatever is nearer
_SOURCE_SUFFIXES = (".yml", ".j2", ".bib")
MAX_BYTES = 2_000_000


def protocols_folder() -> str:
    """Return the folder of the protocols: beside the package in a wheel, at the root of a checkout."""
    here = os.path.dirname(__file__)
    bundled = f"{here}/protocols"
    return bundled if os.path.isdir(bundled) else f"{os.path.dirname(os.path.dirname(here))}/protocols"


def protocol_ids() -> list[str]:
    """Return the names of all protocols: every folder with a protocol.yml."""
    return _list_protocols(protocols_folder())


def _list_protocols(folder: str) -> list[str]:
    """Return the name of each folder in *folder* that holds a protocol.yml; in ``_shared`` and the like there is none."""
    try:
        names = os.listdir(folder)
    except OSError:  # what nobody may read holds nothing for us
        return []
    return sorted(name for name in names if name[0] not in "_." and is_protocol(f"{folder}/{name}"))


def is_protocol(folder: str) -> bool:
    """Return whether *folder* holds a protocol.yml."""
    return os.path.isfile(f"{folder}/protocol.yml")


@functools.lru_cache(maxsize=64)
def load_source(name: str) -> Source:
    """Return the files of the protocol *name*; raise ProtocolError if there is none."""
    if name not in protocol_ids():
        raise ProtocolError(f"no protocol {name!r}", suggest(name, known_ids(), "protocols"))
    return load_folder(f"{protocols_folder()}/{name}", f"protocols/{name}")


def find_source(what: str) -> Source:
    """Return the protocol called *what*; raise ProtocolError if there is none.

    A path (``./srb``, ``../x/elisa``) is that folder. A name is the nearest: the folder of that name here, then one in the ``protocols/`` of
    this folder or of the nearest one above it that has any, then the packaged one; ``srb@packaged`` is always that.
    """
    from ._dataclass import replace

    if what.endswith(PACKAGED):
        return replace(load_source(what.removesuffix(PACKAGED)), called=what)
    is_path = "/" in what or "\\" in what or what in (".", "..")
    what = _tidy(what) if what else ""
    if is_path and "/" not in what and what not in (".", "..") and what not in protocol_ids():
        is_path = False  # ./elisa, where no other one is meant
    path = what if is_path else _find_own(what)
    if not path:
        return load_source(what)
    if _is_packaged(path):
        return load_source(os.path.basename(os.path.realpath(path)))
    source = load_folder(os.path.realpath(path) if os.path.basename(path) in (".", "..") else path)
    if not is_path and source.id not in protocol_ids():
        return source
    return replace(source, called=path if "/" in path else f"./{path}")


def _tidy(path: str) -> str:
    """Return *path* without single dots and double strokes, its parts parted by ``/``, since this is how it is printed."""
    plain = path.replace(os.sep, "/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    return ("/" if plain.startswith("/") else "") + "/".join(parts) or "."


def _is_packaged(path: str) -> bool:
    """Return whether *path* is the folder of a protocol of this library, under whatever name."""
    home, name = os.path.split(os.path.realpath(path))
    return home == os.path.realpath(protocols_folder()) and name in protocol_ids()


def _find_own(name: str) -> str:
    """Return the nearest folder of the user's protocol *name*; "" if there is none."""
    if is_protocol(name) or name != "." and os.path.isdir(name) and name not in protocol_ids():
        return name
    folder = _own_folder()
    return f"{folder}/{name}" if folder and is_protocol(f"{folder}/{name}") else ""


def _own_folder() -> str:
    """Return the ``protocols/`` of this folder, or of the nearest one above it, that holds a protocol; "" if there is none."""
    above = os.getcwd().replace(os.sep, "/").rstrip("/")
    for depth in range(above.count("/") + 1):
        folder = "../" * depth + "protocols"
        if os.path.isdir(folder) and _list_protocols(folder):
            return folder
    return ""


def own_protocols() -> dict[str, str]:
    """Return the folders of the user's protocols by name: those of the nearest ``protocols/``, and those that stand here, which are nearer."""
    folder = _own_folder()
    found = {name: f"{folder}/{name}" for name in (_list_protocols(folder) if folder else ())} | {name: name for name in _list_protocols(".")}
    return {name: path for name, path in found.items() if not _is_packaged(path)}


def list_folders() -> dict[str, str]:
    """Return the folder of each protocol by the name that finds it, the user's own first; one that such a one hides is ``srb@packaged``."""
    own = own_protocols()
    return own | {f"{name}{PACKAGED}" if name in own else name: f"{protocols_folder()}/{name}" for name in protocol_ids()}


def known_ids() -> list[str]:
    """Return the names of all protocols, the user's own first."""
    return list(dict.fromkeys([*own_protocols(), *protocol_ids()]))


def load_all_sources() -> dict[str, Source]:
    """Return the files of every protocol of this library by its name, as they are now."""
    from .protocol.source import Source

    sources: dict[str, Source] = {}

    def beside(name: str) -> Source:
        check_known(name, sources, f"no protocol {name!r}", "protocols")
        return sources[name]

    common = load_shared_files()
    for name in protocol_ids():
        sources[name] = Source(
            id=name,
            folder=f"protocols/{name}",
            files=dict(_text_files(f"{protocols_folder()}/{name}")),
            shared_files=common,
            shared_folder=f"protocols/{SHARED_FOLDER}",
            load_sibling=beside,
        )
    return sources


def load_shared_files() -> dict[str, str]:
    """Return the files that the protocols of this library share, as they are now."""
    return dict(_text_files(f"{protocols_folder()}/{SHARED_FOLDER}"))


def protocol_schema() -> str:
    """Return the JSON schema of protocol.yml as text."""
    return load_text(f"{os.path.dirname(__file__)}/protocol/protocol.schema.json")


def load_folder(path: str | os.PathLike[str], label: str = "") -> Source:
    """Return the files of the protocol in the folder *path*, with what the folder beside it shares, or else this library."""
    from .protocol.source import Source

    folder = _tidy(os.fspath(path))
    if not os.path.isdir(folder):
        raise ProtocolError("there is no such folder", "give the folder that holds protocol.yml", folder)
    above, name = os.path.split(folder)
    parent = above or "."
    beside = f"{parent}/{SHARED_FOLDER}"
    shared_folder = beside if os.path.isdir(beside) else f"{protocols_folder()}/{SHARED_FOLDER}"
    own = dict(_text_files(folder))
    around = label.rpartition("/")[0] or parent
    return Source(
        id=name,
        folder=label or folder,
        files=own,
        shared_files=dict(_text_files(shared_folder)),
        shared_folder=f"{around}/{SHARED_FOLDER}",
        load_sibling=functools.partial(_load_sibling, parent, around),
    )


def _load_sibling(around: str, label: str, name: str) -> Source:
    """Return the protocol *name* in the folder *around*, or else of this library; raise ProtocolError if there is none."""
    if is_protocol(f"{around}/{name}"):
        is_packaged = around == _tidy(os.fspath(protocols_folder()))
        return load_source(name) if is_packaged else load_folder(f"{around}/{name}", f"{label}/{name}")
    if name in protocol_ids():
        return load_source(name)
    raise ProtocolError(f"no protocol {name!r}", suggest(name, [*_list_protocols(around), *protocol_ids()], "protocols"))


def head(text: str) -> str:
    """Return the part of a protocol.yml above its parameters, which is all that ``list`` needs to parse."""
    return re.split(r"^(?:parameters|derived|checks|reagents|vessels):", text, maxsplit=1, flags=re.MULTILINE)[0]


def _text_files(folder: str) -> Iterator[tuple[str, str]]:
    for name in _walk(folder):
        if os.path.splitext(name)[1] in _SOURCE_SUFFIXES:
            yield name, load_text(f"{folder}/{name}")


def _walk(folder: str, within: str = "") -> Iterator[str]:
    """Yield the path of each file in *folder* and in the folders below it, in order; a folder that is a link is left out."""
    try:
        with os.scandir(f"{folder}/{within}") as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except PermissionError:
        return
    for entry in entries:
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk(folder, f"{within}{entry.name}/")
        elif entry.is_file():
            yield within + entry.name


def load_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a file; raise ProtocolError if it cannot be read, is larger than MAX_BYTES, or is not UTF-8."""
    name = os.fspath(path)
    try:
        with refuse_os_errors("the file cannot be read", "look at its name and its rights", name):
            if os.stat(name).st_size > MAX_BYTES:
                raise ProtocolError("the file is larger than 2 MB", "name another", name)
            with open(name, encoding="utf-8") as file:
                return file.read()
    except UnicodeDecodeError:
        raise ProtocolError("the file is not UTF-8 text", "save it as UTF-8", name) from None
    except ValueError:
        raise ProtocolError("that is not a file name", "name the file", repr(name)) from None


_DOCUMENT_SUFFIXES = (".md", ".yml", ".svg")


def load_documents(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return the files of a site in the folder *path*: documents with their texts, all others (and those in ``assets/``) with an empty text.

    Files and folders whose name begins with a dot are left out.
    """
    folder = os.fspath(path)
    if not os.path.isdir(folder):
        raise ProtocolError("there is no such folder", "give the folder that holds index.md", folder)
    files = {}
    for name in _walk(folder):
        if any(part.startswith(".") for part in name.split("/")):
            continue
        suffix = os.path.splitext(name)[1]
        is_text = suffix == ".md" or suffix in _DOCUMENT_SUFFIXES and not name.startswith("assets/")
        files[name] = load_text(f"{folder}/{name}").removeprefix("\ufeff") if is_text else ""
    return files


def load_lab(path: str | os.PathLike[str]) -> Lab:
    """Return the lab profile in the file *path*; raise ProtocolError for each of its mistakes."""
    file = _tidy(os.fspath(path))
    return parse_lab(load_text(file), file)


def parse_lab(text: str, file: str) -> Lab:
    """Return the lab profile *text* of *file*; raise ProtocolError for each of its mistakes.

    Among them are stocks that no recipe takes, equipment that no protocol asks for, and antibodies against what is a target here under another
    spelling.
    """
    from .lab import parse_profile
    from .protocol.profile_names import reject_unknown_names

    lab = parse_profile(text, file)
    reject_unknown_names(lab, text, load_shared_files(), _protocols_here)
    return lab


def _protocols_here() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each ``protocol.yml``: the library's and the user's own."""
    for folder in (*(f"{protocols_folder()}/{name}" for name in protocol_ids()), *own_protocols().values()):
        yield f"{folder.rpartition('/')[2]}/protocol.yml", load_text(f"{folder}/protocol.yml")
