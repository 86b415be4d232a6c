"""Two concentrations in one unit: a molarity beside a mass in a volume by the molar mass, a percent by mass by its density."""

from __future__ import annotations

from ..arithmetic import dilution
from ..errors import ProtocolError
from ..units import KINDS, Quantity
from .model import CalculatorInputs
from .results import number_text

BY_MASS_IN_VOLUME = ("percent w/v", "mass concentration")


def match_kinds(inputs: CalculatorInputs, stock: Quantity, final: Quantity, flag: str) -> tuple[Quantity, Quantity, list[str]]:
    """Return *stock* and *final* as one kind, and how each was brought to it.

    A molarity meets a mass in a volume by ``--mw``. Raise ProtocolError, placed at *flag*, where nothing makes them one kind.
    """
    if stock.kind == final.kind:
        return stock, final, []
    if {stock.kind, final.kind} <= {*BY_MASS_IN_VOLUME, "molarity"}:
        if "molarity" not in (stock.kind, final.kind) or "mw" in inputs:
            lines: list[str] = []
            return _as_mass(inputs, stock, lines), _as_mass(inputs, final, lines), lines
        raise ProtocolError(
            f"{final} ({final.kind}) and the stock's {stock} ({stock.kind}) are compared by the molar mass",
            'give it, like --mw "36.46 g/mol"; or write both in one kind of concentration',
            flag,
        )
    raise ProtocolError(
        f"{final} ({final.kind}) cannot be compared with the stock's {stock} ({stock.kind})",
        f"write both in one kind of concentration; units of the stock's: {', '.join(KINDS[stock.kind].units)}",
        flag,
    )


def _as_mass(inputs: CalculatorInputs, amount: Quantity, lines: list[str]) -> Quantity:
    """Return *amount* as a mass concentration; a line of the working says how."""
    molar_mass = inputs.base_value("mw") if amount.kind == "molarity" else None
    mass = Quantity(value=dilution.solid_mass(amount.value, 1, amount.kind, molar_mass) * 1000, kind="mass concentration")
    if amount.kind != "mass concentration":
        lines.append(f"{amount} × {inputs.text('mw')} = {mass}" if molar_mass else f"{amount} = {mass}")
    return mass


def density_lines(inputs: CalculatorInputs, *names: str) -> list[str]:
    """Return how each of *names* that was typed as a percent by mass with its density became a mass in a volume."""
    return [
        f"{name}: {number_text(inputs.base_value(name) / density)} % w/w × {number_text(density)} g/mL = {inputs.text(name)}"
        for name in names
        if (density := inputs.densities.get(name))
    ]
