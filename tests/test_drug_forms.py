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


@pytest.mark.parametrize("drug", [drug for drug, cells in DRUGS.rows.items() if cells["forms"]])
def test_a_molar_mass_alone_is_held_against_the_forms_of_the_drug(drug) -> None:
    """Half a percent more is that of one's own lot; a tenth less than the lightest form is a slip, a half more than the heaviest no form."""
    masses = {form: mass.value for owner, form, mass in ROWS if owner == drug}
    for form, mass in masses.items():
        run = resolve(compounds=drug, mw=f"{float(mass) * 1.005:.2f} g/mol")
        assert run.values["form"] == (form,)
        assert not [finding for finding in run.findings if "molar mass" in finding.message]
    assert f"less than any form of {drug} has" in refused(compounds=drug, mw=f"{float(min(masses.values())) * 0.9:.2f} g/mol")
    heavy = resolve(compounds=drug, mw=f"{float(max(masses.values())) * 1.5:.2f} g/mol")
    assert heavy.values["form"] == ("as labelled",)
    assert [finding.level for finding in heavy.findings if f"is not the molar mass of {drug} in any form" in finding.message] == ["W"]
    assert not [finding for finding in resolve(compounds="my own", mw="60 g/mol").findings if "molar mass" in finding.message]


@pytest.mark.parametrize("drug", [drug for drug, cells in DRUGS.rows.items() if cells["forms"]])
def test_a_form_in_the_name_and_the_molar_mass_of_another_one_are_refused(drug) -> None:
    """Saracatinib difumarate is not 542 g/mol, as the free base is; of a form that the table does not have the mass is told."""
    for form, mass in [(form, mass) for owner, form, mass in ROWS if owner == drug]:
        for name in (f"{drug} difumarate", f"{drug} {form} hemifumarate salt", f"{form} {drug} trihydrate"):
            assert f"{mass} is the molar mass of {drug} as {form}, and its name or --salt says " in refused(compounds=name, mw=str(mass))
    run = resolve(compounds=f"{drug} difumarate", mw="999 g/mol")
    assert (run.values["drug"], run.values["form"]) == ((drug,), ("difumarate",))
    assert f"{drug} difumarate is taken as {drug} of the table" in [finding.message for finding in run.findings]


def test_each_of_several_compounds_is_held_against_its_own_forms() -> None:
    """581.07 g/mol is lapatinib's free base: named HCl, or beside another drug, it is still its."""
    assert "lapatinib as free base, and its name or --salt says HCl" in refused(compounds="lapatinib", salt="HCl", mw="581.1 g/mol")
    two = {"compounds": "lapatinib; erlotinib", "stock": "5 mg; 5 mg", "top_dose": "1 uM; 1 uM"}
    run = resolve(**two, mw="lapatinib: 943.5 g/mol; erlotinib: 500 g/mol")
    assert run.values["form"] == ("ditosylate monohydrate", "as labelled")
    told = [finding.message for finding in run.findings if "in any form" in finding.message]
    assert len(told) == 1
    assert "500 g/mol is not the molar mass of erlotinib in any form of the table (free base, HCl: 393.44 g/mol, 429.9 g/mol)" in told[0]


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
    if parameter.form.name == "choices" and not parameter.choices_from and not parameter.is_list
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


TWO = {"compounds": "VS-4718; lapatinib"}
ONE_FOR_ALL = [
    parameter
    for parameter in SRB.parameters.values()
    if not parameter.follows_list and parameter.form.name != "pairs" and parameter.name != "compounds"
]


@pytest.mark.parametrize("parameter", ONE_FOR_ALL, ids=lambda parameter: parameter.name)
def test_what_is_one_for_all_compounds_is_not_told_for_each(parameter) -> None:
    """One compound in DMSO and one in water would share a T0 plate, which has one vehicle: that is two runs."""
    with pytest.raises(ProtocolError, match=f"{parameter.label} is one for all of them") as caught:
        resolve_inputs(SRB, {**TWO, parameter.name: "lapatinib: one; VS-4718: two"})
    assert caught.value.hint.endswith(f"--compounds 'lapatinib' {parameter.option} 'one'")


def test_a_list_of_values_for_what_is_one_names_the_way_out() -> None:
    with pytest.raises(ProtocolError, match="T0 stands for every plate") as caught:
        resolve_inputs(SRB, {**TWO, "solvent": "DMSO; water"})
    assert caught.value.hint.endswith("--compounds 'VS-4718' --solvent 'DMSO'")


def test_what_each_compound_has_of_its_own_is_told_by_name() -> None:
    """A weighed drug is dissolved to its own strength; a stock at hand is told with or without a colon after its drug."""
    weighed = {**TWO, "stock": "5 mg", "salt": "free base", "dissolve_to": "lapatinib: 5 mM", "top_dose": "1 uM"}
    assert [str(each) for each in resolve_inputs(SRB, weighed).values["made_strength"]] == ["10 mM", "5 mM"]
    given = [resolve_inputs(SRB, {**TWO, "have": f"VS-4718{colon} 1 mM: 40 uL"}).values["have"] for colon in ("", ":", " :")]
    assert given[0] == given[1] == given[2]
    assert given[0][0][0] == "VS-4718"
