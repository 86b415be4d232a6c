"""What cannot be calculated is refused in one message that names the option and the way out; all that is wrong is told at once."""

from __future__ import annotations

import pytest

from benchsheet.calculators import CALCULATORS
from benchsheet.calculators.model import Option

OPTIONS = [(name, option) for name, calculator in CALCULATORS.items() for option in calculator.options if option.form != "flag"]
named = pytest.mark.parametrize(("name", "option"), OPTIONS, ids=[f"{name} {option.flag}" for name, option in OPTIONS])

WRONG = {
    "quantity": ["", "  ", "-1 UNIT", "NaN UNIT", "1,5 UNIT", "1:4", "1 000 UNIT", "5", "5 banana", "5 V", "5 UNIT/banana", "٣ UNIT"],
    "quantities": ["", ";", "1,5 UNIT", "1; -2 UNIT", "1; 2", "5 V", "1 UNIT; 2 V"],
    "number": ["", "  ", "-1", "NaN", "nan", "1,5", "banana", "5 V", "٣", "--"],
    "whole": ["", "0", "-1", "NaN", "1,5", "1.5", "5 uL", "1000001", "banana", "٣"],
    "wholes": ["", ",", "1,,2", "-1", "1.5", "NaN", "1;2", "5 uL"],
    "numbers": ["", ";", "1;;2", "1,5", "-1; 2", "NaN", "banana", "1 2"],
    "groups": ["", ";", "1;;2", "1,5", "-1; 2", "NaN", "banana"],
    "word": ["", "  ", "banana"],
    "name": ["", "  ", "a" * 61],
    "component": [
        "",
        "a",
        ":1 uL",
        "a:",
        "a:b",
        "a:0 uL",
        "a:-1 uL",
        "a:1,5 uL",
        "a:1 V",
        "a:10 X:1 X:2 X",
        "a:1 X:1 mM",
        "a:1 X:10 X",
        "total:1 uL",
    ],
}


def wrong(option: Option) -> list[str]:
    unit = option.example.partition(" ")[2].rpartition("; ")[2].partition(" ")[2] if option.form == "quantities" else option.example.partition(" ")[2]
    found = [text.replace("UNIT", unit or "fold") for text in WRONG[option.form]]
    if not option.allow_zero and option.form in ("quantity", "number"):
        found.append(f"0 {unit or 'fold'}" if option.form == "quantity" else "0")
    return [text for text in found if text != "--"]


def words(name, but=(), **changed):
    """Return a command line that is right, with some options left out or typed otherwise."""
    calculator = CALCULATORS[name]
    given = {
        option.name: option.example
        for option in calculator.options
        if not (option.optional or option.form == "flag" or option.name in calculator.one_of[1:] or option.name in but)
    } | changed
    return ["calc", name, *(word for option, text in given.items() for word in (calculator.option(option).flag, text))]


def rivals(name, option):
    """Return the options of which *option* is given in place."""
    one_of = CALCULATORS[name].one_of
    return one_of[:1] if option.name in one_of[1:] else ()


def refused(answer, option, message, hint):
    assert answer.code == 2
    assert answer.written == b""
    assert answer.err == f"{option}: {message}\n  hint: {hint}\n"


@named
def test_a_wrong_value_is_refused_in_one_message_that_names_its_option(cli, name, option):
    but = rivals(name, option)
    for text in wrong(option):
        answer = cli(*words(name, but, **{option.name: text}))
        assert (answer.code, answer.written) == (2, b""), text
        assert len(answer.mistakes) == 1, (text, answer.err)
        assert answer.err.startswith(f"{option.flag}: "), (text, answer.err)
        assert "\n  hint: " in answer.err, text


