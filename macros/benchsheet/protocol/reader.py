"""The reader of protocol.yml: parameters, derived values, checks, reagents and vessels as declared, before a run gives values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, check_known, suggest
from ..expressions.grammar import load_ready
from ..lab import default_lab
from ..yamltree import YamlMap, parse_yaml_map
from . import citations
from .derived import Check, Derived, read_checks, read_derived, reject_unknown
from .evidence import check_evidence
from .hours import PlannedHours, read_hours
from .nested import NestedDecl, nested_options, read_nested
from .parameters.declare import declare_parameter
from .parameters.parameter import Parameter
from .recipes import RECIPES_FILE, expand_recipes, list_formulas
from .source import Source
from .substances import index_substances
from .tables import DataTable, parse_table

HAZARDS_TABLE = "hazards"
GELS_OF_THE_LAB = "tanks"  # the lab's own table that has a row a gel
REAGENT_KEYS = (
    "name", "contains", "adjust", "make", "dispensed", "overage", "storage", "hazards", "note", "solid", "mw", "stock", "for", "keep_in", "cite",
    "evidence",
)  # fmt: skip
VESSEL_KEYS = (
    "labware", "count", "name", "for", "groups", "layouts", "sets", "note", "when",
    "each", "times", "by", "role", "every", "together", "copies", "rest", "tubes", "holds", "place", "tanks", "gel", "use", "at_once",
)  # fmt: skip
SECTIONS = {
    "reagents": ("a reagent", REAGENT_KEYS),
    "vessels": ("a vessel", VESSEL_KEYS),
    "controls": ("a control", ("why", "cite", "when", "evidence")),
    "gates": ("a gate", ("limit", "reading", "cite", "when", "evidence")),
    "equipment": ("an equipment", ("name", "places", "balanced", "takes", "counted", "when")),
}
_PROTOCOL_KEYS = (
    "title", "summary", "version", "parameters", "derived", "checks", "hours", "vessels", "reagents", "equipment", "controls", "citations", "gates",
    "stays", "vehicle", "uses", "totals", "waste", "leftovers", "live", "troubleshooting", "changelog",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Protocol:
    """One protocol as its author declared it; *uses_recipes* is whether it takes a shared recipe, *nested_protocols* are others in it."""

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
    tree: YamlMap
    uses_recipes: bool = False
    nested_protocols: Mapping[str, NestedDecl] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the name of its folder."""
        return self.source.id

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
        if not parameter.choices_from:
            return parameter.choices
        name, _, column = parameter.choices_from.partition(".")
        if name == GELS_OF_THE_LAB and name not in self.tables:
            return tuple(default_lab().gels)  # nobody has told yet whose lab it is
        return self._find_table(name).column_words(column)

    def _find_table(self, name: str) -> DataTable:
        if name not in self.tables:
            raise ProtocolError(f"no table {name!r}", suggest(name, table_names(self.source.shared_files), "tables"))
        return self.tables[name]


def read_protocol(source: Source, ancestors: tuple[str, ...] = ()) -> Protocol:
    """Read the declaration; raise all its mistakes at once, each with file and line. *ancestors* are those that use it, the outermost first."""
    file = source.display_path("protocol.yml")
    if "protocol.yml" not in source.files:
        raise ProtocolError("there is no protocol.yml", f"'benchsheet new {source.id}' makes one", source.folder)
    tree = parse_yaml_map(source.files["protocol.yml"], file)
    load_ready(source.files["protocol.yml"])
    mistakes = Collector()
    with mistakes.at(file):
        tree.check_keys(_PROTOCOL_KEYS, "a protocol")
    with mistakes.at(file):
        tree.require_keys(("title", "version", "parameters"), "a protocol")
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
    uses_recipes = _insert_recipes(tree, source, mistakes)
    if uses_recipes and (formulas := list_formulas(tree.mapping("reagents"))):
        tables |= _read_tables(source, "\n".join(formulas), mistakes)
    protocol = Protocol(
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
        tree=tree,
        uses_recipes=uses_recipes,
        nested_protocols=declarations,
    )
    for declaration in declarations.values():
        _check_nested_values(protocol, declaration, mistakes)
    _check_order(protocol, mistakes)
    _check_shape(protocol, mistakes)
    mistakes.raise_all()
    return protocol


