"""The words of a template: each is a function of the bench, and together they are the whole vocabulary."""

from collections.abc import Callable
from typing import Any

from ..nested.call import protocol
from .dilute import dilute, mix
from .move import add, bring, dry, fill, remove, top_up, transfer, wash
from .normalize import level, measured
from .series import series
from .text import called, cite, in_sheet, q

VERBS: dict[str, Callable[..., Any]] = {
    "add": add, "fill": fill, "top_up": top_up, "bring": bring, "transfer": transfer, "remove": remove, "wash": wash, "dry": dry,
    "series": series, "dilute": dilute, "mix": mix, "measured": measured, "level": level, "q": q, "cite": cite, "called": called,
    "in_sheet": in_sheet, "protocol": protocol,
}  # fmt: skip
