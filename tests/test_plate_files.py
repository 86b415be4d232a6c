"""What a plate is pipetted and read by: drawings, layouts for wellmap, a worklist, labels; each says what the Record says of every well."""

from __future__ import annotations

import copy
import csv
import functools
import io
import itertools
import json
import math
import re
import tomllib
from collections import Counter
from fractions import Fraction
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.platemap import format_plates
from benchsheet.formats.worklist import LABEL_COLUMNS, MOVE_COLUMNS, format_labels, format_wellmap, format_worklist, plates_by_name
from benchsheet.lab import parse_profile
from benchsheet.repipette import replay
from tests.records import dose_of, wells_of, when

MONDAY = "2026-11-23T09:00"
RUNS = {
    "srb": ("srb", {"plates": "4"}),
    "two compounds": ("srb", {"plates": "3", "compounds": "alpha,beta"}),
    "12 plates": ("srb", {"plates": "12"}),
    "western": ("western-blot", {"samples": "12"}),
    "24 samples": ("western-blot", {"samples": "24"}),
    "co-ip": ("co-ip", {}),
}
HOSTILE = (
    *("<b>x</b>", "]]>", "&amp;", '"', '"""', "\\", "\u202eleft", "日本" * 40, "💊", "a\x00b\x1bc\x7f", "a\r\nb"),
    *("w" * 10_000, "=1+1", "+1", "-1", "@x", "\tx"),
    *(" =1", "a,b;c", "'", "＝1", "[plate.x]", "# x", "a.b"),
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
every_run = pytest.mark.parametrize(("name", "given"), RUNS.values(), ids=RUNS)


def run(name, given, start=""):
    return _run(name, tuple(given.items()), start)


@functools.cache
def _run(name, values, start):
    return render(library.load_source(name), dict(values), None, start)


def wells(record):
    """Return every well of every plate, by the plate's name and its own."""
    return {(name, well): (plate, spot) for name, plate in plates_by_name(record) for well, spot in wells_of(plate).items()}


def renamed(record, words):
    """Return a Record in which whatever has a name is called *words*."""
    found = copy.deepcopy(record)
    for spot in [spot for plate in found["plates"] for spot in plate["groups"].values()]:
        spot["role"] = spot["compound"] = words
    for vessel in found["vessels"]:
        for group in vessel["groups"]:
            group["role"], group["compound"] = words, words
    for made in found["preparations"]:
        made["name"] = words
    found["protocol"]["title"] = found["invocation"]["command"] = words
    for plate in found["plates"]:
        plate["labware"] = words
    return found


def read(words):
    return list(csv.reader(io.StringIO(words.removeprefix("\ufeff"), newline="")))


# --- drawings ------------------------------------------------------------------------------------------------------------


def parsed(words):
    return ET.fromstring(words)  # noqa: S314 - made here


def drawn(record):
    """Return the map of each layout: the drawing itself where there is one, else those in it."""
    whole = parsed(format_plates(record))
    maps = [whole] if len(record["plates"]) == 1 else whole.findall(f"{SVG}svg")
    return {plate["layout"]: root for plate, root in zip(record["plates"], maps, strict=True)}


@every_run
def test_each_well_of_a_drawing_says_its_mark_its_role_and_its_dose(name, given):
    record = run(name, given)
    maps = drawn(record)
    assert len(maps) == len(record["plates"])
    for root, plate in zip(maps.values(), record["plates"], strict=True):
        shown = {group.get("data-well"): [text.text for text in group.findall(f"{SVG}text")] for group in root.findall(f"{SVG}g")}
        assert shown == {
            well: [spot["mark"], spot["role"], *([dose_of(spot)["text"]] if dose_of(spot) else [])] for well, spot in wells_of(plate).items()
        }


@every_run
def test_wells_stand_in_rows_and_columns_inside_the_drawing(name, given):
    for root in drawn(run(name, given)).values():
        *_, wide, high = map(float, root.get("viewBox").split())
        places = {group.get("data-well"): group.find(f"{SVG}rect") for group in root.findall(f"{SVG}g")}
        for well, box in places.items():
            left, top, across, down = (float(box.get(key)) for key in ("x", "y", "width", "height"))
            assert 0 < left < left + across <= wide
            assert 0 < top < top + down <= high
            assert top == float(places.get(f"{well[0]}1", box).get("y"))
            assert left == float(places.get(f"A{well[1:]}", box).get("x"))
        spots = [(box.get("x"), box.get("y")) for box in places.values()]
        assert len(set(spots)) == len(spots)


def test_wells_are_told_apart_without_colour():
    root = drawn(run("srb", {}))["culture, odd"]
    looks = {}
    for group in root.findall(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        mark = group.find(f"{SVG}text").text
        looks[mark] = (float(box.get("fill-opacity")), float(box.get("stroke-width")), box.get("stroke-dasharray"))
    dark = [looks[f"D{dose}"][0] for dose in range(1, 9)]
    assert dark == sorted(dark, reverse=True)
    assert len(set(dark)) == 8
    assert max(dark) < 0.3  # words stay readable on it
    assert {looks[mark][1] > looks["D1"][1] for mark in "VUKB"} == {True}
    assert looks["."][2]


@every_run
def test_a_drawing_has_a_title_and_says_all_wells_in_words(name, given):
    record = run(name, given)
    for root, plate in zip(drawn(record).values(), record["plates"], strict=True):
        title, said = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("role") == "img"
        assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), said.get("id"))
        assert f"{plate['labware']}: {', '.join(plate['names'])}" in title.text
        assert record["identity"]["inputs"] in said.text
        for well, spot in wells_of(plate).items():
            assert re.search(rf"{re.escape(spot['role'])}[^;]*: [^;]*\b{well}\b", said.text)
            if dose_of(spot):
                assert dose_of(spot)["text"] in said.text
    svg = format_plates(record)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) <= {"currentColor", "none"}
    assert not re.search(r"#[0-9a-f]{3}|rgb|style=|<script|href|http(?!://www\.w3\.org/2000/svg)", svg)


