"""Substances are found however they are spelled, told on every face by their components, and kept from meeting what they must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchsheet import library
from benchsheet.calculators import CALCULATORS, CalculatorInputs, parse_options
from benchsheet.engine import load_protocol, render
from benchsheet.errors import Collector, ProtocolError
from benchsheet.formats.html.page import format_html
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.outline.summaries import name_hazards
from benchsheet.formats.text import format_text
from benchsheet.lab import default_lab
from benchsheet.protocol.substances import check_substances, index_substances
from benchsheet.protocol.tables import parse_table

SRB = library.load_source("srb")
TABLE = parse_table("hazards", SRB.shared_files["hazards.yml"], "hazards.yml")
SUBSTANCES = index_substances(TABLE)
KINDS = {  # of a kill control: the class, and the reason of the refusal or the code of the warning
    "detergent": "precipitates the protein",
    "azide": "hydrazoic acid",
    "cyanide": "hydrogen cyanide",
    "bleach": "chlorine",
    "fixative": "fixes the cells to the well",
}
NAMES = {kind: [n for r, c in TABLE.rows.items() if kind in c["classes"] for n in (r, *c.get("also", ()))] for kind in KINDS}
SPELLINGS = (
    str.upper,
    str.lower,
    lambda name: f"10 % {name}",
    lambda name: f"{name.replace('-', ' ')} (0.1 % v/v)",
    lambda name: name.replace("-", ""),
    lambda name: name.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")),  # pasted from a formula
)


def toy(reagents: str, *acts: str) -> Any:
    spec = f"title: Toy\nversion: 1.0.0\nparameters: {{n: {{count: tube, default: 1}}}}\nreagents:\n{reagents}\n"
    spec += "vessels: {tube: {holds: 50 mL, count: n, place: tube}}\n"
    steps = "".join('{% step "Do ' + str(n) + '" %}\n' + act + "\n{% endstep %}\n" for n, act in enumerate(acts))
    return replace(SRB, id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps})


def pour(name: str) -> str:
    return 'Pour now: {{ add("' + name + '", "1 mL/tube", to="tube") }}'


def told(record: Any, step: int = 0) -> list[str]:
    return [hazard["name"] for hazard in record["steps"][step]["hazards"]]


def mixed(*names: str) -> Any:
    mistakes = Collector()
    words = {"component": [f"{name}:2 uL" for name in names], "volume": ["20 uL"], "reactions": ["4"], "overage": ["0 %"]}
    values = parse_options(CALCULATORS["mix"], words, mistakes)
    mistakes.raise_all()
    return CALCULATORS["mix"].calculate(CalculatorInputs(values=values, lab=default_lab(), tables={"hazards": TABLE}))


# --- names ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("10 % SDS", "SDS"), ("Nonidet P-40", "NP-40"), ("IGEPAL CA-630", "NP-40"), ("Tween20", "Tween-20"), ("Digitonin", "digitonin"),
        ("lysis buffer", "detergent"), ("Clorox", "bleach"), ("H2O2", "hydrogen peroxide"), ("formalin", "formaldehyde"), ("4% PFA", "formaldehyde"),
        ("MeOH", "methanol"), ("TRITON X 100", "Triton X-100"), ("β-mercaptoethanol", "2-mercaptoethanol"), ("H2O", "water"),
        ("erlotinib HCl", ""), ("azidothymidine", ""), ("saponaria extract", ""), ("FCCP", "CCCP"),
    ],
)  # fmt: skip
def test_a_substance_is_found_by_each_of_its_names(written: str, row: str) -> None:
    assert SUBSTANCES.find(written) == row


def test_no_name_is_of_two_rows() -> None:
    check_substances(TABLE)
    doubled = parse_table("hazards", SRB.shared_files["hazards.yml"].replace("also: [HNO3,", "also: [HNO3, na-oh,"), "hazards.yml")
    with pytest.raises(ProtocolError, match=r"'na-oh' is a name of 'nitric acid' and of 'NaOH'|'NaOH' is a name of 'nitric acid'"):
        check_substances(doubled)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_control_is_refused_with_its_reason_under_every_name_and_spelling(kind: str) -> None:
    for name in NAMES[kind]:
        for spell in SPELLINGS:
            assert kind in SUBSTANCES.words_within(spell(name), "classes"), spell(name)
    with pytest.raises(ProtocolError, match=KINDS[kind]):
        render(SRB, {"kill": SPELLINGS[2](NAMES[kind][0])})


@pytest.mark.parametrize("kill", ["staurosporine", "puromycin", "doxorubicin HCl", "CCCP", "azacitidine", "cycloheximide", "bortezomib", "etoposide"])
def test_a_cytotoxic_drug_is_taken_as_kill_control(kill: str) -> None:
    assert "peroxide-kill" not in {warning["code"] for warning in render(SRB, {"kill": kill})["warnings"]}


def test_what_does_not_kill_or_cannot_be_pipetted_is_refused_as_kill_control() -> None:
    for name in ("water", "DMSO", "1x PBS", "DMEM + 10 % FBS", "HCl", "BSA in PBS", "saline"):
        with pytest.raises(ProtocolError, match="cells live with 1 µM of it"):
            render(SRB, {"kill": name})
    for name, reason in (
        ("heat", "lifts cells"),
        ("70 % EtOH", "lifts cells"),
        ("UV", "from a stock"),
        ("65 °C", "from a stock"),
        ("none", "from a stock"),
    ):
        with pytest.raises(ProtocolError, match=reason):
            render(SRB, {"kill": name})
    for name in ("doxorubicin in DMSO", "cisplatin in saline", "anti-Fas antibody"):
        assert "idle" not in SUBSTANCES.words_within(name, "classes")
    with pytest.raises(ProtocolError, match="--kill-dose and --kill-stock"):
        render(SRB, {"kill": "5 µM staurosporine"})


def test_a_column_of_words_is_looked_up_in_any_text_that_names_substances():
    """The codes as they stand in the table: those of HCl, then those of methanol; signal words are of one row alone."""
    look_up = load_protocol(SRB).look_up
    assert look_up("hazards", "HCl in methanol", "codes") == ("H290", "H314", "H335", "H225", "H301", "H311", "H331", "H370")
    assert look_up("hazards", "HCl in methanol", "classes") == ("acid", "solvent", "fixative", "idle")
    assert look_up("hazards", "moonlight", "codes") == ()
    assert look_up("hazards", "HCl", "signal") == "Danger"
    with pytest.raises(ProtocolError, match="no row 'HCl in methanol'"):
        look_up("hazards", "HCl in methanol", "signal")


COMMON = (
    "PBS", "PBS, pH 7.4", "sterile PBS", "TBS-T", "1x TBST", "Opti-MEM", "complete growth medium", "RPMI + 10 % FBS", "goat serum",
    "5 % milk in TBST", "nuclease-free water", "1 % agarose in TAE", "anti-FAK (rabbit, 1:1000)", "goat anti-rabbit HRP",
    "Alexa Fluor 488 anti-rabbit", "collagen I",
    "L-glutamine", "siRNA", "5 M NaCl", "1 M Tris-HCl pH 8.0",
)  # fmt: skip
UNKNOWN = ("unobtainium", "wash buffer", "anti-mitotic agent", "anti-HER2 MMAE", "human serum", "unobtainium in PBS")


def test_common_things_are_known_to_be_without_hazard_and_only_the_unknown_is_told_as_unknown() -> None:
    for name in (*COMMON, *UNKNOWN):
        record = render(toy(f"  it: {{name: '{name}'}}", pour("it")))
        assert told(record) == ([name] if name in UNKNOWN else []), name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HCl", "pour it in the hood"), ("6 M HCl", "pour it in the hood"), ("1 M HCl", "keep off skin"), ("0.05 M HCl", None),
        ("NaOH", "goggles and gloves; it burns"),
        ("200 mM NaOH", "goggles and gloves; never"), ("glacial acetic acid", "pour glacial acid"), ("1 % acetic acid", None),
    ],
)  # fmt: skip
def test_an_acid_or_base_has_the_words_of_its_strength_and_of_the_strongest_where_none_is_told(name: str, words: str | None) -> None:
    hazards = render(toy(f"  it: {{name: {name}}}", pour("it")))["steps"][0]["hazards"]
    assert [hazard["handling"].startswith(words or "?") for hazard in hazards] == ([True] if words else [])


# --- components bring their hazards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [name for name, cells in TABLE.rows.items() if cells.get("handling") and not cells.get("role")])
def test_a_component_of_the_table_is_told_by_itself_on_every_face(row: str) -> None:
    record = render(toy(f"  mix: {{name: what is poured, contains: {{{row!r}: 1 X}}}}", pour("mix")))
    assert told(record) == [row]
    assert row in name_hazards(record)
    for sheet in (format_text(record), format_markdown(record), format_html(record, default_lab().paper, default_lab().site)):
        words = " ".join(sheet.replace("\\", "").split())
        assert row.split(maxsplit=1)[0] in words
        assert words.index("Hazard:") < words.index("Pour now")


def test_a_substance_without_a_row_is_told_as_unknown_and_a_harmless_one_is_not() -> None:
    record = render(
        toy("  a: {name: a, contains: {unobtainium: 1 M, NaCl: 1 M}}\n  water: {name: water}\n  b: {name: zeta}", *map(pour, ("a", "water", "b")))
    )
    assert [(h["name"], h["handling"]) for h in record["steps"][0]["hazards"]] == [("unobtainium", "hazards unknown: read its data sheet")]
    assert [told(record, step) for step in (1, 2)] == [[], ["zeta"]]
    silent = render(toy("  a: {name: a, contains: {unobtainium: 1 M}, hazards: []}", pour("a")))
    assert told(silent) == []


def test_a_substance_is_told_in_the_first_step_alone_and_by_its_form() -> None:
    reagents = """\
  acid: {name: acid, contains: {TCA: 50 % w/v}, make: {from: solid, to_volume_with: water}}
  solid: {name: TCA, solid: TCA}
  buffer: {name: buffer, contains: {Tris: 1 M}, adjust: {HCl: pH 8.0}, make: {from: base, to_volume_with: water}}
  base: {name: Tris base, solid: Tris, mw: 121.14 g/mol}
  water: {name: water}"""
    record = render(toy(reagents, pour("acid"), pour("acid"), pour("buffer")))
    assert [told(record, step) for step in (0, 1, 2)] == [["TCA"], [], []]
    made = {each["id"]: [(h["name"], h["handling"]) for h in each["hazards"]] for each in record["preparations"]}
    assert [name for name, _ in made["acid"]] == ["TCA"]
    assert "weigh" in made["acid"][0][1]
    assert "weigh" not in record["steps"][0]["hazards"][0]["handling"]
    assert [(name, "add acid to water" in words) for name, words in made["buffer"]] == [("HCl", True)]


@pytest.mark.parametrize(("line", "whose"), [("KP", "mouse"), ("KPC", "mouse"), ("A549", "human"), ("HEY", "human")])
def test_the_cells_of_a_line_are_of_its_species(line: str, whose: str) -> None:
    names = {hazard["name"] for step in render(SRB, {"cell_line": line})["steps"] for hazard in step["hazards"]}
    assert {name for name in names if "cells" in name} == {f"{whose} cells"}


# --- what must not meet -----------------------------------------------------------------------------------------------------------

REFUSED = [pair for pair in SUBSTANCES.pairs if pair.level == "refuse"]


def of_class(kind: str) -> str:
    return next(name for name, cells in TABLE.rows.items() if kind in cells["classes"])


@pytest.mark.parametrize("pair", REFUSED, ids=lambda pair: f"{pair.one} {pair.two}")
def test_what_must_not_meet_stops_the_sheet_in_either_order(pair: Any) -> None:
    one, two = of_class(pair.one), of_class(pair.two)
    reagents = f"  a: {{name: a, contains: {{{one!r}: 1 X}}}}\n  b: {{name: b, contains: {{{two!r}: 1 X}}}}"
    for acts in (("a", "b"), ("b", "a")):
        with pytest.raises(ProtocolError, match="meet in tube/"):
            render(toy(reagents, *map(pour, acts)))
    apart = render(toy(reagents, pour("a"), '{{ remove(from_="tube", to="one") }}', pour("b")))
    assert not any("meet" in warning["message"] for warning in apart["warnings"])


@pytest.mark.parametrize("pair", REFUSED, ids=lambda pair: f"{pair.one} {pair.two}")
def test_what_must_not_meet_is_refused_in_what_is_made_and_in_one_bottle(pair: Any) -> None:
    one, two = of_class(pair.one), of_class(pair.two)
    parts = f"  a: {{name: a, contains: {{{one!r}: 100 mM}}}}\n  b: {{name: b, contains: {{{two!r}: 100 mM}}}}\n"
    made = f"  stop: {{name: stop, contains: {{{one!r}: 10 mM}}, make: {{from: a, rest: b}}}}\n"
    diluted = f"  thin: {{name: thin, contains: {{{one!r}: 1 mM}}, make: {{from: stop, rest: water}}}}\n  water: {{name: water}}\n"
    for reagents, name in ((made + parts, "stop"), (diluted + made + parts, "thin")):
        with pytest.raises(ProtocolError, match="meet in stop: ") as refusal:  # where they do so first
            render(toy(reagents, pour(name)))
        assert refusal.value.file.endswith("protocol.yml")
    with pytest.raises(ProtocolError, match="meet in bottle: "):
        render(toy(f"  c: {{name: bottle, contains: {{{one!r}: 1 mM, {two!r}: 1 mM}}}}", pour("c")))


@pytest.mark.parametrize("pair", [pair for pair in SUBSTANCES.pairs if pair.level != "waste"], ids=lambda pair: f"{pair.one} {pair.two}")
def test_what_must_not_meet_on_a_sheet_is_not_mixed_by_the_calculator(pair: Any) -> None:
    ones, others = (
        [(row, name) for row, cells in TABLE.rows.items() if kind in cells["classes"] for name in (row, *cells.get("also", ()))]
        for kind in (pair.one, pair.two)
    )
    for place, spelling in enumerate(("{}", "10 % {}", "{} (0.1 % v/v)", "conc. {}, sterile")):
        row, one = ones[place * 7 % len(ones)]
        two = next(name for other, name in (*others[place * 5 % len(others) :], *others) if other != row)
        one, two = spelling.format(one), spelling.format(two).upper()
        if pair.level == "refuse":
            with pytest.raises(ProtocolError, match="meet in the mix: "):
                mixed(one, two)
        else:
            assert row == "TCA" or any("meet in the mix" in warning for warning in mixed(one, two).warnings)


def test_what_may_meet_is_mixed_and_what_one_name_holds_is_seen() -> None:
    for names in (("DTT", "Tris-HCl pH 8"), ("water", "NaCl"), ("erlotinib HCl", "NaF"), ("biotin azide", "copper sulfate"), ("H2O2", "TMB")):
        assert not mixed(*names).warnings, names
    with pytest.raises(ProtocolError, match="HCl and NaOCl") as refusal:
        mixed("1 M HCl in methanol", "NaOCl (12 % active chlorine)")
    assert refusal.value.hint == "leave one of them out, or take another substance"
    for bottle in ("bottle, contains: {azide in dilute HCl: 1 X}", "2 N HCl with NaN3"):
        with pytest.raises(ProtocolError, match="HCl and sodium azide meet in "):
            render(toy(f"  it: {{name: {bottle}}}", pour("it")))


def test_what_a_wash_leaves_meets_what_comes() -> None:
    reagents = "  az: {name: az, contains: {sodium azide: 1 % w/v}}\n  ac: {name: ac, contains: {acetic acid: 1 % v/v}}"
    wash = '{{ wash("ac", "1 mL/tube", of="tube"%s) }}'
    with pytest.raises(ProtocolError, match="acetic acid and sodium azide meet in tube/"):
        render(toy(reagents, pour("az"), wash % ', leave="20 uL/tube"'))
    render(toy(reagents, pour("az"), wash % ""))


def test_a_recipe_of_what_may_meet_is_made_and_warned_of_once() -> None:
    parts = "  c: {name: c, contains: {DTT: 10 mM}, make: {from: a, rest: b}}\n"
    parts += "  a: {name: a, contains: {DTT: 1 M}}\n  b: {name: b, contains: {NaCl: 1 M}}\n"
    assert not any("meet" in warning["message"] for warning in render(toy(parts, pour("c")))["warnings"])
    warm = parts.replace("DTT", "HCl").replace("NaCl", "NaOH")
    thin = "  d: {name: d, contains: {HCl: 1 mM}, make: {from: c, rest: w}}\n"
    warnings = render(toy(thin + warm + "  w: {name: w}", pour("d")))["warnings"]
    (message,) = [warning["message"] for warning in warnings if warning["code"] == "meeting"]
    assert message.startswith("HCl and NaOH meet in c: an acid and a strong base react with heat")


def test_what_is_only_named_as_a_hazard_or_stands_in_a_recipe_is_followed_through_tubes() -> None:
    """Azide as a preservative, diluted by a recipe, is still azide; what acid brought to pH 8 is not an acid, to pH 2.2 it is."""
    reagents = """\
  diluted: {name: diluted antibody, contains: {primary: 1 X}, make: {from: antibody, rest: water}}
  antibody: {name: antibody, contains: {primary: 100 X}, hazards: [sodium azide]}
  mild: {name: mild, contains: {glycine: 0.2 M}, adjust: {HCl: pH PH}, make: {from: powder, to_volume_with: water}}
  powder: {name: glycine, solid: glycine, mw: 75.07 g/mol}
  water: {name: water}"""
    with pytest.raises(ProtocolError, match="acid sets free hydrazoic acid"):
        render(toy(reagents.replace("PH", "2.2"), pour("diluted"), pour("mild")))
    render(toy(reagents.replace("PH", "8.0"), pour("diluted"), pour("mild")))


def test_a_vehicle_is_refused_as_a_compound_under_every_name() -> None:
    for name in ("DMSO", "dimethyl sulphoxide", "water", "70 % EtOH", "DMEM + 10 % FBS", "DMSO vehicle", "VS-4718; dmso"):
        with pytest.raises(ProtocolError, match="what drugs are dissolved in"):
            render(SRB, {"compounds": name})
    with pytest.raises(ProtocolError, match="--solvent"):
        render(SRB, {"compounds": "water", "solvent": "water"})
    for name in ("VS-4718", "compound 7 in DMSO", "insulin", "trametinib DMSO solvate"):
        assert render(SRB, {"compounds": name})["steps"]
