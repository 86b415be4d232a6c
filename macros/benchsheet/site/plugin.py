"""The plugin for MkDocs: it gives MkDocs the pages, the navigation and the search index, and corrects what the theme leaves out."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as Built

from .. import library
from ..errors import ProtocolError
from ..protocol import citations
from ..record.identity import engine_build
from .build import build_pages, companion_files, format_pages, hidden_pages, search_words
from .cards import Cards
from .citations import resolve_citations
from .definitions import keep_first_definitions
from .descriptions import describe_page
from .downloads import Downloads
from .evidence_notes import gather_general_marks
from .history import find_last_change, last_changes
from .kept_files import KeptFolder, keep_file, read_kept
from .kept_pages import KeptPages
from .page import GLOSSARY_PATH, Page
from .page_facts import People, format_facts
from .search_index import add_spellings, delay_index, drug_names, patch_search
from .search_rows import Entry, add_rows, build_row_entries, leave_out_code, leave_out_pictures, name_rows
from .sheets import SheetCache
from .site_map import build_navigation, has_own_rules, is_public, notebook_paths
from .stacked_tables import stack_tables

SHEET_CACHE_FILE = "benchsheet-sheets.txt"
DIGEST_FILE = "benchsheet.txt"
DOWNLOADS_FOLDER, CARDS_FOLDER, PAGES_FOLDER = "benchsheet-downloads", "benchsheet-cards", "benchsheet-pages"
THEME_FOLDER = Path(__file__).with_name("theme")
NOTEBOOK_CACHE = "mkdocs-jupyter"
TABLES = "tables/"
_NOT_BUILT = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
_NAV_FOLDER = re.compile(
    r'(?P<head><nav class="md-nav" data-md-level="\d+") aria-labelledby="(?P<id>__nav_[\d_]+)_label"'
    r'(?P<rest>[^>]*>\s*<label class="md-nav__title" for="(?P=id)">\s*<span[^>]*></span>\s*)(?P<title>[^<]*?)(?=\s*</label>)'
)
_NAV_TOGGLE = re.compile(r'(<label class="md-nav__link[^"]*" for="(__nav_[\d_]+)"[^>]*>\s*)(?=<span class="md-nav__icon md-icon"></span>\s*</label>)')
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<script\b.*?</script>)", re.DOTALL)
_LINK = re.compile(r'href="(?!https?:|#)([^"#]+)\.(?:md|ipynb)(#[^"]*)?"')
CACHE_KEY_PACKAGES = ("jinja2", "markupsafe", "pyyaml", "markdown-it-py")
PAGE_KEY_PACKAGES = ("mkdocs", "markdown", "pymdown-extensions", "pygments")


class PluginSettings(Config):  # type: ignore[no-untyped-call]
    """What mkdocs.yml may set: the project's changelog, and whether sheets have files to take away.

    Who wrote and who checked the pages that name nobody themselves; and where a fault is reported, if not in the repository's issues.
    """

    changelog = config_options.Type(str, default="CHANGELOG.md")
    downloads = config_options.Type(bool, default=True)
    authors = config_options.ListOfItems(config_options.Type(str), default=[])
    checked = config_options.DictOfItems(config_options.Type(str), default={})
    report = config_options.Type(str, default="")


class Site(BasePlugin[PluginSettings]):  # type: ignore[no-untyped-call]
    """Makes every page of the site; a mistake in one of them ends the build with its file and line."""

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether drafts are shown, as they are while somebody writes."""
        self.shows_drafts = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Make all pages, and the navigation of them."""
        self.rows: list[Entry] = []
        root = Path(config.config_file_path).parent
        cache = root / ".cache"
        try:
            maker = _name_makers(CACHE_KEY_PACKAGES)
            folder = KeptFolder(cache / DOWNLOADS_FOLDER)
            sheets = SheetCache(_read_text(cache / SHEET_CACHE_FILE), maker, Downloads(folder) if self.config.downloads else None)
            self.docs = self._select_documents(library.load_documents(Path(config.docs_dir)), config)
            with _without_collector():
                made_pages = build_pages(self.docs, library.load_text(root / self.config.changelog), sheets)
            self.page_texts, self.companions = format_pages(made_pages), companion_files(made_pages)
            self.search_words = search_words(made_pages)
            can_keep = _clear_stale_results(cache, sheets)
        except ProtocolError as error:
            raise PluginError(f"\n{error}") from None
        keep_file(cache / SHEET_CACHE_FILE, sheets.dump().encode())
        folder.tidy()
        if runner := config.plugins.get("mkdocs-jupyter"):
            runner.config["cache"] = runner.config["cache"] and can_keep
            runner.config["cache_dir"] = str(cache / NOTEBOOK_CACHE)  # the default depends on the working directory: old results would stay
        config.nav = build_navigation((page for page in made_pages if not _matches(config.not_in_nav, page.path)), notebook_paths(self.docs))
        self.hidden_paths = set(hidden_pages(made_pages, config.nav))
        set_addresses(config, root / "CITATION.cff")
        self.sources = {page.path: page for page in made_pages}
        self.kept_pages = KeptPages(KeptFolder(cache / PAGES_FOLDER), f"{_name_makers(PAGE_KEY_PACKAGES)}\n{engine_build()}", finish_page)
        self.changes, self.cards = last_changes(root), Cards(KeptFolder(cache / CARDS_FOLDER), config.site_name)
        config.theme.dirs.insert(0, str(THEME_FOLDER))
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Replace documents by the pages made from them, and leave out files that are only sources of pages."""
        for file in [file for file in files if file.src_dir == config.docs_dir]:
            path = file.src_uri
            if not is_public(path) or (has_own_rules(path) and path not in self.page_texts):
                files.remove(file)
            elif path not in {*self.page_texts, *self.docs} and file.is_documentation_page() and file.inclusion not in _NOT_BUILT:
                raise PluginError(f"\ndocs/{path}: no page was made of this file\n  hint: put the file itself into docs/, not a link to its folder")
        for path, text in self.page_texts.items():
            if (document := files.get_file_from_path(path)) is not None:
                files.remove(document)
            level = InclusionLevel.NOT_IN_NAV if path in self.hidden_paths else InclusionLevel.INCLUDED
            files.append(File.generated(config, path, content=text, inclusion=level))
        for path, content in self.companions.items():
            files.append(File.generated(config, path, content=content))
        return files

    def _select_documents(self, docs: dict[str, str], config: MkDocsConfig) -> dict[str, str]:
        """Return the documents without the pages that mkdocs.yml leaves out."""

        def is_left_out(path: str) -> bool:
            return _matches(config.exclude_docs, path) or (not self.shows_drafts and _matches(config.draft_docs, path))

        return {path: text for path, text in docs.items() if not (path.endswith((".md", ".ipynb")) and is_left_out(path))}

    def on_pre_page(self, page: Built, *, config: MkDocsConfig, files: Files) -> Built:
        """Convert a page only if an earlier build has not; the plugin of the notebooks does the same after this one."""
        self.kept_pages.take_over(page)
        return page

    def on_page_content(self, html: str, *, page: Built, config: MkDocsConfig, files: Files) -> str:
        """Resolve the links of a notebook, which comes as HTML; name the rows of tables, and give the theme what it says of a page."""
        try:
            html = leave_out_code(_resolve_notebook(html, page.file.src_uri)) if page.file.src_uri.endswith(".ipynb") else html
            html = html if page.file.src_uri in self.kept_pages.finished else finish_page(html)
        except ProtocolError as error:
            raise PluginError(f"\n{error}") from None
        if page.file.src_uri == GLOSSARY_PATH or page.file.src_uri.startswith(TABLES):
            html = name_rows(html)
            self.rows += build_row_entries(html, page.url)
        self._describe(page, html, config)
        return html

    def _describe(self, page: Built, html: str, config: MkDocsConfig) -> None:
        """Give the theme what it says of a page beside its text: description, card, people and last change."""
        path = page.file.src_uri
        source = self.sources.get(path)
        people, file = (source.people, source.file) if source else (People(), f"docs/{path}")
        usual = People(authors=tuple(self.config.authors), checked=self.config.checked)
        shown = People(authors=people.authors or usual.authors, checked=people.checked or usual.checked)
        is_listed = source is None or source.is_listed
        about = describe_page(html) if is_listed else str(page.title)
        changed = find_last_change(file, self.docs.get(path, ""), self.changes) if is_listed else ""
        page.meta["description"], page.meta["changed"] = escape(about), changed
        page.meta["facts"] = format_facts(shown, changed, find_report_address(config, self.config.report))
        title = str(page.meta.get("title") or page.title)  # the navigation may call it otherwise: Home
        if config.site_url and is_listed and (card := self.cards.add(path, title, about)):
            page.meta["card"] = f"{config.site_url}{card}"

    def on_post_page(self, output: str, *, page: Built, config: MkDocsConfig) -> str:
        """Add the accessible names that the theme leaves out."""
        return add_accessible_names(output)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Add the accessible names to the page of what was not found, too."""
        return add_accessible_names(output_content) if template_name.endswith(".html") else output_content

    @event_priority(-50)  # after the search has written its index, before the offline copy of it is made
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add rows of tables and other spellings to the search index, and correct the theme's scripts: one loses words, one fetches too much."""
        for path, content in self.cards.files.items():
            keep_file(Path(config.site_dir) / path, content)
        self.cards.tidy()
        self.kept_pages.tidy()
        file = Path(config.site_dir) / "search" / "search_index.json"
        if file.is_file():
            search_index = json.loads(file.read_text("utf-8"))
            search_index, words = add_rows(search_index, self.rows, self.search_words)
            search_index = add_spellings(search_index, drug_names(), words)
            file.write_text(json.dumps(search_index, ensure_ascii=False, separators=(",", ":")), "utf-8")
        for pattern, patch in (("workers/search*.js", patch_search), ("bundle*.js", delay_index)):
            for script in (Path(config.site_dir) / "assets" / "javascripts").glob(pattern):
                try:
                    script.write_text(patch(script.read_text("utf-8"), script.name), "utf-8")
                except ProtocolError as error:
                    raise PluginError(f"\n{error}") from None

    def on_serve(self, server: Any, /, *, config: MkDocsConfig, builder: Any) -> Any:
        """Build again when a protocol changes."""
        server.watch(str(library.protocols_folder()))
        return server


