"""Plates for other programs: the transfers and the tube labels as CSV for a robot or a spreadsheet, and the layouts as TOML for wellmap."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..errors import ProtocolError
from ..record import Record
from .outline.times import StepTimes

MOVE_COLUMNS = ("step", "source plate", "source well", "destination plate", "destination well", "volume", "unit")
LABEL_COLUMNS = ("label", "sample", "dose", "container", "date", "digest")
_FORMULA = re.compile(r"\s*[=+\-@\t＝＋－＠]")
_CONTROL_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")

Copies = list[tuple[str, tuple[str, ...]]]  # for one group: each plate or tube that has it, with the wells


def format_worklist(record: Record) -> str:
    """Return every transfer to or from a plate as CSV, one line for each well; a volume that is measured at the bench is left empty.

    Raises ProtocolError if the run has no such transfer.
    """
    places, plate_vessels = _wells_by_group(record), {plate["vessel"] for plate in record["plates"]}
    rows = []
    for step in record["steps"]:
        for operation in step["operations"]:
            if "from" not in operation:
                continue
            each = operation["each"]
            volume = ("" if each["value"] is None else str(each["value"]), each["unit"])
            for group in operation["to"]:
                if plate_vessels & {_vessel_of(operation["from"]), _vessel_of(group)}:
                    moves = list(_pair_moves(places[operation["from"]], places[group]))
                    rows += [(str(step["number"]), *move, *volume) for move in moves] * operation["times"]
    if not rows:
        raise ProtocolError("nothing goes to or from a plate in this run", "a worklist is for runs that have plates to pipette by")
    return _format_csv(MOVE_COLUMNS, rows)


def format_labels(record: Record) -> str:
    """Return the labels as CSV: of what is made before the steps, then of each tube that a step fills, with the date.

    Raises ProtocolError if the run makes and fills none.
    """
    preparations = [item for item in record["preparations"] if not item["step"]]
    rows: list[tuple[str, ...]] = [(item["name"], "", item["holds"], item["container"], "", record["digest"]) for item in preparations]
    rows += _tube_labels(record)
    if not rows:
        raise ProtocolError("nothing in this run is kept in a tube", "labels are for runs that make or fill tubes")
    return _format_csv(LABEL_COLUMNS, rows)


def format_wellmap(record: Record) -> str:
    """Return the layout of every plate as TOML for wellmap: each table is the wells of one group on one plate.

    A dose stands there as its printed text, and as value and unit; units differ from dose to dose. Every group has every key, nan or empty
    if there is no value, since wellmap takes its columns from the last plate alone. Raises ProtocolError if the run has no plate.
    """
    plates = plates_by_name(record)
    if not plates:
        raise ProtocolError("there is no plate in this run", "a layout is for runs that have plates")
    head = [f"# {record['protocol']['title']}, version {record['protocol']['version']}, digest {record['digest']}", f"# {record['command']}"]
    lines = ["".join(char if char.isprintable() else " " for char in line) for line in head]
    for name, plate in plates:
        lines += _plate_tables(name, plate)
    return "\n".join(lines) + "\n"


def _plate_tables(name: str, plate: Record) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for well, spot in plate["wells"].items():
        groups.setdefault((spot["group"], spot["compound"] or ""), []).append(well)
    for wells in groups.values():
        spot = plate["wells"][wells[-1]]
        dose = spot["dose"] or {"value": None, "unit": "", "text": ""}
        yield f"\n[plate.{_toml_string(name)}.well.{_toml_string(','.join(wells))}]"
        texts = {"labware": plate["labware"], **{key: spot[key] or "" for key in ("group", "mark", "role", "compound")}, "dose": dose["text"]}
        yield from (f"{key} = {_toml_string(text)}" for key, text in texts.items())
        yield f"dose_value = {'nan' if dose['value'] is None else dose['value']}"
        yield f"dose_unit = {_toml_string(dose['unit'])}"


def _toml_string(words: str) -> str:
    """Return a TOML string: as in JSON, but DEL (U+007F) is escaped too."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def plates_by_name(record: Record) -> list[tuple[str, Record]]:
    """Return each plate with its name, in order; a name that two vessels have gets the vessel's name in front."""
    pairs = [(name, plate) for plate in record["plates"] for name in plate["names"]]
    vessels = [plate["vessel"] for plate in record["plates"]]
    pairs.sort(key=lambda item: (vessels.index(item[1]["vessel"]), _natural_key(item[0])))
    times = Counter(name for name, _ in pairs)
    return [(f"{plate['vessel']} {name}" if times[name] > 1 else name, plate) for name, plate in pairs]


