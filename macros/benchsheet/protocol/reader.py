"""protocol.yml as declared: what a run may set, counts, checks, takes, and is done in; read once, whatever the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, near
from ..yamltree import Map, read
from . import citations as references
from .derived import Check, Derived, refuse_unknown
from .derived import checks as checks_of
from .derived import derived as derived_from
from .nested import Use, lifted, uses
from .parameters.declare import declared
from .parameters.parameter import Parameter
from .recipes import FILE as RECIPES
from .recipes import expanded
from .source import Source
from .tables import Table, written_table

HAZARDS = "hazards"
REAGENT_KEYS = ("name", "contains", "make", "dispensed", "overage", "storage", "hazards", "note", "solid", "mw", "for", "keep_in", "cite", "evidence")
VESSEL_KEYS = (
    "labware", "count", "name", "for", "groups", "layouts", "sets", "note", "when",
    "each", "times", "role", "every", "together", "copies", "rest", "tubes", "holds", "place", "tanks", "gel", "use",
)  # fmt: skip
SECTIONS = {
    "reagents": ("a reagent", REAGENT_KEYS),
    "vessels": ("a vessel", VESSEL_KEYS),
    "controls": ("a control", ("why", "cite", "when", "evidence")),
    "gates": ("a gate", ("limit", "reading", "cite", "when", "evidence")),
    "equipment": ("an equipment", ("name", "places", "balanced")),
}
_KEYS = (
    "title", "summary", "version", "parameters", "derived", "checks", "vessels", "reagents", "equipment", "controls", "citations", "gates",
    "stays", "vehicle", "uses", "totals", "waste", "leftovers", "live", "troubleshooting", "changelog",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Protocol:
    """One protocol as its author declared it; *recipes* tells whether it takes any of the shared ones, *uses* are others in it."""

    source: Source
    file: str
    title: str
    summary: str
    version: str
    parameters: Mapping[str, Parameter]
    derived: Mapping[str, Derived]
    checks: tuple[Check, ...]
    tables: Mapping[str, Table]
    tree: Map
    recipes: bool = False
    uses: Mapping[str, Use] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the name of its folder."""
        return self.source.id

    def sources(self) -> Iterator[tuple[str, str]]:
        """Return name and text of every file that can change a sheet: neither cases nor recipes that nobody takes."""
        for part in (self.source.files, self.source.shared):
            for name, text in part.items():
                if not name.startswith("cases/") and (self.recipes or part is self.source.files or name != RECIPES):
                    yield self.source.name(name), text
        for use in self.uses.values():
            yield from use.child.sources()

    def look_up(self, name: str, row: str, column: str) -> Any:
        """Return a cell of a shared table; raise ProtocolError naming the tables there are."""
        return self._table(name).cell(row, column)

    def choices(self, parameter: Parameter) -> tuple[str, ...]:
        """Return the words that *parameter* takes, from its declaration or from a table's column."""
        if not parameter.choices_from:
            return parameter.choices
        name, _, column = parameter.choices_from.partition(".")
        return self._table(name).column(column)

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            raise ProtocolError(f"no table {name!r}", near(name, stems(self.source.shared), "tables"))
        return self.tables[name]


