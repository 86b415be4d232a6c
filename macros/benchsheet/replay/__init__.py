"""Pipettes a finished Record again, as printed; imports nothing of the engine and believes nothing it says.

It reads the JSON's decimals exactly, pours every operation into wells of its own, makes every recipe, and lists what does
not hold: a volume, a count, a concentration, a word of prose, or the seal. What is only measured at the bench it skips.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from . import pour as pouring
from . import totals as lists
from .parse import SCHEMA, Replay, seal

__all__ = ["Replay", "replay", "seal"]


def replay(text: str) -> Replay:
    """Replay a Record's JSON; ``wrong`` of what is returned is empty if the sheet can be done as it stands."""
    empty = Replay({})
    try:
        record = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        empty.wrong.append(f"not a record: {error}")
        return empty
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        empty.wrong.append(f"not a record: it has no schema {SCHEMA!r}")
        return empty
    made = Replay(record)
    try:
        _run(made, record)
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, IndexError, RecursionError) as error:
        made.wrong.append(f"not a whole record: {made.where or 'at the beginning'}: {type(error).__name__} {error}")
    return made


def _run(made: Replay, record: dict[str, Any]) -> None:
    made.reagents = {reagent["id"]: reagent for reagent in record["reagents"]}
    made.stays = set(record["stays"])
    made.check(seal(record) == record["seal"], "the seal is broken: the record was altered after it was made")
    known = record.get("identity", {"inputs": record["digest"], "engine": {"version": record["engine"]}})
    made.check(known["inputs"] == record["digest"], "the record has two digests")
    made.check(known["engine"]["version"] == record["engine"], "the record names two versions of the engine that made it")
    pouring.set_out(made)
    for step in record["steps"]:
        pouring.step(made, step)
    for preparation in record["preparations"]:
        lists.preparation(made, preparation)
    lists.ends(made)
    lists.shelf(made)
    lists.balance(made)
    lists.doses(made)
    lists.times(made)