def _natural_key(name: str) -> list[tuple[int, str]]:
    """Return a key by which plate 2 comes before plate 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def _vessel_of(group: str) -> str:
    return group.partition("/")[0]


# --- from where, to where ------------------------------------------------------------------------------------------------


def _wells_by_group(record: Record) -> dict[str, Copies]:
    """Return the plates and wells of each group; a tube counts as a plate with one well."""
    copies: dict[str, Copies] = {}
    preparation_ids = {item["id"] for item in record["preparations"]}
    for name, plate in plates_by_name(record):
        wells: dict[str, list[str]] = {}
        for well, spot in plate["wells"].items():
            wells.setdefault(spot["group"], []).append(well)
        for group, mine in wells.items():
            copies.setdefault(group, []).append((name, tuple(mine)))
    for vessel in record["vessels"]:
        roles = Counter(group["role"] for group in vessel["groups"])
        for group in vessel["groups"]:
            if group["id"] not in copies:
                own = group["role"] and roles[group["role"]] == 1 and group["id"] not in preparation_ids  # a sample's own name, as on its label
                name, size = group["role"] if own else group["id"].partition("/")[2], group["size"]
                copies[group["id"]] = [(vessel["id"], (name if size == 1 else f"{name}, {copy}",)) for copy in range(1, size + 1)]
    return copies


def _pair_moves(source: Copies, target: Copies) -> Iterator[tuple[str, str, str, str]]:
    """Yield source plate and well, destination plate and well of each transfer.

    If there are as many source plates as destination plates, they go one to one; otherwise all sources are pooled for each destination. Likewise
    for the wells of two plates.
    """
    pairs = list(zip(source, target, strict=True)) if len(source) == len(target) else [(_pool_copies(source), copy) for copy in target]
    for (plate, wells), (other, others) in pairs:
        froms = wells if len(wells) == len(others) else ("; ".join(wells),) * len(others)
        for one, two in zip(froms, others, strict=True):
            yield plate, one, other, two


def _pool_copies(copies: Copies) -> tuple[str, tuple[str, ...]]:
    """Return several plates or tubes as one source, with all names and wells in it."""
    if len(copies) == 1:
        return copies[0]
    names = list(dict.fromkeys(name for name, _ in copies))
    return "; ".join(names), ("; ".join(dict.fromkeys(well for _, wells in copies for well in wells)),)


# --- labels --------------------------------------------------------------------------------------------------------------


def _tube_labels(record: Record) -> Iterator[tuple[str, ...]]:
    """Yield a label for each tube that a step fills."""
    preparations = {item["id"]: item for item in record["preparations"]}
    fill_steps: dict[str, int] = {}
    for step in record["steps"]:
        for operation in step["operations"]:
            if "reagent" in operation or "from" in operation:
                for group in operation["to"]:
                    fill_steps.setdefault(group, step["number"])
    step_times = StepTimes(record["schedule"])
    for vessel in record["vessels"]:
        for group in vessel["groups"]:
            name, container = group["id"], group.get("labware", "")
            step = preparations[name]["step"] if name in preparations else fill_steps.get(name)
            if step is None or "tube" not in container:
                continue
            if name in preparations:
                words = (preparations[name]["name"], group["compound"] or "", preparations[name]["holds"])
            else:
                words = (vessel["id"], group["role"], group["dose"]["text"] if group["dose"] else "")
            for copy in range(1, group["size"] + 1):
                label = f"{words[0]}, {copy} of {group['size']}" if group["size"] > 1 else words[0]
                yield label, *words[1:], container, step_times.day(step).rpartition(" ")[2] if step_times.has_start else "", record["digest"]


# --- cells ---------------------------------------------------------------------------------------------------------------


def _format_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"{','.join(map(_format_cell, row))}\n" for row in (head, *rows))


def _format_cell(words: str) -> str:
    """Return a CSV cell; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    flat = _CONTROL_BREAKS.sub(" ", words)
    safe = f"'{flat}" if _FORMULA.match(flat) else flat
    return '"' + safe.replace('"', '""') + '"' if re.search(r'[",;\'\t]|^\s|\s$', safe) else safe
