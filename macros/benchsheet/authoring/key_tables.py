"""The tables of the guide that tell the keys of protocol.yml, and its JSON schema, as they follow from what the reader declares.

``python -m benchsheet.authoring.key_tables NAME`` writes one of them: sections, forms, keys or schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..markup import write_table
from ..protocol.parameters.form import COMMON_KEYS, LIST
from ..protocol.parameters.forms import FORMS, QUANTITY
from ..protocol.sections import DECLARED_SECTIONS, GROUP, LAYOUT, MAKE, OVERAGE, OVERRIDE, PROTOCOL, VESSELS
from ..protocol.shapes import Key, Schema, keys

KEYS_HEAD = """\
# The keys of protocol.yml

Every key that the reader knows, from the table that it reads by. [Writing a protocol](index.md) says how they go together. `benchsheet new`
puts `protocol.schema.json` beside the protocol: an editor that knows JSON schemas offers these keys as you type.
"""


def protocol_schema() -> Schema:
    """Return the JSON schema of a protocol.yml, for editors: it offers the keys as you type, and marks those that there are not."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:benchsheet:protocol:1",
        "title": "benchsheet protocol.yml",
        "description": "What a run of a protocol may set, what it takes and what it is done in. Every scalar is read as text.",
        **PROTOCOL.schema(),
    }


def section_table() -> str:
    """Return the table of the sections of protocol.yml."""
    return _table(("key", "holds"), ((f"`{section.name}`", section.help) for section in DECLARED_SECTIONS.values()))


def form_table() -> str:
    """Return the table of the forms of a parameter that have a key of their own, each with a value as it is typed."""
    forms = (QUANTITY, *FORMS.values())
    rows = ((form.words, form.declared_as, form.example if "`" in form.example else f"`{form.example}`") for form in forms if form.example)
    return _table(("form", "key", "example of a value"), rows)


def keys_page() -> str:
    """Return the page of the guide that has all keys."""
    own = {key.name: key for form in (QUANTITY, *FORMS.values()) for key in form.table.keys.values()}
    forms_of = {name: [form.words for form in (QUANTITY, *FORMS.values()) if name in form.table.keys] for name in own}
    common = keys(*COMMON_KEYS)
    parts = [KEYS_HEAD, "## A parameter of any form\n", _key_table(common.values())]
    others = [key for name, key in own.items() if name not in common and name not in FORMS]
    parts += ["## A parameter of some forms\n"]
    parts += [_table(("key", "takes", "says", "forms"), ((*_cells(key), ", ".join(forms_of[key.name])) for key in others))]
    parts += ["## `list` of a parameter\n", _key_table(LIST.keys.values())]
    for section in DECLARED_SECTIONS.values():
        if section.name == "vessels":
            for first, table in VESSELS.items():
                parts += [f"## A vessel with `{first}`\n" if first else "## A vessel with wells by region\n", _key_table(table.keys.values())]
            parts += ["## `groups` of a vessel\n", _key_table(GROUP.keys.values()), "## `layouts` of a vessel\n", _key_table(LAYOUT.keys.values())]
        elif section.table:
            parts += [f"## `{section.name}`\n", _key_table(section.table.keys.values())]
        if section.name == "reagents":
            parts += ["## A reagent that takes a shared recipe\n", _key_table(OVERRIDE.keys.values())]
            parts += ["## `make` of a reagent\n", _key_table(MAKE.keys.values()), "## `overage` of a reagent\n", _key_table(OVERAGE.keys.values())]
    return "\n".join(parts)


def schema_text() -> str:
    """Return the JSON schema of protocol.yml as the file that the package ships."""
    return _write_json(protocol_schema()) + "\n"


def _write_json(value: Any, depth: int = 0) -> str:
    """Return *value* as JSON, what fits into a line on one."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) + depth <= 120 or not isinstance(value, dict | list):
        return text
    if isinstance(value, dict):
        lines = [f"{json.dumps(name)}: {_write_json(each, depth + 1)}" for name, each in value.items()]
    else:
        lines = [_write_json(each, depth + 1) for each in value]
    inside = ",\n".join(lines).replace("\n", "\n ")
    return f"{{\n {inside}\n}}" if isinstance(value, dict) else f"[\n {inside}\n]"


def _cells(key: Key) -> tuple[str, str, str]:
    return f"`{key.name}`", key.shape.words, key.help


def _key_table(rows: Iterable[Key]) -> str:
    return _table(("key", "takes", "says"), map(_cells, rows))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return write_table(head, rows) + "\n"


WRITERS: Mapping[str, Callable[[], str]] = {"sections": section_table, "forms": form_table, "keys": keys_page, "schema": schema_text}

if __name__ == "__main__":
    import sys

    sys.stdout.write(WRITERS[sys.argv[1]]())
