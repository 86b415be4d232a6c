"""One rule says whether a wait that grows is a warning, and how many people would keep it."""

from __future__ import annotations

import re

import pytest

from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.html.page import format_html
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.text import format_text
from benchsheet.lab import parse_profile
from benchsheet.protocol.source import Source

START = "2026-11-23T09:00"


def record_of(steps: str, people: int = 1, start: str = ""):
    spec = "title: Toy\nversion: 1.0.0\nparameters: {dishes: {count: dish, default: 3, min: 1, max: 60}}\n"
    made = Source(id="toy", folder="protocols/toy", files={"protocol.yml": spec, "protocol.md.j2": steps}, shared_files={})
    return render(made, {}, lab=parse_profile(f"people: {people}\n", "lab.yml"), start=start)


def grown(record) -> list[tuple[str, str]]:
    return [(warning["level"], warning["message"]) for warning in record["warnings"] if warning["code"] == "wait-grows"]


def treat(wait: str, lysis: int) -> str:
    first = f'{{% step "Treat", hands_on="4 min/dish", wait="{wait}", per="dish" %}}\nTreat.\n{{% endstep %}}\n'
    return first + f'{{% step "Lyse", hands_on="{lysis} min/dish", per="dish" %}}\nLyse.\n{{% endstep %}}\n'


@pytest.mark.parametrize(("wait", "lysis", "level", "longest"), [
    ("60 min", 7, "N", "66 min"),  # each of the two further dishes is lysed 3 min later: 6 min are a tenth of 60
    ("60 min", 8, "W", "68 min"),
    ("60 min", 22, "W", "96 min"),
    ("50 min to 60 min", 22, "W", "91 min"),  # 36 min more than the 55 that are planned: beyond the end of the range
])  # fmt: skip
def test_a_time_that_is_passed_by_more_than_a_tenth_or_a_range_that_is_passed_is_a_warning(wait: str, lysis: int, level: str, longest: str):
    ((found, words),) = grown(record_of(treat(wait, lysis)))
    assert found == level
    assert f"to {longest} " in words


def test_how_many_people_keep_it_is_counted_and_true():
    # 5 min may pass until the tubes are mixed, and one person first fills for 30 min; a second one mixes at once
    steps = '{% step "Thaw", hands_on="1 min", wait="5 min" %}\nThaw.\n{% endstep %}\n'
    steps += '{% step "Fill", hands_on="30 min", after="Thaw" %}\nFill.\n{% endstep %}\n'
    steps += '{% step "Mix", hands_on="1 min", after="Thaw" %}\nMix.\n{% endstep %}\n'
    ((level, words),) = grown(record_of(steps))
    assert level == "W"
    assert words.endswith("; 2 people keep it")
    assert grown(record_of(steps, 2, START)) == []
    with pytest.raises(ProtocolError, match="nobody free"):
        record_of(steps, 1, START)


def test_where_no_number_of_people_helps_the_sheet_says_so():
    # what fills for 30 min comes after what is thawed, which may stand for 5 min: nobody can mix in time
    steps = '{% step "Thaw", hands_on="1 min", wait="5 min" %}\nThaw.\n{% endstep %}\n'
    steps += '{% step "Fill", hands_on="30 min", after="Thaw" %}\nFill.\n{% endstep %}\n'
    steps += '{% step "Mix", hands_on="1 min", after=["Thaw", "Fill"] %}\nMix.\n{% endstep %}\n'
    ((_, words),) = grown(record_of(steps))
    assert words.endswith("; neither fewer at a time nor more hands keep it")


@pytest.mark.parametrize("write", [format_text, format_markdown, format_html])
@pytest.mark.parametrize("start", ["", START])
def test_every_sheet_says_alike_how_times_count_without_a_start(write, start: str):
    record = record_of(treat("60 min", 3), start=start)
    words = " ".join(re.sub(r"<[^>]*>|&[a-z]+;", " ", write(record)).split())
    assert ("as if somebody were there day and night" in words) == (not start)


def test_a_single_plate_waits_for_the_working_hours_and_not_for_others_like_it():
    """Seeded at 8:00, treated 16 to 24 h later: the next morning, and after 40 min of dilutions, which is too late.

    One person who treats the others is not why.
    """
    steps = '{% step "Seed", hands_on="10 min/dish", wait="16 h to 24 h", plan="18 h", per="dish" %}\nSeed.\n{% endstep %}\n'
    steps += '{% step "Dilute", hands_on="40 min", after="Seed" %}\nDilute.\n{% endstep %}\n'
    steps += '{% step "Treat", hands_on="10 min/dish", per="dish", after=["Seed", "Dilute"] %}\nTreat.\n{% endstep %}\n'
    spec = "title: Toy\nversion: 1.0.0\nparameters: {dishes: {count: dish, default: NUMBER, min: 1, max: 60}}\n"
    for number in ("1", "2"):
        files = {"protocol.yml": spec.replace("NUMBER", number), "protocol.md.j2": steps}
        made = Source(id="toy", folder="protocols/toy", files=files, shared_files={})
        ((_, words),) = grown(render(made, {}, lab=parse_profile("people: 1\n", "lab.yml"), start="2026-11-23T08:00"))
        assert "does not fit earlier between other steps and working hours" in words
        assert "for all of them" not in words
        assert ("that waits longest" in words) is (number == "2")
