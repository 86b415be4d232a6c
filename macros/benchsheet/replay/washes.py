"""The number of washes: what the words say of it, as the verb writes it and as an author does, against what is done."""

from __future__ import annotations

import re
from typing import Any

from .parse import GROUP_SPACE, Replay

_NUMBERS = {"once with": 1, "twice": 2} | {
    f"{word} times": number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_TYPED = re.compile(rf"\b(?:(\d+) times|{'|'.join(_NUMBERS)})\b(?! (?:as|the|a)\b)", re.IGNORECASE)  # not: twice as much
_SENTENCE_END = re.compile(r"[.;:!?](?=\s)|\n")


def check_washes(run: Replay, operation: dict[str, Any], record_step: dict[str, Any], what: str) -> None:
    """Check that the words say ``3 × **300 µL**`` of a wash, and how much that is in all; and no other number of times in that sentence."""
    words, times, each, total = record_step["markdown"], operation["times"], operation["each"]["text"], operation["total"]["text"]
    pattern = rf"(?<![\d.{GROUP_SPACE}]){times} × \*\*{re.escape(each)}\*\*" + ("" if total == each else rf"[^\n]{{0,200}}?\({re.escape(total)} in all\b")
    mentions = list(re.finditer(pattern, words))
    run.check(mentions, f"{what}: {times} × {each}, {total} in all, does not stand in the step's words")
    counts = {other["times"] for other in record_step["operations"] if other["op"] == "wash"}
    for mention in mentions:
        begin = max((end.end() for end in _SENTENCE_END.finditer(words, 0, mention.start())), default=0)
        end = _SENTENCE_END.search(words, mention.end())
        for typed in _TYPED.finditer(words[begin : end.start() if end else len(words)]):
            number = int(typed[1]) if typed[1] else _NUMBERS[typed[0].lower()]
            run.check(number in counts, f"{what}: {typed[0]!r} stands beside {times} × {each}")