def finish_page(html: str) -> str:
    """Return the HTML of a page with each abbreviation explained once in a section, general knowledge told once, and tables that can be stacked.

    The search leaves out what is drawn.
    """
    return leave_out_pictures(stack_tables(gather_general_marks(keep_first_definitions(html))))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Do without the garbage collector, and have it leave alone for the rest of the build what was made meanwhile.

    Pages are made of millions of objects, nearly none of them in circles; it would visit all of them again and again.
    """
    was_on = gc.isenabled()
    gc.unfreeze()  # of an earlier build in this process
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def _name_makers(packages: tuple[str, ...]) -> str:
    """Return this Python and the versions of *packages*."""
    return "\n".join((sys.version, *(f"{name} {version(name)}" for name in packages)))


def set_addresses(config: MkDocsConfig, citation: Path) -> None:
    """Set the addresses of the site and of the repository as the file *citation* has them; without one there is no link."""
    cited = yaml.safe_load(library.load_text(citation)) if citation.is_file() else {}
    if address := cited.get("url"):
        config.site_url = f"{address.rstrip('/')}/"
    if address := cited.get("repository-code"):
        config.repo_url, config.repo_name = address, "/".join(address.rstrip("/").split("/")[-2:])


def find_report_address(config: MkDocsConfig, named: str) -> str:
    """Return where a fault is reported: the address that is *named*, or the issues of the repository; "" if neither is known."""
    return named or (f"{config.repo_url.rstrip('/')}/issues" if config.repo_url else "")


def _matches(patterns: Any, path: str) -> bool:
    """Return whether *patterns*, a setting of MkDocs that may be None, match the page *path*."""
    return patterns is not None and bool(patterns.match_file(path))


def _clear_stale_results(cache: Path, sheets: SheetCache) -> bool:
    """Delete the kept results of notebooks if the program or a protocol has changed since; return whether results may be kept."""
    results, now = cache / NOTEBOOK_CACHE, "\n".join(sheets.states())
    if _read_text(cache / DIGEST_FILE) != now:
        shutil.rmtree(results, ignore_errors=True)
        if not results.exists():
            keep_file(cache / DIGEST_FILE, now.encode())
    return _read_text(cache / DIGEST_FILE) == now and os.access(results if results.exists() else cache, os.W_OK)


def _read_text(file: Path) -> str:
    """Return what an earlier build kept; an empty text if there is none."""
    return (read_kept(file) or b"").decode("utf-8", "replace")


def add_accessible_names(html: str) -> str:
    """Return a built page with an accessible name for the search dialog, each folder of the navigation, and the button that opens it."""
    search_dialog = '<div class="md-search" data-md-component="search" role="dialog">'
    html = html.replace(search_dialog, f'{search_dialog[:-1]} aria-label="Search">')
    titles: dict[str, str] = {}

    def folder(match: re.Match[str]) -> str:
        above = titles.get(match["id"].rpartition("_")[0])
        titles[match["id"]] = f"{above}: {match['title']}" if above else match["title"]
        return f'{match["head"]} aria-label="{titles[match["id"]]}"{match["rest"]}{match["title"]}'

    html = _NAV_FOLDER.sub(folder, html)
    return _NAV_TOGGLE.sub(lambda found: f'{found[1]}<span class="unseen">Pages of {titles.get(found[2], "this part")}</span>', html)


def _resolve_notebook(html: str, path: str) -> str:
    """Return a notebook's HTML with numbered references, the list of works at its end, and links to built pages."""
    parts = _CODE.split(html)
    works = citations.parse_bibtex(library.load_shared_files()[citations.REFERENCES_FILE])
    page = Page(path=path, title=path, body="\0".join(parts[::2]), file=f"docs/{path}")
    body, heading, rest = resolve_citations(page, works, lambda prose: [prose]).partition("## References\n\n")
    parts[::2] = [_LINK.sub(lambda link: f'href="{link[1]}.html{link[2] or ""}"', part) for part in body.rstrip("\n").split("\0")]
    return "".join(parts) + (f'<h2 id="references">References</h2>\n{rest}' if heading else "")
