"""Words with a meaning of their own, from the one glossary of the guide: shown where they stand on a page."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from .page import Page

SOURCE = "guide/words.md"
_ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_MARKUP = re.compile(r"[*`\\]|\[@[\w-]+\]|\[([^\]]*)\]\([^)]*\)")


@functools.lru_cache(maxsize=4)
def terms(text: str) -> Mapping[str, str]:
    """Return what each term means: those that no reader takes for a common word, so with a capital or a digit in them."""
    found = {}
    for head, meaning in _ROW.findall(text):
        plain = _MARKUP.sub(lambda hit: hit[1] or "", meaning).strip()
        for term in head.split(","):
            word = _MARKUP.sub("", term).strip()
            if re.search(r"[A-Z0-9]", word[1:] or word) and 1 < len(word) <= 24 and "(" not in word:
                found[word] = plain
    return found


@functools.lru_cache(maxsize=1024)
def _whole(term: str) -> re.Pattern[str]:
    """Return what finds *term* where it is no part of another word; it begins with the term, which is many times as fast to find."""
    return re.compile(rf"{re.escape(term)}(?<![\w-]{re.escape(term)})(?![\w-])")


def explained(page: Page, body: str, words: Mapping[str, str]) -> str:
    """Return the body with the meanings of the terms that stand in it behind it, as the build reads them."""
    if page.path == SOURCE:
        return body
    used = [f"*[{term}]: {meaning}" for term, meaning in words.items() if term in body and _whole(term).search(body)]
    return body.rstrip("\n") + "\n\n" + "\n".join(used) + "\n" if used else body
