"""The comparison of a Record's times with one another: hands-on times and their terms, waits, planned times; and the amounts in the prose."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from .parse import POUR_OPERATIONS, PRINT_TOLERANCE, Replay


def check_times(run: Replay) -> None:
    """Check the step numbers, the sum of the hands-on times, the planned waits, and the amounts in the prose."""
    total = Fraction(0)
    for number, step in enumerate(run.record["steps"], 1):
        where = f"step {step['number']} {step['title']!r}"
        run.check(step["number"] == number, f"{where} stands in place {number}")
        total += _check_hands_on(run, step["hands_on"], where)
        for text, times in Counter(step["terms"]).items():
            run.check(step["markdown"].count(text) >= times, f"{where}: {text!r} does not stand in its words")
        _check_bold_amounts(run, step, where)
        wait = step["wait"]
        if wait:
            least, planned = run.read_amount(wait["min"]), run.read_amount(wait["planned"])
            most = run.read_amount(wait["max"]) if wait["max"] else planned
            run.check(least <= planned <= most, f"{where}: the planned wait is outside its range")
    whole = _read_time(run, run.record["hands_on"], "hands-on in all")
    run.check(total == whole, f"hands-on: {run.record['hands_on']['text']} in all is not the sum of the steps")


def _check_hands_on(run: Replay, hands_on: dict[str, Any], where: str) -> Fraction:
    """Return the hands-on time of a step, which its terms have to come to."""
    total = _read_time(run, hands_on["total"], where)
    terms = sum(_read_time(run, term["time"], where) * term["count"] for term in hands_on["terms"])
    run.check(terms == total, f"{where}: hands-on {hands_on['text']} does not come to {hands_on['total']['text']}")
    return total


def check_planned(run: Replay) -> None:
    """Work out again, from the rows of the schedule, what it has for the times that words rest on."""
    steps = {step["id"]: step for step in run.record["steps"]}
    for planned in run.record["planned"]:
        where = f"planned {planned['code']!r}"
        down, up = _unit_times(run, steps[planned["from"]])[1], _unit_times(run, steps[planned["to"]])[0]
        many = max(len(down), len(up))
        waits = [up[unit * len(up) // many] - down[unit * len(down) // many] for unit in range(many)] if down and up else [Fraction(0)]
        for key, wait in (("shortest", min(waits)), ("longest", max(waits))):
            told = _read_time(run, planned[key], where)
            run.check(wait == told, f"{where}: the schedule has {float(wait / 3600):g} h for its {key}, and it says {planned[key]['text']}")


def _unit_times(run: Replay, step: dict[str, Any]) -> tuple[list[Fraction], list[Fraction]]:
    """Return when each unit of a step is taken up and put down, in seconds, in their order."""
    rows = [row for row in run.record["schedule"] if row["step"] == step["number"]]
    hands = [row for row in rows if row["kind"] == "hands_on"]
    if not rows:
        return [], []
    ends = sorted(
        row["end" if hands else "begin"]["seconds"] + (-place if hands else place) * run.read_amount(row["every"])
        for row in hands or rows
        for place in range(row["times"])
    )
    hands_on, sizes = step["hands_on"], step["batches"]["sizes"] if step["batches"] else ()
    work = {
        unit: sum(_read_time(run, term["time"], "") for term in hands_on["terms"] if term["unit"] == unit) for unit in ("batch", hands_on["unit"])
    }
    if sizes:
        units = [
            (end - (work["batch"] + work[hands_on["unit"]] * size if hands else 0), end)
            for end, size in zip(ends, sizes, strict=False)
            for _ in range(size)
        ]
        return [begin for begin, _ in units], [end for _, end in units]
    if not hands_on["unit"]:
        return [min(row["begin"]["seconds"] for row in hands or rows)], ends[-1:]
    return [end - (work[hands_on["unit"]] if hands else 0) for end in ends], ends


def _read_time(run: Replay, time: dict[str, Any], where: str) -> Fraction:
    """Return a hands-on time in seconds: the exact ones where it has them, which have to be what is printed."""
    printed = run.read_amount(time)
    exact = Fraction(time.get("seconds", printed))
    run.check(abs(exact - printed) <= exact * PRINT_TOLERANCE, f"{where}: {time['text']} is printed for {float(exact):g} s")
    return exact


def _check_bold_amounts(run: Replay, step: dict[str, Any], where: str) -> None:
    """Check that each amount stands in the prose as often as it is pipetted: in bold, or in a cell of a table.

    The operations of one line with one amount are counted once where they are a transfer from several tubes. A removal counts if all wells
    of its line give the same amount, unless the prose says "all liquid" in its place.
    """
    tubes = {recipe["id"] for recipe in run.record["preparations"] if recipe["step"] == step["number"]}
    acts: Counter[str] = Counter()
    transfers = set()
    removals: defaultdict[int, set[str]] = defaultdict(set)
    for operation in step["operations"]:
        line, text = key = operation["location"]["line"], operation["each"]["text"]
        if operation["op"] == "remove":
            removals[line].add(text)
        if operation["op"] not in POUR_OPERATIONS or set(operation["to"]) <= tubes or key in transfers and operation["op"] == "transfer":
            continue
        acts[text] += 1
        if operation["op"] == "transfer":
            transfers.add(key)
    words = step["markdown"]
    same_amounts = [text for texts in removals.values() if len(texts) == 1 for text in texts]
    acts.update(text for text in same_amounts if f"**{text}**" in words or "all liquid" not in words)
    for text, times in acts.items():
        mentions = words.count(f"**{text}**") + sum(row.count(f" {text} |") for row in words.splitlines() if row.startswith("|"))
        run.check(mentions >= times, f"{where}: {text} stands {mentions} times in its words, and is done {times} times")
