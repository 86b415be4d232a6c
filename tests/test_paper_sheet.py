"""The sheet on paper: what the PDF says is the Record's, it fits its pages, no step is cut, and the same Record gives the same bytes."""

from __future__ import annotations

import copy
import functools
import hashlib
import io
import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pypdf = pytest.importorskip("pypdf", reason="pypdf reads the text of a PDF")
pytest.importorskip("typst", reason="typst sets the PDF")
zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads QR codes")

from PIL import Image  # noqa: E402
from typst import Compiler  # noqa: E402

from benchsheet.errors import ProtocolError  # noqa: E402
from benchsheet.formats.outline.times import RELATIVE_TIMES_NOTE, StepTimes, split_moment  # noqa: E402
from benchsheet.formats.pdf import LAYOUT_FILE, LAYOUT_FOLDER  # noqa: E402
from benchsheet.formats.pdf import sheet as paper  # noqa: E402
from benchsheet.formats.pdf.sheet import format_pdf, typst_markup  # noqa: E402
from benchsheet.formats.pdf.typst_text import clean_text, rich_text, typst_string  # noqa: E402
from benchsheet.formats.qr import permalink  # noqa: E402
from benchsheet.markup import ProseParagraph, format_prose  # noqa: E402
from benchsheet.protocol.citations import work_address  # noqa: E402
from tests.records import (  # noqa: E402
    LONG,
    SHEETS,
    START,
    UNITS,
    VERSIONS,
    batching,
    dose_of,
    moment_of,
    record_named,
    record_of,
    strings,
    wells_of,
    when,
)  # fmt: skip

HOSTILE = 'a*b|c <b>#let x = "y" $1^2$ @foo [U](v) \\ `q` // _z_ ~ {{x}} ] } ) \'" --'
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True)).replace(" ", "[ \u00a0]")
AMOUNT = re.compile(rf"(?<![\w.,])([−-]?\d[\d.]*(?:\u00a0\d{{3}}(?!\d))*)[ \u00a0]?({_UNIT})(?![\w/])")
CLOCK = re.compile(r"\+\d+:\d\d|^hours \d+ to \d+$", re.MULTILINE)
parametrized = pytest.mark.parametrize("name", SHEETS)


@functools.cache
def _raw_pages(name):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(format_pdf(record_named(name)))).pages]


def _pages_named(name):
    return [shown(page) for page in _raw_pages(name)]


def pages(made):
    """Return the text of each page."""
    return [shown(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def shown(words):
    """Return words with the blanks that hold a line together as plain ones, and without the signs that let it break."""
    return re.sub("[\u200b\u2060]", "", re.sub("[\u00a0\u202f]", " ", words))


def squeezed(words):
    """Return words without any blank: where a line breaks is not what they say."""
    return re.sub(r"\s", "", shown(clean_text(words)))


def amounts(words):
    """Return the numbers with their units; a blank that does not break stands within a number, never between two."""
    found = AMOUNT.findall(re.sub(r"[ \n]+", " ", re.sub("[\u200b\u2060]", "", words)))
    return {(number, unit.replace("\u00a0", " ")) for number, unit in found}


# --- pages -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("protocol", "most"), [("srb", 4), ("western-blot", 5), ("co-ip", 7)])
def test_a_sheet_of_defaults_has_few_pages(protocol, most):
    assert len(pages(format_pdf(record_of(protocol, ())))) <= most


@parametrized
def test_the_usual_sheets_fit_their_pages(name):
    assert len(_pages_named(name)) <= SHEETS[name][3]


@parametrized
def test_on_letter_paper_they_fit_as_many(name):
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record_named(name), "Letter")))
    assert len(reader.pages) <= SHEETS[name][3]
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    assert deviations(reader) >= 18


@parametrized
def test_there_is_room_for_deviations(name):
    assert deviations(pypdf.PdfReader(io.BytesIO(format_pdf(record_named(name))))) >= 25


def deviations(reader):
    """Return the millimetres between the heading and the signatures, which are on one page."""
    places = placed(reader.pages[-1])
    high = {words: y for words, _, y in places}
    return (high["Deviations"] - high["done by"]) / 72 * 25.4 - 6  # the heading, and the line of the signatures


def placed(page):
    """Return the words of a page with where they stand."""
    found = []
    page.extract_text(visitor_text=lambda words, cm, tm, *_: found.append((words.strip(), tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5])))
    return found