@every_run
def test_all_layouts_stand_below_one_another_in_one_drawing(name, given):
    record = run(name, given)
    whole = parsed(format_plates(record))
    if len(record["plates"]) > 1:
        shown = whole.findall(f"{SVG}svg")
        assert (whole.get("role"), {each.get("role") for each in shown}) == ("group", {"img"})
        assert record["protocol"]["title"] in whole.find(f"{SVG}title").text
        ends = [(float(each.get("y")), float(each.get("y")) + float(each.get("height"))) for each in shown]
        assert all(end < begin for (_, end), (begin, _) in itertools.pairwise(ends))
        assert ends[-1][1] <= float(whole.get("height"))
        assert max(float(each.get("width")) for each in shown) <= float(whole.get("width"))
    ids = [each.get("id") for each in whole.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)


def test_what_does_not_fit_into_a_well_stands_below_in_full():
    record = renamed(run("western-blot", {"samples": "12"}), "a long name of a sample that no well has room for, lot 7")
    for root in drawn(record).values():
        inside = [text.text for group in root.findall(f"{SVG}g") for text in group.findall(f"{SVG}text")]
        assert any(words.endswith("…") for words in inside)
        below = " ".join(" ".join(text.text.split()) for text in root.findall(f"{SVG}text"))
        assert "a long name of a sample that no well has room for, lot 7" in below


def test_a_run_without_plates_is_refused(sheet):
    bare = cast("Any", {**sheet(), "plates": []})
    for write_file in (format_plates, format_wellmap, format_worklist):
        with pytest.raises(ProtocolError, match="plate"):
            write_file(bare)


# --- wellmap ---------------------------------------------------------------------------------------------------------------


MICROMOLAR = {"pmol/L": Fraction(1, 10**6), "nmol/L": Fraction(1, 1000), "umol/L": Fraction(1), "mmol/L": Fraction(1000)}


