"""Places in a row, one for each name: wells, lanes and tubes filled in order; refuses a row that its fixed places fill alone.

Three forms: ``tubes: samples`` (a rack), ``holds: 1 L`` with ``count`` (so many alike), ``each: samples`` on a labware, where
``every`` names what stands first on each gel or plate: ladder, controls, bridge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import dataclass, field
from ..errors import ProtocolError, near
from ..expressions.grammar import names as names_in
from ..lab import Lab, Plate
from ..lab.gel_tanks import runs
from ..units import read
from ..yamltree import Map

Work = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Place:
    """One group of like wells: *size* wells in the whole run, at *wells* on each plate of each layout that has it.

    *family* and *number* split ``dose 3``; *of* is the compound, where several share the run. *meant* is what a place is
    filled with (nL), where the lab says so: a tank.
    """

    name: str
    size: int
    role: str
    family: str
    number: int = 0
    of: str = ""
    meant: int = 0


@dataclass(frozen=True)
class Layout:
    """The plates (*names*) that are laid out alike: *wells* maps well to the name of its group."""

    id: str
    names: tuple[str, ...]
    wells: Mapping[str, str]
    compound: str = ""


@dataclass(frozen=True)
class Vessel:
    """A kind of plate, *count* of them in the run, as groups in order and sets of groups; *rest* is the group of unused wells."""

    id: str
    plate: Plate
    count: int
    places: Mapping[str, Place]
    layouts: tuple[Layout, ...]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = ""


def whole(expression: str, found: Any, what: str, least: int = 1) -> int:
    """Return how many there are; raise ProtocolError for what is no whole number from *least* up."""
    from ..units import said

    if not isinstance(found, int | Fraction) or isinstance(found, bool):
        raise ProtocolError(f"{expression!r} is {said(found)}, not a whole number of {what}s", "name a count")
    if found != int(found):
        raise ProtocolError(f"{expression!r} comes to {float(found):g}, which is not a whole number", "use ceil(...) or floor(...)")
    if found < least:
        raise ProtocolError(f"{expression!r} comes to no {what} at all", "let it be 1 at least")
    return int(found)


def container(key: str, entry: Map, values: Mapping[str, Any], work: Work) -> Vessel:
    """Return *count* like containers, each of which ``holds`` so much: tanks, trays, membranes in their boxes; shared out to ``each`` name."""
    entry.only(("holds", "place", "count", "each", "times", "role", "name", "when", "note"), "a container")
    place = entry.text("place", key)
    family = entry.text("role", place)
    count = whole(entry.text("count", "1"), work(entry.text("count", "1"), values), place)
    brim = _brim(entry, values)
    plate = Plate(key, entry.text("name", key), 1, 1, (0, 0), brim, brim, place)
    if "each" not in entry:
        return Vessel(key, plate, count, {place: Place(place, count, place, place)}, ())
    names = _names(entry, "each", values, work)
    if count % len(names):
        raise ProtocolError(f"{count} {place}s are not as many for each of {len(names)}", "let the count be a multiple")
    places = {f"{family} {number}": Place(f"{family} {number}", count // len(names), who, family, number) for number, who in enumerate(names, 1)}
    return Vessel(key, plate, count, places, ())


def rack(key: str, entry: Map, values: Mapping[str, Any], work: Work, lab: Lab) -> Vessel:
    """Return a rack of tubes, one for each name of the list ``tubes``, ``times`` over."""
    entry.only(("tubes", "times", "role", "holds", "note", "when"), "a rack")
    names = _names(entry, "tubes", values, work)
    family = entry.text("role", "sample")
    name, brim = lab.container(_brim(entry, values))
    plate = Plate(key, name, 1, 1, (0, 0), brim, brim, "tube")
    places = {f"{family} {number}": Place(f"{family} {number}", 1, who, family, number) for number, who in enumerate(names, 1)}
    return Vessel(key, plate, 1, places, ())


def tanks(key: str, entry: Map, values: Mapping[str, Any], work: Work, lab: Lab) -> Vessel:
    """Return the lab's tanks for so many gels of a kind, ``tanks: gels`` and ``gel: gel``; those filled alike are one group.

    With ``use: transfer`` the tanks that gels are transferred in. Where they do not fit at once, a tank is filled again.
    """
    entry.only(("tanks", "gel", "use", "note", "when"), "tanks")
    count = whole(entry.text("tanks"), work(entry.text("tanks"), values), "gel")
    kind = str(values.get(entry.text("gel"), entry.text("gel")))
    if kind not in lab.gels:
        raise ProtocolError(f"no gel {kind!r} in this lab", near(kind, lab.gels, "its gels"))
    owned, what = (lab.transfer_tanks, "transfer tank") if entry.text("use") == "transfer" else (lab.tanks, "tank")
    alike: dict[tuple[str, int], int] = {}
    for run in runs(owned, lab.gels[kind].format, count, what):
        for filled in run:
            alike[filled.tank.name, filled.buffer] = alike.get((filled.tank.name, filled.buffer), 0) + 1
    most = max(buffer for _, buffer in alike)
    plate = Plate(key, what, 1, 1, (0, 0), most, most, "tank")
    places = {
        f"tank {number}": Place(f"tank {number}", size, name, "tank", number, meant=buffer)
        for number, ((name, buffer), size) in enumerate(alike.items(), 1)
    }
    return Vessel(key, plate, sum(alike.values()), places, ())


def row(key: str, entry: Map, values: Mapping[str, Any], work: Work, plate: Plate) -> Vessel:
    """Return plates, dishes or gels with one place for each name, evenly over as few as hold them; ``copies`` of each.

    ``together`` is how many names in a row stay on one plate or gel, since only they are compared.
    """
    entry.only(
        ("labware", "each", "times", "role", "every", "together", "copies", "rest", "count", "name", "sets", "note", "when"), "a row of places"
    )
    names = _names(entry, "each", values, work)
    family, base, rest = entry.text("role", "sample"), entry.text("name", "plate"), entry.text("rest")
    copies = whole(entry.text("copies", "1"), work(entry.text("copies", "1"), values), "copy")
    first: list[tuple[str, int]] = []
    for role in entry.map("every"):
        text = entry.map("every").text(role)
        many = whole(text, work(text, values), role, least=0)
        first += [(role, number if many > 1 else 0) for number in range(1, many + 1)]
    wells = plate.all()
    room = len(wells) - len(first)
    if room < 1:
        error = ProtocolError(
            f"{len(first)} places of each {base} are taken by {', '.join(dict.fromkeys(role for role, _ in first))}, and it has {len(wells)}",
            f"leave one out, or take a {base} with more places",
            answer=True,
        )
        error.parameters = tuple(name for role in entry.map("every") for name in names_in(entry.map("every").text(role)))
        raise error
    block = whole(entry.text("together", "1"), work(entry.text("together", "1"), values), "place")
    if block > room:
        raise ProtocolError(
            f"{block} places that stay together do not fit into the {room} that a {base} has for them", f"take a {base} with more places", answer=True
        )
    shares = _shares(len(names), room, block)
    plates = len(shares)
    if "count" in entry and whole(entry.text("count"), work(entry.text("count"), values), base) != plates * copies:
        raise ProtocolError(f"{entry.text('count')!r} is not the {plates * copies} that {len(names)} names need", "let both follow from one rule")
    places: dict[str, Place] = {}
    for role, number in first:
        name = f"{role} {number}" if number else role
        places[name] = Place(name, plates * copies, role, role, number)
    layouts, begun = [], 0
    for place, share in enumerate(shares):
        own = [f"{role} {number}" if number else role for role, number in first]
        own += [f"{family} {number}" for number in range(begun + 1, begun + share + 1)]
        begun += share
        laid = dict(zip(wells, own, strict=False))
        if rest and len(own) < len(wells):
            laid |= dict.fromkeys(wells[len(own) :], rest)
            empty = (places[rest].size if rest in places else 0) + (len(wells) - len(own)) * copies
            places[rest] = Place(rest, empty, rest, rest)
        called = tuple(f"{base} {place + 1 + plates * copy}" if plates * copies > 1 else base for copy in range(copies))
        layouts.append(Layout(called[0], called, laid))
    for number, who in enumerate(names, 1):
        places[f"{family} {number}"] = Place(f"{family} {number}", copies, who, family, number)
    sets = {name: tuple(entry.map("sets").items_of(name)) for name in entry.map("sets")}
    return Vessel(key, plate, plates * copies, places, tuple(layouts), sets, rest if rest in places else "")


def _brim(entry: Map, values: Mapping[str, Any]) -> int:
    """Return what one of it ``holds`` (nL): a volume, or the name of one."""
    text = entry.text("holds", "1 mL")
    return int(read(values.get(text, text), "volume").value)


def _shares(names: int, room: int, block: int) -> list[int]:
    """Return how many names each plate takes: as few plates as hold them, evenly, blocks of *block* unbroken, what is over on the last."""
    blocks, over = divmod(names, block)
    if not blocks:
        return [over]
    plates = -(-blocks // (room // block))
    if blocks // plates * block + over > room:
        plates += 1
    shares = [(blocks // plates + (place < blocks % plates)) * block for place in range(plates)]
    shares[-1] += over
    return [share for share in shares if share]


def _names(entry: Map, key: str, values: Mapping[str, Any], work: Work) -> list[str]:
    """Return the names of the list under *key*, ``times`` over: ``treated, 2`` is the second replicate."""
    over = entry.text(key)
    if not isinstance(values.get(over), tuple):
        raise ProtocolError(f"'{key}: {over}' is no list", near(over, [name for name, value in values.items() if isinstance(value, tuple)], "lists"))
    times = whole(entry.text("times", "1"), work(entry.text("times", "1"), values), "replicate")
    return [str(name) if times == 1 else f"{name}, {number}" for name in values[over] for number in range(1, times + 1)]
