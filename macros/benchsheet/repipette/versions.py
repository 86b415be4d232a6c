"""A Record of the form before, benchsheet-record/1, in the form of today; and what it does not say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .parse import SCHEMA, content_digest

OLD_SCHEMA = "benchsheet-record/1"
Json = dict[str, Any]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = re.compile(r"(\w+day)(?: to (\w+day))? (\d\d):(\d\d) to (\d\d):(\d\d)")
_DURATION = re.compile(r"P(\d+)DT(\d+)H(\d+)M(?:(\d+)S)?")
_TERM = re.compile(r"([\d.]+) (s|min|h)(?:/([^+]+?))?(?= \+|$)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_OVERAGES = {"all of it": "all", "at least": "batch_minimum", r"\d+ more place": "places", r"[\d.]+ %": "percent", ".": "volume", "": "none"}


def upgrade_record(old: Json) -> tuple[Json, list[str]]:
    """Return a Record of the form before in that of today, and what that does not say, a line each.

    Raise KeyError, TypeError or ValueError for what is not a whole Record.
    """
    unknown = ["the numbers in the lines of its totals", "the names that were given to places", "the planned times that its words rest on"]
    invocation, clock = _read_invocation(old), _read_clock(old)
    if "identity" not in old:
        unknown.append("which run it is for, and the build of its engine")
    identity = old.get("identity") or {"run": "", "inputs": old["digest"], "engine": {"version": old["engine"], "build": ""}}
    settings = {item["name"]: item["value"] for item in old["lab"]}
    percent = settings["overage"].partition(" %")[0]
    same = ("protocol", "parameters", "derived", "counts", "hands_on", "warnings", "controls", "gates", "waste", "leftovers", "citations", "notice")
    new = {
        "schema": SCHEMA,
        "identity": identity,
        "invocation": invocation,
        **{key: old[key] for key in same},
        "retained": old["stays"],
        "lab": {
            "profile": settings["profile"],
            "tolerance": old.get("tolerance", {"value": 2, "unit": "%", "text": "2 %"}),
            "overage": {"value": _read_number(percent), "unit": "%", "text": f"{percent} %"},
            "settings": old["lab"],
        },
        "clock": clock,
        "reagents": [
            {**each, "overage": {**_read_overage(each["overage"]["rule"]), "amount": each["overage"]["amount"]}} for each in old["reagents"]
        ],
        "preparations": [_upgrade_preparation(each) for each in old["preparations"]],
        "vessels": [_upgrade_vessel(each, _claimed_components(old)) for each in old["vessels"]],
        "plates": [_upgrade_plate(each, _claimed_components(old)) for each in old["plates"]],
        "steps": [_upgrade_step(each, old, unknown) for each in old["steps"]],
        "schedule": [_upgrade_row(each, invocation["start"], clock["zone"], unknown) for each in old["schedule"]],
        "planned": [],
        "totals": [{"text": line, "numbers": []} for line in old["totals"]],
        "equipment": [
            {**each, "short_name": each["name"].partition(",")[0].strip() or each["name"], "places": int(each["places"] or 0) or None}
            for each in old["equipment"]
        ],
    }
    return {**new, "seal": content_digest(new)}, list(dict.fromkeys(unknown))


def _rename(part: Json, **names: str) -> Json:
    """Return an entry with other names for some of its keys."""
    return {names.get(key, key): value for key, value in part.items()}


def _read_number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _read_invocation(old: Json) -> Json:
    """Return the command with what it gives, which are words of a shell in the form before."""
    argv, more = shlex.split(old["command"]), {"lab": "", "start": ""}
    given: dict[str, str] = {}
    words = argv[3:]
    while words:
        name, is_joined, value = words.pop(0)[2:].partition("=")
        key = name.replace("-", "_")
        if key not in old["parameters"] and key.removeprefix("no_") in old["parameters"]:
            key, value = key.removeprefix("no_"), "no"
        elif not is_joined:
            is_flag = isinstance(old["parameters"].get(key, {}).get("value"), bool)
            value = "yes" if not words or is_flag else words.pop(0)
        (given if key in old["parameters"] else more)[key] = value
    return {"argv": argv, "command": old["command"], "given": given, "lab_file": more["lab"], "start": more["start"]}


def _read_clock(old: Json) -> Json:
    """Return how times are meant, which are settings of the lab in words in the form before."""
    settings, begins = {item["name"]: item["value"] for item in old["lab"]}, [row["start"] for row in old["schedule"]]
    if not begins or begins[0].startswith("P"):
        return {"started": False, "first_day": None, "zone": None, "people": 1, "working_hours": []}
    hours = []
    for one, other, *clock in _WEEK.findall(settings.get("working hours", "")):
        opens, closes = (3600 * int(clock[at]) + 60 * int(clock[at + 1]) for at in (0, 2))
        days = range(_DAYS.index(one), _DAYS.index(other or one) + 1)
        hours += [{"weekday": day, "opens": opens, "closes": closes} for day in days]
    people, zone = int(settings.get("people", 1)), settings.get("time zone")
    return {"started": True, "first_day": min(begins)[:10], "zone": zone, "people": people, "working_hours": hours}


def _read_overage(text: str) -> Json:
    return {"kind": next(kind for beginning, kind in _OVERAGES.items() if re.match(beginning, text)), "text": text}


def _claimed_components(old: Json) -> dict[str, str]:
    """Return what is claimed of each group; of several components the last."""
    return {group: claim["component"] for step in old["steps"] for claim in step["claims"] for group in claim["at"]}


def _upgrade_hazards(hazards: Iterable[Json]) -> list[Json]:
    act = {"kind": "act", "name": "", "signal": "", "pictograms": [], "codes": [], "waste": ""}
    return [{"kind": "substance", **each} if "codes" in each else {**act, "handling": each["handling"]} for each in hazards]


def _upgrade_preparation(old: Json) -> Json:
    new = _rename(old, keeps="storage", holds="strength", rule="overage", comes_to="off_label")
    parts = [_rename(part, about="fill_to_mark") for part in old["components"]]
    return {**new, "overage": _read_overage(old["rule"]), "components": parts, "hazards": _upgrade_hazards(old["hazards"])}


def _upgrade_group(old: Json, group: str, components: dict[str, str]) -> Json:
    new = {key: value for key, value in _rename(old, brim="capacity").items() if key not in ("dose", "group")}
    doses = [{"component": components.get(group) or old["compound"] or group, "target": old["dose"]}] if old["dose"] else []
    return {**new, "doses": doses, "labels": {}}


def _upgrade_vessel(old: Json, components: dict[str, str]) -> Json:
    new = _rename(old, working="working_range", fixing="fixing_limit", brim="capacity")
    return {**new, "groups": [{**_upgrade_group(each, each["id"], components), "name": each["id"].partition("/")[2]} for each in old["groups"]]}


def _upgrade_plate(old: Json, components: dict[str, str]) -> Json:
    groups = {spot["group"]: {**_upgrade_group(spot, spot["group"], components), "unused": spot["mark"] == "."} for spot in old["wells"].values()}
    return {**old, "groups": groups, "wells": {well: spot["group"] for well, spot in old["wells"].items()}}


def _upgrade_step(old: Json, record: Json, unknown: list[str]) -> Json:
    new = {key: value for key, value in _rename(old, said="terms", place="location").items() if key not in ("batching", "after")}
    rule, total = old["hands_on"]["rule"], {key: value for key, value in old["hands_on"].items() if key != "rule"}
    ids = {step["title"]: step["id"] for step in record["steps"]}
    terms = _read_terms(rule, {**record["counts"], "batch": old["batches"]})
    units = [row["units"] for row in record["schedule"] if row["step"] == old["number"]] or [""]
    unit = next((term["unit"] for term in terms if term["unit"] not in ("", "batch")), "") if units[0] == "batch" else units[0]
    if sum(_seconds(term["time"]) * term["count"] for term in terms) != _seconds(total):
        unknown.append(f"what the hands-on time of step {old['number']} is the sum of")
        terms = [{"time": total, "unit": "", "count": 1}]
    sizes = [int(size) for many, size in re.findall(r"(\d+)(?: batches)? of (\d+)", old["batching"]) for _ in range(int(many))]
    sizes = sizes or ([1] * old["batches"] if old["batching"].startswith("one at a time") else [])
    if old["batching"] and not sizes:
        unknown.append(f"how many there are in each batch of step {old['number']}")
    return {
        **new,
        "hands_on": {"total": total, "terms": terms, "unit": unit, "text": rule},
        "batches": {"sizes": sizes, "text": old["batching"]} if old["batching"] else None,
        "follows": [ids[title] for title in old["after"]],
        "hazards": _upgrade_hazards(old["hazards"]),
        "operations": [_rename(each, place="location", found="measured") for each in old["operations"]],
    }


def _read_terms(rule: str, counts: dict[str, int]) -> list[Json]:
    terms = []
    for number, unit, per in _TERM.findall(rule):
        count = next((many for name, many in counts.items() if name.rpartition(".")[2] == per), 0) if per else 1
        terms.append({"time": {"value": _read_number(number), "unit": unit, "text": f"{number} {unit}"}, "unit": per, "count": count})
    return terms


def _seconds(time: Json) -> Fraction:
    return Fraction(str(time.get("seconds", 0))) or Fraction(str(time["value"])) * _SECONDS[time["unit"]]


def _upgrade_row(old: Json, start: str, zone: str | None, unknown: list[str]) -> Json:
    new = _rename(old, start="begin", units="unit", who="person")
    moments = {"begin": _read_moment(old["start"], start, zone, unknown), "end": _read_moment(old["end"], start, zone, unknown)}
    return {**new, **moments, "person": int(old["who"].rpartition(" ")[2]) if old["who"] else None}


def _read_moment(text: str, start: str, zone: str | None, unknown: list[str]) -> Json:
    if found := _DURATION.fullmatch(text):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return {"seconds": ((days * 24 + hours) * 60 + minutes) * 60 + seconds, "local": None, "fold": 0}
    there, first = datetime.fromisoformat(text), datetime.fromisoformat(start)
    if zone:
        try:
            there, first = there.replace(tzinfo=ZoneInfo(zone)), first.replace(tzinfo=ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError):
            unknown.append(f"the changes of the clock in {zone}, which this computer does not know")
        else:
            if there.utcoffset() != there.replace(fold=1).utcoffset():
                unknown.append(f"which of the two hours {text} is in")
            there, first = there.astimezone(UTC), first.astimezone(UTC)
    return {"seconds": int((there - first).total_seconds()), "local": text, "fold": 0}