def told(spot, plate, unit):
    """Return what a row of the layout is to say; a dose in µM, zero for the vehicle."""
    value = float(Fraction(str(dose_of(spot)["value"])) * MICROMOLAR[dose_of(spot)["unit"]]) if dose_of(spot) else math.nan
    return {
        "labware": plate["labware"],
        "group": spot["group"],
        "mark": spot["mark"],
        "role": spot["role"],
        "compound": spot["compound"] or "",
        "dose": dose_of(spot)["text"] if dose_of(spot) else "",
        "dose_value": 0 if unit and spot["role"] == "vehicle" else value,
        "dose_unit": unit,
    }


def unit_of(record):
    return "umol/L" if any(dose_of(spot) for _, spot in wells(record).values()) else ""


def same(one, other):
    return one.keys() == other.keys() and all(one[key] == other[key] or (one[key] != one[key] and other[key] != other[key]) for key in one)


@every_run
def test_the_layout_is_toml_that_says_every_well_once(name, given):
    record = run(name, given)
    found = {}
    for plate, groups in tomllib.loads(format_wellmap(record))["plate"].items():
        for keys, values in groups["well"].items():
            for well in keys.split(","):
                assert (plate, well) not in found
                found[plate, well] = values
    wanted = {key: told(spot, plate, unit_of(record)) for key, (plate, spot) in wells(record).items()}
    assert found.keys() == wanted.keys()
    assert all(same(found[key], wanted[key]) for key in wanted)


@every_run
def test_wellmap_loads_the_same_table(tmp_path, name, given):
    package = pytest.importorskip("wellmap", reason="wellmap brings pandas: it is tried where it is installed")
    record = run(name, given)
    (tmp_path / "plates.toml").write_text(format_wellmap(record), "utf-8")
    table = package.load(tmp_path / "plates.toml")
    wanted = {key: told(spot, plate, unit_of(record)) for key, (plate, spot) in wells(record).items()}
    assert len(table) == len(wanted)
    for row in table.to_dict("records"):
        mine = wanted[row["plate"], row["well"]]
        assert same({key: row[key] for key in mine}, mine)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_words_from_outside_are_words_in_a_layout_and_a_drawing(words):
    record = renamed(run("srb", {}), words)
    for plate in tomllib.loads(format_wellmap(record))["plate"].values():
        for values in plate["well"].values():
            assert (values["role"], values["compound"], values["labware"]) == (words, words, words)
    usual = drawn(run("srb", {}))
    flat = re.sub("[\x00\x1b\x7f\u202a-\u202e\u2066-\u2069]", "\ufffd", words.replace("\r\n", "\n"))  # and what would turn words round
    for root, plain in zip(drawn(record).values(), usual.values(), strict=True):
        assert {part.tag for part in root.iter()} == {part.tag for part in plain.iter()}
        assert root.find(f"{SVG}title").text.startswith(flat)


# --- the worklist ------------------------------------------------------------------------------------------------------------


def sizes(record):
    return {group["id"]: group["size"] for vessel in record["vessels"] for group in vessel["groups"]}


def listed(rows, mapped):
    """Return the rows of a worklist that begin or end on a plate; the others say what is mixed for one."""
    return [row for row in rows if {row[1], row[3]} & mapped]


@every_run
def test_the_worklist_moves_what_the_steps_move_into_and_out_of_plates(name, given):
    """A line for each source and well: of two dishes into one tube two lines with half of it each."""
    record = run(name, given)
    head, *rows = read(format_worklist(record))
    assert tuple(head) == MOVE_COLUMNS
    mapped, size = {plate["vessel"] for plate in record["plates"]}, sizes(record)
    wanted: Counter[tuple[str, Fraction]] = Counter()
    for step in record["steps"]:
        for operation in step["operations"]:
            if "from" in operation:
                for group in operation["to"]:
                    if {operation["from"].partition("/")[0], group.partition("/")[0]} & mapped:
                        many = max(size[group], size[operation["from"]])
                        unit = {"uL": 1, "mL": 1000}[operation["each"]["unit"]]
                        wanted[str(step["number"]), Fraction(str(operation["each"]["value"])) * unit * size[group] / many] += many
    names = {plate for plate, _ in plates_by_name(record)}
    assert Counter((row[0], Fraction(row[5])) for row in listed(rows, names)) == wanted
    assert {row[6] for row in rows} == {"uL"}
    assert all(all(row[:6]) for row in rows)


