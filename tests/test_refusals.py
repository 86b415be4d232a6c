"""What other tools let through or printed wrong is refused here, or simply works: one test for each row of the list of peers.

The rows are those of `peers.md`, section 2.0, where each was reproduced.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.units import parse_quantity
from tests.records import when

SPEC = """\
title: Toy
version: 1.0.0
parameters:
  plates: {count: plate, default: 1, min: 1, max: 9}
  volume: {default: 100 uL/well}
  spin: {default: 300 x g}
  warmth: {default: 37 degC}
  factor: {default: 1000 fold}
  exposure: {default: 48 h}
reagents:
  made: {name: reaction, contains: {salt: 1 X, DNA: 1 mM}, make: {from: [buffer, dna], rest: water}}
  buffer: {name: buffer, contains: {salt: 10 X}}
  dna: {name: DNA, contains: {DNA: 4 mM}}
  drug: {name: drug, contains: {drug: 1 mM, DMSO: 100 % v/v}, dispensed: tube}
  dmso: {name: DMSO, contains: {DMSO: 100 % v/v}, dispensed: tube}
  acid: {name: acid, contains: {acid: 50 % w/v}}
  pool: {name: PBS, dispensed: reservoir}
  medium: {name: medium}
  water: {name: water}
vessels:
  plate: {labware: plate-96, count: plates, groups: {dose: {at: "B3:G9", by: column}, full: "A1:A8", empty: H1}}
  six: {labware: plate-6, groups: {wells: "A1:B3"}}
"""
SERIES = (
    '{{ series("drug", top="1 uM", factor="half-log", to="plate/dose", add="100 uL/well", diluent="medium", vehicle="dmso", limit="0.1 % v/v") }}'
    '{{ transfer("100 uL/well", from_="working/dose", to="plate/dose") }}'
)


def sheet(line: str, spec: str = SPEC, options: str = "", values: dict[str, str] | None = None) -> Any:
    template = f'{{% step "A"{options} %}}\n{line}\n{{% endstep %}}\n'
    return render(Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": template}, shared_files={}), values or {})


def refused(line: str, spec: str = SPEC, options: str = "", values: dict[str, str] | None = None) -> str:
    with pytest.raises(ProtocolError) as caught:
        sheet(line, spec, options, values)
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert SPEC.count(old) == 1
    return SPEC.replace(old, new)


def read(quantity: Any) -> Fraction:
    """A printed amount, in µL."""
    return Fraction(str(quantity["value"])) * {"uL": 1, "mL": 1000, "L": 10**6}[quantity["unit"]]


def parts_of(record, name: str) -> dict[str, Fraction]:
    (found,) = (each for each in record["preparations"] if each["id"] == name)
    return {part.get("reagent") or part.get("from"): read(part["amount"]) for part in found["components"]}


@pytest.mark.parametrize("how", ["rest", "to_volume_with"])
def test_water_is_never_negative(how):
    """Row 1: 15 µL of 2x buffer and 10 µL of DNA in 20 µL: `water -5.00 µL`, exit 0."""
    # 6 wells of 1 mL and 10 % spare: 6.6 mL; of a 1.2 X buffer 5.5 mL, of 2 mM DNA 3.3 mL
    spec = changed("salt: 10 X", "salt: 1.2 X").replace("DNA: 4 mM", "DNA: 2 mM").replace("rest: water", f"{how}: water")
    assert refused('{{ add("made", "1 mL/well", to="six/wells") }}', spec) == (
        "protocols/toy/protocol.yml:11: the parts of 'made' come to 8.8 mL, more than the 6.6 mL of it\n  hint: use stronger stocks"
    )


def test_a_master_mix_is_not_larger_than_what_is_given():
    """Row 1, as a mix: 15 µL and 10 µL do not go into 20 µL."""
    assert refused('{{ mix("m", {"buffer": "15 uL/well", "dna": "10 uL/well"}, add="20 uL/well", to="plate/full") }}') == (
        "protocols/toy/protocol.md.j2:2: the parts of 'm' come to 25 µL a well, and 20 µL are given\n  hint: let them be the same"
    )


def test_no_part_of_a_recipe_vanishes():
    """Row 2: 0.0004 µL of inhibitor rounded to 0, and its row was left out, exit 0."""
    # 6.6 mL at 0.000000001 mM from 4 mM: 6.6 mL / 4 000 000 000, and ten thousand fold thinner it is still too little
    assert refused('{{ add("made", "1 mL/well", to="six/wells") }}', changed("DNA: 1 mM", "DNA: 0.000000001 mM")).startswith(
        "protocols/toy/protocol.yml:11: reaction: 1.65×10⁻⁶ µL cannot be pipetted: the least is 0.2 µL\n  hint: make more, or go through"
    )
    thinner = parts_of(sheet('{{ add("made", "1 mL/well", to="six/wells") }}', changed("DNA: 1 mM", "DNA: 0.00001 mM")), "made")
    assert thinner["DNA, diluted 100 fold"] == pytest.approx(1.65)  # 6.6 mL / 400 000 x 100
    larger = parts_of(sheet('{{ add("made", "1 mL/well", to="six/wells") }}', changed("DNA: 1 mM", "DNA: 0.0001 mM")), "made")
    assert larger["dna"] == pytest.approx(0.2)  # of 8 mL, since 0.165 µL of 6.6 mL cannot be set
    parts = parts_of(sheet('{{ add("made", "1 mL/well", to="six/wells") }}'), "made")
    assert parts == {"buffer": 660, "dna": 1650, "water": 4290}  # 5 x 858 µL


def test_no_part_of_a_mix_vanishes():
    """Row 2, as a mix."""
    line = '{{ mix("m", {"water": "9.9996 uL/well", "drug": "0.0004 uL/well"}, add="10 uL/well", to="plate/full") }}'
    # 8 wells of 10 µL, 10 % and 2 µL of the tube: 90 µL, so 0.0036 µL of the drug
    assert refused(line).startswith("protocols/toy/protocol.md.j2:2: 0.0036 µL cannot be pipetted: the least is 0.2 µL\n")


def test_a_banana_is_no_unit():
    """Row 2: `10 banana` was accepted."""
    assert refused('{{ add("medium", "10 banana/well", to="plate/full") }}').startswith(
        "protocols/toy/protocol.md.j2:2: '10 banana/well': unknown unit 'banana'\n  hint: units: uL, mL, L, "
    )
    assert refused("x", values={"volume": "10 banana"}).startswith("--volume: '10 banana': unknown unit 'banana'\n  hint: units: uL, mL, L, ")


def test_millilitres_and_microlitres_add_up():
    """Row 3: `water;;to 1 mL` with `buffer;10x;100 µL` died with a TypeError."""
    record = sheet('{{ mix("m", {"water": "0.9 mL/well", "buffer": "100 uL/well"}, add="1 mL/well", to="six/wells", spare=True) }}')
    parts = parts_of(record, "m/m")
    assert "| **total** |" in record["steps"][0]["markdown"]
    assert parts["water"] / parts["buffer"] == pytest.approx(9, rel=0.02)
    assert 6600 <= sum(parts.values()) <= 6800  # 6 wells of 1 mL, and 10 %
    assert parse_quantity("0.9 mL + 100 uL") == parse_quantity("1 mL") == parse_quantity("1000 µL")


def test_millimolar_and_nanomolar_go_together():
    """Row 4: `serial_dilution 100uL 1mM to 1nM`: units don't match."""
    record = sheet(SERIES)
    first, last = (next(claim for claim in record["steps"][0]["claims"] if f"working/dose {n}" in claim["at"]) for n in (1, 7))
    assert (first["target"]["text"], last["target"]["text"]) == ("1 µM", "1 nM")  # six half-logs are 1000 fold
    assert sheet('{{ dilute("drug", to="1 uM", with_="dmso", into="tube/a", volume="1 mL") }}')["steps"][0]["claims"][0]["target"]["text"] == "1 µM"


