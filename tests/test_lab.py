"""What a lab can set, how much spare it makes, and what is said to a profile that cannot be understood."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchsheet.errors import ProtocolError
from benchsheet.expressions.evaluate import evaluate
from benchsheet.lab import OverageRule, default_lab, parse_profile, round_up_two_figures
from benchsheet.lab.overage import with_overage
from benchsheet.lab.pipettes import Instrument, find_setting
from benchsheet.units.base_units import NanoLitres

# Volumes are whole nanolitres and masses whole nanograms.
UL, ML, L = 1_000, 1_000_000, 1_000_000_000
MG, G = 1_000_000, 1_000_000_000
SOME = OverageRule(percent=Fraction(10))


def nl(microlitres: str) -> Fraction:
    return Fraction(microlitres) * UL


# What is asked in µL, what is set, and on which pipette; half a step is rounded up.
SETTINGS = [
    ("0.2", "0.2", "P2"),  # the least
    ("0.204", "0.2", "P2"),  # steps of 0.01
    ("0.205", "0.21", "P2"),
    ("1.9949", "1.99", "P2"),
    ("2", "2", "P2"),
    ("2.001", "2", "P20"),  # more than 2, so the next one, in steps of 0.02
    ("3.0099", "3", "P20"),
    ("3.01", "3.02", "P20"),
    ("16.6667", "16.66", "P20"),
    ("20", "20", "P20"),
    ("20.05", "20.1", "P200"),  # steps of 0.1
    ("62.749", "62.7", "P200"),
    ("62.75", "62.8", "P200"),
    ("200", "200", "P200"),
    ("200.4", "200", "P1000"),  # steps of 1
    ("250.5", "251", "P1000"),
    ("1000", "1000", "P1000"),
    ("1500", "1500", "P1000"),  # 2 x 750
    ("4999", "5000", "P1000"),  # 5 x 999.8 is 5 x 1000
    ("5000", "5000", "serological pipette"),  # at once, and not 5 x 1000
    ("5001", "5000", "serological pipette"),  # steps of 0.1 mL
    ("7349", "7300", "serological pipette"),
    ("7350", "7400", "serological pipette"),
    ("50000", "50000", "serological pipette"),
    ("62499", "62000", "cylinder"),  # steps of 1 mL
    ("62500", "63000", "cylinder"),
    ("2500000", "2500000", "cylinder"),  # 3 times
]


@pytest.mark.parametrize(("asked", "got", "device"), SETTINGS)
def test_a_volume_is_set_to_the_nearest_step_of_the_pipette_that_comes_closest(asked, got, device):
    done = default_lab().set_volume(nl(asked))
    assert done.amount == nl(got)
    assert done.instrument.name == device


# Where one stroke does not reach: all strokes are alike and can be set, and the sum is as near as they allow.
@given(st.integers(1_000_001, 4_999_999))
def test_strokes_of_one_volume_are_equal_and_each_can_be_set(asked):
    done = default_lab().set_volume(asked)
    each, rest = divmod(done.amount, done.strokes)
    assert (rest, each % UL, done.instrument.name) == (0, 0, "P1000")
    assert 2 <= done.strokes <= 5
    assert 200 * UL <= each <= 1000 * UL
    assert 2 * abs(done.amount - asked) <= done.strokes * UL


@given(st.integers(200, 1_000_000))
def test_one_stroke_is_off_by_half_a_step_at_most(asked):
    reach = [(2 * UL, 10), (20 * UL, 20), (200 * UL, 100), (1000 * UL, 1000)]  # largest volume and step of P2, P20, P200, P1000
    step = next(step for most, step in reach if asked <= most)
    lower = asked // step * step
    nearest = lower if 2 * (asked - lower) < step else lower + step
    assert default_lab().set_volume(asked).amount == nearest


@given(st.integers(200, 1000), st.integers(1, 1000))
def test_what_can_be_set_is_set_as_it_is(step_count, times):
    volume = min(step_count * times, 1000) * UL
    assert default_lab().set_volume(volume).amount == volume


@st.composite
def pipettes(draw: st.DrawFn) -> tuple[Instrument, ...]:
    """Return one to three pipettes, each reaching further than the one before; their ends need not be whole steps."""
    made, begin = [], 1
    for name in "abc"[: draw(st.integers(1, 3))]:
        least = begin + draw(st.integers(0, 20))
        step = draw(st.integers(1, least))
        pipette = Instrument(name=name, least=least, most=least + draw(st.integers(1, 200)), step=step, strokes=draw(st.integers(1, 4)))
        made.append(pipette)
        begin = pipette.reach + 1
    return tuple(made)


def gives(pipette: Instrument, volume: int, strokes: int) -> bool:
    """Return whether *volume* is so many equal strokes of whole steps, none above what the pipette takes."""
    each, rest = divmod(volume, strokes)
    return not rest and each % pipette.step == 0 and each <= pipette.most


@given(pipettes(), st.integers(1, 1500), st.integers(1, 3))
def test_a_volume_that_has_to_be_enough_is_the_next_one_that_its_pipette_gives(devices, numerator, denominator):
    asked = Fraction(numerator, denominator)
    try:
        done = find_setting(asked, devices, "volume", up=True)
    except ProtocolError:
        assume(False)
    pipette, strokes = done.instrument, done.strokes
    assert done.amount >= asked
    assert gives(pipette, done.amount, strokes)
    assert find_setting(done.amount, devices, "volume").amount == done.amount  # set as it is by everything else
    assert not [volume for volume in range(math.ceil(asked), done.amount) if gives(pipette, volume, strokes)]


@given(pipettes(), pipettes(), st.integers(1, 1500))
def test_a_pipette_more_makes_no_volume_worse(devices, others, asked):
    """What one of them gives, both sets give as near or nearer, and in no more strokes where it is as near; what is set is set again as it is."""
    both = tuple(sorted((*devices, *others), key=lambda device: device.reach))
    try:
        alone = find_setting(asked, devices, "volume", least=devices[0].least)
    except ProtocolError:
        assume(False)
    done = find_setting(asked, both, "volume")
    assert (done.is_short, abs(done.amount - asked), done.strokes) <= (alone.is_short, abs(alone.amount - asked), alone.strokes)
    assert done.instrument.least <= asked <= done.instrument.reach
    if not done.is_short:
        assert find_setting(done.amount, both, "volume").amount == done.amount


# 23 µL on a P200 in steps of 5 µL are 25; a P300 in steps of 0.5 µL gives them. 250 µL are 2 x 125 on it, and one stroke of a P300.
@pytest.mark.parametrize(
    ("step", "strokes", "asked", "set_as"),
    [
        ("5", 1, "23", ("P300", 1)),
        ("0.1", 1, "23.1", ("P200", 1)),
        ("0.1", 2, "250", ("P300", 1)),
        ("0.1", 1, "19", ("P200", 1)),
        ("0.1", 3, "300", ("P300", 1)),
    ],
)
def test_a_p300_beside_a_p200_is_taken_where_it_is_better(step, strokes, asked, set_as):
    p200 = Instrument(name="P200", least=15 * UL, most=200 * UL, step=int(nl(step)), strokes=strokes)
    p300 = Instrument(name="P300", least=20 * UL, most=300 * UL, step=500)
    done = find_setting(nl(asked), (p200, p300), "volume")
    assert (done.amount, done.instrument.name, done.strokes) == (nl(asked), *set_as)


@given(pipettes())
def test_no_stroke_is_set_beyond_the_end_of_its_pipette(devices):
    """A pipette from 4 to 10 in steps of 4 gives 4 and 8: 10 is not a step of it, and 12 is beyond its end."""
    for pipette in devices:
        try:
            done = find_setting(pipette.reach, devices, "volume")
        except ProtocolError:
            continue
        assert gives(done.instrument, done.amount, done.strokes)


@pytest.mark.parametrize(
    ("asked", "got"),
    [("2.001", "2.02"), ("27.77", "27.8"), ("199.91", "200"), ("799.4", "800"), ("799", "799"), ("1501", "1502"), ("1503", "1503"), ("5001", "5100")],
)
def test_a_volume_that_has_to_be_enough_goes_to_the_next_step(asked, got):
    """1501 are two strokes of 751; 1503 are three of 501, and exact."""
    assert default_lab().settle_up(nl(asked)).amount == nl(got)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("0", "0 µL cannot be pipetted: the least is 0.2 µL"),
        ("0.1999", "0.1999 µL cannot be pipetted: the least is 0.2 µL"),
    ],
)
def test_too_little_is_refused_and_not_rounded_up(asked, says):
    with pytest.raises(ProtocolError) as caught:
        default_lab().set_volume(nl(asked))
    assert str(caught.value).startswith(f"{says}\n  hint: make more, or go through an intermediate dilution")


def test_too_much_is_refused():
    assert default_lab().set_volume(100 * L).amount == 100 * L  # 100 times a cylinder of 1 L
    with pytest.raises(ProtocolError) as caught:
        default_lab().set_volume(100 * L + 1 * ML)
    assert str(caught.value) == "100.001 L is more than this lab can measure\n  hint: make it in portions, or add a larger device to the lab profile"


def test_a_volume_between_two_pipettes_is_refused():
    lab = parse_profile(
        "pipettes:\n- {name: P2, from: 0.2 uL, to: 2 uL, step: 0.01 uL}\n- {name: P200, from: 20 uL, to: 200 uL, step: 0.1 uL}\n", "my-lab.yml"
    )
    assert lab.set_volume(nl("1.5")).instrument.name == "P2"
    assert lab.set_volume(nl("20")).instrument.name == "P200"
    with pytest.raises(ProtocolError) as caught:
        lab.set_volume(nl("5"))
    assert str(caught.value) == (
        "5 µL cannot be pipetted: the P2 reaches 2 µL, and the P200 begins at 20 µL\n  hint: add a pipette from 5 µL to the lab profile"
    )


def test_a_mass_is_set_as_the_balance_shows_it():
    lab = default_lab()
    assert lab.weigh(1 * MG).amount == 1 * MG
    assert lab.weigh(Fraction("12.34") * MG).amount == Fraction("12.3") * MG  # to 0.1 mg
    assert lab.weigh(Fraction("12.35") * MG).amount == Fraction("12.4") * MG
    assert lab.weigh(Fraction("1.004") * G).amount == 1 * G  # above 1 g to 0.01 g
    assert lab.weigh(Fraction("1.005") * G).amount == Fraction("1.01") * G
    with pytest.raises(ProtocolError) as caught:
        lab.weigh(Fraction("0.9") * MG)
    assert str(caught.value).startswith("900 µg cannot be weighed: the least is 1 mg\n")


# 16 wells of 100 µL are 1.6 mL: 10 % are 160 µL, 2 places are 200 µL, 5 places 500 µL.
SPARES = {
    "percent": (OverageRule(percent=Fraction(10), places=1, volume=NanoLitres(150 * UL)), 1_800 * UL, "10 %"),  # 1.76 up to 1.8
    "places": (OverageRule(percent=Fraction(10), places=2, volume=NanoLitres(150 * UL)), 1_800 * UL, "2 more places"),
    "one place": (OverageRule(percent=Fraction(5), places=1), 1_700 * UL, "1 more place"),
    "volume": (OverageRule(percent=Fraction(10), places=2, volume=NanoLitres(300 * UL)), 1_900 * UL, "300 µL"),
    "least": (OverageRule(percent=Fraction(10), places=5, least=NanoLitres(5 * ML)), 5_000 * UL, "at least 5 mL"),
    "least, if that is less": (OverageRule(percent=Fraction(10), places=5, least=NanoLitres(2 * ML)), 2_100 * UL, "5 more places"),
    "a fraction of a percent": (OverageRule(percent=Fraction("12.5")), 1_800 * UL, "12.5 %"),
}


@pytest.mark.parametrize("largest", SPARES)
def test_the_largest_rule_of_spare_holds_and_is_said(largest):
    rule, ready, words = SPARES[largest]
    done = with_overage(1600 * UL, rule, volume_each=100 * UL)
    assert (done.amount, done.reason.text) == (ready, words)


# 1.6 mL and 10 % are 1.76 mL; a reservoir keeps 2 mL, a tube 2 µL, what is poured nothing.
@pytest.mark.parametrize(
    ("vessel", "ready", "words"),
    [
        ("reservoir", 3_800 * UL, "10 % + 2 mL in the reservoir"),
        ("tube", 1_800 * UL, "10 % + 2 µL in the tube"),
        ("poured", 1_800 * UL, "10 %"),
    ],
)
def test_what_stays_in_a_vessel_comes_on_top(vessel, ready, words):
    done = default_lab().with_overage(1600 * UL, vessel)
    assert (done.amount, done.reason.text) == (ready, words)


def test_dead_volume_is_added_before_rounding_up():
    assert with_overage(1000 * UL, SOME, dead=2 * UL).amount == 1200 * UL  # 1.102 mL
    assert with_overage(1000 * UL, SOME).amount == 1100 * UL


def test_no_spare_still_fills_what_a_vessel_keeps():
    assert with_overage(1600 * UL, OverageRule(), dead=2 * ML, vessel="reservoir").amount == 3600 * UL


@given(st.integers(1, 10**12), st.fractions(0, 100), st.integers(0, 50), st.integers(0, 10**9), st.integers(0, 10**7))
def test_there_is_never_less_than_any_rule_asks(used, percent, places, volume, dead):
    done = with_overage(used, OverageRule(percent=percent, places=places, volume=volume), dead, "tube", volume_each=50 * UL)
    for asked in (used * percent / 100, places * 50 * UL, volume):
        assert done.amount >= used + asked + dead


def test_two_figures_up_is_right_for_every_number_to_10000():
    for n in range(1, 10_001):
        step = 1 if n < 100 else 10 if n < 1_000 else 100 if n < 10_000 else 1_000
        assert round_up_two_figures(n) == (n + step - 1) // step * step, n


def test_two_figures_up_rounds_a_fraction_up_first():
    assert round_up_two_figures(Fraction(62_720, 1)) == 63_000
    assert round_up_two_figures(Fraction(199, 2)) == 100
    assert round_up_two_figures(Fraction(1001, 10)) == 110  # 100.1 is more than 100


def test_ten_percent_more_rounded_up_is_right_for_every_number_to_10000():
    for n in range(1, 10_001):
        assert evaluate("ceil(n * 1.1)", {"n": Fraction(n)}) == (11 * n + 9) // 10, n


# A tenth of it stays free, so that it can be mixed: 1.35 mL in a tube of 1.5 mL.
@pytest.mark.parametrize(
    ("volume", "name"),
    [
        (1, "1.5 mL tube"),
        (1350 * UL, "1.5 mL tube"),
        (1350 * UL + 1, "15 mL tube"),
        (45 * ML, "50 mL tube"),
        (46 * ML, "100 mL bottle"),
        (45 * L, "50 L carboy"),
    ],
)
def test_the_smallest_container_that_holds_it_with_room_to_mix_is_taken(volume, name):
    assert default_lab().find_container(volume)[0] == name


def test_nothing_holds_more_than_the_largest_container():
    with pytest.raises(ProtocolError) as caught:
        default_lab().find_container(45 * L + 1 * ML)
    assert str(caught.value) == "nothing in this lab holds 45.001 L with room to mix\n  hint: add a larger container to the lab profile"


def test_a_plate_has_as_many_wells_as_its_name_says():
    plates = {name: plate for name, plate in default_lab().labware.items() if plate.position == "well"}
    assert {name: len(plate.all_wells()) for name, plate in plates.items()} == {f"plate-{wells}": wells for wells in (96, 48, 24, 12, 6)}
    assert {name: plate.last_well for name, plate in plates.items()} == {
        "plate-96": "H12", "plate-48": "F8", "plate-24": "D6", "plate-12": "C4", "plate-6": "B3",
    }  # fmt: skip


def test_a_region_goes_column_by_column():
    plate = default_lab().labware["plate-96"]
    assert list(plate.wells_in("B2:C3, a1")) == ["B2", "C2", "B3", "C3", "A1"]
    assert len(plate.wells_in("B2:G11")) == 60


def test_a_partial_profile_keeps_the_rest():
    usual, lab = default_lab(), parse_profile("trust: 0.5 uL\noverage: {volume: 1 mL}\ndead: {tube: 5 uL}\n", "my-lab.yml")
    assert (lab.trust, usual.trust) == (500, 1000)
    assert lab.overage == OverageRule(percent=Fraction(10), volume=NanoLitres(1 * ML))
    assert lab.dead == {"reservoir": 2 * ML, "tube": 5 * UL, "poured": 0}
    for same in ("name", "pipettes", "balances", "least", "tolerance", "containers", "labware", "zone"):
        assert getattr(lab, same) == getattr(usual, same), same


def test_an_empty_profile_is_the_default_lab():
    assert parse_profile("", "my-lab.yml").to_text() == default_lab().to_text()
    assert parse_profile("name: another word for it\n", "my-lab.yml").to_text() == default_lab().to_text()
    assert parse_profile("least: 0.3 uL\n", "my-lab.yml").to_text() != default_lab().to_text()


def test_labware_of_a_profile_is_added_and_replaces_its_namesake():
    text = "labware:\n  plate-96: {rows: 8, columns: 12, working: [50 uL, 150 uL], fixing: 200 uL, brim: 300 uL}\n"
    text += "  plate-384: {name: 384-well plate, rows: 16, columns: 24, working: [20 uL, 80 uL], fixing: 90 uL, brim: 110 uL}\n"
    lab = parse_profile(text, "my-lab.yml")
    assert lab.labware["plate-96"].capacity == 300 * UL
    assert lab.labware["plate-384"].last_well == "P24"
    assert lab.labware["plate-6"] == default_lab().labware["plate-6"]


def test_pipettes_are_taken_in_the_order_of_their_reach_and_a_multichannel_sets_no_single_volume():
    text = """\