@every_run
def test_what_is_mixed_in_a_tube_for_a_plate_stands_in_the_worklist(name, given):
    """Every tube that a step makes and a plate is filled from gets, in the worklist, the volume that it makes."""
    record = run(name, given)
    rows = read(format_worklist(record))[1:]
    mapped = {plate["vessel"] for plate in record["plates"]}
    feeding = {act.get("from") for step in record["steps"] for act in step["operations"] for group in act["to"] if group.partition("/")[0] in mapped}
    for tube in record["preparations"]:
        if tube["id"] in feeding and all("from" in part or "reagent" in part for part in tube["components"]):
            vessel, _, place = tube["id"].partition("/")
            poured = sum(Fraction(row[5]) for row in rows if (row[3], row[4]) == (vessel, place))
            unit = {"uL": 1, "mL": 1000}[tube["volume"]["unit"]]
            assert poured == Fraction(str(tube["volume"]["value"])) * unit, tube["id"]


def test_a_measured_blot_lists_what_is_mixed_and_an_open_one_nothing_that_waits():
    """20 µg in 20 µL at 3, 2.5 and 2 mg/mL, and 65 x 1.1 / 3 = 23.9 µL for the range: 43.9 x 1.1 + 2 = 50.3, up to 51 µL a tube.

    51 / 3, 51 / 2.5, 51 / 2 are 17, 20.4 and 25.5 µL; a quarter of it is buffer, 12.75 µL, set to 12.76.
    """
    values = {"samples": "a,b,c", "lysis": "B", "load_mass": "20 ug"}
    rows = read(format_worklist(run("western-blot", values | {"protein": "3; 2.5; 2 mg/mL"})))[1:]
    mixed = [(row[1], row[2], row[5]) for row in rows if row[3:5] == ["ready", "sample 1"]]
    assert mixed == [("lysate", "a", "17"), ("reagent", "RIPA with fresh inhibitors", "21.2"), ("reagent", "4x SDS sample buffer, DTT", "12.76")]
    assert [row[5] for row in rows if row[1] == "lysate"] == ["17", "20.4", "25.5"]
    assert {row[3] for row in read(format_worklist(run("western-blot", values)))[1:]} == {"lysate", "control lysate", "gel"}


@every_run
def test_each_move_leads_from_a_place_to_the_namesake_well(name, given):
    record = run(name, given)
    there = wells(record)
    groups = {group["id"] for vessel in record["vessels"] for group in vessel["groups"]}
    called = {(vessel["id"], group["role"]): group["id"].partition("/")[2] for vessel in record["vessels"] for group in vessel["groups"]}
    allowed = {
        (str(step["number"]), operation["from"], group)
        for step in record["steps"]
        for operation in step["operations"]
        if "from" in operation
        for group in operation["to"]
    }

    def group_of(plate, well):
        if (plate, well) in there:
            return there[plate, well][1]["group"]
        single = well.rpartition(",")[0]  # of two tubes of one sample
        names = [f"{plate}/{called.get((plate, each), each)}" for each in (well, single)]
        return next(name for name in names if name in groups)

    plates = {plate for plate, _ in plates_by_name(record)}
    moves = {(row[0], group_of(*row[1:3]), group_of(*row[3:5])) for row in listed(read(format_worklist(record))[1:], plates)}
    mapped = {plate["vessel"] for plate in record["plates"]}
    assert moves == {move for move in allowed if {move[1].partition("/")[0], move[2].partition("/")[0]} & mapped}


