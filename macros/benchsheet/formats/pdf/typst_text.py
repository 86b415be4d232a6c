"""Words as Typst reads them: every text becomes a quoted string, so that no sign of it is markup; refuses nothing.

The fonts that go along show Latin, Greek and Cyrillic letters and the signs of the bench. What they cannot show, and what
would turn or hide the words around it, is written by its number: ``[U+202E]``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from ..._dataclass import dataclass
from ...markup import Bits
from ...prose import Paragraph, Rows, noted, parsed
from .metrics import Run, wide

SHOWN = (
    " -~\u00a0-\u00ac\u00ae-\u017e\u01cd-\u01dc\u0218-\u021b\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1ea0-\u1ef9\u2012-\u2016"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2071\u2074-\u2079\u207d-\u2089\u20ac\u2122\u2126\u2150\u2151\u2153-\u215e"
    "\u2190-\u2193\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u2610\u2611\u2713"
)
_OTHER = re.compile(rf"[^{SHOWN}]+")
_FOLDED = {"\u2010": "-", "\u2011": "-", "\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0"}
_BLANKS = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
# These begin with the blank that they are about, so that a search goes from blank to blank.
_WITH_UNIT = re.compile(r" (?:(?<=[0-9] )(?=(?:[^\W\d_]{1,3}(?:/[^\W\d_]{1,5})?|°C|%|×)(?!\w))|(?<=% )(?=[vw]/[vw])|(?<=× )(?=g\b))")
_PER = re.compile(r"\u00a0(?<=[0-9]\u00a0)((?:%\u00a0)?[^\W\d_]{1,5}/)(?=[^\W\d_])")  # no line ends within a unit
_TO_FILL = re.compile(r"(?:(?<=[\w,:]) )?____+")
_NUMBERED = re.compile(r" (?<=[^\W\d_] )(?=[0-9]{1,3}(?:$|[,;)]|:(?![0-9])))")  # a name and its number: dose 2
_HYPHENED = re.compile(r"(?<=\w-)(?=p?[A-Z][0-9])")  # a name and its site: pFAK-Y397
_LONG = re.compile(r"\S{16,}")
_ENDS = re.compile(r"(?<=[-/–])(?=[^\W\d])")  # where a line may end within a word
_DIGIT = re.compile(r"[0-9%×]")
_SPECIAL = re.compile(r"[^ !-,./:-^`-~]|  ")  # what may not be written as it is: figures, strokes, other signs
_WORD = 12  # letters of a word that may
COLUMN, EACH = 160, 12  # points that a column has for a part of an address, and the signs of what a wider one is cut into
BLANK, SMALL = 11, 8  # strokes of a blank to write in: 16 mm, and 12 mm in the cells of lists
ON, OFF = "\ufdd0", "\ufdd1"  # no characters: they stand for where bold begins and ends


def plain(words: str, longest: int = 24, blank: int = BLANK) -> str:
    """Return *words* as they are shown: on one line, a number with its unit, and what is longer than *longest* breakable.

    A blank to write in is as wide as *blank* strokes, and stands with the word before it.
    """
    if not _SPECIAL.search(words) and max(map(len, words.split(" "))) < _WORD:
        return words.strip()
    found = (words if "  " not in words and words.isprintable() else _BLANKS.sub(" ", words)).strip()
    is_plain, has_number = found.isascii() and found.isprintable(), _DIGIT.search(found)
    if not is_plain:
        found = unicodedata.normalize("NFC", found)
        for sign, shown in _FOLDED.items():
            found = found.replace(sign, shown)
    if has_number:
        found = _WITH_UNIT.sub("\u00a0", found)
    if not is_plain:
        found = _OTHER.sub(_numbered, found)
    if has_number:
        found = _PER.sub("\u00a0\\1\u2060", _NUMBERED.sub("\u00a0", found))
    found = _LONG.sub(lambda word: _breakable(word[0], longest), found)
    if "-" in found:
        found = _HYPHENED.sub("\u2060", found)
    return _TO_FILL.sub(lambda gap: gap[0][:-4].strip("_").replace(" ", "\u00a0") + "_" * blank, found) if "____" in found else found


def _numbered(signs: re.Match[str]) -> str:
    return "[" + " ".join(f"U+{ord(sign):04X}" for sign in signs[0]) + "]"


def _breakable(word: str, longest: int) -> str:
    """Return a word whose parts, between the places where a line may end as it is, break where they are too long."""
    if len(word) < longest:
        return word
    parts = (part if len(part) < longest else _cut(part, longest // 2) for part in _ENDS.split(word))
    return "".join(parts)


def _cut(part: str, each: int) -> str:
    return "\u200b".join(part[at : at + each] for at in range(0, len(part), each))


@dataclass(frozen=True)
class Words:
    """Words of one paragraph: as Typst reads them, and as runs of one weight, to be measured."""

    markup: str
    runs: tuple[Run, ...] = ()

    def bold(self) -> tuple[Run, ...]:
        """Return the runs where all of them are bold."""
        return tuple((words, True) for words, _ in self.runs)


@functools.lru_cache(maxsize=4096)
def said(words: str, longest: int = 24, blank: int = BLANK) -> Words:
    """Return *words* of one weight."""
    shown = plain(words, longest, blank)
    return Words(f'"{_escaped(shown)}"', ((shown, False),) if shown else ())


def quoted(words: str, longest: int = 24, blank: int = BLANK) -> str:
    """Return *words* as a string of Typst."""
    return said(words, longest, blank).markup


def linked(words: str, shown: str, address: str) -> Words:
    """Return *words*, and behind them what leads to *address*, with no sign in it that is not its own: what is copied from paper is whole.

    A part between two places where a line may end that is wider than a column is cut by boxes without width, which are no signs.
    """
    if not address:
        return said(f"{words} {shown}".strip())
    pieces = [""]
    for part in _ENDS.split(_OTHER.sub(_numbered, unicodedata.normalize("NFC", shown))):
        first, *rest = [part] if wide(part) < COLUMN else [part[at : at + EACH] for at in range(0, len(part), EACH)]
        pieces = [*pieces[:-1], pieces[-1] + first, *rest]
    before, place = plain(words), "; gap; ".join(f'"{_escaped(piece)}"' for piece in pieces)
    markup = f'{{"{_escaped(before)} "; link("{_escaped(address)}", {{{place}}})}}'
    return Words(markup, ((f"{before} ", False), ("\u200b".join(pieces), False)))


def rich(words: str) -> Words:
    """Return words of a step, with what is bold in them."""
    if ON not in words:
        return said(words)
    parts, runs = [], []
    for place, part in enumerate(re.split(f"[{ON}{OFF}]", words)):
        if part:
            is_bold = place % 2 == 1
            edges = (" " if part[:1] == " " else "", " " if part[-1:] == " " and part != " " else "")
            shown = plain(part) if is_bold else f"{edges[0]}{plain(part)}{edges[1]}"
            parts.append(f'strong("{_escaped(shown)}")' if is_bold else f'"{_escaped(shown)}"')
            runs.append((shown, is_bold))
    return Words("{" + "; ".join(parts) + "}", tuple(runs))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"')


def prose(markdown: str, notes: dict[str, int]) -> tuple[Paragraph | Rows, ...]:
    """Return the prose of a step, with its bold words between ON and OFF."""
    return parsed(noted(markdown.replace(ON, "[U+FDD0]").replace(OFF, "[U+FDD1]"), notes), _marked)


def _marked(bits: Bits) -> str:
    marks = {"strong_open": ON, "strong_close": OFF, "break": " ", "hardbreak": " "}
    return "".join(marks.get(bit.kind, bit.words) for bit in bits)


def call(name: str, *words: str) -> str:
    """Return the call of a function of the layout; its words are Typst already."""
    return f"{name}({', '.join(words)})"


def several(items: Iterable[str]) -> str:
    """Return an array of Typst, of one item too."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
