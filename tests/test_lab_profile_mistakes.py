"""What is said to a lab profile that has a mistake: file, line, the owner's own words, and the way out; all of a file at once."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
import operator
import re
from importlib import resources

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from benchsheet.errors import ProtocolError, ProtocolErrors
from benchsheet.lab import example_profile, parse_profile

VALIDATOR = Draft202012Validator(json.loads(resources.files("benchsheet.lab").joinpath("lab.schema.json").read_text("utf-8")))
TANK = "{name: mini tank, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}"
BOX = "{name: mini transfer tank, format: mini, cassettes: 2, count: 1, buffer: 1 L}"
DIGITS = "write it in digits"


def told(text):
    with pytest.raises(ProtocolError) as caught:
        parse_profile(text, "my-lab.yml")
    return str(caught.value)


def test_a_list_is_no_profile():
    message = "my-lab.yml:1: the file is not a mapping of names to values\n  hint: begin with a line like 'name: my lab'"
    assert told("- a") == message


# What is written on the one line of a profile: what is said, and the way out.
MISTAKES = {
    # keys
    "tank: []": ("a lab profile has no 'tank'", "did you mean 'tanks'?"),
    "transfer tanks: []": ("a lab profile has no 'transfer tanks'", "did you mean 'transfer_tanks'?"),
    "Antibodies: []": ("a lab profile has no 'Antibodies'", "did you mean 'antibodies'?"),
    # gels
    "gels: [mini-9]": ("'gels' is a mapping, not a list", "write gels: {name: value}"),
    "gels: {mini-9: 9 wells}": ("'mini-9' is not a gel", "write mini-9: {format: mini, wells: 10, capacity: 30 uL}"),
    "gels: {mini-9: {format: mini, wells: 9}}": ("a gel needs a 'capacity'", "add a line 'capacity: ...'"),
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 uL, lanes: 9}}": (
        "a gel has no 'lanes'",
        "known: name, format, wells, capacity, thickness, chemistry",
    ),
    "gels: {mini-9: {format: mini, wells: 41, capacity: 30 uL}}": ("wells '41' is not a whole number from 1 to 40", DIGITS),
    "gels: {mini-9: {format: mini, wells: nine, capacity: 30 uL}}": ("wells 'nine' is not a whole number from 1 to 40", DIGITS),
    "gels: {mini-9: {format: mini, wells: 9, capacity: 0 uL}}": ("capacity '0 uL' is nothing", "give what it is, or leave it out"),
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 mg}}": ("expected a volume, got '30 mg' (mass)", "volume units: uL, mL, L"),
    "gels: {mini-9: {format: mini, wells: 9, capacity: 30 uL/well}}": ("capacity '30 uL/well' is per well", "write it without '/well'"),
    "gels: {mini-9: {format: '', wells: 9, capacity: 30 uL}}": ("'format' is empty", "write {format: mini, wells: 10, capacity: 30 uL}"),
    # labware
    "labware: {cryo: {place: tub, brim: 2 mL}}": ("unknown place 'tub'", "did you mean 'tube'?"),
    "labware: {cryo: {place: tube, brim: 0 mL}}": ("brim '0 mL' is nothing", "give what it is, or leave it out"),
    "labware: {cryo: {place: tube, brim: 2 mL, working: [1 mL, 3 mL]}}": (
        "'cryo': working, fixing and brim do not rise",
        "e.g. working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL; got 2 mL at the brim",
    ),
    "labware: {flask: {place: dish, brim: 70 mL, working: [10 mL, 15 mL]}}": ("a labware needs a 'fixing'", "add a line 'fixing: ...'"),
    "labware: {huge: {rows: 32, columns: 48, working: [1 uL, 2 uL], fixing: 3 uL, brim: 4 uL}}": (
        "'huge' has more wells than a plate of 384",
        "16 rows and 24 columns at most",
    ),
    "labware: {mini-10: {place: tube, brim: 30 uL}}": ("'mini-10' is both a gel and other labware", "choose another name for one of them"),
    "gels: {plate-96: {format: mini, wells: 9, capacity: 30 uL}}": (
        "'plate-96' is both a gel and other labware",
        "choose another name for one of them",
    ),
    "labware: {my-tube: {name: 2 mL tube, place: tube, brim: 2.2 mL}}": (
        "'tube-2' and 'my-tube' are both called '2 mL tube'",
        "a sheet calls labware by its name: give each its own 'name'",
    ),
    # tanks
    "tanks: {name: mini}": ("'tanks' is a list", f"write - {TANK}"),
    "tanks: [mini]": ("'mini' is not a tank", f"write {TANK}"),
    "tanks: [{name: x, format: mni, gels: 2, buffer: {2: 700 mL}}]": ("unknown format 'mni'", "did you mean 'mini'?"),
    "tanks: [{name: x, format: mini, buffer: {2: 700 mL}}]": ("a tank needs a 'gels'", "add a line 'gels: ...'"),
    "tanks: [{name: x, format: mini, gels: 4, buffer: {2: 700 mL}}]": (
        "'x' takes 4 gels, and its buffer is told for up to 2",
        "write the volume for 4: 4: 1 L",
    ),
    "tanks: [{name: x, format: mini, gels: 2, buffer: {2: 700 mL, 4: 1 L}}]": (
        "'x' takes 2 gels, and its buffer is told for up to 4",
        "write the volume for 2: 2: 1 L",
    ),
    "tanks: [{name: x, format: mini, gels: 2, buffer: 700 mL}]": ("'buffer' is a mapping, not a text", "write buffer: {name: value}"),
    "tanks: [{name: x, format: mini, gels: 2, buffer: {}}]": ("'x' has no buffer", "write buffer: {2: 1 L}"),
    "tanks: [{name: x, format: mini, gels: 4, buffer: {2: 1 L, 4: 700 mL}}]": (
        "'x': more gels take less buffer",
        "let the volumes rise with the gels",
    ),
    "tanks: [{name: x, format: mini, gels: 2, buffer: {two: 1 L, 2: 1 L}}]": (
        "'two' is not a number of gels",
        "write buffer: {2: 700 mL, 4: 1 L}, for up to 2 and for up to 4 gels",
    ),
    "tanks: [{name: x, format: mini, gels: 2, count: 0, buffer: {2: 1 L}}]": ("count '0' is not a whole number from 1 to 100", DIGITS),
    "transfer_tanks: [box]": ("'box' is not a transfer tank", f"write {BOX}"),
    "transfer_tanks: [{name: x, format: mini, cassettes: 2, buffer: 1}]": (
        "'1' has no unit",
        "write a number, a space and a unit, like '50 uL'",
    ),
    # equipment
    "equipment: {rotor: 24}": ("'rotor' is not an equipment", "write rotor: {places: 24, radius: 8.4 cm}"),
    "equipment: {rotor: {radius: 8.4 cm}}": ("an equipment needs a 'places'", "add a line 'places: ...'"),
    "equipment: {rotor: {places: 24, radius: 84 cm}}": (
        "radius '84 cm' of 'rotor' is not from 1 cm to 30 cm",
        "measure from the axis to the bottom of the tube: no bench centrifuge is larger (84 mm are 8.4 cm)",
    ),
    "equipment: {rotor: {places: 24, radius: 8.4 mm}}": (
        "radius '8.4 mm' of 'rotor' is not from 1 cm to 30 cm",
        "measure from the axis to the bottom of the tube: no bench centrifuge is larger (84 mm are 8.4 cm)",
    ),
    "equipment: {rotor: {places: 24, radius: '8,4 cm'}}": (
        "'8,4 cm': a comma is a decimal sign to some and a thousands mark to others",
        "write 0.5 or 1000",
    ),
    "equipment: {rotor: {places: 0}}": ("places '0' is not a whole number from 1 to 1000", DIGITS),
    # stocks
    "stocks: [NaCl]": ("'stocks' is a mapping, not a list", "write stocks: {name: value}"),
    "stocks: {NaCl: 5 uL}": (
        "expected a concentration, got '5 uL' (volume)",
        "their units: pM, nM, uM, mM, M, ng/mL, ug/mL, mg/mL, cells/mL, U/mL, % w/v, % v/v, X",
    ),
    "stocks: {SDS: 10 %}": ("'10 %': percent of what?", "write '10 % w/v' (g per 100 mL) or '10 % v/v' (mL per 100 mL)"),
    "stocks: {NaCl: 0 M}": ("NaCl '0 M' is nothing", "give what it is, or leave it out"),
    # antibodies
    "antibodies: FAK": ("'antibodies' is a list", "write - {target: GAPDH, host: rabbit, dilution: 5000 fold}"),
    "antibodies: [FAK]": ("'FAK' is not an antibody", "write {target: GAPDH, host: rabbit, dilution: 5000 fold}"),
    "antibodies: [{host: rabbit}]": ("an antibody needs a 'target'", "add a line 'target: ...'"),
    "antibodies: [{target: FAK}]": ("an antibody needs a 'host'", "add a line 'host: ...'"),
    "antibodies: [{target: FAK, host: mosue, subclass: IgG1}]": ("unknown host 'mosue'", "did you mean 'mouse'?"),
    "antibodies: [{target: FAK, host: mouse}]": (
        "mouse 'FAK' has no subclass",
        "add subclass: one of IgG1, IgG2a, IgG2b, IgG2c, IgG3, IgM, mixed ('mixed' if polyclonal)",
    ),
    "antibodies: [{target: FAK, host: rat}]": (
        "rat 'FAK' has no subclass",
        "add subclass: one of IgG1, IgG2a, IgG2b, IgG2c, IgM, mixed ('mixed' if polyclonal)",
    ),
    "antibodies: [{target: FAK, host: mouse, subclass: igg1}]": ("mouse has no subclass 'igg1'", "did you mean 'IgG1'?"),
    "antibodies: [{target: FAK, host: rabbit, dilution: '1:1000'}]": (
        "'1:1000' is read in two ways",
        "write '1000 fold' (total / stock = 1000) or '1:1000 parts' (1 + 1000)",
    ),
    "antibodies: [{target: FAK, host: rabbit, dilution: 0.5 fold}]": (
        "dilution '0.5 fold' makes it stronger",
        "total / stock: 1 uL in 1 mL is '1000 fold'",
    ),
    "antibodies: [{target: FAK, host: rabbit, clon: 77}]": ("an antibody has no 'clon'", "did you mean 'clone'?"),
    "antibodies: [{target: FAK, host: goat}, {target: FAK, host: goat}]": ("'FAK' is written twice", "the same stands in line 1"),
    # paper, site, devices
    "paper: A5": ("no paper 'A5'", "known: A4, Letter"),
    "paper: letter": ("no paper 'letter'", "did you mean 'Letter'?"),
    "paper: [A4]": ("'paper' is a text, not a list", "write paper: some words"),
    "site: lab.example.org": ("'lab.example.org' is not an address of a site", "write it like 'https://protocols.example.org', or leave it empty"),
    "site: https://lab.example.org/?x=1": (
        "'https://lab.example.org/?x=1' is not an address of a site",
        "write it like 'https://protocols.example.org', or leave it empty",
    ),
    "balances: [{name: scale, from: 1 mg, to: 1 g, step: 1 mg, channels: 8}]": (
        "a balance has no 'channels'",
        "known: name, from, to, step, strokes",
    ),
    "pipettes: [{name: P20, from: 2 uL, to: 20 uL, step: 0 uL}]": ("step '0 uL' is nothing", "give what it is, or leave it out"),
    "pipettes: [{name: P20, from: 2 uL, to: 20 uL, step: 0.0001 uL}]": ("'P20' is set finer than a nanolitre", "give whole ones"),
}

# What only the reader sees: the schema cannot compare one value with another, and lets a program write a step of 0.
READER_ONLY = (
    "do not rise", "is both a gel", "are both called", "unknown format", "its buffer is told", "more gels take less", "is not from 1 cm",
    "makes it stronger", "is written twice", "finer than a nanolitre", "step '0 uL'", "NaCl '0 M'",
)  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_with_file_line_and_the_way_out(text):
    message, hint = MISTAKES[text]
    assert told(f"{text}\n") == f"my-lab.yml:1: {message}\n  hint: {hint}"


@pytest.mark.parametrize("text", [text for text, (message, _) in MISTAKES.items() if not any(word in message for word in READER_ONLY)])
def test_the_schema_refuses_it_too(text):
    assert not VALIDATOR.is_valid(json.loads(json.dumps(yaml.safe_load(text))))


def test_all_mistakes_of_a_profile_are_told_in_the_order_of_their_lines():
    text = """\