def test_a_gel_is_on_one_page_and_its_map_has_a_title():
    every = pages(format_pdf(record_of("co-ip", (("samples", "24"),))))
    with_gels = [page for page in every if "18-well midi gel" in page.partition("Lane maps")[2]]
    assert len(with_gels) == 1
    assert all(with_gels[0].count(f"\ngel {number} ") == 2 for number in range(1, 7))  # lanes 1 to 9, and the rest


def test_a_step_longer_than_a_page_begins_with_its_first_action():
    for page in pages(format_pdf(record_of("western-blot", (("samples", "96"), ("lysis", "B"))))):
        if "Mix with sample buffer" in page and "ready sample 30" in page:
            break
    else:
        pytest.fail("its head and its table are on different pages")


def test_tubes_to_label_go_on_in_the_next_column_and_say_their_volume_once():
    record = record_of("western-blot", (("samples", "96"), ("lysis", "B")))
    assert max(part.count("ready sample") for part in typst_markup(record).split("tubes(")[1:-1]) == 12
    words = squeezed("".join(pages(format_pdf(record))))
    tube = next(made for made in record["preparations"] if made["name"] == "ready sample 40")
    assert squeezed(f"{tube['name']}: {tube['strength']}") in words
    record = copy.deepcopy(record)
    next(made for made in record["preparations"] if made["name"] == "ready sample 40")["strength"] = f"20 µg in {tube['volume']['text']}"
    assert squeezed(f"ready sample 40: 20 µg in {tube['volume']['text']} ready sample 41") in squeezed("".join(pages(format_pdf(record))))


def test_a_blank_to_write_in_is_wide_and_near_its_name():
    stroke = 9 * 0.5 / 72 * 25.4  # an underscore of the smallest type
    for name in ("western", "co-ip"):
        blanks = re.findall("_+", "".join(_raw_pages(name)))
        assert blanks
        assert min(map(len, blanks)) * stroke >= 12
        steps = typst_markup(record_named(name)).partition('section("Steps")')[2]
        assert {len(blank) for blank in re.findall("_{3,}", steps)} == {11}
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record_of("western-blot", (("samples", "96"), ("lysis", "B"))))))
    places = [place for page in reader.pages for place in placed(page)]
    ready = [place for place in places if place[0] == "ready\u00a0sample\u00a030" or shown(place[0]) == "ready sample 30"]
    assert any(abs(y - other) < 3 and 0 < across - x < 200 for _, x, y in ready for words, across, other in places if set(words) == {"_"}), (
        "the blank stands far from its sample"
    )


def test_the_paper_is_a4_unless_said_otherwise(sheet):
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(sheet())))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    with pytest.raises(ProtocolError, match="no paper 'a5'"):
        format_pdf(sheet(), "a5")


@parametrized
def test_no_step_is_cut_by_the_end_of_a_page(name):
    record, every = record_named(name), [squeezed(page) for page in _pages_named(name)]
    for step in record["steps"]:
        head = squeezed(f"{step['number']} {step['title']}") + squeezed(step["hands_on"]["total"]["text"])
        words = [part.text for part in format_prose(re.sub(r"\s*\[@[\w-]+\]", "", step["markdown"])) if isinstance(part, ProseParagraph)]
        mine = [page for page in every if head in page and all(squeezed(each)[:12] in page and squeezed(each)[-12:] in page for each in words)]
        assert mine, step["title"]


@pytest.mark.parametrize("name", LONG)
def test_long_counts_flow(name):
    protocol, given = LONG[name]
    record = record_of(protocol, tuple(given.items()))
    every = pages(format_pdf(record))
    words = squeezed("".join(every))
    for plate in record["plates"]:
        assert all(squeezed(label) in words for label in plate["names"][:2])
    assert all(squeezed(f"{step['number']} {step['title']}") in words for step in record["steps"])
    assert len(every) <= 10
    assert "page 2 of " in every[1]


# --- what it says --------------------------------------------------------------------------------------------------------------


@parametrized
def test_every_number_with_a_unit_is_in_the_record(name):
    record = record_named(name)
    known = {found for words in strings(record) for found in amounts(clean_text(words))}
    words = "\n".join(_raw_pages(name)).replace(record["identity"]["inputs"], "a digest")  # one in some thousands is all figures
    found = amounts(CLOCK.sub(" ", words))
    assert len(found) > 60
    assert found - known == set()


