"""Three questions, three names: a run is moved by what a person gave and by nothing else, a seal by figures and words, a build by the engine."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from benchsheet import __version__, library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab import parse_profile
from benchsheet.record import identity
from tests.conftest import any_values
from tests.test_digest import CLOSE, PROFILES, SAME, SOURCES, START, VALUES, changed, typed
from tests.test_told import LAB, SPEC
from tests.test_told import source as told_source

SRB = library.load_source("srb")
PROTOCOLS = library.protocol_ids()
WORDS = (("Label each plate", "Mark each plate"), ('{% step "Seed"', '{# a remark #}\n{% step "Seed"'))


def run_of(given, lab=None, start="", source=SRB):
    return render(source, given, lab, start, sealed=False)["identity"]["run"]


# --- the run ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOURCES)
def test_no_text_of_a_protocol_moves_a_run(name):
    text = SRB.files.get(name) or SRB.shared_files[name]
    remark = {"j2": "{# x #}\n", "bib": "% x\n"}.get(name.rpartition(".")[2], "# x\n")
    assert run_of({"plates": "4"}, source=changed(name, text + remark)) == run_of({"plates": "4"})


DEFAULTS = [
    ("6 if doses <= 8 else 5", "5 if doses <= 8 else 4", {}),
    ("6 if doses <= 8 else 5", "5 if doses <= 8 else 4", {"replicates": "6"}),
    ("6 if doses <= 8 else 5", "5 if doses <= 8 else 4", {"replicates": "5"}),
    ("1.0.0", "2.0.0", {"plates": "4"}),
]


@pytest.mark.parametrize(("old", "new", "given"), DEFAULTS)
def test_another_default_or_version_moves_no_run(old, new, given):
    text = SRB.files["protocol.yml"]
    assert text.count(old) >= 1
    other = changed("protocol.yml", text.replace(old, new))
    assert render(other, given)["identity"]["inputs"] != render(SRB, given)["identity"]["inputs"]
    assert run_of(given, source=other) == run_of(given)


def test_a_choice_that_a_table_spells_otherwise_is_the_same_choice():
    other = changed("cell_lines.yml", SRB.shared_files["cell_lines.yml"].replace("MCF7", "Mcf7"))
    assert run_of({"cell_line": "MCF7"}, source=other) == run_of({"cell_line": "MCF7"})


@pytest.mark.parametrize("text", PROFILES)
def test_no_lab_moves_a_run(text):
    assert run_of({}, parse_profile(text + "\n", "lab.yml"), START) == run_of({}, None, START)


def test_no_engine_moves_a_run(monkeypatch):
    usual = render(SRB, {})
    monkeypatch.setattr(identity, "engine_digest", lambda: "another engine")
    other = render(SRB, {})
    assert other["identity"]["run"] == usual["identity"]["run"]
    assert other["identity"]["engine"]["build"] != usual["identity"]["engine"]["build"]
    assert other["seal"] == usual["seal"]


@pytest.mark.parametrize("name", VALUES)
def test_each_value_that_is_given_moves_the_run(name):
    base, text = VALUES[name]
    given = {**base, name: text}
    assert len({run_of(given), run_of(base), run_of({})}) == (3 if base else 2)


@pytest.mark.parametrize(("name", "one", "other"), CLOSE)
def test_two_values_that_print_alike_are_two_runs(name, one, other):
    assert run_of({name: one}) != run_of({name: other})


def test_a_default_that_is_given_and_one_that_is_not_are_two_runs():
    assert run_of({"plates": "1"}) != run_of({})


ALIKE = [
    ("medium", "113 uL", "0.113 mL", "113 µL/well", " 113uL "),
    ("exposure", "96 h", "4 days", "5760 min"),
    ("plates", "4", "04"),
    ("top_dose", "2 uM", "2000 nM", "0.002 mM"),
    ("cell_line", "MCF7", "mcf7"),
    ("doubling", "20 h; 30 h", "20; 30 h"),
    ("compounds", "a,b", " a , b "),
    ("have", "1 mM: 60 uL", "1000 uM: 0.06 mL"),
    ("counted", "1200000 cells/mL", "1.2e6 cells/mL"),
]


@pytest.mark.parametrize("texts", ALIKE, ids=lambda texts: texts[0])
def test_one_value_however_it_is_typed_is_one_run(texts):
    name, *ways = texts
    assert len({run_of({name: text}) for text in ways}) == 1


@pytest.mark.parametrize("given", SAME, ids=str)
def test_the_command_on_a_sheet_is_for_the_same_run(given):
    record = render(SRB, given, sealed=False)
    assert run_of(typed(record["invocation"]["command"])) == record["identity"]["run"]


def test_runs_of_random_values_are_one_exactly_where_the_values_are():
    """As they stand in the command, which is what was given in one way of typing it."""
    made: dict[str, set[str]] = {}
    rng = random.Random(7)  # noqa: S311 - the same values in every run
    for _ in range(60):
        given = any_values(rng)
        try:
            record = render(SRB, dict(rng.sample(list(given.items()), len(given))), sealed=False)
        except ProtocolError:
            continue
        made.setdefault(record["identity"]["run"], set()).add(record["invocation"]["command"])
    assert len(made) > 12
    assert {len(commands) for commands in made.values()} == {1}
    assert len(set(itertools.chain(*made.values()))) == len(made)


def test_what_a_table_tells_of_others_moves_no_run():
    """A lab's freezer has a host for each protein that nobody told of."""
    mouse = parse_profile(LAB, "my-lab.yml")
    one = {lab: render(told_source(), {"host": "AKT: goat"}, lab, sealed=False) for lab in (None, mouse)}
    assert one[None]["parameters"]["host"]["text"] != one[mouse]["parameters"]["host"]["text"]
    assert one[None]["identity"]["run"] == one[mouse]["identity"]["run"]
    assert one[None]["invocation"]["command"] + " --lab my-lab.yml" == one[mouse]["invocation"]["command"]
    swapped = told_source(SPEC.replace('default: "FAK,AKT"', 'default: "AKT,FAK"'))
    both = {"host": "AKT: goat; FAK: rat"}
    assert run_of(both, source=swapped) == run_of(both, source=told_source()) != run_of({"host": "AKT: goat"}, source=swapped)