name: our lab
gels:
  mini-9:
    format: mini
    wells: none
    capacity: 30
tanks:
  - {name: one, format: mini, gels: 2, buffer: {2: 700 mL}}
  - name: two
    format: maxi
    gels: 2
    count: -1
    buffer: {2: 700 mL}
equipment:
  rotor: {places: 24, radius: 84 cm}
stocks:
  NaCl: 5 g
antibodies:
  - target: FAK
    host: mouse
  - target: pFAK
    host: rabit
    dilution: 1000
  - {target: HER2, host: rabbit}
paper: A3
"""
    hint = "\n  hint: "
    assert told(text).replace(hint, " | ").splitlines() == [
        "my-lab.yml:5: wells 'none' is not a whole number from 1 to 40 | write it in digits",
        "my-lab.yml:6: '30' has no unit | write a number, a space and a unit, like '50 uL'",
        "my-lab.yml:10: unknown format 'maxi' | known: midi, mini",
        "my-lab.yml:12: count '-1' is not a whole number from 1 to 100 | write it in digits",
        (
            "my-lab.yml:15: radius '84 cm' of 'rotor' is not from 1 cm to 30 cm | "
            "measure from the axis to the bottom of the tube: no bench centrifuge is larger (84 mm are 8.4 cm)"
        ),
        (
            "my-lab.yml:17: expected a concentration, got '5 g' (mass) | "
            "their units: pM, nM, uM, mM, M, ng/mL, ug/mL, mg/mL, cells/mL, U/mL, % w/v, % v/v, X"
        ),
        "my-lab.yml:20: mouse 'FAK' has no subclass | add subclass: one of IgG1, IgG2a, IgG2b, IgG2c, IgG3, IgM, mixed ('mixed' if polyclonal)",
        "my-lab.yml:22: unknown host 'rabit' | did you mean 'rabbit'?",
        "my-lab.yml:23: '1000' has no unit | write a number, a space and a unit, like '50 uL'",
        "my-lab.yml:25: no paper 'A3' | known: A4, Letter",
    ]


def test_a_gel_with_a_mistake_makes_no_second_one_of_its_tank():
    text = "gels: {maxi-20: {format: maxi, wells: 20}}\ntanks: [{name: x, format: maxi, gels: 1, buffer: {1: 3 L}}]\n"
    assert told(text).startswith("my-lab.yml:1: a gel needs a 'capacity'")
    assert told(text).count("hint:") == 1


# The example with a few of its values replaced by others.
WORDS = st.sampled_from(
    ["", "x", "mini", "tube", "lane", "mouse", "2", "0", "-1", "30 uL", "0 uL", "1 g", "8 cm", "5 M", "1000 fold", "[", "A4", "\u0661", "1e99 uL"]
)
VALUES = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=5)
WHOLE = json.loads(json.dumps(yaml.safe_load(re.sub(r"^#(?=  +[^ b])", "", example_profile(), flags=re.MULTILINE))))


def paths(tree, path=()):
    """Return the way to every value in *tree*."""
    for key in tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield (*path, key)
        yield from paths(tree[key], (*path, key))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(list(paths(WHOLE))), VALUES), min_size=1, max_size=3))
def test_whatever_is_written_is_read_or_refused_with_its_line(changes):
    data = copy.deepcopy(WHOLE)
    for path, value in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError):  # a change before it took this place away
            functools.reduce(operator.getitem, path[:-1], data)[path[-1]] = value
    try:
        parse_profile(yaml.safe_dump(data), "my-lab.yml")
    except ProtocolError as error:
        for mistake in error.errors if isinstance(error, ProtocolErrors) else [error]:
            assert mistake.file == "my-lab.yml"
            assert mistake.line
            assert mistake.hint