@parametrized
def test_it_says_all_that_the_record_says(name):
    record, words = record_named(name), squeezed("".join(_pages_named(name)))
    told = [
        record["protocol"]["title"],
        record["protocol"]["summary"],
        record["protocol"]["version"],
        record["identity"]["inputs"],
        record["invocation"]["command"],
    ]
    told += [record["notice"], *[line["text"] for line in record["totals"]], record["hands_on"]["text"]]
    told += [text for item in record["lab"]["settings"] for text in (item["name"], item["value"])]
    told += [entry[key] for entry in record["parameters"].values() if entry["used"] and entry["text"] for key in ("label", "text")]
    for item in record["reagents"]:
        if not item["made"]:
            told += [item["name"], item["used"]["text"], item["prepare"]["text"], item["overage"]["text"], item["storage"], item["note"]]
    for item in record["preparations"]:
        told += [
            item["name"],
            item["volume"]["text"],
            item["storage"],
            item["strength"] if item["step"] else "",
            item["container"],
            item["overage"]["text"],
        ]
        told += [part["amount"]["text"] for part in item["components"] if not part.get("fill_to_mark") and not item["step"]]
        told += [part["formula"] for part in item["components"] if part.get("formula") and not part.get("fill_to_mark")]
    for step in record["steps"]:
        told += [step["title"], step["hands_on"]["total"]["text"], batching(step), step["pause_point"], step["at"]["text"] if step["at"] else ""]
        told += [text for hazard in step["hazards"] for text in (hazard["name"], hazard["handling"], *hazard["pictograms"], *hazard["codes"])]
        started = bool(SHEETS[name][2])  # a time of the clock says it better than what was planned
        told += [text["text"] for key, text in (step["wait"] or {}).items() if text and not (started and key == "planned")]
    told += [text for item in record["controls"] for text in (item["name"], item["why"])]
    told += [text for gate in record["gates"] for text in (gate["name"], gate["limit"], gate["reading"])]
    told += [warning["message"] for warning in record["warnings"]]
    told += [text for item in record["waste"] for text in (item["stream"], item["volume"]["text"], item["disposal"])]
    told += [text for item in record["leftovers"] for text in (item["name"], item["disposal"])]
    told += [item["name"] for item in record["equipment"]] + [work["text"] for work in record["citations"]]
    assert [text for text in dict.fromkeys(told) if squeezed(text) not in words] == []


@parametrized
def test_it_says_the_words_of_each_step(name):
    record, words = record_named(name), re.sub(r"\[\d+\]", "", squeezed("".join(_pages_named(name))))  # works are numbers there
    for step in record["steps"]:
        for part in format_prose(re.sub(r"\s*\[@[\w-]+\]", "", step["markdown"])):
            for cell in [part.text] if isinstance(part, ProseParagraph) else [*part.head, *(cell for row in part.rows for cell in row)]:
                assert all(squeezed(sentence) in words for sentence in re.split(r"(?<=\.) ", cell)), (step["title"], cell)


@parametrized
def test_each_action_has_a_box_and_each_step_its_blanks(name):
    record, markup = record_named(name), typst_markup(record_named(name))
    captions = [line for step in record["steps"] for line in step["markdown"].split("\n\n") if re.fullmatch(r"\*\*[^*]+\*\*", line.strip())]
    remarks = [line for step in record["steps"] for line in step["markdown"].split("\n") if re.fullmatch(r"\*[^*]+\*", line.strip())]
    assert remarks or not name.startswith("srb")  # strokes of a pipette
    bare = len(captions) + len(remarks) + {"srb": 2, "co-ip": 3}.get(name.split()[0], 0)  # and the formulas by which it is read
    actions = sum(isinstance(part, ProseParagraph) for step in record["steps"] for part in format_prose(step["markdown"])) - bare
    assert ("inhibitor" in str(captions)) == name.startswith("srb")  # the dose series has a name for each table
    assert markup.count(" action(") + markup.count("{action(") == actions
    assert len(re.findall(r"[{ ]step\(", markup)) == len(record["steps"])
    assert len(re.findall(r"[{ ]wait\(", markup)) == sum(step["wait"] is not None for step in record["steps"])
    assert len(re.findall(r"[{ ]pause\(", markup)) == sum(bool(step["pause_point"]) for step in record["steps"])
    assert len(re.findall(r"[{ ]gate\(", markup)) == len(record["gates"])
    words = "".join(_pages_named(name))
    assert words.count("start ") >= len(record["steps"])
    assert words.count("reading ") >= len(record["gates"])
    assert all(label in words for label in ("operator", "lot expiry opened", "Deviations", "done by", "checked by", "page 1 of "))


