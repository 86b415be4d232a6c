"""What a protocol declares, in the words that the options and the help of the command line need."""

from __future__ import annotations

from typing import Any

from ..protocol.parameters.parameter import Parameter
from ..protocol.parameters.telling import describe_parameter, parameter_facts
from ..protocol.reader import Protocol
from ..protocol.shapes import FALSE_WORDS, TRUE_WORDS
from ..run.inputs import check_declared

__all__ = [
    "FALSE_WORDS",
    "TRUE_WORDS",
    "Parameter",
    "Protocol",
    "check_declared",
    "describe_parameter",
    "list_parameters",
    "parameter_facts",
]


def list_parameters(protocol: Protocol) -> list[dict[str, Any]]:
    """Return each parameter of *protocol* as data, as ``benchsheet show --json`` writes it; ``first``: whether it is asked for first."""
    return [
        {
            "name": parameter.name,
            "option": parameter.option,
            "form": parameter.form.name,
            "kind": parameter.kind or None,
            "label": parameter.label,
            "help": parameter.help,
            "default": parameter.default,
            "min": parameter.low or None,
            "max": parameter.high or None,
            "choices": list(protocol.choices(parameter)) if parameter.form.has_choices else None,
            "list": parameter.is_list,
            "evidence": parameter.evidence or None,
            "citations": list(parameter.cite),
            "first": parameter.name in protocol.ask,
        }
        for parameter in protocol.parameters.values()
    ]
