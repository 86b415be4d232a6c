"""The pages of the site say what their documents, protocols and tables say; none is made by hand, and none is left out."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from markdown_it import MarkdownIt

from benchsheet import library
from benchsheet.engine import render
from benchsheet.formats.html.page import format_html
from benchsheet.formats.markdown import format_markdown
from benchsheet.formats.timeline import format_timeline
from benchsheet.site import page as glossary
from benchsheet.site import search_index
from benchsheet.site.build import build_pages, companion_files, format_pages
from benchsheet.site.page import Page
from benchsheet.site.sheets import SheetCache
from benchsheet.site.site_map import build_navigation
from benchsheet.units import parse_quantity

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
SHEETS = SheetCache()  # of the protocols as they are: rendered once for all that is built of them here
ANSWERS = sorted(file.stem for file in (DOCS / "faq").glob("*.md") if file.stem != "index")
SCENARIOS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted((DOCS / "scenarios").glob("*.yml"))}
PROTOCOLS = {
    name: yaml.safe_load((Path(library.protocols_folder()) / name / "protocol.yml").read_text("utf-8")) for name in ("co-ip", "srb", "western-blot")
}
SET = [(scenario, node) for scenario, tree in SCENARIOS.items() for node, entry in tree["nodes"].items() if entry.get("protocol", "none") != "none"]
CITING = [
    *(f"faq/{name}.md" for name in ANSWERS),
    *(f"scenarios/{name}.md" for name in SCENARIOS),
    *(f"mechanisms/{file.name}" for file in sorted((DOCS / "mechanisms").glob("*.md")) if file.stem != "index"),
    "workflow.md",
    "cite.md",
]
SETTERS = pytest.mark.parametrize(("name", "node"), SET, ids=["-".join(each) for each in SET])
MARKS = {"general", "computed", "source"}
AMOUNT = re.compile(r"(?<![\w.,+:])(\d[\d.\u202f]*) ?(µL|mL|nL|ng|µg|mg|g|min|s|h|days?|nM|µM|mM|°C|× g|nm|cells/mL|cells|%|X)(?![\w/])")


# --- a built page, as a tree -------------------------------------------------------------------------------------------------

EMPTY = {"br", "hr", "img", "input", "meta", "link"}
INLINE = {"a", "abbr", "b", "code", "em", "i", "span", "strong", "sub", "sup"}


class Part:
    """An element of a page: its tag, its attributes, and what stands in it."""

    def __init__(self, tag, given, above=None):
        self.tag, self.given, self.above = tag, given, above
        self.parts: list[Part | str] = []

    def __iter__(self) -> Iterator[Part]:
        for part in self.parts:
            if isinstance(part, Part):
                yield part
                yield from part

    @property
    def classes(self):
        return (self.given.get("class") or "").split()

    def all(self, tag, kind=""):
        return [part for part in self if part.tag == tag and (not kind or kind in part.classes)]

    def one(self, tag, kind=""):
        (found,) = self.all(tag, kind)
        return found

    def within(self, other):
        return self is other or self.above is not None and self.above.within(other)

    def said(self, *, without=()):
        """The words of the element, but for those of elements of a class or a tag in *without*."""
        if {self.tag, *self.classes} & set(without):
            return ""
        words = "".join(part if isinstance(part, str) else part.said(without=without) for part in self.parts)
        return words if self.tag in INLINE else f" {words} "

    def words(self, *without):
        return tidy(self.said(without=("headerlink", *without)))


def tidy(words):
    """Words with one blank between them, none before a stop, and the narrow blank within a number as it is."""
    return re.sub(r" ([.,;:)])", r"\1", re.sub(r"[ \n]+", " ", words)).strip()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.here = Part("page", {})

    def handle_starttag(self, tag, attrs):
        part = Part(tag, dict(attrs), self.here)
        self.here.parts.append(part)
        if tag not in EMPTY:
            self.here = part

    def handle_startendtag(self, tag, attrs):
        self.here.parts.append(Part(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            assert self.here.tag == tag, f"</{tag}> in <{self.here.tag}>"
            self.here = self.here.above

    def handle_data(self, data):
        self.here.parts.append(data)


def tree(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is not closed"
    return reader.root


def body(text):
    """The page without its head."""
    head, _, rest = text.removeprefix("---\n").partition("\n---\n")
    assert yaml.safe_load(head)["title"]
    return rest


def head(name):
    """The head of an answer, and its text, read apart from the program."""
    front, _, text = (DOCS / "faq" / f"{name}.md").read_text("utf-8").removeprefix("---\n").partition("\n---\n")
    return yaml.safe_load(front), text


def plain(text):
    """Markdown as it is read: no citations, no marks, the words of its links."""
    text = re.sub(r"\s?\[@[\w-]+\]", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return tidy(re.sub(r"[*`]", "", text))


def cited(text):
    """The works that a text cites, in order; what stands in code is not a citation."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    return list(dict.fromkeys(key for key in re.findall(r"\[@([\w-]+)\]", text) if key not in MARKS))


def strings(data):
    """Every text in a Record but the prose of its steps."""
    if isinstance(data, dict):
        return [found for key, value in data.items() if key != "markdown" for found in strings(value)]
    if isinstance(data, list):
        return [found for value in data for found in strings(value)]
    return [data] if isinstance(data, str) else []


def seen(text):
    """The words that a reader of a sheet in Markdown sees."""
    lines = [token.children or [] for token in MarkdownIt("commonmark").enable("table").parse(text) if token.type == "inline"]
    return tidy(" ".join("".join(" " if part.type == "softbreak" else part.content for part in line) for line in lines))


def some(found, *paths):
    """Some pages as they go to the build; all would take longer."""
    return format_pages([page for page in found if page.path in paths])


@pytest.fixture(scope="module")
def docs():
    return library.load_documents(DOCS)


@pytest.fixture(scope="module")
def found(docs):
    return build_pages(docs, CHANGES, SHEETS)


