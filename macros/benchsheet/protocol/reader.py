"""The reader of protocol.yml: parameters, derived values, checks, reagents and vessels as declared, before a run gives values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, check_known, suggest
from ..expressions.grammar import load_ready
from ..lab import default_lab
from ..yamltree import YamlMap, parse_yaml_map
from . import citations
from .derived import Check, Derived, read_checks, read_derived, reject_unknown
from .entries import (
    DeviceDecl,
    Sentence,
    Statement,
    Vehicle,
    read_devices,
    read_named_sentences,
    read_sentences,
    read_statements,
    read_vehicle,
)
from .evidence import check_evidence
from .hours import PlannedHours, read_hours
from .lab_tables import LAB_TABLES, build_lab_tables
from .nested import NestedDecl, nested_options, read_nested
from .parameters.declare import declare_parameter
from .parameters.parameter import Parameter
from .recipes import RECIPES_FILE, expand_recipes, list_formulas
from .sections import DECLARED_SECTIONS, PROTOCOL, check_sections
from .source import Source
from .substances import index_substances
from .tables import DataTable, parse_table

HAZARDS_TABLE = "hazards"


@dataclass(frozen=True, eq=False, kw_only=True)
class Protocol:
    """One protocol as its author declared it: a field for each section of protocol.yml.

    *reagents* and *vessels* are checked, and read with the values of a run; *uses_recipes* is whether it takes a shared recipe,
    *nested_protocols* are others in it.
    """

    source: Source
    file: str
    title: str
    summary: str
    version: str
    parameters: Mapping[str, Parameter]
    derived: Mapping[str, Derived]
    checks: tuple[Check, ...]
    hours: tuple[PlannedHours, ...]
    tables: Mapping[str, DataTable]
    reagents: YamlMap
    vessels: YamlMap
    equipment: Mapping[str, DeviceDecl]
    vehicle: Vehicle | None
    stays: tuple[str, ...]
    controls: Mapping[str, Statement]
    gates: Mapping[str, Statement]
    size: Sentence | None
    totals: tuple[Sentence, ...]
    waste: Mapping[str, Sentence]
    leftovers: Mapping[str, Sentence]
    citations: tuple[str, ...]
    changelog: Mapping[str, str]
    authors: tuple[str, ...]
    checked: YamlMap
    ask: tuple[str, ...]
    words: YamlMap
    uses_recipes: bool = False
    nested_protocols: Mapping[str, NestedDecl] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the name of its folder."""
        return self.source.id

    @property
    def parameters_to_read(self) -> list[Parameter]:
        """Return all parameters as a reader meets them: those to ask for first, then the others as they are declared."""
        return [self.parameters[name] for name in dict.fromkeys((*self.ask, *self.parameters))]

    def source_texts(self) -> Iterator[tuple[str, str]]:
        """Return name and text of every file that can change a sheet: not the cases, and the recipes only if it takes one."""
        for part in (self.source.files, self.source.shared_files):
            for name, text in part.items():
                if not name.startswith("cases/") and (self.uses_recipes or part is self.source.files or name != RECIPES_FILE):
                    yield self.source.display_path(name), text
        for declaration in self.nested_protocols.values():
            yield from declaration.child.source_texts()

    def look_up(self, name: str, row: str, column: str) -> Any:
        """Return a cell of a shared table; raise ProtocolError naming the tables there are.

        Where rows are substances (a table with a column ``also``), *row* is any text, and a column of words has those of all that it names.
        """
        table = self._find_table(name)
        if "also" in table.columns and table.columns.get(column) == "words":
            return index_substances(table).words_within(row, column)
        return table.cell(row, column)

    def choices(self, parameter: Parameter) -> tuple[str, ...]:
        """Return the words that *parameter* takes, from its declaration or from a table's column."""
        return _find_choices(parameter, self.tables, self.source)

    def _find_table(self, name: str) -> DataTable:
        return _find_table(name, self.tables, self.source)


def _find_table(name: str, tables: Mapping[str, DataTable], source: Source) -> DataTable:
    if name not in tables:
        raise ProtocolError(f"no table {name!r}", suggest(name, table_names(source.shared_files), "tables"))
    return tables[name]


def _find_choices(parameter: Parameter, tables: Mapping[str, DataTable], source: Source) -> tuple[str, ...]:
    if not parameter.choices_from:
        return parameter.choices
    name, _, column = parameter.choices_from.partition(".")
    if name in LAB_TABLES and name not in tables:
        tables = build_lab_tables(default_lab())  # nobody has told yet whose lab it is
    return _find_table(name, tables, source).column_words(column)