def test_a_plate_goes_to_a_plate_well_by_well():
    record = copy.deepcopy(run("srb", {"plates": "2"}))
    operation = {"op": "transfer", "from": "culture/dose 1", "to": ["copy/dose 1"], "each": {"value": 5, "unit": "uL", "text": "5 µL"}, "times": 2}
    record["steps"] = [{"number": 7, "operations": [operation]}]
    for plate in record["plates"][:2]:
        copied = {well: group.replace("culture", "copy") for well, group in plate["wells"].items()}
        groups = {name.replace("culture", "copy"): group for name, group in plate["groups"].items()}
        record["plates"].append({**plate, "vessel": "copy", "groups": groups, "wells": copied})
    culture = next(vessel for vessel in record["vessels"] if vessel["id"] == "culture")
    copied_groups = [{**group, "id": group["id"].replace("culture", "copy")} for group in culture["groups"]]
    record["vessels"].append({**culture, "id": "copy", "groups": copied_groups})
    rows = read(format_worklist(record))[1:]
    assert len(rows) == 2 * 6 * 2
    assert {(source, target) for _, source, _, target, *_ in rows} == {("culture plate 1", "copy plate 1"), ("culture plate 2", "copy plate 2")}
    assert all(one == other for _, _, one, _, other, _, _ in rows)
    operation["to"] = ["t0/cells"]  # pooled: half of the 5 µL from the well of either plate
    rows = [tuple(row[1:6]) for row in read(format_worklist(record))[1:]]
    assert sorted(set(rows)) == sorted((f"culture plate {number}", f"{row}3", "T0", f"{row}2", "2.5") for number in (1, 2) for row in "BCDEFG")
    assert len(rows) == 2 * 12


def test_a_volume_that_is_known_at_the_bench_only_is_left_open():
    record = copy.deepcopy(run("western-blot", {"samples": "2"}))
    for step in record["steps"]:
        for operation in step["operations"]:
            operation["each"] = {"value": None, "unit": "uL", "text": "____"}
    assert {tuple(row[5:]) for row in read(format_worklist(record))[1:]} == {("", "uL")}


def test_a_tube_of_a_sample_is_called_as_on_its_label():
    record = run("western-blot", {"samples": "ctl,drug"})
    moves = list(csv.DictReader(io.StringIO(format_worklist(record))))
    tubes = {row["sample"] or row["label"] for row in csv.DictReader(io.StringIO(format_labels(record).lstrip("\ufeff")))}
    assert {row["source well"] for row in moves if row["source plate"] == "lysate"} == {"ctl", "drug"} <= tubes


def test_plates_come_in_the_order_of_their_numbers():
    names = [name for name, _ in plates_by_name(run("srb", {"plates": "12"}))]
    assert names == [*(f"plate {number}" for number in range(1, 13)), "T0"]


# --- labels ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("named", "start"), [*((named, "") for named in RUNS), *((named, MONDAY) for named in RUNS if named != "12 plates")])
def test_every_preparation_and_every_filled_tube_has_its_label(named, start):
    name, given = RUNS[named]
    record = run(name, given, start)
    head, *rows = read(format_labels(record))
    assert tuple(head) == LABEL_COLUMNS
    assert {row[5] for row in rows} == {record["identity"]["inputs"]}
    for made in record["preparations"]:
        mine = [row for row in rows if row[0] == made["name"] and row[2] == made["strength"] and row[3] == made["container"]]
        assert mine
        days = {when(row["begin"])[:10] for row in record["schedule"] if row["step"] == made["step"]} if start else set()
        assert {row[4] for row in mine} == ({min(days)} if days else {""})
    filled = {group for step in record["steps"] for operation in step["operations"] for group in operation["to"]} - {
        m["id"] for m in record["preparations"]
    }
    for vessel in record["vessels"]:
        for group in vessel["groups"]:
            if group["id"] in filled and group["is_tube"]:
                size = group["size"]
                names = [f"{vessel['id']}, {copy} of {size}" for copy in range(1, size + 1)] if size > 1 else [vessel["id"]]
                assert [row[0] for row in rows if row[0] in names and row[1] == group["role"]] == names
    assert len({tuple(row) for row in rows}) == len(rows)  # no two tubes have one label


