"""A mistake of an author is told with file, line, what is wrong and the way out; all of one file at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchsheet import yamltext
from benchsheet.authoring.check import check_protocol
from benchsheet.engine import render
from benchsheet.errors import ProtocolError, suggest
from benchsheet.protocol.source import Source

# The lines are numbered here because the messages name them.
SPEC = """\
title: Toy
version: 1.0.0
parameters:
  plates: {count: plate, default: 1, min: 1, max: 9}
  dose: {default: 10 uM, min: 1 nM, max: 1 mM}
  volume: {default: 100 uL/well, min: 10 uL, max: 400 uL}
  share: {default: 0.1 % v/v}
  spin: {default: 300 x g}
  warmth: {default: 37 degC}
  mode: {choices: [wet, dry], default: wet}
  names: {text: "yes", default: one, list: {min: 1, max: 4}}
derived:
  wells: {from: plates * 3}
checks:
  many: {if: plates > 8, level: refuse, say: "{plates} plates are too many | at most 8"}
reagents:
  acid: {name: acid, contains: {acid: 50 % w/v}}
  drug: {name: drug, contains: {drug: 10 mM, DMSO: 100 % v/v}}
  dmso: {name: DMSO, contains: {DMSO: 100 % v/v}}
  serum: {name: serum}
  water: {name: water}
vehicle: {component: DMSO, limit: share, in: culture/dose}
equipment:
  reader: {name: plate reader}
controls:
  blank: {why: subtracted from every reading}
vessels:
  culture:
    labware: plate-96
    count: plates
    groups:
      cells: B2:B4
      dose: {at: C2:E5, by: column}
      blank: A1
      edge: rest
    sets:
      read: [cells, blank]
      nobody: []
"""
WORKS = """\
@article{vichai2006,
  author = {Vichai, V. and Kirtikara, K.},
  title = {Sulforhodamine B colorimetric assay},
  year = {2006},
}
"""
TABLE = """\
title: Lines
columns:
  size: {kind: volume}
  number: {kind: number}
rows:
  one: {size: 5 uL, number: 3, evidence: general}
