"""Words that British and American English spell otherwise: each in the spelling of the other side."""

from __future__ import annotations

import functools
import re

# How words begin, British first, so that all forms of a word are meant.
_BEGINNINGS = (
    ("aluminium", "aluminum"), ("anaem", "anem"), ("analyse", "analyze"), ("behaviour", "behavior"), ("caesium", "cesium"),
    ("catalogue", "catalog"), ("centre", "center"), ("colour", "color"), ("dialyse", "dialyze"), ("discolour", "discolor"),
    ("favour", "favor"), ("fibre", "fiber"), ("foetal", "fetal"), ("grey", "gray"), ("haemo", "hemo"), ("hydrolyse", "hydrolyze"),
    ("labelled", "labeled"), ("labelling", "labeling"), ("leukaemia", "leukemia"), ("licence", "license"), ("litre", "liter"),
    ("millilitre", "milliliter"), ("microlitre", "microliter"), ("millimetre", "millimeter"), ("centimetre", "centimeter"),
    ("modelling", "modeling"), ("mould", "mold"), ("neighbour", "neighbor"), ("odour", "odor"), ("oedema", "edema"),
    ("oestr", "estr"), ("programme", "program"), ("sulph", "sulf"), ("titre", "titer"), ("tumour", "tumor"), ("vapour", "vapor"),
)  # fmt: skip
# How they end, after some letters.
_ENDINGS = (
    ("isation", "ization"), ("ise", "ize"), ("ised", "ized"), ("ises", "izes"), ("ising", "izing"), ("iser", "izer"),
)  # fmt: skip
_FEWEST = 3  # letters before such an end, or the word is another one: rise, size
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_LIKELY = re.compile("|".join(each for pair in _BEGINNINGS for each in pair) + "|.*i[sz](?:e[drs]?|es|ing|ation)$")


@functools.lru_cache(maxsize=65536)
def spell_abroad(word: str) -> frozenset[str]:
    """Return *word* as the other side of the ocean spells it, in small letters; nothing where both spell it alike."""
    if not _WORD.fullmatch(word):
        return frozenset()
    lower = word.casefold()
    if not _LIKELY.match(lower):
        return frozenset()
    found = {other + lower.removeprefix(one) for pair in _BEGINNINGS for one, other in (pair, pair[::-1]) if lower.startswith(one)}
    for pair in _ENDINGS:
        for one, other in (pair, pair[::-1]):
            if lower.endswith(one) and len(lower) >= len(one) + _FEWEST:
                found.add(lower.removesuffix(one) + other)
    return frozenset(found - {lower})
