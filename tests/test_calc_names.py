"""Names on the bottles: a calculator that makes a liquid tells hazards, refuses what must not meet, and knows the molar mass of a drug's form."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.calculators import CALCULATORS, CalculatorInputs
from benchsheet.calculators.model import Calculation
from benchsheet.errors import ProtocolError
from benchsheet.lab import default_lab
from benchsheet.protocol.substances import index_substances
from benchsheet.protocol.tables import parse_table
from benchsheet.units import parse_quantity

TEXTS = library.load_shared_files()
TABLES = {name: parse_table(name, TEXTS[f"{name}.yml"], f"{name}.yml") for name in ("hazards", "drugs", "drug_forms")}
SUBSTANCES = index_substances(TABLES["hazards"])
LIQUIDS: dict[str, dict[str, object]] = {
    "dilute": {"stock": "10 mM", "final": "1 mM", "volume": "10 mL"},
    "bring": {"stock": "10 mM", "final": "1 mM", "onto": "10 mL"},
    "series": {"stock": "10 mM", "top": "1 mM", "factor": "2 fold", "points": 4, "volume": "1 mL"},
    "dissolve": {"mass": "5 mg", "mw": "500 g/mol", "concentration": "10 mM"},
    "weigh": {"mw": "500 g/mol", "concentration": "10 mM", "volume": "10 mL"},
    "strength": {"stock": "10 mM", "taken": "1 mL", "into": "10 mL"},
    "standards": {"stock": "2 mg/mL", "points": (parse_quantity("1 mg/mL"),), "volume": "1 mL"},
}
ROWS = [(cells["drug"], cells["form"], cells["mw"]) for cells in TABLES["drug_forms"].rows.values()]


def calculate(name: str, **given: object) -> Calculation:
    values = {key: parse_quantity(value) if isinstance(value, str) and key not in ("of", "in") else value for key, value in given.items()}
    return CALCULATORS[name].calculate(CalculatorInputs(values=values, lab=default_lab(), tables=TABLES))


def row_of(kind: str) -> str:
    return next(row for row, cells in TABLES["hazards"].rows.items() if kind in cells.get("classes", ()) and not cells.get("role"))


@pytest.mark.parametrize("pair", [pair for pair in SUBSTANCES.pairs if pair.level == "refuse"], ids=lambda pair: f"{pair.one} {pair.two}")
def test_what_must_not_meet_is_refused_by_every_calculator_of_a_liquid(pair) -> None:
    one, two = row_of(pair.one), row_of(pair.two)
    if one == two:
        return
    for name, given in LIQUIDS.items():
        with pytest.raises(ProtocolError, match=r"meet in what is made") as caught:
            calculate(name, **given, **{"of": one, "in": two})
        assert caught.value.file == "--of, --in"
    assert calculate("dilute", **LIQUIDS["dilute"], of=one).results == calculate("dilute", **LIQUIDS["dilute"]).results


def test_hazards_are_told_in_the_form_that_is_handled(cli) -> None:
    """Below 10 % acetic acid is not classified, from 50 % it is poured as glacial acid; TCA is weighed as a powder, and poured as a solution."""
    acid = LIQUIDS["dilute"] | {"final": "1 % v/v", "of": "acetic acid"}
    told = {stock: calculate("dilute", **acid | {"stock": stock}).notes for stock in ("5 % v/v", "20 % v/v", "99 % v/v")}
    assert told["5 % v/v"] == ()
    assert told["20 % v/v"] == ("acetic acid: keep off skin and eyes",)
    assert "glacial" in told["99 % v/v"][0]
    assert any("draws water" in note for note in calculate("weigh", **LIQUIDS["weigh"], of="TCA").notes)
    unknown = calculate("dilute", **LIQUIDS["dilute"], **{"of": "my compound", "in": "water"})
    assert unknown.notes == ("my compound: hazards unknown: read its data sheet",)
    parts = ("--component", "SDS:10 % w/v:1 % w/v", "--component", "enzyme:1 uL")
    mixed = cli("calc", "mix", *parts, "--volume", "20 uL", "--reactions", "4", "--overage", "10 %")
    assert "- SDS: " in mixed.out
    assert "enzyme: " not in mixed.out.partition("\n- ")[2]


@pytest.mark.parametrize(("drug", "form", "mass"), ROWS)
def test_a_drug_with_its_form_has_its_molar_mass(drug, form, mass) -> None:
    """As if its molar mass was typed; the form of another drug, or no form, is asked for."""
    plain = {"mass": "5 mg", "concentration": "10 mM"}
    volume = calculate("dissolve", **plain, of=f"{drug} {form}").results[0].value
    assert volume == calculate("dissolve", **plain, mw=f"{mass}").results[0].value
    named, typed = (calculate("convert", concentration="10 mM", **given) for given in ({"of": f"{drug} ({form})"}, {"mw": f"{mass}"}))
    assert named.results == typed.results
    with pytest.raises(ProtocolError, match="the form of"):
        calculate("dissolve", **plain, of=drug)
    with pytest.raises(ProtocolError, match="is not in the table"):
        calculate("dissolve", **plain, of=f"{drug} citrate")
    with pytest.raises(ProtocolError, match=r"is less than any form|is not the molar mass"):
        calculate("weigh", concentration="10 mM", volume="1 mL", of=drug, mw="100 g/mol")
    assert any(f"as {form}: compare" in note for note in calculate("weigh", concentration="10 mM", volume="1 mL", of=drug, mw=f"{mass}").notes)
    assert any("in any form of the table" in warning for warning in calculate("convert", concentration="10 mM", of=drug, mw="5000 g/mol").warnings)


def test_a_dose_needs_no_molar_mass_by_its_name() -> None:
    assert calculate("dilute", **LIQUIDS["dilute"], of="lapatinib").results == calculate("dilute", **LIQUIDS["dilute"]).results
    with pytest.raises(ProtocolError, match="and not as HCl"):
        calculate("dissolve", mass="5 mg", concentration="10 mM", of="lapatinib HCl", mw="581.07 g/mol")


def test_what_is_missing_without_a_name_in_the_table_is_still_missing(cli) -> None:
    assert "a molarity needs the molar mass" in cli("calc", "dissolve", "--of", "my own", "--mass", "5 mg", "--concentration", "10 mM").err
