"""Names of drugs, lines and targets: every spelling of a row is that row, and nothing else is offered for it."""

from __future__ import annotations

import functools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError, suggest
from benchsheet.protocol.parameters.lists import join_names, split_names
from benchsheet.protocol.tables import DataTable, parse_table
from benchsheet.run.inputs import resolve_inputs

SHARED = library.load_shared_files()
TABLES = sorted(name.removesuffix(".yml") for name in SHARED if name.endswith(".yml") and name != "recipes.yml")
NAMED = ("antibodies", "cell_lines", "drugs")
# Drugs, lines and targets that exist and are not in the tables; some are a letter, a digit or a site away from one that is.
ELSEWHERE = {
    "drugs": "tofacitinib crizotinib selumetinib baricitinib TAE684 GSK2256294 apatinib icotinib imatinib nilotinib VS-4719 VS-6062x BIX02187 "
    "cobimetinib binimetinib encorafenib dabrafenib alpelisib palbociclib bosutinib AX15839 XMD8-87 BAY-880",
    "cell_lines": "PC-3 H1299 MDA-MB-435 NCI-H3122 MCF-10A HEK HEL HeLa SK-BR-7 HCC1937 HCC1955 BT-549 OVCAR3 PANC-2 HT-1080 KPN A431 A594 SW480",
    "antibodies": "pSrc-Y527 pAKT-T308 pSTAT3-S727 pFAK-Y925 pEGFR-Y1173 HER3 HER4 STAT5 HSP70 MEK5 MEK pMEK pJNK vimentin FGFR VEGFR PAK JAK RET "
    "pFGFR-Y1068 TAZ pTAZ PER2 alpha-catenin gamma-catenin cleaved_caspase_7 IGF2R G6PDH pPyk2-Y881 pAKT-S474 GAPDH2 p38",
}  # fmt: skip


@functools.cache
def table(name: str) -> DataTable:
    return parse_table(name, SHARED[f"{name}.yml"], f"{name}.yml")


def refused(protocol: str, **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(library.load_source(protocol), values)
    return str(caught.value)


def sheet(protocol: str, **values: str) -> Any:
    return render(library.load_source(protocol), values)


def notes(record: Any) -> list[str]:
    return [warning["message"] for warning in record["warnings"]]


# --- one row by many names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_name_of_a_row_is_that_row_however_it_is_spelled(name):
    rows = table(name).row_names
    for spelling, row in rows.spellings.items():
        greek = re.sub(r"\bbeta\b", "β", re.sub(r"\balpha\b", "α", re.sub(r"\bgamma\b", "γ", spelling)))
        for typed in (
            spelling,
            spelling.upper(),
            spelling.lower(),
            spelling.replace("-", ""),
            spelling.replace("-", " "),
            spelling.replace(" ", "-"),
            greek,
        ):
            assert rows.find(typed) == row, typed


@pytest.mark.parametrize(
    ("protocol", "parameter", "typed", "row"),
    [
        ("srb", "drug", "VS-6063", "defactinib"),
        ("srb", "drug", "pnd 1186", "VS-4718"),
        ("srb", "cell_line", "SKBR3", "SK-BR-3"),
        ("srb", "cell_line", "H460", "NCI-H460"),
        ("western-blot", "targets", "ERBB2", "HER2"),
        ("western-blot", "targets", "β-catenin", "beta-catenin"),
        ("western-blot", "targets", "pFAK(Y397)", "pFAK-Y397"),
        ("co-ip", "partner", "HER-2", "HER2"),
        ("co-ip", "bait", "ptk2", "FAK"),
    ],
)
def test_a_synonym_is_taken_and_the_sheet_says_for_what(protocol, parameter, typed, row):
    record = sheet(protocol, **{parameter: typed})
    assert record["parameters"][parameter]["text"] == row
    assert f"{typed} is taken as {row} of the table" in notes(record)
    assert record["identity"]["run"] == sheet(protocol, **{parameter: row})["identity"]["run"]  # it is the same run


def test_the_command_of_a_sheet_with_a_synonym_makes_that_sheet_again():
    record = sheet("srb", drug="VS-6063")
    assert record["invocation"]["command"] == "benchsheet render srb --drug VS-6063"
    assert record["identity"]["inputs"] != sheet("srb", drug="defactinib")["identity"]["inputs"]  # a sheet of that name has no such note


def test_a_name_of_two_rows_is_told_to_its_author():
    text = "columns: {synonyms: {kind: words}}\nrows:\n  one: {synonyms: [A-1], evidence: general}\n  two: {synonyms: [a1], evidence: general}\n"
    with pytest.raises(ProtocolError, match="'a1' names 'one' and 'two'"):
        parse_table("twins", text, "twins.yml")


# --- what is offered for a name that is in no table -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMED)
def test_another_thing_that_exists_is_never_offered(name):
    for typed in ELSEWHERE[name].split():
        assert "did you mean" not in table(name).row_names.suggest(typed, "known"), typed


@pytest.mark.parametrize("name", TABLES)
def test_what_is_offered_differs_in_no_digit(name):
    rows = table(name).row_names
    for spelling in rows.spellings:
        for at, sign in enumerate(spelling):
            digits = [str((int(sign) + 1) % 10), sign * 2, ""] if sign.isdigit() else [] if at else ["1" + sign]
            for digit in digits:
                typed = spelling[:at] + digit + spelling[at + 1 :]
                if rows.find(typed) is None:
                    assert "did you mean" not in rows.suggest(typed, "known"), typed
                    offered = suggest(typed, rows).partition("did you mean '")[2]
                    assert not offered or re.findall(r"\d", offered) == re.findall(r"\d", typed), typed


@given(st.sampled_from(NAMED), st.data())
def test_whatever_is_offered_is_one_slip_of_a_letter_away(name, data):
    rows = table(name).row_names
    typed = data.draw(st.sampled_from(sorted(rows.spellings)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(typed)))
        typed = typed[:at] + data.draw(st.sampled_from([*"abxP19-", ""])) + typed[at + data.draw(st.integers(0, 1)) :]
    hint = suggest(typed, rows, spellings=rows.spellings, others_exist=True)
    if hint.startswith("did you mean"):
        row = hint.split("'")[1]
        names = [re.sub(r"[\W_]", "", spelling).casefold() for spelling, of in rows.spellings.items() if of == row]
        folded = re.sub(r"[\W_]", "", typed).casefold()
        assert any(re.sub(r"\D", "", other) == re.sub(r"\D", "", folded) and abs(len(other) - len(folded)) <= 1 for other in names)


@pytest.mark.parametrize(
    ("typed", "row"),
    [("traemtinib", "trametinib"), ("lapatinb", "lapatinib"), ("sttatic", "stattic"), ("defactinibb", "defactinib"), ("erlotinip", "erlotinib")],
)
def test_a_slip_of_the_pen_is_seen(typed, row):
    assert refused("srb", drug=typed).endswith(f"hint: did you mean '{row}'; for one that is not there: --drug other --compounds NAME")


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ({"drug": "tofacitinib"}, {"drug": "other", "compounds": "tofacitinib"}),
        ({"cell_line": "PC-3"}, {"cell_line": "other", "doubling": "24; 30 h"}),
    ],
)
def test_the_way_out_that_is_told_leads_out(values, way):
    assert "other" in refused("srb", **values).rpartition("; for one that is not there: ")[2]
    assert sheet("srb", **way)["steps"]


