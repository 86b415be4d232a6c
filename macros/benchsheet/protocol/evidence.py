"""The words for how a figure is known, what a reader sees of each, and the rule that ``verified`` needs a citation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._dataclass import dataclass
from ..errors import ProtocolError, suggest


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One way to know a figure: the *label* in a table, the *meaning* in a legend, and whether it *needs_cite*."""

    label: str
    meaning: str
    needs_cite: bool = False


EVIDENCE = {
    "verified": Evidence(label="verified", meaning="read in the work cited", needs_cite=True),
    "general": Evidence(label="general knowledge", meaning="usual in laboratories: confirm it with your supplier"),
    "computed": Evidence(label="computed", meaning="worked out here from formulas or from other figures"),
    "source-only": Evidence(label="source only", meaning="said by the source document alone, and not checked"),
    "house": Evidence(label="house default", meaning="a choice of this site"),
}


EVIDENCE_KEYS = ("evidence", "cite", "confidence")


def check_evidence(entry: Mapping[str, Any]) -> None:
    """Raise ProtocolError if the ``evidence`` of *entry* is not one of the words, or needs a ``cite`` that is not there."""
    word = entry.get("evidence", "")
    if word not in EVIDENCE:
        raise ProtocolError(f"{word!r} is not a word for evidence", suggest(str(word), EVIDENCE, "one of"))
    if EVIDENCE[word].needs_cite and not entry.get("cite"):
        others = " or ".join(other for other, evidence in EVIDENCE.items() if not evidence.needs_cite)
        raise ProtocolError(f"evidence {word!r}, and no work is cited", f"name its key under 'cite', or say how else it is known: {others}")