@pytest.fixture(scope="module")
def made(found):
    return format_pages(found)


@pytest.fixture(scope="module")
def convert():
    """Markdown to HTML as the site's settings have it."""
    library_of_markdown = pytest.importorskip("markdown", reason="Markdown comes with the extra 'site'")
    given = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    settings = {name: values for each in given if isinstance(each, dict) for name, values in each.items()}
    names = [each if isinstance(each, str) else next(iter(each)) for each in given]
    return lambda text: tree(library_of_markdown.Markdown(extensions=names, extension_configs=settings).convert(text))


@pytest.fixture(scope="module")
def built(made, convert):
    """A page as the reader gets it, made once."""
    return functools.cache(lambda path: convert(body(made[path])))


@pytest.fixture(scope="module")
def sheet():
    """The Record of the sheet that a node of a scenario sets, made from the values as they stand in its file."""

    @functools.cache
    def rendered(scenario, node):
        entry = SCENARIOS[scenario]["nodes"][node]
        values = {name.replace("-", "_"): str(value) for name, value in entry["values"].items()}
        return render(library.load_source(entry["protocol"]), values, name=entry["sheet"])

    return rendered


# --- answers -----------------------------------------------------------------------------------------------------------------


def test_every_answer_stands_once_in_the_index_under_its_area(docs, built):
    areas = yaml.safe_load(docs["faq/index.md"].split("\n---\n")[0])["areas"]
    heads = {name: head(name)[0] for name in ANSWERS}
    listed, area = [], ""
    for part in built("faq/index.md"):
        if part.tag == "h2":
            area = part.words()
        elif part.tag == "dt":
            listed.append((area, part.one("a").given["href"], part.words()))
    ordered = sorted(ANSWERS, key=lambda name: (areas.index(heads[name]["area"]), int(heads[name]["order"]), name))
    assert listed == [(heads[name]["area"].capitalize(), f"{name}.md", heads[name]["title"]) for name in ordered]
    assert len(listed) >= 15  # the five of the source document and at least ten more


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_begins_with_its_title_and_the_short_answer(built, name):
    front, text = head(name)
    title, short = [part for part in built(f"faq/{name}.md").parts if isinstance(part, Part)][:2]
    assert (title.tag, title.words()) == ("h1", front["title"])
    assert (short.tag, short.classes) == ("p", ["short-answer"])
    assert short.words("cite", "evidence") == plain(text.partition("<!-- more -->")[0])


def test_the_index_has_the_short_answers_without_their_citations(built):
    index = built("faq/index.md")
    shown = {link.given["href"]: means.words() for link, means in zip(index.all("dt"), index.all("dd"), strict=True) for link in [link.one("a")]}
    assert shown == {f"{name}.md": plain(head(name)[1].partition("<!-- more -->")[0]) for name in ANSWERS}
    assert "[@" not in index.words()


def test_related_questions_are_links_to_their_pages(built):
    """Of 'acquired': intrinsic, pathways, pyk2, mutations."""
    links = [link.given["href"] for link in built("faq/acquired.md").all("ul")[-1].all("a")]
    assert links == ["intrinsic.md", "pathways.md", "pyk2.md", "mutations.md"]


@pytest.fixture(scope="module")
def embedding(docs):
    """Pages of a site on which two pages ask for the short answer on YAP: one at the top, one in a folder."""
    asked = "\n\n{answer: yap}\n\n"
    other = docs | {"cite.md": docs["cite.md"] + asked, "guide/time.md": docs["guide/time.md"] + asked}
    return some(build_pages(other, CHANGES, SHEETS), "cite.md", "guide/time.md")


@pytest.mark.parametrize(("path", "link"), [("cite.md", "faq/yap.md"), ("guide/time.md", "../faq/yap.md")])
def test_a_page_may_have_the_short_answer_of_a_question_in_it(convert, embedding, path, link):
    box = convert(body(embedding[path])).one("div", "question")
    front, text = head("yap")
    title, short, more = (part for part in box.parts if isinstance(part, Part))
    assert title.words() == front["title"]
    assert short.words("cite", "evidence").startswith(plain(text.partition("<!-- more -->")[0])[:60])
    assert more.one("a").given["href"] == link


def test_the_works_of_a_short_answer_stand_on_the_page_that_has_it(convert, embedding):
    """cite.md cites the source document; the short answer on YAP cites two works more."""
    page = convert(body(embedding["cite.md"]))
    assert "[@" not in page.words()
    assert [item.given["id"] for item in page.one("ol", "references").all("li")] == ["ref-benchchem2025", "ref-fak_modes2026", "ref-zhang2021"]


# --- works -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CITING)
def test_the_works_of_a_page_are_those_it_cites_numbered_as_they_come(built, path):
    page = built(path)
    notes = [note.one("a") for note in page.all("sup", "cite")]
    order = list(dict.fromkeys(note.given["href"].removeprefix("#ref-") for note in notes))
    assert [note.words() for note in notes] == [str(order.index(note.given["href"].removeprefix("#ref-")) + 1) for note in notes]
    assert [item.given["id"] for lists in page.all("ol", "references") for item in lists.all("li")] == [f"ref-{key}" for key in order]
    assert "[@" not in page.words("code", "pre")
    folder, _, name = path.rpartition("/")
    file = DOCS / folder / (name if folder != "scenarios" else f"{name[:-3]}.yml")
    text = file.read_text("utf-8")
    mine = set(cited(text))
    for name in re.findall(r"^\{answer: ([\w-]+)\}$", text, re.MULTILINE):
        mine |= set(cited(head(name)[1].partition("<!-- more -->")[0]))
    assert mine <= set(order)
    data = DOCS / "mechanisms" / f"{file.stem}.yml"  # the edges of a picture cite too
    assert set(order) - mine <= (set(re.findall(r"[\w-]+", data.read_text("utf-8"))) if data.exists() else set())


