"""An independent check of a finished Record: it is pipetted again, as printed, by code that shares nothing with the engine.

The replay reads the JSON's decimals exactly, repeats every operation in wells of its own, makes every recipe, and lists what
does not hold: a volume, a count, a concentration, an amount in the prose, or the seal. What is measured at the bench is skipped.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from . import pour, totals
from .parse import SCHEMA, Replay, content_digest

__all__ = ["Replay", "content_digest", "replay"]


def replay(text: str) -> Replay:
    """Replay a Record's JSON; ``wrong`` of the result is empty if the sheet can be done as it stands."""
    try:
        record = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return Replay(record={}, wrong=["it is not a record: what is in it is not JSON"])
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return Replay(record={}, wrong=[f"it is not a record: it has no schema {SCHEMA!r}"])
    run = Replay(record=record)
    try:
        _replay_record(run, record)
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, IndexError, RecursionError) as error:
        run.wrong.append(f"not a whole record: {run.location or 'at the beginning'}: {type(error).__name__} {error}")
    return run


def _replay_record(run: Replay, record: dict[str, Any]) -> None:
    run.reagents = {reagent["id"]: reagent for reagent in record["reagents"]}
    run.retained_components = set(record["stays"])
    if "tolerance" in record:
        run.tolerance = run.read_amount(record["tolerance"]) / 100
        run.check(0 <= run.tolerance < 1, f"a tolerance of {record['tolerance']['text']} is not one")
    run.check(content_digest(record) == record["seal"], "the seal is broken: the record was altered after it was made")
    known = record.get("identity", {"inputs": record["digest"], "engine": {"version": record["engine"]}})
    run.check(known["inputs"] == record["digest"], "the record has two digests")
    names = (known["run"], known["engine"]["build"]) if "identity" in record else ()
    run.check(all(isinstance(name, str) and len(name) == len(record["digest"]) for name in names), "the record names no run, or no engine")
    run.check(known["engine"]["version"] == record["engine"], "the record names two versions of the engine that made it")
    pour.set_up_groups(run)
    for step in record["steps"]:
        pour.replay_step(run, step)
    for preparation in record["preparations"]:
        totals.check_preparation(run, preparation)
    totals.check_final_volumes(run)
    totals.check_shelf(run)
    totals.check_balance(run)
    totals.check_doses(run)
    totals.check_times(run)
