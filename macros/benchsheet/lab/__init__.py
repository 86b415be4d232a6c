"""What this lab can do."""

from .dilution_plan import DilutionPlan
from .equipment import Equipment
from .gel_tanks import Gel, Tank, TankLoad
from .labware import Labware
from .overage import NO_OVERAGE, NO_REASON, Overage, OverageReason, OverageRule, batch_minimum, build_overage_rule, round_up_two_figures
from .pipettes import Instrument, Setting, design_device, name_device
from .profile import Lab, default_lab, example_profile, parse_profile
from .stocks import Antibody

__all__ = [
    "NO_OVERAGE",
    "NO_REASON",
    "Antibody",
    "DilutionPlan",
    "Equipment",
    "Gel",
    "Instrument",
    "Lab",
    "Labware",
    "Overage",
    "OverageReason",
    "OverageRule",
    "Setting",
    "Tank",
    "TankLoad",
    "batch_minimum",
    "build_overage_rule",
    "default_lab",
    "design_device",
    "example_profile",
    "name_device",
    "parse_profile",
    "round_up_two_figures",
]  # fmt: skip
