"""The sheet for a browser: it says what the Record says, prints on few pages, keeps what is filled in, and asks nothing of any place."""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import html
import io
import json
import re
from html.parser import HTMLParser

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.formats.html.page import format_html
from benchsheet.formats.html.steps import actions_html
from benchsheet.formats.html.widgets import action_item, insert_blanks
from benchsheet.formats.outline.times import RELATIVE_TIMES_NOTE
from benchsheet.formats.pdf.sheet import typst_markup
from benchsheet.formats.timeline import format_timeline
from benchsheet.lab import parse_profile
from benchsheet.markup import ProseParagraph, ProseTable, format_prose, number_citations
from benchsheet.protocol.citations import work_address
from tests.accessible import faults, load_axe
from tests.conftest import HOST, serve
from tests.records import AMOUNT, LONG, SHEETS, VERSIONS, dose_of, record_named, record_of, strings, wells_of, when, who_does

every_sheet = pytest.mark.parametrize("name", SHEETS)
SHELVES = [("co-ip", {"samples": "4"}), ("western-blot", {"samples": "5"}), ("co-ip", {"samples": "8", "reciprocal": "yes"})]
HOSTILE = (
    *("<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "</style><b>", "</title><b>", "<!-- x", "-->", "]]>", "&lt;b&gt; &amp;"),
    *('" onfocus="alert(1)" autofocus="', "' x='", "**bold** _a_ `c`", "[U](javascript:alert(1))", "[@vichai2006]", "$x$ #let", "{{ 7*7 }}", "=1+1"),
    *("&#60;b>", "\\", "| a |", "\u202e022 Lµ 44", "\u2067abc\u200f", "\u061cx", "a\u2028b", "\x00\x07", "\ud800", "\ufeff", '{["a"]: 1}'),
    *("__proto__", "url(http://x.y/)"),
)  # fmt: skip
ALIVE = [HOSTILE[1] + HOSTILE[0], HOSTILE[9] + HOSTILE[8], "x" * 10_000]
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Page(HTMLParser):
    """What a browser makes of a page: its tags with the names of their attributes, and the words that are seen, in order."""

    BLOCKS = frozenset({"p", "li", "dt", "dd", "div", "h1", "h2", "h3", "td", "th", "tr", "section", "article", "table", "title", "label", "code"})

    def __init__(self, source):
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[dict[str, str]] = []
        self.words: list[str] = []
        self.raw: dict[str, str] = {}
        self._in = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in {"bdi", "span"}:
            self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes.append({"tag": tag, **{name: value or "" for name, value in attrs}})
        self._in = ("record" if ("id", "record") in attrs else tag) if tag in {"script", "style"} else ""
        self.words.append("\n" if tag in self.BLOCKS else "")

    def handle_endtag(self, tag):
        self._in = ""
        self.words.append("\n" if tag in self.BLOCKS else "")

    def handle_data(self, data):
        if self._in:
            self.raw[self._in] = self.raw.get(self._in, "") + data
        else:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"[ \n]+", " ", "".join(self.words))

    def inputs(self):
        return [found for found in self.attributes if found["tag"] in {"input", "textarea"}]


@functools.cache
def page_of(name):
    return Page(format_html(record_named(name)))


def amounts(words):
    return set(AMOUNT.findall(re.sub(r"[ \n]+", " ", words)))


# --- what it says ------------------------------------------------------------------------------------------------------------


def no_figure_of_its_own(record):
    known = {found for words in strings(record) for found in amounts(words)}
    found = {each for line in "".join(Page(format_html(record)).words).replace(RELATIVE_TIMES_NOTE, "").splitlines() for each in amounts(line)}
    assert len(found) > 40
    assert found - known == set()


@every_sheet
def test_its_parts_stand_in_the_order_of_the_other_sheet_on_paper(name):
    elsewhere = {"Timeline", "Tubes to label", "Deviations", "Deviations, sign-off"}  # where a page has room; beside the solutions; at the end
    mine = [found for found in re.findall(r"<h2>([^<]*)</h2>", format_html(record_named(name))) if found not in elsewhere]
    pages = typst_markup(record_named(name))
    others = [found for found in re.findall(r'section\("([^"]*)"\)', pages) if found not in elsewhere]
    assert mine == list(dict.fromkeys(others))
    assert len(mine) >= 9


@every_sheet
def test_all_that_comes_from_the_shelf_has_a_box(name):
    boxes = [found["data-at"] for found in page_of(name).inputs() if found.get("type") == "checkbox"]
    taken = [reagent["id"] for reagent in record_named(name)["reagents"] if not reagent["made"]]
    assert taken
    assert {json.dumps(["reagents", each, "ready"], separators=(",", ":")) for each in taken} <= set(boxes)


