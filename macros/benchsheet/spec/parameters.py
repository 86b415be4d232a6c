"""What a run may set: one declaration gives the option, its limits, its help and its validation.

Refuses a value of the wrong form, the wrong kind, or beyond its limits, in the words it was typed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import Collector, ProtocolError, near
from ..tree import Map
from ..units import CONCENTRATIONS, Quantity, parse, read, show

_KEYS = ("count", "number", "choices", "text", "flag", "pairs", "kind", "default", "min", "max", "label", "help", "list", "or", "measured", "optional",
         "evidence", "cite", "note", "when")  # fmt: skip
_FORMS = ("count", "number", "choices", "text", "flag", "pairs")
RESERVED = ("lab", "start", "format", "output", "force", "batch", "help", "version", "json", "quiet")
VERB_NAMES = ("add", "bring", "transfer", "remove", "wash", "dry", "series", "dilute", "mix", "q", "cite", "called", "range", "loop", "caller")
WORDS = ("not", "in", "if", "else", "and", "or", "is", "true", "false", "none", "for", "pairs", "ceil", "floor", "min", "max", "sum", "len", "any", "all",
         "log2", "pow2", "table", "kind", "known")  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_TRUE, _FALSE = ("yes", "true", "on"), ("no", "false", "off")


class Label(str):
    """A user's own words: printed with its signs escaped, never computed with."""

    __slots__ = ()


@dataclass(frozen=True)
class Parameter:
    """One thing that a run may set.

    *form* is count, quantity, number, choices, text, flag or pairs; *unit* is what a count counts, *kind* a quantity's
    kind and *per* its count. *several* says how many make a list (0: it is no list) and *like* names the parameter
    whose number of items it follows. *default* and *default_from* are as written.
    """

    name: str
    form: str
    line: int
    label: str
    help: str
    default: str | None = None
    default_from: str = ""
    unit: str = ""
    kind: str = ""
    per: str = ""
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()
    choices_from: str = ""
    other: Parameter | None = None
    several: tuple[int, int] = (0, 0)
    like: str = ""
    measured: bool = False
    optional: bool = False
    evidence: str = ""
    cite: tuple[str, ...] = ()
    note: str = ""
    when: str = ""

    @property
    def option(self) -> str:
        """Return the parameter as a command-line option."""
        return "--" + self.name.replace("_", "-")

    def limits(self) -> list[tuple[Quantity | None, Quantity | None]]:
        """Return the limits of a quantity, one pair for each kind that it may be of: ``max: 1 M or 500 mg/mL``."""
        kinds = CONCENTRATIONS if self.kind == "concentration" else (self.kind,)
        lows, highs = ([read(part.strip(), *kinds) for part in text.split(" or ")] if text else [] for text in (self.low, self.high))
        found = []
        for kind in dict.fromkeys(limit.kind for limit in (*lows, *highs)):
            low = next((limit for limit in lows if limit.kind == kind), None)
            found.append((low, next((limit for limit in highs if limit.kind == kind), None)))
        return found

    @property
    def is_list(self) -> bool:
        """Return whether it takes several values."""
        return bool(self.several[1] or self.like)


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
    parameter = Parameter(
        name, form, line, entry.text("label", name.replace("_", " ")), entry.text("help"), default, default_from, entry.text("count"), kind, per,
        entry.text("min"), entry.text("max"), choices, choices_from, other, many, several.text("as"),
        _flag(entry, "measured"), _flag(entry, "optional"), entry.text("evidence"), tuple(entry.items_of("cite")), entry.text("note"), entry.text("when"),
    )  # fmt: skip
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
    from ..units import KINDS

    if kind not in KINDS:
        raise ProtocolError(f"{kind!r} is not a kind of quantity", near(kind, KINDS))
    return kind


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
    if parameter.form == "count":
        for word, text in (("min", parameter.low), ("max", parameter.high)):
            if text and not re.fullmatch(r"[0-9]{1,9}", text):
                raise ProtocolError(f"{word} {text!r} is not a whole number", "write it in digits")
    if parameter.form == "number" and any(text and not re.fullmatch(r"[0-9.]+", text) for text in (parameter.low, parameter.high)):
        raise ProtocolError(f"the limits of {parameter.name!r} are not numbers", "write them in digits")
    if parameter.form == "quantity":
        for low, high in ((limits[0], limits[1]) for limits in parameter.limits() if limits[0] and limits[1]):
            if low.value > high.value:
                raise ProtocolError(f"'min' ({low}) is above 'max' ({high})", "let them rise")
    elif parameter.form in ("count", "number") and parameter.low and parameter.high and Fraction(parameter.low) > Fraction(parameter.high):
        raise ProtocolError(f"'min' ({parameter.low}) is above 'max' ({parameter.high})", "let them rise")


def _flag(entry: Map, key: str) -> bool:
    text = entry.text(key, "no")
    if text not in _TRUE + _FALSE:
        raise ProtocolError(f"{key!r} is yes or no, not {text!r}", f"write {key}: yes").at(entry.file, entry.lines[key])
    return text in _TRUE


