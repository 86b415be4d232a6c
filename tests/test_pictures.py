"""A picture and its committed drawing hold the same; a mistake in the data is told with its line; nothing in a drawing has a colour of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchsheet import library
from benchsheet.errors import ProtocolError, ProtocolErrors
from benchsheet.protocol import citations
from benchsheet.site.diagram_pages import edge_table, inline_diagram, parse_diagram_svg, states_table
from benchsheet.site.diagram_svg import DIAGRAM_FONT_SIZE, draw_diagram, format_dot
from benchsheet.site.diagrams import parse_diagram

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"
NARROW = 360 - 2 * 16  # what a page of 360 px leaves a picture between its margins
WORKS = citations.parse_bibtex(library.load_source(library.protocol_ids()[0]).shared_files[citations.REFERENCES_FILE])
FILES = sorted((DOCS / "mechanisms").glob("*.yml"))
each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file):
    return parse_diagram(file.stem, file.read_text("utf-8"), f"docs/mechanisms/{file.name}", WORKS)


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - of this tree


def drawing(file):
    return file.with_suffix(".svg").read_text("utf-8")


# --- the committed drawings --------------------------------------------------------------------------------------------------


def test_the_three_diagrams_and_the_other_direction_are_there():
    assert {file.stem for file in FILES} == {"rtk-bypass", "resistance-routes", "fak-in-other-resistance", "workflow"}
    assert len({read(file).direction for file in FILES}) == 3


@each
def test_a_drawing_holds_what_its_data_holds(file):
    told = read(file)
    nodes, edges, links = parse_diagram_svg(drawing(file))
    assert nodes == set(told.nodes)
    assert edges == {(edge.start, edge.end, edge.type) for edge in told.edges}
    assert links == {node.id: node.link for node in told.nodes.values()}


@each
def test_each_box_leads_to_something_that_is_there(file):
    for node in read(file).nodes.values():
        path = node.link.partition("#")[0]
        folder, _, name = path.partition("/")
        stem = name.rpartition(".")[0]
        sources = {"protocols": ROOT / "protocols" / stem / "protocol.yml", "scenarios": DOCS / "scenarios" / f"{stem}.yml"}
        assert sources.get(folder, DOCS / path).is_file(), node.link


@each
def test_a_drawing_shows_the_words_of_each_box(file):
    root = parsed(drawing(file))
    shown = {box.get("id"): [text.text for text in box.findall(f"{SVG}text")] for box in root.findall(f"{SVG}a")}
    assert shown == {f"node-{node.id}": node.label.split("\n") for node in read(file).nodes.values()}


@each
def test_a_drawing_has_a_title_and_a_description_of_its_own(file):
    told, root = read(file), parsed(drawing(file))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (title.text, desc.text) == (told.title, told.description)
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), desc.get("id")) == (f"{told.id}-title", f"{told.id}-desc")
    assert root.get("role") == "group"  # role="img" would hide the links in it from a screen reader


@each
def test_each_box_and_each_arrow_says_what_it_is(file):
    told, root = read(file), parsed(drawing(file))
    said = {part.get("id"): part.find(f"{SVG}title").text for part in root if part.get("id", "").startswith(("node-", "edge-"))}
    assert said == {
        **{
            f"edge-{edge.start}-{edge.end}": f"{told.nodes[edge.start].label_text} {edge.verb} {told.nodes[edge.end].label_text}"
            for edge in told.edges
        },
        **{f"node-{node.id}": f"{node.label_text}: {node.about}" for node in told.nodes.values()},
    }


@each
def test_no_id_stands_twice(file):
    ids = re.findall(r' id="([^"]*)"', drawing(file))
    assert len(ids) == len(set(ids))


@each
def test_a_drawing_takes_its_colours_and_its_size_from_the_page(file):
    svg = drawing(file)
    root = parsed(svg)
    assert {value for part in root.iter() for name, value in part.items() if name in ("fill", "stroke")} == {"none", "currentColor"}
    assert not {name for part in root.iter() for name in part.keys()} & {"style", "color", "font-family"}  # noqa: SIM118 - of an element, not of a dict
    assert not {"width", "height"} & set(root.keys())
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl|xlink|<!|\?xml", svg)


@each
def test_the_words_can_be_read_on_a_phone(file):
    root = parsed(drawing(file))
    assert float(root.get("font-size")) == DIAGRAM_FONT_SIZE
    wide = float(root.get("viewBox").split()[2])
    assert DIAGRAM_FONT_SIZE * NARROW / wide >= 10
    assert not [part for part in root.iter() if part is not root and part.get("font-size")]


@each
def test_what_an_arrow_means_is_told_by_its_form(file):
    """A bar for inhibits and lowers, discs for binds, a ring for recruits, P in a ring for phosphorylates; dashes for inferred."""
    told, root = read(file), parsed(drawing(file))
    parts = {part.get("id"): part for part in root}
    for edge in told.edges:
        part = parts[f"edge-{edge.start}-{edge.end}"]
        names = [child.tag.removeprefix(SVG) for child in part]
        assert ("P" in [text.text for text in part.findall(f"{SVG}text")]) == (edge.type == "phosphorylates")
        assert names.count("circle") == {"binds": 2, "recruits": 1, "phosphorylates": 1}.get(edge.type, 0)
        assert ("polyline" in names) == (edge.type in ("inhibits", "lowers"))  # the stem of a bar
        assert ("polygon" not in names) == (edge.type in ("leads to", "then", "binds", "recruits"))  # an open arrow, or none
        dashes = part.find(f"{SVG}path").get("stroke-dasharray", "").split()
        assert (dashes[:2] == ["4", "3"]) == (edge.evidence == "inferred")


needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz here; the committed drawings need none")


@needs_dot
@each
def test_drawn_again_it_holds_the_same_and_is_the_same_twice(file):
    told = read(file)
    again = draw_diagram(told)
    assert parse_diagram_svg(again) == parse_diagram_svg(drawing(file))
    assert draw_diagram(told) == again


def test_without_graphviz_drawing_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ProtocolError) as caught:
        draw_diagram(read(FILES[0]))
    assert str(caught.value) == "there is no Graphviz here\n  hint: install it (apt-get install graphviz); only drawing needs it"


# --- small pictures ----------------------------------------------------------------------------------------------------------

GOOD = """\
title: A small picture
direction: neither
caption: One drug, one protein & what follows.
description: A drug inhibits a protein.
nodes:
  drug: {label: "a\\ndrug", kind: drug, link: faq/one.md, about: "the drug"}
  protein: {label: "p | q", kind: protein, link: protocols/two.md#steps, about: "the protein"}
  end: {label: "end", kind: outcome, link: analysis/three.ipynb, about: "what is seen"}
rank: [[drug], [protein], [end]]
edges:
  - {from: drug, to: protein, type: inhibits, evidence: verified, cite: [smith2020, general], note: "in mice"}
  - {from: protein, to: end, type: then, when: "no", evidence: inferred, cite: [general], note: ""}
  - {from: drug, to: end, type: leads to, evidence: general, cite: [general]}
states:
  - {name: With drug, "on": ["drug->protein", "drug->end", "protein->end"], says: "It falls [@smith2020]."}
"""
SMALL_WORKS = ("smith2020", "jones2021")
PAGES = {"faq/one.md", "protocols/two.md", "analysis/three.ipynb"}


def small(text=GOOD):
    return parse_diagram("small", text, "small.yml", SMALL_WORKS, PAGES)


def told(text):
    with pytest.raises(ProtocolError) as caught:
        small(text)
    return str(caught.value)


def test_the_edges_as_a_table():
    assert edge_table(small()).splitlines() == [
        "| from | what | to | evidence | note |",
        "|---|---|---|---|---|",
        "| a drug | inhibits | p \\| q | verified | in mice [@smith2020] [@general] |",
        "| p \\| q | if no, then | end | inferred | [@general] |",
        "| a drug | leads to | end | general | [@general] |",
    ]


def test_the_states_as_a_table():
    assert states_table(small()).splitlines() == [
        "| state | what is on | what follows |",
        "|---|---|---|",
        "| With drug | a drug inhibits p \\| q, leads to end; p \\| q if no, then end | It falls [@smith2020]. |",
    ]


def stand_in(text=GOOD):
    """Return a drawing of the small picture as bare as it can be, for a place without Graphviz."""
    found = small(text)
    edges = "".join(f'<g id="edge-{edge.start}-{edge.end}" data-type="{edge.type}"/>\n' for edge in found.edges)
    nodes = "".join(f'<a id="node-{node.id}" class="node" href="{node.link}">\n<text>x</text></a>\n' for node in found.nodes.values())
    return f"<svg>\n{edges}{nodes}</svg>\n"


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ("mechanisms/small.md", ["../faq/one.html", "../protocols/two.html#steps", "../analysis/three.html"]),
        ("workflow.md", ["faq/one.html", "protocols/two.html#steps", "analysis/three.html"]),
        ("faq/other.md", ["one.html", "../protocols/two.html#steps", "../analysis/three.html"]),
    ],
)
def test_on_a_page_the_links_are_found_from_it(page, links):
    html = inline_diagram(small(), stand_in(), page)
    assert re.findall(r'<a [^>]*href="([^"]*)"', html) == links


def test_on_a_page_a_drawing_is_one_line_with_its_caption_and_its_key():
    html = inline_diagram(small(), stand_in(), "workflow.md")
    assert "\n" not in html
    assert html.startswith('<figure class="picture"><svg>')
    assert html.endswith("<figcaption>One drug, one protein &amp; what follows.</figcaption></figure>")
    assert re.findall(r"</svg> ([^<]*)</li>", html) == ["inhibits", "leads to", "then", "inferred", "drug", "protein", "outcome"]
    assert parsed(html).find("ul").get("class") == "picture-key"


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("type: inhibits", "type: activates"),
        GOOD.replace("link: faq/one.md", "link: analysis/three.ipynb"),
        GOOD.replace("  - {from: drug, to: end,", "  - {from: end, to: drug,").replace('"drug->end", ', ""),
    ],
)
def test_a_drawing_older_than_its_data_is_refused(text):
    with pytest.raises(ProtocolError) as caught:
        inline_diagram(small(text), stand_in(), "workflow.md")
    assert str(caught.value) == (
        "docs/mechanisms/small.svg: the drawing is older than its data\n  hint: draw it again: python -m benchsheet.site.diagram_svg docs"
    )


@needs_dot
def test_signs_of_markup_in_a_label_are_drawn_as_written():
    text = GOOD.replace('label: "end"', "label: 'a < b & \"c\" \\ d'")
    root = parsed(draw_diagram(small(text)))
    assert [box.find(f"{SVG}text").text for box in root.findall(f"{SVG}a") if box.get("id") == "node-end"] == ['a < b & "c" \\ d']


def test_a_way_back_does_not_set_the_rows():
    text = GOOD.replace("  - {from: drug, to: end, type: leads to", "  - {from: end, to: drug, type: then").replace('"drug->end", ', "")
    assert '  drug -> end [id="edge-end-drug", minlen=2, dir=back, arrowtail=vee]' in format_dot(small(text)).splitlines()


# --- mistakes ----------------------------------------------------------------------------------------------------------------

# What is changed in the small picture, by what, and what is then said.
MISTAKES = {
    "an unknown key": (
        "direction: neither",
        "direction: neither\ncolour: red",
        3,
        "a picture has no 'colour'",
        "known: title, direction, caption, description, nodes, edges, rank, states",
    ),
    "a missing key": ("caption: One drug, one protein & what follows.\n", "", 1, "a picture needs a 'caption'", "add a line 'caption: ...'"),
    "a list for a text": ("title: A small picture", "title: [a]", 1, "'title' is a text, not a list", "write title: some words"),
    "no description": ("A drug inhibits a protein.", '""', 4, "'description' is empty", "say it in words"),
    "no label": ('label: "end"', 'label: ""', 8, "'end' has no words", "write its label and what it is about"),
    "an unknown key of a node": ('about: "the drug"}', 'abuot: "x", about: "y"}', 6, "a node has no 'abuot'", "did you mean 'about'?"),
    "a missing key of a node": (', about: "the drug"}', "}", 6, "a node needs a 'about'", "add a line 'about: ...'"),
    "an unknown kind": ("kind: drug", "kind: drugs", 6, "'drugs' is not a kind of a node", "did you mean 'drug'?"),
    "a link to no page": ("link: faq/one.md", "link: faq/on.md", 6, "'drug' links to 'faq/on.md', which is not a page", "did you mean 'faq/one.md'?"),
    "a node that nothing touches": (
        "rank: [[drug]",
        '  lone: {label: "l", kind: drug, link: faq/one.md, about: "x"}\nrank: [[drug, lone]',
        9,
        "no edge touches 'lone'",
        "draw an edge from it or to it, or leave it out",
    ),
    "an edge of no node": (
        "to: protein,",
        "to: protien,",
        11,
        "the edge from 'drug' to 'protien': there is no node 'protien'",
        "did you mean 'protein'?",
    ),
    "an unknown key of an edge": ('note: "in mice"', 'notes: "in mice"', 11, "an edge has no 'notes'", "did you mean 'note'?"),
    "an unknown type": ("type: leads to", "type: lead to", 13, "'lead to' is not a type of an edge", "did you mean 'leads to'?"),
    "an unknown evidence": ("evidence: verified", "evidence: verifed", 11, "'verifed' is not a word for evidence", "did you mean 'verified'?"),
    "a cite that is not a work": (
        "[smith2020, general]",
        "[smyth2020]",
        11,
        "'smyth2020' is neither a work nor a mark of evidence",
        "did you mean 'smith2020'?",
    ),
    "a work of a note": (
        'note: "in mice"',
        'note: "in mice [@smit2020]"',
        11,
        "'smit2020' is neither a work nor a mark of evidence",
        "did you mean 'smith2020'?",
    ),
    "nothing cited": (
        "cite: [smith2020, general]",
        "cite: []",
        11,
        "the edge from 'drug' to 'protein' cites nothing",
        "cite a work, or the mark general",
    ),
    "verified by no work": (
        "[smith2020, general]",
        "[general]",
        11,
        "the edge from 'drug' to 'protein' is verified and cites no work",
        "cite it, or say evidence: general",
    ),
    "an edge drawn twice": (
        "from: drug, to: end",
        "from: drug, to: protein",
        13,
        "the edge from 'drug' to 'protein' is drawn twice",
        "say all of it in one",
    ),
    "an item that is not an edge": ("edges:\n", "edges:\n  - drug\n", 11, "an item of 'edges' is a mapping", "write {name: value, ...}"),
    "a node twice in the rows": ("[end]]", "[end, drug]]", 9, "'drug' stands in the rows twice", "a box is drawn once"),
    "a row of no node": ("[end]]", "[end, ends]]", 9, "a row holds 'ends', which is not a node", "did you mean 'end'?"),
    "a node in no row": (", [end]]", "]", 9, "no row holds 'end'", "each node stands in one row"),
    "rows that are none": (
        "rank: [[drug], [protein], [end]]",
        "rank: [drug, protein, end]",
        9,
        "'rank' is a list of rows, and a row a list of nodes",
        "write rank: [[one], [two, three]]",
    ),
    "a list as a node in a row": (
        "[end]]",
        "[[end]]]",
        9,
        "'rank' is a list of rows, and a row a list of nodes",
        "write rank: [[one], [two, three]]",
    ),
    "an edge of a state": (
        '"drug->end", ',
        '"end->drug", ',
        15,
        "the state 'With drug' has the edge 'end->drug' on, which is not drawn",
        "edges: drug->protein, protein->end, drug->end",
    ),
    "a work of a state": ("[@smith2020].", "[@smyth2020].", 15, "'smyth2020' is neither a work nor a mark of evidence", "did you mean 'smith2020'?"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_the_way_out(name):
    old, new, line, message, hint = MISTAKES[name]
    assert GOOD.count(old) == 1
    first = told(GOOD.replace(old, new)).partition("\nsmall.yml")[0]  # what follows from it may be told after it
    assert first == f"small.yml:{line}: {message}\n  hint: {hint}"


@pytest.mark.parametrize("name", ["Drug", "a-b", "1st"])
def test_a_node_is_named_so_that_its_edges_can_be_told_apart(name):
    assert f"small.yml:6: '{name}' is not a name of a node\n  hint: small letters, digits and _, a letter first" in told(GOOD.replace("drug", name))


def test_all_mistakes_of_a_picture_are_told_at_once():
    text = GOOD.replace("kind: drug", "kind: drugs").replace("evidence: inferred", "evidence: guessed").replace("[end]]", "[]]")
    with pytest.raises(ProtocolErrors) as caught:
        small(text)
    assert [mistake.line for mistake in caught.value.errors] == [6, 9, 12, 15]  # and the state, whose edge is not read


def test_without_works_and_pages_neither_is_looked_up():
    found = parse_diagram("small", GOOD.replace("smith2020", "nobody").replace("faq/one.md", "nowhere.md"), "small.yml")
    assert found.edges[0].cite == ("nobody", "general")
    assert found.nodes["drug"].link == "nowhere.md"