"""
UNITS = (
    "units: uL, mL, L, ng, ug, mg, g, s, min, h, pM, nM, uM, mM, M, ng/mL, ug/mL, mg/mL, cells/mL, U/mL, cells, "
    "% w/v, % v/v, % w/w, %, X, fold, g/mol, degC, nm, um, mm, cm, x g, rpm, V"
)
VOLUMES, TIMES = "volume units: uL, mL, L", "time units: s, min, h"
CONCENTRATIONS = "their units: pM, nM, uM, mM, M, ng/mL, ug/mL, mg/mL, cells/mL, U/mL, % w/v, % v/v, X"
LANGUAGE = (
    "allowed are names, numbers, quoted quantities and words, + - * / < <= > >= == != and or not in if else, "
    "ceil floor min max sum len any all log2 pow2 about table kind known per beside in_sheet"
)
FILTERS = "filters: join, length, count, first, last, list, sort, unique, upper, lower, capitalize, trim, default, d, reverse"
GROUPS = "culture/read, culture/nobody, culture/cells, culture/dose 1, culture/dose 2, culture/dose 3, culture/dose 4, culture/blank"
ADD = "write it like add(reagent, amount, to=..., compound=...)"
A_QUANTITY = "write a number, a space and a unit, like '50 uL'"
A_STEP = "put it between {% step %} and {% endstep %}"
SUBTRACTED = "look at what is subtracted"
NOT_HERE = "a template computes through verbs only"
COMPARE = "compare it with something"
ONE_KIND = "both have to be of one kind"
INSIDE = '{% step "A" %}\nfirst {{ add("water", "100 uL/well", to="culture/cells") }}\n'  # the line under test is the third
SERIES = '{{ series("drug", top="10 uM", factor="3 fold", to="culture/dose", add="100 uL/well", diluent="serum"'
DILUTE = '{{{{ dilute("drug", to="{} mM", with_="dmso", into="tube/a", volume="{} uL") }}}}'


def source(template: str, spec: str = SPEC, **shared: str) -> Source:
    files = {"protocol.yml": spec, "protocol.md.j2": template}
    return Source(
        id="toy",
        folder="protocols/toy",
        files=files,
        shared_files={"references.bib": WORKS} | {name.replace("__", "."): text for name, text in shared.items()},
    )


def told(template: str, spec: str = SPEC, given: dict[str, str] | None = None, **shared: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(source(template, spec, **shared), given or {})
    return str(caught.value)


def in_third_line(line: str, spec: str = SPEC) -> str:
    return told(f"{INSIDE}{line}\n{{% endstep %}}\n", spec)


def changed(old: str, new: str) -> str:
    assert SPEC.count(old) == 1, f"{old!r} is there {SPEC.count(old)} times"
    return SPEC.replace(old, new)


def without_empty_places(mistakes: list[str]) -> list[str]:
    """Return *mistakes* without the one that the toy has: it gives its doses nothing."""
    return [each for each in mistakes if "declared, and no step gives it anything" not in each]


def test_the_toy_itself_has_no_mistake():
    assert without_empty_places(check_protocol(source(f"{INSIDE}{{% endstep %}}\n")).mistakes) == []


# What is wrong with one call of a verb: the line, the message, the hint.
CALLS = {
    "a reagent that is not there": (
        '{{ add("watr", "9 uL/well", to="culture/cells") }}',
        "no reagent 'watr' in protocol.yml",
        "did you mean 'water'?",
    ),
    "a reagent in capitals": ('{{ add("Water", "9 uL/well", to="culture/cells") }}', "no reagent 'Water' in protocol.yml", "did you mean 'water'?"),
    "a reagent like none": (
        '{{ add("ethanol", "9 uL/well", to="culture/cells") }}',
        "no reagent 'ethanol' in protocol.yml",
        "reagents: acid, drug, dmso, serum, water",
    ),
    "a reagent without quotes": (
        '{{ add(water, "9 uL/well", to="culture/cells") }}',
        "'water' is undefined",
        'quote it, as in add("water", ...)',
    ),
    "a vessel that is not there": ('{{ add("water", "9 uL/well", to="cultur/cells") }}', "no vessel 'cultur'", "did you mean 'culture'?"),
    "a group that is not there": ('{{ add("water", "9 uL/well", to="culture/cels") }}', "'culture' has no group 'cels'", "did you mean 'cells'?"),
    "a group among several": (
        '{{ add("water", "9 uL/well", to=["culture/cells", "culture/blnk"]) }}',
        "'culture' has no group 'blnk'",
        "did you mean 'blank'?",
    ),
    "a member that the family has not": (
        '{{ add("water", "9 uL/well", to="culture/dose 9") }}',
        "'culture' has no group 'dose 9'",
        "groups: cells, dose 1, dose 2, dose 3, dose 4, blank, edge, read, nobody",
    ),
    "a number for a place": ('{{ add("water", "9 uL/well", to=7) }}', "expected a place, got 7", "write it like 'culture/read'"),
    "a set with nothing in it": (
        '{{ add("water", "9 uL/well", to="culture/nobody") }}',
        "'culture/nobody' names no place",
        "look at the vessel's groups",
    ),
    "a bare vessel that has an edge": (
        '{{ add("water", "9 uL/well", to="culture") }}',
        "'culture' names every well, and 'edge' too",
        f"name whom you mean: {GROUPS}",
    ),
    "a parameter that is not there": ('{{ add("water", volme, to="culture/cells") }}', "'volme' is undefined", "did you mean 'volume'?"),
    "a word that a verb does not take": ('{{ add("water", "9 uL/well", too="culture/cells") }}', "add(...) has no 'too'", ADD),
    "a word that a verb needs": ('{{ add("water", "9 uL/well") }}', "add(...) needs 'to'", ADD),
    "a value too many": ('{{ q("5 min", "6 min") }}', "q(...) takes 1 value, not 2", "write it like q(amount)"),
    "a time for a volume": ('{{ add("water", "9 min/well", to="culture/cells") }}', "expected a volume, got '9 min/well' (time)", VOLUMES),
    "a mass for a volume": ('{{ add("water", "9 mg/well", to="culture/cells") }}', "expected a volume, got '9 mg/well' (mass)", VOLUMES),
    "a parameter of another kind": ('{{ add("water", dose, to="culture/cells") }}', "expected a volume, got '10 µM' (molarity)", VOLUMES),
    "a count for a volume": ('{{ add("water", plates, to="culture/cells") }}', "expected a volume, got 1 (a number without a unit)", VOLUMES),
    "a number without its unit": ('{{ add("water", "50", to="culture/cells") }}', "'50' has no unit", A_QUANTITY),
    "a count without its unit": (
        '{{ add("water", "50/well", to="culture/cells") }}',
        "'50/well' has no unit",
        "write a number, a space and a unit, like '50 uL/well'",
    ),
    "a unit of nothing": ('{{ add("water", "10 banana/well", to="culture/cells") }}', "'10 banana/well': unknown unit 'banana'", UNITS),
    "no quantity at all": ('{{ add("water", "", to="culture/cells") }}', "'' is empty: a quantity is a number and a unit", "write it like '50 uL'"),
    "a word for a quantity": (
        '{{ add("water", "some", to="culture/cells") }}',
        "'some' is not a quantity",
        "write a number, a space and a unit, like '50 uL' or '10 % w/v'",
    ),
    "a typed minus": (
        '{{ add("water", "-5 uL/well", to="culture/cells") }}',
        "'-5 uL/well' is below zero: there is no such volume",
        "leave the minus sign out",
    ),
    "a difference below zero": (
        '{{ add("water", volume - "200 uL", to="culture/cells") }}',
        "expected a volume, got less than nothing",
        SUBTRACTED,
    ),
    "a comma for a point": (
        '{{ add("water", "0,5 uL/well", to="culture/cells") }}',
        "'0,5 uL/well': a comma is a decimal sign to some and a thousands mark to others",
        "write 0.5 or 1000",
    ),
    "a comma for a thousand": (
        '{{ add("water", "1,000 uL/well", to="culture/cells") }}',
        "'1,000 uL/well': a comma is a decimal sign to some and a thousands mark to others",
        "write 0.5 or 1000",
    ),
    "a space for a thousand": ('{{ add("water", "1 000 uL/well", to="culture/cells") }}', "'1 000 uL/well': a space inside a number", "write 1000"),
    "digits of another script": (
        '{{ add("water", "٣ uL/well", to="culture/cells") }}',
        "'٣ uL/well' is not a quantity",
        "write a number, a space and a unit, like '50 uL' or '10 % w/v'",
    ),
    "per well forgotten": (
        '{{ add("water", "9 uL", to="culture/cells") }}',
        "'9 uL' is not per well, and the places are wells",
        "write '9 µL/well'",
    ),
    "per plate where wells are meant": (
        '{{ add("water", "9 uL/plate", to="culture/cells") }}',
        "'9 uL/plate' is per plate, and the places are wells",
        "write '9 µL/well'",
    ),
    "once and per well in one sum": (
        '{{ add("water", "1 uL/well + 1 uL", to="culture/cells") }}',
        "'1 uL/well + 1 uL' adds what is once to what is per well",
        "give one of them",
    ),
    "a volume and a time in one sum": (
        '{{ add("water", "1 uL/well + 1 min/well", to="culture/cells") }}',
        "cannot add 1 µL/well (volume) and 1 min/well (time)",
        ONE_KIND,
    ),
    "percent of what": (
        '{{ bring("acid", to="10 %", in_="culture/cells") }}',
        "'10 %': percent of what?",
        "write '10 % w/v' (g per 100 mL) or '10 % v/v' (mL per 100 mL)",
    ),
    "the wrong percent": (
        '{{ bring("acid", to="10 % v/v", in_="culture/cells") }}',
        "'acid' holds acid 50 % w/v: none of it can be 10 % v/v (percent v/v)",
        "use the reagent's own kind of concentration",
    ),
    "a time for a concentration": (
        '{{ bring("acid", to="10 min", in_="culture/cells") }}',
        "expected a concentration, got '10 min' (time)",
        CONCENTRATIONS,
    ),
    "a reagent with nothing in it": (
        '{{ bring("water", to="10 % w/v", in_="culture/cells") }}',
        "'water' holds nothing with a concentration: none of it can be 10 % w/v (percent w/v)",
        "use the reagent's own kind of concentration",
    ),
    "brought to the stock's own strength": (
        '{{ bring("acid", to="50 % w/v", in_="culture/cells") }}',
        "'acid' is 50 % w/v: nothing can be brought to 50 % w/v with it",
        "use a stronger stock",
    ),
    "brought beyond the stock's strength": (
        '{{ bring("acid", to="60 % w/v", in_="culture/cells") }}',
        "'acid' is 50 % w/v: nothing can be brought to 60 % w/v with it",
        "use a stronger stock",
    ),
    "brought to, where nothing is": (
        '{{ bring("acid", to="10 % w/v", in_="culture/blank") }}',
        "culture/blank is empty: there is nothing to bring to 10 % w/v",
        "use add(...)",
    ),
    "brought to less than there is": (
        '{{ bring("acid", to="10 % w/v", in_="culture/cells") }} {{ bring("acid", to="5 % w/v", in_="culture/cells") }}',
        "culture/cells holds 10 % w/v acid already: adding more cannot bring it to 5 % w/v",
        "leave it out, or ask for more than it holds",
    ),
    # 100 µL to 45 % with 50 %: v = 100 x 45 / (50 - 45) = 900 µL on top of 100
    "over the fixing limit": (
        '{{ bring("acid", to="45 % w/v", in_="culture/cells") }}',
        "culture/cells would hold 1 mL, more than the 300 µL that a 96-well plate may hold with what is brought to it",
        "add less, or remove liquid first",
    ),
    "over the brim": (
        '{{ add("water", "300 uL/well", to="culture/cells") }}',
        "culture/cells would hold 400 µL, more than the 360 µL that a 96-well plate holds to the brim",
        "add less, or remove liquid first",
    ),
    # a wash empties first: 400 µL stand in the well, not 500
    "a wash over the brim": (
        '{{ wash("water", "400 uL/well", of="culture/cells") }}',
        "culture/cells would hold 400 µL, more than the 360 µL that a 96-well plate holds to the brim",
        "wash with less",
    ),
    "no wash at all": ('{{ wash("water", "9 uL/well", of="culture/cells", times=0) }}', "0 is not a number of washes", "1 to 20"),
    # 3 wells of 9 µL each
    "out of an empty well": (
        '{{ transfer("9 uL/well", from_="culture/blank", to="culture/cells") }}',
        "culture/blank is empty, and 27 µL are asked of it",
        "put more in first, or take less",
    ),
    "more out than in": (
        DILUTE.format(1, 10) + '{{ transfer("5 uL/well", from_="tube/a", to="culture/cells") }}',
        "tube/a holds 10 µL, and 15 µL are asked of it",
        "put more in first, or take less",
    ),
    # three wells of 100 µL are not one tube of 300 µL
    "more out of each well than it holds": (
        '{{ transfer("200 uL/well", from_="culture/cells", to="culture/blank") }}',
        "culture/cells holds 100 µL in each place, and 200 µL are asked of it",
        "put more in first, or take less",
    ),
    "groups without namesakes": (
        '{{ transfer("9 uL/well", from_=["culture/cells", "culture/blank"], to="culture/dose") }}',
        "'culture/cells, culture/blank' has nothing for 'culture/dose 1'",
        "it has: cells, blank",
    ),
    "nothing to remove": ('{{ remove(from_="culture/blank") }}', "'culture/blank' is empty: there is nothing to remove", "leave it out"),
    "nothing to remove from one of two": (
        DILUTE.format(1, 10) + '{{ remove(from_=["tube/a", "culture/blank"]) }}',
        "culture/blank is empty: there is nothing to remove",
        "leave it out",
    ),
    "removed by magic": (
        '{{ remove(from_="culture/cells", by="magic") }}',
        "'by=magic' is not a way to empty a well",
        'leave it out, or write by="tipping"',
    ),
    "below the least": (
        '{{ add("water", "0.19 uL/well", to="culture/cells") }}',
        "water to culture (cells): 0.19 µL cannot be pipetted: the least is 0.2 µL",
        "make more, or go through an intermediate dilution",
    ),
    # 100 µL to 0.05 % with 50 %: 100 x 0.05 / 49.95 = 0.1001 µL
    "too little to bring it there": (
        '{{ bring("acid", to="0.05 % w/v", in_="culture/cells") }}',
        "acid to culture (cells): 0.1001 µL cannot be pipetted: the least is 0.2 µL",
        "make more, or go through an intermediate dilution",
    ),
    "diluted to more than the stock": (
        '{{ dilute("drug", to="20 mM", with_="dmso", into="tube/a", volume="1 mL") }}',
        "'drug' is 10 mM: it cannot be diluted to 20 mM",
        "use a stronger stock",
    ),
    "diluted to nothing": (
        '{{ dilute("drug", to="0 mM", with_="dmso", into="tube/a", volume="1 mL") }}',
        "nothing is diluted to 0 µM",
        "ask for more than that",
    ),
    "diluted into no tube": (
        '{{ dilute("drug", to="1 mM", with_="dmso", into="", volume="1 mL") }}',
        "into='' names no tube",
        "write it like 'tube/a'",
    ),
    "a dilution of unknown size": (
        '{{ dilute("drug", to="1 mM", with_="dmso", into="tube/a") }}',
        "dilute(...) does not say how much",
        'give volume="1 mL", or add=... and for_=[...]',
    ),
    "a tube made twice": (
        DILUTE.format(1, 10) + DILUTE.format(2, 20),
        "tube/a is made twice",
        "give the second another name",
    ),
    "a mix of nothing": (
        '{{ mix("m", {}, add="9 uL/well", to="culture/cells") }}',
        "a mix has parts",
        'write mix("name", {"buffer": "2 uL/well", "water": "8 uL/well"}, ...)',
    ),
    "a mix whose parts are not what is given": (
        '{{ mix("m", {"water": "8 uL/well", "serum": "3 uL/well"}, add="10 uL/well", to="culture/cells") }}',
        "the parts of 'm' come to 11 µL a well, and 10 µL are given",
        "let them be the same",
    ),
    "a part of a mix that is not per well": (
        '{{ mix("m", {"water": "8 uL"}, add="8 uL/well", to="culture/cells") }}',
        "'8 µL' of 'water' is not per well",
        "write '8 µL/well'",
    ),
    "a compound that the run has not": (
        '{{ add("water", "9 uL/well", to="culture/cells", compound="x") }}',
        "'x' is not a compound of this run",
        "leave compound=... out",
    ),
    "a drug diluted serially in medium": (
        SERIES + ") }}",
        "'drug' holds DMSO: diluted serially in 'serum', each dose would get another share of it",
        "dilute serially in DMSO and then each dose at one fold: series(..., vehicle=..., limit=...)",
    ),
    # 10 mM at 0.1 % is 1000 fold: 10 µM at most; 100 µM would need 100 mM
    "a stock too weak for the top dose": (
        SERIES.replace("10 uM", "100 uM") + ', vehicle="dmso", limit="0.1 % v/v") }}',
        "drug is too weak (10 mM): 100 µM at 0.1 % v/v DMSO needs 100 mM",
        "a top dose of 10 µM at most for drug, a stronger drug, or more DMSO",
    ),
    "a bare ratio": (
        SERIES.replace("3 fold", "1:3") + ', vehicle="dmso", limit="0.1 % v/v") }}',
        "'1:3' is read in two ways",
        "write '3 fold' (total / stock = 3) or '1:3 parts' (1 + 3)",
    ),
    "a factor that dilutes nothing": (
        SERIES.replace("3 fold", "1 fold") + ', vehicle="dmso", limit="0.1 % v/v") }}',
        "a series needs a dilution factor above 1, not 1 fold",
        "write half-log, '3 fold' or '2 fold'",
    ),
    "a vehicle that the drug is not in": (
        SERIES + ', vehicle="water", limit="0.1 % v/v") }}',
        "'drug' is not dissolved in water",
        "name the vehicle that it is dissolved in",
    ),
    "a vehicle without its limit": (
        SERIES + ', vehicle="dmso") }}',
        "series(...) has a vehicle and no limit",
        'write limit=..., like "0.1 % v/v"',
    ),
    "a limit that leaves no vehicle": (
        SERIES + ', vehicle="dmso", limit="0 % v/v") }}',
        "limit=0 % v/v leaves no vehicle",
        "ask for more than that",
    ),
    "a strength in quotes": (
        SERIES + ', vehicle="dmso", limit="0.1 % v/v", strength="2") }}',
        "strength='2' is not a whole number or a fraction of 1 or more",
        "write strength=2",
    ),
    "recorded and never shown": (
        '{% set x = add("water", "9 uL/well", to="culture/cells") %}',
        "add(...) is recorded but never shown",
        "put it in the prose with {{ }}",
    ),
    "a reference that is not there": ('{{ cite("vicha2006") }}', "no reference 'vicha2006'", "did you mean 'vichai2006'?"),
    # the x of "max" in protocol.yml has nothing to do with it
    "a reference of one letter": ('{{ cite("vichai2006", "x") }}', "no reference 'x'", "references: vichai2006"),
    "no reference": ("{{ cite() }}", "cite() names no reference", 'write cite("vichai2006")'),
    "centigrade that is a coulomb": ('{{ q("37 C") }}', "'37 C': 'C' is not a temperature (C is the coulomb)", "write '37 degC'"),
    "a ratio to print": (
        '{{ q("1:1000") }}',
        "'1:1000' is read in two ways",
        "write '1000 fold' (total / stock = 1000) or '1:1000 parts' (1 + 1000)",
    ),
    "a value to print that is not there": ("{{ q(dos) }}", "'dos' is undefined", "did you mean 'dose'?"),
    "a verb to print": ("{{ q(add) }}", "a function is not something to print", 'write q("5 min") or q(plates)'),
    "less than nothing to print": ('{{ q(dose - "20 uM") }}', "q(...) comes to less than nothing", SUBTRACTED),
    "a count below zero to print": ("{{ q(plates - 2) }}", "q(...) comes to less than nothing", SUBTRACTED),
    "a quantity turned negative": ("{{ q(-dose) }}", "nothing here is below zero", "subtract instead"),
    "a division by zero": ("{{ q(plates / 0) }}", "division by zero", "look at what comes to zero"),
    "a product that is nothing": (
        "{{ q(dose * dose) }}",
        "cannot multiply 10 µM (molarity) by 10 µM (molarity)",
        "multiply by a number, or a density by a volume",
    ),
    "a sum of two kinds": ('{{ q(dose + "1 min") }}', "cannot add 10 µM (molarity) and 1 min (time)", ONE_KIND),
    "a count printed past the record": ("{{ plates }}", "1 (a number without a unit) is printed past the record", "write {{ q(...) }}"),
    "a quantity printed past the record": ("{{ dose }}", "10 µM (molarity) is printed past the record", "write {{ q(...) }}"),
    "a list printed past the record": ("{{ names }}", "a list is printed past the record", "write {{ q(...) }}"),
}


@pytest.mark.parametrize("claim", CALLS)
def test_a_verb_tells(claim):
    line, message, hint = CALLS[claim]
    assert in_third_line(line) == f"protocols/toy/protocol.md.j2:3: {message}\n  hint: {hint}"


TYPED = {
    "shake for 5 min": ("5 min", 'write {{ q("5 min") }}'),
    "warm to 37 °C": ("37 °C", 'write {{ q("37 °C") }}'),
    "spin at 300 × g": ("300 × g", 'write {{ q("300 × g") }}'),
    "layer 25µl of acid": ("25µl", 'write {{ q("25 µl") }}'),
    "take 10% of it": ("10%", 'write {{ q("10 %") }}'),
    "in 1.5 % w/v agarose": ("1.5 % w/v", 'write {{ q("1.5 % w/v") }}'),
    "at 10 000 rpm": ("10 000 rpm", 'write {{ q("10000 rpm") }}'),
    "for 1-2 h": ("1-2 h", 'write {{ q("1 h") }} to {{ q("2 h") }}'),
    '{{ "5 min" }}': ("5 min", 'write {{ q("5 min") }}'),
}


@pytest.mark.parametrize("prose", TYPED)
def test_an_amount_typed_into_the_prose_is_told(prose):
    amount, hint = TYPED[prose]
    assert in_third_line(prose) == f"protocols/toy/protocol.md.j2:3: {amount!r} is typed into the prose, where nothing checks it\n  hint: {hint}"


@pytest.mark.parametrize("prose", ["H12 and pY397", "in 3 passages", "see 4.1", "{# 5 min #}", "the 96-well format", "GI50 of the 2nd line"])
def test_a_number_that_is_no_amount_may_be_typed(prose):
    render(source(f"{INSIDE}{prose}\n{{% endstep %}}\n"))


# 0.2 µL of 200 µL are 0.1 %
UNEQUAL = """\
{% step "A" %}
{{ add("drug", "0.2 uL/well", to="culture/dose 1") }}, {{ add("serum", "199.8 uL/well", to="culture/dose 1") }}
{{ add("serum", "100 uL/well", to="culture/dose 2") }}
{% endstep %}
"""
# The whole template, the line that is blamed, message and hint.
STEPS = {
    "no step": ("", 1, "the protocol has no step", 'write {% step "Title" %} ... {% endstep %}'),
    "words outside a step": ('{% step "A" %}x{% endstep %}\n\nnot in any step\n', 3, "'not in any step' stands outside any step", A_STEP),
    "a verb before the first step": ('{{ add("water", "9 uL/well", to="culture/cells") }}\n', 1, "add(...) is outside any step", A_STEP),
    "a verb after the last step": ('{% step "A" %}x{% endstep %}\n{{ q("5 min") }}\n', 2, "q(...) is outside any step", A_STEP),
    "a series outside a step": (
        '{% step "A" %}x{% endstep %}\n{% set x = ' + SERIES.removeprefix("{{ ") + ', vehicle="dmso", limit="0.1 % v/v") %}\n',
        2,
        "series(...) is outside any step",
        A_STEP,
    ),
    "a step in a step": (
        '{% step "A" %}\n{% step "B" %}x{% endstep %}\n{% endstep %}\n',
        2,
        "step 'B' opens inside step 'A'",
        "close it with {% endstep %}",
    ),
    "two steps of one name": (
        '{% step "A" %}x{% endstep %}\n{% step "A" %}x{% endstep %}\n',
        2,
        "there are two steps 'A'",
        "give the second another title",
    ),
    "a step that is never closed": ('{% step "A" %}\nx\n\n', 1, "this step is never closed", "write {% endstep %} after its last line"),
    "a step without title": ("{% step %}x{% endstep %}\n", 1, "a step has no title", 'write {% step "Title" %}'),
    "a condition that is never closed": (
        '{% step "A" %}\n{% if plates > 1 %}\nx\n{% endstep %}\n',
        4,
        "'endstep' comes while 'if' is open",
        "close it with {% endif %} first",
    ),
    "a tag that is not there": ('{% stp "A" %}x{% endstp %}\n', 1, "there is no tag 'stp'", "did you mean 'step'?"),
    "an option that is not there": (
        '{% step "A", hand_on="5 min" %}x{% endstep %}\n',
        1,
        "a step has no option 'hand_on'",
        "did you mean 'hands_on'?",
    ),
    "a bracket left open": (
        INSIDE + '{{ add("water", "9 uL/well", to="culture/cells" }}\n{% endstep %}\n',
        3,
        "unexpected '}', expected ')'",
        "look at this line and the one above it",
    ),
    "a filter that is not there": (INSIDE + "{{ mode | uper }}\n{% endstep %}\n", 3, "no filter named 'uper'", "did you mean 'upper'?"),
    "hands-on in microlitres": ('{% step "A", hands_on="5 uL" %}x{% endstep %}\n', 1, "expected a time, got '5 uL' (volume)", TIMES),
    "hands-on without a unit": ('{% step "A", hands_on=5 %}x{% endstep %}\n', 1, "expected a time, got 5 (a number without a unit)", TIMES),
    "hands-on per what is not counted": (
        '{% step "A", hands_on="5 min/dish" %}x{% endstep %}\n',
        1,
        "'5 min/dish' is per dish, which this protocol does not count",
        "it counts: plate",
    ),
    "a wait in microlitres": ('{% step "A", wait="48 uL" %}x{% endstep %}\n', 1, "expected a time, got '48 uL' (volume)", TIMES),
    "a wait that ends before it begins": (
        '{% step "A", wait="2 h to 1 h" %}x{% endstep %}\n',
        1,
        "'2 h to 1 h' does not rise",
        "write the shorter time first",
    ),
    "a plan outside the wait": (
        '{% step "A", wait="1 h to 2 h", plan="3 h" %}x{% endstep %}\n',
        1,
        "plan=3 h is not within '1 h to 2 h'",
        "plan a time inside the range",
    ),
    "warm at a bare number": (
        '{% step "A", at=37 %}x{% endstep %}\n',
        1,
        "expected a temperature, got 37 (a number without a unit)",
        "temperature units: degC",
    ),
    "warm at coulombs": (
        '{% step "A", at="37 C" %}x{% endstep %}\n',
        1,
        "'37 C': 'C' is not a temperature (C is the coulomb)",
        "write '37 degC'",
    ),
    "after a step that is not above": (
        '{% step "A" %}x{% endstep %}\n{% step "B", after="a" %}x{% endstep %}\n',
        2,
        "after='a' is not a step above",
        "did you mean 'A'?",
    ),
    "equipment that nobody declared": (
        '{% step "A", equipment="readr" %}x{% endstep %}\n',
        1,
        "no equipment 'readr' in protocol.yml",
        "did you mean 'reader'?",
    ),
    "too much vehicle": (
        # 1 µL of pure DMSO in 100 µL is 1 %
        '\n{% step "A" %}{{ add("drug", "1 uL/well", to="culture/dose") }}, {{ add("serum", "99 uL/well", to="culture/dose") }}\n{% endstep %}\n',
        2,
        "culture/dose 1 holds 1 % v/v DMSO, more than the 0.1 % v/v allowed",
        "use a stronger stock, a lower top dose, or a higher vehicle limit",
    ),
    "unequal vehicle": (
        UNEQUAL,
        1,
        "unequal DMSO after step 'A': culture/dose 2 0 % v/v, culture/dose 1 0.1 % v/v",
        "give every well the same vehicle: dilute in the vehicle first, then each dose at one fold into medium",
    ),
}


@pytest.mark.parametrize("claim", STEPS)
def test_a_step_tells(claim):
    template, line, message, hint = STEPS[claim]
    assert told(template) == f"protocols/toy/protocol.md.j2:{line}: {message}\n  hint: {hint}"


# The change to protocol.yml (old, new), the line that is blamed, message and hint.
DECLARED = {
    "a key twice": ("version: 1.0.0", "version: 1.0.0\nversion: 1.0.1", 3, "'version' is written twice", "the first is in line 2"),
    "no YAML": (
        "title: Toy",
        "title: Toy: a story",
        1,
        "not YAML: mapping values are not allowed here",
        "look at the indentation, and quote texts that hold ': ' or begin with a sign",
    ),
    "a key that is not there": ("title: Toy", "title: Toy\ntitel: Toy", 2, "a protocol has no 'titel'", "did you mean 'title'?"),
    "no title": ("title: Toy\n", "", 1, "a protocol needs a 'title'", "add a line 'title: ...'"),
    "asked for what is not there": (
        "title: Toy",
        "title: Toy\nask: [plats]",
        2,
        "'ask' names 'plats', which is not a parameter",
        "did you mean 'plates'?",
    ),
    "asked for twice": ("title: Toy", "title: Toy\nask: [plates, plates]", 2, "'ask' names 'plates' twice", "name it once"),
    "asked for by a mapping": ("title: Toy", "title: Toy\nask: {plates: 1}", 2, "'ask' is a list of words", "write ask: [one, two]"),
    "a title that is a list": ("title: Toy", "title: [Toy]", 1, "'title' is a text, not a list", "write title: some words"),
    "a parameter's key that is not there": (
        "dose: {default: 10 uM,",
        "dose: {default: 10 uM, mni: 5 uM,",
        5,
        "a parameter has no 'mni'",
        "did you mean 'min'?",
    ),
    "a parameter without default": (
        "mode: {choices: [wet, dry], default: wet}",
        "mode: {choices: [wet, dry]}",
        10,
        "'mode' has no default",
        "add 'default: ...', or 'measured: yes' for what is known only at the bench",
    ),
    "a default without a unit": ("dose: {default: 10 uM,", "dose: {default: 10,", 5, "'10' has no unit", A_QUANTITY),
    "a default with a comma": (
        "dose: {default: 10 uM,",
        "dose: {default: '10,5 uM',",
        5,
        "'10,5 uM': a comma is a decimal sign to some and a thousands mark to others",
        "write 0.5 or 1000",
    ),
    "a default of another kind": (
        "dose: {default: 10 uM,",
        "dose: {kind: molarity, default: 10 uL,",
        5,
        "expected a molarity, got '10 uL' (volume)",
        "molarity units: pM, nM, uM, mM, M",
    ),
    "a default beyond its limits": (
        "dose: {default: 10 uM,",
        "dose: {default: 10 mM,",
        5,
        "'10 mM' is not between 1 nM and 1 mM",
        "write 1 nM to 1 mM",
    ),
    "a default that is not among its choices": (
        "default: wet}",
        "default: we}",
        10,
        "'we' is not one of wet, dry",
        "did you mean 'wet'?",
    ),
    "a count that is not a whole number": (
        "plates: {count: plate, default: 1,",
        "plates: {count: plate, default: 1.5,",
        4,
        "'1.5' is not a whole number",
        "write one from 1 to 9",
    ),
    "a reserved name": (
        "  warmth:",
        "  lab:",
        9,
        "'lab' is a word of the command line",
        "choose another; taken are lab, start, format, output, force, batch, name, protocol, help, version, json, quiet and all that begins with no_",
    ),
    "a name that negates": (
        "  warmth:",
        "  no_warmth:",
        9,
        "'no_warmth' is a word of the command line",
        "choose another; taken are lab, start, format, output, force, batch, name, protocol, help, version, json, quiet and all that begins with no_",
    ),
    "a name with a capital": (
        "  warmth:",
        "  Warmth:",
        9,
        "'Warmth' is not a parameter's name",
        "small letters, digits and _, a noun: 'top_dose'",
    ),
    "a parameter called like a verb": ("  warmth:", "  add:", 9, "'add' is a verb of the template", "choose another name"),
    "a parameter called like a word of the language": ("  warmth:", "  in:", 9, "'in' is a word of the language", "choose another name"),
    "a derived value called like a verb": ("  wells: {from", "  mix: {from", 13, "'mix' is a verb of the template", "choose another name"),
    # what is derived from plates and checked with it is not to blame
    "two forms": ("plates: {count: plate,", "plates: {count: plate, number: 5,", 4, "'plates' is both 'count' and 'number'", "keep one"),
    "a kind that is not there": (
        "dose: {default: 10 uM,",
        "dose: {kind: molarty, default: 10 uM,",
        5,
        "'molarty' is not a kind of quantity",
        "did you mean 'molarity'?",
    ),
    "a limit of another kind": (
        "min: 1 nM",
        "min: 1 uL",
        5,
        "expected a molarity, got '1 uL' (volume)",
        "molarity units: pM, nM, uM, mM, M",
    ),
    "limits that do not rise": ("min: 1 nM", "min: 5 mM", 5, "'min' (5 mM) is above 'max' (1 mM)", "let them rise"),
    "a limit that is not a number": (
        "default: 1, min: 1, max: 9}",
        "default: 1, min: one, max: 9}",
        4,
        "min 'one' is not a whole number",
        "write it in digits",
    ),
    "a list's length that is not a number": ("list: {min: 1,", "list: {min: one,", 11, "min 'one' is not a whole number", "write it in digits"),
    "a list that follows nobody": (
        "list: {min: 1, max: 4}",
        "list: {as: plats}",
        11,
        "'names' follows 'plats', which is not a parameter",
        "did you mean 'plates'?",
    ),
    "neither yes nor no": (
        "dose: {default: 10 uM,",
        "dose: {measured: perhaps, default: 10 uM,",
        5,
        "'measured' is yes or no, not 'perhaps'",
        "write measured: yes",
    ),
    "choices from a table that is not there": ("choices: [wet, dry]", "choices: {from: lines}", 10, "no table 'lines'", "tables: none"),
    "derived from what is not there": (
        "wells: {from: plates * 3}",
        "wells: {from: plats * 3}",
        13,
        "'plats' is not declared above",
        "did you mean 'plates'?",
    ),
    "derived from what stands below": (
        "wells: {from: plates * 3}",
        "wells: {from: bigger * 3}\n  bigger: {from: plates + 1}",
        13,
        "'bigger' is not declared above",
        "it stands in line 14: move it up",
    ),
    "derived and a parameter": (
        "wells: {from: plates * 3}",
        "plates: {from: dose / '1 uM'}",
        13,
        "'plates' is a parameter already",
        "choose another name",
    ),
    "half a well": (
        "wells: {from: plates * 3}",
        "wells: {count: well, from: plates * 1.5}",
        13,
        "'wells' comes to 1.5, which is not a whole number",
        "use ceil(...) or floor(...)",
    ),
    "a count below zero": (
        "wells: {from: plates * 3}",
        "wells: {count: well, from: plates - 3}",
        13,
        "'wells' comes to less than nothing",
        SUBTRACTED,
    ),
    "a quantity below zero": ("wells: {from: plates * 3}", "wells: {from: dose - '20 uM'}", 13, "'wells' comes to less than nothing", SUBTRACTED),
    "a level that is not there": ("level: refuse", "level: error", 15, "'error' is not a level", "note, warn or refuse"),
    "a check that is never true or false": (
        "if: plates > 8,",
        "if: plates + 8,",
        15,
        "'plates + 8' is neither true nor false, but 9 (a number without a unit)",
        COMPARE,
    ),
    "a check of a count and a volume": (
        "if: plates > 8,",
        "if: plates > '8 uL',",
        15,
        "cannot compare 1 (a number without a unit) and '8 uL' (text)",
        ONE_KIND,
    ),
    "a check's words with what is not there": (
        'say: "{plates} plates',
        'say: "{plats} plates',
        15,
        "'plats' is not declared above",
        "did you mean 'plates'?",
    ),
    "a check over no list": (
        "level: refuse",
        "for: x in plates, level: refuse",
        15,
        "'for: x in plates' is not a list",
        "name a parameter that takes several values",
    ),
    "a check over what is not there": (
        "level: refuse",
        "for: x in nmes, level: refuse",
        15,
        "'nmes' is not known here",
        "did you mean 'names'?",
    ),
    "a check that names nothing": (
        "level: refuse",
        "for: names, level: refuse",
        15,
        "'for: names' does not name what it runs over",
        "write 'for: each in names'",
    ),
    "a check's reference that is not there": (
        "level: refuse",
        "level: refuse, cite: [nobody2000]",
        15,
        "no reference 'nobody2000'",
        "references: vichai2006",
    ),
    "a parameter's reference that is not there": (
        "min: 1 nM",
        "cite: [nobody2000], min: 1 nM",
        5,
        "no reference 'nobody2000'",
        "references: vichai2006",
    ),
    "a derived value's reference that is not there": (
        "{from: plates * 3}",
        "{from: plates * 3, cite: [nobody2000]}",
        13,
        "no reference 'nobody2000'",
        "references: vichai2006",
    ),
    "a reagent's key that is not there": ("water: {name: water}", "water: {nam: water}", 21, "a reagent has no 'nam'", "did you mean 'name'?"),
    "a strength without a unit": ("acid: 50 % w/v", "acid: 50", 17, "'50' has no unit", A_QUANTITY),
    "a strength in bare percent": (
        "acid: 50 % w/v",
        "acid: 50 %",
        17,
        "'50 %': percent of what?",
        "write '50 % w/v' (g per 100 mL) or '50 % v/v' (mL per 100 mL)",
    ),
    "a strength that is a time": ("acid: 50 % w/v", "acid: 50 min", 17, "expected a concentration, got '50 min' (time)", CONCENTRATIONS),
    "dispensed from a bucket": (
        "water: {name: water}",
        "water: {name: water, dispensed: bucket}",
        21,
        "'bucket' is nothing that liquid is dispensed from",
        "one of reservoir, tube, poured",
    ),
    "spare of two words": (
        "water: {name: water}",
        "water: {name: water, overage: {places: two}}",
        21,
        "places 'two' is not a whole number",
        "write it in digits",
    ),
    "a recipe from what stands above": (
        "water: {name: water}",
        "water: {name: water, contains: {acid: 5 % w/v}, make: {from: acid, rest: rain}}\n  rain: {name: rain}",
        21,
        "'water' is made from 'acid', which stands above it",
        "declare what is made first, what it is made from below",
    ),
    "a recipe from itself": (
        "serum: {name: serum}",
        "serum: {name: serum, contains: {salt: 2 X}, make: {from: serum, rest: water}}",
        20,
        "'serum' is made from itself",
        "declare what is made first, what it is made from below",
    ),
    "a recipe from nothing there": (
        "serum: {name: serum}",
        "serum: {name: serum, make: {from: watr, rest: water}}",
        20,
        "'serum' is made from 'watr', which is not a reagent",
        "did you mean 'water'?",
    ),
    "a recipe that is not made up": (
        "serum: {name: serum}",
        "serum: {name: serum, make: {from: water}}",
        20,
        "a recipe is made up with one thing",
        "write 'rest: medium' (so much of it) or 'to_volume_with: water' (up to the mark)",
    ),
    "a recipe from no source": (
        "serum: {name: serum}",
        "serum: {name: serum, make: {rest: water}}",
        20,
        "a recipe is made from something",
        "write 'from: stock'",
    ),
    "a vehicle's limit that is not there": ("limit: share", "limit: shore", 22, "'shore' is not known here", "did you mean 'share'?"),
    "a vehicle's limit that is a count": (
        "limit: share",
        "limit: plates",
        22,
        "expected a concentration, got 1 (a number without a unit)",
        CONCENTRATIONS,
    ),
    "a vehicle that is in no reagent": ("component: DMSO", "component: DMS", 22, "no reagent contains 'DMS'", "did you mean 'DMSO'?"),
    "a vehicle without a component": ("{component: DMSO, ", "{", 22, "'vehicle' needs a 'component'", "add a line 'component: ...'"),
    "equipment's key that is not there": ("{name: plate reader}", "{nam: plate reader}", 24, "an equipment has no 'nam'", "did you mean 'name'?"),
    "a control's key that is not there": ("{why: subtr", "{wy: x, why: subtr", 26, "a control has no 'wy'", "did you mean 'why'?"),
    "a control's reference that is not there": (
        "every reading}",
        "every reading, cite: [vicha2006]}",
        26,
        "no reference 'vicha2006'",
        "did you mean 'vichai2006'?",
    ),
    "a control's words with what is not there": (
        "why: subtracted from every reading",
        "why: '{plats} readings'",
        26,
        "'plats' is not known here",
        "did you mean 'plates'?",
    ),
    "a recipe when nothing is true": (
        "serum: {name: serum}",
        "serum: {name: serum, make: {from: water, rest: water, when: plates}}",
        20,
        "'plates' is neither true nor false, but 1 (a number without a unit)",
        COMPARE,
    ),
    "a control when nothing is true": (
        "every reading}",
        "every reading, when: plates}",
        26,
        "'plates' is neither true nor false, but 1 (a number without a unit)",
        COMPARE,
    ),
    "labware that the lab has not": ("labware: plate-96", "labware: plat-96", 28, "no labware 'plat-96' in this lab", "did you mean 'plate-96'?"),
    "no labware": ("    labware: plate-96\n", "", 28, "a vessel needs a 'labware'", "add a line 'labware: ...'"),
    "as many plates as a concentration": (
        "count: plates\n",
        "count: dose\n",
        28,
        "'dose' is 10 µM (molarity), not a whole number of plates",
        "name a count",
    ),
    "plates of each of nothing": (
        "count: plates\n",
        "count: plates\n    for: nams\n",
        28,
        "'for: nams' is not a list",
        "name a parameter that takes several values",
    ),
    "plates of each of a count": (
        "count: plates\n",
        "count: plates\n    for: plates\n",
        28,
        "'for: plates' is not a list",
        "name a parameter that takes several values",
    ),
    "half a plate": (
        "count: plates\n",
        "count: plates / 2\n",
        28,
        "'plates / 2' comes to 0.5, which is not a whole number",
        "use ceil(...) or floor(...)",
    ),
    "no plate": ("count: plates\n", "count: plates - 1\n", 28, "'plates - 1' comes to no plate at all", "let it be 1 at least"),
    "a well that is not on the plate": ("blank: A1", "blank: B13", 34, "'B13' is not on a 96-well plate", "its wells are A1 to H12"),
    "a well in two groups": ("blank: A1", "blank: B2", 34, "well B2 is in both 'cells' and 'blank'", "give each well to one group"),
    "half a region": (
        "blank: A1",
        "blank: 'A1:C'",
        34,
        "'A1:C' is not a region of a plate",
        "write a well like 'A1' or a rectangle like 'B2:G2'",
    ),
    "a region backwards": ("blank: A1", "blank: 'A2:A1'", 34, "'A2:A1' runs backwards", "write 'A1:A2'"),
    "a group without a place": (
        "blank: A1",
        "blank: {by: column}",
        34,
        "'blank' has no place",
        "write a region, 'B2:G2', or {at: B3:G10, by: column, first: doses}",
    ),
    "two groups of the rest": (
        "blank: A1",
        "blank: rest",
        35,
        "both 'blank' and 'edge' are the rest",
        "only one group takes all other wells",
    ),
    # columns C2:E5 run from 2 to 5: four
    "a family that does not fit": (
        "{at: C2:E5, by: column}",
        "{at: 'C2:E3', by: column, first: wells}",
        33,
        "3 x 'dose' do not fit into 2 places of the plate",
        "2 at most",
    ),
    "wells that do not fit": (
        "{at: C2:E5, by: column}",
        "{at: 'C2:D5', by: column, wells: wells}",
        33,
        "3 wells do not fit into the 2 of a 'dose'",
        "2 at most",
    ),
    "a group of each of nothing": ("blank: A1", "blank: {at: A1, for: nams}", 34, "'nams' is not known here", "did you mean 'names'?"),
    "a family as large as what is not there": (
        "{at: C2:E5, by: column}",
        "{at: C2:E5, by: column, first: wels}",
        33,
        "'wels' is not known here",
        "did you mean 'wells'?",
    ),
    "a set of nobody": ("read: [cells, blank]", "read: [cells, blnk]", 37, "set 'read' names 'blnk', which is not a group", "did you mean 'blank'?"),
    "a set of itself": ("read: [cells, blank]", "read: [cells, read]", 37, "set 'read' names itself", "name groups"),
    "a set called like a group": (
        "read: [cells, blank]",
        "cells: [cells, blank]",
        37,
        "'cells' is a group already",
        "choose another name for the set",
    ),
    "what stays and is nowhere": (
        "vehicle: {",
        "stays: [acd]\nvehicle: {",
        22,
        "'acd' is in no reagent",
        "did you mean 'acid'?",
    ),
    "a total with what is not there": (
        "vehicle: {",
        "totals: ['{plats} plates']\nvehicle: {",
        22,
        "'plats' is not known here",
        "did you mean 'plates'?",
    ),
    "a reference that is nowhere": (
        "title: Toy",
        "title: Toy\ncitations: [vicha2006]",
        2,
        "no reference 'vicha2006'",
        "did you mean 'vichai2006'?",
    ),
}
# "two groups of the rest" leaves the set without a blank; that is not told beside it.


@pytest.mark.parametrize("claim", DECLARED)
def test_protocol_yml_tells(claim):
    old, new, line, message, hint = DECLARED[claim]
    assert in_third_line("", changed(old, new)) == f"protocols/toy/protocol.yml:{line}: {message}\n  hint: {hint}"


@pytest.mark.parametrize("limit", ["share", "0.1 % v/v", "\"'0.1 % v/v'\""])
def test_a_vehicle_s_limit_is_a_name_or_a_quantity(limit):
    render(source(f"{INSIDE}{{% endstep %}}\n", changed("limit: share", f"limit: {limit}")))


def test_five_mistakes_are_told_at_once_in_the_order_of_their_lines():
    spec = """\
