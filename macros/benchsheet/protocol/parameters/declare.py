"""The ``parameters`` of protocol.yml: one entry declares an option of the command line, its limits, its help and its default.

An entry with two forms, a name that is taken, a minimum above the maximum, or a default that is missing raises ProtocolError.
"""

from __future__ import annotations

from typing import Any

from ...errors import ProtocolError
from ...expressions.grammar import FUNCTION_NAMES
from ...units import whole_number
from ...yamltree import YamlMap
from ..shapes import read_flag
from .form import Form
from .forms import FORMS, QUANTITY, all_keys
from .parameter import Parameter

RESERVED_OPTIONS = ("lab", "start", "format", "output", "force", "batch", "name", "protocol", "help", "version", "json", "quiet")
VERB_NAMES = (
    "add", "fill", "top_up", "bring", "transfer", "remove", "wash", "dry", "series", "dilute", "mix", "measured", "level", "q", "cite", "called",
    "range", "loop", "caller", "protocol", "in_sheet",
)  # fmt: skip
EXPRESSION_WORDS = ("not", "in", "if", "else", "and", "or", "is", "true", "false", "none", "for", "pairs", *FUNCTION_NAMES)
_LONGEST_NAME = 31


def declare_parameter(name: str, entry: YamlMap, line: int) -> Parameter:
    """Return the parameter that *entry* of protocol.yml declares in *line*; raise ProtocolError if it has a mistake."""
    if not (name.isidentifier() and name.isascii() and name.islower() and name[0] != "_" and len(name) <= _LONGEST_NAME):
        raise ProtocolError(f"{name!r} is not a parameter's name", "small letters, digits and _, a noun: 'top_dose'")
    reject_reserved(name)
    if name in RESERVED_OPTIONS or name.startswith("no_"):
        raise ProtocolError(
            f"{name!r} is a word of the command line", f"choose another; taken are {', '.join(RESERVED_OPTIONS)} and all that begins with no_"
        )
    entry.check_keys(all_keys(), "a parameter")
    keys = [key for key in FORMS if key in entry]
    if len(keys) > 1:
        raise ProtocolError(f"{name!r} is both {keys[0]!r} and {keys[1]!r}", "keep one")
    form = FORMS[keys[0]] if keys else QUANTITY
    form.table.check(entry)
    default_from = entry.mapping("default").text("from") if isinstance(entry.get("default"), YamlMap) else ""
    default = None if isinstance(entry.get("default"), YamlMap | None) else entry.text("default")
    own_fields = form.declare(name, entry, default)
    alternative = entry.mapping("or").copy()
    if alternative:
        alternative["optional"] = "yes"  # it has no default of its own
        if any(FORMS[key].is_list_itself for key in FORMS if key in alternative):
            raise ProtocolError(f"'or' of {name!r} is a list", "write a form of one value").at(entry.file, entry.lines["or"])
    list_entry = entry.mapping("list")
    has_bounds = list_entry and "as" not in list_entry
    per_item, fallback_column = _read_per_item(name, form, entry)
    fields: dict[str, Any] = {key: entry.text(key) for key in ("help", "evidence", "note", "when", "other")}
    fields |= {"optional": read_flag(entry, "optional") or bool(per_item), "low": entry.text("min"), "high": entry.text("max")}
    parameter = Parameter(
        name=name,
        form=form,
        line=line,
        label=entry.text("label", name.replace("_", " ")),
        default=default,
        default_from=default_from,
        alternative=declare_parameter(name, alternative, line) if alternative else None,
        list_bounds=(_read_whole_number(list_entry, "min", 1), _read_whole_number(list_entry, "max", 99)) if has_bounds else (0, 0),
        follows_list=list_entry.text("as") or per_item,
        is_measured=read_flag(entry, "measured"),
        cite=tuple(entry.word_list("cite")),
        per_item=bool(per_item),
        fallback_column=fallback_column,
        **(fields | own_fields),
    )
    form.check_limits(parameter)
    if default is None and not (default_from or parameter.is_measured or parameter.optional):
        raise ProtocolError(f"{name!r} has no default", "add 'default: ...', or 'measured: yes' for what is known only at the bench")
    return parameter


def reject_reserved(name: str) -> None:
    """Raise ProtocolError for a name that means something else in a template or an expression."""
    if name in VERB_NAMES:
        raise ProtocolError(f"{name!r} is a verb of the template", "choose another name")
    if name in EXPRESSION_WORDS:
        raise ProtocolError(f"{name!r} is a word of the language", "choose another name")


def _read_per_item(name: str, form: Form, entry: YamlMap) -> tuple[str, str]:
    """Return ``told``, the list for whose items values are given by name, and ``else``, the column where the others are looked up."""
    per_item, fallback_column = entry.text("told"), entry.text("else")
    if per_item and not form.can_be_told:
        raise ProtocolError(
            f"{name!r} is told of each item, and it is not a quantity, number, word or text", "write 'choices: ...' or 'kind: ...' beside it"
        )
    for key in ("default", "list", "or") if per_item else ():
        if key in entry:
            raise ProtocolError(
                f"{name!r} is told of each item, and has {key!r} too", f"leave {key!r} out; 'else: table.column' is where it is looked up"
            )
    if fallback_column and not per_item:
        raise ProtocolError(f"{name!r} has 'else', and is told of no list", "add 'told: ...', a list above it, or write 'default: {from: ...}'")
    if fallback_column and not fallback_column.partition(".")[2]:
        raise ProtocolError(f"'else: {fallback_column}' is not a column of a table", "write 'else: table.column'")
    return per_item, fallback_column


def _read_whole_number(entry: YamlMap, key: str, usual: int) -> int:
    text = entry.text(key, str(usual))
    number = whole_number(text)
    if number is None:
        raise ProtocolError(f"{key} {text!r} is not a whole number", "write it in digits").at(entry.file, entry.lines[key])
    return number
