"""What the search of the site finds: also other spellings of a word (µL, μL and uL; IC50 and IC₅₀; β-catenin and beta-catenin) and a drug's synonyms.

The index holds them hidden behind the word that they mean: so they are found, and the words around them are what a reader sees.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .. import library
from ..errors import ProtocolError
from ..protocol.tables import parse_table
from .british_spelling import spell_abroad

_NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "tau", "omega")
_GREEK = {letter: (name, re.compile(rf"(?<![a-z]){name}(?![a-z])", re.IGNORECASE)) for letter, name in zip("αβγδεκλτω", _NAMES, strict=True)}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HYPHENS = re.compile("[\u2010-\u2015]")
_WORD = re.compile(r"[^\s<>()\[\]{},;:!?\"“”]+")
_PUNCTUATION = ".'’*"
_POTENCY = re.compile(r"(IC|GI|EC|LC|TGI|DC)([0-9₀-₉]{2})(?=s?$)")
_RESIDUE = re.compile(r"p?([YST][0-9]{2,4})")
_UNIT = re.compile(r"u(L|M|g|m|mol)(/.*)?")
_NAME_WITH_NUMBER = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)-(\d\w*)")  # a name with its number, which docs/assets/js/site.js asks for in one word
_TWO_WORDS = re.compile(r"([A-Za-z]{2,5})-([A-Za-z]{2,5})")  # co-IP, knock-down: also one word
_TAG = re.compile(r"(<[^>]*>)")
_STATE_KEY = re.compile(r"(TokenSet\.prototype\.toString=function\(\)\{[^}]*?\b(\w)=\2\+\w\+\w\.id)(\}return \2\})")
_FETCH = re.compile(r'(document\.forms\.namedItem\("search"\)\?)(\w+)\(\)(:\w+)')
# The index is fetched as the search is first used, or for what a link from the search asks to be marked. The theme takes a promise of it too.
_LATER = (
    r'\1new Promise(done=>{let asked=!1;const ask=()=>{asked||(asked=!0,\2().subscribe(done))},box=document.forms.namedItem("search").query;'
    r'/[?&][hq]=/.test(location.search)||document.activeElement===box?ask():(box.addEventListener("focus",ask),'
    r'document.getElementById("__search")?.addEventListener("change",ask))})\3'
)

_NO_WORDS: Mapping[str, Iterable[str]] = {}

NamePatterns = Sequence[tuple[frozenset[str], Sequence[tuple[str, re.Pattern[str]]]]]


@functools.lru_cache(maxsize=65536)  # pages repeat the same words
def spelling_variants(word: str) -> frozenset[str]:
    """Return *word* in every spelling that somebody may type."""
    plain = _HYPHENS.sub("-", word)
    spellings = {word, plain}
    if {"\u00b5", "\u03bc"} & set(plain):
        spellings |= {re.sub("[\u00b5\u03bc]", letter, plain) for letter in "\u00b5\u03bcu"}
    if _UNIT.fullmatch(plain):
        spellings |= {letter + plain[1:] for letter in "\u00b5\u03bc"}
    lower = plain.casefold()
    for letter, (name, whole) in _GREEK.items():
        if letter in plain:
            spellings.add(plain.replace(letter, name))
        elif name in lower and whole.search(plain):
            spellings.add(whole.sub(letter, plain))
    if match := _NAME_WITH_NUMBER.fullmatch(plain):
        spellings.add(match[1].replace("-", "") + match[2])
    if match := _TWO_WORDS.fullmatch(plain):
        spellings.add(match[1] + match[2])
    spellings |= {part for part in plain.split("/")[1:] if len(part) > 2}  # the search does not split words at a slash
    for part in re.split("[-/]", plain):
        if figure := _POTENCY.match(part):
            number = unicodedata.normalize("NFKC", figure[2])
            spellings |= {figure[1] + number, figure[1] + number.translate(_SUBSCRIPTS)}
        if site := _RESIDUE.fullmatch(part):
            spellings |= {site[1], "p" + site[1]}
    spellings |= spell_abroad(plain)
    return frozenset(spellings)


def _find_words(text: str) -> list[tuple[str, int]]:
    """Return each word of a text without tags, and where it ends."""
    return [(match[0].strip(_PUNCTUATION), match.end()) for match in _WORD.finditer(text)]


def _compile_names(names: Iterable[frozenset[str]]) -> NamePatterns:
    """Return for each set of names all their spellings, and the names in small letters, each with a pattern for the whole word."""
    patterns = []
    for synonyms in names:
        lower_names = sorted({name.casefold() for name in synonyms})
        spellings = frozenset(other for name in synonyms for other in spelling_variants(name))
        patterns.append((spellings, [(name, re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")) for name in lower_names]))
    return patterns


def _find_names(text: str, names: NamePatterns) -> Iterator[tuple[frozenset[str], int]]:
    """Yield the spellings of each thing that *text* names, and where the first of its names ends."""
    lower = text.casefold()
    for spellings, patterns in names:
        ends = [hit.end() for name, whole in patterns if name in lower and (hit := whole.search(lower))]
        if ends:
            yield spellings, min(ends)


def _missing_spellings(text: str, words: Iterable[tuple[str, int]], names: NamePatterns, seen: set[str]) -> dict[int, list[str]]:
    """Return the other spellings of the *words* of a text by where the words end, without those in *seen*, to which they are added."""
    more: dict[int, list[str]] = {}
    for spellings, end in (*((spelling_variants(word), end) for word, end in words), *_find_names(text, names)):
        if not spellings <= seen:
            more.setdefault(end, []).extend(sorted(spellings - seen))
            seen |= spellings
    return more


def _format_hidden(words: Iterable[str]) -> str:
    """Return *words* as hidden HTML; the space after them keeps the text before and after apart where the search shows it."""
    return f"<span><span hidden> {' '.join(words)}</span> </span>"


def _add_to_entry(title: str, text: str, names: NamePatterns) -> str:
    """Return the *text* of an entry with the other spellings of its words and of its title's."""
    parts = _TAG.split(text)
    title_words, *words = map(_find_words, (title, *parts[::2]))
    seen = {word for each in (title_words, *words) for word, _ in each}
    lower = f"{title}\n{text}".casefold()
    names_here = [each for each in names if any(name in lower for name, _ in each[1])]
    head = [word for more in _missing_spellings(title, title_words, names_here, seen).values() for word in more]
    for place in range(0, len(parts), 2):
        for end, more in sorted(_missing_spellings(parts[place], words[place // 2], names_here, seen).items(), reverse=True):
            parts[place] = f"{parts[place][:end]}{_format_hidden(more)}{parts[place][end:]}"
    whole, hidden = "".join(parts), _format_hidden(head) if head else ""
    start = "<p>" if whole.startswith("<p>") else ""  # within the paragraph, which the search shows whole
    return f"{start}{hidden}{whole.removeprefix(start)}"


def _spell_each(phrases: Iterable[str]) -> Iterable[str]:
    """Return *phrases* and, after them, the other spellings of their words."""
    phrases = list(phrases)
    said = {word for phrase in phrases for word in phrase.split()}
    return [*phrases, *sorted({other for word in said for other in spelling_variants(word)} - said)]


def add_spellings(index: Mapping[str, Any], names: Iterable[frozenset[str]], words: Mapping[str, Iterable[str]] = _NO_WORDS) -> dict[str, Any]:
    """Return a search index in which each entry also has other spellings of its words, hidden; *names* are sets of synonyms.

    *words* are what an entry is found by beside its text, by its location; they are hidden too.
    """
    patterns = _compile_names(each for each in names if len(each) > 1)
    more = {place: f" {_format_hidden(_spell_each(each))}" for place, each in words.items() if each}  # in the title, where a word counts most
    docs = (
        entry | {"title": title + more.get(entry["location"], ""), "text": _add_to_entry(title, entry["text"], patterns)}
        for entry in index["docs"]
        if (title := entry["title"].rstrip("¶"))
    )
    return {**index, "docs": list(docs)}


def drug_names() -> Iterable[frozenset[str]]:
    """Return the names of each drug: its own and its synonyms in the shared table."""
    table = parse_table("drugs", library.load_shared_files()["drugs.yml"], "protocols/_shared/drugs.yml")
    for name, row in table.rows.items():
        others = row.get("synonyms", ())
        yield frozenset({name, *others})


def patch_search(script: str, file: str) -> str:
    """Return the *script* of the search without the bug that takes two states for one; raise ProtocolError, with *file*, for an unknown script."""
    patched_script, count = _STATE_KEY.subn(r'\1+","\3', script)
    if count != 1:
        raise ProtocolError(
            "the theme's search is not the one that is mended here",
            "look whether it still loses words (lunr.js, issue 503), then change site/search_index.py",
            file,
        )
    return patched_script


def delay_index(script: str, file: str) -> str:
    """Return the theme's *script*, fetching the index of the search at its first use; raise ProtocolError, with *file*, for an unknown one."""
    patched_script, count = _FETCH.subn(_LATER, script)
    if count != 1:
        raise ProtocolError(
            "the theme's script does not fetch the index of the search as it did", "look how it does now, then change site/search_index.py", file
        )
    return patched_script