title: Toy
titel: Toy
version: 1.0.0
parameters:
  plates: {count: plate, default: 1}
  mode: {choices: [wet, dry]}
derived:
  wells: {from: plats * 3}
checks:
  many: {if: plates > 8, level: error, say: too many}
reagents:
  water: {nam: water}
"""
    assert told(f"{INSIDE}{{% endstep %}}\n", spec).split("\nprotocols") == [
        "protocols/toy/protocol.yml:2: a protocol has no 'titel'\n  hint: did you mean 'title'?",
        "/toy/protocol.yml:6: 'mode' has no default\n  hint: add 'default: ...', or 'measured: yes' for what is known only at the bench",
        "/toy/protocol.yml:8: 'plats' is not declared above\n  hint: did you mean 'plates'?",
        "/toy/protocol.yml:10: 'error' is not a level\n  hint: note, warn or refuse",
        "/toy/protocol.yml:12: a reagent has no 'nam'\n  hint: did you mean 'name'?",
    ]


def test_there_is_no_protocol_without_protocol_yml():
    with pytest.raises(ProtocolError) as caught:
        render(Source(id="toy", folder="protocols/toy", files={"protocol.md.j2": ""}, shared_files={}))
    assert str(caught.value) == "protocols/toy: there is no protocol.yml\n  hint: 'benchsheet new toy' makes one"


# A recipe that is used, and what is said of it at its own line.
RECIPES = {
    # 60 µL are given, 66 µL made; 1.5 X of 2 X are 49.5 µL, 2 mM of 4 mM are 33 µL
    "parts that are more than the whole": (
        "{name: mix, contains: {salt: 1.5 X, DNA: 2 mM}, make: {from: [salts, DNA], rest: water}}",
        "the parts of 'mixed' come to 82.5 µL, more than the 66 µL of it",
        "use stronger stocks",
    ),
    "parts that are more than the mark": (
        "{name: mix, contains: {salt: 1.5 X, DNA: 2 mM}, make: {from: [salts, DNA], to_volume_with: water}}",
        "the parts of 'mixed' come to 82.5 µL, more than the 66 µL of it",
        "use stronger stocks",
    ),
    "a stock that is weaker": (
        "{name: mix, contains: {salt: 3 X}, make: {from: salts, rest: water}}",
        "'salts' at 2 X is weaker than the 3 X of 'mixed'",
        "use a stronger stock",
    ),
    "a stock of another kind": (
        "{name: mix, contains: {salt: 3 mM}, make: {from: salts, rest: water}}",
        "salt is 2 X in 'salts' and 3 mM in 'mixed'",
        "tell both as molarity: they may meet, in a vessel or in the waste",
    ),
    "a source that shares nothing": (
        "{name: mix, contains: {salt: 1 X}, make: {from: DNA, rest: water}}",
        "'mixed' and 'DNA' share no component",
        "a recipe takes each source for one component that both contain",
    ),
    "a solid without its molar mass": (
        "{name: mix, contains: {Tris: 3 mM}, make: {from: powder, to_volume_with: water}}",
        "no mass follows from a molarity",
        "give the solid's molar mass ('mw: 121.14 g/mol') for a molarity",
    ),
    # 66 µL at 0.000001 X of 2 X are 0.000033 µL, and ten thousand fold thinner 0.33 µL: less than is trusted
    "a part below the least": (
        "{name: mix, contains: {salt: 0.000001 X}, make: {from: salts, rest: water}}",
        "mix: 3.3×10⁻⁵ µL cannot be pipetted: the least is 0.2 µL",
        "make more, or go through an intermediate dilution",
    ),
}


@pytest.mark.parametrize("claim", RECIPES)
def test_a_recipe_tells(claim):
    recipe, message, hint = RECIPES[claim]
    sources = "\n  salts: {name: salts, contains: {salt: 2 X}}\n  DNA: {name: DNA, contains: {DNA: 4 mM}}\n  powder: {name: Tris, solid: Tris}"
    spec = changed("reagents:\n", f"reagents:\n  mixed: {recipe}\n").replace("  water: {name: water}", "  water: {name: water}" + sources)
    template = '{% step "A" %}\n{{ add("mixed", "20 uL/well", to="culture/cells") }}\n{% endstep %}\n'
    line = 23 if claim == "a stock of another kind" else 17  # two reagents disagree: the second is told
    assert told(template, spec) == f"protocols/toy/protocol.yml:{line}: {message}\n  hint: {hint}"


def test_layouts_give_a_group_one_size():
    groups = SPEC[SPEC.index("    groups:") : SPEC.index("    sets:")]
    layouts = "    layouts: [{plates: odd, groups: {cells: A1, blank: B1}}, {plates: even, groups: {cells: 'A1:A2', blank: B1}}]\n"
    spec = SPEC.replace(groups, layouts).replace("in: culture/dose", "in: culture/cells")
    assert told(f"{INSIDE}{{% endstep %}}\n", spec, {"plates": "2"}) == (
        "protocols/toy/protocol.yml:28: 'cells' has 1 wells on one layout and 2 on another\n  hint: a group has the same size on each plate"
    )


# A file of _shared, how it is used, the line in it, message and hint.
SHARED = {
    "an amount in its prose": (
        "{% macro go() %}\nwait 5 min\n{% endmacro %}\n",
        2,
        "'5 min' is typed into the prose, where nothing checks it",
        'write {{ q("5 min") }}',
    ),
    "a reagent that is not there": (
        '{% macro go() %}\n\n{{ add("watr", "9 uL/well", to="culture/cells") }}\n{% endmacro %}\n',
        3,
        "no reagent 'watr' in protocol.yml",
        "did you mean 'water'?",
    ),
    "a count printed past the record": (
        "{% macro go() %}\n\n{{ plates }}\n{% endmacro %}\n",
        3,
        "1 (a number without a unit) is printed past the record",
        "write {{ q(...) }}",
    ),
    "a value that is not there": ("{% macro go() %}\n{{ q(plats) }}\n{% endmacro %}\n", 2, "'plats' is undefined", "did you mean 'plates'?"),
    "a bracket left open": (
        "{% macro go() %}\n{{ q(5 }}\n{% endmacro %}\n",
        2,
        "unexpected '}', expected ')'",
        "look at this line and the one above it",
    ),
    "an attribute of Python": (
        '{% macro go() %}\n{{ "".__class__ }}\n{% endmacro %}\n',
        2,
        "a text has no '__class__'",
        NOT_HERE,
    ),
}


@pytest.mark.parametrize("claim", SHARED)
def test_a_shared_macro_tells_its_own_file_and_line(claim):
    text, line, message, hint = SHARED[claim]
    template = '{% from "bits.j2" import go with context %}\n{% step "A" %}\n{{ go() }}\n{% endstep %}\n'
    assert told(template, bits__j2=text) == f"protocols/_shared/bits.j2:{line}: {message}\n  hint: {hint}"


def test_a_macro_taken_without_context_is_told_what_it_lacks():
    template = '{% from "bits.j2" import go %}\n{% step "A" %}\n{{ go() }}\n{% endstep %}\n'
    assert told(template, bits__j2='{% macro go() %}{{ add("water", "9 uL/well", to="culture/cells") }}{% endmacro %}\n') == (
        "protocols/_shared/bits.j2:1: 'add' is undefined\n  hint: import it 'with context', so that its macros know verbs and values"
    )


# The change to a shared table, its line, message and hint.
TABLES = {
    "a cell of another kind": ("size: 5 uL", "size: 5 min", 6, "expected a volume, got '5 min' (time)", VOLUMES),
    "a cell without a unit": ("size: 5 uL", "size: 5", 6, "'5' has no unit", A_QUANTITY),
    "a number in words": ("number: 3", "number: three", 6, "'three' is not a number", "write it plainly, like 7.5"),
    "a column that is not there": ("number: 3", "nmber: 3", 6, "the table has no column 'nmber'", "did you mean 'number'?"),
    "no evidence": (", evidence: general", "", 6, "'' is not a word for evidence", "one of: verified, general, computed, source-only, house"),
    "a kind of column that is not there": ("kind: volume", "kind: volum", 3, "'volum' is not a kind of a column", "did you mean 'volume'?"),
}


@pytest.mark.parametrize("claim", TABLES)
def test_a_shared_table_tells(claim):
    old, new, line, message, hint = TABLES[claim]
    said = f"protocols/_shared/lines.yml:{line}: {message}\n  hint: {hint}"
    spec = changed("wells: {from: plates * 3}", "wells: {from: \"table(lines, 'one', size)\"}")
    assert told(f"{INSIDE}{{% endstep %}}\n", spec, lines__yml=TABLE.replace(old, new)) == said
    assert (
        said in check_protocol(source(f"{INSIDE}{{% endstep %}}\n", lines__yml=TABLE.replace(old, new))).mistakes
    )  # though the protocol does not use it


LOOKED_UP = {
    "table(lines, 'two', size)": ("table 'lines' has no row 'two'", "rows: one"),
    "table(lines, 'one', siz)": ("table 'lines' has no column 'siz'", "did you mean 'size'?"),
    "table(line, 'one', size)": ("no table 'line'", "did you mean 'lines'?"),
    "table(lines, 'one')": ("table(...) takes a table's name, a row and a column", "write table(lines, line, doubling)"),
}


@pytest.mark.parametrize("expression", LOOKED_UP)
def test_a_look_up_tells(expression):
    message, hint = LOOKED_UP[expression]
    spec = changed("wells: {from: plates * 3}", f'wells: {{from: "{expression}"}}')
    assert told(f"{INSIDE}{{% endstep %}}\n", spec, lines__yml=TABLE) == f"protocols/toy/protocol.yml:13: {message}\n  hint: {hint}"


# What would reach out of a template, or fill the machine.
SANDBOX = {
    '{{ "".__class__ }}': ("a text has no '__class__'", NOT_HERE),
    "{{ ().__class__.__mro__ }}": ("a list has no '__class__'", NOT_HERE),
    "{{ add.__globals__ }}": ("a function has no '__globals__'", NOT_HERE),
    '{{ "{0.__class__}".format(mode) }}': ("a text has no 'format'", NOT_HERE),
    '{{ "a" * 10**9 }}': ("'**' is not allowed here", NOT_HERE),
    '{{ "a" * 1000000000 }}': ("'*' works on numbers and quantities here", NOT_HERE),
    '{{ "%100000d" % 1 }}': ("'%' is not allowed here", NOT_HERE),
    '{{ "a".ljust(100000) }}': ("a text has no 'ljust'", NOT_HERE),
    "{{ mode.nothing }}": ("a text has no 'nothing'", NOT_HERE),
    "{% for i in range(10**9) %}{% endfor %}": ("'**' is not allowed here", NOT_HERE),
    "{% for i in range(1000000000) %}{% endfor %}": ("range(...) is longer than 100000", NOT_HERE),
    '{% include "secret.j2" %}': ("there is no file 'secret.j2'", "files: protocol.md.j2"),
    '{% include "../../../etc/passwd" %}': ("there is no file '../../../etc/passwd'", "files: protocol.md.j2"),
    '{{ mode|attr("__class__") }}': ("no filter named 'attr'", FILTERS),
    "{% set l = [] %}{{ l.append(1) }}": ("a list has no 'append'", NOT_HERE),
    '{% set d = {} %}{{ d.update({"a": 1}) }}': ("a mapping has no 'update'", NOT_HERE),
    "{{ names.append(1) }}": ("a list has no 'append'", NOT_HERE),
}


@pytest.mark.parametrize("line", SANDBOX)
def test_the_sandbox_tells(line):
    message, hint = SANDBOX[line]
    assert in_third_line(line) == f"protocols/toy/protocol.md.j2:3: {message}\n  hint: {hint}"


@pytest.mark.parametrize(
    "line", ["{{ lipsum }}", "{{ cycler }}", "{{ joiner }}", "{{ namespace() }}", "{{ dict() }}", "{{ self }}", "{{ _bench }}", "{{ open }}"]
)
def test_what_a_template_has_no_use_for_is_not_there(line):
    name = line.strip("{} ()")
    assert in_third_line(line).startswith(f"protocols/toy/protocol.md.j2:3: {name!r} is undefined\n  hint: ")


@pytest.mark.parametrize("line", ["{{ add }}", "{{ range }}", "{% macro m() %}x{% endmacro %}{{ m }}"])
def test_a_function_is_not_printed(line):
    assert in_third_line(line) == "protocols/toy/protocol.md.j2:3: a function is printed past the record\n  hint: write {{ q(...) }}"


def test_a_text_cannot_double_without_end():
    line = "{% macro m(x, n) %}{% if n %}{{ m(x ~ x, n - 1) }}{% endif %}{% endmacro %}{{ m('abcdefgh', 18) }}"  # 8 x 2^18 letters
    assert in_third_line(line).startswith("protocols/toy/protocol.md.j2:3: ")


# The small language of derived values, as its author meets it.
EXPRESSIONS = {
    "__import__('os')": ("\"__import__('os')\" is not allowed in an expression", LANGUAGE),
    "plates.real": ("'plates.real' is not allowed in an expression", LANGUAGE),
    "names[0]": ("'names[0]' is not allowed in an expression", LANGUAGE),
    "plates ** 2": ("'plates ** 2' is not allowed in an expression", LANGUAGE),
    "round(plates)": ("'round(plates)' is not allowed in an expression", LANGUAGE),
    "lambda: plates": ("'lambda: plates' is not allowed in an expression", LANGUAGE),
    "plates +": ("'plates +' is not an expression", LANGUAGE),
    "1/0": ("'1 / 0' divides by zero", "look at what comes to zero"),
    "dose / '0 uM'": ("cannot divide 10 µM by nothing", "it comes to zero here"),
    "plates * -3": ("'-3': nothing here is below zero", "subtract instead"),
    "dose + plates": ("cannot add 10 µM (molarity) and 1 (a number without a unit)", ONE_KIND),
    "dose + '1 min'": ("cannot add 10 µM (molarity) and 1 min (time)", ONE_KIND),
    "plates / dose": ("'plates / dose': 1 (a number without a unit) and 10 µM (molarity) do not go together", "give the number its unit"),
    "ceil(dose)": ("'ceil(dose)': ceil is of one number, not of 10 µM (molarity)", "divide it by a quantity of its kind first"),
    "plates if mode else 3": ("'mode' is neither true nor false, but 'wet' (text)", COMPARE),
    "max(mode, plates)": ("cannot compare 'wet' (text) and 1 (a number without a unit)", ONE_KIND),
    "sum((plates, dose))": ("cannot add 1 (a number without a unit) and 10 µM (molarity)", ONE_KIND),
    "mode * 3": ("'wet' is not a quantity", "write a number, a space and a unit, like '50 uL' or '10 % w/v'"),
    "pow2(2000)": ("'pow2(2000)' cannot be worked out: more than 1000 doublings", "look at what it is given"),
    "log2(0)": ("'log2(0)' cannot be worked out: a logarithm is of a number above 0", "look at what it is given"),
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_expression_language_tells(expression):
    message, hint = EXPRESSIONS[expression]
    spec = changed("wells: {from: plates * 3}", f'wells: {{from: "{expression}"}}')
    assert in_third_line("", spec) == f"protocols/toy/protocol.yml:13: {message}\n  hint: {hint}"


# A file of cases, and what check says of it.
CASES = {
    "a key that is not there": ("- reson: x\n  given: {}\n  refused: y\n", "1: a case has no 'reson'\n  hint: did you mean 'reason'?"),
    "a key twice": ("- reason: x\n  reason: y\n", "2: 'reason' is written twice\n  hint: the first is in line 1"),
    "neither expects nor is refused": (
        "- reason: x\n  given: {}\n",
        "1: a case either expects something or is refused\n  hint: write 'expect: {...}' or 'refused: words'",
    ),
    "an amount that is another": ("\n- reason: x\n  given: {}\n  expect: {A: {add water: 90 uL}}\n", "2: A: add water is 100 µL, not 90 uL"),
    "an act that is not there": (
        "- reason: x\n  given: {}\n  expect: {A: {add watr: 100 uL}}\n",
        "1: A: add watr is not there (did you mean 'add water'?)",
    ),
    "a step that is not a mapping": (
        "- reason: x\n  given: {}\n  expect: {A: 100 uL}\n",
        "3: 'A' is a mapping, not a text\n  hint: write A: {name: value}",
    ),
    "refused and yet done": (
        "- reason: x\n  given: {}\n  refused: too many\n",
        "1: makes a sheet, and the case says that it is refused with 'too many'",
    ),
}


@pytest.mark.parametrize("claim", CASES)
def test_a_case_tells(claim):
    text, says = CASES[claim]
    toy = source(f"{INSIDE}{{% endstep %}}\n")
    report = check_protocol(Source(id=toy.id, folder=toy.folder, files={**toy.files, "cases/one.yml": text}, shared_files=toy.shared_files))
    assert without_empty_places(report.mistakes) == [f"protocols/toy/cases/one.yml:{says}"]


def test_a_message_is_the_same_in_every_process():
    code = (
        "from benchsheet.errors import ProtocolError\nfrom benchsheet.engine import render\n"
        "from benchsheet.protocol.source import Source\nimport sys\n"
        "spec, template = sys.argv[1:]\n"
        "try:\n    render(Source(id='toy', folder='protocols/toy', files={'protocol.yml': spec, 'protocol.md.j2': template}, shared_files={}))\n"
        "except ProtocolError as error:\n    sys.stdout.buffer.write(str(error).encode())\n"
    )
    template = INSIDE + '{{ add("ethanol", "9 uL/well", to="culture/cells") }}\n{% endstep %}\n'
    said = {
        subprocess.run(
            [sys.executable, "-c", code, SPEC, template], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(said) == 1
    assert said.pop().decode().startswith("protocols/toy/protocol.md.j2:3: no reagent 'ethanol'")


def test_a_hint_lists_what_can_be_read():
    assert suggest("x", [f"name {number}" for number in range(22)]).count(",") == 21
    assert suggest("x", [f"name {number}" for number in range(23)]).endswith("name 19 and 3 more")
    assert suggest("name 21", [f"name {number}" for number in range(40)]) == "did you mean 'name 21'?"


NOT_YAML = [
    "a: [1", "a: {b", "a: b: c", "- a\nb: 1", "a: 'b", 'a: "\\q"', "%", "a: &x 1\nb: *y", "a\n  b: c", "? a\n- b", "\tb: 1", "a: !<b", "a: `b",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_YAML)
def test_a_text_that_is_not_yaml_is_refused_alike_with_the_fast_loader_and_without(text, monkeypatch):
    def told():
        with pytest.raises(ProtocolError) as caught:
            yamltext.parse(text, "one.yml")
        return str(caught.value)

    first = told()
    monkeypatch.setattr(yamltext, "_Loader", yamltext.PlainLoader)
    assert told() == first
