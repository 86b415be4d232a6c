"""What this lab can do."""

from .dilution_plan import Planned
from .equipment import Equipment
from .gel_tanks import Filled, Tank
from .gels import Gel
from .labware import Plate
from .overage import EXACT, Rule, Spare, rule_of, two_figures_up
from .pipettes import Device, Set
from .profile import Lab, default, example, profile
from .stocks import Antibody

__all__ = [
    "EXACT", "Antibody", "Device", "Equipment", "Filled", "Gel", "Lab", "Planned", "Plate", "Rule", "Set", "Spare", "Tank",
    "default", "example", "profile", "rule_of", "two_figures_up",
]  # fmt: skip
