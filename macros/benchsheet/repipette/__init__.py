"""An independent check of a finished Record: it is pipetted again, as printed, by code that shares nothing with the engine.

The replay reads the JSON's decimals exactly, repeats every operation in wells of its own, makes every recipe, and lists what
does not hold: a volume, a count, a concentration, an amount in the prose, or the seal. What is measured at the bench is skipped.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from . import pour, times, totals
from .parse import SCHEMA, Replay, content_digest
from .versions import OLD_SCHEMA, upgrade_record

__all__ = ["Replay", "content_digest", "replay", "upgrade_record"]


def replay(text: str) -> Replay:
    """Replay a Record's JSON; ``wrong`` of the result is empty if the sheet can be done as it stands."""
    try:
        record = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return Replay(record={}, wrong=["it is not a record: what is in it is not JSON"])
    if not isinstance(record, dict) or record.get("schema") not in (SCHEMA, OLD_SCHEMA):
        return Replay(record={}, wrong=[f"it is not a record: it has no schema {SCHEMA!r}"])
    run = Replay(record=record)
    try:
        run.check(content_digest(record) == record["seal"], "the seal is broken: the record was altered after it was made")
        if record["schema"] == OLD_SCHEMA:
            run.record, _ = upgrade_record(record)
        _replay_record(run, run.record)
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, IndexError, RecursionError) as error:
        run.wrong.append(f"not a whole record: {run.location or 'at the beginning'}: {type(error).__name__} {error}")
    return run


def _replay_record(run: Replay, record: dict[str, Any]) -> None:
    run.reagents = {reagent["id"]: reagent for reagent in record["reagents"]}
    run.retained_components = set(record["retained"])
    tolerance = record["lab"]["tolerance"]
    run.tolerance = run.read_amount(tolerance) / 100
    run.check(0 <= run.tolerance < 1, f"a tolerance of {tolerance['text']} is not one")
    identity = record["identity"]
    names = (identity["run"], identity["inputs"], identity["engine"]["build"])
    is_named = all(isinstance(name, str) and len(name) in (0, 16) for name in names) and re.match(r"\d+\.\d+\.\d", identity["engine"]["version"])
    run.check(is_named, "the record does not name its run, its inputs and its engine")
    pour.set_up_groups(run)
    for step in record["steps"]:
        pour.replay_step(run, step)
    for preparation in record["preparations"]:
        totals.check_preparation(run, preparation)
    totals.check_final_volumes(run)
    totals.check_shelf(run)
    totals.check_balance(run)
    totals.check_doses(run)
    times.check_times(run)
    times.check_planned(run)
    totals.check_totals(run)
