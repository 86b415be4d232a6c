"""A list as it is typed, taken apart at its semicolons, or else at its commas, and put together again; a name with commas is not split."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ...errors import ProtocolError
from ...patterns import compile_when_used

_NUMBER = compile_when_used(r"[+-]?[0-9]+([.][0-9]+)?")
# What says where on a molecule something is, or how it is turned: 1, 2', 4a, 17α, N, N6, α, D, cis; behind the last of them stands a hyphen.
_TURNS = r"[DLRSEZ]|DL|dl|(?:all-)?trans|cis|tert|sec|meso|rac|exo|endo|syn|anti|[omp]|\([+−-]\)"
_LOCANT = rf"(?:[0-9]+[a-zA-Zα-ω]?|[NOSPC][0-9]*|[α-ω]|{_TURNS})[′″'\"]*"
_FIRST_LOCANT, _LAST_LOCANT = compile_when_used(rf".*?(?<![^\W_]){_LOCANT}"), compile_when_used(rf"{_LOCANT}-(?![0-9]).*")
# A number before a comma and one behind it may be one number: 1,5 uM.
_NUMBER_BEFORE = compile_when_used(r"(?:.*[\s(])?[0-9]+")
_NUMBER_BEHIND = compile_when_used(r"[0-9]+(?:[\s)].*|\s*[pnuµμm]?(?:M|L|g|X|x|h|min|fold|%).*|)")
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))


def split_names(text: str, separators: str = ";,") -> list[str]:
    """Return the items of *text*: what stands between its ``;``, or, if there is none, between its ``,``; spaces around them are dropped.

    A ``;`` at the end makes one item of a text with commas. Raise ProtocolError where a comma may belong to a name: where one of the
    pieces is a bare number, a bracket is open, two positions of a chemical name are parted, or a number may have a decimal comma.
    """
    if ";" in text or "," not in text or "," not in separators:
        parts = [part.strip() for part in text.split(";")]
        return parts[:-1] if len(parts) > 1 and not parts[-1] else parts
    raw_parts = text.split(",")
    parts = [part.strip() for part in raw_parts]
    broken = next((part for part in parts if _NUMBER.fullmatch(part)), "")
    broken = broken or next((part for part in parts if any(part.count(left) != part.count(right) for left, right in _BRACKETS)), "")
    for one, two in pairwise(raw_parts):
        if not broken and two[:1] != " " and _NUMBER_BEFORE.fullmatch(one.strip()) and _NUMBER_BEHIND.fullmatch(two.rstrip()):
            broken = two.strip()
        if not broken and _FIRST_LOCANT.fullmatch(one.strip()) and _LAST_LOCANT.fullmatch(two.rstrip()):
            broken = one.strip()
    if broken:
        ways = f"{_quote(f'{text.strip()};')} is one name, {_quote('; '.join(parts))} are {len(parts)}"
        raise ProtocolError(f"{text!r} would be {len(parts)} items, and one of them only {broken!r}", f"separate them with ';': {ways}")
    return parts


def _quote(text: str) -> str:
    """Return *text* in such quotes that a shell takes it as it stands, where there are any."""
    return f'"{text}"' if "'" in text and '"' not in text else f"'{text}'"


def join_names(items: Iterable[str]) -> str:
    """Return *items* as a text that `split_names` takes apart again."""
    parts = list(items)
    text = ",".join(parts)
    if not any("," in part for part in parts) and not (len(parts) == 1 and _NUMBER.fullmatch(text)):
        try:
            if split_names(text) == parts:
                return text
        except ProtocolError:
            pass
    return "; ".join(parts) + (";" if len(parts) == 1 else "")
