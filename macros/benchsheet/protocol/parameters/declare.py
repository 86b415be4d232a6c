"""The ``parameters`` of protocol.yml: one entry declares an option of the command line, its limits, its help and its default.

An entry with two forms, a name that is taken, a minimum above the maximum, or a default that is missing raises ProtocolError.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ...errors import ProtocolError, check_known
from ...expressions.grammar import FUNCTION_NAMES
from ...patterns import compile_when_used
from ...units import KINDS, parse_quantity, whole_number
from ...yamltree import YamlMap
from .parameter import FALSE_WORDS, TRUE_WORDS, Parameter

_FORMS = ("count", "number", "choices", "text", "flag", "pairs", "names", "adds")
_PARAMETER_KEYS = (
    *_FORMS, "kind", "default", "min", "max", "label", "help", "list", "or", "measured", "optional", "evidence", "cite", "note", "when", "told",
    "else", "other", "hands",
)  # fmt: skip
RESERVED_OPTIONS = ("lab", "start", "format", "output", "force", "batch", "name", "protocol", "help", "version", "json", "quiet")
VERB_NAMES = (
    "add", "fill", "top_up", "bring", "transfer", "remove", "wash", "dry", "series", "dilute", "mix", "measured", "level", "q", "cite", "called",
    "range", "loop", "caller", "protocol", "in_sheet",
)  # fmt: skip
EXPRESSION_WORDS = ("not", "in", "if", "else", "and", "or", "is", "true", "false", "none", "for", "pairs", *FUNCTION_NAMES)
_NAME = compile_when_used(r"[a-z][a-z0-9_]{0,30}")


def declare_parameter(name: str, entry: YamlMap, line: int) -> Parameter:
    """Return the parameter that *entry* of protocol.yml declares in *line*; raise ProtocolError if it has a mistake."""
    if not _NAME.fullmatch(name):
        raise ProtocolError(f"{name!r} is not a parameter's name", "small letters, digits and _, a noun: 'top_dose'")
    reject_reserved(name)
    if name in RESERVED_OPTIONS or name.startswith("no_"):
        raise ProtocolError(
            f"{name!r} is a word of the command line", f"choose another; taken are {', '.join(RESERVED_OPTIONS)} and all that begins with no_"
        )
    entry.check_keys(_PARAMETER_KEYS, "a parameter")
    forms = [form for form in _FORMS if form in entry]
    if len(forms) > 1:
        raise ProtocolError(f"{name!r} is both {forms[0]!r} and {forms[1]!r}", "keep one")
    form = forms[0] if forms else "quantity"
    default_from = _read_from(entry, "default")
    default = None if isinstance(entry.get("default"), YamlMap | None) else entry.text("default")
    kind, per = _quantity_kind(name, entry, default) if form == "quantity" else ("", "")
    choices_from = _read_from(entry, "choices")
    choices = () if isinstance(entry.get("choices"), YamlMap | None) else tuple(map(str, entry.word_list("choices")))
    if not choices and "choices" in entry and not isinstance(entry["choices"], YamlMap):
        raise ProtocolError(f"{name!r} has no choices", "write choices: [one, two]")
    alternative = entry.mapping("or").copy()
    if alternative:
        alternative["optional"] = "yes"  # it has no default of its own
    list_entry = entry.mapping("list")
    list_entry.check_keys(("min", "max", "as"), "'list'")
    has_bounds = list_entry and "as" not in list_entry
    per_item, fallback_column = _read_per_item(name, form, entry)
    texts: dict[str, Any] = {key: entry.text(key) for key in ("help", "evidence", "note", "when", "other")}
    parameter = Parameter(
        name=name,
        form=form,
        line=line,
        label=entry.text("label", name.replace("_", " ")),
        default=default,
        default_from=default_from,
        unit=entry.text("count") or entry.text("names"),
        kind=kind,
        per=per,
        low=entry.text("min"),
        high=entry.text("max"),
        choices=choices,
        choices_from=choices_from,
        alternative=declare_parameter(name, alternative, line) if alternative else None,
        list_bounds=(_read_whole_number(list_entry, "min", 1), _read_whole_number(list_entry, "max", 99)) if has_bounds else (0, 0),
        follows_list=list_entry.text("as") or per_item,
        is_measured=_read_flag(entry, "measured"),
        optional=_read_flag(entry, "optional") or bool(per_item) or form == "adds",
        cite=tuple(entry.word_list("cite")),
        per_item=bool(per_item),
        fallback_column=fallback_column,
        adds=entry.text("adds"),
        hands=tuple((word, entry.mapping("hands").text(word)) for word in entry.mapping("hands")),
        **texts,
    )
    _check_limits(parameter)
    if default is None and not (default_from or parameter.is_measured or parameter.optional):
        raise ProtocolError(f"{name!r} has no default", "add 'default: ...', or 'measured: yes' for what is known only at the bench")
    return parameter


def reject_reserved(name: str) -> None:
    """Raise ProtocolError for a name that means something else in a template or an expression."""
    if name in VERB_NAMES:
        raise ProtocolError(f"{name!r} is a verb of the template", "choose another name")
    if name in EXPRESSION_WORDS:
        raise ProtocolError(f"{name!r} is a word of the language", "choose another name")


def _read_from(entry: YamlMap, key: str) -> str:
    """Return the text under ``key: {from: ...}``; empty if *key* has another form."""
    value = entry.get(key)
    if not isinstance(value, YamlMap):
        return ""
    value.check_keys(("from",), f"{key!r}")
    return value.text("from")


def _quantity_kind(name: str, entry: YamlMap, default: str | None) -> tuple[str, str]:
    if "kind" in entry:
        kind, _, per = entry["kind"].partition("/") if entry["kind"] not in ("percent w/v", "percent v/v", "percent w/w") else (entry["kind"], "", "")
        if kind != "concentration":
            check_known(kind, KINDS, f"{kind!r} is not a kind of quantity")
        return kind, per
    if default is None:
        raise ProtocolError(f"{name!r} does not say what kind of quantity it is", "add 'kind: volume' (or time, molarity, ...)")
    first = parse_quantity(default.split(";")[-1])
    return first.kind, first.per


def _read_per_item(name: str, form: str, entry: YamlMap) -> tuple[str, str]:
    """Return ``told``, the list for whose items values are given by name, and ``else``, the column where the others are looked up."""
    per_item, fallback_column = entry.text("told"), entry.text("else")
    if per_item and form not in ("quantity", "choices", "text", "number"):
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


def _check_limits(parameter: Parameter) -> None:
    """Raise ProtocolError for limits of another kind than the parameter, or for a minimum above the maximum."""
    if parameter.form in ("count", "names"):
        for word, text in (("min", parameter.low), ("max", parameter.high)):
            if text and whole_number(text) is None:
                raise ProtocolError(f"{word} {text!r} is not a whole number", "write it in digits")
    if parameter.form == "number" and any(text and not re.fullmatch(r"[0-9.]+", text) for text in (parameter.low, parameter.high)):
        raise ProtocolError(f"the limits of {parameter.name!r} are not numbers", "write them in digits")
    if parameter.form == "quantity":
        for low, high in ((limits[0], limits[1]) for limits in parameter.limits() if limits[0] and limits[1]):
            if low.value > high.value:
                raise ProtocolError(f"'min' ({low}) is above 'max' ({high})", "let them rise")
    elif parameter.form in ("count", "number", "names") and parameter.low and parameter.high and Fraction(parameter.low) > Fraction(parameter.high):
        raise ProtocolError(f"'min' ({parameter.low}) is above 'max' ({parameter.high})", "let them rise")


def _read_flag(entry: YamlMap, key: str) -> bool:
    text = entry.text(key, "no")
    if text not in TRUE_WORDS + FALSE_WORDS:
        raise ProtocolError(f"{key!r} is yes or no, not {text!r}", f"write {key}: yes").at(entry.file, entry.lines[key])
    return text in TRUE_WORDS
