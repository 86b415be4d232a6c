"""`python -m tests.record_schema` writes what follows from the types of a Record: its JSON schema, and the keys in the guide."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from benchsheet.record import type_words, types
from benchsheet.units.display import _UNIT_SYMBOLS
from benchsheet.units.kinds import KINDS, UCUM_CODES

PAGE = Path(__file__).parent.parent / "docs" / "guide" / "record.md"
PATH = Path(types.__file__).parent / "record.schema.json"
ATOMS = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
NUMBER = r"[0-9][0-9\u202f]*(?:\.[0-9]+)?(?:×10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
MEANINGS = {
    "value": "the very number in text, read as a decimal",
    "unit": "UCUM code of the unit",
    "text": "as it is printed: number and unit, digits in groups of three from 10 000 up",
}


class Writer:
    """Writes the schema of a form; what has a name stands in *defs*, once."""

    def __init__(self) -> None:
        self.defs: dict[str, Any] = {}

    def describe(self, form: Any) -> dict[str, Any]:
        """Return the schema of a type. Raise TypeError for one that no Record has."""
        origin, inner = get_origin(form), get_args(form)
        if origin is Annotated:
            return self._describe_notes(inner[0], inner[1:])
        if form in ATOMS:
            return {"type": ATOMS[form]}
        if is_typeddict(form):
            return self._refer(form.__name__.lower(), lambda: self.describe_keys(form))
        if origin is Literal:
            return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
        if origin is list:
            return {"type": "array", "items": self.describe(inner[0])}
        if origin is dict:
            key = self.describe(inner[0]).get("pattern", "^.+$")
            return {"type": "object", "additionalProperties": False, "patternProperties": {key: self.describe(inner[1])}}
        if origin in (Union, UnionType):
            return self._describe_union([self.describe(each) for each in inner])
        raise TypeError(f"no Record has a {form}")

    def _describe_notes(self, form: Any, notes: tuple[Any, ...]) -> dict[str, Any]:
        kinds = [note for note in notes if isinstance(note, type_words.Kinds)]
        words = [note for note in notes if isinstance(note, str)]
        if kinds:
            schema = self._refer(kinds[-1].name, lambda: self._describe_quantity(form, kinds[-1], words[0]))
            words = words[1:]
        else:
            schema = self.describe(form)
        for note in notes:
            schema |= note.words if isinstance(note, type_words.Limits) else {}
        return schema | ({"description": words[-1]} if words else {})

    def _describe_union(self, parts: list[dict[str, Any]]) -> dict[str, Any]:
        bare = [part["type"] for part in parts if part.keys() == {"type"}]
        if len(bare) == len(parts):
            return {"type": bare}
        return {"anyOf": [*([{"type": bare if len(bare) > 1 else bare[0]}] if bare else []), *(part for part in parts if part.keys() != {"type"})]}

    def _refer(self, name: str, build: Any) -> dict[str, Any]:
        if name not in self.defs:
            self.defs[name] = {}  # its place, before those of its parts
            self.defs[name].update(build())
        return {"$ref": f"#/$defs/{name}"}

    def describe_keys(self, form: Any) -> dict[str, Any]:
        hints = get_type_hints(form, include_extras=True)
        properties = {key: self.describe(get_args(hint)[0] if get_origin(hint) is NotRequired else hint) for key, hint in hints.items()}
        return {
            "type": "object",
            "description": (form.__doc__ or "").partition("\n")[0].rstrip("."),
            "additionalProperties": False,
            "required": [key for key, hint in hints.items() if get_origin(hint) is not NotRequired],
            "properties": properties,
        }

    def _describe_quantity(self, form: Any, kinds: type_words.Kinds, words: str) -> dict[str, Any]:
        units = list(_list_units(kinds))
        codes = [UCUM_CODES.get(unit, unit) for unit in units]
        unknown = {*codes} - {*get_args(type_words.UcumCode)}
        if unknown:
            raise TypeError(f"UcumCode has no {', '.join(sorted(unknown))}")
        symbols = "|".join(_UNIT_SYMBOLS.get(unit, unit) for unit in units)
        printed = f"{'' if kinds.least == 0 else '-?'}{NUMBER} (?:{symbols})"
        schema = self.describe_keys(form) | {"description": words}
        narrow: dict[str, dict[str, Any]] = {
            "value": {"type": ["number", "null"] if kinds.blank else "number", **({} if kinds.least is None else {"minimum": kinds.least})},
            "unit": {"type": "string", "enum": codes},
            "text": {"type": "string", "pattern": f"^(?:____|{printed})$" if kinds.blank else f"^{printed}$"},
        }
        for key, more in narrow.items():
            blank = "; null is a blank, filled in at the bench" if key == "value" and kinds.blank else ""
            schema["properties"][key] = more | {"description": f"{MEANINGS[key]}{blank}"}
        return schema


def _list_units(kinds: type_words.Kinds) -> Iterator[str]:
    for kind in kinds.kinds or KINDS:
        yield from KINDS[kind].units


def build_schema() -> dict[str, Any]:
    """Return the schema of a Record, as JSON."""
    writer = Writer()
    whole = writer.describe_keys(types.Record)
    whole["description"] = " ".join((types.Record.__doc__ or "").split())
    (name,) = get_args(get_args(get_type_hints(types.Record, include_extras=True)["schema"])[0])
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:benchsheet:record:{name.rpartition('/')[2]}",
        "title": "benchsheet record",
    }
    return head | whole | {"$defs": dict(sorted(writer.defs.items()))}


def format_schema() -> str:
    """Return the schema as the file has it."""
    return _lay_out(build_schema()) + "\n"


def _lay_out(value: Any, room: int = 150, indent: str = "") -> str:
    """Return JSON in which what has room stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) <= room or not isinstance(value, dict):
        return flat
    inner = f"{indent} "
    lines = [f"{inner}{json.dumps(key)}: {_lay_out(part, 145 - len(inner) - len(key), inner)}" for key, part in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def format_keys() -> str:
    """Return the keys of a Record as the table of the guide."""
    rows = [f"| `{key}` | {part['description']} |" for key, part in build_schema()["properties"].items()]
    return "\n".join(["| key | is |", "|---|---|", *rows]) + "\n"


def fill_page(text: str) -> str:
    """Return the page of the guide with its table of keys."""
    return re.sub(r"\| key \| is \|\n(?:\|.*\n)+", lambda _: format_keys(), text)


if __name__ == "__main__":
    PATH.write_text(format_schema(), "utf-8", newline="\n")
    PAGE.write_text(fill_page(PAGE.read_text("utf-8")), "utf-8", newline="\n")