def _insert_recipes(tree: YamlMap, source: Source, mistakes: Collector) -> bool:
    """Put every shared recipe that the reagents take into *tree*; return whether there is any."""
    with mistakes.at(tree.file, tree.lines.get("reagents")):
        reagents, has_recipes = expand_recipes(tree.mapping("reagents"), source.shared_files, source.display_path(RECIPES_FILE))
        if has_recipes:
            tree["reagents"] = reagents
        return has_recipes
    mistakes.raise_all()  # now, because a broken recipe would cause a second mistake in every reagent
    return False


def _check_shape(protocol: Protocol, mistakes: Collector) -> None:
    """Record a mistake for each unknown key, reference, word for evidence and component in the file."""
    tree = protocol.tree
    for section, (what, keys) in SECTIONS.items():
        entries = tree.mapping(section)
        for name in entries:
            if isinstance(entries[name], YamlMap) and entries[name].file != protocol.file:
                continue  # a shared recipe was read where it stands
            with mistakes.at(protocol.file, entries.lines[name]):
                entries.mapping(name).check_keys(keys, what)
    bibliography = citations.parse_bibtex(protocol.source.shared_files.get(citations.REFERENCES_FILE, ""))
    for entry in _entries_with_evidence(tree):
        for key in entry.word_list("cite"):
            with mistakes.at(entry.file, entry.lines["cite"]):
                check_known(key, bibliography, f"no reference {key!r}", "references")
        with mistakes.at(entry.file, entry.lines.get("evidence")):
            if "evidence" in entry:
                check_evidence(entry)
    components = {component for entry in tree.mapping("reagents").values() if isinstance(entry, YamlMap) for component in entry.mapping("contains")}
    for name in tree.word_list("stays"):
        with mistakes.at(protocol.file, tree.lines["stays"]):
            check_known(name, sorted(components), f"{name!r} is in no reagent")


def _entries_with_evidence(tree: YamlMap) -> Iterator[YamlMap]:
    """Return each entry that may say how it is known, and the other form that a parameter may have."""
    for section in ("parameters", "derived", "checks", "hours", "reagents", "controls", "gates"):
        for entry in tree.mapping(section).values():
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


def _check_nested_values(protocol: Protocol, declaration: NestedDecl, mistakes: Collector) -> None:
    """Record a mistake for a value of a nested protocol that uses an undeclared name."""
    for name, expression in declaration.values.items():
        with mistakes.at(protocol.file, declaration.lines[f"values {name}"]):
            reject_unknown(expression, {*protocol.parameters, *protocol.derived})


def _check_order(protocol: Protocol, mistakes: Collector) -> None:
    """Record a mistake for a default that uses a name below it, unknown choices, and an unknown list."""
    above: set[str] = set()
    lines = protocol.tree.mapping("parameters").lines
    failed_names = set(lines) - set(protocol.parameters)
    for parameter in protocol.parameters.values():
        with mistakes.at(protocol.file, parameter.line):
            if parameter.default_from:
                reject_unknown(parameter.default_from, above | failed_names, lines)
        with mistakes.at(protocol.file, parameter.line):
            if parameter.choices_from and parameter.choices_from != GELS_OF_THE_LAB:
                protocol.choices(parameter)
            if parameter.follows_list and parameter.follows_list not in protocol.parameters:
                raise ProtocolError(
                    f"{parameter.name!r} follows {parameter.follows_list!r}, which is not a parameter",
                    suggest(parameter.follows_list, protocol.parameters),
                )
            if parameter.per_item and parameter.follows_list not in above:
                raise ProtocolError(f"{parameter.name!r} is told of {parameter.follows_list!r}, which stands below it", "move it down")
        above.add(parameter.name)