def test_a_series_is_said_in_bench_units_and_its_tubes_are_alike():
    """Row 5: concentrations like `3.162278e+02 nM`, and the last tube kept 146.25 µL where the others kept 100."""
    record = sheet(SERIES)
    claims = {at: claim["target"]["text"] for claim in record["steps"][0]["claims"] for at in claim["at"] if at.startswith("working/")}
    assert list(claims.values()) == ["1 µM", "316.2 nM", "100 nM", "31.62 nM", "10 nM", "3.162 nM", "1 nM"]
    made = [each for each in record["preparations"] if each["id"].startswith("working/")]
    assert len({read(each["volume"]) for each in made}) == 1
    assert len(made) == 7
    told = {key: value for key, value in record.items() if key not in ("digest", "identity", "seal")}
    assert not re.search(r"\d[eE][+-]?\d", json.dumps(told, ensure_ascii=False))


def test_spare_is_said_with_its_rule():
    """Row 8: 50 % overage from a code default, and the sheet did not say so."""
    record = sheet('{{ add("pool", "100 uL/well", to="plate/full") }}', values={"plates": "3"})
    (pool,) = record["reagents"]
    # 24 wells of 100 µL are 2.4 mL; with 10 % and the 2 mL that a reservoir keeps 4.64 mL, so 4.7 mL
    assert pool["overage"]["text"] == "10 % + 2 mL in the reservoir"
    assert [read(pool["used"]), read(pool["prepare"])] == [2400, 4700]


