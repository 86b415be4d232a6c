"""The one module that knows MkDocs: it hands over the pages, the navigation and the search index, and mends what its theme leaves out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as Built

from .. import library
from ..errors import ProtocolError
from . import naming, notebooks, protocols
from .pages import navigation, pages, written
from .spellings import with_spellings


class Settings(Config):  # type: ignore[no-untyped-call]
    """What mkdocs.yml may set: the project's changelog."""

    changelog = config_options.Type(str, default="CHANGELOG.md")


class Site(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Makes every page of the site; a mistake in any ends the build with its file and line."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Make all pages, and the navigation of them."""
        root = Path(config.config_file_path).parent
        try:
            self.docs = library.documents(Path(config.docs_dir))
            found = pages(self.docs, library.text(root / self.config.changelog))
            self.made = written(found)
            _forget_old(root)
        except ProtocolError as error:
            raise PluginError(f"\n{error}") from None
        self.hidden = {page.path for page in found if not page.listed}
        config.nav = navigation(found, notebooks.listed(self.docs))
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Put the made pages in the place of the documents they were made of."""
        for path, text in self.made.items():
            if (old := files.get_file_from_path(path)) is not None:
                files.remove(old)
            level = InclusionLevel.NOT_IN_NAV if path in self.hidden else InclusionLevel.INCLUDED
            files.append(File.generated(config, path, content=text, inclusion=level))
        return files

    def on_page_content(self, html: str, *, page: Built, config: MkDocsConfig, files: Files) -> str:
        """Resolve the references and the links of a notebook, which comes as HTML."""
        try:
            return notebooks.resolved(html, page.file.src_uri) if page.file.src_uri.endswith(".ipynb") else html
        except ProtocolError as error:
            raise PluginError(f"\n{error}") from None

    def on_post_page(self, output: str, *, page: Built, config: MkDocsConfig) -> str:
        """Name what the theme leaves without a name."""
        return naming.named(output)

    @event_priority(-50)  # after the search has written its index, before the offline copy of it is made
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Let each entry of the search be found by the other spellings of its words."""
        file = Path(config.site_dir) / "search" / "search_index.json"
        if file.is_file():
            index = json.loads(file.read_text("utf-8"))
            file.write_text(json.dumps(with_spellings(index, naming.drugs()), ensure_ascii=False, separators=(",", ":")), "utf-8")

    def on_serve(self, server: Any, /, *, config: MkDocsConfig, builder: Any) -> Any:
        """Build again when a protocol changes."""
        server.watch(str(library.home()))
        return server


def _forget_old(root: Path) -> None:
    """Let notebooks run again when the program or a protocol is another than when they ran."""
    cache, mark = root / ".cache" / "mkdocs-jupyter", root / ".cache" / "benchsheet.txt"
    now = "\n".join(protocols.digests())
    if mark.is_file() and mark.read_text("utf-8") == now:
        return
    shutil.rmtree(cache, ignore_errors=True)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(now, "utf-8")
