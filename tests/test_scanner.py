"""One scanner for ``render`` and ``calc``: each fault in the form of a command line, told alike by both, and all of them at once."""

from __future__ import annotations

import pytest

from benchsheet.cli.scanner import CommandOption, scan_words
from benchsheet.errors import Collector

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
    assert scan("--top_dose", "3 uM", takes_others=True) == ({}, ["--top_dose: there is no such option\n  hint: write --top-dose"])


def test_the_subject_stands_anywhere_once():
    assert scan("srb", "--size", "srb", subject="srb") == ({"size": ["srb"]}, [])
    assert len(scan("--size", "3", "srb", "srb", subject="srb")[1]) == 1
