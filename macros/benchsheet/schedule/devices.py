"""Devices that are loaded in batches: one that two steps take is loaded for the second when it has stopped for the first."""

from __future__ import annotations

from collections.abc import Sequence

from ..record.model import Step
from .blocks import Block
from .day import Moment
from .links import Lot


class Devices:
    """What stands in each device, from the *blocks* that are placed so far."""

    def __init__(self, steps: Sequence[Step], blocks: list[list[Block]]) -> None:
        self.steps, self.blocks = steps, blocks
        self.rivals = [[n for n, other in enumerate(steps) if n != number and _one_device(step, other)] for number, step in enumerate(steps)]

    def occupied(self, number: int, lot: Lot, start: Moment) -> Moment:
        """Return how much later than *start* the device of a lot of step *number* is free of what another step has in it; 0 if it is."""
        end = start + lot.length + _runs(self.steps[number])
        over = [
            block.put + _runs(self.steps[other]) - start
            for other in self.rivals[number]
            for block in self.blocks[other]
            if block.start < end and start < block.put + _runs(self.steps[other])
        ]
        return max(over, default=0)


def _one_device(step: Step, other: Step) -> bool:
    """Return whether two steps load the same device in batches."""
    return bool(step.lots and other.lots and step.equipment) and step.equipment == other.equipment


def _runs(step: Step) -> Moment:
    """Return how long a device runs with a batch of a step."""
    return step.wait.planned if step.wait else 0
