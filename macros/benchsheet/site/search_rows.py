"""The rows of reference tables as results of the search: each with its own address, what it is called, and what its cells say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any

from ..spelling import fold_name

OTHER_NAMES = "other names"  # the column of a table with the synonyms of its rows
# Of a drug or a buffer its own row comes first, then the word, then its hazards: they have many names and common words.
LATER_BOOSTS = {"guide/words.html": 0.3, "tables/hazards.html": 0.05}
ROW_BOOST = 1.5  # a row comes before what a page says of it
WORDS_BOOST = 1.6  # of a section that says by which words it is to be found
REFERENCES_PAGE = "references.html"
REFERENCES_BOOST = 0.2  # of lists of works: their titles have many words
COMMON = 0.06  # share of the entries of the index
MARK = "@"  # and a number: what docs/assets/js/search.js asks for when a name is typed; only the entry that has the name has it
_TABLE = re.compile(r"<table(?P<attributes>[^>]*)>(?P<inside>.*?)</table>", re.DOTALL)
_ROW = re.compile(r'<tr>(?P<start>\s*<t[hd]\b[^>]*>)<span id="(?P<id>[^"]+)"></span>(?P<rest>.*?)</tr>', re.DOTALL)
_CELL = re.compile(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", re.DOTALL)
_LABEL = re.compile(r'data-label="([^"]*)"')
_MARK = re.compile(r'<sup class="cite">.*?</sup>|<span hidden>.*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PROTOCOL = re.compile(r"protocols/([\w-]+)\.html")
_ABSENT = "–"
# What holds nothing of its own kind within it: the search goes on after the first end of such a part.
_CODE = re.compile(
    r'(<div class="(?:clipboard-copy-txt|jp-(?:In|Out)putPrompt\b[^"]*)"|<span class="notice"|(?<=<div class="highlight-ipynb hl-python">)<pre)'
)
_GLOSSARY_ROW = re.compile(r"^\| (?!word \||-)([^|]+?) \|", re.MULTILINE)

Entry = dict[str, Any]


def name_rows(html: str) -> str:
    """Return *html* in which each row that has an address carries it itself, and its table is left out of the search: its rows are there."""

    def name(table: re.Match[str]) -> str:
        inside, count = _ROW.subn(lambda row: f'<tr id="{row["id"]}">{row["start"]}{row["rest"]}</tr>', table["inside"])
        return f'<table{table["attributes"]} data-search-exclude="rows">{inside}</table>' if count else table[0]

    return _TABLE.sub(name, html) if '<span id="' in html else html


def build_row_entries(html: str, url: str) -> Iterator[Entry]:
    """Yield an entry of the search index for each row with an address in the page at *url*, with the names that it is asked for by."""
    rows = [
        (number, address, _CELL.findall(row))
        for number, table in enumerate(_TABLE.findall(html))
        for address, row in re.findall(r'<tr id="([^"]+)">(.*?)</tr>', table[1], re.DOTALL)
    ]
    first = Counter(_plain(cells[0][1]) for _, _, cells in rows)
    for number, address, row in rows:
        (_, name), *cells = ((label[1] if (label := _LABEL.search(about)) else "", _plain(cell)) for about, cell in row)
        name = name if first[name] == 1 else address.replace("-", " ")  # a row of two classes is known by both
        said = {unescape(label): text for label, text in cells if text and text != _ABSENT}
        names = [name, *filter(None, [*name.split(", ")[:1], *said.get(OTHER_NAMES, "").split(", "), address.replace("-", " ")])]
        text = "; ".join(f"{label}: {words}" for label, words in said.items())
        weight = LATER_BOOSTS.get(url, ROW_BOOST)
        shown = {"title": escape(name, quote=False), "text": f"<p>{escape(text, quote=False)}</p>", "boost": weight}
        yield {"location": f"{url}#{address}", **shown, "names": names, "table": number}


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", _MARK.sub("", html))).split())


def leave_out_code(html: str) -> str:
    """Return a notebook's HTML in which its code and the numbers of its cells are left out of the search; prose and results stay."""
    return _CODE.sub(r'\1 data-search-exclude="yes"', html)


