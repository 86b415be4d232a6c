"""Whose mistake it is: what an author wrote is told at its line, and a fault of benchsheet itself is never told as the author's."""

from __future__ import annotations

import inspect

import pytest

from benchsheet import cli
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.protocol.source import Source
from benchsheet.run import bench
from benchsheet.run.verbs import VERBS
from benchsheet.units import quantity
from tests.records import sample

PROTOCOL = """
title: Toy
version: 1.0.0
parameters:
  tubes: {count: tube, default: 2, min: 1, max: 200}
  dose: {kind: concentration, default: 10 uM, min: 1 nM, max: 1 mM}
reagents:
  water: {name: water}
  drug: {name: drug, contains: {drug: 10 mM}}
vessels:
  tubes: {holds: 2 mL, place: tube, count: tubes}
  working: {holds: 2 mL, place: tube, count: tubes}
"""
STEP = '{{% step "A", hands_on="1 min" %}}\n{{{{ {} }}}}\n{{% endstep %}}'
RIGHT = {
    "reagent": '"drug"',
    "amount": '"10 uL/tube"',
    "add": '"10 uL/tube"',
    "top": "dose",
    "diluent": '"water"',
    "with_": '"water"',
    "into": '"working"',
    "name": '"mixture"',
    "parts": '{"water": "1 part"}',
    "component": '"drug"',
    "values": "none",
    "mass": '"10 ug"',
    "per": '"10 uL"',
    "fill": '"water"',
}
OTHERS = [
    '"tubes"',
    '"2"',
    "5",
    "0",
    "-1",
    "1.5",
    "true",
    '""',
    '"10 uL"',
    "[1, 2]",
    '["a"]',
    '{"a": 1}',
    "none",
    "dose",
    "range",
    "[none]",
    "10 ** 30",
]


def toy(line):
    return Source(id="toy", folder="protocols/toy", files={"protocol.yml": PROTOCOL, "protocol.md.j2": STEP.format(line)}, shared_files={})


def calls():
    """Return each verb called with each of its words in turn as something else: all of OTHERS are tried on a verb."""
    for name, verb in VERBS.items():
        words = list(inspect.signature(verb).parameters.values())[1:]
        needed = {word.name: RIGHT.get(word.name, '"tubes"') for word in words if word.default is word.empty and word.kind is not word.VAR_POSITIONAL}
        for place, word in enumerate(words):
            every = max(1, 3 // sample(1))  # a third for each word, another third for the next
            for other in OTHERS if len(words) < every else OTHERS[place % every :: every]:
                named = "" if word.kind is word.VAR_POSITIONAL else ", ".join(f"{key}={text}" for key, text in (needed | {word.name: other}).items())
                yield f"{name}({named or other})"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_called_with_anything_works_or_is_refused_at_its_line(verb):
    tried = 0
    for call in calls():
        if call.startswith(f"{verb}("):
            tried += 1
            try:
                render(toy(call), {})
            except ProtocolError as error:
                assert str(error).startswith("protocols/toy/protocol."), call  # noqa: PT017 - either is right
    assert tried >= len(OTHERS)


def test_a_value_of_the_wrong_kind_is_named_with_the_kind_that_fits():
    with pytest.raises(ProtocolError) as caught:
        render(toy('level("10 ug", of="tubes", per="10 uL", fill="water", into=dose)'), {})
    assert str(caught.value).startswith("protocols/toy/protocol.md.j2:2: level(...) takes a text as 'into', not a quantity")


PLANTED = {  # a module, a name in it, and how it fails there
    "a verb's bench": (bench.Bench, "volume_each", AttributeError("'Bench' object has no attribute 'no_such_thing'")),
    "an index": (bench.Bench, "pour", IndexError("list index out of range")),
    "a key": (bench.Bench, "set_volume", KeyError("tubes")),
    "a division": (bench.Bench, "set_volume", ZeroDivisionError("division by zero")),
    "a kind": (bench.Bench, "find_groups", TypeError("unsupported operand")),
    "a value": (bench.Bench, "find_reagent", ValueError("not enough values to unpack")),
    "an overflow": (bench.Bench, "volume_each", OverflowError("too large")),
    "a deep recursion": (bench.Bench, "volume_each", RecursionError("maximum recursion depth exceeded")),
    "a quantity": (quantity.Quantity, "__str__", AttributeError("no attribute 'digits'")),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_fault_within_a_verb_keeps_its_own_kind_and_stack(planted, monkeypatch):
    owner, name, fault = PLANTED[planted]

    def fail(*_args, **_kwargs):
        raise fault

    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(type(fault)) as caught:
        render(toy('add("drug", "10 uL/tube", to="tubes")') if owner is bench.Bench else toy("q(dose)"), {})
    assert caught.traceback[-1].name == "fail"


def test_the_command_line_tells_a_fault_as_one_of_benchsheet(monkeypatch, capsys):
    def fail(*_args, **_kwargs):
        raise LookupError("no such place")

    monkeypatch.setattr(bench.Bench, "volume_each", fail)
    monkeypatch.delenv("BENCHSHEET_DEBUG", raising=False)
    assert cli.main(["render", "srb"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("benchsheet: this is a fault of benchsheet itself, not of a protocol or a value: LookupError: no such place\n")
    assert "BENCHSHEET_DEBUG=1" in told
    assert "Traceback" not in told
    monkeypatch.setenv("BENCHSHEET_DEBUG", "1")
    assert cli.main(["render", "srb"]) == 3
    told = capsys.readouterr().err
    assert told.startswith("Traceback")
    assert "in fail" in told


def test_a_mistake_of_an_author_stays_one():
    for line, words in {
        "1 / 0": "division by zero",
        '"a" + 1': "protocol.md.j2:2",
        "-dose": "nothing here is below zero",
        "dose < 3": "protocol.md.j2:2",
    }.items():
        with pytest.raises(ProtocolError, match=words):
            render(toy(line), {})