pipettes:
  - {name: large, from: 20 uL, to: 200 uL, step: 1 uL}
  - {name: eight, from: 1 uL, to: 10 uL, step: 0.1 uL, channels: 8}
  - {name: small, from: 0.5 uL, to: 20 uL, step: 0.5 uL}
"""
    lab = parse_profile(text, "my-lab.yml")
    assert [lab.set_volume(nl(volume)).instrument.name for volume in ("5", "20", "21")] == ["small", "small", "large"]


def told(text: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        parse_profile(text, "my-lab.yml")
    return str(caught.value)


def test_all_mistakes_of_a_profile_are_told_at_once_in_the_order_of_their_lines():
    text = """\
nme: my lab
trust: 1 min
least: 5
overage: {percnt: 10 %}
pipettes:
  - {name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}
  - {name: P200, from: 200 uL, to: 20 uL, step: 0.1 uL}
  - {name: P1000, form: 200 uL, from: 200 uL, to: 1 mL, step: 1 uL}
containers: {jar: 1 kg}
labware:
  plate-9: {rows: 3, columns: 3, working: [1 mL, 3 mL], fixing: 2 mL, brim: 4 mL}
zone: Vienna
"""
    assert told(text) == (
        "my-lab.yml:1: a lab profile has no 'nme'\n  hint: did you mean 'name'?\n"
        "my-lab.yml:2: expected a volume, got '1 min' (time)\n  hint: volume units: uL, mL, L\n"
        "my-lab.yml:3: '5' has no unit\n  hint: write a number, a space and a unit, like '50 uL'\n"
        "my-lab.yml:4: overage has no 'percnt'\n  hint: did you mean 'percent'?\n"
        "my-lab.yml:7: 'P200': step, from and to do not rise\n  hint: the step is at most 'from', and 'from' is below 'to'\n"
        "my-lab.yml:8: a pipette has no 'form'\n  hint: did you mean 'from'?\n"
        "my-lab.yml:9: expected a volume, got '1 kg' (mass)\n  hint: volume units: uL, mL, L\n"
        "my-lab.yml:11: 'plate-9': working, fixing and brim do not rise\n"
        "  hint: e.g. working: [75 uL, 200 uL], fixing: 300 uL, brim: 360 uL; got 4 mL at the brim\n"
        "my-lab.yml:12: unknown time zone 'Vienna'\n  hint: write it like 'Europe/Vienna', or leave it empty"
    )


PROFILES = {
    "trust: 1,5 uL": "'1,5 uL': a comma is a decimal sign to some and a thousands mark to others\n  hint: write 0.5 or 1000",
    "trust: -1 uL": "'-1 uL' is below zero: there is no such volume\n  hint: leave the minus sign out",
    "trust:": "'' is empty: a quantity is a number and a unit\n  hint: write it like '50 uL'",
    "least: 5 uL": "least (5 µL) is above trust (1 µL)\n  hint: below 'least' nothing is pipetted; 'trust' is above it",
    "tolerance: 2": "'2' has no unit\n  hint: write a number, a space and a unit, like '50 uL'",
    "tolerance: 2 uL": "expected a fraction, got '2 uL' (volume)\n  hint: fraction units: %",
    "tolerance: 200 %": "tolerance '200 %' is not below 100 %\n  hint: 2 % is usual",
    "overage: 10 %": "'overage' is a mapping, not a text\n  hint: write overage: {name: value}",
    "overage: {places: two}": "places 'two' is not a whole number from 1 to 1000\n  hint: write it in digits",
    "dead: {resrvoir: 1 mL}": "dead has no 'resrvoir'\n  hint: did you mean 'reservoir'?",
    "pipettes: []": "'pipettes' is a list\n  hint: write - {name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}",
    "pipettes: [P20]": "'P20' is not a pipette\n  hint: write {name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL}",
    "pipettes: [{name: P20, from: 2 uL, to: 20 uL}]": "a pipette needs a 'step'\n  hint: add a line 'step: ...'",
    "pipettes: [{name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL, strokes: 0}]": (
        "strokes '0' is not a whole number from 1 to 1000\n  hint: write it in digits"
    ),
    "pipettes: [{name: P20, from: 2 uL, to: 20 uL, step: 0.02 uL, channels: 8}]": ("no pipette with one channel\n  hint: add one with 'channels: 1'"),
    "balances: [{name: scale, from: 1 uL, to: 5 mg, step: 1 mg}]": "expected a mass, got '1 uL' (volume)\n  hint: mass units: ng, ug, mg, g",
    "labware: {plate-9: {rows: 3, columns: 3, working: 75 uL, fixing: 300 uL, brim: 360 uL}}": (
        "'working' is two volumes\n  hint: write working: [75 uL, 200 uL]"
    ),
    "zone: Vienna": "unknown time zone 'Vienna'\n  hint: write it like 'Europe/Vienna', or leave it empty",
    "zone: ../../etc/passwd": "unknown time zone '../../etc/passwd'\n  hint: write it like 'Europe/Vienna', or leave it empty",
}


@pytest.mark.parametrize("text", PROFILES)
def test_a_profile_tells(text):
    assert told(f"{text}\n") == f"my-lab.yml:1: {PROFILES[text]}"


def test_all_that_a_pipette_lacks_is_told():
    lacks = [f"my-lab.yml:1: a pipette needs a {word!r}\n  hint: add a line '{word}: ...'" for word in ("from", "to", "step")]
    assert told("pipettes: [{name: P20}]\n") == "\n".join(lacks)


def test_two_lines_that_set_the_same_are_told():
    assert told("trust: 1 uL\ntrust: 2 uL\n") == "my-lab.yml:2: 'trust' is written twice\n  hint: the first is in line 1"