def test_a_step_of_several_people_says_whose_times_are_whose():
    lab = parse_profile("people: 3\n", "lab.yaml")
    record = render(library.load_source("srb"), {"plates": "8"}, lab=lab, start="2026-11-23T09:00")
    said = re.findall(r'<p class="whose">(.*?)</p>', format_html(record))
    assert len(said) == len({row["step"] for row in record["schedule"] if row["kind"] == "hands_on"})
    for row in record["schedule"]:
        if row["kind"] == "hands_on":
            clocks = when(row["begin"])[-5:], when(row["end"])[-5:], who_does(row)
            assert any(clocks[0] in each and clocks[1] in each and clocks[2] in each for each in said), clocks
    assert 'class="whose"' not in format_html(record_named("srb with times"))


def test_codes_of_preparations_alone_have_their_caveat_too():
    record = copy.deepcopy(record_named("srb"))
    for step in record["steps"]:
        step["hazards"] = []
    assert "the safety data sheet of your supplier decides" in Page(format_html(record)).text
    assert Page(format_html(record)).text.count("Research use only") == 1


def test_hazards_of_one_name_that_are_not_alike_are_both_told():
    record = copy.deepcopy(record_named("srb"))
    (hazard,) = [each for made in record["preparations"] for each in made["hazards"] if each["name"] == "TCA"]
    record["steps"][0]["hazards"].append({**hazard, "handling": "wear a second pair of gloves", "waste": "another bottle"})
    words = Page(format_html(record)).text
    assert hazard["handling"] in words
    assert words.count("wear a second pair of gloves") >= 1
    (section,) = re.findall(r'<section class="hazards" id="hazards">.*?</section>', format_html(record), re.DOTALL)
    assert section.count("<dt>TCA</dt>") == 2


@every_sheet
def test_the_timeline_is_drawn_for_the_screen(name):
    page = format_html(record_named(name))
    assert format_timeline(record_named(name)) in page
    assert "@media print { .timeline { display: none; }" in page


@every_sheet
def test_no_number_with_a_unit_stands_on_a_sheet_that_is_not_in_its_record(name):
    no_figure_of_its_own(record_named(name))


def test_no_number_with_a_unit_of_many_sheets_is_its_own(many_sheets):
    for _, record in many_sheets[:15]:
        no_figure_of_its_own(record)
        assert "____" not in format_html(record).partition('<script type="application/json"')[0].partition("</style>")[2]


@every_sheet
def test_whatever_the_record_lists_stands_on_the_sheet(name):
    record, words = record_named(name), page_of(name).text.casefold()
    listed = (
        [reagent["name"] for reagent in record["reagents"]]
        + [line["text"] for line in record["totals"]]
        + [record["notice"], record["identity"]["inputs"], record["invocation"]["command"]]
    )
    listed += [reagent[key]["text"] for reagent in record["reagents"] if not reagent["made"] for key in ("used", "prepare")]
    listed += [reagent["overage"]["text"] for reagent in record["reagents"] if not reagent["made"]]
    recipes = [made for made in record["preparations"] if not made["step"]]
    listed += [made[key] for made in recipes for key in ("name", "note", "storage", "container")]
    listed += [made["overage"]["text"] for made in recipes]
    listed += [made["volume"]["text"] for made in record["preparations"]]
    listed += [part["amount"]["text"] for made in recipes for part in made["components"] if "fill_to_mark" not in part]
    hazards = [hazard for item in (*record["preparations"], *record["steps"]) for hazard in item["hazards"]]
    listed += [hazard.get(key, "") for hazard in hazards for key in ("signal", "handling", "waste")]
    listed += [word for hazard in hazards for key in ("pictograms", "codes") for word in hazard.get(key, ())]
    listed += [gate[key] for gate in record["gates"] for key in ("name", "limit", "reading")]
    listed += [item["name"] for item in record["controls"] + record["equipment"]] + [item["value"] for item in record["lab"]["settings"]]
    listed += [warning["message"] for warning in record["warnings"]] + [work["text"] for work in record["citations"]]
    listed += [entry["text"] for entry in record["parameters"].values() if entry["used"] or entry["changed"]]
    listed += [item[key] for item in record["waste"] for key in ("stream", "disposal")] + [item["disposal"] for item in record["leftovers"]]
    listed += [item["volume"]["text"] for item in record["waste"]]
    listed += [strength["text"] for item in record["waste"] for strength in item["components"].values()]
    listed += [said for step in record["steps"] for said in (step["title"], step["pause_point"], *step["terms"])]
    listed = [re.sub(r"[ \n]+", " ", item).casefold().split("____") for item in listed]
    assert [item for item in listed if not all(part in words for part in item)] == []


