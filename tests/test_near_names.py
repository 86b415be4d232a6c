"""Names that are nearly those of a table, or say one thing twice or in two ways: nothing of it passes silently."""

from __future__ import annotations

from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import load_protocol
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import default_lab
from benchsheet.protocol.lab_tables import with_lab_tables
from benchsheet.protocol.parameters.lists import join_names, split_names
from benchsheet.run.inputs import RunInputs, resolve_inputs

LAB = default_lab()
PROTOCOLS = {name: with_lab_tables(load_protocol(library.load_source(name)), LAB) for name in ("srb", "western-blot", "co-ip")}
DRUGS = [row for row in PROTOCOLS["srb"].tables["drugs"].rows if row != "other"]
TARGETS = list(PROTOCOLS["western-blot"].tables["antibodies"].rows)


def resolve(protocol: str, **values: str) -> RunInputs:
    return resolve_inputs(PROTOCOLS[protocol], values)


def near(**values: str) -> list[str]:
    return [finding.message for finding in resolve("srb", **values).findings if finding.code == "near"]


def test_a_slip_in_a_drug_is_warned_of() -> None:
    [message] = near(compounds="lapatinb")
    assert message == "lapatinb is not in the table and is taken as other: if it is lapatinib, give --drug 'lapatinib'"
    assert near(compounds="lapatinb", drug="lapatinib") == []
    assert near(compounds="lapatinb; a", drug="lapatinb: lapatinib; a: other") == []
    assert near(compounds="tofacitinib; VS-4719; a") == []
    assert near(compounds="3") == []


@pytest.mark.parametrize("drug", DRUGS)
@pytest.mark.parametrize("form", ["{} analogue", "{} (lot 7)", "batch 2 {}", "{}: 10 uM"])
def test_a_drug_among_other_words_is_warned_of(drug: str, form: str) -> None:
    [message] = near(compounds=form.format(drug) + ";")
    assert f"if it is {drug}," in message


def test_a_drug_told_as_another_is_held_against_its_molar_mass() -> None:
    """Lapatinib has 581.07 g/mol as the free base; 1 % of that is 5.8: 576 is it, 574 is not."""
    given = {"drug": "other", "stock": "5 mg"}
    [message] = near(compounds="lapatinib lot 7;", mw="574 g/mol", **given)
    assert message.startswith("lapatinib lot 7 is taken as other, with a molar mass of 574 g/mol, and lapatinib has 581.07 g/mol (free base), ")
    assert message.endswith(": if it is lapatinib, give --drug 'lapatinib'")
    assert len(near(compounds="lapatinb", mw="574 g/mol", **given)) == 1
    assert near(compounds="lapatinib lot 7;", mw="576 g/mol", **given) == near(compounds="xy-12", mw="574 g/mol", **given) == []


@pytest.mark.parametrize("drug", DRUGS[::7])
def test_any_drug_told_as_another_is_held_against_its_molar_mass(drug: str) -> None:
    """No drug of the table is as light as 60 g/mol."""
    forms = [row for row in PROTOCOLS["srb"].tables["drug_forms"].rows.values() if row["drug"] == drug and "mw" in row]
    found = near(compounds=f"{drug} lot 7;", drug="other", stock="5 mg", mw="60 g/mol")
    assert ["60 g/mol" in message and drug in message for message in found] == [True] * bool(forms)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_probed_once(target: str) -> None:
    synonyms: tuple[Any, ...] = PROTOCOLS["western-blot"].tables["antibodies"].rows[target].get("synonyms", ())
    for name in (target, target.upper(), *synonyms):
        with pytest.raises(ProtocolError, match="names the same twice"):
            resolve("western-blot", targets=f"{target}; {name}", loading_control="total protein")


@pytest.mark.parametrize("text", ["ctrl, drug 1,5 uM", "0,5 uM", "a 2,5mM,b", "ctrl,EGF 12,5 ng/mL", "t 1,5 h", "dose 0,25"])
def test_a_decimal_comma_is_not_split_silently(text: str) -> None:
    with pytest.raises(ProtocolError, match="separate them with ';'"):
        split_names(text)
    assert split_names(join_names([text])) == [text]


POSITIONS = [
    "N6,2'-O-dibutyryl cAMP", "N1,N12-diethylspermine", "17α,20β-dihydroxyprogesterone", "D,L-sulforaphane", "o,p'-DDT", "cis,trans-abscisic acid",
    "(+),(-)-gossypol", "all-trans,9-cis retinoic acid", "tert,sec-x", "DL,L-x",
]  # fmt: skip