# --- a compound that is a drug of the table ---------------------------------------------------------------------------------

SMALL = [row for row, cells in table("drugs").rows.items() if "top" in cells and cells["antibody"] == "no" and row != "other"]
DRUGS = [(spelling, row) for spelling, row in table("drugs").row_names.spellings.items() if row in SMALL]


@pytest.mark.parametrize(("typed", "row"), [*DRUGS, ("Trametinib", "trametinib"), ("VS 6063", "defactinib"), ("xmd892", "XMD8-92")])
def test_a_compound_called_as_a_drug_of_the_table_is_that_drug(typed, row):
    """trametinib: 0.1 µM at the top, and not the 10 µM of a drug that is not in the table."""
    values = resolve_inputs(load_protocol(library.load_source("srb")), {"compounds": typed}).values
    assert values["drug"] == (row,)
    assert values["top_dose"] == (table("drugs").rows[row]["top"],)


def test_the_top_dose_of_trametinib_is_its_own():
    record = sheet("srb", compounds="trametinib")
    assert record["parameters"]["top_dose"]["text"] == "100 nM"
    assert "PND-1186 is taken as VS-4718 of the table" in notes(sheet("srb", compounds="PND-1186"))


@pytest.mark.parametrize(
    ("compounds", "drug", "message"),
    [
        ("VS-4718", "lapatinib", "--drug: 'VS-4718' is in the table of drugs, and not 'lapatinib'"),
        ("pnd-1186", "lapatinib", "--drug: 'pnd-1186' is 'VS-4718' in the table of drugs, and not 'lapatinib'"),
        ("VS-4718", "other", "--drug: 'VS-4718' is in the table of drugs, and not 'other'"),
        ("lapatinib,VS-4718", "VS-4718,lapatinib", "--drug: 'lapatinib' is in the table of drugs, and not 'VS-4718'"),
        ("a,VS-4718", "lapatinib", "--drug: 'VS-4718' is in the table of drugs, and not 'lapatinib'"),
        ("a,VS-4718", "VS-4718: lapatinib", "--drug: 'VS-4718' is in the table of drugs, and not 'lapatinib'"),
    ],
)
def test_a_compound_is_not_another_drug(compounds, drug, message):
    assert refused("srb", compounds=compounds, drug=drug, salt="ditosylate", stock="5 mg").startswith(message)