@every_sheet
def test_each_thing_that_is_done_has_a_box_and_each_that_is_noted_a_blank(name):
    record = record_named(name)
    places = [tuple(json.loads(found["data-at"])) for found in page_of(name).inputs()]
    assert len(set(places)) == len(places)
    wanted = {("operator",), ("date",), ("deviations",), ("done_by", "name"), ("checked_by", "name")}
    wanted |= {("reagents", r["id"], key) for r in record["reagents"] if not r["made"] for key in ("lot", "expiry", "opened_on")}
    wanted |= {("gates", gate["name"], "reading") for gate in record["gates"]}
    notes = {work["key"]: work["number"] for work in record["citations"]}
    for made in record["preparations"]:
        numbers = range(1, len(made["components"]) + 1)
        wanted |= {("preparations", made["id"], "components", str(number)) for number in numbers} if not made["step"] else set()
        wanted |= {("preparations", made["id"], "made_on" if not made["step"] else "labelled")}
    for step in record["steps"]:
        at = ("steps", str(step["number"]))
        wanted |= {(*at, "started"), (*at, "stopped")} | ({(*at, "wait_over")} if step["wait"] and step["wait"]["planned"]["value"] else set())
        parts = format_prose(number_citations(step["markdown"], notes))
        not_done = len(re.findall(r"^(\*\*?)[^*]+\1$", step["markdown"], re.MULTILINE))  # a caption, or a remark in emphasis
        totals = len(re.findall(r"^\| \*\*", step["markdown"], re.MULTILINE))
        done = sum(isinstance(part, ProseParagraph) for part in parts) - not_done
        wanted |= {(*at, "actions", str(number)) for number in range(1, done + 1)}
        tables = [part for part in parts if isinstance(part, ProseTable)]
        rows = {(*at, "tables", str(n), str(row)) for n, table in enumerate(tables, 1) for row in range(1, len(table.rows) + 1)}
        assert len(rows - set(places)) == totals
        wanted |= rows & set(places)
    left = {place for place in set(places) - wanted if place[-2:-1] != ("blanks",)}
    assert wanted - set(places) == set()
    assert {place[0] for place in left} <= {"notebook", "done_by", "checked_by", "plates", "reagents", "preparations", "steps"}
    assert not [place for place in left if place[0] == "steps" and place[2] not in {"times", "tables"}]  # units, and what is measured in a table


@every_sheet
def test_planned_times_stand_beside_the_blanks_of_their_step(name):
    record, text = record_named(name), "".join(page_of(name).words)
    for step in record["steps"]:
        part = text[text.index(f"{step['number']}. {step['title']}\n") :]
        part = part[: part.index(f"\n{step['number'] + 1}. ")] if step["number"] < len(record["steps"]) else part
        rows = [row for row in record["schedule"] if row["step"] == step["number"]]
        worked = [row for row in rows if row["kind"] == "hands_on"]
        for moment in (when(rows[0]["begin"]), when(worked[-1]["end"])):
            passed = re.fullmatch(r"P(\d+)DT(\d+)H(\d\d)M.*", moment)
            clock = f"+{24 * int(passed[1]) + int(passed[2])}:{passed[3]}" if passed else moment.partition("T")[2]
            assert clock in part


def test_bold_volumes_stay_bold_and_captions_have_no_box():
    source = format_html(record_named("srb"))
    assert '<b><span class="q">150 µL</span></b> PBS' in source
    assert '<p class="caption"><b>inhibitor</b></p>' in source


def test_each_well_says_what_it_holds():
    record = record_named("srb")
    cells = re.findall(r"<td[^>]*><b>([^<]*)</b><span>([^<]*)</span></td>", format_html(record))
    meant = [
        (well["mark"], dose_of(well)["text"] if dose_of(well) else well["role"]) for plate in record["plates"] for well in wells_of(plate).values()
    ]
    assert sorted(cells) == sorted(each for each in meant if each[0] != ".")


def test_a_plan_that_is_measured_at_the_bench_is_a_blank():
    places = [tuple(json.loads(found["data-at"])) for found in page_of("srb").inputs()]
    assert ("reagents", "cells", "prepare") in places
    assert ("preparations", "suspension", "components", "1", "amount") in places
    assert any(place[0] == "steps" and place[2] == "tables" and len(place) == 6 for place in map(tuple, _places("co-ip")))


def _places(name):
    return [json.loads(found["data-at"]) for found in page_of(name).inputs()]


@every_sheet
def test_what_the_record_leaves_blank_in_a_sentence_is_filled_in_on_the_sheet(name):
    page = page_of(name)
    assert "____" not in page.text
    assert [found for found in page.attributes if "____" in found.get("aria-label", "")] == []


