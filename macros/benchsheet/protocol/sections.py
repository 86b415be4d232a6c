"""The sections of protocol.yml and the keys of each, once: the reader, the tables of the guide and the schema for editors come from here."""

from __future__ import annotations

from collections.abc import Iterator

from .._dataclass import dataclass
from ..errors import ProtocolError
from ..yamltree import YamlMap
from .evidence import EVIDENCE
from .parameters.forms import parameter_schema
from .shapes import (
    MAPPING,
    TEXT,
    TEXTS,
    WORD_LISTS,
    WORDS,
    YES_NO,
    KeyTable,
    Shape,
    either,
    entries,
    entry,
    keys,
    list_of,
    map_of,
    one_of,
    text_or_from,
)

DISPENSERS = ("reservoir", "tube", "poured")
LEVELS = {"note": "N", "warn": "W", "refuse": "E"}
EVIDENCE_WORD = one_of(*EVIDENCE)
CITE = ("cite", WORDS, "keys of the works that it rests on")
KNOWN = (CITE, ("evidence", EVIDENCE_WORD, "how it is known"))
WHEN = ("when", TEXT, "in which runs it is there: an expression")
NAME = ("name", TEXT, "what it is called on the sheet")

SENTENCE = KeyTable(what="a sentence", keys=keys(("say", TEXT, "the words"), WHEN), required=("say",))
SENTENCES = either(TEXT, SENTENCE, "a text, or {say: a text, when: a condition}")
MAKE = KeyTable(
    what="'make'",
    keys=keys(
        ("from", WORDS, "what gives its components"),
        ("rest", TEXT, "what makes up the rest, so much of it"),
        ("to_volume_with", TEXT, "what fills up to the mark"),
        ("all", TEXT, "the mass of the one source, all of which is dissolved"),
        WHEN,
        ("note", TEXT, "words beside the recipe"),
    ),
)
OVERAGE = KeyTable(
    what="'overage'",
    keys=keys(
        ("percent", TEXT, "so much more of it, `10 %`"),
        ("places", TEXT, "for so many more places"),
        ("volume", TEXT, "so much more"),
        ("least", TEXT, "so much more at least"),
    ),
)
_LIQUID = (
    ("contains", TEXTS, "each component with its concentration: a value, a parameter's name or an expression"),
    ("dispensed", one_of(*DISPENSERS), "what it is given from"),
    ("overage", entry(OVERAGE), "how much more is made, in place of the lab's rule"),
    ("storage", TEXT, "how it is kept"),
    ("hazards", WORDS, "what else is in it"),
    ("note", TEXT, "words beside it"),
    ("keep_in", TEXT, "what it is kept in"),
)
_MADE = (
    ("adjust", TEXTS, "the acid or base that its pH takes, with that pH"),
    ("make", entry(MAKE), "from what it is made"),
    ("solid", TEXT, "what it is, if it is weighed"),
    ("mw", TEXT, "its molar mass"),
    ("stock", TEXT, "a strength at which it is known to dissolve"),
)
OVERRIDE = KeyTable(
    what="an entry that takes a shared recipe",
    keys=keys(("recipe", TEXT, "the shared recipe that it is"), NAME, *_LIQUID),
    required=("recipe",),
)
RECIPE = KeyTable(what="a recipe", keys=keys(NAME, *_LIQUID, *_MADE, *KNOWN, ("confidence", TEXT, "how sure it is")))
REAGENT = KeyTable(what="a reagent", keys=keys(NAME, *_LIQUID, *_MADE, ("for", TEXT, "the list for each of which there is one"), *KNOWN))