def test_a_run_is_of_a_day_whatever_the_hour_and_the_zone():
    vienna, tokyo = parse_profile("zone: Europe/Vienna\n", "lab.yml"), parse_profile("zone: Asia/Tokyo\n", "lab.yml")
    starts = [(lab, hour) for lab in (None, vienna, tokyo) for hour in ("09:00", "10:30")]
    days = [{run_of({}, lab, f"{day}T{hour}") for lab, hour in starts} for day in ("2026-11-23", "2026-11-26")]
    assert [len(each) for each in days] == [1, 1]
    assert len(days[0] | days[1] | {run_of({})}) == 3


def test_two_protocols_have_no_run_in_common():
    assert len({run_of({}, source=library.load_source(name)) for name in PROTOCOLS}) == len(PROTOCOLS)


# --- the seal ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["protocol.yml", "protocol.md.j2", "hazards.yml"])
def test_a_remark_in_a_source_moves_its_lines_and_no_seal(name):
    text = SRB.files.get(name) or SRB.shared_files[name]
    other = render(changed(name, ("{# x #}\n" if name.endswith("j2") else "# x\n") + text), {"plates": "4"})
    usual = render(SRB, {"plates": "4"})
    assert other["seal"] == usual["seal"]
    assert other["identity"]["inputs"] != usual["identity"]["inputs"]
    if name == "protocol.md.j2":
        assert other["steps"][0]["location"]["line"] == usual["steps"][0]["location"]["line"] + 1


def told_by(record):
    """Return what a record says, without who made it and the lines that it came from."""

    def placeless(part):
        return {key: value for key, value in part.items() if key != "place"}

    steps = [placeless(step) | {"operations": [placeless(each) for each in step["operations"]]} for step in record["steps"]]
    return {key: value for key, value in record.items() if key not in ("seal", "identity", "digest", "engine")} | {"steps": steps}


def test_seals_are_equal_exactly_where_all_that_is_told_is():
    made = [render(SRB, {}, parse_profile(text + "\n", "lab.yml") if text else None) for text in ("", *PROFILES)]
    made += [render(changed("protocol.md.j2", SRB.files["protocol.md.j2"].replace(*words)), {"plates": "4"}) for words in WORDS]
    equal = [one["seal"] == other["seal"] for one, other in itertools.combinations(made, 2)]
    assert equal == [told_by(one) == told_by(other) for one, other in itertools.combinations(made, 2)]
    assert 0 < sum(equal) < len(equal)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_identity_of_every_protocol_is_of_sixteen_digits(name):
    record = render(library.load_source(name), {}, sealed=False)
    found = record["identity"]
    names = [found["run"], found["inputs"], found["engine"]["build"]]
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in names)
    assert len(set(names)) == 3
    assert found["engine"]["version"] == __version__
    assert identity.engine_digest().startswith(found["engine"]["build"])