def test_a_delay_takes_its_time():
    """Row 9: thirty minutes of delay were estimated as 0h:0m."""
    record = sheet("x", options=', hands_on="5 min", wait="30 min"')
    assert [(row["kind"], when(row["begin"]), when(row["end"])) for row in record["schedule"]] == [
        ("hands_on", "P0DT0H00M", "P0DT0H05M"),
        ("wait", "P0DT0H05M", "P0DT0H35M"),
    ]


def test_an_empty_well_gives_nothing():
    """Row 10: 600 µL out of an empty well ran through, exit 0."""
    assert refused('{{ transfer("600 uL/well", from_="six/wells", to="plate/empty") }}') == (
        "protocols/toy/protocol.md.j2:2: six/wells is empty, and 600 µL are asked of it\n  hint: put more in first, or take less"
    )


def test_a_well_does_not_take_more_than_it_holds():
    """Row 10: into a plate of 200 µL."""
    assert refused('{{ add("medium", "600 uL/well", to="plate/empty") }}') == (
        "protocols/toy/protocol.md.j2:2: plate/empty would hold 600 µL, more than the 360 µL that a 96-well plate holds to the brim\n"
        "  hint: add less, or remove liquid first"
    )


def test_eleven_doses_fit_on_a_plate_and_thirteen_are_told():
    """Row 11: the protocol's own example of 11 dilutions ended in an IndexError."""
    spec = changed('{at: "B3:G9", by: column}', '{at: "B1:B12", by: column, first: doses}').replace(
        "  volume:", "  doses: {count: dose, default: 11, max: 13}\n  volume:"
    )
    three_fold = SERIES.replace("half-log", "3 fold")
    claims = sheet(three_fold, spec)["steps"][0]["claims"]
    tubes = [at for claim in claims for at in claim["at"] if at.startswith("working/")]
    assert tubes == [f"working/dose {n}" for n in range(1, 12)]
    assert refused(three_fold, spec, values={"doses": "13"}).endswith("13 x 'dose' do not fit into 12 places of the plate\n  hint: 12 at most")


@pytest.mark.parametrize("well", ["B13", "Z99", "I1", "A0"])
def test_a_well_is_on_its_plate(well):
    """Row 13: a block at B11 ran to column 13, and `well.Z99` was accepted."""
    assert refused("x", changed("empty: H1", f"empty: {well}")) == (
        f"protocols/toy/protocol.yml:21: {well!r} is not on a 96-well plate\n  hint: its wells are A1 to H12"
    )


def test_a_block_does_not_run_over_the_edge():
    """Row 13: a block of three wells at B11."""
    assert "'B11:B13' is not on a 96-well plate" in refused("x", changed("empty: H1", "empty: 'B11:B13'"))


def test_a_well_is_in_one_group():
    """Row 14: row A said 1, column 1 said 2, and one was picked in silence."""
    assert refused("x", changed("empty: H1", "empty: 'A1:A12'")) == (
        "protocols/toy/protocol.yml:21: well A1 is in both 'full' and 'empty'\n  hint: give each well to one group"
    )


@pytest.mark.parametrize("option", ["wait", "hands_on"])
def test_a_time_is_not_in_microlitres(option):
    """Row 15: an incubation of `48:microliter` was accepted and written out."""
    assert refused("x", options=f', {option}="48 uL"') == (
        "protocols/toy/protocol.md.j2:1: expected a time, got '48 uL' (volume)\n  hint: time units: s, min, h"
    )
    assert refused("x", values={"exposure": "48 uL"}) == "--exposure: expected a time, got '48 uL' (volume)\n  hint: time units: s, min, h"


def test_14000_g_is_not_a_spin():
    """Row 16: `14000 g` is 14 kg."""
    assert refused("x", values={"spin": "14000 g"}) == (
        "--spin: expected a centrifugal force, got '14000 g' (mass)\n  hint: 'g' is the gram; write '14000 x g'"
    )
    assert [parse_quantity(text).kind for text in ("14000 x g", "14000 × g", "14000xg")] == ["centrifugal force"] * 3


def test_a_bare_ratio_is_not_a_number():
    """Row 16: `1:1000` is 1000."""
    assert refused("x", values={"factor": "1:1000"}) == (
        "--factor: '1:1000' is read in two ways\n  hint: write '1000 fold' (total / stock = 1000) or '1:1000 parts' (1 + 1000)"
    )
    assert parse_quantity("1:1000 parts").value == 1001
    assert parse_quantity("1000 fold").value == 1000


@pytest.mark.parametrize("typed", ["37 C", "37C", "37 c", "37 deg"])
def test_37_c_is_not_a_temperature(typed):
    """Row 16: `37 C` is 37 coulomb."""
    assert refused("x", values={"warmth": typed}).endswith("\n  hint: write '37 degC'")
    assert [parse_quantity(text).value for text in ("37 degC", "37 °C", "37°C", "-20 °C")] == [37, 37, 37, -20]