def value(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    """Return the value that *text* spells for *parameter*; *choices* are its words. Raise ProtocolError if it spells none."""
    if not parameter.is_list or parameter.form == "pairs":
        return _single(parameter, text, choices)
    parts = _split(parameter, text)
    low, high = parameter.several if parameter.several[1] else (1, 99)
    if not low <= len(parts) <= high:
        raise ProtocolError(
            f"{text!r} is {len(parts)} values: {low} to {high} are allowed", "separate quantities with ';', names and whole numbers with ','"
        )
    mistakes = Collector()
    found = []
    for part in parts:
        with mistakes.at(parameter.option):
            found.append(_single(parameter, part, choices))
    mistakes.close()
    return tuple(found)


def _split(parameter: Parameter, text: str) -> list[str]:
    """Split a list: quantities at ``;`` with the last unit holding for all, names and whole numbers at ``,``."""
    if parameter.form != "quantity":
        return [part.strip() for part in text.split(",")]
    parts = [part.strip() for part in text.split(";")]
    unit = re.sub(r"^[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*", "", parts[-1])
    return [f"{part} {unit}" if re.fullmatch(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?", part) else part for part in parts]


def _single(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    match parameter.form:
        case "count":
            return _count(parameter, text)
        case "number":
            return _number(parameter, text)
        case "choices":
            return _choice(text, choices)
        case "flag":
            if text.casefold() not in _TRUE + _FALSE:
                raise ProtocolError(f"{text!r} is neither yes nor no", "write yes or no")
            return text.casefold() in _TRUE
        case "text":
            return label(text)
        case "pairs":
            return _pairs(text)
    try:
        return _quantity(parameter, text)
    except ProtocolError as first:
        if parameter.other is None:
            raise
        try:
            return _single(parameter.other, text, parameter.other.choices)
        except ProtocolError as second:
            raise (second if _fits(parameter.other, text) else first) from None


def _fits(parameter: Parameter, text: str) -> bool:
    """Return whether *text* is at least of the alternative's kind, so that its message is the one to give."""
    try:
        return parameter.form == "quantity" and parse(text).kind == parameter.kind
    except ProtocolError:
        return False


def _count(parameter: Parameter, text: str) -> Fraction:
    low, high = int(parameter.low or 1), int(parameter.high or 10**6)
    if not re.fullmatch(r"[0-9]{1,12}", text.strip()):
        raise ProtocolError(f"{text!r} is not a whole number", f"write one from {low} to {high}")
    number = int(text)
    if not low <= number <= high:
        raise ProtocolError(f"{text!r} is not between {low} and {high}", f"write a whole number from {low} to {high}")
    return Fraction(number)


def _number(parameter: Parameter, text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text.strip()):
        raise ProtocolError(f"{text!r} is not a number", "write it plainly, like 7.5")
    number = Fraction(text.strip())
    if parameter.low and number < Fraction(parameter.low) or parameter.high and number > Fraction(parameter.high):
        raise ProtocolError(f"{text!r} is not between {parameter.low or 0} and {parameter.high or 'any'}", "stay within its limits")
    return number


def _choice(text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    same = [choice for choice in choices if choice.casefold() == text.strip().casefold()]
    if same:
        return same[0]
    hint = near(text, choices, "one of")
    raise ProtocolError(
        f"{text!r} is not one of {', '.join(choices)}" if len(choices) < 8 else f"{text!r} is not among its {len(choices)} choices", hint
    )


def label(text: str) -> Label:
    """Return *text* as a user's label; raise ProtocolError if it is empty, too long, or holds what is not seen."""
    words = " ".join(text.split())
    if not words or len(words) > 80:
        raise ProtocolError(f"{text[:40]!r} is {'empty' if not words else 'too long'} for a label", "1 to 80 characters")
    if not words.isprintable():
        raise ProtocolError(f"{text!r} holds a sign that is not seen", "letters, digits and common signs only")
    return Label(words)


def _quantity(parameter: Parameter, text: str) -> Quantity:
    kinds = CONCENTRATIONS if parameter.kind == "concentration" else (parameter.kind,)
    found = read(text, *kinds)
    if found.per and found.per != parameter.per:
        other = f"it is per {parameter.per}" if parameter.per else "it stands for itself"
        raise ProtocolError(f"{text!r} is per {found.per}; {other}", f"write {show(found.value, found.kind)!r}")
    limits = parameter.limits()
    mine = [pair for pair in limits if found.kind in {limit.kind for limit in pair if limit}]
    if limits and not mine:
        kinds = " or ".join(dict.fromkeys(limit.kind for pair in limits for limit in pair if limit))
        raise ProtocolError(f"expected a {kinds}, got {text!r} ({found.kind})", f"stay within the limits of {parameter.label}")
    low, high = mine[0] if mine else (None, None)
    below = low is not None and found.value < low.value or not found.value and found.kind != "temperature"
    if below or high is not None and found.value > high.value:
        if low is not None and high is not None:
            raise ProtocolError(f"{text!r} is not between {low} and {high}", f"stay within the limits of {parameter.label}")
        raise ProtocolError(f"{text!r} is {'too little' if below else 'too much'}", f"stay within the limits of {parameter.label}")
    return Quantity(found.value, found.kind, parameter.per, parameter.name)


def _pairs(text: str) -> tuple[tuple[str, Quantity, Quantity], ...]:
    """Read ``10 mM: 50 uL; drug 1 mM: 40 uL`` as (whose, concentration, volume)."""
    found = []
    for part in text.split(";"):
        first, colon, second = part.rpartition(":")
        match = re.fullmatch(r"(.*?)\s*([0-9.]+(?:[eE][+-]?[0-9]+)?\s*[^\d\s].*)", first.strip())
        if not colon or not match:
            raise ProtocolError(f"{part.strip()!r} is not a stock and its volume", "write '10 mM: 50 uL; 1 mM: 40 uL'")
        concentration, amount = read(match[2], *CONCENTRATIONS), read(second.strip(), "volume")
        if not concentration.value or not amount.value:
            raise ProtocolError(f"{part.strip()!r} is nothing", "leave it out")
        found.append((match[1].strip(), concentration, amount))
    return tuple(found)
