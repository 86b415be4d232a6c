"""The plate maps of a printed sheet, to pipette by: each well says its role and its dose; in grey as in colour; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .parts import Item, headed
from .words import call, quoted, several

Record = dict[str, Any]
_WIDE = 12  # columns that leave room for words in a well
_WORD = 10  # signs that a well holds
_LANES = 10  # lanes in a line
_SMALL = 4  # columns of a plate whose map a column of the sheet holds


def small_plates(record: Record) -> Iterator[Item]:
    """Return a map of each plate that a column holds."""
    maps = [Item((_map(plate, _title(plate, record)),), 6) for plate in record["plates"] if _is_small(plate)]
    yield from headed("Plate maps", maps)


def plates(record: Record) -> Iterator[Item]:
    """Return a map of each larger layout, and the lanes of the gels."""
    large = [plate for plate in record["plates"] if plate["rows"] > 1 and not _is_small(plate)]
    yield from headed("Plate maps", [Item((_map(plate, _title(plate, record)),), 6, wide=True) for plate in large])
    yield from headed("Lane maps", [Item(tuple(mine), 6, wide=True) for mine in _lanes(record)])


def _is_small(plate: Record) -> bool:
    return bool(plate["rows"] > 1 and plate["columns"] <= _SMALL)


def _title(plate: Record, record: Record) -> str:
    compounds = {well["compound"] for each in record["plates"] for well in each["wells"].values() if well["compound"]}
    names, whose = plate["names"], next((well["compound"] for well in plate["wells"].values()), None)
    listed = ", ".join(names) if len(names) < 7 else f"{names[0]}, {names[1]}, ... {names[-1]}"
    return f"{plate['labware']}: {listed}" + (f" ({whose})" if whose and len(compounds) > 1 else "")


def _held(well: Record) -> str:
    return f"{well['role']} {well['dose']['text'] if well['dose'] else ''}".strip()


def _map(plate: Record, title: str) -> str:
    legend = {well["mark"]: well for well in plate["wells"].values()}
    rows = []
    for place in range(plate["rows"]):
        letter = chr(65 + place)
        cells = [_well(plate["wells"].get(f"{letter}{column}"), plate["columns"]) for column in range(1, plate["columns"] + 1)]
        rows.append(several([f'strong("{letter}")', *cells]))
    legend = {mark: well for mark, well in legend.items() if not _is_said(well, plate["columns"])}
    said = "; ".join(f"{mark} {_held(well)}" for mark, well in legend.items()) + "." if legend else ""
    return call("plate", quoted(title), str(plate["columns"]), several(rows), quoted(said))


def _well(well: Record | None, columns: int) -> str:
    if well is None:
        return "[]"
    shade = "white" if well["dose"] else "luma(86%)" if well["mark"] == "." else "luma(94%)"
    if not _is_said(well, columns):
        return call("well", quoted(well["mark"]), shade, "true")
    if well["dose"]:
        return call("well", f"{{strong({quoted(well['mark'])}); linebreak(); {quoted(well['dose']['text'], 10)}}}", shade, "false")
    rest = well["mark"] == "."
    return call("well", quoted(f". {well['role']}" if rest else well["role"], 10), shade, str(not rest).lower())


def _is_said(well: Record, columns: int) -> bool:
    """Return whether a well has room for its role or dose."""
    return columns <= _WIDE and len(well["role"]) < _WORD and len(well["dose"]["text"] if well["dose"] else "") < _WORD


def _lanes(record: Record) -> Iterator[list[str]]:
    """Return the lanes of the gels: those that are loaded alike in one table, under one another; a long gel in several lines."""
    alike: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for plate in record["plates"]:
        if plate["rows"] > 1:
            continue
        lanes = [column for column in range(1, plate["columns"] + 1) if f"A{column}" in plate["wells"]]
        lines = -(-len(lanes) // _LANES) or 1
        each = -(-len(lanes) // lines) or 1
        for begin in range(0, len(lanes), each):
            chunk = lanes[begin : begin + each]
            holds = several(quoted(_held(plate["wells"][f"A{lane}"]), 10) for lane in chunk)
            alike.setdefault((plate["labware"], tuple(chunk)), []).append(several((quoted(", ".join(plate["names"])), holds)))
    made: dict[str, list[str]] = {}  # those of one kind stay together
    for (labware, numbers), gels in alike.items():
        table = call("lanes", quoted(labware), several(quoted(str(lane)) for lane in numbers), several(gels))
        made.setdefault(labware, []).append(table)
    yield from made.values()
