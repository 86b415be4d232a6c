"""What an author is told before a user is: every mistake of a protocol's files, its cases, and all its branches tried.

A refusal that answers the values asked for is a note, not a mistake, if it names what may be changed.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator

from .._dataclass import dataclass, field
from ..engine import declared, render
from ..errors import Collector, Mistakes, ProtocolError, near
from ..lab import default
from ..protocol import citations as references
from ..protocol import recipes
from ..protocol.nested import Use
from ..protocol.reader import Protocol, stems
from ..protocol.source import TEMPLATE, Source
from ..protocol.tables import Table, table
from ..replay import replay
from ..run.inputs import run
from ..run.lab_tables import in_lab
from ..run.nested import enter as composition
from ..yamltree import read
from .cases import Case, cases, differences, trials

# A recipe by itself, most of a litre of it: 6 wells x 15 mL x 10.
_TRIAL_SPEC = """\
title: a recipe
version: 1.0.0
parameters: {{plates: {{count: plate, default: 1, min: 1, max: 1}}}}
reagents: {{{recipe}: {{recipe: {recipe}}}}}
vessels: {{plate: {{labware: plate-6, count: plates, groups: {{all: rest}}}}}}
"""
_TRIAL = """\
{{% step "Make" %}}
{{{{ wash({recipe}, "15 mL/well", of="plate/all", times=10, to="drain") }}}}
{{% endstep %}}
"""


@dataclass
class Report:
    """What a check found: *mistakes* to mend, *notes* to know, and how much was tried."""

    mistakes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    renders: int = 0
    cases: int = 0
    replays: int = 0

    def mistake(self, error: ProtocolError) -> None:
        """Keep a mistake, once."""
        for one in error.found if isinstance(error, Mistakes) else [error]:
            if str(one) not in self.mistakes:
                self.mistakes.append(str(one))


def check(source: Source) -> Report:
    """Try all of a protocol and report."""
    report = Report()
    for found in _shared(tuple(source.shared.items()), source.shared_folder):
        report.mistake(found)
    try:
        protocol = declared(source)
    except ProtocolError as error:
        report.mistake(error)
        return report
    for given in trials(protocol):
        _tried(source, given, report)
    try:
        for case in cases(source):
            report.cases += 1
            _claimed(source, case, report)
    except ProtocolError as error:
        report.mistake(error)
    if not report.mistakes:
        for use in protocol.uses.values():
            report.mistakes += [str(found) for found in _needed(protocol, use)]
    return report


def _needed(host: Protocol, use: Use) -> Iterator[ProtocolError]:
    """Return what the steps of a protocol in another pour onto that steps which are left out would have filled.

    What they take from an empty place is refused when it is done; this is known only from the protocol by itself.
    """
    try:
        alone = render(use.child.source, composition.given(use, run(in_lab(host, default()), {})), sealed=False)
    except ProtocolError:
        return  # it cannot be done by itself with these values, and need not be
    living = {reagent["id"] for reagent in alone["reagents"] if set(alone["stays"]) & reagent["contains"].keys()}
    filled: dict[str, str] = {}
    attached: set[str] = set()
    began = not use.start
    for step in alone["steps"]:
        began = began or step["title"] == use.start
        for operation in step["operations"]:
            for place in operation["to"]:
                vessel = place.partition("/")[0]
                if began and place in filled and vessel not in use.vessels:
                    message = f"{use.child.id} needs {vessel!r} in {step['title']!r} as it is after {filled[place]!r}, which is left out"
                    yield ProtocolError(message, "begin earlier, or name whose it is under 'vessels'", use.file, use.lines["start"])
                    return
                if not began and operation["op"] in ("add", "bring", "transfer"):
                    filled[place] = step["title"]
                    attached |= {place} if operation.get("reagent") in living else set()
                if not began and operation["op"] in ("remove", "dry") and place not in attached:
                    filled.pop(place, None)


@functools.lru_cache(maxsize=8)
def _shared(shared: tuple[tuple[str, str], ...], folder: str) -> tuple[ProtocolError, ...]:
    """Return what is wrong with shared tables and recipes, whether or not a protocol takes them: of each recipe most of a litre is made."""
    files = dict(shared)
    mistakes = Collector()
    tables: dict[str, Table] = {}
    for name in stems(files):
        with mistakes.at(f"{folder}/{name}.yml"):
            tables[name] = table(name, read(files[f"{name}.yml"], f"{folder}/{name}.yml"))
    file = f"{folder}/{recipes.FILE}"
    with mistakes.at(file):
        rows = recipes.recipes(files.get(recipes.FILE, ""), file)
        known = {"cite": references.works(files.get(references.FILE, "")), "hazards": tables["hazards"].rows if "hazards" in tables else {}}
        for name in rows:
            with mistakes.at(file, rows.lines[name]):
                for key, what in (("cite", "references"), ("hazards", "hazards")):
                    for word in rows.map(name).items_of(key):
                        with mistakes.at(file, rows.map(name).lines[key]):
                            if word not in known[key]:
                                raise ProtocolError(f"no {what[:-1]} {word!r}", near(word, known[key], what))
                if "solid" not in rows.map(name):
                    own = {"protocol.yml": _TRIAL_SPEC.format(recipe=json.dumps(name)), TEMPLATE: _TRIAL.format(recipe=json.dumps(name))}
                    render(Source("recipe", folder, own, files, folder))
    return tuple(mistakes.found)


def _tried(source: Source, given: dict[str, str], report: Report) -> None:
    report.renders += 1
    try:
        record = render(source, given)
    except ProtocolError as error:
        values = " ".join(f"--{name.replace('_', '-')} '{text}'" for name, text in given.items()) or "the defaults"
        if given and _is_answer(error):
            report.notes.append(f"{values}: refused: {error.message}")
        else:
            report.mistake(error)
        return
    report.replays += 1
    text = json.dumps(record, ensure_ascii=False)
    report.mistakes += [f"{source.folder}: replay with {given or 'defaults'}: {wrong}" for wrong in replay(text).wrong]
    for found in _markup(source, record["steps"]):
        if found not in report.mistakes:
            report.mistakes.append(found)


def _is_answer(error: ProtocolError) -> bool:
    """Return whether every part of a refusal is an answer that names a parameter."""
    parts = error.found if isinstance(error, Mistakes) else [error]
    return all(part.answer and (part.parameters or part.file.startswith("--")) for part in parts)


def _claimed(source: Source, case: Case, report: Report) -> None:
    try:
        record = render(source, dict(case.given))
    except ProtocolError as error:
        if not case.refused:
            report.mistakes.append(f"{case.file}:{case.line}: refused, and the case expects a sheet: {error.message}")
        elif case.refused not in str(error):
            report.mistakes.append(f"{case.file}:{case.line}: refused with {error.message!r}, not with {case.refused!r}")
        return
    if case.refused:
        report.mistakes.append(f"{case.file}:{case.line}: makes a sheet, and the case says that it is refused with {case.refused!r}")
        return
    report.mistakes += [f"{case.file}:{case.line}: {found}" for found in differences(case, record)]
    report.replays += 1
    report.mistakes += [f"{case.file}:{case.line}: replay: {wrong}" for wrong in replay(json.dumps(record, ensure_ascii=False)).wrong]


def _markup(source: Source, steps: list[dict[str, object]]) -> Iterator[str]:
    """Return each step whose prose holds raw HTML or Markdown beyond paragraphs, lists, tables, emphasis, code and links."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for step in steps:
        for token in parser.parse(str(step["markdown"])):
            inner = [child.type for child in token.children or ()]
            kinds = [kind for kind in (token.type, *inner) if kind in {"html_block", "html_inline", "heading_open", "image", "hr", "blockquote_open"}]
            if kinds:
                place = step["place"]
                line = place["line"] if isinstance(place, dict) else 0
                what = {
                    "html_block": "raw HTML",
                    "html_inline": "raw HTML",
                    "heading_open": "a heading",
                    "image": "an image",
                    "hr": "a rule",
                    "blockquote_open": "a quotation",
                }[kinds[0]]
                where = f"{source.folder}/protocol.md.j2:{line}: step {step['title']!r}"
                yield f"{where} holds {what}\n  hint: paragraphs, lists, tables, emphasis, code and links"
