"""A verb at its place in a template: what goes wrong in it is told with the line that called it; refuses what is undefined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.runtime import Undefined

from .._dataclass import dataclass
from ..errors import ProtocolError, near
from ..protocol.source import TEMPLATE
from ..run.verbs import VERBS
from ..units import Quantity
from .usage import usage, wrong_kind


@dataclass(frozen=True, slots=True)
class Placed:
    """A *verb* bound to a *bench*; a mistake inside it points at the line that called it, and names the parameters it was given."""

    verb: Callable[..., Any]
    bench: Any

    def __call__(self, *given: Any, _place: tuple[str, int] = (TEMPLATE, 0), **named: Any) -> Any:
        """Do it."""
        verb, bench = self.verb, self.bench
        bench.place = _place
        try:
            for value in (*given, *named.values()):
                if isinstance(value, Undefined):
                    name = value._undefined_name or "it"  # noqa: SLF001 - Jinja has no other way to ask
                    known = [*bench.run.values, *VERBS]
                    hint = near(name, known) if near(name, known).startswith("did") else f'quote it, as in {verb.__name__}("{name}", ...)'
                    raise ProtocolError(f"{name!r} is undefined", hint)
            if wrong := wrong_kind(verb, given, named):
                raise ProtocolError(*wrong)
            try:
                return verb(bench, *given, **named)
            except TypeError:
                wrong = usage(verb, given, named)
                if not wrong:
                    raise
                raise ProtocolError(*wrong) from None
        except ProtocolError as error:
            words = [*given, *named.values()]
            families = {word for word in words if isinstance(word, str)}
            holds = [strength for reagent in bench.reagents.values() if reagent.family in families for strength in reagent.contains.values()]
            origins = [value.origin for value in (*words, *holds) if isinstance(value, Quantity) and value.origin]
            error.parameters = tuple(dict.fromkeys((*error.parameters, *origins)))
            raise error.at(*_place) from None
