"""What this lab can do."""

from .antibodies import Antibody
from .equipment import Equipment
from .gels import Gel
from .labware import Plate
from .overage import EXACT, Rule, Spare, rule_of, two_figures_up
from .pipettes import Device, Set
from .planning import Planned
from .profile import Lab, default, example, profile
from .tanks import Filled, Tank

__all__ = [
    "EXACT", "Antibody", "Device", "Equipment", "Filled", "Gel", "Lab", "Planned", "Plate", "Rule", "Set", "Spare", "Tank",
    "default", "example", "profile", "rule_of", "two_figures_up",
]  # fmt: skip