def test_what_is_bold_in_a_step_is_bold_on_paper():
    markup = typst_markup(record_named("srb"))
    assert '"PBS: fill every well that is marked with a dot on the plate maps, T0 plate too, with "; strong("150\u00a0µL"); " PBS."' in markup


def test_each_well_says_its_dose_or_its_role():
    words = "".join(_pages_named("srb"))
    record = record_named("srb")
    for dose in {dose_of(well)["text"] for plate in record["plates"] for well in wells_of(plate).values() if dose_of(well)}:
        assert words.count(dose) >= 12, dose  # six wells a plate, two layouts
    for role in ("vehicle", "untreated", "kill", "blank", "cells", ". PBS"):
        wells = sum(well["role"] == role.removeprefix(". ") for plate in record["plates"] for well in wells_of(plate).values())
        assert words.count(role) >= wells, role


def test_it_is_black_and_white():
    made = pypdf.PdfReader(io.BytesIO(format_pdf(record_named("srb"))))
    assert "rgb" not in (Path(LAYOUT_FOLDER) / LAYOUT_FILE).read_text(encoding="utf-8")
    assert not any(re.search(rb"\d (rg|RG|k|K)\s", page.get_contents().get_data()) for page in made.pages)


def test_times_on_paper_are_those_of_the_schedule():
    record, words = record_named("srb with times"), "".join(_pages_named("srb with times"))
    for step in record["steps"]:
        rows = [row for row in record["schedule"] if row["step"] == step["number"]]
        day, clock = split_moment(rows[0]["begin"])
        assert day in words
        assert f"{clock} to " in words
        if step["wait"]:
            assert re.search(rf"{split_moment(max((row['end'] for row in rows), key=lambda end: end['seconds']))[1]}[\n;]", words)


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2026-11-23T09:00", ("Mon 2026-11-23", "09:00")), ("P0DT2H05M", ("hours 0 to 24", "+2:05")), ("P3DT23H54M", ("hours 72 to 96", "+95:54"))],
)
def test_a_moment_is_a_day_and_a_time(moment, said):
    assert split_moment(moment_of(moment)) == said


def test_a_wait_that_ends_before_somebody_is_there_says_when_the_next_step_begins():
    record = record_of("western-blot", (("targets", "pFAK-Y397"), ("loading_control", "total protein")), "2026-11-25T09:00")
    words, rows = re.sub(r"\s+", " ", "".join(pages(format_pdf(record)))), record["schedule"]
    dry = next(step["number"] for step in record["steps"] if step["title"] == "Stain total protein")
    ends, begins = (datetime.fromisoformat(when(row["end" if kind == "wait" else "begin"])) for number, kind in ((dry, "wait"), (dry + 1, "hands_on"))
                    for row in rows if (row["step"], row["kind"]) == (number, kind))  # fmt: skip
    assert begins > ends + timedelta(days=1)  # the membrane is dry over the weekend
    assert f"to {ends:%H:%M}; step {dry + 1} on {begins:%a} at {begins:%H:%M}" in words
    assert len(re.findall(r"to \d\d:\d\d; step ", words)) == 1
    made_up: Any = [
        {"step": 1, "kind": "hands_on", "begin": moment_of("P0DT0H00M"), "end": moment_of("P0DT0H10M"), "times": 1, "unit": "", "person": None},
        {"step": 1, "kind": "wait", "begin": moment_of("P0DT0H10M"), "end": moment_of("P0DT9H00M"), "times": 1, "unit": "", "person": None},
        {"step": 2, "kind": "hands_on", "begin": moment_of("P9DT0H00M"), "end": moment_of("P9DT0H10M"), "times": 1, "unit": "", "person": None},
        {"step": 3, "kind": "hands_on", "begin": moment_of("P10DT0H00M"), "end": moment_of("P10DT0H10M"), "times": 1, "unit": "", "person": None},
    ]
    first: Any = {"number": 1, "title": "a", "id": "a", "follows": []}
    then: Any = {"number": 2, "title": "b", "id": "b", "follows": ["a"]}
    assert StepTimes(made_up, [first, then, then | {"number": 3}]).wait_end(1) == "to +9:00; step 2 at +216:00"
    assert StepTimes(made_up, [first]).wait_end(1) == "to +9:00"
    made_up[2]["begin"] = moment_of("P0DT8H00M")  # a step that begins before
    assert StepTimes(made_up, [first, then, then | {"number": 3}]).wait_end(1) == "to +9:00"


