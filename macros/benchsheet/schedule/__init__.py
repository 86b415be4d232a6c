"""When a run happens: in time since its first step, or, with a start, by the clock and within the working day."""

from .elapsed import schedule_elapsed
from .rows import ExtendedWait, ScheduleRow, describe_extension
from .start import Start, format_duration, parse_start

__all__ = ["ExtendedWait", "ScheduleRow", "Start", "describe_extension", "format_duration", "parse_start", "schedule_elapsed"]
