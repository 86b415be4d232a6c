"""The check of a protocol for its author: every mistake of its files and cases, and a trial of all its branches.

A refusal of trial values is a note if it names the parameter to change, and otherwise a mistake.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .._dataclass import dataclass, field
from ..engine import load_protocol, render
from ..errors import Collector, ProtocolError, check_known, option_flag
from ..lab import Lab
from ..protocol import citations, recipes
from ..protocol.reader import Protocol, table_names
from ..protocol.source import TEMPLATE_FILE, Source
from ..protocol.tables import DataTable, read_table
from ..record.inventory import ROUTE_IT, ROUTE_LEFTOVER, WASTE_ROUTE, waste_name
from ..repipette import replay
from ..run.given import EMPTY_PLACE, FILL_IT
from ..yamltree import parse_yaml_map
from .cases import Case, branch_values, find_differences, read_cases
from .constant_work import StepWork, find_constant_work, read_work
from .trial_labs import load_trial_labs

if TYPE_CHECKING:
    from ..record.step_types import Step
    from ..record.types import Notice, Record

# A recipe by itself, most of a litre of it: 6 wells x 15 mL x 10.
_TRIAL_PROTOCOL = """\
title: a recipe
version: 1.0.0
parameters: {{plates: {{count: plate, default: 1, min: 1, max: 1}}}}
reagents: {{{recipe}: {{recipe: {recipe}}}}}
vessels: {{plate: {{labware: plate-6, count: plates, groups: {{all: rest}}}}}}
"""
_TRIAL_TEMPLATE = """\
{{% step "Make" %}}
{{{{ wash({recipe}, "15 mL/well", of="plate/all", times=10, to="drain") }}}}
{{% endstep %}}
"""
_HTML = dict.fromkeys(("html_block", "html_inline"), "raw HTML")
_FORBIDDEN_MARKUP = {**_HTML, "heading_open": "a heading", "image": "an image", "hr": "a rule", "blockquote_open": "a quotation"}


@dataclass(kw_only=True)
class CheckReport:
    """The result of a check: *errors*, *notes*, and how many *renders*, *cases* and *replays* were tried; *trials* has the work of each."""

    errors: list[ProtocolError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    renders: int = 0
    cases: int = 0
    replays: int = 0
    trials: list[tuple[str, dict[str, StepWork]]] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)  # the values that are refused with a message

    @property
    def mistakes(self) -> list[str]:
        """Return each of the errors as it is printed."""
        return list(map(str, self.errors))

    def add(self, *mistakes: ProtocolError) -> None:
        """Keep mistakes, each once."""
        known = set(self.mistakes)
        for part in (part for mistake in mistakes for part in mistake.parts):
            if str(part) not in known:
                known.add(str(part))
                self.errors.append(part)


def check_protocol(source: Source) -> CheckReport:
    """Return the mistakes of a protocol, after trying its defaults, each branch and each case."""
    report = CheckReport()
    report.add(*_check_shared(tuple(source.shared_files.items()), source.shared_folder))
    try:
        protocol = load_protocol(source)
    except ProtocolError as error:
        report.add(error)
        return report
    for arguments in branch_values(protocol):
        _try_values(source, arguments, report)
    report.notes += [f"{', '.join(values)}: refused: {message}" for message, values in report.refusals.items()]
    report.notes += find_constant_work(report.trials)
    for name, lab in load_trial_labs().items():
        _try_lab(source, name, lab, report)
    try:
        for case in read_cases(source):
            report.cases += 1
            _check_case(source, case, report)
    except ProtocolError as error:
        report.add(error)
    return report


@functools.lru_cache(maxsize=8)
def _check_shared(shared_files: tuple[tuple[str, str], ...], folder: str) -> tuple[ProtocolError, ...]:
    """Return the mistakes of the shared tables and recipes, used or not; of each recipe most of a litre is made."""
    files = dict(shared_files)
    mistakes = Collector()
    tables: dict[str, DataTable] = {}
    for name in table_names(files):
        with mistakes.at(f"{folder}/{name}.yml"):
            tables[name] = read_table(name, parse_yaml_map(files[f"{name}.yml"], f"{folder}/{name}.yml"))
    file = f"{folder}/{recipes.RECIPES_FILE}"
    with mistakes.at(file):
        rows = recipes.read_recipes(files.get(recipes.RECIPES_FILE, ""), file)
        known_keys = {
            "cite": citations.parse_bibtex(files.get(citations.REFERENCES_FILE, "")),
            "hazards": tables["hazards"].rows if "hazards" in tables else {},
        }
        for name in rows:
            with mistakes.at(file, rows.lines[name]):
                for key, what in (("cite", "references"), ("hazards", "hazards")):
                    for word in rows.mapping(name).word_list(key):
                        with mistakes.at(file, rows.mapping(name).lines[key]):
                            check_known(word, known_keys[key], f"no {what[:-1]} {word!r}", what)
                if "solid" not in rows.mapping(name):
                    own = {
                        "protocol.yml": _TRIAL_PROTOCOL.format(recipe=json.dumps(name)),
                        TEMPLATE_FILE: _TRIAL_TEMPLATE.format(recipe=json.dumps(name)),
                    }
                    render(Source(id="recipe", folder=folder, files=own, shared_files=files, shared_folder=folder))
    return tuple(mistakes.errors)


def _try_values(source: Source, arguments: dict[str, str], report: CheckReport) -> None:
    report.renders += 1
    try:
        record = render(source, arguments)
    except ProtocolError as error:
        values = " ".join(f"{option_flag(name)} '{text}'" for name, text in arguments.items()) or "the defaults"
        if arguments and _is_from_values(error):
            report.refusals.setdefault("; ".join(dict.fromkeys(part.message for part in error.parts)), []).append(values)
        else:
            report.add(error)
        return
    report.replays += 1
    report.trials.append((next(reversed(arguments), ""), read_work(record)))
    text = json.dumps(record, ensure_ascii=False)
    report.add(*(ProtocolError(f"replay with {arguments or 'defaults'}: {wrong}", file=source.folder) for wrong in replay(text).wrong))
    report.add(*_find_bad_markup(source, record["steps"]), *_find_empty_places(source, record["warnings"]), *_find_misrouted(source, record))


def _find_empty_places(source: Source, warnings: list[Notice]) -> Iterator[ProtocolError]:
    """Return each declared place that a run gives nothing: for its author a mistake."""
    tree = load_protocol(source).vessels
    for warning in warnings:
        if warning["code"] == EMPTY_PLACE:
            vessel = warning["message"].partition("/")[0]
            yield ProtocolError(warning["message"].removesuffix(f"; {FILL_IT}"), FILL_IT, tree.file, tree.lines[vessel] if vessel in tree else None)


def _find_misrouted(source: Source, record: Record) -> Iterator[ProtocolError]:
    """Return each waste stream, and what is left over, whose words send a substance elsewhere than it has to go: for its author a mistake."""
    steps = {step["number"]: step for step in record["steps"]}
    for warning in record["warnings"]:
        if warning["code"] != WASTE_ROUTE:
            continue
        message = warning["message"].removesuffix(f"; {ROUTE_IT}").removesuffix(f"; {ROUTE_LEFTOVER}")
        if step := steps.get(warning["step"] or 0):
            acts = (act["location"] for act in step["operations"] if "stream" in act and f" into the {waste_name(act['stream'])}, " in message)
            place = next(acts, step["location"])
            yield ProtocolError(f"step {step['title']!r}: {message}", ROUTE_IT, place["file"], place["line"])
        else:
            declared = (item for each in _list_protocols(load_protocol(source)) for item in each.leftovers.items())
            places: list[tuple[str, int | None]] = [(words.file, words.line) for name, words in declared if f" as {name!r}, " in message]
            yield ProtocolError(message, ROUTE_LEFTOVER, *(places or [(source.folder, None)])[0])


def _list_protocols(protocol: Protocol) -> list[Protocol]:
    """Return *protocol* and all that it uses."""
    return [protocol, *(each for declaration in protocol.nested_protocols.values() for each in _list_protocols(declaration.child))]


def _try_lab(source: Source, name: str, lab: Lab, report: CheckReport) -> None:
    """Try the defaults in another lab, which may refuse what its instruments cannot do; a sheet that it makes has to hold."""
    report.renders += 1
    try:
        record = render(source, {}, lab)
    except ProtocolError as error:
        if all(part.from_values for part in error.parts):
            report.notes.append(f"in the lab {name!r}: refused: {error.message}")
        else:
            report.add(*(ProtocolError(f"in the lab {name!r}: {part.message}", part.hint, part.file, part.line) for part in error.parts))
        return
    report.replays += 1
    wrong_lines = replay(json.dumps(record, ensure_ascii=False)).wrong
    report.add(*(ProtocolError(f"replay in the lab {name!r}: {wrong}", file=source.folder) for wrong in wrong_lines))


def _is_from_values(error: ProtocolError) -> bool:
    """Return whether every part of a refusal comes from the values and names a parameter."""
    return all(part.from_values and (part.parameters or part.file.startswith("--")) for part in error.parts)


def _check_case(source: Source, case: Case, report: CheckReport) -> None:
    try:
        record = render(source, dict(case.arguments))
    except ProtocolError as error:
        if not case.refusal:
            found = [f"refused, and the case expects a sheet: {error.message}"]
        else:
            found = [] if case.refusal in str(error) else [f"refused with {error.message!r}, not with {case.refusal!r}"]
    else:
        if case.refusal:
            found = [f"makes a sheet, and the case says that it is refused with {case.refusal!r}"]
        else:
            report.replays += 1
            found = [*find_differences(case, record), *(f"replay: {wrong}" for wrong in replay(json.dumps(record, ensure_ascii=False)).wrong)]
    report.add(*(ProtocolError(message, file=case.file, line=case.line) for message in found))


def _find_bad_markup(source: Source, steps: list[Step]) -> Iterator[ProtocolError]:
    """Return each step whose prose holds raw HTML or Markdown beyond paragraphs, lists, tables, emphasis, code and links."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    for step in steps:
        for token in parser.parse(step["markdown"]):
            types = (token.type, *(child.type for child in token.children or ()))
            if what := next((_FORBIDDEN_MARKUP[each] for each in types if each in _FORBIDDEN_MARKUP), ""):
                hint = "paragraphs, lists, tables, emphasis, code and links"
                yield ProtocolError(f"step {step['title']!r} holds {what}", hint, f"{source.folder}/protocol.md.j2", step["location"]["line"])