def test_a_mass_of_a_compound_is_that_of_its_drug():
    """5 mg of VS-4718, 501.51 g/mol, are 9.97 µmol: 997 µL at 10 mM."""
    record = sheet("srb", compounds="VS-4718", salt="free base", stock="5 mg")
    assert record["derived"]["weighed_mw"]["text"] == "501.51 g/mol"


# --- lists side by side, told by name ----------------------------------------------------------------------------------------

PARALLEL = [
    (name, parameter.name)
    for name in library.protocol_ids()
    for parameter in load_protocol(library.load_source(name)).parameters.values()
    if parameter.follows_list and not parameter.per_item
]
TWO = {
    "drug": ("VS-4718", "lapatinib"), "salt": ("free base", "ditosylate"), "mw": ("500 g/mol", "600 g/mol"), "stock": ("10 mM", "20 mM"),
    "top_dose": ("10 uM", "1 uM"), "dilution": ("3 fold", "2 fold"), "protein": ("2 mg/mL", "1.8 mg/mL"), "dissolve_to": ("10 mM", "20 mM"),
}  # fmt: skip


@pytest.mark.parametrize(("protocol", "name"), PARALLEL)
def test_every_list_that_follows_another_can_be_told_by_name(protocol, name):
    parameter = load_protocol(library.load_source(protocol)).parameters[name]
    one, two = TWO[name]
    given = {parameter.follows_list: "left,right"} | ({"lysis": "B"} if protocol == "western-blot" else {})
    in_order = sheet(protocol, **given, **{name: f"{one}; {two}"})
    by_name = sheet(protocol, **given, **{name: f"Right: {two}; left: {one}"})
    assert by_name["identity"]["inputs"] == in_order["identity"]["inputs"]
    assert "'wrong' is not among the" in refused(protocol, **given, **{name: f"wrong: {two}; left: {one}"})
    assert "'left' is told twice" in refused(protocol, **given, **{name: f"left: {two}; left: {one}"})


def test_one_that_is_not_told_has_its_default():
    record = sheet("srb", compounds="a,b", drug="b: lapatinib", salt="b: ditosylate", stock="b: 5 mg")
    assert [record["parameters"][name]["text"] for name in ("drug", "stock", "top_dose")] == ["other, lapatinib", "10 mM, 5 mg", "10 µM, 5 µM"]
    assert "--salt 'b: ditosylate'" in record["invocation"]["command"]


def test_a_measured_value_is_told_for_all_or_none():
    assert refused("western-blot", samples="A,B", lysis="B", protein="B: 2 mg/mL").startswith("--protein: it is told for some, and not for A")


# --- commas in names -----------------------------------------------------------------------------------------------------------

WITH_COMMAS = [
    "1,2,4,5-benzenetetramine", "2,4-DNP", "N,N-DMT", "N,N'-dicyclohexylcarbodiimide", "2',3'-dideoxycytidine", "poly(I,C)", "bis(2,6-xylyl)",
    "3,4-DCI", "α,β-methylene-ATP", "4a,8a-x", "1,10-phenanthroline", "O,O-dimethyl x", "5,6",
]  # fmt: skip


@pytest.mark.parametrize("name", WITH_COMMAS)
@pytest.mark.parametrize(("protocol", "parameter"), [("srb", "compounds"), ("western-blot", "samples"), ("co-ip", "samples")])
def test_a_name_with_commas_is_never_split_unseen(name, protocol, parameter):
    for typed in (name, f"{name},ctrl", f"ctrl,{name}"):
        quoted = f'"{typed};"' if "'" in typed else f"'{typed};'"  # so that a shell takes it as it stands
        assert f"separate them with ';': {quoted} is one name" in refused(protocol, **{parameter: typed})
    record = sheet(protocol, **{parameter: f"{name}; ctrl"})
    assert record["parameters"][parameter]["value"] == [name, "ctrl"]


def test_one_name_with_commas_ends_with_a_semicolon():
    record = sheet("srb", compounds="1,2,4,5-benzenetetramine;")
    assert record["invocation"]["command"] == "benchsheet render srb --compounds '1,2,4,5-benzenetetramine;'"
    assert record["counts"]["plate"] == 1


@pytest.mark.parametrize("typed", ["a,b", "a;b", "a ; b", "a; b;", "a, b"])
def test_names_stand_between_commas_or_semicolons(typed):
    assert sheet("western-blot", samples=typed)["parameters"]["samples"]["value"] == ["a", "b"]
    assert sheet("western-blot", targets="FAK; GAPDH")["identity"]["inputs"] == sheet("western-blot", targets="FAK,GAPDH")["identity"]["inputs"]


@given(st.lists(st.text("abN12,'()- ", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool), min_size=1, max_size=5))
def test_names_that_are_joined_come_apart_as_they_were(names):
    assert split_names(join_names(names)) == names
