"""Devices that hold so much at a time: one that two steps or two people take is loaded for the second when it has stopped for the first."""

from __future__ import annotations

from collections.abc import Sequence

from ..run.events import Step
from .links import Lot
from .model import WorkBlock
from .working_days import Seconds


class Devices:
    """What stands in each device, from the *blocks* that are placed so far, for so many *people*."""

    def __init__(self, steps: Sequence[Step], blocks: list[list[WorkBlock]], people: int) -> None:
        self.steps, self.blocks = steps, blocks
        self.is_shared = [step.single_place and people > 1 for step in steps]  # one person is at one device at a time as it is
        self.rivals = [[other for other in range(len(steps)) if self._are_rivals(number, other)] for number in range(len(steps))]

    def _are_rivals(self, number: int, other: int) -> bool:
        """Return whether two steps take the same device, and it holds no more than one of them puts in; a step may be its own rival."""
        one, two = self.steps[number], self.steps[other]
        if not one.equipment or one.equipment != two.equipment:
            return False
        return self.is_shared[number] and self.is_shared[other] or number != other and bool(one.batches and two.batches)

    def delay(self, number: int, lot: Lot, start: Seconds) -> Seconds:
        """Return how much later than *start* the device of a lot of step *number* is free of what another step has in it; 0 if it is."""
        end = start + lot.length + _run_time(self.steps[number])
        over = [
            block.end + _run_time(self.steps[other]) - start
            for other in self.rivals[number]
            for block in self.blocks[other]
            if block.start < end and start < block.end + _run_time(self.steps[other])
        ]
        return max(over, default=0)


def _run_time(step: Step) -> Seconds:
    """Return how long a device runs with a batch of a step."""
    return step.wait.plan if step.wait else 0
