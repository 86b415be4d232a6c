"""A protocol's template as Jinja reads it: sandboxed, strict, every verb told its place, no amount typed past the Record.

Refuses what the guide does not list: other filters, unsafe attributes, repeated text without end, a bare number in print.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import CodeType
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import ProtocolError, near
from .record.prose import escaped
from .spec import TEMPLATE, Label, Source
from .tags import StepTag
from .units import KINDS, Quantity, said
from .verbs import VERBS

_UNITS = sorted(
    {re.escape(unit) for kind in KINDS.values() for unit in kind.units}
    | {"ml", "ul", r"µL", r"µl", r"µM", r"µg", r"°C", "hours?", "minutes?", "days?", r"×\s?g"},
    key=len,
    reverse=True,
)
_TYPED = re.compile(rf"(?<![\w.])\d[\d.,\u202f]*(?:\s?(?:–|-|to)\s?\d[\d.,]*)?\s?(?:{'|'.join(_UNITS)})(?![\w])")
_FILTERS = ("join", "length", "count", "first", "last", "list", "sort", "unique", "upper", "lower", "capitalize", "trim", "default", "d", "reverse")
_LONG = 10_000


class Environment(ImmutableSandboxedEnvironment):
    """Jinja for protocols."""

    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Let nobody fill the machine with ``"a" * 10**9``."""
        if operator == "**" or isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise SecurityError(f"{operator!r} works on numbers and quantities here")
        return super().call_binop(context, operator, left, right)

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, raw: bool = False, defer_init: bool = False) -> CodeType:  # type: ignore[override]  # noqa: FBT002 - Jinja's signature
        """Compile with every verb told its file and line; refuse an amount typed into the text."""
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        for text in tree.find_all(nodes.TemplateData):
            if found := _TYPED.search(text.data):
                line = text.lineno + text.data[: found.start()].count("\n")
                raise ProtocolError(f"{found[0]!r} is typed into the prose, where nothing checks it", f'write {{{{ q("{found[0]}") }}}}').at(
                    str(name), line
                )
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in VERBS:
                call.kwargs.append(nodes.Keyword("_place", nodes.Const((name, call.lineno))))
        code: CodeType = super().compile(tree, name, filename or name, raw, defer_init)  # type: ignore[call-overload]
        return code


def printable(value: Any) -> Any:
    """Let words and what verbs say into the prose, a user's words with their signs escaped, and no bare number."""
    if isinstance(value, Label):
        return escaped(value)
    if isinstance(value, bool | int | float | Fraction | Quantity | tuple | list | dict):
        raise ProtocolError(
            f"{said(value) if not isinstance(value, tuple | list | dict) else 'a list'} is printed past the record", "write {{ q(...) }}"
        )
    return value


@functools.lru_cache(maxsize=64)
def environment(source: Source) -> Environment:
    """Return the environment for the files of one protocol; its own files and the shared macros can be imported."""
    files = {name: text for part in (source.shared, source.files) for name, text in part.items() if name.endswith(".j2")}
    made = Environment(
        loader=DictLoader(files),
        extensions=[StepTag],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printable,
        autoescape=False,
    )
    made.filters = {name: made.filters[name] for name in _FILTERS}
    made.globals = {"range": made.globals["range"]}
    return made


def fill(source: Source, words: Mapping[str, Any]) -> None:
    """Render the template once for its effects; raise ProtocolError at the line of any mistake."""
    try:
        template = environment(source).get_template(TEMPLATE)
        for part in template.generate(dict(words)):
            if stray := part.strip():
                raise ProtocolError(f"{stray[:40]!r} stands outside any step", "put it between {% step %} and {% endstep %}").at(TEMPLATE, None)
    except ProtocolError as error:
        raise _named(source, error) from None
    except TemplateNotFound as error:
        raise ProtocolError(
            f"there is no file {error.name!r}",
            near(str(error.name), environment(source).list_templates(), "files"),
            source.name(TEMPLATE),
            _line(error),
        ) from None
    except TemplateSyntaxError as error:
        message, _, hint = str(error.message).partition("\n")
        raise ProtocolError(
            _syntax(message), hint or "look at this line and the one above it", source.name(error.name or TEMPLATE), error.lineno
        ) from None
    except UndefinedError as error:
        raise _undefined(source, error, words) from None
    except (SecurityError, TemplateRuntimeError) as error:
        raise ProtocolError(str(error).rstrip("."), "a template computes through verbs only", source.name(_file(error)), _line(error)) from None
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError, MemoryError) as error:
        if not _inside(error):
            raise
        raise ProtocolError(_plain(error), "look at the kinds of what is combined here", source.name(_file(error)), _line(error)) from None


def _named(source: Source, error: ProtocolError) -> ProtocolError:
    if not error.file:
        error.file, error.line = _file(error), _line(error)
    if error.file in source.files or error.file in source.shared:
        error.file = source.name(error.file)
    return error


def _undefined(source: Source, error: UndefinedError, words: Mapping[str, Any]) -> ProtocolError:
    message = str(error)
    known = [word for word in words if not word.startswith("_")]
    name = message.split("'")[1] if "'" in message else ""
    return ProtocolError(message, near(name, known, "known"), source.name(_file(error)), _line(error))


def _syntax(message: str) -> str:
    """Say what Jinja found in words of a template's author."""
    message = message[:1].lower() + message[1:].rstrip(".")
    return message.replace("expected token", "expected").replace("'end of print statement'", "'}}'").replace("'end of statement block'", "'%}'")


def _plain(error: BaseException) -> str:
    """Return Python's own message without its own names."""
    text = str(error) or type(error).__name__
    return re.sub(r"\b_?[A-Za-z]*\.?(\w+)\(\) ", r"\1(...) ", text)


def _frames(error: BaseException) -> list[tuple[str, int]]:
    found, trace = [], error.__traceback__
    while trace:
        if "__jinja_template__" in trace.tb_frame.f_globals or trace.tb_frame.f_code.co_filename.endswith((".j2", "<template>")):
            found.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return found


def _inside(error: BaseException) -> bool:
    return bool(_frames(error))


def _line(error: BaseException) -> int | None:
    frames = _frames(error)
    return frames[-1][1] if frames else None


def _file(error: BaseException) -> str:
    frames = _frames(error)
    return frames[-1][0] if frames and frames[-1][0].endswith(".j2") else TEMPLATE


def placed(verb: Callable[..., Any], bench: Any) -> Callable[..., Any]:
    """Bind *verb* to a bench; a mistake inside it points at the line that called it, and names the parameters it was given."""

    def call(*given: Any, _place: tuple[str, int] = (TEMPLATE, 0), **named: Any) -> Any:
        bench.place = _place
        try:
            return verb(bench, *given, **named)
        except ProtocolError as error:
            words = [*given, *named.values()]
            holds = [
                strength for r in bench.reagents.values() if r.family in [w for w in words if isinstance(w, str)] for strength in r.contains.values()
            ]
            origins = [v.origin for v in (*words, *holds) if isinstance(v, Quantity) and v.origin]
            error.parameters = tuple(dict.fromkeys((*error.parameters, *origins)))
            raise error.at(*_place) from None
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            raise ProtocolError(_plain(error), f"{verb.__name__}: {_usage(verb)}").at(*_place) from None

    return call


def _usage(verb: Callable[..., Any]) -> str:
    import inspect

    words = [
        name if parameter.default is parameter.empty else f"{name}=..." for name, parameter in list(inspect.signature(verb).parameters.items())[1:]
    ]
    return f"{verb.__name__}({', '.join(words)})"