def test_the_works_of_an_answer_in_the_order_of_its_text(built):
    """Read off docs/faq/acquired.md by hand."""
    items = built("faq/acquired.md").one("ol", "references").all("li")
    assert [item.given["id"] for item in items] == ["ref-marlowe2016", "ref-jiang2020", "ref-pozzato2024", "ref-faky397", "ref-villamoruzzi2007"]
    assert [item.words().split(".")[0] for item in items[:3]] == ["Marlowe et al", "Jiang et al", "Pozzato et al"]


@pytest.mark.parametrize(
    ("key", "doi", "words"),
    [
        ("marlowe2016", "10.1158/1535-7163.MCT-16-0366", "Mol Cancer Ther 15(12):3028–3039"),
        ("jiang2020", "10.1136/gutjnl-2018-317424", "Gut 69(1):122–132"),
        ("pozzato2024", "10.1038/s44321-024-00138-7", "EMBO Mol Med 16(10):2402–2426"),
    ],
)
def test_a_work_leads_to_its_doi(built, key, doi, words):
    (item,) = [item for item in built("faq/acquired.md").one("ol", "references").all("li") if item.given["id"] == f"ref-{key}"]
    assert item.one("a").given["href"] == f"https://doi.org/{doi}"
    assert item.one("a").words() == f"doi:{doi}"
    assert words in item.words()
    assert len({item.words() for item in item.all("a")}) == 1


def test_what_rests_on_no_work_says_so_and_has_no_number(built):
    page = built("faq/statistics.md")
    marks = page.all("abbr", "evidence")
    assert {mark.words(): mark.given["title"].partition(":")[0] for mark in marks} == {
        "general": "general laboratory knowledge",
        "computed": "worked out here from the figures named",
    }
    assert len(marks) == len(re.findall(r"\[@(?:general|computed|source)\]", head("statistics")[1]))
    assert [item.given["id"] for item in page.one("ol", "references").all("li")] == ["ref-demidenko2019"]


def test_every_work_stands_on_the_page_of_references_once(built):
    keys = re.findall(r"^@\w+\{([\w-]+),$", (Path(library.protocols_folder()) / "_shared" / "references.bib").read_text("utf-8"), re.MULTILINE)
    shown = [span.given["id"] for span in built("references.md").all("span") if not span.given.get("id", "source-").startswith("source-")]
    assert shown == sorted(keys)


def test_the_page_of_references_says_which_pages_cite_a_work(made, found, built):
    index = built("references.md")
    citing = {term.all("span")[0].given["id"]: {link.given["href"] for link in means.all("a")} for term, means in _defined(index)}
    for key, links in citing.items():
        assert {path for path in CITING if f'href="#ref-{key}"' in made[path]} <= links, key
        assert links <= {page.path for page in found if page.is_listed}, key
    assert {"faq/acquired.md", "scenarios/lost-sensitivity.md", "mechanisms/rtk-bypass.md", "workflow.md"} <= citing["marlowe2016"]
    assert citing["kim1996"] == {"faq/srb-in-3d.md", "symptoms/plate.md"}


def _defined(page):
    """Each term of a page's lists, with the paragraph or the entry that follows it."""
    for listed in page.all("dl"):
        parts = [part for part in listed.parts if isinstance(part, Part)]
        yield from ((term, means) for term, means in pairwise(parts) if (term.tag, means.tag) == ("dt", "dd"))


def test_the_numbers_of_the_source_document_are_still_found(built):
    """As reading the works themselves told: 2 is a copy of 1, 4 to 6 of 3, 9 is another paper than 1, 13 is none."""
    rows = {}
    for row in built("references.md").all("tr")[1:]:
        number, work, _ = row.all("td")
        link = work.all("a")[0].given["href"].removeprefix("#") if work.all("a") else ""
        rows[number.one("span").given["id"].removeprefix("source-")] = (number.words(), link, work.words())
    assert [(number, shown) for number, (shown, _, _) in rows.items()] == [(str(number), str(number)) for number in range(1, 21)]
    works = {number: link for number, (_, link, _) in rows.items() if link}
    assert works == {
        **dict.fromkeys(("1", "2"), "marlowe2016"),
        **dict.fromkeys(("3", "4", "5", "6", "14"), "jiang2020"),
        "7": "pozzato2024",
        "8": "hu2024",
        "9": "chen2018",
        "10": "chuang2022",
        "11": "sulzmaier2014",
        "12": "zhang2022",
        "15": "ichihara2017",
    }
    assert rows["13"][2] == "unresolved"
    assert "probably" in rows["14"][2]
    assert {rows[str(number)][2] for number in range(16, 21)} == {"a supplier's page, no publication"}


# --- scenarios ---------------------------------------------------------------------------------------------------------------


