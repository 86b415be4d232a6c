"""Two protocols of the tests, one in the other, and how they become a sheet.

The parent fills each tube with 100 uL; its child puts 20 uL of each tube and 5 uL of dye into a well, and rinses the well twice with
50 uL.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay

SCHEMA = Draft202012Validator(json.loads(resources.files("benchsheet.record").joinpath("record.schema.json").read_text("utf-8")))

RECIPES = """\
title: Recipes
about: for the tests
defaults: {evidence: general, confidence: high}
rows:
  TBST: {contains: {TBS: 1 X}, make: {from: TBS stock, rest: water}}
  TBS stock: {contains: {TBS: 10 X}, make: {from: TBS salt, rest: water}}
  TBS salt: {contains: {TBS: 100 X}}
  water: {name: deionised water}
"""
HAZARDS = """\
title: Hazards
about: for the tests
columns:
  signal: {kind: text, label: signal word}
  codes: {kind: words, label: codes}
  handling: {kind: text, label: handling}
  waste: {kind: text, label: waste}
  classes: {kind: words, label: classes}
defaults: {evidence: general, confidence: high, codes: [], classes: []}
rows:
  dye: {signal: Warning, handling: wear gloves}
"""
WORKS = "@article{roe2001,\n  author = {Roe, A.},\n  title = {On dyes},\n  year = {2001},\n}\n"

# The lines are numbered here because the messages name them.
CHILD = """\
title: Loading
summary: for the tests
version: 1.0.0
citations: [roe2001]
parameters:
  samples: {names: sample, default: 2, min: 1, max: 6}
  load: {default: 20 uL/well, min: 10 uL, max: 40 uL, help: of each sample}
  dye: {choices: [blue, red], default: blue}
  rinse: {flag: "yes", default: "yes"}
derived:
  lanes: {count: lane, from: len(samples), label: lanes}
checks:
  much: {if: load > '35 uL', level: refuse, say: "{load} run over | --load '35 uL' at most, or --no-rinse"}
  bright: {if: dye == 'red', level: warn, say: "{dye} fades: --dye blue lasts"}
totals: ["{lanes} lanes, loaded"]
reagents:
  lysis buffer: {name: lysis buffer}
  dye: {name: "{dye} dye", contains: {dye: 1 % w/v}, hazards: [dye], make: {from: concentrate, rest: water}}
  concentrate: {name: dye concentrate, contains: {dye: 10 % w/v}}
  TBST: {recipe: TBST}
  water: {recipe: water}
vessels:
  lysate: {tubes: samples, holds: 1 mL}
  plate: {labware: plate-96, each: samples}
equipment:
  shaker: {name: shaker, places: "4"}
  mill: {name: mill}
controls: {dye alone: {why: "shows the dye"}}
gates: {front: {limit: straight, reading: "bent: load again"}}
waste: {drain: the sink}
leftovers: {plates: "{dye} waste"}
"""
STEPS = """\
{% set twice = 2 %}{% set wells = "plate/sample" %}
{% macro rinsed(n) %}{{ remove(from_=wells) }} off, then {{ wash("TBST", "50 uL/well", of=wells, times=n, to="drain") }}{% endmacro %}
{% step "Lyse", hands_on="5 min", equipment="mill" %}
Lyse in {{ add("lysis buffer", "200 uL/tube", to="lysate/sample") }}.
{% endstep %}
{% step "Load", hands_on="1 min/lane", equipment="shaker" %}
Load {{ transfer(load, from_="lysate/sample", to="plate/sample") }} of each and {{ add("dye", "5 uL/well", to="plate/sample") }}.
{% endstep %}
{% step "Rinse", hands_on="2 min", after="Lyse" %}
Rinse with {{ rinsed(twice) }}.
{% endstep %}
"""
PARENT = """\
title: Pulling down
summary: for the tests
version: 2.0.0
parameters:
  conditions: {names: condition, default: "a,b,c", min: 1, max: 9}
  strong: {flag: "yes", default: "no"}
derived:
  names: {from: conditions}
totals: ["{len(conditions)} pulled down"]
reagents:
  eluate: {name: eluate, contains: {protein: 1 mg/mL}}
  wash: {recipe: TBST, name: wash buffer}
vessels:
  bead: {tubes: conditions, holds: 1 mL, role: sample}
equipment:
  shaker: {name: shaker, places: "4"}
uses:
  in: {protocol: loading, start: Load, vessels: {lysate: bead}, values: {samples: conditions}, options: [load, dye]}
"""
AROUND = """\
{% step "Elute", hands_on="10 min" %}
Rinse with {{ wash("wash", "400 uL/tube", of="bead/sample", times=3, to="drain") }}, take up in {{ add("eluate", "100 uL/tube", to="bead/sample") }}.
{% endstep %}
{{ protocol("in") }}
{% step "Store", hands_on="5 min" %}
Freeze.
{% endstep %}
"""


def library_of(**protocols: tuple[str, str]) -> dict[str, Source]:
    """Return protocols that stand beside each other, by name; each is its protocol.yml and its template."""
    texts = {"recipes.yml": RECIPES, "hazards.yml": HAZARDS, "references.bib": WORKS}
    found: dict[str, Source] = {}

    def beside(name: str) -> Source:
        if name not in found:
            raise ProtocolError(f"no protocol {name!r}", f"protocols: {', '.join(found)}")
        return found[name]

    for name, (spec, steps) in protocols.items():
        files = {"protocol.yml": spec, "protocol.md.j2": steps}
        found[name] = Source(id=name, folder=f"protocols/{name}", files=files, shared_files=texts, load_sibling=beside)
    return found


def pulling(parent: str = PARENT, around: str = AROUND, child: str = CHILD, steps: str = STEPS, **others: tuple[str, str]) -> Source:
    return library_of(pulling=(parent, around), loading=(child, steps), **others)["pulling"]


def sheet(source: Source, **given: str) -> dict[str, Any]:
    """Return a Record as a reader gets it: it fits the schema, and replays."""
    record: dict[str, Any] = json.loads(json.dumps(render(source, given)))
    SCHEMA.validate(record)
    assert replay(json.dumps(record)).wrong == []
    return record


def refusal(source: Source, **given: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        render(source, given)
    return str(caught.value)
