"""Plates for other programs: the transfers and the tube labels as CSV for a robot or a spreadsheet, and the layouts as TOML for wellmap."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ..errors import ProtocolError
from ..patterns import compile_when_used
from .outline.times import StepTimes
from .outline.wells import dose_text

if TYPE_CHECKING:
    from ..record.material_types import Plate
    from ..record.type_words import Quantity
    from ..record.types import Record

MOVE_COLUMNS = ("step", "source plate", "source well", "destination plate", "destination well", "volume", "unit")
LABEL_COLUMNS = ("label", "sample", "dose", "container", "date", "digest")
_MICROLITRES = {"nL": Fraction(1, 1000), "uL": Fraction(1), "mL": Fraction(1000), "L": Fraction(10**6)}
_FORMULA = compile_when_used(r"\s*[=+\-@\t＝＋－＠]")
_HIDDEN_FORMULA = compile_when_used(r"([;|]\s*)(?=[=+\-@＝＋－＠])")  # where a spreadsheet takes another separator
_CONTROL_BREAKS = compile_when_used(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")

Copies = list[tuple[str, tuple[str, ...]]]  # for one group: each plate or tube that has it, with the wells


def format_worklist(record: Record) -> str:
    """Return every transfer to or from a plate as CSV, one line for each source and well; a volume that is measured at the bench is left empty.

    What is mixed in a tube from which a plate is filled stands there too; reagents come from ``reagent``.
    Raises ProtocolError if the run has no such transfer.
    """
    places, on_plates = _wells_by_group(record), _groups_on_plates(record)
    reagents: dict[str, Copies] = {item["id"]: [("reagent", (item["name"],))] for item in record["reagents"]}
    mixed, rows = _mixed_tubes(record, on_plates), []
    for step in record["steps"]:
        for operation in step["operations"]:
            each, source = operation["each"], operation.get("from", "")
            for group in operation["to"]:
                if source and on_plates & {source, group} or group in mixed and (source or "reagent" in operation):
                    moves = _pair_moves(places[source] if source else reagents[operation["reagent"]], places[group])
                    rows += [(str(step["number"]), *move, _microlitres(each, share), "uL") for *move, share in moves] * operation["times"]
    if not any(row[1] != "reagent" for row in rows):
        raise ProtocolError("nothing goes to or from a plate in this run", "a worklist is for runs that have plates to pipette by")
    return _format_csv(MOVE_COLUMNS, rows)


def _groups_on_plates(record: Record) -> set[str]:
    """Return the groups of all vessels that have a layout."""
    laid_out = {plate["vessel"] for plate in record["plates"]}
    return {group["id"] for vessel in record["vessels"] if vessel["id"] in laid_out for group in vessel["groups"]}


def _mixed_tubes(record: Record, on_plates: set[str]) -> set[str]:
    """Return the tubes that a plate is filled from, and those that are made for these; without those that wait for a measurement."""
    makes = {item["id"]: item for item in record["preparations"] if item["step"]}
    is_open = {name for name, item in makes.items() if any(part["amount"]["value"] is None for part in item["components"])}
    filled_from: dict[str, set[str]] = {}
    for step in record["steps"]:
        for operation in step["operations"]:
            for group in operation["to"] if "from" in operation else ():
                filled_from.setdefault(group, set()).add(operation["from"])
    mixed: set[str] = set()
    waiting = {source for group, sources in filled_from.items() if group in on_plates for source in sources}
    while waiting:
        tube = waiting.pop()
        if tube not in on_plates and tube not in mixed:
            mixed.add(tube)
            waiting |= {source for source in filled_from.get(tube, ()) if source in makes}
    return mixed - is_open


def _microlitres(each: Quantity, share: Fraction) -> str:
    """Return *share* of a volume as a number of µL, so that the column has one unit; empty where the volume is not known yet."""
    if each["value"] is None:
        return ""
    volume = Fraction(str(each["value"])) * share * _MICROLITRES[each["unit"]]
    return str(volume.numerator) if volume.denominator == 1 else str(float(volume))


def format_labels(record: Record) -> str:
    """Return the labels as CSV: of what is made before the steps, then of each tube that a step fills and of each plate, with the date.

    Raises ProtocolError if the run makes and fills none.
    """
    preparations = [item for item in record["preparations"] if not item["step"]]
    step_times = StepTimes(record["schedule"])
    rows: list[tuple[str, ...]] = [(item["name"], "", item["strength"], item["container"], "", record["identity"]["inputs"]) for item in preparations]
    rows += _tube_labels(record, step_times)
    rows += _plate_labels(record, step_times)
    if not rows:
        raise ProtocolError("nothing in this run is kept in a tube", "labels are for runs that make or fill tubes")
    return _format_csv(LABEL_COLUMNS, rows)


def format_wellmap(record: Record) -> str:
    """Return the layout of every plate as TOML for wellmap: each table is the wells of one group on one plate.

    A dose stands there as its printed text, and as ``dose_value`` in the one ``dose_unit`` of the file: 0 for the vehicle, nan where none is
    dosed. Where a run has doses of several kinds, each unit has a column of its own, ``dose_umol_L``. Every group has every key, nan or
    empty if there is no value, since wellmap takes its columns from the last plate alone. Raises ProtocolError if the run has no plate.
    """
    plates = plates_by_name(record)
    if not plates:
        raise ProtocolError("there is no plate in this run", "a layout is for runs that have plates")
    protocol, digest = record["protocol"], record["identity"]["inputs"]
    head = [f"# {protocol['title']}, version {protocol['version']}, digest {digest}", f"# {record['invocation']['command']}"]
    units = list(dict.fromkeys(plate["dose_unit"] for _, plate in plates if "dose_unit" in plate))
    if len(units) == 1:
        head.append(f"# dose_value is in {units[0]} in the whole file; nan where no dose is given")
    lines = ["".join(char if char.isprintable() else " " for char in line) for line in head]
    for name, plate in plates:
        lines += _plate_tables(name, plate, units)
    return "\n".join(lines) + "\n"


def _plate_tables(name: str, plate: Plate, units: Sequence[str]) -> Iterator[str]:
    for group_id, group in plate["groups"].items():
        wells = [well for well, other in plate["wells"].items() if other == group_id]
        yield f"\n[plate.{_toml_string(name)}.well.{_toml_string(','.join(wells))}]"
        texts = {
            "labware": plate["labware"],
            "group": group_id,
            "mark": group["mark"],
            "role": group["role"],
            "compound": group["compound"] or "",
            "dose": dose_text(group),
        }
        yield from (f"{key} = {_toml_string(text)}" for key, text in texts.items())
        value = group.get("dose_value")
        if len(units) < 2:
            yield f"dose_value = {_toml_number(value)}"
            yield f"dose_unit = {_toml_string(units[0] if units else '')}"
        for unit in units if len(units) > 1 else ():
            yield f"dose_{re.sub('[^A-Za-z0-9]+', '_', unit).strip('_')} = {_toml_number(value if plate.get('dose_unit') == unit else None)}"


def _toml_number(value: float | None) -> str:
    return "nan" if value is None else repr(value)


def _toml_string(words: str) -> str:
    """Return a TOML string: as in JSON, but DEL (U+007F) is escaped too."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def plates_by_name(record: Record) -> list[tuple[str, Plate]]:
    """Return each plate with its name, in order; a name that two vessels have gets the vessel's name in front."""
    pairs = [(name, plate) for plate in record["plates"] for name in plate["names"]]
    vessels = [plate["vessel"] for plate in record["plates"]]
    pairs.sort(key=lambda item: (vessels.index(item[1]["vessel"]), _natural_key(item[0])))
    times = Counter(name for name, _ in pairs)
    return [(f"{plate['vessel']} {name}" if times[name] > 1 else name, plate) for name, plate in pairs]


