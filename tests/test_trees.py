"""A scenario's picture shows its whole tree, and each of its boxes leads to its text."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchsheet import library
from benchsheet.errors import ProtocolError
from benchsheet.site import decision_trees, scenario_pages
from benchsheet.site.build import build_pages
from benchsheet.site.decision_tree_svg import TREE_FONT_SIZE, draw_decision_tree
from benchsheet.site.scenarios import parse_scenario, parse_scenarios

ROOT = Path(__file__).parent.parent
DOCS = library.load_documents(ROOT / "docs")
SVG = "{http://www.w3.org/2000/svg}"
EVERY = parse_scenarios(DOCS, tuple(library.protocol_ids()))
each = pytest.mark.parametrize("name", EVERY)


@functools.cache
def drawing(name):
    return draw_decision_tree(decision_trees.build_decision_tree(EVERY[name], EVERY))


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - of this tree


def boxes(root):
    return {part.get("id").removeprefix("box-"): part for part in root.findall(f"{SVG}a")}


def leads(root):
    return {(part.get("data-from"), part.get("data-to")) for part in root.findall(f"{SVG}path")}


def words(box):
    return " ".join(text.text for text in box.findall(f"{SVG}text")).replace("\u00a0", " ")


# --- the drawings ------------------------------------------------------------------------------------------------------------


@each
def test_each_node_of_the_data_is_one_box_that_opens_it(name):
    drawn = boxes(parsed(drawing(name)))
    nodes = {key: box for key, box in drawn.items() if box.get("class") in ("node test", "node reading")}
    assert {key: box.get("href") for key, box in nodes.items()} == {key: f"#{key}" for key in EVERY[name].nodes}
    assert {key: box.get("class") for key, box in nodes.items()} == {
        key: "node test" if node.test else "node reading" for key, node in EVERY[name].nodes.items()
    }


@each
def test_each_way_of_the_data_is_drawn_and_no_other(name):
    """A way is a line to its box, or to a box that leads on to it by its link."""
    root = parsed(drawing(name))
    drawn, way = boxes(root), set()
    for start, end in leads(root):
        where = drawn[end].get("href")
        if drawn[end].get("class") != "node do" and where.startswith("#"):
            way.add((start, where[1:]))
    assert way == {(node.id, other) for node in EVERY[name].nodes.values() for other in node.next_ids}


@each
def test_each_end_says_what_to_do_or_leads_to_the_other_scenario(name):
    root = parsed(drawing(name))
    drawn, found = boxes(root), leads(root)
    for node in EVERY[name].nodes.values():
        assert (f"{node.id}.do" in drawn) == ((node.id, f"{node.id}.do") in found) == bool(node.action)
        assert (f"{node.id}.go" in drawn) == ((node.id, f"{node.id}.go") in found) == bool(node.goto)
        if node.action:
            assert drawn[f"{node.id}.do"].get("href") == f"#{node.id}"
            assert words(drawn[f"{node.id}.do"]).startswith("Next: ")
        if node.goto:
            where, sign, at = node.goto.partition("#")
            assert drawn[f"{node.id}.go"].get("href") == f"{where}.html{sign}{at}"
            assert words(drawn[f"{node.id}.go"]) == f"Go on with: {EVERY[where].title}"


def test_the_first_tree_by_hand():
    root = parsed(drawing("no-synergy"))
    drawn, found = boxes(root), leads(root)
    assert words(drawn["targets"]) == "Are both targets blocked at the doses used?"
    assert words(drawn["both"]) == "Both fall by 80 % or more, singly and together"
    assert {end for start, end in found if start == "matrix"} == {"synergy", "flat"}
    assert {end for start, end in found if start == "schedule"} == {"schedule.synergy", "unordered"}  # a second way to a reading leads on to it
    assert drawn["schedule.synergy"].get("href") == "#synergy"
    assert {start for start, end in found if end == "endpoint"} == {"unordered"}


@each
def test_a_box_says_in_full_what_it_shows_in_short(name):
    for key, box in boxes(parsed(drawing(name))).items():
        shown, said = words(box), box.find(f"{SVG}title").text
        assert shown.removesuffix(" …") in said, key
        assert not re.search(r"\[@|\]\(|[*`{}]|&lt;|<", shown + said), key
        lines = box.findall(f"{SVG}text")
        assert 1 <= len(lines) <= 4
        assert max(len(line.text) for line in lines) <= 24


@each
def test_a_drawing_has_a_title_and_a_description_of_its_own(name):
    root = parsed(drawing(name))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title.text == EVERY[name].title
    assert len(desc.text) > 40
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), desc.get("id")) == (f"{name}-title", f"{name}-desc")
    assert root.get("role") == "group"  # role="img" would hide the links in it from a screen reader


@each
def test_the_four_kinds_of_boxes_differ_in_form(name):
    for box in parsed(drawing(name)).findall(f"{SVG}a"):
        rects, pointed = box.findall(f"{SVG}rect"), box.findall(f"{SVG}polygon")
        form = (len(rects), len(pointed), bool(rects and rects[0].get("rx")), bool(rects and rects[0].get("stroke-width")))
        assert (
            form
            == {"test": (1, 0, False, True), "reading": (1, 0, True, False), "do": (2, 0, False, False), "go": (0, 1, False, False)}[
                box.get("class").removeprefix("node ")
            ]
        )


@each
def test_a_drawing_takes_its_colours_and_its_size_from_the_page(name):
    svg = drawing(name)
    root = parsed(svg)
    assert {value for part in root.iter() for key, value in part.items() if key in ("fill", "stroke")} == {"none", "currentColor"}
    assert not {key for part in root.iter() for key in part.keys()} & {"style", "color", "font-family"}  # noqa: SIM118 - of an element, not of a dict
    assert not {"width", "height"} & set(root.keys())
    assert "xlink" not in svg


@each
def test_the_words_are_never_smaller_than_ten_pixels(name):
    """The style sheet keeps a tree from being shown narrower than this."""
    css = (ROOT / "docs/assets/css/pictures.css").read_text("utf-8")
    least = int(re.findall(r"\.tree > svg \{[^}]*min-width: (\d+)px", css)[0])
    root = parsed(drawing(name))
    assert float(root.get("font-size")) == TREE_FONT_SIZE
    assert TREE_FONT_SIZE * least / float(root.get("viewBox").split()[2]) >= 10
    assert not [part for part in root.iter() if part is not root and part.get("font-size")]


def outline(box):
    """Return left, top, right and foot of a box."""
    rect, pointed = box.find(f"{SVG}rect"), box.find(f"{SVG}polygon")
    if rect is not None:
        left, top, wide, high = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
        return left, top, left + wide, top + high
    corners = [tuple(map(float, corner.split(","))) for corner in pointed.get("points").split()]
    return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)


def pieces(way):
    """Return the straight pieces of a line, without its arrow head."""
    x, y = map(float, way[1:].split(" ")[0].split(","))
    for sign, number in re.findall(r"([HVh])([-\d.]+)", way):
        was, to = (x, y), float(number)
        x, y = {"H": (to, y), "h": (x + to, y), "V": (x, to)}[sign]
        yield min(was[0], x), min(was[1], y), max(was[0], x), max(was[1], y)


def meets(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@each
def test_no_box_covers_another_and_no_line_runs_through_a_box(name):
    root = parsed(drawing(name))
    drawn = {key: outline(box) for key, box in boxes(root).items()}
    wide, high = map(float, root.get("viewBox").split()[2:])
    for key, box in drawn.items():
        assert 0 < box[0] < box[2] < wide
        assert 0 < box[1] < box[3] < high
        assert not [other for other in drawn if other != key and meets(box, drawn[other])]
    for path in root.findall(f"{SVG}path"):
        for left, top, right, foot in pieces(path.get("d")):
            line = (left + 0.1, top - 0.1, right - 0.1, foot + 0.1) if top == foot else (left - 0.1, top + 0.1, right + 0.1, foot - 0.1)
            assert not [key for key, box in drawn.items() if meets(line, box)], path.get("data-from")


def test_another_process_draws_the_same():
    """A set in another order, as another hash seed gives it, would draw another picture."""
    code = """from tests.test_trees import EVERY, drawing; import sys; sys.stdout.buffer.write("".join(map(drawing, EVERY)).encode())"""
    env = {**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    drawn = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=env, cwd=ROOT, capture_output=True).stdout
    assert drawn.decode() == "".join(map(drawing, EVERY))


# --- on its page -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    return {page.path: page for page in build_pages(DOCS, "# Changes\n")}


def figure(body):
    (found,) = re.findall(r'^<figure class="picture tree">.*</figure>$', body, re.MULTILINE)
    return found


@each
def test_the_picture_stands_on_the_page_and_each_box_finds_its_text(name, made):
    body = made[f"scenarios/{name}.md"].body
    picture = figure(body)
    ids = set(re.findall(r"^#{3,4} .* \{#([^}]*)\}$", body, re.MULTILINE))
    links = re.findall(r'<a id="box-[^>]*href="([^"]*)"', picture)
    assert len(links) == len(boxes(parsed(drawing(name))))
    for link in links:
        page, _, at = link.partition("#")
        if page:
            other = made[f"scenarios/{page.removesuffix('.html')}.md"].body
            assert not at or f"{{#{at}}}" in other
        else:
            assert at in ids
    assert body.index("## Find out") < body.index("## The whole tree") < body.index(picture)
    found = re.findall(r' id="([^"]*)"', body)
    assert len(found) == len(set(found))


def test_the_key_tells_the_forms_that_the_tree_has(made):
    def key(name):
        return re.findall(r"</svg> ([^<]*)</li>", made[f"scenarios/{name}.md"].body)

    assert key("no-synergy") == ["test", "what it shows", "what to do next", "where to go on"]
    assert key("persistent-py397") == ["test", "what it shows", "what to do next"]


# --- mistakes ----------------------------------------------------------------------------------------------------------------

SMALL = """\
title: Small
symptom: It grows.
order: 1
summary: Look [@general].
start: first
nodes:
  first: {test: "Is it on? Look.", why: To know., protocol: none, reason: It is looked at., cost: low, next: [yes_, no_]}
  yes_: {if: "It is < on & off", next: [second, third]}
  no_: {if: It is off, action: "Put it `on` *now*, see [how](../faq/x.md) [@general]. Then wait."}
  second: {test: Is it hot?, why: To know., protocol: none, reason: It is felt., cost: low, next: [warm]}
  warm: {if: It is warm, means: It works., action: Go home., next: [third]}
  third: {test: Is it late?, why: To know., protocol: none, reason: The clock., cost: low, next: [late, no_]}
  late: {if: It is late, go: small, action: Sleep.}
