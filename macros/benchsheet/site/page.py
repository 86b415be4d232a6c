"""A page of the site: its head, its words, and the terms of the glossary that stand on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import TypeVar

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError
from ..markup import CITATION_MARK, escape_markdown
from ..units import whole_number
from ..yamltree import YamlMap, parse_yaml_map

Item = TypeVar("Item")
Made = TypeVar("Made")
_KEYS = ("title", "hide")
_HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page *path* (``faq/acquired.md``): a *title* and a Markdown *body*, whose ``[@key]`` are not yet resolved.

    *file* and *line* say where the body begins in what its author wrote. What is not *is_listed* is neither in the navigation nor in
    the search. *section* is where the navigation has it; *hide* are parts of the theme that it does without. *citation_lines* says in
    which line of the file a work is cited, where the body was made of something else. *companions* are files that go along, by their paths.
    """

    path: str
    title: str
    body: str
    file: str = ""
    line: int = 1
    is_listed: bool = True
    section: str = ""
    hide: tuple[str, ...] = ()
    citation_lines: Mapping[str, int] = field(default_factory=dict)
    companions: Mapping[str, str] = field(default_factory=dict)


def split_head(text: str, file: str) -> tuple[YamlMap, str, int]:
    """Return the head of a document as a mapping, its body, and the line at which that begins."""
    match = _HEAD.match(text)
    if not match:
        raise ProtocolError("the page has no head", "begin it with '---', 'title: ...', '---'", file, 1)
    return parse_yaml_map("\n" + match[1], file), text[match.end() :], text[: match.end()].count("\n") + 1


def parse_document(path: str, text: str) -> Page:
    """Return a document: its title is at its head, or else its first heading."""
    file = f"docs/{path}"
    head, body, line = split_head(text, file) if _HEAD.match(text) else (parse_yaml_map("", file), text, 1)
    line += len(body) - len(body.lstrip("\n"))
    first, _, rest = body.lstrip("\n").partition("\n")
    heading = _plain_title(first[2:].strip(), file, line) if first.startswith("# ") else ""
    mistakes = Collector()
    with mistakes.at(file):
        head.check_keys(_KEYS, "a page")
    with mistakes.at(file):
        if head and not heading:
            head.require_keys(("title",), "a page")
    mistakes.raise_all()
    title = title_of(head)
    if title and heading and title != heading:
        raise ProtocolError(f"the page has two titles, {title!r} and {heading!r}", "leave one of them out", file, line)
    if not title and not heading:
        raise ProtocolError("the page has no title", "begin it with '# Title'", file, 1)
    text, line = (rest, line + 1) if heading else (body.lstrip("\n"), line)
    return Page(path=path, title=heading or title, body=text, file=file, line=line, hide=tuple(head.word_list("hide")))


def title_of(head: YamlMap) -> str:
    """Return the ``title`` at the head of a page."""
    return _plain_title(head.text("title"), head.file, head.lines.get("title"))


def order_of(head: YamlMap) -> int:
    """Return the ``order`` of a document among those of its kind; raise ProtocolError if it is not a whole number."""
    if (order := whole_number(head.text("order"))) is None:
        raise ProtocolError(f"order {head.text('order')!r} is not a whole number", "write it in digits", head.file, head.lines["order"])
    return order


def _plain_title(title: str, file: str, line: int | None) -> str:
    """Refuse a citation in a title: it stands in the navigation and in links, where no work is listed."""
    if "[@" in title:
        raise ProtocolError("a title has no citations", "cite in the text below it", file, line)
    return title


def folder_texts(docs: Mapping[str, str], folder: str, suffix: str) -> dict[str, str]:
    """Return the documents of a *folder* with a *suffix*, by their names without it."""
    in_folder = re.compile(rf"{re.escape(folder)}/(?!index\.md$)([^/]*){re.escape(suffix)}")
    return {match[1]: text for path, text in docs.items() if (match := in_folder.fullmatch(path))}


