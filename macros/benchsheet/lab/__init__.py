"""What this lab can do."""

from .labware import Plate
from .overage import EXACT, Rule, Spare, rule_of, two_figures_up
from .pipettes import Device, Set
from .profile import Lab, default, profile

__all__ = ["EXACT", "Device", "Lab", "Plate", "Rule", "Set", "Spare", "default", "profile", "rule_of", "two_figures_up"]
