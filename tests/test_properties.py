"""Laws that hold for every amount: what goes in is somewhere, units say the same thing, and nothing is lost to rounding unseen."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pint
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchsheet import library
from benchsheet.arithmetic import dilution
from benchsheet.arithmetic.exact import differs_by, log2, pow2
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.lab import default_lab, round_up_two_figures
from benchsheet.protocol.source import Source
from benchsheet.repipette import replay
from benchsheet.run.ledger import WellGroup, portion
from benchsheet.units import KINDS, Quantity, format_amount, format_input, parse_quantity, pint_registry, table
from benchsheet.units.base_units import NanoLitres
from tests.records import volume as in_nanolitres

settings.register_profile("claims", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("claims")

amounts = st.fractions(min_value=Fraction(1, 1000), max_value=10**9, max_denominator=10**6)
volumes = st.integers(1, 10**9)  # nL
folds = st.fractions(min_value=Fraction(11, 10), max_value=1000, max_denominator=1000)


# --- dilution: what is dissolved is neither made nor lost -----------------------------------------------------------------


@given(amounts, folds, volumes)
def test_a_part_brings_as_much_as_the_dilution_holds(stock, fold, volume):
    final = stock / fold
    taken = dilution.stock_volume(stock, final, volume)
    assert stock * taken == final * volume  # c1 V1 = c2 V2
    assert 0 < taken <= volume


@given(amounts, amounts, volumes)
def test_nothing_is_diluted_to_more_than_its_stock(one, other, volume):
    assume(one != other)
    with pytest.raises(ProtocolError, match="stronger than its stock"):
        dilution.stock_volume(min(one, other), max(one, other), volume)


@given(amounts, st.fractions(0, 1, max_denominator=1000), folds, volumes)
def test_what_is_brought_and_what_was_there_make_the_strength_asked(stock, share, fold, volume):
    final = stock / fold
    holds = final * share
    brought = dilution.volume_to_add(stock, final, holds, volume)
    assert volume * holds + brought * stock == (volume + brought) * final
    assert brought >= 0


@given(volumes)
def test_a_quarter_of_fifty_percent_makes_ten(volume):
    assert dilution.volume_to_add(Fraction(50), Fraction(10), Fraction(0), volume) == Fraction(volume, 4)


@given(amounts, volumes)
def test_an_equal_strength_brings_nothing_to_itself(strength, volume):
    with pytest.raises(ProtocolError, match="nothing can be brought to the strength of its stock"):
        dilution.volume_to_add(strength, strength, Fraction(0), volume)


@given(amounts, folds, volumes)
def test_adding_stock_makes_nothing_weaker(stock, fold, volume):
    with pytest.raises(ProtocolError, match="cannot make it weaker"):
        dilution.volume_to_add(stock, stock / fold / 2, stock / fold, volume)


@given(volumes, folds)
def test_a_tube_keeps_what_is_drawn_after_the_next_is_made_from_it(drawn, fold):
    made = dilution.tube_volume(drawn, fold)
    assert made - made / fold == drawn  # the next tube of the same size takes made / fold


@given(amounts, volumes, st.fractions(50, 200_000, max_denominator=100))
def test_what_is_weighed_in_dissolves_to_the_volume_it_was_weighed_for(molarity, volume, molar_mass):
    mass = dilution.solid_mass(molarity, volume, "molarity", molar_mass)
    assert dilution.volume_at_molarity(mass, molar_mass, molarity) == volume
    assert mass == molarity * volume * molar_mass / 10**6  # µM x nL x g/mol is 10^-6 ng


@given(amounts, volumes)
def test_one_percent_is_ten_milligrams_a_millilitre(percent, volume):
    assert dilution.solid_mass(percent, volume, "percent w/v") == dilution.solid_mass(percent * 10_000, volume, "mass concentration")  # µg/mL


# --- exact numbers --------------------------------------------------------------------------------------------------------


def test_a_tenth_more_rounded_up_is_right():
    for n in range(1, 101):
        assert evaluate("ceil(n * 1.1)", {"n": Fraction(n)}) == (11 * n + 9) // 10


@given(st.fractions(-60, 60, max_denominator=500), st.fractions(-60, 60, max_denominator=500))
def test_growth_over_two_spans_is_growth_over_both(one, other):
    both = pow2(one + other)
    assert abs(pow2(one) * pow2(other) - both) <= both / 10**25
    assert float(pow2(one)) == pytest.approx(2.0 ** float(one))
    assert abs(log2(pow2(one)) - one) < Fraction(1, 10**24)


@given(st.integers(-200, 200))
def test_whole_doublings_are_exact(exponent):
    assert pow2(Fraction(exponent)) == Fraction(2) ** exponent


@given(st.integers(1, 10**13))
def test_two_figures_up_is_the_next_number_of_two_figures(amount):
    up = round_up_two_figures(amount)
    digits = str(up)
    assert up >= amount
    assert set(digits[2:]) <= {"0"}
    below = up - 10 ** max(0, len(str(amount)) - 2)
    assert below < amount


@given(st.integers(200, 10**11))
def test_what_is_set_is_a_whole_number_of_steps_and_as_near_as_they_allow(amount):
    """Gaps between devices are refused, not rounded over."""
    try:
        done = default_lab().set_volume(Fraction(amount))
    except ProtocolError:
        assume(False)
    assert done.amount % (done.strokes * done.instrument.step) == 0
    assert abs(done.amount - amount) * 2 <= done.strokes * done.instrument.step
    assert done.instrument.least <= done.amount // done.strokes <= done.instrument.most


@given(st.integers(1, 10**11))
def test_overage_covers_a_tenth_and_what_the_reservoir_keeps(used):
    spare = default_lab().with_overage(used, "reservoir")
    assert spare.amount == round_up_two_figures(-(-(used * 11 + 20_000_000) // 10))


# --- units ----------------------------------------------------------------------------------------------------------------


def test_the_table_of_units_is_the_one_that_pint_makes():
    with open(table.__file__, encoding="utf-8") as file:  # noqa: PTH123 - text as shipped, line ends and all
        assert file.read() == pint_registry.table_source()


def test_every_entry_is_what_pint_says_of_it():
    """The registry itself is asked, with the project's definitions; counts of pint's own kind are left to it."""
    registry = pint_registry.load_registry()
    spelled = {
        "% w/v": "percent_wv",
        "% v/v": "percent_vv",
        "% w/w": "percent_ww",
        "%": "percent_of",
        "x g": "rcf",
        "x": "X",
        "d": "day",
        "days": "day",
    }
    for unit, (kind, top, bottom) in table.UNIT_TABLE.items():
        base = KINDS[kind].base
        one, two = (registry.parse_units(spelled.get(name, name)) for name in (unit, base))
        assert registry.Quantity(Fraction(1), one).to(two).magnitude == Fraction(top, bottom), unit


# The same units as the world at large defines them: pint's own default registry, which knows nothing of this project.
WORLDS = {
    "volume": ("nL", "uL", "mL", "L"),
    "mass": ("ng", "ug", "mg", "g", "kg"),
    "time": ("s", "min", "h", "day"),
    "molarity": ("pmol/L", "nmol/L", "umol/L", "mmol/L", "mol/L", "uM", "mM"),
    "mass concentration": ("ng/mL", "ug/mL", "mg/mL", "g/L", "ug/uL"),
    "length": ("nm", "um", "mm", "cm", "m"),
    "tension": ("mV", "V", "kV"),
}


def test_five_hundred_conversions_agree_with_pint():
    registry: Any = pint.UnitRegistry(non_int_type=Decimal)
    chance = random.Random(500)  # noqa: S311
    for _ in range(500):
        kind = chance.choice(list(WORLDS))
        one, two = chance.choice(WORLDS[kind]), chance.choice(WORLDS[kind])
        number = Decimal(chance.randint(1, 10**6)).scaleb(-chance.randint(0, 5))
        theirs = registry.Quantity(number, one).to(two).magnitude
        ours = parse_quantity(f"{number:f} {one}").value / parse_quantity(f"1 {two}").value
        assert parse_quantity(f"{number:f} {one}").kind == kind
        assert abs(ours - Fraction(theirs)) <= ours / 10**20, (number, one, two)


@given(st.decimals("0.001", "99999", places=3), st.sampled_from(sorted(KINDS)), st.data())
def test_one_amount_is_the_same_in_every_unit_of_its_kind(number, kind, data):
    units = [unit for unit, (its, _, _) in table.UNIT_TABLE.items() if its == kind]
    one, two = (data.draw(st.sampled_from(units)) for _ in range(2))
    ratio = Fraction(*table.UNIT_TABLE[one][1:]) / Fraction(*table.UNIT_TABLE[two][1:])
    other = Fraction(number) * ratio
    decimal = (Decimal(other.numerator) / Decimal(other.denominator)).normalize()
    assume(Fraction(decimal) == other and decimal.as_tuple().exponent >= -15 and len(f"{decimal:f}".partition(".")[0]) <= 18)  # type: ignore[operator]
    assert parse_quantity(f"{number} {one}") == parse_quantity(f"{decimal:f} {two}")


@pytest.mark.parametrize(
    "same",
    [
        ("100 uL", "0.1 mL", "1e-4 L", "100 µL", "100 \u03bcL", "100uL", "100 ul", "1e5 nL", "+100 uL", "50 uL + 0.05 mL"),
        ("90 min", "1.5 h", "5400 s", "1 h + 30 min"),
        ("3 days", "72 h", "4320 min"),
        ("10 mM", "0.01 M", "10000 uM", "10 mmol/L", "1e-2 mol/L"),
        ("1 mg/mL", "1 g/L", "1 ug/uL", "1000 ug/mL"),
        ("2.5e4 cells/mL", "25000 cells/mL", "25 cells/uL"),
        ("0.4 % w/v", "0.4 % (w/v)", "0.4%w/v"),
        ("145 kDa", "145000 g/mol", "145 kg/mol"),
        ("4 fold", "1:3 parts"),
        ("half-log", "half-log"),
    ],
    ids=lambda same: same[0],
)
def test_the_same_thing_said_otherwise_is_the_same(same):
    assert len({parse_quantity(text) for text in same}) == 1


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**12, max_denominator=10**9), st.sampled_from(sorted(KINDS)))
def test_what_is_typed_out_is_read_back_as_the_same_number_of_every_kind(value, kind):
    """In full: a number that ends is written to its last digit, one that does not is rounded nowhere on the way."""
    text = format_input(value, kind)
    assume(len(text) <= 60)
    try:
        again = parse_quantity(text)
    except ProtocolError:
        ends = Fraction(value).denominator
        for factor in (2, 5):
            while ends % factor == 0:
                ends //= factor
        whole, _, decimals = text.split()[0].partition(".")
        assert ends > 1 or len(whole) > 18 or len(decimals) > 15, text  # a third, or more digits than anyone types
        return
    assert again == Quantity(value=value, kind=kind)


@given(st.integers(1, 10**10), st.sampled_from(["volume", "mass"]))
def test_what_is_shown_of_a_settled_amount_is_the_whole_amount(value, kind):
    """Volumes settled to nL, masses to ng: nothing is rounded away on the sheet."""
    assert parse_quantity(format_amount(Fraction(value), kind)) == Quantity(value=Fraction(value), kind=kind)


# --- the ledger -----------------------------------------------------------------------------------------------------------

COMPONENTS = ("drug", "DMSO", "cells")
acts: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("fill"), st.integers(0, 2), st.integers(1, 400_000), st.dictionaries(st.sampled_from(COMPONENTS), amounts, max_size=3)),
    st.tuples(st.just("draw"), st.integers(0, 2), st.integers(1, 400_000), st.just({})),
    st.tuples(st.just("tip"), st.integers(0, 2), st.booleans(), st.just({})),
)


@given(st.lists(acts, max_size=40), st.lists(st.integers(1, 7), min_size=3, max_size=3))
def test_what_went_into_the_wells_is_in_them_or_came_out(sequence, sizes):
    """Volumes and every component balance exactly, refused acts change nothing, and no well ever holds less than nothing."""
    groups = [WellGroup(id=f"plate/{number}", size=size, capacity=NanoLitres(360_000), labware="96-well plate") for number, size in enumerate(sizes)]
    inside: defaultdict[str, Fraction] = defaultdict(Fraction)
    outside: defaultdict[str, Fraction] = defaultdict(Fraction)
    for act, which, amount, contains in sequence:
        group = groups[which]
        before = group.volume, dict(group.contents)
        try:
            if act == "fill":
                group.receive(amount, {name: portion(strength, amount) for name, strength in contains.items()})
                inside["volume"] += amount * group.size
                for name, strength in contains.items():
                    inside[name] += strength * amount * group.size
            elif act == "draw":
                total = amount * group.size
                taken = group.draw(total, amount)
                outside["volume"] += total
                for name, left in taken.items():
                    outside[name] += left * group.size
            else:
                outside["volume"] += group.volume * group.size
                for name, left in group.pour_off(("cells",) if amount else ()).items():
                    outside[name] += left * group.size
        except ProtocolError:
            assert (group.volume, dict(group.contents)) == before
            assert act == "fill" and before[0] + amount > 360_000 or act == "draw" and before[0] < amount
        assert 0 <= group.volume <= 360_000
        assert all(held >= 0 for held in group.contents.values())
    held: defaultdict[str, Fraction] = defaultdict(Fraction, outside)
    for group in groups:
        held["volume"] += group.volume * group.size
        for name, strength in group.contents.items():
            held[name] += strength * group.size
    assert {name: amount for name, amount in held.items() if amount} == {name: amount for name, amount in inside.items() if amount}


@given(st.integers(1, 359_999))
def test_a_well_takes_what_fits_to_the_brim_and_not_a_nanolitre_more(first):
    group = WellGroup(id="plate/a", size=3, capacity=NanoLitres(360_000), labware="96-well plate")
    group.receive(first, {})
    with pytest.raises(ProtocolError, match="holds to the brim"):
        group.receive(360_001 - first, {})
    group.receive(360_000 - first, {})
    assert group.volume == 360_000
    with pytest.raises(ProtocolError, match="are asked of it"):
        group.draw(NanoLitres(3 * 360_001), NanoLitres(360_001))
    group.draw(NanoLitres(3 * 360_000), NanoLitres(360_000))
    assert group.volume == 0


@given(volumes.map(lambda n: n % 300_000 + 1), amounts, st.integers(1, 99))
def test_drawing_leaves_the_strength_as_it_was(volume, strength, percent):
    group = WellGroup(id="tube/a", size=1, capacity=NanoLitres(10**6), labware="1.5 mL tube")
    group.receive(volume * 100, {"drug": strength * volume * 100}, 10**9)
    assert group.draw(volume * percent, volume) == {"drug": strength * volume}
    assert group.strength("drug") == strength


@given(amounts, st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_portion_is_exact_and_never_a_float(amount, part, whole):
    """The one division of the ledger: 6 of 100 x 1000 in 300 is 2000 as an int, 1 of 3 a third."""
    found = portion(amount, part, whole)
    assert type(found) in (int, Fraction)
    assert found * whole == amount * part
    assert type(found) is int or found.denominator > 1


@given(amounts, amounts, st.fractions(0, 1, max_denominator=1000))
def test_apart_is_the_distance_over_the_aim(got, aim, share):
    assert differs_by(got, aim, share) == (abs(got - aim) > share * aim)


@given(st.lists(st.tuples(st.integers(1, 50_000), amounts), min_size=1, max_size=6))
def test_a_mixture_is_as_strong_as_its_parts_by_volume(parts):
    group = WellGroup(id="well/a", size=1, capacity=NanoLitres(360_000), labware="96-well plate")
    for volume, strength in parts:
        group.receive(volume, {"drug": strength * volume})
    assert group.strength("drug") == sum(volume * strength for volume, strength in parts) / sum(volume for volume, _ in parts)


# --- whole sheets ---------------------------------------------------------------------------------------------------------

MIXING = """\
title: Mixing
version: 1.0.0
parameters: {{plates: {{count: plate, default: {plates}, min: 1, max: 1000}}}}
reagents:
{reagents}
vessels: {{plate: {{labware: plate-96, count: plates, groups: {{wells: "A1:{last}"}}}}}}
"""
MIXED = """\
{{% step "Mix", hands_on="5 min" %}}
{{{{ mix("brew", {{ {parts} }}, add="{each} uL/well", to="plate/wells") }}}}
{{% endstep %}}
{{% step "Give", hands_on="5 min" %}}
{{{{ transfer("{each} uL/well", from_="brew", to="plate/wells") }}}}
{{% endstep %}}
"""


@settings(max_examples=40)
@given(
    st.lists(st.integers(10, 400), min_size=1, max_size=5),  # tenths of a µL a well
    st.integers(1, 8),
    st.integers(1, 12),
    st.integers(1, 5),
)
def test_every_well_gets_its_part_of_a_mix(parts, rows, columns, plates):
    """Volumes to the nL; each part as near as the pipettes that made the mix, one in fifty at most."""
    last = f"{'ABCDEFGH'[rows - 1]}{columns}"
    reagents = "\n".join(f"  part{n}: {{contains: {{part{n}: 1 X}}}}" for n in range(len(parts)))
    each = Decimal(sum(parts)) / 10
    words = ", ".join(f'"part{n}": "{Decimal(tenths) / 10} uL/well"' for n, tenths in enumerate(parts))
    files = {
        "protocol.yml": MIXING.format(plates=plates, reagents=reagents, last=last),
        "protocol.md.j2": MIXED.format(parts=words, each=each),
    }
    record = json.loads(json.dumps(render(Source(id="mixing", folder="protocols/mixing", files=files, shared_files={}), {})))
    assert replay(json.dumps(record)).wrong == []
    wells = rows * columns * plates
    mixed, given_out = (step["operations"] for step in record["steps"])
    (out,) = given_out
    assert (out["count"], in_nanolitres(out["each"])) == (wells, sum(parts) * 100)
    made = sum(in_nanolitres(o["total"]) for o in mixed)
    assert made >= wells * sum(parts) * 100
    for n, tenths in enumerate(parts):
        (mine,) = [o for o in mixed if o["reagent"] == f"part{n}"]
        in_a_well = in_nanolitres(mine["total"]) / made * in_nanolitres(out["each"])
        assert abs(in_a_well - tenths * 100) <= Fraction(tenths * 100, 50)


ADDED = """\
{{% step "Give", hands_on="5 min" %}}
{{{{ add("part0", "{each} uL/well", to="plate/wells") }}}} and {{{{ wash("part1", "{wash} uL/well", of="plate/wells", times={times}) }}}}
{{% endstep %}}
"""


@settings(max_examples=40)
@given(st.integers(10, 3000), st.integers(10, 3000), st.integers(1, 6), st.integers(1, 96), st.integers(1, 1000))
def test_what_a_well_gets_does_not_depend_on_the_plates_and_totals_do(each, wash, times, wells, plates):
    last = "ABCDEFGH"[(wells - 1) % 8] + str((wells - 1) // 8 + 1)
    size = ("ABCDEFGH".index(last[0]) + 1) * int(last[1:])
    reagents = "\n".join(f"  part{n}: {{dispensed: reservoir}}" for n in range(2))
    found = []
    for count in (1, plates):
        files = {
            "protocol.yml": MIXING.format(plates=count, reagents=reagents, last=last),
            "protocol.md.j2": ADDED.format(each=Decimal(each) / 10, wash=Decimal(wash) / 10, times=times),
        }
        record = render(Source(id="adding", folder="protocols/adding", files=files, shared_files={}), {})
        (step,) = record["steps"]
        found.append({(o["op"]): (in_nanolitres(o["each"]), o["times"], o["count"], in_nanolitres(o["total"])) for o in step["operations"]})
        assert {r["id"]: in_nanolitres(r["used"]) for r in record["reagents"]} == {
            "part0": size * count * found[-1]["add"][0],
            "part1": size * count * times * found[-1]["wash"][0],
        }
    one, many = found
    for op, (amount, again, places, total) in one.items():
        assert many[op] == (amount, again, places * plates, total * plates)


SRB = library.load_source("srb")


@settings(max_examples=50)
@given(
    st.sampled_from(["half-log", "2 fold", "3 fold", "1.7 fold", "1:3 parts", "7 fold", "10 fold"]),
    st.integers(4, 10),
    st.integers(3, 5),
    st.sampled_from(["0.1 % v/v", "0.2 % v/v", "0.5 % v/v", "0.07 % v/v"]),
    st.decimals("0.05", "5", places=2),
    st.sampled_from(["DMSO", "water"]),
    st.integers(1, 100),
)
def test_a_series_claims_its_doses_and_keeps_its_word(dilution_factor, doses, replicates, limit, top, solvent, plates):
    """The n-th dose is the top over fold^(n-1): asked exactly, got within one in fifty; what is got is what the tubes hold."""
    values = {"dilution": dilution_factor, "doses": str(doses), "replicates": str(replicates), "vehicle_limit": limit, "top_dose": f"{top} uM",
              "solvent": solvent, "plates": str(plates), "kill_stock": "10 mM"}  # fmt: skip
    named = {"half-log": Fraction("3.1622776601683793319988935444"), "1:3 parts": Fraction(4)}
    fold = named.get(dilution_factor) or Fraction(dilution_factor.split()[0])
    assume(Fraction(top) / fold**doses > Fraction(1, 10**8))  # 10 fM: what is less is refused, as next to nothing
    record = json.loads(json.dumps(render(SRB, values)))
    assert replay(json.dumps(record)).wrong == []
    micromolar: dict[str, int | Fraction] = {"mmol/L": 1000, "umol/L": 1, "nmol/L": Fraction(1, 1000), "pmol/L": Fraction(1, 10**6)}
    claimed = {
        at: [Fraction(str(claim[word]["value"])) * micromolar[claim[word]["unit"]] for word in ("target", "actual")]
        for step in record["steps"]
        for claim in step["claims"]
        if claim["component"] == "inhibitor"
        for at in claim["at"]
    }
    for dose in range(doses):
        target, actual = claimed[f"culture/dose {dose + 1}"]
        exact = Fraction(top) / fold**dose
        assert abs(target - exact) <= exact / 1000  # four figures are printed
        assert abs(actual - exact) <= exact / 50
        tube, _ = claimed[f"working/dose {dose + 1}"]
        assert abs(tube - 2 * exact) <= exact / 500
