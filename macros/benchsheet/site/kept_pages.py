"""Converted pages that a build keeps for later builds: one whose Markdown, settings and fellow pages are as they were is not converted again.

A page that MkDocs warned of while it was converted is not kept, so that a later build warns of it too.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from .kept_files import KeptFolder

_LOG = logging.getLogger("mkdocs")


class KeptPages:
    """The converted pages in *folder*; *maker* names all programs that take part, *finish* is what is done to the HTML of each page.

    *finished* has the paths of the pages of this build to which that was done.
    """

    def __init__(self, folder: KeptFolder, maker: str, finish: Callable[[str], str]) -> None:
        """Hold *folder*."""
        self._folder, self._maker, self._finish = folder, maker, finish
        self._setting: str | None = None
        self.finished: set[str] = set()

    def take_over(self, page: Page) -> None:
        """Have *page* take its HTML from an earlier build where there is one, and be kept for the next."""
        page.render = lambda config, files: self._render(page, config, files)  # type: ignore[method-assign]

    def tidy(self) -> None:
        """Forget pages that this build did not ask for."""
        self._folder.tidy()

    def _render(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        self.finished.add(page.file.src_uri)
        self._setting = self._setting or _describe_setting(config, files)
        key = hashlib.sha256(json.dumps([self._maker, self._setting, page.file.src_uri, page.markdown]).encode()).hexdigest()
        if (kept := self._folder.read(f"{key}.json")) is not None:
            _restore(page, json.loads(kept), files)
            return
        with _heard() as said:
            Page.render(page, config, files)
        page.content = self._finish(page.content or "")
        if not said:
            self._folder.keep(f"{key}.json", json.dumps(_state(page)).encode())


def _describe_setting(config: MkDocsConfig, files: Files) -> str:
    """Return all that decides how a page is converted but the page: extensions, what is warned of, and where each file of the site will be."""
    listed = [(file.src_uri, file.url, file.inclusion.name) for file in files]
    return repr((config.markdown_extensions, config.mdx_configs, config.validation, _LOG.getEffectiveLevel(), listed))


def _state(page: Page) -> dict[str, Any]:
    links = None if page.links_to_anchors is None else {file.src_uri: found for file, found in page.links_to_anchors.items()}
    anchors = sorted(page.present_anchor_ids or ())
    title = page._title_from_render  # noqa: SLF001 - what MkDocs itself sets has no other name
    return {"content": page.content, "toc": [*map(_describe_entry, page.toc)], "title": title, "anchors": anchors, "links": links}


def _describe_entry(entry: AnchorLink) -> dict[str, Any]:
    return {"name": entry.title, "id": entry.id, "level": entry.level, "children": [*map(_describe_entry, entry.children)]}


def _restore(page: Page, state: dict[str, Any], files: Files) -> None:
    page.content, page.toc = state["content"], get_toc(state["toc"])
    page._title_from_render = state["title"]  # noqa: SLF001 - as above
    page.present_anchor_ids = set(state["anchors"])
    if state["links"] is not None:
        page.links_to_anchors = {file: links for path, links in state["links"].items() if (file := files.get_file_from_path(path))}


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """Give a list of what MkDocs says meanwhile."""
    said: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record)

    listener = Listener()
    _LOG.addHandler(listener)
    try:
        yield said
    finally:
        _LOG.removeHandler(listener)
