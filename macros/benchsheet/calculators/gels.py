"""Gels: what a hand-cast one is poured from, and what goes into one lane; refuses what does not fit into either."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic import gels, loading
from ..errors import ProtocolError
from ..units import Quantity
from .model import Answer, Asked, Calculator, Option, Result, volume
from .results import number, said

GELS = "hand_cast_gels"
PARTS = ("tris", "sds", "aps", "temed")


def _gel(asked: Asked) -> Answer:
    table, layer = asked.tables[GELS], "stacking" if asked.values["stacking"] else "resolving"
    row = table.rows[layer]
    total, stock = asked.base("volume"), asked.base("acrylamide")
    percent = asked.base("percent") if "percent" in asked else row["percent"].value
    if percent > stock:
        raise ProtocolError(
            f"{number(percent)} % is stronger than the acrylamide stock ({number(stock)} %): diluting only makes weaker",
            "use a stronger stock",
            "--percent",
        )
    if stock > 100:
        raise ProtocolError(f"no stock holds {number(stock)} % w/v acrylamide", "30 and 40 are usual", "--acrylamide")
    final = {name: row[name] for name in PARTS}
    if "dense" in row and percent >= row["dense"].value:
        final["temed"] = row["temed_dense"]
    held = {name: row[f"{name}_stock"] for name in PARTS}
    others = {name: (held[name].value, final[name].value) for name in PARTS}
    try:
        parts = gels.poured(total, {"acrylamide": (stock, percent), **others})
    except ProtocolError:
        most = gels.strongest(stock, others) * 10 // 1
        raise ProtocolError(
            f"{number(percent)} % from a {number(stock)} % stock leaves no room for the other parts: {number(Fraction(most, 10))} % at most",
            "use a stronger acrylamide stock",
            "--percent",
        ) from None
    labels = {"acrylamide": f"{number(stock)} % (w/v) acrylamide/bis", "water": "water", "tris": f"{held['tris']} Tris pH {row['ph']}"}
    labels |= {name: f"{_strength(held[name])}{name.upper()}" for name in ("sds", "aps", "temed")}
    lines = [
        f"acrylamide = volume × percent ÷ stock = {asked.said('volume')} × {number(percent)} ÷ {number(stock)} = "
        + said(parts["acrylamide"], "volume")
    ]
    lines += [f"{name} = {asked.said('volume')} × {final[name]} ÷ {held[name]} = {said(parts[name], 'volume')}" for name in PARTS]
    lines.append(f"water = the rest = {said(parts['water'], 'volume')}")
    order = ("acrylamide", "water", *PARTS)
    return Answer(
        tuple(Result(name, parts[name], "volume", labels[name], settable=True) for name in order),
        tuple(lines),
        notes=(str(row["note"]),),
    )


def _strength(stock: Quantity) -> str:
    return "" if stock.value == 100 else f"{number(stock.value)} % ({stock.kind.partition(' ')[2]}) "


def _load(asked: Asked) -> Answer:
    strength = asked.base("buffer")
    if strength <= 1:
        raise ProtocolError(f"a buffer of {number(strength)} X leaves no room for lysate", "use a stronger one, like 4", "--buffer")
    try:
        lane = loading.lane(asked.base("protein") / 1000, asked.base("mass"), asked.base("volume"), strength)
    except ProtocolError as error:
        raise error.at("--mass") from None
    return Answer(
        (
            Result("lysate", lane.lysate, "volume", "lysate", settable=True),
            Result("buffer", lane.buffer, "volume", f"{number(strength)} X sample buffer", settable=True),
            Result("water", lane.water, "volume", "water or lysis buffer", settable=True),
        ),
        (
            f"lysate = mass ÷ protein = {asked.said('mass')} ÷ {asked.said('protein')} = {said(lane.lysate, 'volume')}",
            f"buffer = volume ÷ strength = {asked.said('volume')} ÷ {number(strength)} = {said(lane.buffer, 'volume')}",
            f"water = volume − lysate − buffer = {asked.said('volume')} − {said(lane.lysate, 'volume')} − {said(lane.buffer, 'volume')} = "
            + said(lane.water, "volume"),
        ),
    )


CALCULATORS = (
    Calculator(
        "gel",
        "what a hand-cast gel is poured from",
        (
            Option(
                "percent",
                "number",
                "acrylamide of the gel; a stacking gel has a usual one",
                ("percent w/v",),
                "10",
                waived=lambda found: bool(found.get("stacking")),
            ),
            volume("volume", "of the layer, in all", "10 mL"),
            Option("acrylamide", "number", "acrylamide/bis of the stock", ("percent w/v",), "30", default="30"),
            Option("stacking", "flag", "the stacking layer"),
        ),
        _gel,
        needs=(GELS,),
    ),
    Calculator(
        "load",
        "lysate, sample buffer and water for one lane",
        (
            Option("protein", "quantity", "of the lysate", ("mass concentration",), "2 mg/mL"),
            Option("mass", "quantity", "protein a lane", ("mass",), "20 ug", per="lane"),
            volume("volume", "what is loaded, in all", "20 uL", per="lane"),
            Option("buffer", "number", "strength of the sample buffer", ("strength",), "4", default="4"),
        ),
        _load,
    ),
)
