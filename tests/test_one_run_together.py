"""The units of one run stay together: no night and no weekend comes between what fits into one day.

2026-11-23 is a Monday; the lab is open Monday to Friday from 08:00 to 18:00.
"""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict

import pytest

from benchsheet import library
from benchsheet.authoring.cases import branch_values
from benchsheet.engine import load_protocol, render
from benchsheet.errors import ProtocolError
from tests.records import sample, when
from tests.test_working_day import refused, rows, sheet

PICK = random.Random(20261126)  # noqa: S311 - a sample that is the same in every run
SPIN = 'hands_on="5 min", wait="10 min"'
RUNS = {
    "co-ip": [{}, {"samples": "1"}, {"samples": "6"}, {"samples": "8"}, {"samples": "12"}],
    "srb": [{"plates": "2"}, {"plates": "4"}, {"plates": "7"}, {"plates": "12"}, {"exposure": "48 h", "plates": "6"}],
    "western-blot": [{"samples": "2"}, {"samples": "12"}, {"samples": "30"}, {"samples": "48"}],
}


def days_of_work(record):
    """Return for each step by hand that is not batched the days on which it is done."""
    found = defaultdict(set)
    for row in record["schedule"]:
        if row["kind"] == "hands_on" and not record["steps"][row["step"] - 1]["batches"]:
            found[row["step"]].add(when(row["begin"])[:10])
    return found


def test_a_co_ip_begun_on_a_thursday_is_refused_with_a_start_that_keeps_its_dishes_together():
    """Seeded on Thursday, dishes are treated 24 h to 72 h later: on Friday or, after the weekend, too late.

    From Friday on the antibody would bind until Saturday, so one dish used to be lysed on Friday and three on Monday.
    """
    with pytest.raises(ProtocolError) as caught:
        render(library.load_source("co-ip"), {}, start="2026-11-26T08:00")
    assert "does not fit into the working hours" in str(caught.value)
    assert "start that works is 2026-11-27T08:00 (Friday)" in str(caught.value)
    record = render(library.load_source("co-ip"), {}, start="2026-11-27T08:00")
    assert all(len(days) == 1 for days in days_of_work(record).values())


def test_the_first_unit_waits_for_a_step_for_all_on_the_same_day_or_not_at_all():
    """8 tubes of 15 min are put down from 14:15 to 16:00; the planned 75 min after the last are over at 17:15.

    Of 15 tubes begun at 14:00 the last is put down at 17:45 and ready at 18:15, when the lab is closed: nobody spins them on Tuesday.
    """
    one_by_one = 'hands_on="15 min/tube", wait="30 min to 2 h", per="tube"'
    assert rows(one_by_one, 'hands_on="20 min"', tubes="8", start="2026-11-23T14:00")[-1] == ("B", "work", "23 17:15", "23 17:35")
    assert "step 2 (B)" in refused(one_by_one, 'hands_on="20 min"', tubes="15", start="2026-11-23T14:00")


def test_a_step_without_a_wait_is_done_on_the_day_of_the_first_unit_too():
    """40 plates of 15 min are 10 h: begun at 09:00 the last four are done on Tuesday, and the step for all would part them from the first."""
    assert "step 2 (B)" in refused('hands_on="15 min/plate", per="plate"', 'hands_on="20 min"', plates="40")
    assert rows('hands_on="15 min/plate", per="plate"', 'hands_on="20 min"', plates="34")[-1] == ("B", "work", "23 17:30", "23 17:50")


def test_in_a_chain_of_ranges_no_night_parts_the_tubes():
    """Treated and lysed one by one, spun together, left to incubate: 9 tubes of 10 min are 90 min, so they fit into any day."""
    per, made = 'hands_on="10 min/tube", wait="{}", per="tube"', 0
    for _ in range(sample(20)):
        incubation = PICK.choice(("14 h to 18 h", "4 h to 6 h", "24 h to 30 h", "60 h to 66 h"))
        spin, leave = SPIN, SPIN.replace("10 min", incubation)
        chain = ('hands_on="30 min", wait="24 h to 72 h"', per.format("60 min"), per.format("10 min to 30 min"), spin, leave, 'hands_on="10 min"')
        start = f"2026-11-{PICK.randrange(23, 28)}T{PICK.randrange(8, 15):02}:00"
        with contextlib.suppress(ProtocolError):
            record = sheet(*chain, tubes=str(PICK.choice((1, 2, 5, 9))), start=start)
            made += 1
            assert all(len(days) == 1 for days in days_of_work(record).values())
    assert made >= 7


@pytest.mark.parametrize("name", library.protocol_ids())
def test_no_run_of_a_protocol_has_a_unit_that_a_night_parts_from_its_fellows(name):
    """Some runs of each: the counts above and what `check` tries, each from some start within a week."""
    values, made = [*RUNS[name], *(given for given in branch_values(load_protocol(library.load_source(name))) if given)], 0
    for given in PICK.sample(values, min(sample(12), len(values))):
        start = f"2026-11-{PICK.randrange(23, 28)}T{PICK.randrange(8, 15):02}:{PICK.choice(('00', '15', '30', '45'))}"
        with contextlib.suppress(ProtocolError):
            record = render(library.load_source(name), given, start=start, sealed=False)
            made += 1
            assert all(len(days) == 1 for days in days_of_work(record).values())
    assert made >= 3
