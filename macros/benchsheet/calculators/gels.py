"""Calculators of gels and lanes, and of the centrifuge."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..arithmetic import centrifuge, gels
from ..errors import ProtocolError, locate_errors
from ..units import Quantity
from .model import Calculation, Calculator, CalculatorInputs, Option, Result, volume_option
from .results import amount_text, number_text

GEL_TABLE = "hand_cast_gels"
LEAST_PERCENT, SOFT_PERCENT, BRITTLE_PERCENT = 3, 5, 20
GEL_PARTS = ("tris", "sds", "aps", "temed")


def _pour_gel(inputs: CalculatorInputs) -> Calculation:
    table, layer = inputs.tables[GEL_TABLE], "stacking" if inputs.values["stacking"] else "resolving"
    row = table.rows[layer]
    total, stock = inputs.base_value("volume"), inputs.base_value("acrylamide")
    percent = inputs.base_value("percent") if "percent" in inputs else row["percent"].value
    if percent > stock:
        raise ProtocolError(
            f"{number_text(percent)} % is stronger than the acrylamide stock ({number_text(stock)} %): diluting only makes weaker",
            "use a stronger stock",
            "--percent",
        )
    if percent < LEAST_PERCENT:
        raise ProtocolError(
            f"a gel of {number_text(percent)} % does not set: below {LEAST_PERCENT} % acrylamide stays liquid or tears",
            "7.5 to 15 are usual; --percent is acrylamide, not the thickness of the spacer",
            "--percent",
        )
    if stock > 100:
        raise ProtocolError(f"no stock holds {number_text(stock)} % w/v acrylamide", "30 and 40 are usual", "--acrylamide")
    final = {name: row[name] for name in GEL_PARTS}
    if "dense" in row and percent >= row["dense"].value:
        final["temed"] = row["temed_dense"]
    stocks = {name: row[f"{name}_stock"] for name in GEL_PARTS}
    others = {name: (stocks[name].value, final[name].value) for name in GEL_PARTS}
    try:
        parts = gels.gel_volumes(total, {"acrylamide": (stock, percent), **others})
    except ProtocolError:
        most = gels.max_concentration(stock, others) * 10 // 1
        raise ProtocolError(
            f"{number_text(percent)} % from a {number_text(stock)} % stock leaves no room for the other parts: "
            f"{number_text(Fraction(most, 10))} % at most",
            "use a stronger acrylamide stock",
            "--percent",
        ) from None
    labels = {"acrylamide": f"{number_text(stock)} % (w/v) acrylamide/bis", "water": "water", "tris": f"{stocks['tris']} Tris pH {row['ph']}"}
    labels |= {name: f"{_stock_prefix(stocks[name])}{name.upper()}" for name in ("sds", "aps", "temed")}
    lines = [
        f"acrylamide = volume × percent ÷ stock = {inputs.text('volume')} × {number_text(percent)} ÷ {number_text(stock)} = "
        + amount_text(parts["acrylamide"], "volume")
    ]
    lines += [f"{name} = {inputs.text('volume')} × {final[name]} ÷ {stocks[name]} = {amount_text(parts[name], 'volume')}" for name in GEL_PARTS]
    lines.append(f"water = the rest = {amount_text(parts['water'], 'volume')}")
    order = ("acrylamide", "water", *GEL_PARTS)
    return Calculation(
        results=tuple(Result(name=name, value=parts[name], kind="volume", label=labels[name], settable=True) for name in order),
        working=tuple(lines),
        warnings=_gel_warnings(percent, layer),
        notes=(str(row["note"]), *_temed_notes(row, percent)),
    )


def _gel_warnings(percent: Fraction, layer: str) -> tuple[str, ...]:
    if layer == "resolving" and percent < SOFT_PERCENT:
        return (f"a resolving gel of {number_text(percent)} % is so soft that it tears when it is taken out",)
    if layer == "stacking" and percent > 2 * SOFT_PERCENT:
        return (f"a stacking gel of {number_text(percent)} % does not stack: 4 to 5 are usual",)
    return (f"a gel of {number_text(percent)} % is brittle, and warms as it sets: pour it cold",) if percent > BRITTLE_PERCENT else ()


def _temed_notes(row: Mapping[str, Any], percent: Fraction) -> tuple[str, ...]:
    """Say which rule for TEMED was used, where the layer has two."""
    if "dense" not in row:
        return ()
    dense, half = row["dense"], row["temed_dense"]
    used = f"{half} here" if percent >= dense.value else f"{row['temed']} here"
    return (f"TEMED is {row['temed']}, and {half} from {dense} on, where gels set faster: {used}",)


def _stock_prefix(stock: Quantity) -> str:
    return "" if stock.value == 100 else f"{number_text(stock.value)} % ({stock.kind.partition(' ')[2]}) "


def _load_lane(inputs: CalculatorInputs) -> Calculation:
    strength = inputs.base_value("buffer")
    if strength <= 1:
        raise ProtocolError(f"a buffer of {number_text(strength)} X leaves no room for lysate", "use a stronger one, like 4", "--buffer")
    with locate_errors("--mass"):
        lane = gels.lane_volumes(inputs.base_value("protein") / 1000, inputs.base_value("mass"), inputs.base_value("volume"), strength)
    return Calculation(
        results=(
            Result(name="lysate", value=lane.lysate, kind="volume", label="lysate", settable=True),
            Result(name="buffer", value=lane.buffer, kind="volume", label=f"{number_text(strength)} X sample buffer", settable=True),
            Result(name="water", value=lane.water, kind="volume", label="water or lysis buffer", settable=True),
        ),
        working=(
            f"lysate = mass ÷ protein = {inputs.text('mass')} ÷ {inputs.text('protein')} = {amount_text(lane.lysate, 'volume')}",
            f"buffer = volume ÷ strength = {inputs.text('volume')} ÷ {number_text(strength)} = {amount_text(lane.buffer, 'volume')}",
            f"water = volume − lysate − buffer = {inputs.text('volume')} − {amount_text(lane.lysate, 'volume')} − "
            f"{amount_text(lane.buffer, 'volume')} = " + amount_text(lane.water, "volume"),
        ),
    )


def _convert_spin(inputs: CalculatorInputs) -> Calculation:
    radius = inputs.base_value("radius")
    centimetres = number_text(radius / centrifuge.NM_PER_CM)
    with locate_errors("--radius"):
        speed = inputs.base_value("rpm") if "rpm" in inputs else centrifuge.rotor_speed(inputs.base_value("rcf"), radius)
        force = inputs.base_value("rcf") if "rcf" in inputs else centrifuge.centrifugal_force(speed, radius)
    with locate_errors("--rpm" if "rpm" in inputs else "--rcf"):
        centrifuge.check_speed(speed, force)
    if "rpm" in inputs:
        line = f"RCF = 1.11824e-5 × r (cm) × rpm² = 1.11824e-5 × {centimetres} × {number_text(speed)}² = {amount_text(force, 'centrifugal force')}"
    else:
        line = f"rpm = √(RCF ÷ (1.11824e-5 × r (cm))) = √({number_text(force)} ÷ (1.11824e-5 × {centimetres})) = {amount_text(speed, 'speed')}"
    return Calculation(
        results=(
            Result(name="rcf", value=force, kind="centrifugal force", label="at the radius given"),
            Result(name="rpm", value=speed, kind="speed", label="of this rotor"),
        ),
        working=(line,),
        notes=("a force at r_max is the force at the tube's tip; another rotor needs another speed",),
    )


CALCULATORS = (
    Calculator(
        name="gel",
        summary="what a hand-cast gel is poured from",
        options=(
            Option(
                name="percent",
                form="number",
                help="acrylamide of the gel; a stacking gel has a usual one",
                kinds=("percent w/v",),
                example="10",
                optional_if=lambda found: bool(found.get("stacking")),
            ),
            volume_option("volume", "of the layer, in all", "10 mL"),
            Option(name="acrylamide", form="number", help="acrylamide/bis of the stock", kinds=("percent w/v",), example="30", default="30"),
            Option(name="stacking", form="flag", help="the stacking layer"),
        ),
        calculate=_pour_gel,
        table_names=(GEL_TABLE,),
    ),
    Calculator(
        name="load",
        summary="lysate, sample buffer and water for one lane",
        options=(
            Option(name="protein", form="quantity", help="of the lysate", kinds=("mass concentration",), example="2 mg/mL"),
            Option(name="mass", form="quantity", help="protein a lane", kinds=("mass",), example="20 ug", per="lane"),
            volume_option("volume", "what is loaded, in all", "20 uL", per="lane"),
            Option(name="buffer", form="number", help="strength of the sample buffer", kinds=("strength",), example="4", default="4"),
        ),
        calculate=_load_lane,
    ),
    Calculator(
        name="spin",
        summary="centrifugal force from speed, or speed from force",
        options=(
            Option(name="rpm", form="number", help="the speed; or --rcf", kinds=("speed",), example="12000"),
            Option(name="rcf", form="quantity", help="the force; or --rpm", kinds=("centrifugal force",), example="14000 x g"),
            Option(name="radius", form="quantity", help="r_max of the rotor, 2 cm to 30 cm", kinds=("length",), example="8.4 cm"),
        ),
        calculate=_convert_spin,
        one_of=("rpm", "rcf"),
    ),
)
