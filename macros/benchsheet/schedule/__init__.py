"""When a run happens: in time since its first step, or, with a start, by the clock and within the working day."""

from .elapsed import schedule_elapsed
from .rows import ExtendedWait, ScheduleRow, describe_extension

__all__ = ["ExtendedWait", "ScheduleRow", "describe_extension", "schedule_elapsed"]
