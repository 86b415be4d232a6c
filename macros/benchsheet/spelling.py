"""How a name is compared with another: what makes no difference, and what one slip of a letter is."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_SIMPLER = str.maketrans(_GREEK)
# Capitals of Greek, and letters of Cyrillic, that nobody can tell from Latin ones; and what a brand wears.
_GREEK_CAPITALS = frozenset(map(chr, range(ord("Α"), ord("Χ") + 1)))
_LIKE_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІЅЈаеорсухіѕј", "ABEKMHOPCTYXISJaeopcyxisj", "™℠")
_SEPARATORS = re.compile(r"[^\w%+./']|_")
_ENDINGS = {"ate", "ite", "ide"}  # nitrite is not a slip of nitrate, and paxillin not one of pPaxillin
_SWAP_LETTERS, _SLIP_LETTERS = 4, 6  # of a word, for a slip in it not to make another thing of it: FGFR is not a slip of EGFR


@functools.lru_cache(maxsize=4096)
def fold_name(text: str) -> str:
    """Return *text* without what makes no difference in a name: capitals, spaces and hyphens of any kind, Greek letters for their names."""
    return _SEPARATORS.sub("", simplify_name(text))


def simplify_name(text: str) -> str:
    """Return *text* in small letters, Greek ones by their names, without the signs of a brand; a letter that only looks Latin is read as it looks.

    A Greek capital is one of those where another letter or a figure stands beside it: ``ΝaN₃``; by itself it is Greek: ``Β-catenin``.
    """
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKC", text.translate(_CYRILLIC))
    if not _GREEK_CAPITALS.isdisjoint(text):
        text = re.sub(r"(?<=[^\W_])[Α-Χ]|[Α-Χ](?=[^\W_])", lambda sign: sign[0].translate(_LIKE_LATIN), text)
    return text.casefold().translate(_SIMPLER)


def fold_own_name(text: str) -> str:
    """Return *text*, a name that somebody gave, without capitals and what only joins: VS-4718 is VS 4718; but 1-2 is not 12, and x- not x."""
    simple = simplify_name(text)
    if simple.isalnum():
        return simple

    def join(gap: re.Match[str]) -> str:
        return "-" if simple[gap.start() - 1].isdigit() and simple[gap.end()].isdigit() else ""

    return re.sub(r"(?<=[^\W_])[\s_‐-―−-]+(?=[^\W_])", join, simple)


def find_word(text: str, words: Iterable[str]) -> str | None:
    """Return the one of *words* that is *text* but for capitals, spaces and hyphens; None if there is none. A hyphen between digits counts."""
    folded, numbers = fold_name(text), re.findall(r"\d+", text)
    found = [word for word in words if fold_name(word) == folded and re.findall(r"\d+", word) == numbers] if folded else []
    return found[0] if len(found) == 1 else None


def find_nearest(word: str, names: Mapping[str, str], *, others_exist: bool = False) -> str | None:
    """Return what *names* (spelling to name) has for *word* but for one slip of a letter; None if nothing, or two things, are as near.

    A slip is a letter too much, too few or another one, or two letters that changed places; never a digit, and never the first letter.
    Where *others_exist* (drugs, cell lines, targets), a slip is believed only in a longer word.
    """
    simple, folded = simplify_name(word), fold_name(word)
    digits = "".join(filter(str.isdecimal, folded))
    near = set()
    for spelling, name in names.items():
        other = fold_name(spelling)
        if other == folded:
            return name
        if abs(len(other) - len(folded)) > 1 or other[:1] != folded[:1] or re.sub(r"\D", "", other) != digits or not _is_one_slip(folded, other):
            continue
        if not others_exist or _stays_itself(simple, simplify_name(spelling)):
            near.add(name)
    if len(near) > 1:  # a lost plural is the likelier slip: plate is plates rather than plated
        near = {names[spelling] for spelling in names if fold_name(spelling) == f"{folded}s"}
    return near.pop() if len(near) == 1 else None


def _is_one_slip(one: str, two: str) -> bool:
    """Return whether one letter was added, lost or changed between *one* and *two*, or two neighbours changed places."""
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    left, right = one[start:], two[start:]
    return left[1:] == right or left == right[1:] or left[1:] == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])


def _stays_itself(one: str, two: str) -> bool:
    """Return whether a slip between *one* and *two* is in a word so long that it hardly makes the name of another thing."""
    words, others = (re.findall(r"[^\W\d_]+", text) for text in (one, two))
    if len(words) != len(others):
        return False
    pairs = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    if len(pairs) != 1:
        return False
    word, other = pairs[0]
    if word[-3:] != other[-3:] and {word[-3:], other[-3:]} <= _ENDINGS:
        return False
    if sorted(word) == sorted(other):
        return len(word) >= _SWAP_LETTERS and word[0] == other[0]
    return min(len(word), len(other)) >= _SLIP_LETTERS and word[0] == other[0] and "p" + word != other and "p" + other != word