def test_each_antibody_has_blanks_of_its_own_for_host_clone_and_lot():
    notes = [reagent for reagent in record_named("western")["reagents"] if "clone ____" in reagent["note"]]
    assert len(notes) == 3
    for reagent in notes:
        mine = [found for found in page_of("western").inputs() if json.loads(found["data-at"])[:3] == ["reagents", reagent["id"], "note"]]
        assert [found["aria-label"] for found in mine] == [f"{word}, {reagent['name']}" for word in ("host", "clone", "lot")]


def test_a_blank_in_an_action_is_no_part_of_the_label_that_ticks_it():
    made = action_item(("steps", 1, "actions", 1), "FAK, host ____: <b>10 mL</b>")
    assert "<label" not in made
    assert [found["aria-label"] for found in Page(made).inputs()] == ["FAK, host: 10 mL", "host, FAK, host: 10 mL"]
    assert insert_blanks((), "x", "no blank") == "no blank"


def test_what_is_not_done_has_no_box():
    made = Page(actions_html(1, "*Nothing to do.*\n\n| part | all |\n|---|--:|\n| a | 1 g |\n| **total** | 1 g |\n\nMix it *well*.", {}))
    assert [json.loads(found["data-at"])[2:] for found in made.inputs()] == [["tables", "1", "1"], ["actions", "1"]]
    assert {"tag": "p", "class": "remark"} in made.attributes
    record = render(library.load_source("western-blot"), {"samples": "4"})
    lanes = [block for plate in record["plates"] if plate["rows"] == 1 for block in wells_of(plate).values()]
    boxes = [place for place in (json.loads(found["data-at"]) for found in Page(format_html(record)).inputs()) if place[0] == "plates"]
    assert len(boxes) == sum(well["role"] != "empty" for well in lanes) < len(lanes)


@every_sheet
def test_a_hazard_is_read_before_the_first_action_and_a_band_with_its_step(name):
    record, source = record_named(name), format_html(record_named(name))
    parts = source.split('<article class="step"')[1:]
    assert len(parts) == len(record["steps"])
    for step, part in zip(record["steps"], parts, strict=True):
        if step["hazards"]:
            assert 0 < part.index('class="hazard"') < part.index('type="checkbox"')
    assert source.count('<p class="day">') == sum(part.partition(">")[2].startswith('<p class="day">') for part in parts) > 1


def test_a_warning_stands_before_anything_is_taken():
    record = copy.deepcopy(record_named("srb"))
    record["warnings"] = [{**record["warnings"][0], "level": level} for level in "WWN"]
    words = Page(format_html(record)).text
    assert "2 warnings below, 1 note at the end." in words
    assert "end of this sheet" not in words[: words.index("Numbers")]
    order = [words.index(f" {title} ") for title in ("Warnings", "Numbers", "From the shelf", "Steps", "Notes")]
    assert order == sorted(order)


def test_days_are_explained_where_they_are_no_working_days():
    assert page_of("srb").text.count(RELATIVE_TIMES_NOTE) == 1
    assert RELATIVE_TIMES_NOTE not in page_of("srb with times").text


def test_a_number_stays_with_its_unit_in_a_preparation_too():
    made = next(made for made in record_named("western")["preparations"] if made["name"] == "1x SDS sample buffer")
    source = format_html(record_named("western"))
    card = source[source.index("<h3>1x SDS sample buffer") :]
    card = card[: card.index("</table>")]
    for part in made["components"]:
        assert f'<span class="q">{part["amount"]["text"]}</span>' in card


# --- how it is made ----------------------------------------------------------------------------------------------------------


@every_sheet
def test_the_page_holds_all_that_it_needs_and_allows_nothing_else(name):
    source, page = format_html(record_named(name)), page_of(name)
    assert format_html(record_named(name)) == source
    assert json.loads(page.raw["record"]) == record_named(name)
    links = [value for found in page.attributes for key, value in found.items() if key in {"src", "href", "action", "srcset", "data", "style"}]
    works = [work_address(work)[1] for work in record_named(name)["citations"]]
    parts = [value for value in links if value.startswith("#")]
    assert [value for value in links if value not in parts] == [
        "data:,",
        *filter(None, works),
    ]  # where a work is found is asked only by who follows the link
    assert parts == [f"#{each}" for each in re.findall(r'<(?:section class="[^"]*"|div) id="([^"]*)">', source)]
    (policy,) = [found["content"] for found in page.attributes if found.get("http-equiv") == "Content-Security-Policy"]
    for kind in ("style", "script"):
        mark = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{mark}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "@import" not in source
    assert "http:" not in page.raw["style"] + page.raw["script"]


@every_sheet
def test_every_box_and_blank_has_a_name(name):
    labels = re.findall(r"<label[^>]*>.*?</label>", format_html(record_named(name)))
    own = sum("data-at" in label for label in labels)
    inputs = page_of(name).inputs()
    assert own + sum("aria-label" in found for found in inputs) == len(inputs)
    assert all(found["aria-label"].strip() for found in inputs if "aria-label" in found)


