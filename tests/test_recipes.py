"""A shared recipe is taken by its name, with all that it is made from; what is wrong with one is told where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchsheet.authoring.check import check_protocol
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

# The lines are numbered here because the messages name them.
RECIPES = """\
title: Recipes
about: for the tests
defaults: {evidence: general, confidence: high}
rows:
  lysis buffer: {contains: {Tris: 50 mM, NaCl: 150 mM}, make: {from: [Tris stock, salt stock], rest: water}, storage: cold}
  Tris stock: {contains: {Tris: 1 M}, make: {from: Tris base, to_volume_with: water, note: set the pH}}
  salt stock: {contains: {NaCl: 5 M}, make: {from: NaCl, to_volume_with: water}}
  rinse: {contains: {NaCl: 100 mM}, make: {from: lysis buffer, rest: water}}
  Tris base: {solid: Tris, mw: 121.14 g/mol}
  NaCl: {solid: NaCl, mw: 58.44 g/mol}
  water: {name: deionised water}
"""
SPEC = """\
title: Toy
version: 1.0.0
parameters: {dishes: {count: plate, default: 1, min: 1, max: 9}, salt: {default: 300 mM}}
reagents:
  lysis: {recipe: lysis buffer}
vessels: {dish: {labware: plate-6, count: dishes, groups: {wells: rest}}}
"""
STEPS = """\
{% step "Lyse" %}
{{ add("lysis", "1 mL/well", to="dish/wells") }}
{% endstep %}
"""
RINSED = STEPS.replace("{{ add", '{{ wash("rinse", "2 mL/well", of="dish/wells", times=5, to="drain") }}\n{{ add')


def source(spec: str = SPEC, rows: str = RECIPES, steps: str = STEPS) -> Source:
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={"recipes.yml": rows})


def sheet(**files: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(render(source(**files))))
    assert replay(json.dumps(record)).wrong == []
    return record


def parts(record: dict[str, Any], name: str) -> dict[str, str]:
    (made,) = (each for each in record["preparations"] if each["id"] == name)
    return {part["reagent"]: part["amount"]["text"] for part in made["components"]}


def told(**files: str) -> str:
    with pytest.raises(ProtocolError) as error:
        render(source(**files))
    return str(error.value)


def test_a_recipe_brings_all_that_it_is_made_from_once_and_below_it():
    """6 wells of 1 mL and a tenth are 6.6 mL: a twentieth of it 1 M Tris, 3/100 of it 5 M NaCl; 330 µL x 1 M x 121.14 g/mol are 40.0 mg."""
    record = sheet()
    assert [reagent["id"] for reagent in record["reagents"]] == ["lysis", "Tris stock", "salt stock", "water", "Tris base", "NaCl"]
    assert record["reagents"][0]["name"] == "lysis buffer"
    assert parts(record, "lysis") == {"Tris stock": "330 µL", "salt stock": "198 µL", "water": "6.1 mL"}
    assert parts(record, "Tris stock")["Tris base"] == "40 mg"
    assert parts(record, "salt stock")["NaCl"] == "57.9 mg"  # 198 µL x 5 M x 58.44 g/mol


def test_what_the_protocol_declares_under_the_same_name_is_taken_instead():
    own = '  water: {name: "water, sterile"}\n  salt stock: {name: brine, contains: {NaCl: 3 M}}\n'
    record = sheet(spec=SPEC.replace("vessels:", own + "vessels:"))
    assert {reagent["id"]: reagent["name"] for reagent in record["reagents"]} == {
        "lysis": "lysis buffer",
        "salt stock": "brine",
        "Tris stock": "Tris stock",
        "Tris base": "Tris base",
        "water": "water, sterile",
    }
    assert parts(record, "lysis")["salt stock"] == "330 µL"  # 150 mM of 3 M in 6.6 mL


def test_a_reagent_above_what_uses_it_is_put_below():
    first = SPEC.replace("  lysis:", "  water: {name: tap}\n  lysis:")
    assert parts(sheet(spec=first), "lysis") == parts(sheet(), "lysis")


def test_own_words_and_strengths_are_taken_in_place_of_the_recipe_s():
    spec = SPEC.replace(
        "{recipe: lysis buffer}", '{recipe: lysis buffer, name: "with {salt} salt", contains: {NaCl: salt}, dispensed: tube, note: on ice}'
    )
    record = sheet(spec=spec)
    lysis = record["reagents"][0]
    assert (lysis["name"], lysis["note"], lysis["storage"]) == ("with 300 mM salt", "on ice", "cold")
    assert "in the tube" in lysis["overage"]["text"]
    made = parts(record, "lysis")
    assert made["salt stock"] == "402 µL"  # 6.6 mL and the 2 µL that a tube keeps, in two figures up 6.7 mL: 300 mM of 5 M
    assert made["Tris stock"] == "335 µL"


def test_a_recipe_under_another_name_is_the_one_that_others_are_made_from():
    """60 mL of rinse take 40 mL of lysis buffer (150 to 100 mM), and no second lysis buffer is made."""
    spec = SPEC.replace("vessels:", "  rinse: {recipe: rinse}\nvessels:")
    record = sheet(spec=spec, steps=RINSED)
    assert "lysis buffer" not in [reagent["id"] for reagent in record["reagents"]]
    assert parts(record, "rinse") == {"lysis": "44 mL", "water": "22 mL"}  # 66 mL with a tenth


def test_one_that_is_changed_stands_for_itself_alone():
    spec = SPEC.replace("lysis buffer}", "lysis buffer, contains: {NaCl: 300 mM}}\n  rinse: {recipe: rinse}")
    assert parts(sheet(spec=spec, steps=RINSED), "rinse") == {"lysis buffer": "44 mL", "water": "22 mL"}


def test_a_reagent_of_the_protocol_is_made_from_shared_ones():
    spec = SPEC.replace("{recipe: lysis buffer}", "{name: brine, contains: {NaCl: 1 M}, make: {from: salt stock, rest: water}}")
    assert parts(sheet(spec=spec), "lysis") == {"salt stock": "1.32 mL", "water": "5.3 mL"}


def test_the_recipes_are_a_source_of_a_sheet_that_takes_one_and_of_no_other():
    other = RECIPES.replace("cold", "at 4 °C")
    plain = SPEC.replace("{recipe: lysis buffer}", "{name: lysis}")
    digests = {(spec, rows): render(source(spec, rows))["identity"]["inputs"] for spec in (SPEC, plain) for rows in (RECIPES, other)}
    assert digests[SPEC, RECIPES] != digests[SPEC, other]
    assert digests[plain, RECIPES] == digests[plain, other]
    assert render(source(plain, "rows: [nonsense"))["identity"]["inputs"] == digests[plain, RECIPES]


# The protocol's own entry, the message, its hint: in line 5 of protocol.yml.
ENTRIES = {
    "{recipe: lysis bufer}": ("no recipe 'lysis bufer'", "did you mean 'lysis buffer'?"),
    "{recipe: rinse, make: {from: water}}": (
        "an entry that takes a shared recipe has no 'make'",
        "known: recipe, name, contains, dispensed, overage, storage, hazards, note, keep_in",
    ),
    "{recipe: rinse, contains: {NaC: 1 M}}": ("'rinse' contains no 'NaC'", "did you mean 'NaCl'?"),
    "{recipe: rinse, contains: {NaCl: 9 M}}": ("'lysis buffer' at 150 mM is weaker than the 9 M of 'lysis'", "use a stronger stock"),
    "{recipe: rinse, dispensed: bowl}": ("'bowl' is nothing that liquid is dispensed from", "one of reservoir, tube, poured"),
    "{recipe: [rinse]}": ("'recipe' is a text, not a list", "write recipe: some words"),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_mistake_in_taking_a_recipe_is_told_in_the_protocol(entry):
    message, hint = ENTRIES[entry]
    assert told(spec=SPEC.replace("{recipe: lysis buffer}", entry)) == f"protocols/toy/protocol.yml:5: {message}\n  hint: {hint}"


ROWS = {
    "Tris stock, salt": ("Tris stok, salt", 5, "'lysis buffer' is made from 'Tris stok', which is not a recipe", "did you mean 'Tris stock'?"),
    "Tris: 1 M": ("Tris: 10 mM", 5, "'Tris stock' at 10 mM is weaker than the 50 mM of 'lysis buffer'", "use a stronger stock"),
    "NaCl: 5 M": (
        "salt: 5 M",
        5,
        "'lysis buffer' and 'salt stock' share no component",
        "a recipe takes each source for one component that both contain",
    ),
    "121.14 g/mol": ("121.14 g", 9, "expected a molar mass, got '121.14 g' (mass)", "molar mass units: g/mol"),
    "solid: NaCl": ("solit: NaCl", 10, "a recipe has no 'solit'", "did you mean 'solid'?"),
    "storage: cold": ("evidence: hearsay", 5, "'hearsay' is not a word for evidence", "one of: verified, general, computed, source-only, house"),
    "deionised water": (
        "water, make: {from: Tris stock, rest: NaCl}",
        6,
        "'Tris stock' is made from 'water', which is made from 'Tris stock'",
        "end with what is bought",
    ),
    "defaults:": ("default:", 3, "the file of recipes has no 'default'", "did you mean 'defaults'?"),
}
UNUSED = SPEC.replace("{recipe: lysis buffer}", "{name: lysis}")


@pytest.mark.parametrize("old", ROWS)
def test_a_mistake_in_a_recipe_is_told_where_it_stands_whether_or_not_it_is_taken(old):
    new, line, message, hint = ROWS[old]
    rows = RECIPES.replace(old, new, 1)
    said = f"protocols/_shared/recipes.yml:{line}: {message}\n  hint: {hint}"
    if "evidence" not in message and "defaults" not in hint:
        assert said in told(rows=rows).replace("of 'lysis'", "of 'lysis buffer'").replace("'lysis' and", "'lysis buffer' and")
    assert said in check_protocol(source(UNUSED, rows)).mistakes


def test_check_tells_a_hazard_and_a_reference_that_are_not_there():
    rows = RECIPES.replace("storage: cold", "hazards: [acid], cite: [nobody1999]")
    mistakes = [mistake.partition("\n")[0] for mistake in check_protocol(source(UNUSED, rows)).mistakes]
    assert "protocols/_shared/recipes.yml:5: no hazard 'acid'" in mistakes
    assert "protocols/_shared/recipes.yml:5: no reference 'nobody1999'" in mistakes


def test_a_circle_through_the_protocol_is_refused_with_its_way():
    spec = SPEC.replace("vessels:", "  water: {name: w, make: {from: lysis, rest: Tris base}}\nvessels:")
    assert told(spec=spec) == (
        "protocols/_shared/recipes.yml:5: 'lysis' is made from 'Tris stock', which is made from 'water', which is made from 'lysis'\n"
        "  hint: end with what is bought"
    )


def test_good_recipes_have_nothing_to_mend():
    report = check_protocol(source())
    assert report.mistakes == []


def test_the_work_that_a_recipe_cites_is_listed_where_it_is_made_and_nowhere_else():
    bib = "@article{one2000,\n  author = {One, A.},\n  journal = {J Buffers},\n  year = {2000},\n}\n"
    cited = {"recipes.yml": RECIPES.replace("storage: cold", "cite: [one2000]"), "references.bib": bib}
    for spec, works in ((SPEC, ["one2000"]), (UNUSED, [])):
        record = render(Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": STEPS}, shared_files=cited))
        assert [work["key"] for work in record["citations"]] == works


def test_a_concentrate_in_x_is_held_against_what_is_made_from_it():
    """A tenth of 10 X is 1 X; labelled 5 X it would come to half of that. 5.94 mL of water are 6 mL in the cylinder: 5.9 mL were too little."""
    rows = RECIPES.replace(
        "  Tris base:", "  tenfold: {contains: {rinse: 10 X, NaCl: 1 M}, make: {from: NaCl, to_volume_with: water}}\n  Tris base:", 1
    )
    rows = rows.replace("rinse: {contains: {NaCl: 100 mM}, make: {from: lysis buffer,", "rinse: {contains: {rinse: 1 X}, make: {from: tenfold,")
    record = sheet(spec=SPEC.replace("lysis buffer}", "rinse}"), rows=rows)
    assert parts(record, "lysis") == {"tenfold": "660 µL", "water": "6 mL"}
    (tenfold,) = (reagent for reagent in record["reagents"] if reagent["id"] == "tenfold")
    tenfold["contains"]["rinse"] |= {"value": 5, "text": "5 X"}
    assert any("rinse comes to 0.495" in wrong for wrong in replay(json.dumps(record)).wrong)


def test_a_recipe_that_another_takes_whole_reaches_although_its_rest_is_rounded():
    """6.6 mL at 170 mM are 1.122 mL of Tris and 5.478 mL of brine, set as 5.5 mL: no less of it may be made."""
    rows = RECIPES.replace("  Tris base:", "  brine: {contains: {NaCl: 150 mM}, make: {from: salt stock, rest: water}}\n  Tris base:", 1)
    rows = rows.replace("[Tris stock, salt stock], rest: water}", "[Tris stock], rest: brine}").replace("Tris: 50 mM, NaCl: 150 mM", "Tris: 170 mM")
    for volume in ("1 mL", "1.01 mL", "1.1 mL", "1.3 mL", "1.7 mL", "2.3 mL"):
        record = sheet(rows=rows, steps=STEPS.replace("1 mL/well", f"{volume}/well"))
        brine = next(reagent for reagent in record["reagents"] if reagent["id"] == "brine")
        assert brine["prepare"]["value"] >= brine["used"]["value"], volume
