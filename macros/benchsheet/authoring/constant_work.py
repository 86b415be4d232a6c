"""Steps that handle more with a larger run, and take as long: their hands-on time lacks a term of what they grow with.

Told as a note, since somebody may handle many at once. Tubes, dishes and membranes are taken one by one; a plate or a gel counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .._dataclass import dataclass
from ..lab import default_lab
from ..units import format_count

if TYPE_CHECKING:
    from ..record.step_types import Step
    from ..record.types import Record

_MUCH_MORE = 2  # times as much handled


@dataclass(frozen=True, kw_only=True)
class StepWork:
    """What a step of one trial handles in a *hands_on* time as printed: so many *pieces* by act and vessel; *counts* are those of the run."""

    title: str
    file: str
    line: int
    hands_on: str
    pieces: dict[tuple[Any, ...], int]
    counts: dict[str, int]


def read_work(record: Record) -> dict[str, StepWork]:
    """Return the work of each step of a Record that has hands-on time, by its title."""
    pieces_by_group = _count_pieces(record)
    return {
        step["title"]: StepWork(
            title=step["title"],
            file=step["location"]["file"],
            line=step["location"]["line"],
            hands_on=step["hands_on"]["total"]["text"],
            pieces=_pieces_by_act(step, pieces_by_group),
            counts=record["counts"],
        )
        for step in record["steps"]
        if step["hands_on"]["total"]["value"]
    }


def _count_pieces(record: Record) -> dict[str, tuple[str, int]]:
    """Return for each group its vessel and how many pieces it is: its places, or, of wells and lanes, the plates or gels."""
    found = {}
    for vessel in record["vessels"]:
        in_one = default_lab().position_of(vessel["labware"]) in ("well", "lane")
        for group in vessel["groups"]:
            found[group["id"]] = vessel["id"], vessel["count"] if in_one else -group["size"]
    return found


def _pieces_by_act(step: Step, pieces_by_group: dict[str, tuple[str, int]]) -> dict[tuple[Any, ...], int]:
    """Return how many pieces each act of a step takes in hand in each vessel; the groups of one plate are taken together.

    Of a transfer out of several pieces these count: how many tubes one of them is shared out to is not looked at.
    """
    pieces: dict[tuple[Any, ...], tuple[dict[str, int], dict[str, int]]] = {}
    for operation in step["operations"]:
        if operation["op"] == "measure":
            continue
        for name in operation["to"]:
            vessel, count = pieces_by_group[name]
            found, sources = pieces.setdefault((operation["location"]["line"], operation["op"], operation["times"], vessel), ({}, {}))
            found[vessel if count > 0 else name] = abs(count)
            source = operation.get("from")
            if source and count < 0:  # into a plate it is the plate that counts
                sources[source] = abs(pieces_by_group[source][1])
    return {act: sum(sources.values()) if sum(sources.values()) > 1 else sum(found.values()) for act, (found, sources) in pieces.items()}


def find_constant_work(trials: Sequence[tuple[str, dict[str, StepWork]]]) -> Iterator[str]:
    """Return a note for each step of which an act grows as a count does, and the hands-on time does not; a hint is told once.

    *trials* are those of one parameter each, by its name; the first, of none, is compared with all.
    """
    told: set[str] = set()
    steps_by_hint: dict[str, list[str]] = {}
    for at, (parameter, many_works) in enumerate(trials):
        for other, few_works in trials[:at]:
            if other not in ("", parameter):
                continue
            for title in many_works.keys() & few_works.keys() - told:
                few, many = sorted((few_works[title], many_works[title]), key=lambda work: max(work.pieces.values(), default=0))
                if few.hands_on == many.hands_on and (grown := _find_growth(few, many)):
                    told.add(title)
                    name, vessel, few_pieces, many_pieces = grown
                    unit = name.rpartition(".")[2]
                    runs = f"for {format_count(few.counts[name], unit)} or for {format_count(many.counts[name], unit)}"
                    handled = f"whether {few_pieces} or {many_pieces} of {vessel!r} are handled, {runs}"
                    hint = f"add a term, like '+ 1 min/{unit}', or per=\"{unit}\""
                    steps_by_hint.setdefault(hint, []).append(f"{few.file}:{few.line}: step {title!r} takes {few.hands_on} {handled}")
    for hint, steps in steps_by_hint.items():
        yield "\n".join(steps) + f"\n  hint: {hint}"


def _find_growth(few: StepWork, many: StepWork) -> tuple[str, str, int, int] | None:
    """Return a count, a vessel, and the pieces of an act there, so many for each counted, which are at least twice as many in *many*."""
    for act in few.pieces.keys() & many.pieces.keys():
        one, other = few.pieces[act], many.pieces[act]
        for name, count in few.counts.items():
            if count and not one % count and other >= _MUCH_MORE * one and count * other == many.counts.get(name, 0) * one:
                return name, act[-1], one, other
    return None
