"""What an author declares, and one run of it."""

from .checks import Finding
from .parameters import Parameter
from .protocol import Protocol, protocol
from .run import Run, canonical, run, typed_again
from .source import TEMPLATE, Source
from .uses import Use
from .values import Label, Numbered

__all__ = ["TEMPLATE", "Finding", "Label", "Numbered", "Parameter", "Protocol", "Run", "Source", "Use", "canonical", "protocol", "run", "typed_again"]