@named
def test_an_option_without_its_value_or_given_twice_is_refused(cli, name, option):
    but = (option.name, *rivals(name, option))
    answer = cli(*words(name, but), option.flag)
    assert (answer.code, len(answer.mistakes)) == (2, 1), answer.err
    assert answer.err.startswith(f"{option.flag}: it has no value\n")
    if option.form != "component":
        answer = cli(*words(name, but), option.flag, option.example, option.flag, option.example)
        assert (answer.code, len(answer.mistakes)) == (2, 1), answer.err
        assert answer.err.startswith(f"{option.flag}: {option.example!r} is the second value given")


@named
def test_a_missing_option_is_named_with_what_it_is_and_an_example(cli, name, option):
    calculator = CALCULATORS[name]
    if option.optional or option.default or option.name in calculator.one_of or (name, option.name) == ("weigh", "mw"):
        return
    answer = cli(*words(name, (option.name,)))
    assert (answer.code, len(answer.mistakes)) == (2, 1), answer.err
    assert answer.err.startswith(f"{option.flag}: it is missing: ")
    assert option.missing[1] or option.example in answer.err


@pytest.mark.parametrize("name", CALCULATORS)
def test_all_that_is_missing_is_told_at_once(cli, name):
    calculator = CALCULATORS[name]
    answer = cli("calc", name)
    assert answer.code == 2
    for option in calculator.options:
        needed = not (option.optional or option.default or option.form == "flag" or option.name in calculator.one_of)
        assert needed is (f"{option.flag}: it is missing" in answer.err)
    assert not calculator.one_of or f"{' or '.join(f'--{each}' for each in calculator.one_of)}: one of them is missing" in answer.err


def test_all_mistakes_of_a_command_line_are_told_at_once(cli):
    answer = cli("calc", "dilute", "--stock", "10", "--final", "1,5 mM", "--colour", "red", "stray", "--lab", "nowhere.yml")
    assert answer.code == 2
    assert sorted(line.partition(": ")[0] for line in answer.mistakes) == [
        "--colour", "--final", "--stock", "--volume", "benchsheet calc dilute", "nowhere.yml",
    ]  # fmt: skip


# --- words that lead elsewhere -------------------------------------------------------------------------------------------------


def test_an_unknown_calculator_is_refused_with_the_nearest(cli):
    refused(cli("calc", "dilut"), "benchsheet calc", "no calculator 'dilut'", "did you mean 'dilute'?")
    refused(cli("calc", "titrate"), "benchsheet calc", "no calculator 'titrate'", f"calculators: {', '.join(CALCULATORS)}")


def test_an_unknown_option_is_refused_with_the_nearest(cli):
    refused(cli(*words("dilute"), "--volum", "1 mL"), "--volum", "there is no such option", "did you mean '--volume'?")
    refused(
        cli(*words("seed", ("per_well",)), "--per_well", "5000", "--per-well", "5000"), "--per_well", "there is no such option", "write --per-well"
    )


def test_a_switch_takes_no_value(cli):
    refused(cli(*words("gel"), "--stacking=yes"), "--stacking", "it takes no value, and 'yes' was given", "write --stacking alone")
    refused(cli(*words("gel"), "--json=1"), "--json", "it takes no value, and '1' was given", "write --json alone")


def test_a_value_that_was_not_quoted_is_told_so(cli):
    answer = cli("calc", "dilute", "--stock=10 mM", "--final=1 mM", "--volume", "1", "mL")
    assert set(answer.mistakes) == {"--volume: '1' has no unit", "benchsheet calc dilute: 'mL' belongs to no option"}


def test_a_lab_that_cannot_be_read_is_refused(cli, monkeypatch):
    assert "nowhere.yml: the file cannot be read" in cli(*words("dilute"), "--lab", "nowhere.yml").err
    monkeypatch.setenv("BENCHSHEET_LAB", "nowhere.yml")
    assert cli(*words("dilute")).code == 2


def test_a_lab_with_an_impossible_viability_is_refused(cli, tmp_path):
    (tmp_path / "lab.yml").write_text("viability: 101 %\n", "utf-8")
    refused(cli(*words("count"), "--lab", "lab.yml"), "lab.yml:1", "viability '101 %' is above 100 %", "90 % is usual")