def test_no_type_on_paper_is_smaller_than_9_pt():
    style = page_of("srb").raw["style"]
    printed = style[style.index("@page") :]
    assert {float(size) for size in re.findall(r"([\d.]+)pt \"|font-size: ([\d.]+)pt", printed) for size in size if size} <= {9, 10.5, 14}
    assert not re.search(r"font-size: [\d.]+(em|rem|%|px)", printed)


@pytest.mark.parametrize(("given", "size"), [("A4", "A4"), ("a4", "A4"), ("Letter", "Letter"), ("letter", "Letter")])
def test_the_paper_is_the_one_asked_for(given, size):
    assert f"@page {{ size: {size};" in format_html(record_named("srb"), given)


def test_another_paper_is_refused_with_the_way_out():
    with pytest.raises(ProtocolError, match="no paper 'A5'") as refused:
        format_html(record_named("srb"), "A5")
    assert "A4" in refused.value.hint


# --- hostile words -----------------------------------------------------------------------------------------------------------


def spoiled(record, words):
    """Return *record* with *words* wherever a name, a note or a setting of the lab may hold what somebody typed."""
    found = copy.deepcopy(record)
    for item in (*found["reagents"], *found["preparations"], *found["steps"], *found["controls"], *found["gates"], *found["equipment"]):
        for key in ("name", "note", "title", "why", "limit", "reading", "container", "storage"):
            if item.get(key):
                item[key] = words
    for item in (*found["lab"]["settings"], *found["warnings"], *found["citations"]):
        item |= {key: words for key in ("value", "message", "text") if key in item}
    for plate in found["plates"]:
        for well in plate["groups"].values():
            well["role"] = words
    found["protocol"]["title"] = words
    return found


@pytest.mark.parametrize("words", [*HOSTILE, "x" * 10_000, "word " * 2_000], ids=lambda words: ascii(words[:24]))
def test_what_somebody_typed_is_words_and_never_markup(words):
    plain, made = Page(format_html(spoiled(record_named("srb"), "a" * min(len(words), 40)))), Page(format_html(spoiled(record_named("srb"), words)))
    kept = [tag for tag in made.tags if tag[0] != "table"]
    usual = [tag for tag in plain.tags if tag[0] != "table"]
    assert [tag for tag in kept if tag[0] not in {"b", "span"}] == [tag for tag in usual if tag[0] not in {"b", "span"}]
    shown = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", words)
    assert "".join(made.words).count(shown) > 40
    assert made.raw["script"] == plain.raw["script"]
    assert json.loads(made.raw["record"])["lab"]["settings"][0]["value"] == words
    format_html(spoiled(record_named("srb"), words)).encode()


def test_a_sign_that_turns_words_round_turns_no_others():
    made = format_html(spoiled(record_named("western"), "\u202e22 µL\u2067"))
    body = made[made.index("<main>") : made.index("</main>")]
    body = re.sub(r'"[^"]*"', "", body)  # a name for a reader of the screen stands alone
    assert TURNING.search(body)
    assert not TURNING.search(re.sub("<bdi>.</bdi>", "", body))


@pytest.mark.parametrize("name", ["*", "<b>", "a | b", "[x](y)", "![i](j)", "`code`", "<!--", "&amp", "1. x", "# x"])
def test_a_compound_of_any_name_is_words_in_every_step(sheet, name):
    made, plain = (Page(format_html(sheet(compounds=each))) for each in (name, "something else"))
    assert [tag for tag in made.tags if tag[0] != "b"] == [tag for tag in plain.tags if tag[0] != "b"]
    assert made.text.count(name) > 7


def test_a_header_of_a_page_is_a_string_whatever_the_title():
    style = Page(format_html(spoiled(record_named("srb"), '"; } </style> \\ \n * {'))).raw["style"]
    (title,) = re.findall(r'@top-left \{ content: ("[^"]*");', style)
    assert re.fullmatch(r'"(?:[A-Za-z0-9]|\\[0-9a-f]+ )*"', title)
    assert style.count("{") == style.count("}")


# --- in a browser ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(browser, tmp_path):
    """Open a Record's sheet, from a file or at an address, and see that it asks for nothing and has no fault."""
    contexts, asked, faults = [], [], []

    def open_sheet(record, paper="A4", site="", *, served=False, **settings):
        file = tmp_path / "sheet.html"
        file.write_text(format_html(record, paper, site), "utf-8")
        context = browser.new_context(accept_downloads=True, **settings)
        contexts.append(context)
        address = HOST + file.name if served else file.as_uri()
        if served:
            serve(context, tmp_path)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url) if request.url != address and not request.url.startswith("blob:") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
        page.goto(address)
        return page

    yield open_sheet
    for context in contexts:
        context.close()
    assert [url for url in asked if url != "data:,"] == []
    assert faults == []


def pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("name", ["srb", "western with times", "co-ip", "co-ip with times"])
def test_a_sheet_prints_on_few_pages(opened, name):
    printed = opened(record_named(name)).pdf(prefer_css_page_size=True, print_background=True)
    assert 1 < pages(printed) <= SHEETS[name][3]
    assert [abs(float(side) - meant) < 1 for side, meant in zip(_sides(printed), (595.3, 841.9), strict=True)] == [True, True]


def _sides(pdf):
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    return box


@pytest.mark.parametrize(
    ("site", "said"), [("", "benchsheet render srb --plates 4\n"), ("https://x.org", f"https://x.org/protocols/srb/#v={VERSIONS['srb']}&plates=4")]
)
def test_a_phone_reads_the_code_that_is_printed_and_no_screen_shows_it(opened, site, said):
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads QR codes")
    from PIL import Image

    page = opened(record_named("srb"), site=site)
    code = page.get_by_role("img", name=re.compile("QR code of"))
    assert code.count() == 0  # what is not shown is not read out either
    page.emulate_media(media="print")
    assert code.bounding_box()["width"] >= 64  # 17 mm
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot(scale="css"))))
    assert found.text == (said if site else said + record_named("srb")["identity"]["inputs"])


@pytest.mark.parametrize(("name", "most"), [("srb with times", 5), ("co-ip", 8)])
def test_letter_is_as_large_as_it_is_and_prints_without_colours_too(opened, name, most):
    printed = opened(record_named(name), "Letter").pdf(prefer_css_page_size=True)
    assert pages(printed) <= most
    assert [float(side) for side in _sides(printed)] == [612, 792]


@pytest.mark.parametrize("name", LONG)
def test_long_runs_flow_over_pages(opened, name):
    protocol, given = LONG[name]
    page = opened(render(library.load_source(protocol), given))
    assert 2 < pages(page.pdf(prefer_css_page_size=True)) < 30
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 735, "height": 1000})  # the width that A4 leaves
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


FILL = """(words) => {
    const empty = [...document.querySelectorAll("input.blank")].filter((field) => !field.value);
    for (const field of empty) { field.value = words; field.dispatchEvent(new Event("input", {bubbles: true})); }
    return empty.length;
}"""


def test_nothing_that_is_filled_in_is_cut_on_paper(opened):
    page = opened(record_named("srb with times"), viewport={"width": 768, "height": 900})
    page.clock.set_fixed_time("2026-11-23T14:05:00")
    page.evaluate("document.querySelectorAll('.now').forEach((button) => button.click())")
    assert page.evaluate(FILL, "LOT 12345678-AB") > 40
    page.get_by_label("deviations").fill("\n".join(f"plate {number} fell" for number in range(40)))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 735, "height": 1000})  # the width that A4 leaves
    assert page.locator("input.blank:visible, textarea:visible").count() == 0
    assert page.locator(".copy:visible").count() == page.locator("input.blank, textarea").count()
    assert page.evaluate("[...document.querySelectorAll('.copy')].filter((each) => each.scrollWidth > each.clientWidth + 1).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("lot of PBS").evaluate("(field) => { field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true})); }")
    assert page.locator("input.blank:visible").count() == 1


def test_the_present_time_is_short_on_the_day_of_the_band_and_planned_times_stand_before_it(opened):
    page = opened(record_named("srb with times"))
    page.clock.set_fixed_time("2026-11-23T14:05:00")
    first, last = page.locator(".now").first, page.locator(".now").last
    first.click()
    last.click()
    values = [found.input_value() for found in page.locator(".moment .blank").all() if found.input_value()]
    assert values == ["14:05", "2026-11-23 14:05"]
    page.emulate_media(media="print")
    at = "[each.querySelector('.planned'), each.querySelector('.copy') || each.querySelector('.blank')]"
    for moment in page.locator(".moment:has(.planned)").all()[:6]:
        planned, actual = moment.evaluate(f"(each) => {at}.map((found) => found.getBoundingClientRect())")
        assert planned["right"] <= actual["left"]
    assert page.locator(".planned").first.inner_text() == "15:00"


