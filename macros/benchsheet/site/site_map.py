"""The sections of the site: which documents each reads by rules of its own, and what the navigation lists under it.

A document outside all sections is a page as it stands, in its own folder. A new section of documents is one row of the table.
Raises an error for a file that nothing reads, and for two files that would become one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError
from .page import NAVIGATION_LIMIT, Page, capitalize_first

Navigation = list[Any]
ASSETS = "assets"
_INDEXES = ("index.md", "README.md")  # the build makes index.html of both
_OTHER_SUFFIXES = (".markdown", ".mdown", ".mkdn", ".mkd")  # the build reads these as pages too


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: its *title* in the navigation, and its *folder* below ``docs/``, of which it lists what no other section names.

    *sources* are the files, as patterns from ``docs/`` on, that a module makes pages of by rules of its own. *pages* are patterns
    for pages of other folders that are listed here too. *notebooks* tells whether all notebooks are listed here. A section that is not *public*
    is left out of the site: it is for those who work on the project.
    """

    title: str
    folder: str = ""
    sources: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    notebooks: bool = False
    public: bool = True


OTHERS = Section(title="")  # the pages of no other section, each folder under its own title
SITE_SECTIONS = (
    Section(title="Home", pages=("index.md",)),
    Section(
        title="Troubleshooting",
        folder="scenarios",
        sources=("scenarios/index.md", "scenarios/*.yml", "symptoms/*.md", "symptoms/*/*.yml"),
        pages=("symptoms/*.md",),
    ),
    Section(title="Questions", folder="faq", sources=("faq/*.md",)),
    Section(title="Mechanisms", folder="mechanisms", sources=("mechanisms/*.md", "mechanisms/*.yml", "mechanisms/*.svg"), pages=("workflow.md",)),
    Section(title="Protocols", folder="protocols", sources=("protocols/index.md",)),
    Section(title="Analysis", folder="analysis", notebooks=True),
    Section(title="Look up", folder="tables", pages=("guide/words.md", "references.md")),
    Section(title="Use", pages=("install.md", "guide/lab.md", "guide/calculators.md", "guide/python.md", "guide/record.md")),
    Section(title="Write", folder="guide"),
    OTHERS,
    Section(title="About", sources=("references.md", "citations.yml"), pages=("cite.md", "changes.md", "architecture.md")),
    Section(title="", folder="decisions", public=False),
)


def has_own_rules(path: str) -> bool:
    """Return whether a section reads the file *path* by rules of its own."""
    return any(_is_named(path, row.sources) for row in SITE_SECTIONS)


def _is_named(path: str, patterns: Iterable[str]) -> bool:
    return any(path.count("/") == pattern.count("/") and fnmatchcase(path, pattern) for pattern in patterns)


def is_public(path: str) -> bool:
    """Return whether the file *path* is for readers of the site."""
    return not any(path.startswith(f"{row.folder}/") for row in SITE_SECTIONS if not row.public)


def is_plain_page(path: str) -> bool:
    """Return whether the document *path* is a page as it stands."""
    return path.endswith(".md") and is_public(path) and not has_own_rules(path)


def static_files(docs: Iterable[str]) -> list[str]:
    """Return the files that the site takes as they are: pictures, tables to download, notebooks, styles and scripts."""
    return [path for path in docs if not path.endswith(".md") and is_public(path) and not has_own_rules(path)]


def notebook_paths(docs: Mapping[str, str]) -> list[str]:
    """Return the notebooks of the documents."""
    return sorted(path for path in docs if path.endswith(".ipynb"))


# --- mistakes ----------------------------------------------------------------------------------------------------------------


def refuse_unread(docs: Iterable[str]) -> None:
    """Raise an error for each file that looks like the source of a page but that nothing reads."""
    mistakes = Collector()
    for path in filter(is_public, docs):
        with mistakes.at(f"docs/{path}"):
            stem, dot, suffix = path.rpartition(".")
            if f"{dot}{suffix}" in _OTHER_SUFFIXES or (suffix != "md" and suffix.lower() == "md"):
                raise ProtocolError(f"a page ends in '.md', not in '{dot}{suffix}'", f"call it {stem.rpartition('/')[2]}.md")
            if path.startswith("templates/"):
                raise ProtocolError("MkDocs publishes nothing of a folder 'templates'", "call the folder otherwise")
            if suffix == "yml" and not has_own_rules(path) and not path.startswith(f"{ASSETS}/"):
                folders = (f"docs/{row.folder}/" for row in SITE_SECTIONS if row.folder and any(source.endswith(".yml") for source in row.sources))
                hint = f"data of pages are in {', '.join(folders)}; a file to download goes into docs/{ASSETS}/"
                raise ProtocolError("nothing reads this file", hint)
    mistakes.raise_all()