def _natural_key(name: str) -> list[tuple[int, str]]:
    """Return a key by which plate 2 comes before plate 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


# --- from where, to where ------------------------------------------------------------------------------------------------


def _wells_by_group(record: Record) -> dict[str, Copies]:
    """Return the plates and wells of each group; a tube counts as a plate with one well."""
    copies: dict[str, Copies] = {}
    preparation_ids = {item["id"] for item in record["preparations"]}
    for name, plate in plates_by_name(record):
        wells: dict[str, list[str]] = {}
        for well, group_id in plate["wells"].items():
            wells.setdefault(group_id, []).append(well)
        for group_id, mine in wells.items():
            copies.setdefault(group_id, []).append((name, tuple(mine)))
    for vessel in record["vessels"]:
        roles = Counter(group["role"] for group in vessel["groups"])
        for group in vessel["groups"]:
            if group["id"] not in copies:
                own = group["role"] and roles[group["role"]] == 1 and group["id"] not in preparation_ids  # a sample's own name, as on its label
                name, size = group["role"] if own else group["name"], group["size"]
                copies[group["id"]] = [(vessel["id"], (name if size == 1 else f"{name}, {copy}",)) for copy in range(1, size + 1)]
    return copies


Move = tuple[str, str, str, str, Fraction]


def _pair_moves(source: Copies, target: Copies) -> Iterator[Move]:
    """Yield source plate and well, destination plate and well of each transfer, and its share of what the destination gets.

    Plates and wells go one to one in their order. Of more sources than destinations each destination gets from as many, a share of each;
    of fewer, each source serves as many destinations.
    """
    wells = {len(wells) for _, wells in (*source, *target)}
    if len(wells) == 1 and not len(source) % len(target):  # well by well: the same well of several plates is pooled
        times = len(source) // len(target)
        for number, (plate, own_wells) in enumerate(source):
            other, others = target[number // times]
            yield from ((plate, one, other, two, Fraction(1, times)) for one, two in zip(own_wells, others, strict=True))
        return
    sources = [(plate, well) for plate, own_wells in source for well in own_wells]
    targets = [(plate, well) for plate, own_wells in target for well in own_wells]
    if not len(sources) % len(targets):
        times = len(sources) // len(targets)
        yield from ((*one, *targets[number // times], Fraction(1, times)) for number, one in enumerate(sources))
    else:
        times = -(-len(targets) // len(sources))
        yield from ((*sources[number // times], *one, Fraction(1)) for number, one in enumerate(targets))


# --- labels --------------------------------------------------------------------------------------------------------------


def _fill_steps(record: Record) -> dict[str, int]:
    """Return the number of the step in which each group gets its first liquid."""
    fill_steps: dict[str, int] = {}
    for step in record["steps"]:
        for operation in step["operations"]:
            if "reagent" in operation or "from" in operation:
                for group in operation["to"]:
                    fill_steps.setdefault(group, step["number"])
    return fill_steps


def _label_day(step: int, step_times: StepTimes) -> str:
    return step_times.date(step)


def _plate_labels(record: Record, step_times: StepTimes) -> Iterator[tuple[str, ...]]:
    """Yield a label for each plate that a step fills, with its compound and the day of its first liquid."""
    fill_steps = _fill_steps(record)
    for name, plate in plates_by_name(record):
        steps = [fill_steps[group] for group in plate["groups"] if group in fill_steps]
        if plate["rows"] > 1 and steps:
            compound = next((group["compound"] for group in plate["groups"].values() if group["compound"]), "")
            yield name, compound, "", plate["labware"], _label_day(min(steps), step_times), record["identity"]["inputs"]


def _tube_labels(record: Record, step_times: StepTimes) -> Iterator[tuple[str, ...]]:
    """Yield a label for each tube that a step fills."""
    preparations, fill_steps = {item["id"]: item for item in record["preparations"]}, _fill_steps(record)
    for vessel in record["vessels"]:
        for group in vessel["groups"]:
            name, container = group["id"], group.get("labware", "")
            step = preparations[name]["step"] if name in preparations else fill_steps.get(name)
            if step is None or not group.get("is_tube"):
                continue
            if name in preparations:
                words = (preparations[name]["name"], group["compound"] or "", preparations[name]["strength"])
            else:
                words = (vessel["id"], group["role"], dose_text(group))
            for copy in range(1, group["size"] + 1):
                label = f"{words[0]}, {copy} of {group['size']}" if group["size"] > 1 else words[0]
                yield label, *words[1:], container, _label_day(step, step_times), record["identity"]["inputs"]


# --- cells ---------------------------------------------------------------------------------------------------------------


def _format_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return lines of CSV; with a byte order mark where a letter is not ASCII, without which a spreadsheet shows ``µ`` as two letters."""
    text = "".join(f"{','.join(map(_format_cell, row))}\n" for row in (head, *rows))
    return text if text.isascii() else f"\ufeff{text}"


def _format_cell(words: str) -> str:
    """Return a CSV cell; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    flat = _HIDDEN_FORMULA.sub(r"\1'", _CONTROL_BREAKS.sub(" ", words))
    safe = f"'{flat}" if _FORMULA.match(flat) else flat
    return '"' + safe.replace('"', '""') + '"' if re.search(r'[",;\'\t]|^\s|\s$', safe) else safe
