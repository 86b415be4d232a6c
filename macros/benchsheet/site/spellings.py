"""Spellings that mean the same in a search: µL, μL and uL; IC50 and IC₅₀; β-catenin and beta-catenin; a drug and its other names.

The index has them behind the word that they mean, hidden: so they are found, and the words around them are what a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_GREEK = dict(zip("αβγδεκλτω", ("alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "tau", "omega"), strict=True))
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HYPHENS = re.compile("[\u2010-\u2015]")
_WORD = re.compile(r"[^\s<>()\[\]{},;:!?\"“”]+")
_FIGURE = re.compile(r"(IC|GI|EC|LC|TGI|DC)([0-9₀-₉]{2})(?=s?$)")
_SITE = re.compile(r"p?([YST][0-9]{2,4})")
_UNIT = re.compile(r"u(L|M|g|m|mol)(/.*)?")
_NUMBERED = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)-(\d\w*)")  # a name with its number, which docs/assets/js/site.js asks for in one word
_TAG = re.compile(r"(<[^>]*>)")


def variants(word: str) -> set[str]:
    """Return *word* in every spelling that somebody may type."""
    plain = _HYPHENS.sub("-", word)
    found = {word, plain}
    if {"\u00b5", "\u03bc"} & set(plain):
        found |= {re.sub("[\u00b5\u03bc]", sign, plain) for sign in "\u00b5\u03bcu"}
    if _UNIT.fullmatch(plain):
        found |= {sign + plain[1:] for sign in "\u00b5\u03bc"}
    for sign, name in _GREEK.items():
        if sign in plain:
            found.add(plain.replace(sign, name))
        elif re.search(rf"(?<![a-z]){name}(?![a-z])", plain, re.IGNORECASE):
            found.add(re.sub(rf"(?<![a-z]){name}(?![a-z])", sign, plain, flags=re.IGNORECASE))
    if numbered := _NUMBERED.fullmatch(plain):
        found.add(numbered[1].replace("-", "") + numbered[2])
    found |= {part for part in plain.split("/")[1:] if len(part) > 2}  # a search breaks no word at a slash
    for part in re.split("[-/]", plain):
        if figure := _FIGURE.match(part):
            number = unicodedata.normalize("NFKC", figure[2])
            found |= {figure[1] + number, figure[1] + number.translate(_LOWERED)}
        if site := _SITE.fullmatch(part):
            found |= {site[1], "p" + site[1]}
    return found


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a text without tags, and where it ends."""
    for found in _WORD.finditer(text):
        yield found[0].strip(".'’*"), found.end()


def _named(text: str, names: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], int]]:
    """Yield each set of names of which *text* has one, and where that ends."""
    low = text.casefold()
    for alike in names:
        ends = [hit.end() for name in alike if (hit := re.search(rf"(?<![\w-]){re.escape(name.casefold())}(?![\w-])", low))]
        if ends:
            yield alike, min(ends)


def _missing(text: str, names: Sequence[frozenset[str]], known: set[str]) -> dict[int, list[str]]:
    """Return what else the words of a text may be spelled, by where they end, but what is *known*; all that is returned is known then."""
    found = [(variants(word), end) for word, end in _words(text)]
    found += [({other for name in alike for other in variants(name)}, end) for alike, end in _named(text, names)]
    more: dict[int, list[str]] = {}
    for spellings, end in found:
        if fresh := sorted(spellings - known):
            known |= spellings
            more.setdefault(end, []).extend(fresh)
    return more


def _hidden(words: Iterable[str]) -> str:
    """Return *words* so that nobody sees them; the space behind them parts what the search shows of the text before and after."""
    return f"<span><span hidden> {' '.join(words)}</span> </span>"


def spelled(title: str, text: str, names: Sequence[frozenset[str]]) -> str:
    """Return the *text* of an entry with the other spellings of its words and of its title's; *names* are sets of names of one thing."""
    parts = _TAG.split(text)
    known = {word for part in (title, *parts[::2]) for word, _ in _words(part)}
    head = [word for words in _missing(title, names, known).values() for word in words]
    for place in range(0, len(parts), 2):
        more = _missing(parts[place], names, known)
        for end in sorted(more, reverse=True):
            parts[place] = f"{parts[place][:end]}{_hidden(more[end])}{parts[place][end:]}"
    return (_hidden(head) if head else "") + "".join(parts)


def with_spellings(index: Mapping[str, Any], names: Iterable[frozenset[str]]) -> dict[str, Any]:
    """Return a search index in which each entry also has the other spellings of its words, where no reader sees them."""
    alike = [each for each in names if len(each) > 1]
    return {**index, "docs": [{**entry, "text": spelled(entry["title"], entry["text"], alike)} for entry in index["docs"]]}
