"""Sentences of a protocol that hold for some runs: a text, or ``{say: a text, when: a condition}``; and those that a host does not want.

Raises ProtocolError for what cannot be worked out.
"""

from __future__ import annotations

from ..errors import locate_errors
from ..protocol.entries import Sentence
from ..run.bench import Bench
from ..run.inputs import RunInputs


def fill_sentence(inputs: RunInputs, sentence: Sentence) -> str:
    """Return *sentence* with its values; nothing if its ``when`` does not hold."""
    with locate_errors(sentence.file, sentence.line):
        return inputs.interpolate(sentence.say) if inputs.holds(sentence.when) else ""


def is_unsaid(bench: Bench, section: str, name: str = "") -> bool:
    """Return whether the host of *bench* leaves out what its protocol says under *section*: all of it, or the entry *name*."""
    return bench.scope.leaves_out(section, name)
