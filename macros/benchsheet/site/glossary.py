"""Words with a meaning of their own, from the one glossary of the guide: shown where they stand on a page."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from .page import Page

GLOSSARY_PATH = "guide/words.md"
_GLOSSARY_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_MARKUP = re.compile(r"[*`\\]|\[@[\w-]+\]|\[([^\]]*)\]\([^)]*\)")


@functools.lru_cache(maxsize=4)
def parse_glossary(text: str) -> Mapping[str, str]:
    """Return what each term means: those that no reader takes for a common word, so with a capital or a digit in them."""
    meanings = {}
    for head, meaning in _GLOSSARY_ROW.findall(text):
        plain = _MARKUP.sub(lambda hit: hit[1] or "", meaning).strip()
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
