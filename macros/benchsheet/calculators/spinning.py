"""A spin: force from speed, or speed from force; refuses a radius that no rotor has."""

from __future__ import annotations

from ..arithmetic import centrifuge as spinning
from ..errors import ProtocolError
from .model import Answer, Asked, Calculator, Option, Result
from .results import number, said


def _spin(asked: Asked) -> Answer:
    radius = asked.base("radius")
    centimetres = number(radius / spinning.CM)
    try:
        speed = asked.base("rpm") if "rpm" in asked else spinning.speed(asked.base("rcf"), radius)
        force = asked.base("rcf") if "rcf" in asked else spinning.force(speed, radius)
    except ProtocolError as error:
        raise error.at("--radius") from None
    if "rpm" in asked:
        line = f"RCF = 1.11824e-5 × r (cm) × rpm² = 1.11824e-5 × {centimetres} × {number(speed)}² = {said(force, 'centrifugal force')}"
    else:
        line = f"rpm = √(RCF ÷ (1.11824e-5 × r (cm))) = √({number(force)} ÷ (1.11824e-5 × {centimetres})) = {said(speed, 'speed')}"
    return Answer(
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
        _spin,
        either=("rpm", "rcf"),
    ),
)
