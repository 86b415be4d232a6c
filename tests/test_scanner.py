"""One scanner for ``render`` and ``calc``: each fault in the form of a command line, told alike by both, and all of them at once."""

from __future__ import annotations

import pytest

from benchsheet import library
from benchsheet.cli.scanner import CommandOption, scan_words
from benchsheet.engine import load_protocol
from benchsheet.errors import Collector, ProtocolError
from benchsheet.run.inputs import check_declared

# A command with an option that takes a value, one that takes none, and one that it has not.
COMMANDS = {
    "render": (("render", "srb"), "--plates", "4", "--force"),
    "calc": (("calc", "gel"), "--volume", "10 mL", "--json"),
}
OPTIONS = (
    CommandOption(name="size", metavar="N", short="-s"), CommandOption(name="loud"), CommandOption(name="strip", metavar="yes|no", is_yes_no=True),
    CommandOption(name="part", metavar="NAME", repeats=True),
)  # fmt: skip


def scan(*argv: str, **settings):
    mistakes = Collector()
    values = scan_words(argv, OPTIONS, "benchsheet try", mistakes, **settings)
    return values, [str(mistake) for mistake in mistakes.errors]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_faults_of_form_are_told_alike_by_every_command(cli, command):
    words, option, value, switch = COMMANDS[command]
    answer = cli(*words, option, value, option, "5 mL", f"{switch}=yes", "stray", "-x", option)
    assert (answer.code, answer.out) == (2, "")
    told = set(answer.err.splitlines())
    assert {
        f"{option}: '5 mL' is the second value given, after {value!r}",
        f"{switch}: it takes no value, and 'yes' was given",
        "-x: there is no such option",
        f"{option}: it has no value",
    } <= told
    assert any(line.endswith(": 'stray' belongs to no option") for line in told)


@pytest.mark.parametrize(
    ("argv", "values"),
    [
        ((), {}),
        (("--size", "3", "--loud"), {"size": ["3"], "loud": ["yes"]}),
        (("--size=3",), {"size": ["3"]}),
        (("--size=",), {"size": [""]}),
        (("--size", "a=b"), {"size": ["a=b"]}),
        (("-s", "-3"), {"size": ["-3"]}),
        (("--loud", "--loud"), {"loud": ["yes", "yes"]}),
        (("--strip", "--loud"), {"strip": ["yes"], "loud": ["yes"]}),
        (("--strip", "OFF"), {"strip": ["OFF"]}),
        (("--strip=no",), {"strip": ["no"]}),
        (("--no-strip",), {"strip": ["no"]}),
        (("--part", "a", "--part", "b"), {"part": ["a", "b"]}),
    ],
)
def test_each_word_goes_to_its_option(argv, values):
    assert scan(*argv) == (values, [])


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("3",), "benchsheet try: '3' belongs to no option\n  hint: quote a value that holds spaces, like \"1 mL\""),
        (("--",), "--: '--' belongs to no option\n  hint: quote a value that holds spaces, like \"1 mL\""),
        (("--size",), "--size: it has no value\n  hint: write --size N"),
        (("--size", "-s", "3"), "--size: it has no value\n  hint: write --size N"),
        (("-s", "1", "--size", "2"), "--size: '2' is the second value given, after '1'\n  hint: give the option once"),
        (("--strip", "--no-strip"), "--no-strip: 'no' is the second value given, after 'yes'\n  hint: give the option once"),
        (("--no-strip=yes",), "--no-strip: it takes no value, and 'yes' was given\n  hint: write --no-strip alone"),
        (("--no-loud",), "--no-loud: there is no such option\n  hint: options: -s, --size, --loud, --strip, --part"),
        (("--siez", "3"), "--siez: there is no such option\n  hint: did you mean '--size'?"),
        (("--siez=3",), "--siez: there is no such option\n  hint: did you mean '--size'?"),
        (("-x",), "-x: there is no such option\n  hint: options: -s, --size, --loud, --strip, --part"),
    ],
)
def test_a_fault_is_told_with_the_way_out(argv, message):
    assert scan(*argv)[1] == [message]


def test_an_option_of_somebody_else_takes_a_value_where_it_may():
    assert scan("--top-dose", "3 uM", takes_others=True) == ({"top_dose": ["3 uM"]}, [])
    assert scan("--no-peel", "--loud", takes_others=True) == ({"no_peel": [""], "loud": ["yes"]}, [])  # for the one who knows it to refuse
    assert scan("--top_dose", "3 uM", takes_others=True) == ({}, ["--top_dose: there is no such option\n  hint: write --top-dose"])


def test_the_subject_stands_anywhere_once():
    assert scan("srb", "--size", "srb", subject="srb") == ({"size": ["srb"]}, [])
    assert len(scan("--size", "3", "srb", "srb", subject="srb")[1]) == 1


HOSTS = {name: load_protocol(library.load_source(name)) for name in library.known_ids()}
INNER = [
    (host, inner, name)
    for host, made in HOSTS.items()
    for inner in made.nested_protocols.values()
    for name in inner.options
    if name not in made.parameters
]


@pytest.mark.parametrize(("host", "inner", "name"), INNER, ids=lambda each: each if isinstance(each, str) else "")
def test_an_option_of_a_protocol_in_another_is_named_as_the_host_calls_it(host, inner, name):
    """``--strip`` of the blot is ``--blot-strip`` in a co-IP, and ``--no-strip`` is ``--no-blot-strip``."""
    option, is_flag = f"{inner.key}-{name}".replace("_", "-"), inner.child.parameters[name].form.name == "flag"
    ways = {
        name: f"did you mean '--{option}'?",
        f"no_{name}": f"did you mean '--no-{option}'?" if is_flag else f"leave --{option} out, or give it a value",
    }
    for typed, way in ways.items():
        with pytest.raises(ProtocolError) as caught:
            check_declared(typed, HOSTS[host])
        assert caught.value.hint == way


@pytest.mark.parametrize("words", [("--no-strip",), ("--no-strip", "--quiet"), ("--strip",), ("--no-xyz",), ("--no-xyz", "5")])
def test_an_option_that_is_not_there_gets_no_way_out_that_does_not_work(cli, words):
    answer = cli("render", "co-ip", *words)
    no = "no-" if words[0] == "--no-strip" else ""
    way = f"did you mean '--{no}blot-strip'?" if "strip" in words[0] else "'benchsheet show co-ip' lists its parameters"
    assert answer.err == f"{words[0]}: co-ip has no such parameter\n  hint: {way}\n"