@every_sheet
def test_blanks_and_deviations_are_wide_enough_for_a_hand(opened, name):
    page = opened(record_named(name))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 735, "height": 1000})
    mm = 96 / 25.4
    assert page.get_by_label("deviations").bounding_box()["height"] >= 25 * mm  # and on Letter, which is less high, 18
    wide = "[...document.querySelectorAll('.acts .blank, .notes .blank, .shelf .short, .dose .blank, .recipe .r .short')]"
    assert min(page.evaluate(f"{wide}.map((each) => each.getBoundingClientRect().width)")) >= 16 * mm - 0.5
    assert min(page.evaluate("[...document.querySelectorAll('.blank')].map((each) => each.getBoundingClientRect().width)")) >= 8 * mm - 0.5
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0  # or the whole page is set smaller
    assert "else" not in page.evaluate("getComputedStyle(document.querySelector('.gate td:last-child'), '::before').content")


@pytest.mark.parametrize(("protocol", "given"), SHELVES)
def test_no_amount_of_the_shelf_runs_into_the_next_blank(opened, protocol, given):
    page = opened(render(library.load_source(protocol), given))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 737, "height": 1000})  # the width that A4 leaves
    wide = "(each) => each.scrollWidth > each.clientWidth"
    over = page.evaluate(f"[...document.querySelectorAll('.shelf td.r')].filter({wide}).map((each) => each.textContent)")
    assert page.locator(".shelf td.r").count() > 20
    assert over == []


