"""What the label of a bottle says of a hazard: signal word, the words of its pictograms, codes; refuses nothing, an empty one says nothing."""

from __future__ import annotations

from typing import Any


def hazard_label(hazard: dict[str, Any]) -> str:
    """Return ``Danger: corrosion, environment; H314 H410``, as much of it as the Record has."""
    signal = ": ".join(filter(None, (hazard["signal"], ", ".join(hazard["pictograms"]))))
    return "; ".join(filter(None, (signal, " ".join(hazard["codes"]))))