@pytest.mark.parametrize("name", ["co-ip", "srb", "western-blot"])
def test_a_lab_may_call_its_tubes_as_it_likes_and_they_have_their_labels(name):
    """A vial is a tube by what it is, not by its word; a tank with 'tube' in its name would not be one."""
    text = library.load_text("macros/benchsheet/lab/default.yml")
    for word in ("1.5 mL tube", "15 mL tube", "50 mL tube"):
        text = text.replace(f"  {word}:", f"  {word.replace('tube', 'vial')}:")
    vials = render(library.load_source(name), {}, parse_profile(text, "lab.yml"))
    usual = [row[0] for row in read(format_labels(run(name, {})))]
    assert [row[0] for row in read(format_labels(vials))] == usual
    assert any("vial" in row[3] for row in read(format_labels(vials)))


def test_the_dishes_of_one_sample_give_tubes_with_labels_of_their_own():
    rows = [row for row in read(format_labels(run("co-ip", {"samples": "2"}))) if row[0].startswith("lysate")]
    assert [row[:2] for row in rows] == [[f"lysate, {dish} of 2", f"sample {number}"] for number in (1, 2) for dish in (1, 2)]


def test_a_dose_has_its_strength_and_its_compound_on_the_label():
    rows = read(format_labels(run("srb", {"plates": "2", "compounds": "alpha,beta"}, MONDAY)))
    firsts = [row for row in rows if "working" in row[0] and "dose 1" in row[0]]
    assert [row[1:5] for row in firsts] == [[name, "20 µM (2x)", "15 mL tube", "2026-11-24"] for name in ("alpha", "beta")]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_cell_is_words_and_never_a_formula(words):
    record = renamed(run("western-blot", {"samples": "2"}), words)
    flat = re.sub(r"[\x00-\x08\x0a-\x1f\x7f]+", " ", words)
    rows = read(format_labels(record))
    assert all(len(row) == len(LABEL_COLUMNS) for row in rows)
    assert format_labels(record).count("\n") == len(rows)
    first = rows[1][0]
    assert first in (flat, f"'{flat}")
    assert (first == f"'{flat}") == (flat.lstrip(" ")[0] in "=+-@\t＝")
    for row in rows[1:]:
        assert not any(cell and cell.lstrip(" ")[:1] in tuple("=+-@\t") for cell in row)


def test_a_run_without_tubes_is_refused(sheet):
    with pytest.raises(ProtocolError, match="kept in a tube"):
        format_labels(cast("Any", {**sheet(), "preparations": [], "vessels": [], "plates": []}))


@every_run
def test_every_plate_has_its_label_and_a_gel_has_none(name, given):
    record = run(name, given, MONDAY if name == "srb" and "compounds" in given else "")
    rows = read(format_labels(record))[1:]
    plates = {name: plate for name, plate in plates_by_name(record) if plate["rows"] > 1}
    assert {row[0]: row[3] for row in rows if row[0] in plates} == {name: plate["labware"] for name, plate in plates.items()}
    gels = {name for name, plate in plates_by_name(record) if plate["rows"] == 1}
    assert not gels & {row[0] for row in rows}


def test_the_label_of_a_plate_says_its_compound_and_the_day_it_is_seeded():
    rows = {row[0]: row for row in read(format_labels(run("srb", {"plates": "1", "compounds": "alpha,beta"}, MONDAY)))}
    assert [rows[name][1:5] for name in ("plate 1", "plate 2", "T0")] == [
        ["alpha", "", "96-well plate", "2026-11-23"],
        ["beta", "", "96-well plate", "2026-11-23"],
        ["", "", "96-well plate", "2026-11-23"],
    ]


# --- for a spreadsheet -------------------------------------------------------------------------------------------------------


