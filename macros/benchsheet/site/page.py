"""A page of the site: its head, its title, its text, and the definitions of the glossary terms in it."""

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
from .page_facts import PEOPLE_KEYS, People, read_people

Item = TypeVar("Item")
Made = TypeVar("Made")
_KEYS = ("title", "hide", "words", *PEOPLE_KEYS)
_HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page *path* (``faq/acquired.md``): a *title* and a Markdown *body*, whose citations ``[@key]`` are not numbered yet.

    *file* and *line* say where the body begins in what its author wrote. Only a listed page is in the navigation and in the search.
    *section* is its heading in the navigation; *hide* names parts of the theme to leave out. *citation_lines* is the line that cites a
    work, by its key, for a body that was made from data. *companions* are further files of the page, by their paths.
    *people* wrote and checked it.
    *search_words* are what the search finds a section by beside its text, by the section's anchor, and the page by an empty one.
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
    companions: Mapping[str, str | bytes] = field(default_factory=dict)
    people: People = field(default_factory=People)
    search_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def split_head(text: str, file: str) -> tuple[YamlMap, str, int]:
    """Return the head of a document, its body, and the line where the body begins; raise ProtocolError if there is no head."""
    match = _HEAD.match(text)
    if not match:
        raise ProtocolError("the page has no head", "begin it with '---', 'title: ...', '---'", file, 1)
    return parse_yaml_map("\n" + match[1], file), text[match.end() :], text[: match.end()].count("\n") + 1


def parse_document(path: str, text: str) -> Page:
    """Return the document *text* as a page. Its title is in its head or is its first heading; raise ProtocolError for none, or for two."""
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
    return Page(
        path=path, title=heading or title, body=text, file=file, line=line, hide=tuple(head.word_list("hide")),
        search_words=read_words(head), people=read_people(head),
    )  # fmt: skip


def read_words(head: YamlMap) -> dict[str, tuple[str, ...]]:
    """Return what *head* says under ``words``: by which words, beside its text, the search finds a section, or under ``page`` the page."""
    words = head.mapping("words")
    return {"" if anchor == "page" else anchor: tuple(words.word_list(anchor)) for anchor in words}


def title_of(head: YamlMap) -> str:
    """Return the ``title`` at the head of a page."""
    return _plain_title(head.text("title"), head.file, head.lines.get("title"))


def order_of(head: YamlMap) -> int:
    """Return the ``order`` of a document among those of its kind; raise ProtocolError if it is not a whole number."""
    if (order := whole_number(head.text("order"))) is None:
        raise ProtocolError(f"order {head.text('order')!r} is not a whole number", "write it in digits", head.file, head.lines["order"])
    return order


def _plain_title(title: str, file: str, line: int | None) -> str:
    """Return *title*; raise ProtocolError for a citation in it, since the navigation and links show titles without a list of works."""
    if "[@" in title:
        raise ProtocolError("a title has no citations", "cite in the text below it", file, line)
    return title


def folder_texts(docs: Mapping[str, str], folder: str, suffix: str) -> dict[str, str]:
    """Return the documents directly in *folder* with *suffix*, without its ``index.md``, by their names without the suffix."""
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
    """Return *text* with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def quote_yaml(text: str) -> str:
    """Return *text* as a YAML scalar on one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


_BLANKS = re.compile(r"[ \t\r\n]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def resolve_escapes(markdown: str) -> str:
    """Return *markdown* with each escaped character as an HTML entity: Python-Markdown knows fewer escapes than CommonMark."""
    return _ESCAPE.sub(lambda match: f"&#{ord(match[1])};", markdown)


def plain_words(text: str) -> str:
    """Return plain text as Markdown on one line, with every special character escaped."""
    return resolve_escapes(escape_markdown(_BLANKS.sub(" ", text).strip(" ")))


def wrap_wide_table(label: str, table: str, kind: str = "") -> str:
    """Return *table* in a group; *label* is its name for a screen reader, *kind* a CSS class."""
    classes = " ".join(filter(None, ("table-named", kind)))
    return f'<div class="{classes}" role="group" aria-label="{escape(label)}" markdown="1">\n\n{table}\n\n</div>'


INDEX_PLACEHOLDER = "{index}"
NAVIGATION_LIMIT = 50  # most pages of one kind that the navigation lists


def build_index(docs: Mapping[str, str], folder: str, lines: str) -> Page:
    """Return the index of a *folder*: its document ``index.md`` with *lines* in place of ``{index}``; raise ProtocolError without one."""
    path = f"{folder}/index.md"
    if path not in docs:
        raise ProtocolError(f"{folder} has no index", f"write docs/{path}, with {INDEX_PLACEHOLDER} on a line of its own", f"docs/{folder}")
    text = docs[path]
    if INDEX_PLACEHOLDER not in text:
        raise ProtocolError("the index lists nothing", f"write {INDEX_PLACEHOLDER} on a line of its own", f"docs/{path}", 1)
    head, body, line = split_head(text, f"docs/{path}")
    head.require_keys(("title",), "a page")
    body = body.replace(INDEX_PLACEHOLDER, lines)
    return Page(path=path, title=title_of(head), body=body, file=f"docs/{path}", line=line, search_words=read_words(head))


GLOSSARY_PATH = "guide/words.md"
_GLOSSARY_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_MARKUP = re.compile(rf"[*`\\]|{CITATION_MARK.pattern}|\[([^\]]*)\]\([^)]*\)")


@functools.lru_cache(maxsize=4)
def parse_glossary(text: str) -> Mapping[str, str]:
    """Return the meaning of each term that has a capital after its first letter, or a digit, so that common words are left out."""
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
    """Return a pattern that finds *term* as a whole word. The term comes before the look-behind: so the search is many times as fast."""
    return re.compile(rf"{re.escape(term)}(?<![\w-]{re.escape(term)})(?![\w-])")


def add_definitions(page: Page, body: str, meanings: Mapping[str, str]) -> str:
    """Return the body, and after it the definitions of the glossary terms in it, as Python-Markdown reads abbreviations."""
    if page.path == GLOSSARY_PATH:
        return body
    definitions = [f"*[{term}]: {meaning}" for term, meaning in meanings.items() if term in body and _term_pattern(term).search(body)]
    return body.rstrip("\n") + "\n\n" + "\n".join(definitions) + "\n" if definitions else body
