"""As many gels are cast, run and blotted as the lane maps show: the count follows from a formula of the protocol, the maps from the lanes."""

from __future__ import annotations

import pytest

from tests.records import record_of

RUNS = [
    # 24 x 4 lanes that stay together and one by itself: 18 wells less the ladder hold 17, no bridge between precipitates
    ("co-ip", {"samples": "24"}, 6),
    ("co-ip", {"samples": "24", "beads_only": "no"}, 6),
    ("co-ip", {"samples": "9", "gel": "mini-10"}, 5),  # 9 lanes hold 2 x 4, or 1 x 4 and what is alone
    ("co-ip", {"samples": "2"}, 1),  # 2 x 4 + 1 = 9
    ("western-blot", {"samples": "9", "controls": "0"}, 1),
    ("western-blot", {"samples": "10", "controls": "0"}, 2),  # ladder and bridge leave 8 of 10
    ("western-blot", {"samples": "17", "controls": "0"}, 3),
    ("western-blot", {"samples": "12", "controls": "2", "strip": "no"}, 2),  # on each of three membranes: 6 of 10 beside ladder, bridge and two
    ("western-blot", {"samples": "31", "gel": "midi-18", "replicates": "3", "controls": "1", "together": "2"}, 7),  # 93 in pairs, 15 beside three
]


@pytest.mark.parametrize(("protocol", "given", "gels"), RUNS, ids=str)
def test_as_many_gels_are_cast_as_the_lane_maps_show(protocol, given, gels):
    record = record_of(protocol, tuple(given.items()))
    laid = [plate for plate in record["plates"] if plate["vessel"].endswith("gel")]
    blots = 3 if given.get("strip") == "no" else 1
    assert (len(laid), record["counts"]["blot.gel" if protocol == "co-ip" else "gel"]) == (gels, gels * blots)
