"""When a run happens: in time since its first step, or, with a start, by the clock and within the working day."""

from .elapsed import schedule
from .rows import Grown, Row, explained
from .start import Start, duration, start

__all__ = ["Grown", "Row", "Start", "duration", "explained", "schedule", "start"]