GROUP = KeyTable(
    what="a group",
    keys=keys(
        ("at", WORDS, "a region, `B2:G10`, several, or `rest`"),
        ("by", one_of("region", "column", "row"), "what is one member of a family"),
        ("first", TEXT, "how many members there are, or the list whose names they have"),
        ("wells", TEXT, "how many wells a member has"),
        ("for", TEXT, "the list for each of which there is one"),
        ("role", TEXT, "what its places are called"),
    ),
)
GROUPS = map_of(either(TEXT, GROUP, "a region, or a mapping"), "regions by name")
LAYOUT = KeyTable(what="a layout", keys=keys(WHEN, ("plates", TEXT, "`odd`, `even`, or all"), ("groups", GROUPS, "its groups")))
_COUNT = ("count", TEXT, "how many: an expression")
_EACH = ("each", TEXT, "the list that has a place for each name")
_TIMES = ("times", TEXT, "how many places a name has")
_BY = ("by", one_of("name", "replicate"), "`replicate` puts each replicate of all names side by side")
_ROLE = ("role", TEXT, "what the places are called")
_LABWARE = ("labware", TEXT, "plates, dishes, tubes or gels by their id, or a value that names one")
_SETS = ("sets", WORD_LISTS, "groups that are named together")
_HOLDS = ("holds", TEXT, "how much a place holds: a volume, or the name of one")
# What a vessel is follows from the first of these keys that it has; the last is for one that has none of them.
VESSELS = {
    "tanks": KeyTable(
        what="tanks",
        keys=keys(
            ("tanks", TEXT, "for how many gels"),
            ("gel", TEXT, "which gel of the lab"),
            ("use", one_of("transfer", is_checked=True), "takes those in which gels are transferred"),
            ("at_once", TEXT, "the most gels at a time"),
            WHEN,
        ),
    ),
    "tubes": KeyTable(
        what="a rack", keys=keys(("tubes", TEXT, "the list that has a tube for each name"), _TIMES, _BY, _ROLE, _HOLDS, WHEN)
    ),
    "holds": KeyTable(
        what="a container", keys=keys(_HOLDS, ("place", TEXT, "what one is called"), _COUNT, _EACH, _TIMES, _ROLE, NAME, WHEN)
    ),
    "each": KeyTable(
        what="a row of places",
        keys=keys(
            _LABWARE, _EACH, _TIMES, _BY, _ROLE,
            ("every", TEXTS, "what stands first on each, and how many of it"),
            ("together", TEXT, "how many names in a row are never parted"),
            ("copies", TEXT, "how often all of it is there"),
            ("rest", TEXT, "the group of the places that are left"),
            _COUNT, NAME, _SETS, WHEN,
        ),
    ),
    "": KeyTable(
        what="a vessel with groups",
        keys=keys(
            _LABWARE, _COUNT, NAME, ("for", TEXT, "the list for each of which there are so many plates"),
            ("groups", GROUPS, "wells that are treated alike"),
            ("layouts", list_of(entry(LAYOUT), "layouts"), "one layout for all plates, or one for odd and one for even ones"), _SETS, WHEN,
        ),
    ),
}  # fmt: skip
VESSEL = KeyTable(what="a vessel", keys={name: key for table in VESSELS.values() for name, key in table.keys.items()})


def _check_vessel(tree: YamlMap, name: str) -> None:
    found = tree.mapping(name)
    found.check_keys(tuple(VESSEL.keys), VESSEL.what)
    VESSELS[next((key for key in VESSELS if key in found), "")].check(found)


