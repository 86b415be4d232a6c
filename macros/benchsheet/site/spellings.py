"""Spellings that mean the same in a search: µL, μL and uL; IC50 and IC₅₀; β-catenin and beta-catenin; a drug and its other names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_GREEK = dict(zip("αβγδεκλτω", ("alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "tau", "omega"), strict=True))
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HYPHENS = re.compile("[\u2010-\u2015]")
_WORD = re.compile(r"[^\s<>()\[\]{},;:!?\"“”]+")
_FIGURE = re.compile(r"(IC|GI|EC|LC|TGI|DC)([0-9₀-₉]{2})")
_SITE = re.compile(r"p?([YST][0-9]{2,4})")
_TAGS = re.compile(r"<[^>]*>")


def folded(word: str) -> str:
    """Return the plain form in which like spellings are alike: small letters of a keyboard."""
    plain = _HYPHENS.sub("-", word).replace("\u00b5", "u").replace("\u03bc", "u").casefold()
    plain = "".join(_GREEK.get(sign, sign) for sign in plain)
    site = _SITE.fullmatch(word)
    return site[1].casefold() if site else unicodedata.normalize("NFKC", plain)


def variants(word: str) -> set[str]:
    """Return *word* in every spelling that somebody may type."""
    found = {word, _HYPHENS.sub("-", word)}
    if {"\u00b5", "\u03bc"} & set(word):
        found |= {re.sub("[\u00b5\u03bc]", sign, word) for sign in "\u00b5\u03bcu"}
    if re.fullmatch(r"u(L|M|g|m)(/.*)?", word):
        found |= {sign + word[1:] for sign in "\u00b5\u03bc"}
    for sign, name in _GREEK.items():
        if sign in word:
            found.add(word.replace(sign, name))
        elif re.search(rf"(?<![a-z]){name}(?![a-z])", word, re.IGNORECASE):
            found.add(re.sub(rf"(?<![a-z]){name}(?![a-z])", sign, word, flags=re.IGNORECASE))
    if figure := _FIGURE.fullmatch(word):
        number = unicodedata.normalize("NFKC", figure[2])
        found |= {figure[1] + number, figure[1] + number.translate(_LOWERED)}
    if site := _SITE.fullmatch(word):
        found |= {site[1], "p" + site[1]}
    return found


def others(text: str, names: Sequence[frozenset[str]]) -> list[str]:
    """Return the spellings that *text* has not and that mean a word in it; *names* are sets of names of one thing."""
    plain = _TAGS.sub(" ", text)
    words = {word.strip(".'’*") for word in _WORD.findall(plain)}
    found = {other for word in words for other in variants(word)} - words
    low = plain.casefold()
    for alike in names:
        there = {name for name in alike if re.search(rf"(?<![\w-]){re.escape(name.casefold())}(?![\w-])", low)}
        if there:
            found |= alike - there
    return sorted(found)


def with_spellings(index: Mapping[str, Any], names: Iterable[frozenset[str]]) -> dict[str, Any]:
    """Return a search index in which each entry also has the other spellings of its words, where no reader sees them."""
    alike = [each for each in names if len(each) > 1]
    docs = []
    for entry in index["docs"]:
        more = others(f"{entry['title']} {entry['text']}", alike)
        docs.append({**entry, "text": f"{entry['text']}<span hidden> {' '.join(more)}</span>"} if more else entry)
    return {**index, "docs": docs}