def make_each(items: Iterable[Item], file: Callable[[Item], str], make: Callable[[Item], Made]) -> list[Made]:
    """Return what *make* returns for each item; raise ProtocolErrors with the mistakes of all items, each in the *file* of its item."""
    mistakes = Collector()
    results = []
    for item in items:
        with mistakes.at(file(item)):
            results.append(make(item))
    mistakes.raise_all()
    return results


def capitalize_first(text: str) -> str:
    """Return *text* with a capital at their beginning, and all else as it is."""
    return text[:1].upper() + text[1:]


def quote_yaml(text: str) -> str:
    """Return *text* as a YAML scalar on one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


_BLANKS = re.compile(r"[ \t\r\n]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def resolve_escapes(markdown: str) -> str:
    """Return *markdown* with each escaped character as its code: the build's Markdown knows fewer escapes than CommonMark has."""
    return _ESCAPE.sub(lambda sign: f"&#{ord(sign[1])};", markdown)


def plain_words(text: str) -> str:
    """Return plain words as Markdown of a page, on one line and with no character that Markdown would interpret."""
    return resolve_escapes(escape_markdown(_BLANKS.sub(" ", text).strip(" ")))


def wrap_wide_table(label: str, table: str, kind: str = "") -> str:
    """Let a wide table be scrolled, by a keyboard too; *kind* is a class that says what it is."""
    classes = " ".join(filter(None, ("table-wide", kind)))
    return f'<div class="{classes}" tabindex="0" role="region" aria-label="{escape(label)}" markdown="1">\n\n{table}\n\n</div>'


INDEX_PLACEHOLDER = "{index}"
NAVIGATION_LIMIT = 50  # pages of one kind that a reader can look through


def build_index(docs: Mapping[str, str], folder: str, lines: str) -> Page:
    """Return the index of a *folder*: the document ``index.md`` of it with *lines* in the place of ``{index}``."""
    path = f"{folder}/index.md"
    if path not in docs:
        raise ProtocolError(f"{folder} has no index", f"write docs/{path}, with {INDEX_PLACEHOLDER} on a line of its own", f"docs/{folder}")
    text = docs[path]
    if INDEX_PLACEHOLDER not in text:
        raise ProtocolError("the index lists nothing", f"write {INDEX_PLACEHOLDER} on a line of its own", f"docs/{path}", 1)
    head, body, line = split_head(text, f"docs/{path}")
    head.require_keys(("title",), "a page")
    return Page(path=path, title=title_of(head), body=body.replace(INDEX_PLACEHOLDER, lines), file=f"docs/{path}", line=line)


GLOSSARY_PATH = "guide/words.md"
_GLOSSARY_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_MARKUP = re.compile(rf"[*`\\]|{CITATION_MARK.pattern}|\[([^\]]*)\]\([^)]*\)")


@functools.lru_cache(maxsize=4)
def parse_glossary(text: str) -> Mapping[str, str]:
    """Return what each term means: those that no reader takes for a common word, so with a capital or a digit in them."""
    meanings = {}
    for head, meaning in _GLOSSARY_ROW.findall(text):
        plain = _MARKUP.sub(lambda hit: hit[2] or "", meaning).strip()
        for term in head.split(","):
            word = _MARKUP.sub("", term).strip()
            if re.search(r"[A-Z0-9]", word[1:] or word) and 1 < len(word) <= 24 and "(" not in word:
                meanings[word] = plain
    return meanings


@functools.lru_cache(maxsize=1024)
def _term_pattern(term: str) -> re.Pattern[str]:
    """Return what finds *term* where it is no part of another word; it begins with the term, which is many times as fast to find."""
    return re.compile(rf"{re.escape(term)}(?<![\w-]{re.escape(term)})(?![\w-])")


def add_definitions(page: Page, body: str, meanings: Mapping[str, str]) -> str:
    """Return the body with the meanings of the terms that stand in it behind it, as the build reads them."""
    if page.path == GLOSSARY_PATH:
        return body
    definitions = [f"*[{term}]: {meaning}" for term, meaning in meanings.items() if term in body and _term_pattern(term).search(body)]
    return body.rstrip("\n") + "\n\n" + "\n".join(definitions) + "\n" if definitions else body