def card(page, node):
    """The card whose heading has the address of a node."""
    (found,) = [part for part in page.all("div", "card") if any(each.given.get("id") == node for each in part if each.tag in ("h3", "h4"))]
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_node_of_a_scenario_is_a_card_on_its_page_and_none_is_within_another(built, name):
    nodes, page = SCENARIOS[name]["nodes"], built(f"scenarios/{name}.md")
    cards = page.one("div", "guide").all("div", "card")
    headings = {heading.given["id"]: (heading, part) for part in cards for heading in part if heading.tag in ("h3", "h4")}
    assert sorted(headings) == sorted(nodes)
    assert len(cards) == len(nodes)
    assert not [part for part in cards if part.all("div", "card")]
    for node, (heading, part) in headings.items():
        kind = "test" if "test" in nodes[node] else "reading"
        assert (part.classes, heading.tag) == (["card", kind], "h3" if kind == "test" else "h4")
        said = heading.words()
        assert said
        assert part.words().count(said) == 1, "the question is said again"
    assert next(iter(headings)) == SCENARIOS[name]["start"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_card_leads_to_what_follows_and_back_and_a_test_comes_after_all_that_lead_to_it(built, name):
    page, nodes = built(f"scenarios/{name}.md"), SCENARIOS[name]["nodes"]
    ways = {node: [entry["next"]] if isinstance(entry.get("next"), str) else entry.get("next", []) for node, entry in nodes.items()}
    order = [heading.given["id"] for part in page.all("div", "card") for heading in part if heading.tag in ("h3", "h4")]
    for node in nodes:
        links = card(page, node).all("a", "answer" if "test" in nodes[node] else "onward")
        assert [link.given["href"] for link in links] == [f"#{each}" for each in ways[node]]
        back = {link.given["href"] for part in card(page, node).all("p", "before") for link in part.all("a")}
        assert back == {f"#{each}" for each, following in ways.items() if node in following}
        assert "test" in nodes[node] or all(order.index(each) > order.index(node) for each in ways[node])


@SETTERS
def test_a_test_opens_its_sheet_and_the_sheet_leads_back_to_it(built, found, name, node):
    (link,) = [part.given["href"] for part in card(built(f"scenarios/{name}.md"), node).all("a", "sheet")]
    path = f"protocols/{SCENARIOS[name]['nodes'][node]['protocol']}/{name}-{node}.md"
    assert link == f"../{path}"
    (page,) = [page for page in found if page.path == path]
    assert not page.is_listed
    assert set(re.findall(r"\]\((\S*scenarios\S*)\)", page.body)) == {f"../../scenarios/{name}.md#{node}"}


def test_no_sheet_is_set_that_no_test_opens(found):
    hidden = {page.path for page in found if not page.is_listed}
    assert hidden == {f"protocols/{SCENARIOS[name]['nodes'][node]['protocol']}/{name}-{node}.md" for name, node in SET}


@SETTERS
def test_a_sheet_is_set_with_the_values_of_its_test_and_with_no_other(made, sheet, name, node):
    entry = SCENARIOS[name]["nodes"][node]
    values = {key.replace("-", "_"): str(value) for key, value in entry["values"].items()}
    record = sheet(name, node)
    page = made[f"protocols/{entry['protocol']}/{name}-{node}.md"]
    (command,) = re.findall(r"^(?: {4})?(benchsheet render .*)$", page, re.MULTILINE)
    assert command == record["invocation"]["command"]
    asked = _asked(shlex.split(command))
    assert asked.pop("name") == entry["sheet"]
    assert asked.keys() == values.keys()
    assert [
        name for name, text in asked.items() if text != values[name] and parse_quantity(text) != parse_quantity(values[name])
    ] == []  # 60 min is 1 h
    changed = {key for key, parameter in record["parameters"].items() if parameter["changed"]}
    assert changed <= {key.replace("-", "_") for key in asked}


def _asked(words):
    """Return the options of a command as the values of a scenario have them."""
    assert words[:2] == ["benchsheet", "render"]
    found, rest = {}, words[3:]
    while rest:
        option = rest.pop(0).removeprefix("--").replace("-", "_")
        if rest and not rest[0].startswith("--"):
            found[option] = rest.pop(0)
        else:
            found[option.removeprefix("no_")] = "no" if option.startswith("no_") else "yes"
    return found


@SETTERS
def test_a_sheet_that_is_set_says_what_its_record_says(made, sheet, name, node):
    """Each sample and each target by its name, and each amount of each step."""
    record = sheet(name, node)
    words = _flat(made[f"protocols/{SCENARIOS[name]['nodes'][node]['protocol']}/{name}-{node}.md"])
    values = SCENARIOS[name]["nodes"][node]["values"]
    for listed in ("samples", "targets", "compounds"):
        for each in str(values.get(listed, "")).split(","):
            assert each.replace("uM", "µM") in words.replace("uM", "µM"), each
    amounts = [operation["each"]["text"] for step in record["steps"] for operation in step["operations"] if operation["op"] == "add"]
    assert amounts
    assert [each for each in amounts if _flat(each) not in words] == []


def _flat(text):
    """Markdown without escapes, entities and runs of blanks."""
    text = re.sub(r"&#(\d+);", lambda sign: chr(int(sign[1])), text)
    return re.sub(r"[ \n]+", " ", re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_test_without_a_sheet_says_why(built, name):
    for node, entry in SCENARIOS[name]["nodes"].items():
        if entry.get("protocol") == "none":
            mine = list(card(built(f"scenarios/{name}.md"), node))
            assert f"No sheet here: {plain(entry['reason'])}" in [part.words("cite", "evidence") for part in mine if part.tag == "p"]
            assert [part for part in mine if "sheet" in part.classes] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_node_says_all_that_its_data_says_with_the_thresholds_filled_in(built, name):
    limits = {key: str(limit["value"]) for key, limit in SCENARIOS[name]["thresholds"].items()}
    page = built(f"scenarios/{name}.md")
    for node, entry in SCENARIOS[name]["nodes"].items():
        parts = [part for part in card(page, node) if part.tag in ("h3", "h4", "p") and "before" not in part.classes]
        words = " ".join(part.words("cite", "evidence") for part in parts)
        for key in ("test", "why", "if", "means", "caution", "action", "invalid", "read"):
            given = entry.get(key, [])
            for text in [given] if isinstance(given, str) else given:
                filled = re.sub(r"\{([a-z][\w-]*)\}", lambda hole: limits[hole[1]], text)
                assert plain(filled).replace(".", "") in words.replace(".", ""), (node, key)  # a heading has no stop
    assert not re.search(r"\{[a-z]", page.words("code", "pre"))


@pytest.mark.parametrize(
    ("name", "node", "words"),
    [
        ("no-synergy", "synergy", "Mean Bliss excess above 10 points, 95 % interval above 0"),
        ("no-synergy", "both", "Both fall by 80 % or more, singly and together"),
        ("persistent-py397", "right", "Band at 125 kDa, gone with siFAK and with phosphatase, total FAK alike"),
        ("no-effect-in-3d", "valid", "Z′ is 0.4 or more, and the positive drug works"),
        ("lost-sensitivity", "unblocked", "pY397 falls by less than 80 % in the resistant cells"),
    ],
)
def test_a_reading_is_opened_by_its_figure(built, name, node, words):
    assert [part.words() for part in card(built(f"scenarios/{name}.md"), node).all("h4")] == [words]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_way_to_another_scenario_leads_to_a_node_that_is_there(built, name):
    for node, entry in SCENARIOS[name]["nodes"].items():
        if "go" not in entry:
            continue
        where, _, at = entry["go"].partition("#")
        mine = list(card(built(f"scenarios/{name}.md"), node))
        assert f"{where}.md" + (f"#{at}" if at else "") in [part.given["href"] for part in mine if part.tag == "a"]
        assert not at or at in SCENARIOS[where]["nodes"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_threshold_is_in_the_table_of_figures_with_its_evidence(built, name):
    (table,) = [part for part in section(built(f"scenarios/{name}.md"), "Figures") if part.tag == "table"]
    rows = [[cell.words() for cell in row.all("td")] for row in table.all("tr")[1:]]
    assert rows == [[str(limit["value"]), plain(limit["about"]), limit["evidence"]] for limit in SCENARIOS[name]["thresholds"].values()]


def test_the_four_symptoms_stand_in_their_order_with_what_is_seen(built):
    listed = [(term.one("a").given["href"], means.words()) for term, means in _defined(built("scenarios/index.md"))]
    names = ("no-effect-in-3d", "lost-sensitivity", "persistent-py397", "no-synergy")  # Sc1 to Sc4
    assert [path for path, _ in listed[:2]] == ["../symptoms/blot.md", "../symptoms/plate.md"]
    assert listed[2:] == [(f"{name}.md", plain(SCENARIOS[name]["symptom"])) for name in names]


# --- protocols ---------------------------------------------------------------------------------------------------------------


def section(page, title):
    """What stands between a heading of the second level and the next one."""
    parts = [part for part in page.parts if isinstance(part, Part)]
    (begin,) = [place for place, part in enumerate(parts) if part.tag == "h2" and part.words() == title]
    end = next((place for place, part in enumerate(parts) if part.tag == "h2" and place > begin), len(parts))
    return parts[begin + 1 : end]


def options(page):
    """The table of what a run may set: option to the other cells."""
    (box,) = [part for part in section(page, "What a run may set") if part.tag == "div"]
    rows = [[cell.words() for cell in row.all("td")] for row in box.all("tr")[1:]]
    assert len({option for option, *_ in rows}) == len(rows)
    return {option: rest for option, *rest in rows}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_page_has_each_parameter_as_an_option_with_its_help(built, name):
    """What is asked for first comes first. Those that a protocol opens of the one in it, as the co-IP does of its blot, come after its own."""
    shown, mine = options(built(f"protocols/{name}.md")), list(dict.fromkeys((*PROTOCOLS[name]["ask"], *PROTOCOLS[name]["parameters"])))
    assert list(shown)[: len(mine)] == [f"--{key.replace('_', '-')}" for key in mine]
    assert len(shown) == len(mine) or "uses" in PROTOCOLS[name]
    for key, entry in PROTOCOLS[name]["parameters"].items():
        words, takes, _ = shown[f"--{key.replace('_', '-')}"]
        assert words == " ".join((entry.get("help") or entry["label"]).split())
        assert takes


@pytest.mark.parametrize(
    ("option", "takes", "evidence"),
    [
        ("--plates", "1 to 100; default 1", "house default"),
        ("--medium", "75 µL to 180 µL; default 100 uL/well", "general knowledge"),
        ("--addition", "one of add, replace; default add", "general knowledge"),
        ("--doses", "4 to 10; default follows from other values", "general knowledge"),
        ("--fixation", "one of layer, replace; default layer", "verified"),
        ("--kill-dose", "1 nM to 1 mM; default 1 uM", "general knowledge"),
        ("--replicates", "3 to 6; default follows from other values", "general knowledge"),
    ],
)
def test_an_option_has_its_limits_and_its_evidence(built, option, takes, evidence):
    """Read off protocols/srb/protocol.yml by hand."""
    assert options(built("protocols/srb.md"))[option][1:] == [takes, evidence]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_page_has_its_version_and_its_changes(built, name):
    page, record = built(f"protocols/{name}.md"), render(library.load_source(name), {})
    facts = {row.all("td")[0].words(): row.all("td")[1].words() for row in page.all("table")[0].all("tr") if row.all("td")}
    assert facts["version"] == f"{PROTOCOLS[name]['version']}, digest {record['identity']['inputs']}"
    assert facts["steps"] == str(len(record["steps"]))
    assert facts["hands-on"] == record["hands_on"]["text"]
    ((hours, minutes),) = [map(int, found) for found in re.findall(r"^(\d+) h (\d+) min, as if", facts["time"])]
    last = max(when["end"]["seconds"] for when in record["schedule"])
    assert 0 <= hours * 3600 + minutes * 60 - last < 60
    (changes,) = [part for part in section(page, "Versions") if part.tag == "ul"]
    assert [item.words() for item in changes.all("li")] == [f"{version}: {text}" for version, text in PROTOCOLS[name]["changelog"].items()]
    assert record["invocation"]["command"] in page.words()


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_page_carries_its_steps_for_machines(built, name):
    (script,) = [part for part in built(f"protocols/{name}.md").all("script") if part.given.get("type") == "application/ld+json"]
    data = json.loads("".join(str(part) for part in script.parts))
    record = render(library.load_source(name), {})
    assert (data["@context"], data["@type"]) == ("https://schema.org", "LabProtocol")
    assert (data["identifier"], data["name"], data["version"]) == (name, PROTOCOLS[name]["title"], PROTOCOLS[name]["version"])
    assert [(step["position"], step["name"]) for step in data["step"]] == [(step["number"], step["title"]) for step in record["steps"]]
    assert [step["position"] for step in data["step"]] == list(range(1, len(data["step"]) + 1))
    assert len(data["citation"]) == len(record["citations"])


def test_the_srb_assay_has_eleven_steps_for_machines(made):
    (script,) = re.findall(r'<script type="application/ld\+json">(.*)</script>', made["protocols/srb.md"])
    assert len(json.loads(script)["step"]) == 11  # {% step %} in protocols/srb/protocol.md.j2


def sheet_words(page):
    """The words of the sheet on its page by the title of each section, without what the page puts round them."""
    around = {"What a run may set", "Timeline", "Troubleshooting", "References", "Versions"}
    found: dict[str, list[str]] = {}
    title = ""
    for part in page.parts:
        if isinstance(part, Part) and part.tag == "h2":
            title = "" if part.words() in around else part.words()
        if title and isinstance(part, Part) and part.tag not in ("script", "nav") and "here" not in part.classes:  # links to symptoms
            found.setdefault(title, []).append(_noted(part))
    return {
        title: tidy(" ".join(parts)).replace(" row 1 2 3 ", " 1 2 3 ") for title, parts in found.items()
    }  # a map's letters have a head here alone


def _noted(part):
    """The words of a part, its notes in brackets."""
    if "cite" in part.classes:
        return f"[{part.words()}]"
    if {"headerlink", "evidence"} & set(part.classes):
        return ""
    words = "".join(each if isinstance(each, str) else _noted(each) for each in part.parts)
    return words if part.tag in INLINE else f" {words} "


def face_words(record):
    """The words of the sheet in Markdown by the title of each section, without its references; what closes it is of its last section."""
    text = format_markdown(record)
    text = text[text.index("\n## ") + 1 :]
    sheet, _, rest = text.partition("\n## References\n")
    after = "\n\n".join(block for block in rest.split("\n\n") if block.strip() and not block.lstrip().startswith("- "))
    return {part.partition("\n")[0].removeprefix("## "): seen(part) for part in re.split(r"\n(?=## )", f"{sheet}\n\n{after}")}


def reject_other_words(page, record):
    """Raise AssertionError where the page says less or more than the sheet: each section word for word, the maps among the steps."""
    shown, said = sheet_words(page), face_words(record)
    maps = [title for title in said if title in ("Plate maps", "Lane maps")]
    closing = " Signal words and codes" + said[maps[-1]].partition(" Signal words and codes")[2]
    moved = " ".join(said.pop(title).removeprefix(title).removesuffix(closing) for title in maps)
    last = [*shown][-1]
    assert shown[last].endswith(closing)
    shown[last] = shown[last].removesuffix(closing)
    assert Counter(shown.pop("Steps").split()) == Counter(f"{said.pop('Steps')} {moved}".split())
    assert shown == said


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_sheet_on_a_protocol_page_is_the_one_at_its_defaults_word_for_word(built, name):
    reject_other_words(built(f"protocols/{name}.md"), render(library.load_source(name), {}))


@pytest.mark.parametrize(("name", "node"), [("no-synergy", "targets"), ("lost-sensitivity", "curve"), ("persistent-py397", "complex")])
def test_a_sheet_that_is_set_is_the_one_of_its_values_word_for_word(built, sheet, name, node):
    path = f"protocols/{SCENARIOS[name]['nodes'][node]['protocol']}/{name}-{node}.md"
    reject_other_words(built(path), sheet(name, node))


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_page_leads_to_its_sheet_to_fill_in(built, found, name):
    links = [link for link in built(f"protocols/{name}.md").all("a") if link.given.get("href") == f"{name}.sheet.html"]
    assert [link.words() for link in links] == ["Fill in or print this sheet", "Fill in"]  # the second stays in sight
    assert companion_files(found)[f"protocols/{name}.sheet.html"] == format_html(
        render(library.load_source(name), {}), back=(f"{name}.html", PROTOCOLS[name]["title"])
    )


def test_a_page_that_is_set_leads_to_a_sheet_that_is_set(built, found, sheet):
    link, _ = [link for link in built("protocols/western-blot/no-synergy-targets.md").all("a") if link.given.get("href", "").endswith(".sheet.html")]
    assert link.given["href"] == "no-synergy-targets.sheet.html"
    back = "../../scenarios/no-synergy.html#targets", "No synergy with a second drug: Are both targets blocked at the doses used?"
    made = companion_files(found)["protocols/western-blot/no-synergy-targets.sheet.html"]
    assert made == format_html(sheet("no-synergy", "targets"), back=back)
    assert f'<a href="{back[0]}">Back to: {back[1]}</a>' in str(made)
    of = [page.path.removesuffix(".md") for page in found if page.path.startswith("protocols/") and page.path != "protocols/index.md"]
    assert sorted(companion_files(found)) == sorted(f"{path}.sheet.html" for path in of)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_times_are_drawn_on_a_protocol_page(built, name):
    (part,) = [part for part in section(built(f"protocols/{name}.md"), "Timeline") if part.tag == "div"]
    drawn = ET.fromstring(format_timeline(render(library.load_source(name), {})))  # noqa: S314 - made here
    words = [text for each in drawn.iter() if (text := (each.text or "").strip())]
    assert tidy(part.words()) == tidy(" ".join(words))


@pytest.mark.parametrize("name", PROTOCOLS)
def test_no_figure_of_the_sheet_is_on_its_page_that_is_not_in_its_record(built, name):
    record = render(library.load_source(name), {})
    known = {amount for text in strings(record) for amount in AMOUNT.findall(text)}
    shown = set(AMOUNT.findall(" ".join(sheet_words(built(f"protocols/{name}.md")).values())))
    assert len(shown) > 40
    assert shown - known == set()


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_notes_of_a_protocol_page_lead_to_the_works_of_its_record(built, name):
    page, record = built(f"protocols/{name}.md"), render(library.load_source(name), {})
    items = page.one("ol", "references").all("li")
    assert [item.given["id"] for item in items] == [f"ref-{work['key']}" for work in record["citations"]]
    numbers = {f"#ref-{work['key']}": str(work["number"]) for work in record["citations"]}
    notes = [note.one("a") for note in page.all("sup", "cite")]
    assert notes
    assert [note.words() for note in notes] == [numbers[note.given["href"]] for note in notes]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_page_names_its_symptoms_and_the_scenarios_whose_tests_take_it(built, name):
    takers = [scenario for scenario, tree in SCENARIOS.items() if any(entry.get("protocol") == name for entry in tree["nodes"].values())]
    (listed,) = [part for part in section(built(f"protocols/{name}.md"), "Troubleshooting") if part.tag == "ul"]
    assert sorted(link.given["href"] for link in listed.all("a")) == sorted(
        [*(f"../scenarios/{scenario}.md" for scenario in takers), f"../symptoms/{'plate' if name == 'srb' else 'blot'}.md"]
    )


# --- the whole site ----------------------------------------------------------------------------------------------------------


def flattened(part):
    """The paths of a navigation, in its order."""
    if isinstance(part, str):
        return [part]
    return [path for each in (part.values() if isinstance(part, dict) else part) for path in flattened(each)]


def test_the_navigation_holds_every_listed_page_once_and_no_other(found):
    paths = flattened(build_navigation(found, ["analysis/srb.ipynb"]))
    assert sorted(paths) == sorted([*(page.path for page in found if page.is_listed), "analysis/srb.ipynb"])


def test_no_two_pages_have_one_path(found):
    paths = [page.path for page in found]
    assert len(paths) == len(set(paths))


def test_only_pages_outside_the_navigation_are_left_out_of_the_search(found, made):
    left = {path for path, text in made.items() if yaml.safe_load(text.split("\n---\n")[0].removeprefix("---")).get("search") == {"exclude": True}}
    assert left == {page.path for page in found if not page.is_listed}


def test_every_document_is_a_page(docs, made):
    """Each of docs/ is a page under its own path; a scenario's data is one too, and decisions are for those who work on it."""
    documents = {path for path in docs if path.endswith(".md") and not path.startswith("decisions/")}
    assert documents | {f"scenarios/{name}.md" for name in SCENARIOS} <= set(made)


def test_a_folder_under_protocols_is_a_page_without_any_other_edit(docs, monkeypatch, tmp_path):
    home = tmp_path / "protocols"
    shutil.copytree(library.protocols_folder(), home)
    shutil.copytree(home / "_template", home / "zebra-fill")
    spec = home / "zebra-fill" / "protocol.yml"
    spec.write_text(spec.read_text("utf-8").replace("NEW-PROTOCOL", "Zebra fill"), "utf-8")
    monkeypatch.setattr(library, "protocols_folder", lambda: home)
    library.load_source.cache_clear()
    try:
        found = build_pages(docs, CHANGES)
        made = some(found, "protocols/index.md", "protocols/zebra-fill.md")
    finally:
        library.load_source.cache_clear()
    (section,) = [each["Protocols"] for each in build_navigation(found, []) if "Protocols" in each]
    assert section == ["protocols/index.md", *(f"protocols/{name}.md" for name in ("co-ip", "srb", "western-blot", "zebra-fill"))]
    assert "[Zebra fill](zebra-fill.md)" in made["protocols/index.md"]
    assert "# Zebra fill" in made["protocols/zebra-fill.md"]
    assert "**200 µL**" in made["protocols/zebra-fill.md"]  # the template's case: 4 wells, 200 µL each
    assert "| `--samples` | one tube a sample | 1 to 24; default 4 | house default |" in made["protocols/zebra-fill.md"]


def test_a_file_under_faq_is_a_page_without_any_other_edit(docs, built):
    text = (
        "---\ntitle: Do zebras resist?\narea: clinic\norder: 5\ndirection: neither\nevidence: general\nreferences: [hu2024]\n---\n"
        "They were not asked [@hu2024].\n\n<!-- more -->\n\n## In detail\n\nStripes are no marker [@general].\n"
    )
    found = build_pages(docs | {"faq/zebra.md": text}, CHANGES, SHEETS)
    (asked,) = [each["Questions"] for each in build_navigation(found, []) if "Questions" in each]
    (clinic,) = [each["Clinic"] for each in asked if isinstance(each, dict) and "Clinic" in each]
    assert clinic[0] == "faq/zebra.md"  # its order is 5, the first of the others has 10
    made = some(found, "faq/index.md", "faq/zebra.md", "references.md")
    assert "[Do zebras resist?](zebra.md)\n:   They were not asked." in made["faq/index.md"]
    assert '<li id="ref-hu2024">' in made["faq/zebra.md"]
    assert "(faq/zebra.md)" in made["references.md"]
    assert "zebra" not in built("faq/index.md").words()


AGAIN = """
import hashlib, json, sys
from pathlib import Path
from benchsheet import library
from benchsheet.site.build import build_pages, format_pages
from benchsheet.site.site_map import build_navigation
root = Path(sys.argv[1])
found = build_pages(library.load_documents(root / "docs"), (root / "CHANGELOG.md").read_text("utf-8"))
print(hashlib.sha256(json.dumps([format_pages(found), build_navigation(found, [])], ensure_ascii=False).encode()).hexdigest())
"""


def test_a_second_build_gives_the_same_bytes(found, made):
    """In a process with another seed for its hashes, so in which sets have another order."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", AGAIN, str(ROOT)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | {"PYTHONHASHSEED": "20261123"},
    )
    assert done.stdout.strip() == hashlib.sha256(json.dumps([made, build_navigation(found, [])], ensure_ascii=False).encode()).hexdigest()


# --- words with a meaning ----------------------------------------------------------------------------------------------------

TABLE = """\
| word | means here |
|---|---|
| stock | what is stored |
| T0 plate | a plate fixed as the *drug* goes on |
| GI50, TGI | the doses at which `growth` is 50, or 0 [@general] |
| FAK | focal adhesion [kinase](x.md) |
| replicate (technical) | wells of one dose |
| lysis A, B, C | three ways |
"""


def test_terms_are_the_words_that_nobody_takes_for_common_ones():
    assert dict(glossary.parse_glossary(TABLE)) == {
        "T0 plate": "a plate fixed as the drug goes on",
        "GI50": "the doses at which growth is 50, or 0",
        "TGI": "the doses at which growth is 50, or 0",
        "FAK": "focal adhesion kinase",
        "lysis A": "three ways",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("FAK acts.", ["FAK"]),
        ("siFAK, pFAK and FAKs; FAK-RTK, fak.", []),
        ("A stock of T0 plates.", []),
        ("GI50/TGI", ["GI50", "TGI"]),
    ],
)
def test_a_term_is_explained_where_it_stands_as_a_word(text, told):
    made = glossary.add_definitions(Page(path="x.md", title="X", body=""), text, glossary.parse_glossary(TABLE))
    assert re.findall(r"^\*\[(.*)\]: .", made, re.MULTILINE) == told
    assert made.startswith(text)


def test_the_glossary_does_not_explain_itself(made):
    assert "\n*[" not in made["guide/words.md"]
    assert glossary.add_definitions(Page(path="guide/words.md", title="Words", body=""), "FAK", {"FAK": "kinase"}) == "FAK"


@pytest.mark.parametrize("path", ["faq/acquired.md", "scenarios/no-synergy.md", "protocols/srb.md", "workflow.md"])
def test_only_words_of_the_glossary_have_a_tooltip_and_it_is_their_meaning(docs, built, path):
    meant: dict[str, str] = {}
    for line in docs["guide/words.md"].splitlines():
        if line.startswith("| "):
            words, means = (cell.strip() for cell in line.strip("|").split(" | ", 1))
            meant |= {plain(word).strip(): plain(means.rstrip(" |")) for word in words.split(",")}
    told = [part for part in built(path).all("abbr") if "evidence" not in part.classes]
    assert told
    assert {part.words(): part.given["title"] for part in told}.items() <= meant.items()


def test_a_tooltip_as_it_stands_in_the_table(built):
    told = {part.words(): part.given["title"] for part in built("faq/acquired.md").all("abbr") if "evidence" not in part.classes}
    assert told["IC50"] == "the dose at which percent of vehicle is 50"
    assert told["STAT3"] == "a transcription factor that JAK kinases switch on at tyrosine 705"


# --- spellings of the search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("\u00b5L", {"\u03bcL", "uL"}),  # the sign for micro, and the Greek letter
        ("\u03bcM", {"\u00b5M", "uM"}),
        ("uL", {"\u00b5L", "\u03bcL"}),
        ("\u00b5L/well", {"\u03bcL/well", "uL/well"}),
        ("\u00b5mol/L", {"\u03bcmol/L", "umol/L"}),
        ("IC50", {"IC₅₀"}),
        ("IC₅₀", {"IC50"}),
        ("GI50", {"GI₅₀"}),
        ("β-catenin", {"beta-catenin"}),
        ("beta-catenin", {"β-catenin"}),
        ("TGF-β", {"TGF-beta"}),
        ("γH2AX", {"gammaH2AX"}),
        ("pY397", {"Y397"}),
        ("Y397", {"pY397"}),
        ("VS\u20116063", {"VS-6063"}),  # a hyphen that does not break
    ],
)
def test_a_word_is_found_by_its_other_spellings(word, others):
    assert others <= search_index.spelling_variants(word)
    assert word in search_index.spelling_variants(word)


@pytest.mark.parametrize("word", ["betaine", "Alphabet", "deltoid", "cell", "untreated", "us", "p53", "T0", "S6", "IC", "50"])
def test_a_word_with_one_spelling_has_no_other(word):
    assert search_index.spelling_variants(word) == {word}


DRUGS = [frozenset({"defactinib", "VS-6063", "PF-04554878"}), frozenset({"GSK2256098"})]


def searched(title, text):
    """What the search also has for an entry, and what a reader sees of it."""
    entry = {"location": "x.html", "title": title, "text": text}
    (more,) = search_index.add_spellings({"config": {}, "docs": [entry]}, DRUGS)["docs"]
    page = tree(more["text"])
    unseen = {word for part in page if "hidden" in part.given for word in part.words().split()}
    for part in list(page):
        if "hidden" in part.given:
            part.parts = []
    return unseen, page.words()


@pytest.mark.parametrize(
    ("title", "text", "more"),
    [
        ("Doses", "<p>Give defactinib at 1 \u00b5M.</p>", {"VS-6063", "PF-04554878", "uM", "\u03bcM"}),
        ("VS-6063", "<p>Binds.</p>", {"defactinib", "PF-04554878"}),
        ("Blot", "<p>Read pY397 and the IC50.</p>", {"Y397", "IC₅₀"}),
        ("Plain", "<p>Nothing else.</p>", set()),
        ("Drug", "<p>GSK2256098, predefactinib.</p>", set()),
    ],
)
def test_the_search_has_the_other_spellings_where_no_reader_sees_them(title, text, more):
    unseen, seen = searched(title, text)
    assert more <= unseen
    assert more or not {"defactinib", "VS-6063"} & unseen
    assert seen == tree(text).words()


def test_from_the_home_page_all_that_is_looked_up_is_one_click_away(built):
    home = built("index.md")
    links = {link.given["href"].partition("#")[0] for link in home.all("a") if "href" in link.given}
    tables = {
        "tables/drugs.md",
        "tables/antibodies.md",
        "tables/cell_lines.md",
        "tables/recipes.md",
        "tables/hazards.md",
        "tables/index.md",
    }
    assert tables <= links
    assert {
        "guide/calculators.md",
        "guide/lab.md",
        "guide/words.md",
        "references.md",
        "install.md",
        "guide/python.md",
        "cite.md",
    } <= links


def test_the_home_page_and_the_page_on_installing_have_the_command_of_the_readme(docs):
    (command, *_) = re.findall(r"^(python3 -m venv .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    for path in ("index.md", "install.md"):
        assert f"    {command}\n" in docs[path], path