def test_a_sheet_without_a_start_says_how_its_days_are_counted():
    assert typst_string(RELATIVE_TIMES_NOTE) in typst_markup(record_named("western"))
    assert typst_string(RELATIVE_TIMES_NOTE) not in typst_markup(record_named("western with times"))


def test_what_is_not_done_has_no_box():
    record = copy.deepcopy(record_of("srb", ()))
    remark, done = "*Keep it **cold**, and dark.*", "*Shake* it, *twice*"
    record["steps"][3]["markdown"] = f"{remark}\n\n{done}\n\n- **IC50** = half\n\n1. **TGI** = none\n2. Read\n\ncleared: \\_\\_\\_\\_ = 2 mg"
    markup = typst_markup(record)
    assert 'defined({"Keep it "; strong("cold"); ", and dark."}' in markup
    assert 'action("Shake it, twice"' in markup
    assert 'defined({strong("IC50"); " = half"}' in markup
    assert 'defined({"1. "; strong("TGI"); " = none"}' in markup  # it keeps its number in the list
    assert 'defined("cleared:\u00a0' in markup


def test_a_header_that_is_too_long_says_so():
    assert re.search(r"9 IP tubes: .*…", _pages_named("co-ip")[1][:200])  # how many words there is room for, the digest decides
    assert "…" not in "".join(page[:200] for name in ("srb", "western") for page in _pages_named(name))


def test_waste_says_once_what_is_in_it():
    words = squeezed("".join(_pages_named("western")).partition("\nWaste")[2])
    assert words.count("TBS0.8182X") == 1
    assert squeezed("steps 11, 13, 19, 21, 27, 29: 110 mL each") in words  # 2 x (10 + 3 x 15)


def test_a_step_of_units_is_told_from_its_first_to_its_last():
    row: Any = {"step": 1, "kind": "hands_on", "times": 2, "unit": "plate", "every": {"text": "5 min"}, "person": 1}
    rows = [row | {"begin": moment_of(f"P{day}DT9H00M"), "end": moment_of(f"P{day}DT9H10M")} for day in (9, 10, 11)]
    moments = StepTimes([*rows, rows[0] | {"kind": "wait", "end": moment_of("P10DT1H00M")}])
    assert moments.day(1) == "hours 216 to 240"
    assert moments.work_times(1) == "+225:00 to +225:10, +249:00 to +249:10, +273:00 to +273:10"
    assert moments.wait_end(1) == "the last to +241:00"
    assert list(moments.unit_counts(1)) == [("plate", 6)]
    assert moments.day(2) == moments.work_times(2) == moments.wait_end(2) == ""
    two = StepTimes([rows[0], rows[1] | {"begin": moment_of("P9DT8H50M"), "end": moment_of("P9DT9H00M"), "person": 2}])
    assert two.work_times(1) == "+225:00 to +225:10 person 1: 2 plates, +224:50 to +225:00 person 2: 2 plates"
    turns = [row | {"begin": moment_of(f"P9DT{hour}H00M"), "end": moment_of(f"P9DT{hour}H10M"), "person": 2 - hour % 2} for hour in range(9, 15)]
    assert StepTimes(turns).work_times(1) == "+225:00 to +229:10 person 1: 6 plates, +226:00 to +230:10 person 2: 6 plates"


# --- the file --------------------------------------------------------------------------------------------------------------------


def test_the_same_record_gives_the_same_bytes_in_another_process():
    record = record_of("srb", ())
    code = "import hashlib, json, sys; from benchsheet.formats.pdf.sheet import format_pdf; "
    code += "print(hashlib.sha256(format_pdf(json.load(sys.stdin))).hexdigest())"
    here = hashlib.sha256(format_pdf(record)).hexdigest()
    assert hashlib.sha256(format_pdf(copy.deepcopy(record))).hexdigest() == here
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(record), capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == here


