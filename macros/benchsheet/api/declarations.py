"""What a protocol declares, in the words that the options and the help of the command line need."""

from __future__ import annotations

from ..protocol.parameters.parameter import Parameter
from ..protocol.parameters.telling import describe_parameter, parameter_facts
from ..protocol.reader import Protocol
from ..protocol.shapes import FALSE_WORDS, TRUE_WORDS
from ..run.inputs import check_declared

__all__ = ["FALSE_WORDS", "TRUE_WORDS", "Parameter", "Protocol", "check_declared", "describe_parameter", "parameter_facts"]
