"""What a template can name: the values of its run, and the verbs bound to its bench, which tell a mistake in a call with its line."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from jinja2.runtime import Undefined

from .._dataclass import dataclass
from ..errors import ProtocolError, suggest
from ..protocol.source import TEMPLATE_FILE
from ..run.bench import Bench
from ..run.inputs import RunInputs
from ..run.verbs import VERBS
from ..units import Quantity


@dataclass(frozen=True, kw_only=True)
class BoundVerb:
    """A *verb* bound to a *bench*; a mistake inside it points at the line that called it, and names the parameters it was given."""

    verb: Callable[..., Any]
    bench: Bench

    def __call__(self, *args: Any, _location: tuple[str, int] = (TEMPLATE_FILE, 0), **kwargs: Any) -> Any:
        """Call the verb; raise ProtocolError for values that it does not take, and for what it refuses."""
        verb, bench = self.verb, self.bench
        bench.location = _location
        try:
            for value in (*args, *kwargs.values()):
                if isinstance(value, Undefined):
                    name = value._undefined_name or "it"  # noqa: SLF001 - Jinja has no other way to ask
                    hint = suggest(name, [*bench.inputs.values, *VERBS])
                    quoted = f'quote it, as in {verb.__name__}("{name}", ...)'
                    raise ProtocolError(f"{name!r} is undefined", hint if hint.startswith("did") else quoted)
            if wrong := wrong_kind(verb, args, kwargs):
                raise ProtocolError(*wrong)
            try:
                return verb(bench, *args, **kwargs)
            except TypeError:
                wrong = check_call(verb, args, kwargs)
                if not wrong:
                    raise
                raise ProtocolError(*wrong) from None
        except ProtocolError as error:
            values = [*args, *kwargs.values()]
            families = {word for word in values if isinstance(word, str)}
            strengths = [strength for reagent in bench.reagents.values() if reagent.family in families for strength in reagent.contains.values()]
            origins = [value.origin for value in (*values, *strengths) if isinstance(value, Quantity) and value.origin]
            error.parameters = tuple(dict.fromkeys((*error.parameters, *origins)))
            raise error.at(*_location) from None


def template_namespace(this: RunInputs, bench: Bench) -> dict[str, Any]:
    """Return what a template can name: the run's values (counts as whole numbers) and the verbs."""
    values = {name: int(value) if type(value) is Fraction and value.denominator == 1 else value for name, value in this.values.items()}
    return {**values, **{name: BoundVerb(verb=verb, bench=bench) for name, verb in VERBS.items()}, "_bench": bench}


def _texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", lambda value: isinstance(value, str)),
    "int": ("a whole number", _whole),
    "Iterable[str]": ("a list of texts", _texts),
    "dict[str, object]": ("a mapping", lambda value: isinstance(value, dict) and all(isinstance(key, str) for key in value)),
    "Sequence[Quantity | None] | None": ("what was measured", lambda value: value is None or isinstance(value, list | tuple)),
}


def _kind(value: object) -> str:
    """Return the kind of a value in words for a template's author."""
    if isinstance(value, str | bool | int | float):
        return repr(value)
    names = {list: "a list", tuple: "a list", dict: "a mapping", type(None): "nothing"}
    return names.get(type(value)) or ("a function" if callable(value) else f"a {type(value).__name__.lower()}")


@functools.cache
def _plain_kinds(verb: Callable[..., Any]) -> tuple[tuple[str, ...], dict[str, tuple[str, Callable[[Any], bool]]]]:
    """Return the names of the parameters of a verb, and for each of a plain kind that kind."""
    parameters = _signature(verb)[0]
    return tuple(p.name for p in parameters), {p.name: KINDS[str(p.annotation)] for p in parameters if str(p.annotation) in KINDS}


@functools.cache
def _signature(verb: Callable[..., Any]) -> tuple[list[inspect.Parameter], str]:
    """Return the parameters of a verb, and how a call is written."""
    parameters = list(inspect.signature(verb).parameters.values())[1:]  # the bench is not the author's to give
    forms = [
        p.name if p.default is p.empty and p.kind is not p.KEYWORD_ONLY else f"{p.name}=..." for p in parameters if p.kind is not p.VAR_POSITIONAL
    ]
    return parameters, f"{verb.__name__}({', '.join(forms)})"


def check_call(verb: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a call and how it is written; None if nothing is."""
    parameters, form = _signature(verb)
    hint = f"write it like {form}"
    names = [p.name for p in parameters]
    for name in kwargs:
        if name not in names:
            return f"{verb.__name__}(...) has no {name!r}", hint
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(args) > len(positional) and not open_ended:
        return f"{verb.__name__}(...) takes {len(positional)} value{'' if len(positional) == 1 else 's'}, not {len(args)}", hint
    for p in [p for index, p in enumerate(positional) if index < len(args) and p.name in kwargs]:
        return f"{verb.__name__}(...) is given {p.name!r} twice", hint
    for index, p in enumerate(parameters):
        missing = p.default is p.empty and p.kind is not p.VAR_POSITIONAL and p.name not in kwargs
        if missing and (p.kind is p.KEYWORD_ONLY or index >= len(args)):
            return f"{verb.__name__}(...) needs {p.name!r}", hint
    return None


def wrong_kind(verb: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return which value of a call is of another kind than the verb takes, and how the call is written; None if all fit."""
    names, kinds = _plain_kinds(verb)
    for name, value in (*zip(names, given, strict=False), *named.items()):
        if name not in kinds:
            continue
        kind, is_of_kind = kinds[name]
        if is_of_kind(value):
            continue
        if is_of_kind is _whole:
            return f"{name}={value!r} is not a whole number", f"write {name}=2"
        return f"{verb.__name__}(...) takes {kind} as {name!r}, not {_kind(value)}", f"write it like {_signature(verb)[1]}"
    return None