_VESSEL_SHAPE = Shape(words="a mapping", check=_check_vessel, schema=lambda: {"anyOf": [table.schema() for table in VESSELS.values()]})
_PARAMETER_SHAPE = Shape(words="a mapping", check=MAPPING.check, schema=parameter_schema)
_REAGENT_SHAPE = Shape(words="a mapping", check=entry(REAGENT).check, schema=lambda: {"anyOf": [REAGENT.schema(), OVERRIDE.schema()]})
_CONDITION = (("if", TEXT, "an expression"), ("level", one_of(*LEVELS), "what becomes of it"), ("say", TEXT, "the words"))
DERIVED = KeyTable(
    what="a derived value",
    keys=keys(
        ("from", TEXT, "an expression over what stands above it"),
        ("count", TEXT, "what it counts"),
        ("for", TEXT, "the list for each of which it is worked out"),
        ("label", TEXT, "what it is called"),
        *KNOWN,
    ),
    required=("from",),
)
CHECK = KeyTable(
    what="a check", keys=keys(*_CONDITION, ("for", TEXT, "over what it runs: `each in names`, `a, b in pairs(names)`"), CITE),
    required=("if", "level", "say"),
)  # fmt: skip
HOURS = KeyTable(
    what="an entry of hours",
    keys=keys(
        ("from", TEXT, "the title of the earlier step"),
        ("to", TEXT, "the title of the later step"),
        ("meant", text_or_from("meant"), "the hours that the words are for"),
        ("tolerance", text_or_from("tolerance"), "how far off a plan may be"),
        *_CONDITION[1:],
        WHEN,
        *KNOWN,
    ),
    required=("from", "to", "meant", "say"),
)
USE = KeyTable(
    what="a protocol in another",
    keys=keys(
        ("protocol", TEXT, "the name of its folder"),
        ("start", TEXT, "the title of the step that it begins with"),
        ("vessels", TEXTS, "its vessels, each with the one here that it is"),
        ("values", TEXTS, "its parameters, each with an expression"),
        ("options", WORDS, "its parameters that a run here may set"),
        ("words", MAPPING, "its controls, gates and totals that are left out"),
    ),
    required=("protocol",),
)
EQUIPMENT = KeyTable(
    what="an equipment",
    keys=keys(
        NAME,
        ("places", TEXT, "how many it takes at a time"),
        ("balanced", TEXT, "what balances an odd batch"),
        ("takes", text_or_from("takes"), "what a tube in it holds at most"),
        ("counted", YES_NO, "tells the tubes and bottles for all that is made"),
        WHEN,
    ),
)
CONTROL = KeyTable(what="a control", keys=keys(("why", TEXT, "what it is for"), WHEN, *KNOWN), required=("why",))
GATE = KeyTable(
    what="a gate", keys=keys(("limit", TEXT, "what has to hold"), ("reading", TEXT, "what is read"), WHEN, *KNOWN), required=("limit", "reading")
)
VEHICLE = KeyTable(
    what="'vehicle'",
    keys=keys(
        ("component", TEXT, "what it is"),
        ("limit", TEXT, "the most of it"),
        ("in", TEXT, "in which groups"),
        ("until", TEXT, "the title of the step that ends the limit: `Dissolve the crystals`"),
        WHEN,
    ),
    required=("component", "limit", "in"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class DeclaredSection:
    """One section of protocol.yml: what may stand there, and what the guide says of it; *table* has the keys of an entry, if it has any.

    *is_read_elsewhere* where a module of its own reads its entries, by the same table.
    """

    name: str
    help: str
    shape: Shape
    table: KeyTable | None = None
    is_read_elsewhere: bool = False


def _section(name: str, shape: Shape, text: str, table: KeyTable | None = None, *, is_read_elsewhere: bool = False) -> DeclaredSection:
    return DeclaredSection(name=name, help=text, shape=shape, table=table, is_read_elsewhere=is_read_elsewhere)


_LIST = "a list of the sheet"
DECLARED_SECTIONS = {
    section.name: section
    for section in (
        _section("title", TEXT, "what it is called"),
        _section("summary", TEXT, "what it is for, in a sentence or two"),
        _section("version", TEXT, "its own version"),
        _section("changelog", TEXTS, "what became new in each version"),
        _section("authors", WORDS, "who wrote it; its page of the site says so"),
        _section("checked", TEXTS, "who checked it, each with the day; its page of the site says so"),
        _section("words", WORD_LISTS, "by which words the site's search finds its page (`page`), a step, or a section, by its title"),
        _section("parameters", map_of(_PARAMETER_SHAPE, "entries by name"), "[what a run may set](#parameters)", is_read_elsewhere=True),
        _section("ask", WORDS, "the parameters to ask for first, in that order: pages and lists begin with them"),
        _section("derived", entries(DERIVED), "[values that follow from others](#derived-values-and-checks)", DERIVED, is_read_elsewhere=True),
        _section("checks", entries(CHECK), "conditions, with what to say when they hold", CHECK, is_read_elsewhere=True),
        _section(
            "hours", entries(HOURS), "[what words are made for](time.md#words-that-rest-on-hours): hours between steps", HOURS, is_read_elsewhere=True
        ),
        _section("reagents", map_of(_REAGENT_SHAPE, "entries by name"), "[what is taken from the shelf](#reagents), or made from others", REAGENT),
        _section("vessels", map_of(_VESSEL_SHAPE, "entries by name"), "[plates, their layouts, groups and sets](#vessels)", VESSEL),
        _section("vehicle", entry(VEHICLE), "which component has to be equal and below a limit, in which groups", VEHICLE),
        _section("stays", WORDS, "components that `remove` and `wash` do not carry off: attached cells"),
        _section("uses", entries(USE), "[other protocols](composition.md) that are done within this one", USE, is_read_elsewhere=True),
        _section("size", TEXT, "how big a run is, in a few words with its values; it stands behind the name of a run"),
        _section("totals", list_of(SENTENCES, "sentences"), "sentences at the head of the sheet"),
        _section("equipment", entries(EQUIPMENT), f"devices: {_LIST}", EQUIPMENT),
        _section("controls", entries(CONTROL), f"what each control is for: {_LIST}", CONTROL),
        _section("gates", entries(GATE), f"what has to hold before results count: {_LIST}", GATE),
        _section("waste", map_of(SENTENCES, "sentences by name"), f"how each waste is disposed of: {_LIST}"),
        _section(
            "leftovers", map_of(SENTENCES, "sentences by name"), f"what becomes of what is left: {_LIST}; "
            "the words say the route of all that a leftover names, and of what a reagent or vessel so called holds",
        ),
        _section("citations", WORDS, "works that are listed without being cited in a step"),
    )
}  # fmt: skip
PROTOCOL = KeyTable(
    what="a protocol",
    keys=keys(*((each.name, each.shape, each.help) for each in DECLARED_SECTIONS.values())),
    required=("title", "version", "parameters"),
)


def check_sections(tree: YamlMap, file: str) -> Iterator[ProtocolError]:
    """Return each mistake of shape in the sections of *tree* that no other module reads; entries of other files than *file* are read there."""
    for section in DECLARED_SECTIONS.values():
        if section.is_read_elsewhere or section.name not in tree:
            continue
        own = tree
        if section.name == "reagents":
            own = tree.copy()
            own["reagents"] = tree.mapping("reagents").copy()
            for name in [name for name, each in own["reagents"].items() if isinstance(each, YamlMap) and each.file != file]:
                del own["reagents"][name]  # a shared recipe was read where it stands
        try:
            section.shape.check(own, section.name)
        except ProtocolError as error:
            yield from error.at(tree.file, tree.lines[section.name]).parts
