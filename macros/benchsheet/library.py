"""The only reader of files for a render: protocols in their folders, the files that they share, and lab profiles."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ProtocolError, check_known, refuse_os_errors, suggest

if TYPE_CHECKING:  # a list of protocols does not wait for the calculator
    from .lab import Lab
    from .protocol.source import Source

SHARED_FOLDER = "_shared"
PACKAGED = "@packaged"  # behind a name: the protocol of this library, whatever is nearer
_SOURCE_SUFFIXES = (".yml", ".j2", ".bib")
MAX_BYTES = 2_000_000


def protocols_folder() -> Path:
    """Return the folder of the protocols: beside the package in a wheel, at the root of a checkout."""
    here = Path(__file__).parent
    bundled = here / "protocols"
    return bundled if bundled.is_dir() else here.parent.parent / "protocols"


def protocol_ids() -> list[str]:
    """Return the names of all protocols: every folder with a protocol.yml."""
    return sorted(file.parent.name for file in _list_declarations(protocols_folder()))


def _list_declarations(folder: Path) -> Iterator[Path]:
    """Yield the protocol.yml of each protocol in *folder*; in ``_shared`` and the like there is none."""
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:  # what nobody may read holds nothing for us
        return
    for name in names:
        if name[0] not in "_." and (folder / name / "protocol.yml").is_file():
            yield folder / name / "protocol.yml"


@functools.lru_cache(maxsize=64)
def load_source(name: str) -> Source:
    """Return the files of the protocol *name*; raise ProtocolError if there is none."""
    if name not in protocol_ids():
        raise ProtocolError(f"no protocol {name!r}", suggest(name, known_ids(), "protocols"))
    return load_folder(protocols_folder() / name, f"protocols/{name}")


def find_source(what: str) -> Source:
    """Return the protocol called *what*; raise ProtocolError if there is none.

    A path (``./srb``, ``../x/elisa``) is that folder. A name is the nearest: the folder of that name here, then one in the ``protocols/`` of
    this folder or of the nearest one above it that has any, then the packaged one; ``srb@packaged`` is always that.
    """
    from ._dataclass import replace

    if what.endswith(PACKAGED):
        return replace(load_source(what.removesuffix(PACKAGED)), called=what)
    is_path = "/" in what or "\\" in what or what in (".", "..")
    if is_path and Path(what).parent == Path() and Path(what).name and Path(what).name not in protocol_ids():
        what, is_path = Path(what).name, False  # ./elisa, where no other one is meant
    path = Path(what) if is_path else _find_own(what)
    if path is None:
        return load_source(what)
    if _is_packaged(path):
        return load_source(path.resolve().name)
    source = load_folder(path.resolve() if path.name in ("", "..") else path)
    if not is_path and source.id not in protocol_ids():
        return source
    return replace(source, called=path.as_posix() if "/" in path.as_posix() else f"./{path.as_posix()}")


def _is_packaged(path: Path) -> bool:
    """Return whether *path* is the folder of a protocol of this library, under whatever name."""
    folder = path.resolve()
    return folder.parent == protocols_folder().resolve() and folder.name in protocol_ids()


def _find_own(name: str) -> Path | None:
    """Return the nearest folder of the user's protocol *name*; None if there is none."""
    here = Path(name)
    if (here / "protocol.yml").is_file() or name and here.is_dir() and name not in protocol_ids():
        return here
    folder = _own_folder()
    return folder / name if folder and (folder / name / "protocol.yml").is_file() else None


def _own_folder() -> Path | None:
    """Return the ``protocols/`` of this folder, or of the nearest one above it, that holds a protocol; None if there is none."""
    for depth in range(len(Path.cwd().parts)):
        folder = Path(*[".."] * depth, "protocols")
        if folder.is_dir() and any(_list_declarations(folder)):
            return folder
    return None


def own_protocols() -> dict[str, Path]:
    """Return the folders of the user's protocols by name: those of the nearest ``protocols/``, and those that stand here, which are nearer."""
    folder = _own_folder()
    files = [*(sorted(_list_declarations(folder)) if folder else ()), *sorted(_list_declarations(Path()))]
    found = {file.parent.name: file.parent for file in files}
    return {name: path for name, path in found.items() if not _is_packaged(path)}


