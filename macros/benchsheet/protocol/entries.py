"""What protocol.yml says of a run beside its values: sentences, controls, gates, devices and the vehicle, each with the line of its words."""

from __future__ import annotations

from collections.abc import Mapping

from .._dataclass import dataclass
from ..yamltree import YamlMap
from .shapes import read_flag


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An *expression* that decides whether something is there in a run, and where it is written."""

    expression: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Words that hold for some runs, or for all; *line* is that of the entry."""

    say: str
    when: Condition | None
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A control or a gate: its *words* by their key, with the works that they rest on."""

    words: Mapping[str, str]
    cite: tuple[str, ...]
    when: Condition | None
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class DeviceDecl:
    """An equipment: *places* is an expression for how many it takes, *takes* a volume or ``{from: expression}`` for what a tube in it holds.

    *lines* has the line of each key.
    """

    name: str
    places: str
    balanced: str
    takes: str
    takes_from: str
    is_counted: bool
    when: Condition | None
    file: str
    line: int
    lines: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """The component that has to be equal in *groups* and at most *limit*, an amount or an expression; *until* is the step that ends it."""

    component: str
    limit: str
    groups: str
    until: str
    when: Condition | None
    file: str
    lines: Mapping[str, int]


def read_condition(entry: YamlMap) -> Condition | None:
    """Return the ``when`` of *entry*, None if it has none."""
    return Condition(expression=entry.text("when"), file=entry.file, line=entry.lines["when"]) if "when" in entry else None


def read_sentences(tree: YamlMap, key: str) -> tuple[Sentence, ...]:
    """Return the sentences of the list under *key*, or of the one that stands there."""
    listed = tree.get(key) or []
    sentences = [listed] if isinstance(listed, str | YamlMap) else listed
    return tuple(_read_sentence(each, tree.file, tree.lines[key]) for each in sentences)


def read_named_sentences(tree: YamlMap) -> dict[str, Sentence]:
    """Return the sentences of *tree* by name."""
    return {name: _read_sentence(each, tree.file, tree.lines[name]) for name, each in tree.items()}


def _read_sentence(entry: str | YamlMap, file: str, line: int) -> Sentence:
    if isinstance(entry, YamlMap):
        return Sentence(say=entry.text("say"), when=read_condition(entry), file=file, line=line)
    return Sentence(say=entry, when=None, file=file, line=line)


def read_statements(tree: YamlMap, *keys: str) -> dict[str, Statement]:
    """Return the entries of *tree* by name, with the words under *keys*."""
    entries = {name: tree.mapping(name) for name in tree}
    return {
        name: Statement(
            words={key: entry.text(key) for key in keys}, cite=tuple(entry.word_list("cite")), when=read_condition(entry), file=tree.file,
            line=tree.lines[name],
        )
        for name, entry in entries.items()
    }  # fmt: skip


def read_devices(tree: YamlMap) -> dict[str, DeviceDecl]:
    """Return the devices of *tree* by their keys."""
    devices = {}
    for key in tree:
        entry = tree.mapping(key)
        is_worked_out = isinstance(entry.get("takes"), YamlMap)
        devices[key] = DeviceDecl(
            name=entry.text("name", key), places=entry.text("places"), balanced=entry.text("balanced"),
            takes="" if is_worked_out else entry.text("takes"), takes_from=entry.mapping("takes").text("from") if is_worked_out else "",
            is_counted=read_flag(entry, "counted"), when=read_condition(entry), file=entry.file, line=tree.lines[key], lines=entry.lines,
        )  # fmt: skip
    return devices


def read_vehicle(entry: YamlMap) -> Vehicle | None:
    """Return what *entry* says of the vehicle, None if it is empty."""
    if not entry:
        return None
    return Vehicle(
        component=entry.text("component"), limit=entry.text("limit"), groups=entry.text("in"), until=entry.text("until"),
        when=read_condition(entry), file=entry.file, lines=entry.lines,
    )  # fmt: skip
