"""Sentences of a protocol that hold for some runs: a text, or ``{say: a text, when: a condition}``; and those that a host does not want.

Raises ProtocolError for another form, and for what cannot be worked out.
"""

from __future__ import annotations

from ..errors import ProtocolError
from ..run.bench import Bench
from ..run.inputs import RunInputs
from ..yamltree import YamlMap


def fill_sentence(inputs: RunInputs, sentence: object, what: str) -> str:
    """Return *sentence* with its values; nothing if its ``when`` does not hold."""
    if isinstance(sentence, str):
        return inputs.interpolate(sentence)
    if not isinstance(sentence, YamlMap):
        raise ProtocolError(f"{what} is a text", "write the words, or {say: the words, when: a condition}")
    sentence.check_keys(("say", "when"), what, required=("say",))
    if "when" in sentence and inputs.condition_holds(sentence.text("when"), sentence) is not True:
        return ""
    return inputs.interpolate(sentence.text("say"))


def is_unsaid(bench: Bench, section: str, name: str = "") -> bool:
    """Return whether the host of *bench* leaves out what its protocol says under *section*: all of it, or the entry *name*."""
    return bench.scope.leaves_out(section, name)