def read_protocol(source: Source, ancestors: tuple[str, ...] = ()) -> Protocol:
    """Read the declaration; raise all its mistakes at once, each with file and line. *ancestors* are those that use it, the outermost first."""
    file = source.display_path("protocol.yml")
    if "protocol.yml" not in source.files:
        raise ProtocolError("there is no protocol.yml", f"'benchsheet new {source.id}' makes one", source.folder)
    tree = parse_yaml_map(source.files["protocol.yml"], file)
    load_ready(source.files["protocol.yml"])
    mistakes = Collector()
    with mistakes.at(file):
        tree.check_keys(tuple(PROTOCOL.keys), PROTOCOL.what)
    with mistakes.at(file):
        tree.require_keys(PROTOCOL.required, PROTOCOL.what)
    tables = _read_tables(source, "\n".join(source.files.values()), mistakes, HAZARDS_TABLE)
    parameters: dict[str, Parameter] = {}
    entries = tree.mapping("parameters")
    for name in entries:
        with mistakes.at(file, entries.lines[name]):
            parameters[name] = declare_parameter(name, entries.mapping(name), entries.lines[name])
    path = (*ancestors, source.id)
    declarations = read_nested(tree, path, lambda name: read_protocol(source.load_sibling(name), path), mistakes) if "uses" in tree else {}
    parameters |= nested_options(declarations.values(), entries, mistakes)
    if any(parameter.adds for parameter in parameters.values()):
        from .parameters.row_hints import tell_own_rows

        parameters = tell_own_rows(parameters, tables, mistakes, file)
    derived = read_derived(tree.mapping("derived"), [*entries, *parameters], mistakes, file)
    names = {*entries, *parameters, *tree.mapping("derived")}
    checks = read_checks(tree.mapping("checks"), names, mistakes, file)
    hours = read_hours(tree.mapping("hours"), names, mistakes, file)
    _check_ask(tree, parameters, mistakes)
    uses_recipes = _insert_recipes(tree, source, mistakes)
    if uses_recipes and (formulas := list_formulas(tree.mapping("reagents"))):
        tables |= _read_tables(source, "\n".join(formulas), mistakes)
    mistakes.errors += check_sections(tree, file)
    _check_references(tree, source, mistakes)
    for declaration in declarations.values():
        _check_nested_values(declaration, {*parameters, *derived}, mistakes)
    _check_order(parameters, entries.lines, lambda parameter: _find_choices(parameter, tables, source), mistakes, file)
    mistakes.raise_all()
    return Protocol(
        source=source,
        file=file,
        title=tree.text("title"),
        summary=tree.text("summary"),
        version=tree.text("version"),
        parameters=parameters,
        derived=derived,
        checks=checks,
        hours=hours,
        tables=tables,
        reagents=tree.mapping("reagents"),
        vessels=tree.mapping("vessels"),
        equipment=read_devices(tree.mapping("equipment")),
        vehicle=read_vehicle(tree.mapping("vehicle")),
        stays=tuple(tree.word_list("stays")),
        controls=read_statements(tree.mapping("controls"), "why"),
        gates=read_statements(tree.mapping("gates"), "limit", "reading"),
        size=next(iter(read_sentences(tree, "size")), None),
        totals=read_sentences(tree, "totals"),
        waste=read_named_sentences(tree.mapping("waste")),
        leftovers=read_named_sentences(tree.mapping("leftovers")),
        citations=tuple(tree.word_list("citations")),
        changelog=tree.mapping("changelog"),
        authors=tuple(tree.word_list("authors")),
        checked=tree.mapping("checked"),
        ask=tuple(tree.word_list("ask")),
        words=tree.mapping("words"),
        uses_recipes=uses_recipes,
        nested_protocols=declarations,
    )


def _check_ask(tree: YamlMap, parameters: Mapping[str, Parameter], mistakes: Collector) -> None:
    """Record a mistake for each name that is asked for and is not a parameter, or is asked for twice."""
    value = tree.get("ask", [])
    words = [word for word in (value if isinstance(value, list) else [value]) if isinstance(word, str)]  # what is not is a mistake of its form
    for place, name in enumerate(words):
        with mistakes.at(tree.file, tree.lines["ask"]):
            check_known(name, parameters, f"'ask' names {name!r}, which is not a parameter", "parameters")
            if name in words[:place]:
                raise ProtocolError(f"'ask' names {name!r} twice", "name it once")


