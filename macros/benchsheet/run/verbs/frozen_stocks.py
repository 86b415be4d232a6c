"""The dose stocks that a lab has in its freezer: whose they are, and which option tells them.

Raises ProtocolError for a stock that does not say whose it is, or of nobody in the run.
"""

from __future__ import annotations

from ...errors import ProtocolError
from ...units import Quantity, format_amount
from ..bench import Bench

FrozenStocks = tuple[tuple[str, Quantity, Quantity], ...]


def stocks_option(bench: Bench) -> str:
    """Return the option by which stocks at hand are given, so that the command line is blamed for them."""
    return next((parameter.option for parameter in bench.inputs.protocol.parameters.values() if parameter.form.holds_frozen_stocks), "")


def stocks_of_compound(bench: Bench, stocks: FrozenStocks, compound: str) -> FrozenStocks:
    """Return what is in the freezer of this compound; refuse a stock that does not say whose it is, or of nobody's."""
    compounds = bench.compounds
    for who, strength, _ in stocks:
        if not who and len(compounds) > 1:
            raise ProtocolError(
                f"{format_amount(strength.value, strength.kind)} is a stock of one of {', '.join(compounds)}",
                f"say whose: '{compounds[0]} {strength}: ...'",
                stocks_option(bench),
            )
        if who and who not in compounds:
            raise ProtocolError(f"{who!r} is not in this run", f"its compounds are {', '.join(compounds)}", stocks_option(bench))
    return tuple(item for item in stocks if item[0] in ("", compound))