@parametrized
def test_it_is_tagged_and_says_that_it_is_accessible(name):
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record_named(name))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in root
    assert re.search(rb"pdfuaid:part>1<|pdfuaid:part=.1.", root["/Metadata"].get_object().get_data())
    assert reader.metadata.title == record_named(name)["protocol"]["title"]
    assert "/CreationDate" not in reader.metadata
    assert "/ModDate" not in reader.metadata


def test_fonts_are_embedded_and_free_and_no_type_is_below_9_points():
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record_named("co-ip"))))
    sizes = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            made = font.get_object()
            descriptor = made["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
            assert re.search("LibertinusSerif|DejaVuSansMono", made["/BaseFont"])
    reader.pages[0].extract_text(
        visitor_text=lambda words, cm, tm, _font, size: sizes.add(round(abs(size * tm[3] * cm[3]), 2)) if words.strip() else None
    )
    assert min(sizes) == 9


@pytest.mark.parametrize(
    ("site", "held"), [("", "benchsheet render srb --plates 4\n"), ("https://x.org", f"https://x.org/protocols/srb/#v={VERSIONS['srb']}&plates=4")]
)
def test_a_phone_reads_the_code_from_paper(site, held):
    made = compiled(typst_markup(record_named("srb"), site=site).encode(), format="png", ppi=200)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(made[0])))
    assert found.text == (held if site else f"{held}{record_named('srb')['identity']['inputs']}")


def compiled(markup, **options):
    return Compiler(root=LAYOUT_FOLDER, ignore_system_fonts=True).compile(markup, root=LAYOUT_FOLDER, **options)


def test_a_screen_reader_is_told_what_the_code_is():
    assert 'QR code of the command that makes this sheet, and its digest"' in typst_markup(record_named("srb"))
    assert "QR code of the address https://x.org/protocols/srb/" in typst_markup(record_named("srb"), site="https://x.org")
    record = copy.deepcopy(record_named("srb"))
    record["invocation"]["command"] = "benchsheet render srb " + "x" * 700
    assert 'QR code of the digest of this sheet"' in typst_markup(record)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"plates": "4"}, "&plates=4"),
        ({"top_dose": "3 uM", "plates": "2"}, "&plates=2&top_dose=3%20uM"),
        ({"compounds": "a&b=c#,日"}, "&compounds=a%26b%3Dc%23%2C%E6%97%A5"),
    ],
)
def test_the_address_holds_the_values_that_differ(sheet, given, said):
    address = permalink(sheet(**given), "https://x.org")
    assert address.startswith("https://x.org/protocols/srb/#v=")
    assert address.replace("%20%C2%B5M", "%20uM").partition("#")[2] == f"v={VERSIONS['srb']}{said}"


def test_the_address_says_yes_and_no_and_not_the_lab_or_the_start():
    record = record_of("western-blot", (("strip", "no"),), START)
    assert permalink(record, "https://x.org").partition("#")[2] == f"v={VERSIONS['western-blot']}&strip=no"


def test_a_missing_package_is_told_with_the_way_out(monkeypatch, sheet):
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "typst", None)
        paper.load_compiler.cache_clear()
        with pytest.raises(ProtocolError, match="needs the package 'typst'") as told:
            format_pdf(sheet())
        assert told.value.hint == "pip install 'benchsheet[pdf]'"


# --- words from outside ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a\tb\nc  d", "a b c d"),
        ("10 µL", "10\u00a0µL"),
        ("14 000 × g", "14 000\u00a0×\u00a0g"),
        ("40\u202f000 cells", "40\u00a0000 cells"),
        ("0.1 % v/v", "0.1\u00a0%\u00a0v/\u2060v"),
        ("1 mg/mL", "1\u00a0mg/\u2060mL"),
        ("stock dose 2", "stock dose\u00a02"),
        ("HRP 1:5000", "HRP 1:5000"),
        ("pFAK-Y397, Pyk2-pY402", "pFAK-\u2060Y397, Pyk2-\u2060pY402"),
        ("host ____, clone ____", "host\u00a0___________, clone\u00a0___________"),
        ("日本", "[U+65E5 U+672C]"),
        ("a\u202eb", "a[U+202E]b"),
        ("\ufdd0", "[U+FDD0]"),
        ("e\u0301", "é"),
        ("x" * 30, "x" * 12 + "\u200b" + "x" * 12 + "\u200b" + "x" * 6),
    ],
)
def test_words_are_shown_so(words, said):
    assert clean_text(words) == said