def list_folders() -> dict[str, Path]:
    """Return the folder of each protocol by the name that finds it, the user's own first; one that such a one hides is ``srb@packaged``."""
    own = own_protocols()
    return own | {f"{name}{PACKAGED}" if name in own else name: protocols_folder() / name for name in protocol_ids()}


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
            files=dict(_text_files(protocols_folder() / name)),
            shared_files=common,
            shared_folder=f"protocols/{SHARED_FOLDER}",
            load_sibling=beside,
        )
    return sources


def load_shared_files() -> dict[str, str]:
    """Return the files that the protocols of this library share, as they are now."""
    return dict(_text_files(protocols_folder() / SHARED_FOLDER))


def protocol_schema() -> str:
    """Return the JSON schema of protocol.yml as text."""
    return load_text(Path(__file__).parent / "protocol" / "protocol.schema.json")


def load_folder(path: Path, label: str = "") -> Source:
    """Return the files of the protocol in the folder *path*, with what the folder beside it shares, or else this library."""
    from .protocol.source import Source

    if not path.is_dir():
        raise ProtocolError("there is no such folder", "give the folder that holds protocol.yml", str(path))
    beside = path.parent / SHARED_FOLDER
    shared_folder = beside if beside.is_dir() else protocols_folder() / SHARED_FOLDER
    own = dict(_text_files(path))
    around = label.rpartition("/")[0] or path.parent.as_posix()
    return Source(
        id=path.name,
        folder=label or path.as_posix(),
        files=own,
        shared_files=dict(_text_files(shared_folder)),
        shared_folder=f"{around}/{SHARED_FOLDER}",
        load_sibling=functools.partial(_load_sibling, path.parent, around),
    )


def _load_sibling(around: Path, label: str, name: str) -> Source:
    """Return the protocol *name* in the folder *around*, or else of this library; raise ProtocolError if there is none."""
    if (around / name / "protocol.yml").is_file():
        return load_source(name) if around == protocols_folder() else load_folder(around / name, f"{label}/{name}")
    if name in protocol_ids():
        return load_source(name)
    there = sorted(path.parent.name for path in _list_declarations(around))
    raise ProtocolError(f"no protocol {name!r}", suggest(name, [*there, *protocol_ids()], "protocols"))


def head(text: str) -> str:
    """Return the part of a protocol.yml above its parameters, which is all that ``list`` needs to parse."""
    return re.split(r"^(?:parameters|derived|checks|reagents|vessels):", text, maxsplit=1, flags=re.MULTILINE)[0]


def _text_files(path: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(path.rglob("*")):
        if file.suffix in _SOURCE_SUFFIXES and file.is_file():
            yield file.relative_to(path).as_posix(), load_text(file)


def load_text(path: Path) -> str:
    """Return the text of a file; raise ProtocolError if it cannot be read, is larger than MAX_BYTES, or is not UTF-8."""
    try:
        with refuse_os_errors("the file cannot be read", "look at its name and its rights", str(path)):
            if path.stat().st_size > MAX_BYTES:
                raise ProtocolError("the file is larger than 2 MB", "name another", str(path))
            return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ProtocolError("the file is not UTF-8 text", "save it as UTF-8", str(path)) from None
    except ValueError:
        raise ProtocolError("that is not a file name", "name the file", repr(str(path))) from None


_DOCUMENT_SUFFIXES = (".md", ".yml", ".svg")


def load_documents(path: Path) -> dict[str, str]:
    """Return the files of a site in the folder *path*: documents with their texts, all others (and those in ``assets/``) with an empty text.

    Files and folders whose name begins with a dot are left out.
    """
    if not path.is_dir():
        raise ProtocolError("there is no such folder", "give the folder that holds index.md", str(path))
    files = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if not file.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        is_text = file.suffix == ".md" or file.suffix in _DOCUMENT_SUFFIXES and not name.startswith("assets/")
        files[name] = load_text(file).removeprefix("\ufeff") if is_text else ""
    return files


def load_lab(path: Path) -> Lab:
    """Return the lab profile in the file *path*; raise ProtocolError for each of its mistakes.

    Among them are stocks that no recipe takes, equipment that no protocol asks for, and antibodies against what is a target here under another
    spelling.
    """
    from .lab import parse_profile
    from .protocol.profile_names import reject_unknown_names

    text = load_text(path)
    lab = parse_profile(text, str(path))
    reject_unknown_names(lab, text, load_shared_files(), _protocols_here)
    return lab


def _protocols_here() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each ``protocol.yml``: the library's and the user's own."""
    for folder in (*(protocols_folder() / name for name in protocol_ids()), *own_protocols().values()):
        yield f"{folder.name}/protocol.yml", load_text(folder / "protocol.yml")
