"""What went wrong at the bench, held as data: a group for each kind of result (a blot, a plate), and a file for each symptom of it.

Raises an error for a symptom without one of its parts, for a step or a gate that the protocol's sheet does not have, for a picture that
cannot be drawn, and for references that differ from what the text cites.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, check_known, suggest
from ..yamltree import YamlMap, parse_yaml_map
from .citations import EVIDENCE_MARKS, check_references, citation_keys
from .page import folder_texts, make_each, order_of, split_head, title_of
from .page_facts import PEOPLE_KEYS, People, read_people
from .sheet_places import SheetPlaces
from .symptom_svg import draw_symptom

SYMPTOMS_FOLDER = "symptoms"
_GROUP_KEYS = ("title", "order", "summary", "areas")
_TEXT_KEYS, _LIST_KEYS = ("title", "area", "order", "see"), ("words", "causes", "now", "next")
_NEEDED_KEYS = (*_TEXT_KEYS, *_LIST_KEYS, "picture", "references")
_SYMPTOM_KEYS = (*_NEEDED_KEYS, "steps", "gates", "elsewhere")

Places = Callable[[str], SheetPlaces]


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """One symptom: what one sees, with its *picture* as SVG, the causes with the likeliest first, and what to do *now* and *next* time.

    *words* are what somebody may type who sees it. *steps* and *gates* are titles on the default sheet of a protocol, by its name;
    *elsewhere* is where a symptom arises that belongs to no protocol.
    """

    id: str
    title: str
    area: str
    order: int
    see: str
    picture: str
    words: tuple[str, ...]
    causes: tuple[str, ...]
    now: tuple[str, ...]
    next: tuple[str, ...]
    steps: Mapping[str, tuple[str, ...]]
    gates: Mapping[str, tuple[str, ...]]
    elsewhere: str

    def text(self) -> str:
        """Return all that its author wrote in prose."""
        return "\n\n".join((self.see, *self.causes, *self.now, *self.next))


@dataclass(frozen=True, kw_only=True)
class SymptomGroup:
    """All symptoms of one kind of result, in their order; *lead* is what its page begins with, at *line* of *file*."""

    id: str
    title: str
    order: int
    summary: str
    lead: str
    file: str
    line: int
    people: People
    symptoms: tuple[Symptom, ...]

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"{SYMPTOMS_FOLDER}/{self.id}.md"


def parse_symptoms(docs: Mapping[str, str], protocols: Collection[str], places: Places, works: Collection[str]) -> tuple[SymptomGroup, ...]:
    """Return all groups in their order. *places* gives the steps and gates of a protocol; raise ProtocolErrors with the mistakes of all files."""
    texts = folder_texts(docs, SYMPTOMS_FOLDER, ".md")
    mistakes = Collector()
    for path in docs:
        folder, _, name = path.removeprefix(f"{SYMPTOMS_FOLDER}/").rpartition("/")
        if path.startswith(f"{SYMPTOMS_FOLDER}/") and name.endswith(".yml") and "/" not in folder and folder not in texts:
            with mistakes.at(f"docs/{path}"):
                raise ProtocolError(f"there is no page for the symptoms of {folder!r}", f"write docs/{SYMPTOMS_FOLDER}/{folder}.md")
    groups: list[SymptomGroup] = []
    with mistakes.at(f"docs/{SYMPTOMS_FOLDER}"):
        groups = make_each(
            texts, f"docs/{SYMPTOMS_FOLDER}/{{}}.md".format, lambda name: _parse_group(name, texts[name], docs, protocols, places, works)
        )
    mistakes.raise_all()
    return tuple(sorted(groups, key=lambda group: (group.order, group.id)))


def _parse_group(name: str, text: str, docs: Mapping[str, str], protocols: Collection[str], places: Places, works: Collection[str]) -> SymptomGroup:
    file = f"docs/{SYMPTOMS_FOLDER}/{name}.md"
    head, lead, line = split_head(text, file)
    head.check_keys((*_GROUP_KEYS, *PEOPLE_KEYS), "a group of symptoms", required=_GROUP_KEYS)
    areas, folder = head.word_list("areas"), f"{SYMPTOMS_FOLDER}/{name}"
    texts = folder_texts(docs, folder, ".yml")
    if not texts:
        raise ProtocolError("the group has no symptoms", f"write one into docs/{folder}/", file, 1)
    symptoms = make_each(
        texts,
        f"docs/{folder}/{{}}.yml".format,
        lambda each: _parse_symptom(each, texts[each], f"docs/{folder}/{each}.yml", areas, protocols, places, works),
    )
    return SymptomGroup(
        id=name, title=title_of(head), order=order_of(head), summary=head.text("summary"), lead=lead.strip("\n"), file=file, line=line,
        people=read_people(head),
        symptoms=tuple(sorted(symptoms, key=lambda each: (areas.index(each.area), each.order, each.id))),
    )  # fmt: skip


def _parse_symptom(
    name: str, text: str, file: str, areas: Collection[str], protocols: Collection[str], places: Places, works: Collection[str]
) -> Symptom:
    tree = parse_yaml_map(text, file)
    mistakes = Collector()
    with mistakes.at(file):
        tree.check_keys(_SYMPTOM_KEYS, "a symptom", required=_NEEDED_KEYS)
    mistakes.raise_all()
    with mistakes.at(file, tree.lines["area"]):
        check_known(tree.text("area"), areas, f"{tree.text('area')!r} is not an area of this group", "areas")
    lists: dict[str, tuple[str, ...]] = {}
    for key in _LIST_KEYS:
        with mistakes.at(file, tree.lines[key]):
            lists[key] = tuple(" ".join(words.split()) for words in tree.word_list(key) if words.strip())
            if not lists[key]:
                raise ProtocolError(f"{key!r} is empty", f"write {key}: [...]")
    named: dict[str, dict[str, tuple[str, ...]]] = {
        "steps": _find_places(tree, "steps", protocols, mistakes, lambda protocol, words: places(protocol).find_step(words)),
        "gates": _find_places(tree, "gates", protocols, mistakes, lambda protocol, words: places(protocol).check_gate(words)),
    }
    picture, order = "", 0
    with mistakes.at(file, tree.lines["picture"]):
        picture, _ = draw_symptom(tree.mapping("picture"))
    with mistakes.at(file):
        order = order_of(tree)
    with mistakes.at(file, tree.lines.get("steps", 1)):
        if not (tree.mapping("steps") or tree.text("elsewhere")):
            raise ProtocolError("the symptom arises at no step", "write steps: {protocol: [title of a step]}, or 'elsewhere: ...'")
    mistakes.raise_all()
    symptom = Symptom(
        id=name, title=title_of(tree), area=tree.text("area"), order=order, see=" ".join(tree.text("see").split()), picture=picture,
        words=lists["words"], causes=lists["causes"], now=lists["now"], next=lists["next"], steps=named["steps"], gates=named["gates"],
        elsewhere=tree.text("elsewhere"),
    )  # fmt: skip
    with mistakes.at(file, tree.lines["see"]):
        if not symptom.see:
            raise ProtocolError("the symptom does not say what one sees", "write see: ...")
    with mistakes.at(file, tree.lines["references"]):
        references = [key for key in tree.word_list("references") if key]
        check_references(references, symptom.text())
        for key in citation_keys(symptom.text()):
            if key not in works:
                raise ProtocolError(f"no reference {key!r}", suggest(key, [*works, *EVIDENCE_MARKS], "references"))
    mistakes.raise_all()
    return symptom


def _find_places(
    tree: YamlMap, key: str, protocols: Collection[str], mistakes: Collector, find: Callable[[str, str], str]
) -> dict[str, tuple[str, ...]]:
    """Return the titles that are named under *key*, by protocol, and collect a mistake for each that is not there."""
    entries = tree.mapping(key)
    found: dict[str, tuple[str, ...]] = {}
    for protocol in entries:
        titles = []
        with mistakes.at(tree.file, entries.lines[protocol]):
            check_known(protocol, protocols, f"there is no protocol {protocol!r}", "protocols")
            titles = entries.word_list(protocol)
        for words in titles:
            with mistakes.at(tree.file, entries.lines[protocol]):
                found[protocol] = (*found.get(protocol, ()), find(protocol, words))
    return found
