"""The call of a protocol that another one uses.

Raises ProtocolError for a call inside a step, by a name that is not declared, or made twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..._dataclass import dataclass
from ...errors import ProtocolError, suggest
from ...protocol.nested import NestedDecl

if TYPE_CHECKING:  # a bench holds its calls
    from ..bench import Bench


@dataclass(kw_only=True)
class NestedCall:
    """One protocol in another: *bench* is its own, *host* that of the protocol around it; *perform* does it."""

    declaration: NestedDecl
    bench: Bench
    host: Bench
    perform: Callable[[NestedCall], None]
    is_called: bool = False
    is_performed: bool = False


def protocol(bench: Bench, name: object) -> str:
    """Do all that the protocol *name* of ``uses`` does, from its first step on."""
    if bench.step is not None:
        raise ProtocolError(f"protocol({name!r}) is inside step {bench.step.title!r}", "put it between two steps, after {% endstep %}")
    nested_call = bench.nested_calls.get(name) if isinstance(name, str) else None
    if nested_call is None:
        raise ProtocolError(f"no protocol {name!r} under 'uses'", suggest(str(name), bench.nested_calls, "it has"))
    if nested_call.is_called:
        raise ProtocolError(f"protocol({name!r}) is called twice", "call it once; 'uses' may name the same protocol again, under another name")
    nested_call.is_called = True
    nested_call.perform(nested_call)
    return ""
