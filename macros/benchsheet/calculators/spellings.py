"""The way out for an amount as a tired person types it: with their own figure, the units of this very option, and what else was meant."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Collector, ProtocolError
from ..patterns import compile_when_used
from ..units import KINDS, as_quantity
from .model import Option

_LIKE_A_MOLARITY = compile_when_used(r"\s*([0-9.]+)\s*([pnuµμm]?)m\s*")
_TIMES = compile_when_used(r"\s*(?:1\s*/\s*)?([0-9.]+)\s*-?\s*(?:x|×|X|times|fold)?\s*")


def find_way(kinds: tuple[str, ...], example: str, text: str, error: ProtocolError) -> str:
    """Return what to write in place of *text*, which was refused with *error* as an amount of *kinds*; *example* is one that is right."""
    units = ", ".join(unit for kind in kinds for unit in KINDS[kind].units)
    if "a comma is a decimal sign" in error.message:
        number = re.search(r"[0-9][0-9.,]*", text)
        plain, thousands = text.strip().replace(",", "."), text.strip().replace(",", "")
        is_grouped = number and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", number[0])
        ways = [thousands] * bool(is_grouped) + [plain] * (text.count(",") == 1 and "." not in text)
        told = f"write {' or '.join(map(repr, ways))}" if ways else ""
        listed = f"separate values with semicolons, like '{example}'" if ";" in example and ";" not in text else ""
        return "; or ".join(filter(None, (told, listed))) or error.hint
    if "is not a number" in error.message and re.match(r"\s*[0-9]", text):
        replicates = "; of replicates their mean" if " " in text.strip() and ";" not in example else ""
        return f"one number alone, like {example.partition(';')[0]}{replicates}"
    if "read in two ways" in error.message and "dilution factor" not in kinds:
        return f"it is the amount itself that is asked for here, like '{example}'"
    if "dilution factor" in kinds and (times := _TIMES.fullmatch(text)) and "two ways" not in error.message:
        return f"write '{times[1]} fold' (total / stock)"
    if "molarity" in kinds and "(length)" in error.message and (length := _LIKE_A_MOLARITY.fullmatch(text)):
        return f"{length[2]}m is a length; if you mean a concentration, write '{length[1]} {length[2]}M'"
    if any(words in error.message for words in ("has no unit", "is not a quantity", "unknown unit")) and units and ";" not in text:
        return f"write a number and its unit, like '{example.rpartition('; ')[2]}'; units: {units}"
    return error.hint


def clarify(parse: Callable[[Option, str], Any]) -> Callable[[Option, str], Any]:
    """Return *parse* with the way out of `find_way` in what it refuses of amounts."""

    def parse_clearly(option: Option, text: str) -> Any:
        try:
            return parse(option, text)
        except ProtocolError as error:
            for part in error.parts if text.strip() else ():
                one = re.match(r"'([^']+)'", part.message) if ";" in text else None
                part.hint = find_way(option.kinds, option.example, one[1] if one else text, part)
            raise

    return parse_clearly


def parse_amount(text: str, kinds: tuple[str, ...], example: str) -> Any:
    """Return `as_quantity` of *text*, with the way out of `find_way` where it is refused."""
    try:
        return as_quantity(text, *kinds)
    except ProtocolError as error:
        error.hint = find_way(kinds, example, text, error)
        raise


def tell_exchanged(refused: Mapping[str, tuple[Option, str]], parse: Callable[[Option, str], Any], mistakes: Collector) -> None:
    """Add to the hints of two options among *refused*, by their flags, that the text of each is right for the other one."""
    for one, two in itertools.combinations(refused, 2):
        try:
            parse(refused[one][0], refused[two][1])
            parse(refused[two][0], refused[one][1])
        except ProtocolError:
            continue
        for mistake in mistakes.errors:
            if mistake.file in (one, two):
                mistake.hint = f"{one} and {two} look exchanged"