def test_no_word_of_a_well_runs_into_the_next(opened):
    page = opened(record_named("srb"))
    near = (
        "(each) => { const r = document.createRange(); r.selectNodeContents(each); return r.getBoundingClientRect().width > each.clientWidth - 8; }"
    )
    for width in (360, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(f"[...document.querySelectorAll('.map td span')].filter({near}).length") == 0
        rows = page.locator(".map td:has-text('untreated') span").first.evaluate("(each) => each.getClientRects().length && each.offsetHeight")
        assert rows < 20
    assert page.locator(".dose").count() == page.locator(".wide[tabindex='0'][role=group][aria-label^='table ']:has(.dose)").count() > 0


def test_what_is_ticked_and_filled_in_is_kept_until_it_is_cleared(opened):
    page = opened(record_named("srb"), served=True)
    many = page.locator("input[type=checkbox]").count()
    assert page.locator("#state").inner_text() == f"0 of {many} boxes ticked. Not begun yet. Kept in this browser only."
    page.locator("#step-1 ~ .acts label").first.click()
    page.get_by_label("lot of DMSO").fill('SZ<b>"1')
    page.get_by_label("deviations").fill("plate 3 fell\nfrom the bench")
    page.get_by_role("button", name="now: start of step 2, Make the dose series").click()
    page.reload()
    assert page.locator("#step-1 ~ .acts input").first.is_checked()
    assert page.get_by_label("lot of DMSO").input_value() == 'SZ<b>"1'
    assert page.get_by_label("deviations").input_value() == "plate 3 fell\nfrom the bench"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", page.get_by_label("start of step 2, Make the dose series", exact=True).input_value())
    begun = page.locator("#state").inner_text()
    assert re.match(r"1 of \d+ boxes ticked\. Begun on \d{4}-\d\d-\d\d \d\d:\d\d\. Kept", begun)
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Begin anew").click()
    assert page.get_by_label("lot of DMSO").input_value() == 'SZ<b>"1'


def test_a_sheet_says_when_it_was_begun_until_it_is_begun_anew(opened):
    page, state = opened(record_named("srb"), served=True), "#state"
    assert "Not begun yet." in page.locator(state).inner_text()
    page.clock.set_fixed_time("2026-11-23T09:05:00")
    page.get_by_label("lot of DMSO").fill("A1")
    page.clock.set_fixed_time("2026-11-24T17:30:00")
    page.get_by_label("lot of DMSO").fill("A2")
    page.locator("input[type=checkbox]").first.check()
    assert "Begun on 2026-11-23 09:05." in page.locator(state).inner_text()
    page.reload()
    assert "Begun on 2026-11-23 09:05." in page.locator(state).inner_text()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear, begin anew").click()
    assert "Not begun yet." in page.locator(state).inner_text()
    page.get_by_label("lot of DMSO").fill("A3")
    assert "Begun on 2026-11-24 17:30." in page.locator(state).inner_text()


def test_clearing_leaves_nothing_behind(opened):
    page = opened(record_named("srb"), served=True)
    page.get_by_label("lot of DMSO").fill("A1")
    page.locator("input[type=checkbox]").first.check()
    run, seal = record_named("srb")["identity"]["run"], record_named("srb")["seal"]
    assert page.evaluate("Object.keys(localStorage)") == [f"benchsheet:{run}:{seal}"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Begin anew").click()
    assert page.get_by_label("lot of DMSO").input_value() == ""
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert page.locator("input[type=checkbox]:checked").count() == 0


def test_the_export_has_the_record_and_what_was_filled_in(opened, tmp_path):
    record = record_named("srb")
    page = opened(record)
    page.get_by_label("operator").fill("A. N. Other")
    page.get_by_label("lot of DMSO").fill("SZ1")
    page.get_by_label("reading of blank").fill("0.04")
    page.locator("#step-1 ~ .acts input").nth(1).check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as JSON").click()
    assert waiting.value.suggested_filename == f"srb-{record['identity']['inputs']}.json"
    waiting.value.save_as(tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert found["record"] == record
    assert (found["schema"], found["digest"]) == ("benchsheet-filled/1", record["identity"]["inputs"])
    filled = found["filled"]
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    assert filled["operator"]["value"] == "A. N. Other"
    assert filled["reagents"]["dmso"]["lot"] | {"at": ""} == {"what": "lot of DMSO", "value": "SZ1", "at": ""}
    assert filled["gates"]["blank"]["reading"]["value"] == "0.04"
    assert [leaf["what"] for leaf in (filled["operator"], filled["notebook"])] == ["operator", "notebook, page"]
    assert filled["steps"]["1"]["actions"]["1"]["value"] is False
    assert "at" not in filled["steps"]["1"]["actions"]["1"]
    done = filled["steps"]["1"]["actions"]["2"]
    assert done["value"] is True
    assert done["what"].startswith("Label each plate: its number and its map")
    assert all(re.fullmatch(stamp, each) for each in (done["at"], filled["operator"]["at"], found["exported"]))


def test_where_the_browser_keeps_nothing_the_sheet_says_so(opened):
    page = opened(record_named("srb"))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error(); }; }")
    page.get_by_label("lot of DMSO").fill("A1")
    assert page.locator("#state").inner_text().endswith("This browser keeps nothing: export before you close the page.")
    page.get_by_label("lot of PBS").fill("B2")
    assert page.get_by_label("lot of DMSO").input_value() == "A1"


@every_sheet
def test_no_sheet_is_wider_than_the_screen(opened, name):
    page = opened(record_named(name))
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


# Of lines that come many times alike in one list or table, only the first few are looked at.
THIN = """() => {
    const met = new Map();
    for (const part of document.querySelectorAll(":is(tr, li, dt, dd)")) {
        const kinds = met.get(part.parentElement) || met.set(part.parentElement, new Map()).get(part.parentElement);
        const kind = part.tagName + part.className + [...part.querySelectorAll("input, button, textarea")].map((each) => each.className).join();
        kinds.set(kind, (kinds.get(kind) || 0) + 1);
        if (kinds.get(kind) > 2) part.remove();
    }
}"""
LOOKS = {"srb": (360, "light"), "western with times": (768, "dark"), "co-ip": (1440, "light"), "srb with times": (1440, "dark")}


@pytest.mark.parametrize(("name", "look"), LOOKS.items(), ids=LOOKS)
def test_every_reader_can_use_it(opened, name, look):
    page = opened(record_named(name), viewport={"width": look[0], "height": 900}, color_scheme=look[1])
    page.evaluate(THIN)
    load_axe(page)
    assert faults(page) == []


def test_a_gloved_finger_hits_every_box_and_button(opened):
    page = opened(record_named("western"), viewport={"width": 768, "height": 1024})
    sizes = page.evaluate("[...document.querySelectorAll('input, button, textarea')].map((each) => each.getBoundingClientRect().height)")
    assert min(sizes) >= 24


def test_without_script_it_is_a_sheet_to_print(opened):
    page = opened(record_named("srb"), java_script_enabled=False)
    assert not page.locator("#bar").is_visible()
    assert page.locator(".now:visible").count() == 0
    assert page.locator("input[type=checkbox]:visible").count() > 60
    assert pages(page.pdf(prefer_css_page_size=True)) <= 5


@pytest.mark.parametrize("words", ALIVE, ids=lambda words: ascii(words[:24]))
def test_hostile_words_do_nothing_in_a_browser(opened, words):
    page = opened(spoiled(record_named("srb"), words), served=True, viewport={"width": 768, "height": 900})
    met: list[str] = []
    page.on("dialog", lambda dialog: met.append(dialog.message) or dialog.dismiss())  # type: ignore[func-returns-value]
    page.locator("input[type=checkbox]").first.check()
    page.reload()
    assert page.locator("input[type=checkbox]").first.is_checked()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert met == []


def test_a_box_to_label_a_tube_is_named_by_that_tube():
    record = record_of("srb", (("solvent", "buffer"), ("stock", "21 mg/mL"), ("top_dose", "10 ug/mL"), ("plates", "2")))
    boxes = re.findall(r'data-at="(\[[^"]*,&quot;labelled&quot;\])" aria-label="([^"]*)"', format_html(record))
    named = {made["id"]: made["name"] for made in record["preparations"] if made["step"]}
    assert {json.loads(html.unescape(path))[1]: html.unescape(name) for path, name in boxes} == named
