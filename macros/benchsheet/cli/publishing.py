"""``benchsheet pages``: every page of the site as Markdown on disk, for another builder; refuses to write into a folder that holds something."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from .. import library
from ..errors import ProtocolError
from . import terminal
from .options import Parser

SETTINGS = "mkdocs.yml"


def command(words: Sequence[str]) -> int:
    """Write the pages, what they load, and settings with the navigation; the whole folder or nothing."""
    parser = Parser(prog="benchsheet pages", description="Write every page of the site as Markdown, with settings for another builder.")
    parser.add_argument("out", nargs="?", help="the folder to make")
    parser.add_argument(
        "--site", metavar="FILE", default=SETTINGS, help="the site's settings, beside its docs/ and CHANGELOG.md (default mkdocs.yml)"
    )
    options = parser.read(words)
    if options is None:
        return 0
    if not options.out or not options.out.strip():
        raise ProtocolError("no folder is named", "name the one to make: benchsheet pages build/pages", "benchsheet pages")
    target, settings = Path(options.out), Path(options.site)
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ProtocolError(f"{options.out!r} is there already", "name another, or empty it", "benchsheet pages")
        if not target.absolute().parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first", "benchsheet pages")
        count = _write(target, settings)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ProtocolError(f"{options.out!r} cannot be written: {reason}", "look at its folder's rights and space", "benchsheet pages") from None
    terminal.write(f"{count} pages in {options.out}\n")
    return 0


def _write(target: Path, settings: Path) -> int:
    from ..site.notebooks import listed
    from ..site.pages import beside, navigation, outside, pages, written

    folder = settings.parent / "docs"
    docs = library.documents(folder)
    found = pages(docs, library.text(settings.parent / "CHANGELOG.md"))
    made = written(found)
    notebooks = listed(docs)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".benchsheet.") as place:
        build = Path(place) / "pages"
        for path, text in (made | beside(found)).items():
            _file(build / "docs" / path, text)
        shutil.copytree(folder / "assets", build / "docs" / "assets")
        for path in notebooks:
            (build / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / path, build / "docs" / path)
        shown = navigation(found, notebooks)
        _file(build / SETTINGS, _settings(library.text(settings), shown, outside(found, shown)))
        if target.exists():
            target.rmdir()
        os.replace(build, target)
    return len(made)


def _file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _settings(text: str, navigation: list[object], hidden: Sequence[str]) -> str:
    """Return the site's settings for a builder without this project's plugin: the navigation written out, hidden pages named."""
    found = yaml.safe_load(text)
    found["plugins"] = [each for each in found["plugins"] if each != "benchsheet"]
    found["nav"] = navigation
    found["not_in_nav"] = "\n".join(f"/{path}" for path in hidden)
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True)
