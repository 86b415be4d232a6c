"""``benchsheet pages``: every page of the site as Markdown on disk, for another builder; refuses to write into a folder that holds something."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
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
    from ..site.build import beside, outside, pages, written
    from ..site.notebooks import listed
    from ..site.sections import navigation, static_files

    folder = settings.parent / "docs"
    text = library.text(settings)
    is_left_out = _left_out(text, settings)
    docs = {path: text for path, text in library.documents(folder).items() if not (path.endswith((".md", ".ipynb")) and is_left_out(path))}
    found = pages(docs, library.text(settings.parent / "CHANGELOG.md"))
    made = written(found)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".benchsheet.") as place:
        build = Path(place) / "pages"
        for path, page in (made | beside(found)).items():
            _file(build / "docs" / path, page)
        for path in static_files(docs):
            (build / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / path, build / "docs" / path)
        shown = navigation(found, listed(docs))
        _file(build / SETTINGS, _settings(text, shown, outside(found, shown)))
        if target.exists():
            target.rmdir()
        os.replace(build, target)
    return len(made)


def _left_out(text: str, settings: Path) -> Callable[[str], bool]:
    """Return what tells whether the settings leave a page out of what is built."""
    found = yaml.safe_load(text)
    lines = [line for key in ("exclude_docs", "draft_docs") for line in str(found.get(key) or "").splitlines() if line.strip()]
    if not lines:
        return lambda _path: False
    try:
        from pathspec import GitIgnoreSpec
    except ImportError:
        raise ProtocolError(
            "'exclude_docs' and 'draft_docs' cannot be read: pathspec is not installed", "pip install 'benchsheet[site]' brings it", settings.name
        ) from None
    return GitIgnoreSpec.from_lines(lines).match_file


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
