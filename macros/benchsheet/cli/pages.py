"""``benchsheet pages``: every page of the site as Markdown in a new folder, for another site builder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from .. import library
from ..errors import ProtocolError, refuse_os_errors
from . import terminal
from .help import CommandParser

SETTINGS_FILE = "mkdocs.yml"


def write_pages(argv: Sequence[str]) -> int:
    """Write the pages, their images and data, and settings with the navigation; the whole folder or nothing."""
    parser = CommandParser(prog="benchsheet pages", description="Write every page of the site as Markdown, with settings for another builder.")
    parser.add_argument("out", nargs="?", help="the folder to make")
    parser.add_argument(
        "--site", metavar="FILE", default=SETTINGS_FILE, help="the site's settings, beside its docs/ and CHANGELOG.md (default mkdocs.yml)"
    )
    options = parser.parse_args(argv)
    if not options.out or not options.out.strip():
        raise ProtocolError("no folder is named", "name the one to make: benchsheet pages build/pages", "benchsheet pages")
    target, settings = Path(options.out), Path(options.site)
    with refuse_os_errors(f"{options.out!r} cannot be written", "look at its folder's rights and space", "benchsheet pages"):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ProtocolError(f"{options.out!r} is there already", "name another, or empty it", "benchsheet pages")
        if not target.absolute().parent.is_dir():
            raise ProtocolError(f"there is no folder {target.parent.as_posix()!r}", "make it first", "benchsheet pages")
        count = _write_folder(target, settings)
    terminal.write_output(f"{count} pages in {options.out}\n")
    return 0


def _write_folder(target: Path, settings: Path) -> int:
    from ..site.build import build_pages, companion_files, format_pages, hidden_pages
    from ..site.site_map import build_navigation, notebook_paths, static_files

    folder = settings.parent / "docs"
    text = library.load_text(settings)
    is_left_out = _left_out(text, settings)
    docs = {path: text for path, text in library.load_documents(folder).items() if not (path.endswith((".md", ".ipynb")) and is_left_out(path))}
    made_pages = build_pages(docs, library.load_text(settings.parent / "CHANGELOG.md"))
    page_texts = format_pages(made_pages)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".benchsheet.") as scratch:
        build = Path(scratch) / "pages"
        for path, page in {**page_texts, **companion_files(made_pages)}.items():
            _write_file(build / "docs" / path, page)
        for path in static_files(docs):
            (build / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / path, build / "docs" / path)
        shown_navigation = build_navigation(made_pages, notebook_paths(docs))
        _write_file(build / SETTINGS_FILE, _format_settings(text, shown_navigation, hidden_pages(made_pages, shown_navigation)))
        if target.exists():
            target.rmdir()
        os.replace(build, target)
    return len(page_texts)


def _left_out(text: str, settings: Path) -> Callable[[str], bool]:
    """Return a function of a page's path: whether the settings exclude the page from the site."""
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


def _write_file(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def _format_settings(text: str, navigation: list[object], hidden_paths: Sequence[str]) -> str:
    """Return the site's settings for a builder without this project's plugin: the navigation written out, hidden pages named."""
    settings = yaml.safe_load(text)
    settings["plugins"] = [each for each in settings["plugins"] if each != "benchsheet"]
    settings["nav"] = navigation
    settings["not_in_nav"] = "\n".join(f"/{path}" for path in hidden_paths)
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
