"""What names lead to: reached over any number of others, circles found once, users above their parts, for graphs at random."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from benchsheet.graph import find_cycle, find_reachable, sort_above_parts

NAMES = "abcdef"
graphs = st.fixed_dictionaries({name: st.lists(st.sampled_from(NAMES), max_size=4) for name in NAMES})
# Without a circle: a name leads only to those that come after it in the alphabet; told in any order.
trees = st.permutations(NAMES).flatmap(
    lambda order: st.fixed_dictionaries({name: st.lists(st.sampled_from(NAMES[NAMES.index(name) + 1 :] or ["x"]), max_size=4) for name in order})
)


def leads(graph: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Return each pair of which one leads to the other: paths are put end to end until there are no more (Warshall)."""
    pairs = {(name, other) for name, others in graph.items() for other in others}
    for middle, one, two in product(NAMES, repeat=3):
        if {(one, middle), (middle, two)} <= pairs:
            pairs.add((one, two))
    return pairs


@given(graphs)
def test_a_name_is_reached_if_and_only_if_a_way_leads_to_it(graph):
    pairs = leads(graph)
    for start in NAMES:
        assert find_reachable(graph[start], graph.__getitem__) == {other for name, other in pairs if name == start}


@given(graphs)
def test_a_circle_is_a_way_of_the_graph_and_is_found_where_there_is_one(graph):
    pairs = leads(graph)
    for start in NAMES:
        cycle = find_cycle(start, graph.__getitem__)
        assert bool(cycle) is any((name, name) in pairs and (name == start or (start, name) in pairs) for name in NAMES)
        assert not cycle or cycle[0] == cycle[-1]
        assert all(two in graph[one] for one, two in pairwise(cycle))


@given(graphs)
def test_with_what_was_visited_each_circle_is_found_once(graph):
    visited: set[str] = set()
    found = [frozenset(cycle) for name in NAMES if (cycle := find_cycle(name, graph.__getitem__, visited))]
    assert len(found) == len(set(found))
    assert bool(found) is any(one == two for one, two in leads(graph))


@given(trees)
def test_all_stand_above_their_parts_and_otherwise_as_they_stood(tree):
    order = sort_above_parts(tree)
    assert sorted(order) == sorted(NAMES)
    assert all(order.index(name) < order.index(part) for name, parts in tree.items() for part in parts if part in tree)
    above = {name: {user for user, parts in tree.items() if name in parts} for name in tree}
    for place, name in enumerate(order):  # of all that could stand here, the one that stood first
        free = [other for other in tree if other not in order[:place] and above[other] <= set(order[:place])]
        assert free[0] == name
