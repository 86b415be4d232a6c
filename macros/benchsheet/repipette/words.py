"""The number of washes and the shares of a pool: what the words say of them against what is done."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Any

from .parse import GROUP_SPACE, UCUM_BY_SYMBOL, UNIT_SIZES, Replay

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {"once with": 1, "twice": 2} | {f"{word} times": number for number, word in enumerate(_WORDS, 1)}
_TYPED = re.compile(rf"\b(?:(\d+) times|{'|'.join(_NUMBERS)})\b(?! (?:as|the|a)\b)", re.IGNORECASE)  # not: twice as much
_SHARE = re.compile(rf"(?<![\d.{GROUP_SPACE}])([\d.{GROUP_SPACE}]+) ([nµm]?L)(?:\*\* \(| )from each of (\d+)")
_SENTENCE_END = re.compile(r"[.;:!?](?=\s)|\n")


def check_washes(run: Replay, operation: dict[str, Any], record_step: dict[str, Any], what: str) -> None:
    """Check that the words say ``3 × **300 µL**`` of a wash, and how much that is in all; and no other number of times in that sentence."""
    words, times, each, total = record_step["markdown"], operation["times"], operation["each"]["text"], operation["total"]["text"]
    pattern = rf"(?<![\d.{GROUP_SPACE}]){times} × \*\*{re.escape(each)}\*\*" + (
        "" if total == each else rf"[^\n]{{0,200}}?\({re.escape(total)} in all\b"
    )
    mentions = list(re.finditer(pattern, words))
    run.check(mentions, f"{what}: {times} × {each}, {total} in all, does not stand in the step's words")
    counts = {other["times"] for other in record_step["operations"] if other["op"] == "wash"}
    for mention in mentions:
        begin = max((end.end() for end in _SENTENCE_END.finditer(words, 0, mention.start())), default=0)
        end = _SENTENCE_END.search(words, mention.end())
        for typed in _TYPED.finditer(words[begin : end.start() if end else len(words)]):
            number = int(typed[1]) if typed[1] else _NUMBERS[typed[0].lower()]
            run.check(number in counts, f"{what}: {typed[0]!r} stands beside {times} × {each}")


def check_shares(run: Replay, record_step: dict[str, Any], where: str) -> None:
    """Check that the words say what each place of a pool gives, ``450 µL from each of 2``, and say it of nothing else."""
    shares: Counter[tuple[Fraction, int]] = Counter()
    into_one: Counter[tuple[str, int, Fraction]] = Counter()
    pooled = []
    for operation in record_step["operations"]:
        if operation["op"] != "transfer":
            continue
        size, each = run.groups[operation["from"]].size, run.read_amount(operation["each"])
        giving = max(1, size // operation["count"])
        if giving > 1:
            pooled.append((each / giving, operation["each"]["text"], giving))
        shares[each / giving, giving] += 1
        for to in operation["to"]:
            into_one[to, operation["location"]["line"], each / giving] += giving
    told = {
        (Fraction(number.replace(GROUP_SPACE, "")) * UNIT_SIZES.get(UCUM_BY_SYMBOL.get(unit, unit), 1), int(count))
        for number, unit, count in _SHARE.findall(record_step["markdown"])
    }
    done = set(shares) | {(share, count) for (_, _, share), count in into_one.items()}
    for share, count in told - done:
        run.check(False, f"{where}: {float(share / 1000):g} µL from each of {count} is said, and is not what is done")
    for share, text, giving in pooled:
        said = any(volume == share and count % giving == 0 for volume, count in told)
        run.check(said, f"{where}: {text} is pooled from {giving} places, and the words do not say the share of each")