def refuse_clashes(found: Iterable[Page], docs: Iterable[str]) -> None:
    """Raise an error for each page or file whose path in the built site another one has already."""
    mistakes = Collector()
    places: dict[str, str] = {}
    for file, place in _places(found, docs):
        with mistakes.at(file):
            if place in places:
                raise ProtocolError(f"{places[place]} becomes {place!r} too", "give this file another name")
        places.setdefault(place, file)
    mistakes.raise_all()


def _places(found: Iterable[Page], docs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each source file with its path in the built site."""
    for page in sorted(found, key=lambda page: page.path.endswith(_INDEXES[1])):
        yield page.file, _built(page.path)
        yield from ((page.file, path) for path in page.companions)
    yield from ((f"docs/{path}", _built(path)) for path in static_files(docs))


def _built(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem, _, suffix = name.rpartition(".")
    return f"{folder}{slash}{'index' if name in _INDEXES else stem}.html" if suffix in ("md", "ipynb") else path


# --- the navigation ----------------------------------------------------------------------------------------------------------


def build_navigation(found: Iterable[Page], notebooks: Iterable[str]) -> Navigation:
    """Return the navigation, section by section in the order of the table.

    Every page carries the navigation. Of a folder with more than `NAVIGATION_LIMIT` made pages it lists the index only.
    """
    every = [page for page in found if page.is_listed]
    shown: Navigation = []
    for row in SITE_SECTIONS:
        if row is OTHERS:
            named = [path for other in SITE_SECTIONS for path in other.pages]
            folders = tuple(f"{other.folder}/" for other in SITE_SECTIONS if other.folder)
            shown += _tree([page for page in every if not _is_named(page.path, named) and not page.path.startswith(folders)], "")
        elif row.public:
            single = [page.path for path in row.pages for page in every if _is_named(page.path, [path])]
            entries = [*_folder(row, every), *(notebooks if row.notebooks else ()), *single]
            if entries:
                shown.append({row.title: entries if row.folder or len(row.pages) > 1 else entries[0]})
    return shown


def _folder(row: Section, every: Iterable[Page]) -> Navigation:
    """Return the entries of a section's folder: first the pages made by its rules, then the plain documents, folders last."""
    if not row.folder:
        return []
    elsewhere = [path for other in SITE_SECTIONS if other is not row for path in other.pages]
    mine = [page for page in every if page.path.startswith(f"{row.folder}/") and not _is_named(page.path, elsewhere)]
    made = [page for page in mine if page.file != f"docs/{page.path}" or has_own_rules(page.path)]
    areas = dict.fromkeys(page.section for page in made if page.section)
    by_area = [{capitalize_first(area): [page.path for page in made if page.section == area]} for area in areas]
    plain = _tree([page for page in made if not page.section], f"{row.folder}/")
    if len(made) > NAVIGATION_LIMIT + 1 and made[0].path == f"{row.folder}/index.md" and not areas:
        plain = plain[:1]
    return [*plain, *by_area, *_tree([page for page in mine if page not in made], f"{row.folder}/")]


def _tree(mine: Iterable[Page], above: str) -> Navigation:
    """Return the pages in the folder *above*, its index first, then its folders, each under the title of its index or its own name."""
    pages = list(mine)
    here = [page.path for page in pages if "/" not in page.path.removeprefix(above)]
    folders = dict.fromkeys(page.path.removeprefix(above).partition("/")[0] for page in pages if page.path not in here)
    shown: Navigation = sorted(here, key=lambda path: path.removeprefix(above) not in _INDEXES)
    for name in folders:
        inner = f"{above}{name}/"
        within = [page for page in pages if page.path.startswith(inner)]
        shown.append({_title(name, inner, {page.path: page.title for page in within}): _tree(within, inner)})
    return shown


def _title(name: str, folder: str, titles: Mapping[str, str]) -> str:
    """Return the title of a folder: that of its index, or else its name as words."""
    own_name = capitalize_first(name.replace("-", " ").replace("_", " "))
    return next((titles[folder + index] for index in _INDEXES if folder + index in titles), own_name)