# --- the reasons ---------------------------------------------------------------------------------------------------------------

# A calculator, what is typed otherwise than in its example, and the one message.
REASONS: dict[str, tuple[str, dict[str, str | None], str, str, str]] = {
    "a radius above 30 cm": (
        "spin",
        {"radius": "84 cm"},
        "--radius",
        "84 cm is more than any rotor's radius (30 cm)",
        "give r_max from the rotor's sheet, in cm: 8.4 cm, not 84",
    ),
    "a radius above 30 cm, from a force": (
        "spin",
        {"rpm": None, "rcf": "14000 x g", "radius": "300.1 mm"},
        "--radius",
        "30.01 cm is more than any rotor's radius (30 cm)",
        "give r_max from the rotor's sheet, in cm: 8.4 cm, not 84",
    ),
    "grams for a force": (
        "spin",
        {"rpm": None, "rcf": "14000 g"},
        "--rcf",
        "expected a centrifugal force, got '14000 g' (mass)",
        "'g' is the gram; write '14000 x g'",
    ),
    "speed and force": ("spin", {"rcf": "14000 x g"}, "--rcf", "only one of --rpm and --rcf can be given", "give one of them"),
    "treated without a start": (
        "growth",
        {"t0": None},
        "--t0",
        "it is missing: growth counts from what was there when the drug went on; end points alone do not tell slower growth from loss",
        "fix and read a plate when the drug goes on; without one only percent of control is known, 100 × treated ÷ control",
    ),
    "a control that is at the start": (
        "growth",
        {"t0": "1.2"},
        "--control",
        "the control (1.2) is not above the start (1.2): nothing grew, so there is no percentage of growth",
        "look whether the readings are exchanged; else let the control double before it is read",
    ),
    "a control below the start": (
        "growth",
        {"t0": "1.5"},
        "--control",
        "the control (1.2) is not above the start (1.5): nothing grew, so there is no percentage of growth",
        "look whether the readings are exchanged; else let the control double before it is read",
    ),
    "a bare ratio as factor": (
        "series",
        {"factor": "1:4"},
        "--factor",
        "'1:4' is read in two ways",
        "write '4 fold' (total / stock = 4) or '1:4 parts' (1 + 4)",
    ),
    "a bare number as factor": ("series", {"factor": "3"}, "--factor", "'3' has no unit", "write '3 fold' (total / stock)"),
    "a bare ratio as dilution": (
        "count",
        {"dilution": "1:4"},
        "--dilution",
        "'1:4' is read in two ways",
        "write 4 (total / stock), '4 fold', or '1:4 parts' (1 + 4)",
    ),
    "a dilution below 1": (
        "count",
        {"dilution": "0.5"},
        "--dilution",
        "0.5 is below 1: a dilution is total / stock",
        "1 is undiluted, 2 is one part and one part of dye",
    ),
    "a dilution upwards": (
        "dilute",
        {"final": "20 mM"},
        "--final",
        "20 mM is stronger than the stock (10 mM): diluting only makes weaker",
        "use a stronger stock, or look whether they are exchanged",
    ),
    "a spike upwards": (
        "bring",
        {"final": "60 % w/v"},
        "--final",
        "60 % w/v is stronger than the stock (50 % w/v): diluting only makes weaker",
        "use a stronger stock, or look whether they are exchanged",
    ),
    "a spike to the stock": (
        "bring",
        {"final": "50 % w/v"},
        "--final",
        "nothing can be brought to the strength of its stock",
        "use a stronger stock",
    ),
    "a series upwards": (
        "series",
        {"top": "20 mM"},
        "--top",
        "20 mM is stronger than the stock (10 mM): diluting only makes weaker",
        "use a stronger stock, or look whether they are exchanged",
    ),
    "a standard upwards": (
        "standards",
        {"points": "3000 ug/mL"},
        "--points",
        "3 mg/mL is stronger than the stock (2 mg/mL): diluting only makes weaker",
        "use a stronger stock",
    ),
    "a component upwards": (
        "mix",
        {"component": "buffer:1 X:2 X"},
        "--component",
        "buffer: 2 X is stronger than its stock (1 X): diluting only makes weaker",
        "use a stronger stock",
    ),
    "two kinds of concentration": (
        "dilute",
        {"final": "1 mg/mL"},
        "--final",
        "1 mg/mL (mass concentration) and the stock's 10 mM (molarity) are compared by the molar mass",
        'give it, like --mw "36.46 g/mol"; or write both in one kind of concentration',
    ),
    "two kinds that nothing compares": (
        "dilute",
        {"final": "1 X"},
        "--final",
        "1 X (strength) cannot be compared with the stock's 10 mM (molarity)",
        "write both in one kind of concentration; units of the stock's: pM, nM, uM, mM, M",
    ),
    "a radius below 2 cm": (
        "spin",
        {"radius": "8.4 mm"},
        "--radius",
        "0.84 cm is less than any rotor's radius (2 cm)",
        "give r_max from the rotor's sheet, in cm: 8.4 cm is 84 mm",
    ),
    # 1.11824e-5 x 8.4 x 1400000^2 = 184 107 033
    "a speed with two digits too many": (
        "spin",
        {"rpm": "1400000"},
        "--rpm",
        "1 400 000 rpm and 184 107 034 × g are more than any centrifuge reaches (150 000 rpm, 1 000 000 × g)",
        "look for a digit too many, and at the unit of the radius",
    ),
    # sqrt(1.4e6 / (1.11824e-5 x 30)) = 64 600.5 rpm
    "a force that none reaches": (
        "spin",
        {"rpm": None, "rcf": "1400000 x g", "radius": "30 cm"},
        "--rcf",
        "64 600 rpm and 1 400 000 × g are more than any centrifuge reaches (150 000 rpm, 1 000 000 × g)",
        "look for a digit too many, and at the unit of the radius",
    ),
    # 58.44 x 50 = 2922
    "more salt than there is room for": (
        "weigh",
        {"mw": "58.44 g/mol", "concentration": "50 M"},
        "--concentration",
        "that is 2922 g of solid in each litre: there is no room for it",
        "look at the unit and at the molar mass; a solution holds less than 2000 g in a litre, and most hold much less",
    ),
    "more percent than there is room for": (
        "dissolve",
        {"concentration": "250 % w/v"},
        "--concentration",
        "that is 2500 g of solid in each litre: there is no room for it",
        "look at the unit and at the molar mass; a solution holds less than 2000 g in a litre, and most hold much less",
    ),
    "a molar mass in kg": (
        "weigh",
        {"mw": "0.5105 g/mol"},
        "--mw",
        "no solid has a molar mass of 0.5105 g/mol",
        "in g/mol it may be 510.5 g/mol; the label has it",
    ),
    "more than there is room for, in other units": (
        "convert",
        {"concentration": "100 M"},
        "--concentration",
        "that is 15 000 000 g of solid in each litre: there is no room for it",
        "look at the unit and at the molar mass; a solution holds less than 2000 g in a litre, and most hold much less",
    ),
    "a signal below zero": (
        "recovery",
        {"unbound": "-7"},
        "--unbound",
        "'-7' is below zero",
        "look where it comes from: what is measured here is zero or more",
    ),
    "a start below the blank": (
        "growth",
        {"t0": "-0.01"},
        "--t0",
        "-0.01 is not above the blank: no cells were there, so nothing can be compared with it",
        "look whether the blank was subtracted twice, and read cells that show above it",
    ),
    "a reading far below the blank": (
        "percent",
        {"treated": "-0.3"},
        "--treated",
        "-0.3 is further below the blank than its noise (0.05): no well reads so little",
        "look whether the blank was subtracted twice, or belongs to another plate",
    ),
    "a gel that does not set": (
        "gel",
        {"percent": "0.75"},
        "--percent",
        "a gel of 0.75 % does not set: below 3 % acrylamide stays liquid or tears",
        "7.5 to 15 are usual; --percent is acrylamide, not the thickness of the spacer",
    ),
    # 15 µL of 20 ng/mL, which is 0.02 ng/µL
    "a lysate of nearly nothing": (
        "load",
        {"protein": "20 ng/mL"},
        "--mass",
        "20 µg does not fit: the lane has room for 15 µL of lysate, which holds 0.3 ng at most",
        "load less, load more volume, use a stronger buffer, or concentrate the lysate",
    ),
    # 100 + 50
    "an ampoule that is too small": (
        "standards",
        {"points": "2000; 1000 ug/mL", "ampoule": "100 uL"},
        "--ampoule",
        "the standards take 150 µL of the stock, and there are 100 µL",
        "make smaller vials, or each from the one before (--serial)",
    ),
    "no blank among standards": (
        "bca",
        {"standards": "2000; 1000; 500; 250 ug/mL", "readings": "2; 1; 0.5; 0.3"},
        "--standards",
        "no standard is 0: there is no blank to subtract",
        "read the buffer alone, and give it as the standard 0",
    ),
    "a sample above the standards": (
        "bca",
        {"samples": "2.5"},
        "--samples",
        "sample 1 reads 2.39, above the highest standard (1.8)",
        "dilute it in the buffer of the standards, read again, and give --dilution",
    ),
    "a total at its background": (
        "ratio",
        {"total_background": "600; 9600"},
        "--total",
        "the total (9600) is not above its background (9600): there is no band to divide by",
        "look whether the two are exchanged; a lane without total has no ratio",
    ),
    "an isotype that binds as much": (
        "recovery",
        {"partner_input": "2500", "partner_ip": "600", "partner_isotype": "600"},
        "--partner-isotype",
        "the isotype (600) binds as much as the antibody (600): nothing is shown",
        "more salt, pre-clear, or other beads; then again",
    ),
    "more taken than the whole": (
        "strength",
        {"into": "5 uL"},
        "--into",
        "10 µL are more than the whole, 5 µL",
        "--into is the whole, what was taken included",
    ),
    "percent of what": (
        "gel",
        {"percent": "10 %"},
        "--percent",
        "'10 %': percent of what?",
        "write '10 % w/v' (g per 100 mL) or '10 % v/v' (mL per 100 mL)",
    ),
    "a comma in a number": (
        "growth",
        {"treated": "0,75"},
        "--treated",
        "'0,75': a comma is a decimal sign to some and a thousands mark to others",
        "write '0.75'",
    ),
    "a factor of one": (
        "series",
        {"factor": "1 fold"},
        "--factor",
        "a series needs a dilution factor above 1, not 1 fold",
        "write half-log, '3 fold' or '2 fold' (total / stock)",
    ),
    "too many points": (
        "series",
        {"points": "30", "factor": "10 fold"},
        "--points",
        "the last of 30 doses is next to nothing",
        "fewer doses, or a smaller dilution factor",
    ),
    "a first tube that keeps less": (
        "series",
        {"first": "50 uL"},
        "--first",
        "tube 1 would keep 50 µL, less than the 100 µL of the others",
        "give more, or leave it out",
    ),
    "a transfer that is another factor": (
        "series",
        {"factor": "2 fold", "transfer": "100 uL", "volume": "200 uL"},
        "--transfer",
        "100 µL into 200 µL is 3 fold, not 2 fold",
        "carry it into 100 µL of diluent, or leave --factor out",
    ),
    # on 50 µL: 50 x 1 / (10 - 1) = 5.555… µL
    "a transfer larger than tube 1": (
        "series",
        {"factor": None, "transfer": "100 uL", "volume": "50 uL"},
        "--first",
        "tube 1 holds 55.555 µL, and 100 µL are carried on from it",
        "carry less, use more diluent, or say what tube 1 keeps",
    ),
    # 21 - 20 = 1
    "components that do not fit": (
        "mix",
        {"component": "a:21 uL"},
        "--component",
        "the components come to 21 µL a reaction, 1 µL more than the 20 µL of it",
        "use stronger stocks, less of a component, or a larger reaction",
    ),
    "a molarity without a molar mass": (
        "dissolve",
        {"mw": None},
        "--mw",
        "it is missing: a molarity needs the molar mass of what is weighed",
        'like --mw "510.50 g/mol", salt and crystal water included',
    ),
    "nothing counted": ("count", {"squares": "0,0"}, "--squares", "no cells were counted", "count a denser suspension"),
    "dead cells of other squares": (
        "count",
        {"dead": "1,2"},
        "--dead",
        "2 squares of dead cells and 4 of living ones",
        "give one number a square, or their total alone",
    ),
    # 5000 cells in 100 µL are 50000 cells/mL
    "a suspension that is too thin": (
        "seed",
        {"counted": "40000 cells/mL"},
        "--counted",
        "40 000 cells/mL is too thin: 6.6 mL have to hold 50 000 cells/mL",
        "spin the cells down and take them up in less, at 50 000 cells/mL or more; or ask for fewer cells a well",
    ),
    "a gel stronger than its stock": (
        "gel",
        {"percent": "40"},
        "--percent",
        "40 % is stronger than the acrylamide stock (30 %): diluting only makes weaker",
        "use a stronger stock",
    ),
    # 30 x (1 - 0.25 - 0.01 - 0.005 - 0.00025) = 22.0425
    "a gel without room": (
        "gel",
        {"percent": "23"},
        "--percent",
        "23 % from a 30 % stock leaves no room for the other parts: 22 % at most",
        "use a stronger acrylamide stock",
    ),
    "a stock that cannot be": ("gel", {"acrylamide": "120"}, "--acrylamide", "no stock holds 120 % w/v acrylamide", "30 and 40 are usual"),
    # 20 - 20/4 = 15 µL at 1 µg/µL
    "a lane that is too small": (
        "load",
        {"protein": "1 mg/mL"},
        "--mass",
        "20 µg does not fit: the lane has room for 15 µL of lysate, which holds 15 µg at most",
        "load less, load more volume, use a stronger buffer, or concentrate the lysate",
    ),
    "a buffer that leaves no room": ("load", {"buffer": "1"}, "--buffer", "a buffer of 1 X leaves no room for lysate", "use a stronger one, like 4"),
    "a vessel that is not there": ("confluence", {"vessel": "96 wells"}, "--vessel", "no vessel '96 wells'", "did you mean '96-well'?"),
    "more doublings than there are": (
        "confluence",
        {"doubling": "1 s"},
        "--time",
        "the time is more than 1000 doublings",
        "look at the units of time and doubling time",
    ),
    "more than the whole": (
        "dilute",
        {"stock": "120 % v/v", "final": "1 % v/v"},
        "--stock",
        "'120 % v/v' is more than the whole",
        "a share is 100 % at most",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_be_is_refused_with_its_reason(cli, reason):
    name, changed, option, message, hint = REASONS[reason]
    left_out = tuple(key for key, text in changed.items() if text is None)
    answer = cli(*words(name, left_out, **{key: text for key, text in changed.items() if text is not None}))
    plain = answer.err.replace("\u202f", " ")
    assert (answer.code, answer.written) == (2, b"")
    assert plain == f"{option}: {message}\n  hint: {hint}\n"


def test_a_component_given_twice_is_refused(cli):
    answer = cli(*words("mix"), "--component", "Buffer:1 uL")
    refused(answer, "--component", "'Buffer' is given twice", "name it once")


def test_water_and_rest_as_components_leave_no_name_for_what_fills_up(cli):
    answer = cli(*words("mix", ("component",)), "--component", "water:1 uL", "--component", "rest:1 uL")
    assert answer.err.startswith("--component: 'water' and 'rest' are both components")


def test_no_refusal_shows_an_amount_below_zero(cli):
    for name, changed, *_ in REASONS.values():
        if any((text or "").startswith("-") for text in changed.values()):
            continue  # it was typed
        left_out = tuple(key for key, text in changed.items() if text is None)
        err = cli(*words(name, left_out, **{key: text for key, text in changed.items() if text is not None})).err
        assert not [word for word in err.replace("−", "-").split() if word.startswith("-") and word[1:2].isdigit()], err


TIRED = [
    ("dilute", {"stock": "10,5 mM"}, "--stock", "write '10.5 mM'"),
    ("dilute", {"stock": "10 mm"}, "--stock", "mm is a length; if you mean a concentration, write '10 mM'"),
    ("dilute", {"final": "10"}, "--final", "like '10 uM'; units: pM, nM, uM, mM, M, ng/mL"),
    ("dilute", {"final": "1:1000"}, "--final", "it is the amount itself that is asked for here, like '10 uM'"),
    ("dilute", {"stock": "70%"}, "--stock", "write '70 % w/v' (g per 100 mL) or '70 % v/v'"),
    ("bring", {"onto": "100 uL per well"}, "--onto", "like '100 uL'; units: uL, mL, L"),
    ("series", {"factor": "3x"}, "--factor", "write '3 fold' (total / stock)"),
    ("series", {"factor": "1/3"}, "--factor", "write '3 fold' (total / stock)"),
    ("mix", {"component": "primer:10 uM:0,5 uM"}, "--component", "write '0.5 uM'"),
    ("mix", {"overage": "10"}, "--overage", "like '10 %'; units: %"),
    ("dissolve", {"mass": "510.5 g/mol", "mw": "5 mg"}, "--mw", "--mass and --mw look exchanged"),
    ("weigh", {"concentration": "1 L", "volume": "1 M"}, "--volume", "--concentration and --volume look exchanged"),
    ("load", {"protein": "20 ug", "mass": "2 mg/mL"}, "--mass", "--protein and --mass look exchanged"),
    ("seed", {"counted": "1.5e6"}, "--counted", "like '1.2e6 cells/mL'; units: cells/mL"),
    ("spin", {"rpm": "12,000"}, "--rpm", "write '12000' or '12.000'"),
    ("gel", {"acrylamide": "30:1"}, "--acrylamide", "it is the amount itself that is asked for here, like '30'"),
    ("standards", {"points": "2000,1000,500,0 ug/mL"}, "--points", "separate values with semicolons, like '2000; 1000"),
    ("ratio", {"total": "100,200"}, "--total", "or separate values with semicolons, like '"),
    ("percent", {"control": "1.2 1.3"}, "--control", "one number alone, like 1.2; of replicates their mean"),
    ("growth", {"treated": "50%"}, "--treated", "one number alone, like"),
    ("bca", {"readings": "1,20; 0,90"}, "--readings", "write '1.20'"),
]


@pytest.mark.parametrize(("name", "changed", "flag", "way"), TIRED)
def test_the_way_out_has_the_figure_that_was_typed_and_the_units_of_its_option(cli, name, changed, flag, way):
    told = cli(*words(name, **changed)).err.split("\n--")
    assert any(part.removeprefix("--").startswith(f"{flag[2:]}: ") and way in part for part in told)


def test_no_way_out_names_a_unit_that_the_option_does_not_take(cli):
    """The units of all kinds together were told once, temperature and length for a mass."""
    for name, option in OPTIONS:
        if option.form in ("quantity", "quantities"):
            told = cli(*words(name, rivals(name, option), **{option.name: "5 banana"})).err
            assert "unknown unit 'banana'" in told
            assert "degC" not in told