references: []
"""


def small(text=SMALL):
    this = parse_scenario("small", text, "docs/scenarios/small.yml", ())
    return decision_trees.build_decision_tree(this, {"small": this})


def test_ways_that_would_cross_others_end_in_boxes_that_lead_on():
    found = small()
    assert [(start.id, end.id, end.kind) for start, end in found.arrows()] == [
        ("first", "no_", "reading"),
        ("no_", "no_.do", "do"),
        ("first", "yes_", "reading"),
        ("yes_", "yes_.third", "go"),
        ("yes_", "second", "test"),
        ("second", "warm", "reading"),
        ("warm", "warm.do", "do"),
        ("warm", "third", "test"),
        ("third", "late", "reading"),
        ("late", "late.do", "do"),
        ("late", "late.go", "go"),
        ("third", "third.no_", "go"),
    ]
    assert {box.id: box.link for box in found.boxes() if box.kind == "go"} == {
        "yes_.third": "#third",
        "late.go": "small.html",
        "third.no_": "#no_",
    }


def test_what_a_small_tree_says():
    said = {box.id: (box.name, " ".join(box.lines)) for box in small().boxes()}
    assert said["first"] == ("Test: Is it on?", "Is it on?")
    assert said["yes_"] == ("If: It is < on & off", "It is < on & off")
    assert said["no_.do"] == ("Next: Put it on now, see how", "Next: Put it on now, see how")
    assert said["yes_.third"] == ("On to: Is it late?", "On to: Is it late?")
    assert said["late.go"] == ("Go on with: Small", "Go on with: Small")


def test_signs_of_markup_are_drawn_as_written():
    assert words(boxes(parsed(draw_decision_tree(small())))["yes_"]) == "It is < on & off"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("Short", ("Short",)),
        ("It falls by less than 80 % here", ("It falls by less", "than 80\u00a0% here")),
        (
            "Take the first of all the plates that stand in there, and then put every one of the others back into the cold",
            ("Take the first of", "all the plates that", "stand in there\u00a0…"),
        ),
        (
            "Stop, and then take every single one of the many plates that are standing on the shelves behind you back into the cold",
            ("Stop, and then take", "every single one of", "the many plates\u00a0…"),
        ),
        (
            "Stop (both of them, and both at once, whatever the others who stand there may say about it to you) and wait until all of it is over",
            ("Stop\u00a0…",),
        ),
    ],
)
def test_too_many_words_stop_at_a_clause_or_else_before_a_phrase_and_not_in_brackets(said, lines):
    assert decision_trees.fit_text(said) == lines


def told(old, new):
    assert SMALL.count(old) == 1
    with pytest.raises(ProtocolError) as caught:
        small(SMALL.replace(old, new))
    return str(caught.value)


def test_tests_and_readings_take_turns():
    assert told("next: [yes_, no_]", "next: [yes_, no_, second]") == (
        "docs/scenarios/small.yml:7: the test 'first' leads to the test 'second'\n  hint: let a test lead to readings, and a reading to tests"
    )
    assert told("next: [second, third]", "next: [second, third, late]") == (
        "docs/scenarios/small.yml:8: the reading 'yes_' leads to the reading 'late'\n  hint: let a test lead to readings, and a reading to tests"
    )


def test_a_tree_begins_with_a_test():
    text = SMALL.replace("start: first\nnodes:\n", "start: zero\nnodes:\n  zero: {if: You are here, next: [first]}\n")
    with pytest.raises(ProtocolError) as caught:
        small(text)
    assert str(caught.value) == "docs/scenarios/small.yml:7: the tree begins with 'zero', which is a reading\n  hint: begin it with a test"


def test_without_pictures_the_page_has_no_heading_for_one():
    page = next(
        page
        for page in scenario_pages.build_scenario_pages(DOCS, EVERY, {name: name for name in library.protocol_ids()}, {})
        if page.path == "scenarios/no-synergy.md"
    )
    assert "The whole tree" not in page.body