def protocol(source: Source, above: tuple[str, ...] = ()) -> Protocol:
    """Read the declaration; raise all its mistakes at once, each with file and line. *above* are those that use it, the outermost first."""
    file = source.name("protocol.yml")
    if "protocol.yml" not in source.files:
        raise ProtocolError("there is no protocol.yml", f"'benchsheet new {source.id}' makes one", source.folder)
    tree = read(source.files["protocol.yml"], file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.only(_KEYS, "a protocol")
    with mistakes.at(file):
        tree.need(("title", "version", "parameters"), "a protocol")
    tables = _tables(source, mistakes)
    parameters: dict[str, Parameter] = {}
    entries = tree.map("parameters")
    for name in entries:
        with mistakes.at(file, entries.lines[name]):
            parameters[name] = declared(name, entries.map(name), entries.lines[name])
    used = uses(tree, source, (*above, source.id), protocol, mistakes) if "uses" in tree else {}
    parameters |= lifted(used.values(), entries, mistakes)
    derived = derived_from(tree.map("derived"), [*entries, *parameters], mistakes, file)
    checks = checks_of(tree.map("checks"), {*entries, *parameters, *tree.map("derived")}, mistakes, file)
    shared = _with_recipes(tree, source, mistakes)
    made = Protocol(
        source, file, tree.text("title"), tree.text("summary"), tree.text("version"), parameters, derived, checks, tables, tree, shared, used
    )
    for use in used.values():
        _valuesrefuse_unknown(made, use, mistakes)
    _ordered(made, mistakes)
    _shaped(made, mistakes)
    mistakes.close()
    return made


def _with_recipes(tree: Map, source: Source, mistakes: Collector) -> bool:
    """Put every shared recipe that the reagents take into *tree*; return whether there is any."""
    with mistakes.at(tree.file, tree.lines.get("reagents")):
        found, taken = expanded(tree.map("reagents"), source.shared, source.name(RECIPES))
        if taken:
            tree["reagents"] = found
        return taken
    mistakes.close()  # here: what is wrong with a recipe would be told again of every reagent
    return False


def _shaped(made: Protocol, mistakes: Collector) -> None:
    """Refuse keys that nothing reads, references that are not there, and words that name nothing, all over the file."""
    tree = made.tree
    for section, (what, keys) in SECTIONS.items():
        entries = tree.map(section)
        for name in entries:
            if isinstance(entries[name], Map) and entries[name].file != made.file:
                continue  # a shared recipe was read where it stands
            with mistakes.at(made.file, entries.lines[name]):
                entries.map(name).only(keys, what)
    works = references.works(made.source.shared.get(references.FILE, ""))
    for section in ("parameters", "derived", "checks", "reagents", "controls", "gates"):
        entries = tree.map(section)
        for name in entries:
            entry = entries[name]
            for key in entry.items_of("cite") if isinstance(entry, Map) else ():
                with mistakes.at(entry.file, entry.lines["cite"]):
                    if key not in works:
                        raise ProtocolError(f"no reference {key!r}", near(key, works, "references"))
    components = {component for entry in tree.map("reagents").values() if isinstance(entry, Map) for component in entry.map("contains")}
    for name in tree.items_of("stays"):
        with mistakes.at(made.file, tree.lines["stays"]):
            if name not in components:
                raise ProtocolError(f"{name!r} is in no reagent", near(name, sorted(components)))


def stems(shared: Mapping[str, str]) -> list[str]:
    """Return the names of the shared tables."""
    return [file.removesuffix(".yml") for file in shared if file.endswith(".yml") and file != RECIPES]


def _tables(source: Source, mistakes: Collector) -> dict[str, Table]:
    """Return the tables whose names stand anywhere in the protocol's own files, and the hazards; ``check`` reads all."""
    own = "\n".join(source.files.values())
    found = {}
    for name in stems(source.shared):
        if name in own or name == HAZARDS:
            file = f"{name}.yml"
            with mistakes.at(source.name(file)):
                found[name] = written_table(name, source.shared[file], source.name(file))
    return found


def _valuesrefuse_unknown(made: Protocol, use: Use, mistakes: Collector) -> None:
    """Refuse a value that is handed on and that nothing here declares."""
    for name, expression in use.values.items():
        with mistakes.at(made.file, use.lines[f"values {name}"]):
            refuse_unknown(expression, {*made.parameters, *made.derived})


def _ordered(made: Protocol, mistakes: Collector) -> None:
    """Refuse a default worked out from what stands below it."""
    above: set[str] = set()
    lines = made.tree.map("parameters").lines
    broken = set(lines) - set(made.parameters)
    for parameter in made.parameters.values():
        with mistakes.at(made.file, parameter.line):
            if parameter.default_from:
                refuse_unknown(parameter.default_from, above | broken, lines)
        with mistakes.at(made.file, parameter.line):
            if parameter.choices_from:
                made.choices(parameter)
            if parameter.like and parameter.like not in made.parameters:
                raise ProtocolError(f"{parameter.name!r} follows {parameter.like!r}, which is no parameter", near(parameter.like, made.parameters))
            if parameter.told and parameter.like not in above:
                raise ProtocolError(f"{parameter.name!r} is told of {parameter.like!r}, which stands below it", "move it down")
        above.add(parameter.name)
