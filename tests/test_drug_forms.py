"""What is weighed: the form in a compound's name, the form that is told and the molar mass that is told are one, or the sheet is refused."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.engine import load_protocol
from benchsheet.errors import ProtocolError
from benchsheet.run.inputs import RunInputs, _resolve_value, resolve_inputs

SRB = load_protocol(library.load_source("srb"))
DRUGS, FORMS = SRB.tables["drugs"], SRB.tables["drug_forms"]
ROWS = [(cells["drug"], cells["form"], cells["mw"]) for cells in FORMS.rows.values()]


def resolve(**values: str) -> RunInputs:
    return resolve_inputs(SRB, {"stock": "5 mg", "top_dose": "1 uM", **values})


def refused(**values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        resolve(**values)
    return str(caught.value)


def test_a_drug_lists_the_forms_that_have_a_molar_mass() -> None:
    for drug, cells in DRUGS.rows.items():
        assert list(cells["forms"]) == [form for owner, form, _ in ROWS if owner == drug], drug


@pytest.mark.parametrize(("drug", "form", "mass"), ROWS)
def test_a_form_in_the_name_is_what_is_weighed_and_no_other(drug, form, mass) -> None:
    """Lapatinib ditosylate is 925 g/mol; weighed as the free base, 581 g/mol, it would come out at 63 % of its label."""
    name = f"{drug} {form}, lot 7;"
    assert resolve(compounds=name, drug=drug).values["weighed_mw"] == (mass,)
    other = "besylate" if form != "besylate" else "HCl"
    assert f"names the form '{form}', and not '{other}'" in refused(compounds=name, drug=drug, salt=other)
    assert "and --mw says" in refused(compounds=name, drug=drug, mw="60 g/mol")
    assert "and --mw says" in refused(compounds=drug, drug=drug, salt=form, mw="60 g/mol")


@pytest.mark.parametrize(
    ("name", "salt", "named"),
    [
        ("erlotinib hydrochloride", "free base", "HCl"),
        ("Erlotinib (HCl)", "free base", "HCl"),
        ("saracatinib difumarate", "free base", "difumarate"),
        ("pictilisib dimesylate", "free base", "dimesylate"),
        ("my drug sodium", "no salt", "sodium"),
        ("a free base", "HCl", "free base"),
    ],
)
def test_a_form_by_its_other_names_is_not_another_one(name, salt, named) -> None:
    assert f"names the form '{named}', and not '{salt}'" in refused(compounds=name, salt=salt, mw="500 g/mol")


def test_a_form_that_the_table_does_not_have_takes_its_own_molar_mass() -> None:
    assert "or --mw where the table has no such form" in refused(compounds="lapatinib", salt="HCl")
    assert str(resolve(compounds="lapatinib", salt="HCl", mw="617.5 g/mol").values["weighed_mw"][0]) == "617.5 g/mol"
    assert str(resolve(compounds="erlotinib", salt="hydrochloride").values["weighed_mw"][0]) == "429.9 g/mol"
    assert str(resolve(compounds="lapatinib", salt="free base", mw="581.5 g/mol").values["weighed_mw"][0]) == "581.5 g/mol"  # of one's own lot


def test_names_that_are_one_are_told() -> None:
    assert "'VS-4718; VS 4718' names the same twice" in refused(compounds="VS-4718; VS 4718", stock="10 mM")
    told = [finding.message for finding in resolve(compounds="defactinib; VS-6063", stock="10 mM").findings]
    assert "defactinib and VS-6063 are both defactinib in the table of drugs: leave one out, unless they are two lots" in told
    for name, row in DRUGS.row_names.spellings.items():
        assert DRUGS.row_names.find(f"{row} ({name})") == row
    assert DRUGS.row_names.find("lapatinib (VS-4718)") is DRUGS.row_names.find("lapatinib (lot 3)") is None


CHOSEN = [
    (name, parameter.name, synonym, word)
    for name in library.protocol_ids()
    for protocol in [load_protocol(library.load_source(name))]
    for parameter in protocol.parameters.values()
    if parameter.form == "choices" and not parameter.choices_from and not parameter.is_list
    for word in parameter.choices
    for table in ("drugs", "antibodies")
    if table in protocol.tables
    for synonym in protocol.tables[table].rows.get(word, {}).get("synonyms", ())
]


def test_a_word_to_choose_has_the_other_names_of_its_row() -> None:
    """Kadcyla is T-DM1 for a co-IP too, where the words stand in the protocol and not in a table."""
    assert {("co-ip", "treatment", "Kadcyla", "T-DM1"), ("western-blot", "loading_control", "ACTB", "actin")} <= set(CHOSEN)
    for name, parameter, synonym, word in CHOSEN:
        protocol = load_protocol(library.load_source(name))
        assert _resolve_value(protocol, protocol.parameters[parameter], {parameter: synonym.upper()}, {})[0] == word


DILUTIONS = [
    ("western-blot", "primary_dilution", "0.2 ug/mL", {"primary_strength": "0.2 ug/mL", "primary_stock": "0.5 mg/mL"}),
    ("western-blot", "primary_strength", "1000 fold", {"primary_dilution": "1000 fold"}),
    ("western-blot", "primary_stock", "1000 fold", {"primary_dilution": "1000 fold"}),
    ("western-blot", "secondary_dilution", "0.1 ug/mL", {"secondary_dilution": "10000 fold"}),
    ("co-ip", "blot_primary_dilution", "0.2 ug/mL", {"blot_primary_dilution": "2500 fold"}),
]


@pytest.mark.parametrize(("protocol", "parameter", "typed", "way"), DILUTIONS)
def test_an_amount_for_a_dilution_is_told_how_to_say_it(protocol, parameter, typed, way, cli) -> None:
    """0.5 mg/mL to 0.2 µg/mL is 2500 fold; what is offered is on offer in this protocol."""
    hint = cli("render", protocol, f"--{parameter.replace('_', '-')}", f"FAK: {typed}").err
    for name, text in way.items():
        assert text in hint
        assert name == parameter or f"--{name.replace('_', '-')} 'FAK: {text}'" in hint
    known = load_protocol(library.load_source(protocol)).parameters
    assert all(word.strip("'.,:;")[2:].replace("-", "_") in known for word in hint.split() if word.startswith("--"))
    assert cli("render", protocol, *(part for name, text in way.items() for part in (f"--{name.replace('_', '-')}", f"FAK: {text}"))).code == 0
