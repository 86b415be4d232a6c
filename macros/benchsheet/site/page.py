"""A page of the site, and the words at its head; refuses a head that cannot be read, lacks what is needed, or has what nothing reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError
from ..yamltree import Map, read

_KEYS = ("title", "hide")
_HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """The page *path* (``faq/acquired.md``): a *title* and a Markdown *body*, whose ``[@key]`` are not yet resolved.

    *file* and *line* say where the body begins in what its author wrote. What is not *listed* is neither in the navigation nor in
    the search. *section* is where the navigation has it; *hide* are parts of the theme that it does without. *cited* says in
    which line of the file a work is cited, where the body was made of something else. *beside* are files that go along, by their paths.
    """

    path: str
    title: str
    body: str
    file: str = ""
    line: int = 1
    listed: bool = True
    section: str = ""
    hide: tuple[str, ...] = ()
    cited: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)


def split(text: str, file: str) -> tuple[Map, str, int]:
    """Return the head of a document as a mapping, its body, and the line at which that begins."""
    found = _HEAD.match(text)
    if not found:
        raise ProtocolError("the page has no head", "begin it with '---', 'title: ...', '---'", file, 1)
    return read("\n" + found[1], file), text[found.end() :], text[: found.end()].count("\n") + 1


def document(path: str, text: str) -> Page:
    """Return a document: its title is at its head, or else its first heading."""
    file = f"docs/{path}"
    head, body, line = split(text, file) if _HEAD.match(text) else (None, text, 1)
    line += len(body) - len(body.lstrip("\n"))
    first, _, rest = body.lstrip("\n").partition("\n")
    heading = _plain_title(first[2:].strip(), file, line) if first.startswith("# ") else ""
    mistakes = Collector()
    if head is not None:
        with mistakes.at(file):
            head.only(_KEYS, "a page")
        with mistakes.at(file):
            if not heading:
                head.need(("title",), "a page")
    mistakes.close()
    title = title_of(head) if head is not None else ""
    if title and heading and title != heading:
        raise ProtocolError(f"the page has two titles, {title!r} and {heading!r}", "leave one of them out", file, line)
    if not title and not heading:
        raise ProtocolError("the page has no title", "begin it with '# Title'", file, 1)
    hide = tuple(head.items_of("hide")) if head is not None else ()
    return Page(path, heading or title, rest, file, line + 1, hide=hide) if heading else Page(path, title, body.lstrip("\n"), file, line, hide=hide)


def title_of(head: Map) -> str:
    """Return the ``title`` at the head of a page."""
    return _plain_title(head.text("title"), head.file, head.lines.get("title"))


def _plain_title(title: str, file: str, line: int | None) -> str:
    """Refuse a citation in a title: it stands in the navigation and in links, where no work is listed."""
    if "[@" in title:
        raise ProtocolError("a title has no citations", "cite in the text below it", file, line)
    return title


def texts(docs: Mapping[str, str], folder: str, suffix: str) -> dict[str, str]:
    """Return the documents of a *folder* with a *suffix*, by their names without it."""
    found = {path: text for path, text in docs.items() if path.startswith(f"{folder}/") and path.endswith(suffix) and path != f"{folder}/index.md"}
    return {path.removeprefix(f"{folder}/").removesuffix(suffix): text for path, text in found.items() if path.count("/") == folder.count("/") + 1}


def began(words: str) -> str:
    """Return *words* with a capital at their beginning, and all else as it is."""
    return words[:1].upper() + words[1:]


def quoted(text: str) -> str:
    """Return *text* as a YAML scalar on one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


INDEX = "{index}"
MOST = 50  # pages of one kind that a reader can look through


def index(docs: Mapping[str, str], folder: str, lines: str) -> Page:
    """Return the index of a *folder*: the document ``index.md`` of it with *lines* in the place of ``{index}``."""
    path = f"{folder}/index.md"
    if path not in docs:
        raise ProtocolError(f"{folder} has no index", f"write docs/{path}, with {INDEX} on a line of its own", f"docs/{folder}")
    text = docs[path]
    if INDEX not in text:
        raise ProtocolError("the index lists nothing", f"write {INDEX} on a line of its own", f"docs/{path}", 1)
    head, body, line = split(text, f"docs/{path}")
    head.need(("title",), "a page")
    return Page(path, title_of(head), body.replace(INDEX, lines), f"docs/{path}", line)
