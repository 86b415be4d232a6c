"""The labs in which `check` tries each protocol: coarse instruments show what fine ones hide."""

from __future__ import annotations

import functools
import json

from ..generated import read_data
from ..lab import Lab, parse_profile
from ..yamltree import parse_yaml_map


@functools.cache
def load_trial_labs() -> dict[str, Lab]:
    """Return the labs by name; what a lab does not say is as in the default lab."""
    text = read_data(__package__, "trial_labs.yml").decode("utf-8")
    tree = parse_yaml_map(text, "authoring/trial_labs.yml")
    return {name: parse_profile(json.dumps(tree.mapping(name)), f"the lab {name!r} of check") for name in tree}
