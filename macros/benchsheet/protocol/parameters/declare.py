"""What a run may set, as declared: one entry gives the option, its limits, its help and its validation.

Refuses an entry of no form or of two, a name that is taken, limits that do not rise, and what has no default and needs one.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...errors import ProtocolError, near
from ...units import parse
from ...yamltree import Map
from .parameter import FALSE, TRUE, Parameter

_KEYS = (
    "count",
    "number",
    "choices",
    "text",
    "flag",
    "pairs",
    "names",
    "kind",
    "default",
    "min",
    "max",
    "label",
    "help",
    "list",
    "or",
    "measured",
    "optional",
    "evidence",
    "cite",
    "note",
    "when",
    "told",
    "else",
)
_FORMS = ("count", "number", "choices", "text", "flag", "pairs", "names")
RESERVED = ("lab", "start", "format", "output", "force", "batch", "name", "protocol", "help", "version", "json", "quiet")
VERB_NAMES = (
    "add", "fill", "top_up", "bring", "transfer", "remove", "wash", "dry", "series", "dilute", "mix", "measured", "level", "q", "cite", "called",
    "range", "loop", "caller", "protocol",
)  # fmt: skip
WORDS = (
    "not",
    "in",
    "if",
    "else",
    "and",
    "or",
    "is",
    "true",
    "false",
    "none",
    "for",
    "pairs",
    "ceil",
    "floor",
    "min",
    "max",
    "sum",
    "len",
    "any",
    "all",
    "log2",
    "pow2",
    "table",
    "kind",
    "known",
    "per",
    "beside",
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


def declared(name: str, entry: Map, line: int) -> Parameter:
    """Read one declaration of protocol.yml; raise ProtocolError for each mistake in it."""
    if not _NAME.fullmatch(name):
        raise ProtocolError(f"{name!r} is not a parameter's name", "small letters, digits and _, a noun: 'top_dose'")
    refuse_taken(name)
    if name in RESERVED or name.startswith("no_"):
        raise ProtocolError(
            f"{name!r} is a word of the command line", f"choose another; taken are {', '.join(RESERVED)} and all that begins with no_"
        )
    entry.only(_KEYS, "a parameter")
    forms = [form for form in _FORMS if form in entry]
    if len(forms) > 1:
        raise ProtocolError(f"{name!r} is both {forms[0]!r} and {forms[1]!r}", "keep one")
    form = forms[0] if forms else "quantity"
    default, default_from = _default(entry)
    kind, per = "", ""
    if form == "quantity":
        kind, per = _kind(name, entry, default)
    choices, choices_from = _choices(entry, name)
    alternative = entry.map("or")
    other = declared(name, _with_default(alternative), line) if alternative else None
    several = entry.map("list")
    several.only(("min", "max", "as"), "'list'")
    many = (_whole(several, "min", 1), _whole(several, "max", 99)) if several and "as" not in several else (0, 0)
    told, otherwise = _told(name, form, entry)
    parameter = Parameter(
        name,
        form,
        line,
        entry.text("label", name.replace("_", " ")),
        entry.text("help"),
        default,
        default_from,
        entry.text("count") or entry.text("names"),
        kind,
        per,
        entry.text("min"),
        entry.text("max"),
        choices,
        choices_from,
        other,
        many,
        several.text("as") or told,
        _flag(entry, "measured"),
        _flag(entry, "optional") or bool(told),
        entry.text("evidence"),
        tuple(entry.items_of("cite")),
        entry.text("note"),
        entry.text("when"),
        bool(told),
        otherwise,
    )
    _limits_rise(parameter)
    if default is None and not (default_from or parameter.measured or parameter.optional):
        raise ProtocolError(f"{name!r} has no default", "add 'default: ...', or 'measured: yes' for what is known only at the bench")
    return parameter


def refuse_taken(name: str) -> None:
    """Refuse a name that a template or an expression would read as something else."""
    if name in VERB_NAMES:
        raise ProtocolError(f"{name!r} is a verb of the template", "choose another name")
    if name in WORDS:
        raise ProtocolError(f"{name!r} is a word of the language", "choose another name")


def _with_default(entry: Map) -> Map:
    """Return the declaration of an alternative form, which has no default of its own."""
    made = Map(entry)
    made.file, made.line, made.lines = entry.file, entry.line, dict(entry.lines)
    made["optional"] = "yes"
    return made


def _default(entry: Map) -> tuple[str | None, str]:
    given = entry.get("default")
    if isinstance(given, Map):
        given.only(("from",), "'default'")
        return None, given.text("from")
    return (None if given is None else entry.text("default")), ""


def _kind(name: str, entry: Map, default: str | None) -> tuple[str, str]:
    if "kind" in entry:
        kind, _, per = entry["kind"].partition("/") if entry["kind"] not in ("percent w/v", "percent v/v", "percent w/w") else (entry["kind"], "", "")
        return ("concentration" if kind == "concentration" else _known_kind(kind)), per
    if default is None:
        raise ProtocolError(f"{name!r} does not say what kind of quantity it is", "add 'kind: volume' (or time, molarity, ...)")
    first = parse(default.split(";")[-1])
    return first.kind, first.per


def _known_kind(kind: str) -> str:
    from ...units import KINDS

    if kind not in KINDS:
        raise ProtocolError(f"{kind!r} is not a kind of quantity", near(kind, KINDS))
    return kind


def _told(name: str, form: str, entry: Map) -> tuple[str, str]:
    """Return the list whose items a value is told of by name, and the column that has it otherwise."""
    told, otherwise = entry.text("told"), entry.text("else")
    if told and form not in ("quantity", "choices", "text", "number"):
        raise ProtocolError(
            f"{name!r} is told of each item, and it is no quantity, number, word or text", "write 'choices: ...' or 'kind: ...' beside it"
        )
    for key in ("default", "list", "or") if told else ():
        if key in entry:
            raise ProtocolError(
                f"{name!r} is told of each item, and has {key!r} too", f"leave {key!r} out; 'else: table.column' is where it is looked up"
            )
    if otherwise and not told:
        raise ProtocolError(f"{name!r} has 'else', and is told of no list", "add 'told: ...', a list above it, or write 'default: {from: ...}'")
    if otherwise and not otherwise.partition(".")[2]:
        raise ProtocolError(f"'else: {otherwise}' is no column of a table", "write 'else: table.column'")
    return told, otherwise


def _choices(entry: Map, name: str) -> tuple[tuple[str, ...], str]:
    given = entry.get("choices")
    if isinstance(given, Map):
        given.only(("from",), "'choices'")
        return (), given.text("from")
    if given is None:
        return (), ""
    words = tuple(str(word) for word in entry.items_of("choices"))
    if not words:
        raise ProtocolError(f"{name!r} has no choices", "write choices: [one, two]")
    return words, ""


def _whole(entry: Map, key: str, usual: int) -> int:
    text = entry.text(key, str(usual))
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ProtocolError(f"{key} {text!r} is not a whole number", "write it in digits").at(entry.file, entry.lines[key])
    return int(text)


def _limits_rise(parameter: Parameter) -> None:
    """Refuse limits that are of another kind than the parameter, or that do not rise."""
    if parameter.form in ("count", "names"):
        for word, text in (("min", parameter.low), ("max", parameter.high)):
            if text and not re.fullmatch(r"[0-9]{1,9}", text):
                raise ProtocolError(f"{word} {text!r} is not a whole number", "write it in digits")
    if parameter.form == "number" and any(text and not re.fullmatch(r"[0-9.]+", text) for text in (parameter.low, parameter.high)):
        raise ProtocolError(f"the limits of {parameter.name!r} are not numbers", "write them in digits")
    if parameter.form == "quantity":
        for low, high in ((limits[0], limits[1]) for limits in parameter.limits() if limits[0] and limits[1]):
            if low.value > high.value:
                raise ProtocolError(f"'min' ({low}) is above 'max' ({high})", "let them rise")
    elif parameter.form in ("count", "number", "names") and parameter.low and parameter.high and Fraction(parameter.low) > Fraction(parameter.high):
        raise ProtocolError(f"'min' ({parameter.low}) is above 'max' ({parameter.high})", "let them rise")


def _flag(entry: Map, key: str) -> bool:
    text = entry.text(key, "no")
    if text not in TRUE + FALSE:
        raise ProtocolError(f"{key!r} is yes or no, not {text!r}", f"write {key}: yes").at(entry.file, entry.lines[key])
    return text in TRUE
