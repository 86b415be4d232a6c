"""The Record: one run as plain data, which every format and the replay read; what identifies it, and its seal."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]  # the whole, or an entry in it: a step, a plate, a row of the schedule