def test_a_spreadsheet_is_told_that_a_file_with_a_micro_sign_is_utf_8():
    """Without the mark EF BB BF a spreadsheet takes the two bytes of µ for two letters; a file of ASCII needs none."""
    assert format_labels(run("srb", {})).encode().startswith(b"\xef\xbb\xbflabel,")
    assert format_worklist(run("western-blot", {"samples": "2"})).encode().startswith(b"step,")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("words", ["a;=1+1", "a|=1", "x; +2", "=1", "a;@b"])
def test_a_cell_is_no_formula_whichever_separator_a_spreadsheet_takes(words, separator):
    content = format_labels(renamed(run("western-blot", {"samples": "2"}), words)).removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
        assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in row if cell)


# --- one unit, no compound where there is none -------------------------------------------------------------------------------


@every_run
def test_a_compound_stands_only_where_a_dose_does(name, given):
    record = run(name, given)
    for _, spot in wells(record).values():
        assert (spot["compound"] is not None) == (dose_of(spot) is not None)


def test_very_small_doses_take_a_smaller_unit_without_an_exponent():
    """Trametinib from 100 nM down by half-logs ends at 31.62 pM: 0.03162 in nM, which JSON and replay read as it stands."""
    record = run("srb", {"drug": "trametinib"})
    (unit,) = {plate["dose_unit"] for plate in record["plates"] if "dose_unit" in plate}
    numbers = {spot["dose_value"] for plate in record["plates"] if "dose_unit" in plate for spot in wells_of(plate).values() if dose_of(spot)}
    assert (unit, min(numbers), max(numbers)) == ("nmol/L", 0.03162, 100)
    assert replay(json.dumps(record)).wrong == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"doses": "10"},
        {"solvent": "water"},
        {"solvent": "buffer", "compounds": "peptide", "stock": "1 mM"},
        {"compounds": "a,b"},
        {"addition": "replace"},
    ],
    ids=str,
)
def test_doses_in_one_unit_are_as_many_as_the_sheet_has(given):
    """Eight doses are eight numbers, falling; 10 nM and 10 µM are a factor of 1000 apart. Vehicle is zero, PBS and kill control have none."""
    record = run("srb", given)
    for plate in record["plates"]:
        if plate["vessel"] == "culture":
            by_role: dict[str, set[float | None]] = {}
            for spot in wells_of(plate).values():
                by_role.setdefault(spot["role"], set()).add(spot["dose_value"])
            assert len(by_role["dose"]) == int(given.get("doses", "8"))
            assert by_role["vehicle"] == {0}
            assert by_role["PBS"] == by_role["kill"] == by_role["blank"] == {None}
            for spot in wells_of(plate).values():
                if dose_of(spot):
                    assert math.isclose(spot["dose_value"], dose_of(spot)["value"] * float(MICROMOLAR[dose_of(spot)["unit"]]), rel_tol=1e-12)
    units = set(re.findall(r"^dose_unit = (.*)$", format_wellmap(record), re.MULTILINE))
    assert units == {'"umol/L"'}


def test_compounds_with_doses_of_two_kinds_have_each_its_column_and_a_zero_for_its_vehicle():
    record = run("srb", {"compounds": "VS-4718; mystery", "top_dose": "10 uM; 5 ug/mL", "stock": "10 mM; 10 mg/mL"})
    plates = tomllib.loads(format_wellmap(record))["plate"]
    columns = {"VS-4718": "dose_umol_L", "mystery": "dose_ug_mL"}
    for name, plate in plates.items():
        named = {table["compound"] for table in plate["well"].values()} - {""}
        for table in plate["well"].values():
            assert "dose_value" not in table
            for compound, column in columns.items():
                if table["compound"] == compound:
                    number, unit = table["dose"].split()
                    assert table[column] == pytest.approx(float(number) / (1000 if unit[0] == "n" else 1)), table
                else:
                    assert table[column] == 0 if table["role"] == "vehicle" and compound in named else math.isnan(table[column]), (name, table)