def test_a_ratio_of_concentrations_is_whole():
    """Row 16: 1 mM / 1 nM was 999999.9999999999; `2x` was not defined; `95 degC` raised."""
    assert parse_quantity("1 mM") / parse_quantity("1 nM") == 10**6
    assert parse_quantity("2x") == parse_quantity("2 X")
    assert parse_quantity("95 degC").value == 95


# --- no message shows a negative amount ----------------------------------------------------------------------------

AMOUNT = st.decimals(0, 20_000, places=3).map(lambda number: f"{number.normalize():f}")
UNIT = st.sampled_from(["uL", "mL"])
PERCENT = st.decimals(0, 100, places=2).map(lambda number: f"{number.normalize():f}")
FOLD = st.decimals(0, 2000, places=2).map(lambda number: f"{number.normalize():f}")
WELLS = {"plate-96": "A1:A8", "plate-48": "A1:A8", "plate-24": "A1:A6", "plate-12": "A1:A4", "plate-6": "A1:A3"}
ACTS = [
    '{{{{ add("medium", "{a} {u}/well", to="v/full") }}}}',
    '{{{{ add("medium", volume - "{a} {u}", to="v/full") }}}}',
    '{{{{ bring("acid", to="{p} % w/v", in_="v/full") }}}}',
    '{{{{ bring("acid", to="{p} % w/v", in_="v/full") }}}} {{{{ bring("acid", to="{f} % w/v", in_="v/full") }}}}',
    '{{{{ transfer("{a} {u}/well", from_="v/full", to="v/empty") }}}}',
    '{{{{ transfer("{a} {u}/well", from_="v/empty", to="v/full") }}}}',
    '{{{{ remove(from_="v/full") }}}} {{{{ transfer("{a} {u}/well", from_="v/full", to="v/empty") }}}}',
    '{{{{ wash("medium", "{a} {u}/well", of="v/full", times=2) }}}}',
    '{{{{ dilute("drug", to="{f} uM", with_="dmso", into="t/a", volume="{a} {u}") }}}} {{{{ transfer("{p} uL/well", from_="t/a", to="v/full") }}}}',
    '{{{{ mix("m", {{"water": "{a} {u}/well", "medium": "{p} uL/well"}}, add="{a} {u}/well", to="v/full") }}}}',
    '{{{{ mix("m", {{"water": volume - "{a} {u}", "medium": "{p} uL/well"}}, add=volume, to="v/full") }}}}',
    '{{{{ add("made", "{a} {u}/well", to="v/full") }}}}',
    '{{{{ series("drug", top="{f} nM", factor="{p} fold", to="v/dose", add="{a} {u}/well", diluent="medium", vehicle="dmso", limit="0.5 % v/v") }}}}',
    '{{{{ q(volume - "{a} {u}") }}}}',
]
NEGATIVE = re.compile(r"(?<!\w)[-−–]\s?\d")


def amounts(record) -> list[Decimal]:
    """Every volume that a sheet pours."""
    poured = [operation["each"]["value"] for step in record["steps"] for operation in step["operations"]]
    taken = [part["amount"]["value"] for made in record["preparations"] for part in made["components"]]
    return [Decimal(str(value)) for value in (*poured, *taken) if value is not None]


@settings(max_examples=100, deadline=None)
@given(
    labware=st.sampled_from(sorted(WELLS)),
    before=st.integers(1, 20_000),
    act=st.sampled_from(ACTS),
    a=AMOUNT,
    u=UNIT,
    p=PERCENT,
    f=FOLD,
    salt=PERCENT,
    dna=PERCENT,
)
def test_nothing_that_is_said_of_an_amount_is_negative(labware, before, act, a, u, p, f, salt, dna):
    groups = f'{{full: "{WELLS[labware]}", dose: {{at: "B1:B2", by: column}}, empty: B3}}'
    spec = SPEC[: SPEC.index("vessels:")] + f"vessels:\n  v: {{labware: {labware}, count: plates, groups: {groups}}}\n"
    spec = spec.replace("salt: 1 X, DNA: 1 mM", f"salt: {salt} X, DNA: {dna} mM")
    line = f'{{{{ add("water", "{before} uL/well", to="v/full") }}}}\n' + act.format(a=a, u=u, p=p, f=f)
    try:
        record = sheet(line, spec)
    except ProtocolError as error:
        told, poured = str(error), []
    else:
        told, poured = " ".join(text for step in record["steps"] for text in step["terms"]), amounts(record)
    assert not NEGATIVE.search(told), told
    assert all(value > 0 for value in poured)
    assert poured or "\n  hint: " in told
