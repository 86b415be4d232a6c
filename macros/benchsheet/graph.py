"""Names that lead to others (a recipe to its parts, a step of a tree to the next): what is reached, a circle, an order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping


def find_reachable(starts: Iterable[str], successors: Callable[[str], Iterable[str]]) -> set[str]:
    """Return *starts* and all names that they lead to, over any number of others."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += successors(name)
    return reached


def find_cycle(start: str, successors: Callable[[str], Iterable[str]], visited: set[str] | None = None) -> tuple[str, ...]:
    """Return the first way from *start* that comes back to a name on it, as ``(a, b, a)``; empty if there is none.

    *visited* are the names that were followed before, and are not again: with one set for several starts each circle is found once.
    """
    visited = set() if visited is None else visited

    def follow(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name) :], name)
        if name in visited:
            return ()
        visited.add(name)
        return next((cycle for other in successors(name) if (cycle := follow(other, (*path, name)))), ())

    return follow(start, ())


def sort_above_parts(parts: Mapping[str, Collection[str]]) -> list[str]:
    """Return the names in *parts* with each above its parts, otherwise as they stand; they have no circle.

    ``graphlib`` sorts too, but puts what rests on nothing in an order of its own.
    """
    users: dict[str, set[str]] = {name: set() for name in parts}
    for name, its in parts.items():
        for part in its:
            users.get(part, set()).add(name)
    ordered: dict[str, None] = {}
    while len(ordered) < len(users):
        ordered[next(name for name, above in users.items() if name not in ordered and above <= ordered.keys())] = None
    return list(ordered)
