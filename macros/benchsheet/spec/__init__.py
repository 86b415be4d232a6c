"""What an author declares, and one run of it."""

from .parameters import Label, Parameter
from .protocol import TEMPLATE, Protocol, Source, protocol
from .run import Finding, Run, canonical, run

__all__ = ["TEMPLATE", "Finding", "Label", "Parameter", "Protocol", "Run", "Source", "canonical", "protocol", "run"]
