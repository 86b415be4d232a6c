"""A verb at its place in a template: what goes wrong in it is told with the line that called it; refuses what is undefined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.runtime import Undefined

from .._dataclass import dataclass
from ..errors import ProtocolError, suggest
from ..protocol.source import TEMPLATE_FILE
from ..run.verbs import VERBS
from ..units import Quantity
from .usage import check_call, wrong_kind


@dataclass(frozen=True, slots=True)
class BoundVerb:
    """A *verb* bound to a *bench*; a mistake inside it points at the line that called it, and names the parameters it was given."""

    verb: Callable[..., Any]
    bench: Any

    def __call__(self, *args: Any, _location: tuple[str, int] = (TEMPLATE_FILE, 0), **kwargs: Any) -> Any:
        """Do it."""
        verb, bench = self.verb, self.bench
        bench.location = _location
        try:
            for value in (*args, *kwargs.values()):
                if isinstance(value, Undefined):
                    name = value._undefined_name or "it"  # noqa: SLF001 - Jinja has no other way to ask
                    known_names = [*bench.inputs.values, *VERBS]
                    hint = (
                        suggest(name, known_names)
                        if suggest(name, known_names).startswith("did")
                        else f'quote it, as in {verb.__name__}("{name}", ...)'
                    )
                    raise ProtocolError(f"{name!r} is undefined", hint)
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
