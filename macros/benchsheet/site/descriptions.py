"""The description of a built page for search engines and link previews: the first sentences of its text, as plain words."""

from __future__ import annotations

import re
from html import unescape

MOST_CHARS = 160  # about what a search engine shows
_PARAGRAPH = re.compile(r"<p(?P<look>[^>]*)>(?P<words>.*?)</p>", re.DOTALL)
_LEFT_OUT = re.compile(r'<pre\b.*?</pre>|<svg\b.*?</svg>|<sup class="cite">.*?</sup>|<abbr class="evidence".*?</abbr>', re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)
_ASIDE = re.compile(r"admonition-title|evidence-note")
_TAG = re.compile(r"<[^>]+>")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z0-9µ])")


def describe_page(html: str) -> str:
    """Return the first sentences of a page's *html* that fit into `MOST_CHARS`, at least a part of the first; "" if it has no paragraph."""
    for paragraph in _PARAGRAPH.finditer(_LEFT_OUT.sub("", html)):
        words = re.sub(r"\s+(?=[.,;:])", "", " ".join(unescape(_TAG.sub("", paragraph["words"])).split()))
        if not _ASIDE.search(paragraph["look"]) and re.search(r"\w\s+\w", words) and not _leads_away(paragraph["words"], words):
            return _cut(words)
    return ""


def _leads_away(html: str, words: str) -> bool:
    """Return whether most of a paragraph is links."""
    return 2 * sum(len(_TAG.sub("", link)) for link in _LINK.findall(html)) > len(words)


def _cut(words: str) -> str:
    """Return the whole sentences of *words* that fit; of a first one that is too long, as many words as fit."""
    text = ""
    for sentence in _SENTENCE_END.split(words):
        longer = f"{text} {sentence}".strip()
        if len(longer) > MOST_CHARS:
            break
        text = longer
    if text:
        return f"{text[:-1]}." if text.endswith(":") else text
    return f"{words[:MOST_CHARS].rpartition(' ')[0].rstrip(',;:')}…"
