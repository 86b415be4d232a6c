"""The strength in a reagent's name is the one that it is made at: written anew where a recipe was changed, and refused where it differs."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..errors import Collector, ProtocolError
from ..patterns import compile_when_used
from ..units import Quantity, parse_quantity

if TYPE_CHECKING:
    from .reagents import Reagent

_STRENGTH = compile_when_used(
    r"(?<![\w.])(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<gap>\s*)(?P<unit>%(?: \(?[wv]/[wv]\)?)?|[xX]|[mµun]?M|[mµu]?g/m?L)(?![\w/])"
)
_SAME_IN_OTHER_WORDS = compile_when_used(r"^ \([0-9.]+ (?:%|[mµu]?M|[mµ]?g/m?L)\)")  # 0.2 M (1.5 %) glycine
_parse = functools.lru_cache(maxsize=256)(parse_quantity)  # the same few names in every run


def _same_strength(token: re.Match[str], strength: Quantity) -> bool | None:
    """Return whether *token* of a name says *strength*; None if it is of another kind."""
    if token["unit"][0] == "%":
        parts = "".join(letter for letter in token["unit"] if letter in "wv")
        basis = strength.kind.removeprefix("percent ").replace("/", "")
        if not strength.kind.startswith("percent") or parts and parts != basis:
            return None
        return _parse(f"{token['number']} % {basis[0]}/{basis[1]}").value == strength.value
    said = _parse(f"{token['number']} {token['unit'].replace('x', 'X')}")
    return said.value == strength.value if said.kind == strength.kind else None


def read_strength(name: str) -> Quantity | None:
    """Return the one strength that *name* tells, in percent as w/v where it does not say; None if it tells none, or more than one."""
    tokens = list(_STRENGTH.finditer(name))
    if len(tokens) != 1:
        return None
    unit = tokens[0]["unit"]
    return _parse(
        f"{tokens[0]['number']} {'% w/v' if unit[0] == '%' and '/' not in unit else unit.replace('x', 'X').replace('(', '').replace(')', '')}"
    )


def _is_about(name: str, token: re.Match[str], component: str) -> bool:
    """Return whether the strength *token* of *name* stands before *component*."""
    rest = name[token.end() :].lstrip().lower()
    behind = rest[len(component) : len(component) + 1]
    return rest.startswith(component.lower()) and not (behind.isalnum() or behind in ("_", "-"))


def rewrite_strengths(name: str, old: Mapping[str, Quantity], new: Mapping[str, Quantity | None]) -> str:
    """Return *name* with the strengths that were changed from *old* to *new*, each by its component, in place of the old ones, or behind it."""
    for component, before in old.items():
        after = new.get(component)
        if after is None or after.kind != before.kind or after.value == before.value:
            continue
        tokens = [token for token in _STRENGTH.finditer(name) if _same_strength(token, before)]
        named = [token for token in tokens if _is_about(name, token, component)]
        if not named:  # the first that does not stand before another component
            others = [other for other, one in new.items() if one is not None and one.kind == before.kind]
            named = [token for token in tokens if not any(_is_about(name, token, other) for other in others)][:1]
        if not named:
            name += f", {after} {component}"
        for token in reversed(named):
            number = str(after).split()[0] if token["unit"][0] in "%xX" else ""
            text = f"{number}{token['gap']}{token['unit']}" if number else str(after)
            rest = _SAME_IN_OTHER_WORDS.sub("", name[token.end() :])
            name = name[: token.start()] + text + rest
    return name


def reject_false_strengths(reagents: Iterable[Reagent], mistakes: Collector) -> None:
    """Record a mistake for each reagent whose name tells another strength of a component than it has."""
    for reagent in reagents:
        with mistakes.at(reagent.file, reagent.line):
            for token in _STRENGTH.finditer(reagent.name):
                for component, strength in reagent.contains.items():
                    if strength is not None and _is_about(reagent.name, token, component) and _same_strength(token, strength) is False:
                        message = f"{reagent.name!r} contains {strength} {component}"
                        raise ProtocolError(message, "let the name say what is made, or leave the name out")
                alike = [_same_strength(token, strength) for strength in reagent.contains.values() if strength is not None]
                is_in_other_words = reagent.name[: token.start()].endswith("(")  # 0.2 M (1.5 %) glycine
                if reagent.recipe_name and False in alike and True not in alike and not is_in_other_words:
                    told = ", ".join(f"{strength} {component}" for component, strength in reagent.contains.items())
                    raise ProtocolError(
                        f"{reagent.name!r} contains no {token[0]} of anything, but {told}", "let the name say what is made, or leave the name out"
                    )


def reject_shared_names(reagents: Iterable[Reagent]) -> None:
    """Raise ProtocolError if two reagents of one sheet have one name and are not the same."""
    first: dict[str, Reagent] = {}
    for reagent in reagents:
        other = first.setdefault(reagent.name.casefold(), reagent)
        same = (other.contains, other.solid, other.molar_mass) == (reagent.contains, reagent.solid, reagent.molar_mass)
        if other.family != reagent.family and not same:
            message = f"{other.id!r} and {reagent.id!r} are both called {reagent.name!r}, and are not the same"
            raise ProtocolError(message, "give one another name", reagent.file, reagent.line)