def test_the_command_can_be_copied(sheet):
    record = copy.deepcopy(sheet())
    record["invocation"]["command"] = "benchsheet render western-blot --targets pFAK-Y397 --top-dose '3 µM'"
    assert "--targets pFAK-Y397 --top-dose '3 µM'\"" in typst_markup(record)


def test_no_sign_of_a_text_is_markup():
    assert typst_string('a"b\\c') == '"a\\"b\\\\c"'
    assert rich_text('x \ufdd0"y"\ufdd1 z').markup == '{"x "; strong("\\"y\\""); " z"}'


@functools.cache
def _all_signs():
    from benchsheet.formats.pdf.typst_text import FONT_CHARS

    return "".join(chr(code) for code in range(33, 0x2800) if re.match(f"[{FONT_CHARS}]", chr(code)))


def test_every_sign_that_is_written_as_itself_has_a_glyph():
    """The compiler refuses a text without one; in regular, bold, italic and in the command."""
    record, signs = copy.deepcopy(record_of("srb", ())), _all_signs()
    record["steps"][0]["title"] = record["gates"][0]["reading"] = record["invocation"]["command"] = record["totals"][0]["text"] = signs
    assert squeezed(signs)[:80] in squeezed("".join(pages(format_pdf(record))))


def test_hostile_words_come_out_as_text():
    record = copy.deepcopy(record_of("srb", (("plates", "2"), ("compounds", "a*b|c <b>,it's"))))
    places = (
        *((record["reagents"][1], "name"), (record["reagents"][1], "note"), (record["lab"]["settings"][0], "value"), (record["protocol"], "summary")),
        *((record["preparations"][1], "name"), (record["preparations"][-1], "name"), (record["steps"][0], "title"), (record["gates"][0], "name")),
        *((record["warnings"][0], "message"), (record["waste"][0], "stream"), (record["plates"][0], "labware"), (record["controls"][0], "why")),
    )
    for number, (holder, key) in enumerate(places):
        holder[key] = f"{HOSTILE} {number}"
    words = squeezed("".join(pages(format_pdf(record))))
    assert [number for number in range(len(places)) if squeezed(f"{HOSTILE} {number}") not in words] == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("reagents", "name"),
        ("reagents", "note"),
        ("lab", "value"),
        ("steps", "title"),
        ("steps", "pause_point"),
        ("preparations", "name"),
        ("gates", "limit"),
        ("plates", "labware"),
    ],
)
def test_ten_thousand_letters_are_all_on_paper(kind, key):
    record = copy.deepcopy(record_of("srb", ()))
    (record["lab"]["settings"] if kind == "lab" else record[kind])[1][key] = "\u2021" * 10000
    assert sum(page.count("\u2021") for page in pages(format_pdf(record))) >= 10000


def test_a_step_of_many_words_flows_over_pages():
    record = copy.deepcopy(record_of("srb", ()))
    record["steps"][3]["markdown"] = " ".join(["word"] * 3000)
    assert sum(len(re.findall(r"\bword\b", page)) for page in pages(format_pdf(record))) >= 3000


def test_an_address_is_a_link_and_no_sign_in_it_is_added():
    reader = pypdf.PdfReader(io.BytesIO(format_pdf(record_named("srb"))))
    works = [work_address(work) for work in record_named("srb")["citations"]]
    linked = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", ())]
    assert list(dict.fromkeys(linked)) == [address for _, address in works if address]
    words = re.sub(r"\s", "", "".join(_raw_pages("srb")))
    assert all(shown in words for shown, _ in works)
    record = copy.deepcopy(record_named("srb"))
    long = "https://x.org/Intravital_imaging_reveals_how_inhibition_of_focal_adhesion/pFAK-Y397____" + "W" * 300
    record["citations"][0]["url"], record["citations"][1]["url"] = long, 'javascript:alert(1) "'
    for work in record["citations"][:2]:
        work.pop("doi", None)
    made = typst_markup(record)
    assert 'link("javascript' not in made
    assert long in re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(format_pdf(record))).pages))
    assert "W" * 25 not in made.replace(f'link("{long}"', "")  # what is wider than a column is cut
