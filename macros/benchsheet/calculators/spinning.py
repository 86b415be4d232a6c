"""A spin: force from speed, or speed from force; refuses a radius that no rotor has."""

from __future__ import annotations

from ..arithmetic import centrifuge
from ..errors import ProtocolError
from .model import Calculation, Calculator, CalculatorInputs, Option, Result
from .results import amount_text, number_text


def _convert_spin(inputs: CalculatorInputs) -> Calculation:
    radius = inputs.base_value("radius")
    centimetres = number_text(radius / centrifuge.NM_PER_CM)
    try:
        speed = inputs.base_value("rpm") if "rpm" in inputs else centrifuge.rotor_speed(inputs.base_value("rcf"), radius)
        force = inputs.base_value("rcf") if "rcf" in inputs else centrifuge.centrifugal_force(speed, radius)
    except ProtocolError as error:
        raise error.at("--radius") from None
    if "rpm" in inputs:
        line = f"RCF = 1.11824e-5 × r (cm) × rpm² = 1.11824e-5 × {centimetres} × {number_text(speed)}² = {amount_text(force, 'centrifugal force')}"
    else:
        line = f"rpm = √(RCF ÷ (1.11824e-5 × r (cm))) = √({number_text(force)} ÷ (1.11824e-5 × {centimetres})) = {amount_text(speed, 'speed')}"
    return Calculation(
        (Result("rcf", force, "centrifugal force", "at the radius given"), Result("rpm", speed, "speed", "of this rotor")),
        (line,),
        notes=("a force at r_max is the force at the tube's tip; another rotor needs another speed",),
    )


CALCULATORS = (
    Calculator(
        "spin",
        "centrifugal force from speed, or speed from force",
        (
            Option("rpm", "number", "the speed; or --rcf", ("speed",), "12000"),
            Option("rcf", "quantity", "the force; or --rpm", ("centrifugal force",), "14000 x g"),
            Option("radius", "quantity", "r_max of the rotor, 30 cm at most", ("length",), "8.4 cm"),
        ),
        _convert_spin,
        one_of=("rpm", "rcf"),
    ),
)