@pytest.mark.parametrize("name", POSITIONS)
def test_positions_and_turns_of_a_molecule_are_not_parted_silently(name: str) -> None:
    for text in (name, f"ctrl,{name}", f"{name},ctrl"):
        with pytest.raises(ProtocolError, match=r"would be \d+ items"):
            split_names(text)
    assert split_names(join_names([name, "ctrl"])) == [name, "ctrl"]


def test_names_with_figures_are_still_split_at_commas() -> None:
    for text, parts in {
        "MCF7,4T1": 2,
        "day 1, 2 h": 2,
        "s1,s2,s3": 3,
        "HCC1954,786-O": 2,
        "N1,N2": 2,
        "S1,S-2": 2,
        "vehicle,trans-ISRIB": 2,
        "E,F": 2,
    }.items():
        assert len(split_names(text)) == parts, text


@pytest.mark.parametrize("spelling", ["HER2: rabbit", "ERBB2: rabbit", "her2:rabbit", "HER-2 : Rabbit", "Neu:RABBIT", "FAK: goat; erbb2: rabbit"])
def test_co_ip_knows_the_host_of_a_probe_however_it_is_spelled(spelling: str) -> None:
    values = resolve("co-ip", partner="HER2", blot_hosts=spelling).values
    assert values["partner_told"]
    assert values["lit"][values["probes"].index("HER2")]  # the IP antibody is from rabbit too
    assert "HER2: rabbit" in values["blot_hosts"]


@pytest.mark.parametrize("form", ["{} batch 2", "lot 7 {}", "{}_b2", "{}-lot2", "{}/2"])
def test_no_name_of_a_drug_among_other_words_passes_as_another_drug(form: str) -> None:
    rows = PROTOCOLS["srb"].tables["drugs"].row_names
    for name, row in rows.spellings.items():
        if row == "other":
            continue
        wrong, mine = form.format(name), {"salt": "free base", "stock": "5 mg"}
        with pytest.raises(ProtocolError, match=f"names .*{row}.* in the table of drugs, and not "):
            resolve("srb", compounds=f"{wrong};", drug="lapatinib" if row == "VS-4718" else "VS-4718", **mine)
        assert near(compounds=f"{wrong};", drug="other") == []


def test_a_slip_beside_another_drug_is_warned_of() -> None:
    for name in ("lapatinb", "lapatinb lot 2"):
        [message] = near(compounds=f"{name};", drug="VS-4718")
        assert message == f"{name} is not in the table and is taken as VS-4718: if it is lapatinib, give --drug 'lapatinib'"
    assert near(compounds="gefitinib + lapatinib;", drug="lapatinib") == near(compounds="other lot;", drug="other") == []


PARALLEL = {"drug": "VS-4718", "stock": "5 mM", "top_dose": "3 uM", "dilution": "2 fold", "mw": "450 g/mol", "dissolve_to": "5 mM"}


def test_the_parallel_lists_are_all_there() -> None:
    follow = {each.name for each in PROTOCOLS["srb"].parameters.values() if each.follows_list == "compounds"}
    assert follow == {*PARALLEL, "salt", "dissolve_to"}  # which no drug has as another one has


@pytest.mark.parametrize("name", PARALLEL)
@pytest.mark.parametrize(("called", "told"), [("VS-4718", "PND-1186"), ("PND-1186", "vs 4718"), ("pnd 1186", "PND-1186"), ("VS-4718", "vs4718")])
def test_a_list_is_told_of_a_drug_by_any_of_its_names(name: str, called: str, told: str) -> None:
    """VS-4718 is PND-1186; x is not in the table."""
    other = "other" if name == "drug" else PARALLEL[name].replace("5 mM", "7 mM")
    found = resolve("srb", compounds=f"x; {called}", **{name: f"{told}: {PARALLEL[name]}; x: {other}"}).values[name]
    typed = resolve("srb", compounds="x; y", **{name: f"{other}; {PARALLEL[name]}"}).values[name]
    assert found == typed


def test_of_two_lots_of_a_drug_each_is_told_by_its_own_name_and_by_no_third() -> None:
    doses = resolve("srb", compounds="VS-4718; PND-1186", top_dose="PND-1186: 1 uM; VS-4718: 2 uM").values["top_dose"]
    assert [each.value for each in doses] == [each.value for each in resolve("srb", compounds="a;b", top_dose="2 uM; 1 uM").values["top_dose"]]
    with pytest.raises(ProtocolError, match="not among the compounds"):
        resolve("srb", compounds="VS-4718; PND-1186", top_dose="PND-1186 (VS-4718): 1 uM")
