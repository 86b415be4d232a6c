"""Spellings that mean the same in a search: µL, μL and uL; IC50 and IC₅₀; β-catenin and beta-catenin; a drug and its other names.

The index has them behind the word that they mean, hidden: so they are found, and the words around them are what a reader sees.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_LETTERS = ("alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "tau", "omega")
_GREEK = {sign: (name, re.compile(rf"(?<![a-z]){name}(?![a-z])", re.IGNORECASE)) for sign, name in zip("αβγδεκλτω", _LETTERS, strict=True)}
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HYPHENS = re.compile("[\u2010-\u2015]")
_WORD = re.compile(r"[^\s<>()\[\]{},;:!?\"“”]+")
_AROUND = ".'’*"
_FIGURE = re.compile(r"(IC|GI|EC|LC|TGI|DC)([0-9₀-₉]{2})(?=s?$)")
_SITE = re.compile(r"p?([YST][0-9]{2,4})")
_UNIT = re.compile(r"u(L|M|g|m|mol)(/.*)?")
_NUMBERED = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)-(\d\w*)")  # a name with its number, which docs/assets/js/site.js asks for in one word
_TAG = re.compile(r"(<[^>]*>)")

Names = Sequence[tuple[frozenset[str], Sequence[tuple[str, re.Pattern[str]]]]]


@functools.lru_cache(maxsize=65536)  # a site says the same words again and again
def variants(word: str) -> frozenset[str]:
    """Return *word* in every spelling that somebody may type."""
    plain = _HYPHENS.sub("-", word)
    found = {word, plain}
    if {"\u00b5", "\u03bc"} & set(plain):
        found |= {re.sub("[\u00b5\u03bc]", sign, plain) for sign in "\u00b5\u03bcu"}
    if _UNIT.fullmatch(plain):
        found |= {sign + plain[1:] for sign in "\u00b5\u03bc"}
    small = plain.casefold()
    for sign, (name, whole) in _GREEK.items():
        if sign in plain:
            found.add(plain.replace(sign, name))
        elif name in small and whole.search(plain):
            found.add(whole.sub(sign, plain))
    if numbered := _NUMBERED.fullmatch(plain):
        found.add(numbered[1].replace("-", "") + numbered[2])
    found |= {part for part in plain.split("/")[1:] if len(part) > 2}  # a search breaks no word at a slash
    for part in re.split("[-/]", plain):
        if figure := _FIGURE.match(part):
            number = unicodedata.normalize("NFKC", figure[2])
            found |= {figure[1] + number, figure[1] + number.translate(_LOWERED)}
        if site := _SITE.fullmatch(part):
            found |= {site[1], "p" + site[1]}
    return frozenset(found)


def _words(text: str) -> set[str]:
    """Return the words of a text without tags."""
    return {word.strip(_AROUND) for word in _WORD.findall(text)}


def _places(text: str, words: set[str]) -> Iterator[tuple[str, int]]:
    """Yield each of *words* in a text without tags, and where it ends."""
    for found in _WORD.finditer(text) if words else ():
        if (word := found[0].strip(_AROUND)) in words:
            yield word, found.end()


def _searched(names: Iterable[frozenset[str]]) -> Names:
    """Return each set of names with what is looked for: a name as it stands in small letters, and as a whole word."""
    found = []
    for alike in names:
        lowered = sorted({name.casefold() for name in alike})
        spellings = frozenset(other for name in alike for other in variants(name))
        found.append((spellings, [(name, re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")) for name in lowered]))
    return found


def _named(text: str, names: Names) -> Iterator[tuple[frozenset[str], int]]:
    """Yield the spellings of each thing that *text* names, and where the first of its names ends."""
    low = text.casefold()
    for spellings, searched in names:
        ends = [hit.end() for name, whole in searched if name in low and (hit := whole.search(low))]
        if ends:
            yield spellings, min(ends)


def _missing(text: str, several: set[str], names: Names, known: set[str]) -> dict[int, list[str]]:
    """Return what else the words of a text may be spelled, by where they end, but what is *known*; all that is returned is known then."""
    more: dict[int, list[str]] = {}
    for spellings, end in (*((variants(word), end) for word, end in _places(text, several)), *_named(text, names)):
        if not spellings <= known:
            more.setdefault(end, []).extend(sorted(spellings - known))
            known |= spellings
    return more


def _hidden(words: Iterable[str]) -> str:
    """Return *words* so that nobody sees them; the space behind them parts what the search shows of the text before and after."""
    return f"<span><span hidden> {' '.join(words)}</span> </span>"


def _spelled(title: str, text: str, names: Names) -> str:
    """Return the *text* of an entry with the other spellings of its words and of its title's."""
    parts = _TAG.split(text)
    words = [_words(part) for part in (title, *parts[::2])]
    known = set().union(*words)
    several = {word for word in known if len(variants(word)) > 1}
    low = f"{title}\n{text}".casefold()
    here = [each for each in names if any(name in low for name, _ in each[1])]
    head = [word for more in _missing(title, words[0] & several, here, known).values() for word in more]
    for place, said in enumerate(words[1:]):
        more = _missing(parts[2 * place], said & several, here, known)
        for end in sorted(more, reverse=True):
            parts[2 * place] = f"{parts[2 * place][:end]}{_hidden(more[end])}{parts[2 * place][end:]}"
    return (_hidden(head) if head else "") + "".join(parts)


def with_spellings(index: Mapping[str, Any], names: Iterable[frozenset[str]]) -> dict[str, Any]:
    """Return a search index in which each entry has the other spellings of its words too, unseen; each of *names* are those of one thing."""
    searched = _searched(each for each in names if len(each) > 1)
    return {**index, "docs": [{**entry, "text": _spelled(entry["title"], entry["text"], searched)} for entry in index["docs"]]}
