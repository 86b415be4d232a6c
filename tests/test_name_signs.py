"""Signs in a name that change nothing: a brand's, Greek letters, and letters of other alphabets that look like Latin ones."""

from __future__ import annotations

import re

import pytest

from benchsheet import library
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.substances import Substances
from benchsheet.spelling import fold_name

SRB = library.load_source("srb")
TABLES = load_protocol(SRB).tables
SUBSTANCES, DRUGS = Substances(TABLES["hazards"]), TABLES["drugs"].row_names
LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ"}


def typed(name: str) -> set[str]:
    """Return *name* as a catalogue, a Greek or a Cyrillic keyboard would have it."""
    greek, plain = name, name
    for word, letter in LETTERS.items():
        greek, plain = re.sub(rf"\b{word}\b", letter, greek), plain.replace(letter, word)
    first, rest = name.partition(" ")[::2]
    branded = {f"{first}{sign} {rest}".strip() for sign in "™®℠"}
    like_latin = name.translate(str.maketrans("aeopcyxTAB", "аеорсухТАВ"))
    return branded | {greek, plain, like_latin, name.replace("-", "−"), name.replace(" ", "\u00a0"), f"\u200b{name}"}


def test_every_name_of_both_tables_is_found_whatever_signs_it_has() -> None:
    """A detergent with its brand's sign is a detergent, and not an unknown kill control."""
    for row, cells in SUBSTANCES.table.rows.items():
        for name in (row, *cells.get("also", ())):
            assert {SUBSTANCES.find(one) for one in typed(name)} == {row}, name
    for name, row in DRUGS.spellings.items():
        assert {DRUGS.find(one) for one in typed(name)} == {row}, name


@pytest.mark.parametrize("kill", ["Triton™ X-100", "Tween™ 20", "Тriton X-100", "Virkon℠", "Clorox™"])
def test_a_branded_detergent_is_not_a_kill_control(kill: str) -> None:
    with pytest.raises(ProtocolError, match="not a kill control here"):
        render(SRB, {"kill": kill})


def test_a_greek_capital_alone_is_a_greek_letter() -> None:
    assert fold_name("Β-catenin") == fold_name("beta catenin")
    assert fold_name("Α549") == fold_name("А549") == "a549"
    assert fold_name("ΝaN₃") == "nan3"
