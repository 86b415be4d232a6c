"""The steps of a sheet for a browser: what is done, and blanks for when, each beside the time that is planned.

Refuses nothing; a time that the schedule does not hold is a blank with nothing beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..outline import timetable
from ..outline.blocks import Block, Prose, Words
from ..outline.times import Moments
from .prose import actions
from .widgets import attribute, kept, moment, named_blank, said

TIMES = "The planned time stands before the blank for the actual one."
MOST_UNITS = 10  # of which each gets a blank for its own time
Rows = list[dict[str, Any]]


def steps(record: dict[str, Any], parts: list[tuple[Block, ...]]) -> str:
    """Return all steps, with a line where a new day begins; *parts* are the blocks of each, its heading first.

    Where the sheet has no start, its days are no working days, which is said before them.
    """
    rows: dict[int, Rows] = {}
    for row in record["schedule"]:
        rows.setdefault(row["step"], []).append(row)
    moments, found, today = Moments(record["schedule"]), [], ""
    relative = any(row["start"].startswith("P") for row in record["schedule"])
    found.append(f"<p>{kept(f'{TIMES} {timetable.COUNTED}' if relative else TIMES)}</p>")
    for step, (_, *blocks) in zip(record["steps"], parts, strict=True):
        own = rows.get(step["number"], [])
        day = timetable.split(own[0]["start"])[0] if own else today
        whose = moments.hands(step["number"]) if moments.several else ""
        found.append(_step(step, blocks, own, day, whose, new=day != today))
        today = day
    return "".join(found)


def _step(step: dict[str, Any], blocks: list[Block], rows: Rows, day: str, whose: str, *, new: bool) -> str:
    """Return one step; *whose* says when each of several people is at it."""
    number, pause = step["number"], ""
    hazard = f'<p class="hazard"><b>Hazard:</b> {said(" ".join(_hazards(step["hazards"])))}</p>' if step["hazards"] else ""
    inside = [f'<h3 id="step-{number}">{number}. {said(step["title"])}</h3>']
    for block in blocks:
        match block:
            case Words(text, "Pause point: "):
                pause = f'<p class="pause"><b>Pause point:</b> {kept(text)}</p>'
            case Words(text, ""):
                facts = _facts(text, rows)
                inside.append(f' <p class="facts">{kept(facts)}</p>' if facts else "")
            case Prose(markdown, notes):
                inside += [hazard, actions(number, markdown, notes)]  # a hazard is read before the first action
    band = f'<p class="day">{said(day)}</p>' if new else ""  # within its step, or it could be left alone at the foot of a column
    calendar = day.rpartition(" ")[2] if rows and not rows[0]["start"].startswith("P") else ""
    when = "".join(_when(step, rows)) + (f'<p class="whose">{kept(whose)}</p>' if whose else "")
    return (
        f'<article class="step" aria-labelledby="step-{number}" data-day={attribute(calendar)}>{band}<div class="do">{"".join(inside)}</div>'
        f'<div class="when">{when}</div>{pause}</article>\n'
    )


def _facts(text: str, rows: Rows) -> str:
    """Leave out the planned beginning: it stands beside its blank."""
    begins = f"begins {timetable.clock(rows[0]['start'])}." if rows else ""
    return text.removesuffix(begins).removesuffix("; ") if begins else text


def _hazards(hazards: Rows) -> Iterator[str]:
    """Say how each is handled; its codes and its waste stand once, in the list of hazards."""
    for hazard in hazards:
        signal = f" ({hazard['signal']})" if hazard.get("signal") else ""
        name = f"{hazard['name']}{signal}" if "codes" in hazard else ""
        yield ": ".join(filter(None, (name, hazard["handling"]))) + "."


def _when(step: dict[str, Any], rows: Rows) -> Iterator[str]:
    at, title = ("steps", step["number"]), f"step {step['number']}, {step['title']}"
    worked, waited = ([row for row in rows if row["kind"] == kind] for kind in ("hands_on", "wait"))
    day, begin = timetable.split(rows[0]["start"]) if rows else ("", "")
    yield moment((*at, "started"), "start", f"start of {title}", begin)
    yield moment((*at, "stopped"), "stop", f"stop of {title}", _later(_last(worked), day) if worked else "")
    if waited:
        yield moment((*at, "wait_over"), "until", f"end of the wait after {title}", _later(_last(waited), day))
    units = [row for row in worked if row["units"]]
    many = sum(row["times"] for row in units)
    if 1 < many <= MOST_UNITS:
        names = [f"{units[0]['units']} {number}" for number in range(1, many + 1)]
        blanks = "".join(named_blank((*at, "times", name), name, "unit") for name in names)
        yield f'<div class="units" role="group" aria-label="times of {said(title)}">{blanks}</div>'


def _last(rows: Rows) -> str:
    """Return when the last of some rows ends: of two people, it may be that of the first."""
    return max((str(row["end"]) for row in rows), key=timetable.order)


def _later(moment: str, today: str) -> str:
    """Return a time of the schedule, with its day where that is another than *today*."""
    day, clock = timetable.split(moment)
    return clock if day == today else f"{day if day.startswith('day') else day.partition(' ')[0]} {clock}"