def leave_out_pictures(html: str) -> str:
    """Return a page's HTML in which the words of its drawings, which run together, are left out of the search."""
    return html.replace("<svg ", '<svg data-search-exclude="yes" ')


def number_words(body: str) -> str:
    """Return the glossary with an address in each row: ``word-ic50``."""
    return _GLOSSARY_ROW.sub(lambda row: f'| <span id="word-{_anchor(row[1])}"></span>{row[1]} |', body)


def _anchor(term: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", term.casefold()).strip("-")


def _find_owners(rows: Iterable[Entry]) -> dict[str, Entry]:
    """Return the row that each name is of, by the name without what only joins its parts.

    What a row is called goes before what it is called too, and a row of the other tables before the hazards of the same thing.
    """
    owners: dict[str, Entry] = {}
    ranked: dict[tuple[int, int], list[Entry]] = {}
    for row in rows:
        page = row["location"].partition("#")[0]
        ranked.setdefault(([*LATER_BOOSTS].index(page) if page in LATER_BOOSTS else -1, row["table"]), []).append(row)
    for _, equals in sorted(ranked.items()):
        for names in (slice(2), slice(2, None)):
            for row in equals:
                for name in row["names"][names]:
                    owners.setdefault(fold_name(name), row)
    return owners


def _group_names(owners: Mapping[str, Entry]) -> dict[str, list[str]]:
    """Return the names that each entry has as its own, by its address."""
    groups: dict[str, list[str]] = {}
    for folded, row in owners.items():
        groups.setdefault(row["location"], []).append(next(each for each in row["names"] if fold_name(each) == folded))
    return groups


def _find_row_words(rows: Iterable[Entry], places: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what each row is found by beside its name, by its address: its other names, its name in one word, and its mark."""
    marks = {place: f"{MARK}{number}" for number, place in enumerate(places)}
    words = {}
    for row in rows:
        told, place = row["title"].casefold(), row["location"]
        others = dict.fromkeys(each for each in [*row["names"][1:], fold_name(row["names"][0])] if each.casefold() not in told)
        words[place] = (*others, *([marks[place]] if place in marks else []))
    return words


def _find_common(names: Iterable[str], entries: Sequence[Entry]) -> list[str]:
    """Return the *names* that are everywhere, such as FAK: beside other words they do not ask for their row."""
    said = Counter(word for entry in entries for word in set(re.findall(r"\w+", f"{entry['title']} {entry['text']}".casefold())))
    return [name for name in names if said[name] > COMMON * len(entries)]


def _name_sections(entries: Iterable[Entry], words: Mapping[str, Sequence[str]]) -> Iterator[Entry]:
    """Yield what is not a row and has names all the same: a protocol, with its title and its id, and a section or page with *words* of its own."""
    for entry in entries:
        if entry["location"] in words:
            yield entry | {"names": list(words[entry["location"]]), "table": -1}
        elif (page := _PROTOCOL.fullmatch(entry["location"])) and page[1] != "index":
            yield entry | {"names": [entry["title"], page[1].replace("-", " ")], "table": -1}


def _weigh(entry: Entry, words: Mapping[str, Sequence[str]]) -> Entry:
    """Return *entry* with how much it counts: a section with *words* of its own more, a list of works less."""
    page, _, anchor = entry["location"].partition("#")
    if page == REFERENCES_PAGE or anchor == "references":
        return entry | {"boost": REFERENCES_BOOST}
    return entry | {"boost": WORDS_BOOST} if anchor and entry["location"] in words else entry


def add_rows(index: Mapping[str, Any], rows: Sequence[Entry], words: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], dict[str, Sequence[str]]]:
    """Return the search index with the *rows*, and what each entry is found by beside its text: *words*, and the names of rows.

    Names stand in its ``config``, those of one entry together in the order of the marks, and those that are common, for the script that asks.
    """
    named = [*_name_sections(index["docs"], words), *rows]
    owners = _find_owners(named)
    groups = _group_names(owners)
    config = {**index["config"], "names": list(groups.values()), "common": _find_common(owners, index["docs"])}
    docs = [_weigh(entry, words) for entry in index["docs"]]
    docs += [{key: value for key, value in row.items() if key not in ("names", "table")} for row in rows]
    return {"config": config, "docs": docs}, {**words, **_find_row_words(named, list(groups))}