def _insert_recipes(tree: YamlMap, source: Source, mistakes: Collector) -> bool:
    """Put every shared recipe that the reagents take into *tree*; return whether there is any."""
    with mistakes.at(tree.file, tree.lines.get("reagents")):
        reagents, has_recipes = expand_recipes(tree.mapping("reagents"), source.shared_files, source.display_path(RECIPES_FILE))
        if has_recipes:
            tree["reagents"] = reagents
        return has_recipes
    mistakes.raise_all()  # now, because a broken recipe would cause a second mistake in every reagent
    return False


def _check_references(tree: YamlMap, source: Source, mistakes: Collector) -> None:
    """Record a mistake for each unknown reference, word for evidence and component in the file."""
    bibliography = citations.parse_bibtex(source.shared_files.get(citations.REFERENCES_FILE, ""))
    for entry, key in ((tree, "citations"), *((entry, "cite") for entry in _entries_with_evidence(tree))):
        if key in entry:
            for work in entry.word_list(key):
                with mistakes.at(entry.file, entry.lines[key]):
                    check_known(work, bibliography, f"no reference {work!r}", "references")
        if "evidence" in entry and entry is not tree:
            with mistakes.at(entry.file, entry.lines.get("evidence")):
                check_evidence(entry)
    components = {component for entry in tree.mapping("reagents").values() if isinstance(entry, YamlMap) for component in entry.mapping("contains")}
    for name in tree.word_list("stays"):
        with mistakes.at(tree.file, tree.lines["stays"]):
            check_known(name, sorted(components), f"{name!r} is in no reagent")


def _entries_with_evidence(tree: YamlMap) -> Iterator[YamlMap]:
    """Return each entry that may say how it is known, and the other form that a parameter may have."""
    for section in DECLARED_SECTIONS.values():
        if section.table and "cite" in section.table.keys or section.name == "parameters":
            for entry in tree.mapping(section.name).values():
                if isinstance(entry, YamlMap):
                    yield from (part for part in (entry, entry.get("or")) if isinstance(part, YamlMap))


def table_names(shared_files: Mapping[str, str]) -> list[str]:
    """Return the names of the shared tables."""
    return [file.removesuffix(".yml") for file in shared_files if file.endswith(".yml") and file != RECIPES_FILE]


def _read_tables(source: Source, text: str, mistakes: Collector, *always: str) -> dict[str, DataTable]:
    """Return the tables whose names stand anywhere in *text*, the protocol's own files, and those that are *always* read; ``check`` reads all."""
    tables = {}
    for name in table_names(source.shared_files):
        if name in text or name in always:
            file = f"{name}.yml"
            with mistakes.at(source.display_path(file)):
                tables[name] = parse_table(name, source.shared_files[file], source.display_path(file))
    return tables


def _check_nested_values(declaration: NestedDecl, known_names: set[str], mistakes: Collector) -> None:
    """Record a mistake for a value of a nested protocol that uses an undeclared name."""
    for name, expression in declaration.values.items():
        with mistakes.at(declaration.file, declaration.lines[f"values {name}"]):
            reject_unknown(expression, known_names)


def _check_order(
    parameters: Mapping[str, Parameter], lines: Mapping[str, int], find_choices: Callable[[Parameter], object], mistakes: Collector, file: str
) -> None:
    """Record a mistake for a default that uses a name below it, unknown choices, and an unknown list; *lines* has those of all declarations."""
    above: set[str] = set()
    failed_names = set(lines) - set(parameters)
    for parameter in parameters.values():
        with mistakes.at(file, parameter.line):
            if parameter.default_from:
                reject_unknown(parameter.default_from, above | failed_names, lines)
        with mistakes.at(file, parameter.line):
            if parameter.choices_from:
                find_choices(parameter)
            if parameter.follows_list and parameter.follows_list not in parameters:
                raise ProtocolError(
                    f"{parameter.name!r} follows {parameter.follows_list!r}, which is not a parameter", suggest(parameter.follows_list, parameters)
                )
            if parameter.per_item and parameter.follows_list not in above:
                raise ProtocolError(f"{parameter.name!r} is told of {parameter.follows_list!r}, which stands below it", "move it down")
        above.add(parameter.name)
