"""Text as Typst markup: every text becomes a quoted string, so that none of it is read as markup.

The bundled fonts have Latin, Greek and Cyrillic letters and the symbols of the bench. A character that they do not have, or that
would reverse or hide the text around it, is written by its code point: ``[U+202E]``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from ..._dataclass import dataclass
from ...markup import InlineSpans, Prose, format_prose, number_citations
from ...patterns import compile_when_used
from .metrics import TextRun, text_width

FONT_CHARS = (
    " -~\u00a0-\u00ac\u00ae-\u017e\u01cd-\u01dc\u0218-\u021b\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1ea0-\u1ef9\u2012-\u2016"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2071\u2074-\u2079\u207b\u207d-\u2089\u20ac\u2122\u2126\u2150\u2151\u2153-\u215e"
    "\u2190-\u2193\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u2610\u2611\u2713"
)
_MISSING_CHARS = compile_when_used(rf"[^{FONT_CHARS}]+")
_REPLACEMENTS = {"\u2010": "-", "\u2011": "-", "\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0"}
_WHITESPACE = compile_when_used(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
# These patterns begin with the space that they replace, so that a search goes from space to space.
_WITH_UNIT = compile_when_used(r" (?:(?<=[0-9] )(?=(?:[^\W\d_]{1,3}(?:/[^\W\d_]{1,5})?|°C|%|×)(?!\w))|(?<=% )(?=[vw]/[vw])|(?<=× )(?=g\b))")
_UNIT_SLASH = compile_when_used(r"\u00a0(?<=[0-9]\u00a0)((?:%\u00a0)?[^\W\d_]{1,5}/)(?=[^\W\d_])")  # no line break within a unit
_BLANK_MARKS = compile_when_used(r"(?:(?<=[\w,:]) )?____+")
_NAME_NUMBER = compile_when_used(r" (?<=[^\W\d_] )(?=[0-9]{1,3}(?:$|[,;)]|:(?![0-9])))")  # a name and its number: dose 2
_NAME_SITE = compile_when_used(r"(?<=\w-)(?=p?[A-Z][0-9])")  # a name and its site: pFAK-Y397
_LONG_WORD = compile_when_used(r"\S{16,}")
_WORD_BREAKS = compile_when_used(r"(?<=[-/–])(?=[^\W\d])")  # where a line may break within a word
_DIGIT = compile_when_used(r"[0-9%×]")
_SPECIAL = compile_when_used(r"[^ !-,./:-^`-~]|  ")  # digits, hyphens, underscores, double spaces and non-ASCII characters, which need a closer look
_MOST_PLAIN_CHARS = 12  # shorter words need none
ADDRESS_WIDTH, ADDRESS_CHARS = 160, 12  # a part of an address that is wider (points) is cut into pieces of so many characters
BLANK_STROKES, SMALL_BLANK_STROKES = 11, 8  # underscores of a blank to write in: 16 mm, and 12 mm in the cells of lists
BOLD_ON, BOLD_OFF = "\ufdd0", "\ufdd1"  # not characters: they mark where bold begins and ends


def clean_text(words: str, longest: int = 24, blank: int = BLANK_STROKES) -> str:
    """Return *words* as they are shown: white space as one space, no break between a number and its unit, breaks in words longer than *longest*.

    A blank to write in is as wide as *blank* underscores, and stays with the word before it.
    """
    if not _SPECIAL.search(words) and max(map(len, words.split(" "))) < _MOST_PLAIN_CHARS:
        return words.strip()
    text = (words if "  " not in words and words.isprintable() else _WHITESPACE.sub(" ", words)).strip()
    is_plain, has_number = text.isascii() and text.isprintable(), _DIGIT.search(text)
    if not is_plain:
        text = unicodedata.normalize("NFC", text)
        for char, replacement in _REPLACEMENTS.items():
            text = text.replace(char, replacement)
    if has_number:
        text = _WITH_UNIT.sub("\u00a0", text)
    if not is_plain:
        text = _MISSING_CHARS.sub(_format_code_points, text)
    if has_number:
        text = _UNIT_SLASH.sub("\u00a0\\1\u2060", _NAME_NUMBER.sub("\u00a0", text))
    text = _LONG_WORD.sub(lambda word: _break_word(word[0], longest), text)
    if "-" in text:
        text = _NAME_SITE.sub("\u2060", text)
    return _BLANK_MARKS.sub(lambda gap: gap[0][:-4].strip("_").replace(" ", "\u00a0") + "_" * blank, text) if "____" in text else text


def _format_code_points(match: re.Match[str]) -> str:
    return "[" + " ".join(f"U+{ord(char):04X}" for char in match[0]) + "]"


def _break_word(word: str, longest: int) -> str:
    """Return a word with places for line breaks in its long parts, between the places where a line may break anyway."""
    if len(word) < longest:
        return word
    parts = (part if len(part) < longest else _insert_breaks(part, longest // 2) for part in _WORD_BREAKS.split(word))
    return "".join(parts)


def _insert_breaks(part: str, each: int) -> str:
    return "\u200b".join(part[at : at + each] for at in range(0, len(part), each))


@dataclass(frozen=True, kw_only=True)
class TypstText:
    """Text of one paragraph: as Typst markup, and as runs of one weight, to be measured."""

    markup: str
    runs: tuple[TextRun, ...] = ()

    def bold_runs(self) -> tuple[TextRun, ...]:
        """Return the runs, all of them bold."""
        return tuple((words, True) for words, _ in self.runs)


@functools.lru_cache(maxsize=4096)
def typst_text(words: str, longest: int = 24, blank: int = BLANK_STROKES) -> TypstText:
    """Return *words* of one weight."""
    text = clean_text(words, longest, blank)
    return TypstText(markup=quote_string(text), runs=((text, False),) if text else ())


def typst_string(words: str, longest: int = 24, blank: int = BLANK_STROKES) -> str:
    """Return *words* as a Typst string, changed as by `clean_text`."""
    return typst_text(words, longest, blank).markup


def typst_link(words: str, link_text: str, address: str) -> TypstText:
    """Return *words*, and after them a link to *address* without added characters, so that it can be copied from the PDF.

    A part that is too wide for a column gets places for line breaks, which are boxes of no width and not characters.
    """
    if not address:
        return typst_text(f"{words} {link_text}".strip())
    pieces = [""]
    for part in _WORD_BREAKS.split(_MISSING_CHARS.sub(_format_code_points, unicodedata.normalize("NFC", link_text))):
        first, *rest = [part] if text_width(part) < ADDRESS_WIDTH else [part[at : at + ADDRESS_CHARS] for at in range(0, len(part), ADDRESS_CHARS)]
        pieces = [*pieces[:-1], pieces[-1] + first, *rest]
    before, place = clean_text(words), "; gap; ".join(quote_string(piece) for piece in pieces)
    markup = f"{{{quote_string(f'{before} ')}; link({quote_string(address)}, {{{place}}})}}"
    return TypstText(markup=markup, runs=((f"{before} ", False), ("\u200b".join(pieces), False)))


def rich_text(words: str) -> TypstText:
    """Return text of a step, with its bold parts between `BOLD_ON` and `BOLD_OFF`, as markup."""
    if BOLD_ON not in words:
        return typst_text(words)
    parts, runs = [], []
    for place, part in enumerate(re.split(f"[{BOLD_ON}{BOLD_OFF}]", words)):
        if part:
            is_bold = place % 2 == 1
            edges = (" " if part[:1] == " " else "", " " if part[-1:] == " " and part != " " else "")
            text = clean_text(part) if is_bold else f"{edges[0]}{clean_text(part)}{edges[1]}"
            parts.append(f"strong({quote_string(text)})" if is_bold else quote_string(text))
            runs.append((text, is_bold))
    return TypstText(markup="{" + "; ".join(parts) + "}", runs=tuple(runs))


def quote_string(words: str) -> str:
    """Return *words* as a Typst string, unchanged but for the escapes."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_prose(markdown: str, notes: dict[str, int]) -> tuple[Prose[str], ...]:
    """Return the prose of a step, with its bold words between `BOLD_ON` and `BOLD_OFF`."""
    return format_prose(number_citations(markdown.replace(BOLD_ON, "[U+FDD0]").replace(BOLD_OFF, "[U+FDD1]"), notes), _mark_bold)


def _mark_bold(spans: InlineSpans) -> str:
    marks = {"strong_open": BOLD_ON, "strong_close": BOLD_OFF, "break": " ", "hardbreak": " "}
    return "".join(marks.get(span.kind, span.text) for span in spans)


def typst_call(name: str, *words: str) -> str:
    """Return the call of a layout function with arguments that are Typst markup."""
    return f"{name}({', '.join(words)})"


def typst_array(items: Iterable[str]) -> str:
    """Return a Typst array; with its trailing comma one item is an array too."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
