"""The words that only say: an amount, a reference, a reagent's name; and whether a step is on the sheet of which something is said."""

from __future__ import annotations

from fractions import Fraction

from ...errors import ProtocolError, suggest
from ...expressions.interpolate import format_value
from ...markup import escape_markdown
from ...protocol.citations import REFERENCES_FILE, parse_bibtex
from ...units import Quantity, is_negative, parse_quantity
from ..bench import Bench


def q(bench: Bench, amount: object) -> str:
    """Print a quantity, a count or a flag, and list it among what the step says."""
    if isinstance(amount, str):
        value: object = parse_quantity(amount)
    elif isinstance(amount, bool | int | Fraction | Quantity | tuple) or amount is None:
        value = amount
    else:
        what = "a function" if callable(amount) else f"{amount!r}"
        raise ProtocolError(f"{what} is not something to print", 'write q("5 min") or q(plates)')
    if is_negative(value):
        raise ProtocolError("q(...) comes to less than nothing", "look at what is subtracted")
    text = format_value(value)
    bench.current_step("q").terms.append(text)
    return text


def cite(bench: Bench, *keys: str) -> str:
    """Refer to works by their keys in the list of references."""
    if not keys:
        raise ProtocolError("cite() names no reference", 'write cite("vichai2006")')
    bench.current_step("cite")
    bibliography = parse_bibtex(bench.inputs.protocol.source.shared_files.get(REFERENCES_FILE, ""))
    for key in keys:
        if key not in bibliography:
            raise ProtocolError(f"no reference {key!r}", suggest(str(key), bibliography, "references"))
    return " ".join(f"[@{key}]" for key in keys)


def called(bench: Bench, reagent: str, compound: str = "") -> str:
    """Print a reagent's name."""
    return escape_markdown(bench.find_reagent(reagent, compound).name)


def in_sheet(bench: Bench, title: str) -> bool:
    """Return whether this run does the step *title* of this protocol: false for what a host leaves out, and for what a condition does."""
    return bench.inputs.sheet_steps(title)
