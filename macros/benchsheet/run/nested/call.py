"""A protocol inside another: where its own steps begin, and how it calls what its host calls otherwise.

Raises ProtocolError for a call inside a step, by a name that is not declared, or made twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ..._dataclass import dataclass, field
from ...errors import ProtocolError, suggest
from ...protocol.nested import NestedDecl
from ..racks import VesselLayout

if TYPE_CHECKING:  # a bench holds its entries
    from ..bench import Bench


@dataclass(kw_only=True)
class NestedCall:
    """One protocol in another: *bench* is its own, *host* that of the protocol around it, *prefix* what its ids begin with.

    It is *is_waiting* until its first step comes; *skipped_titles* are the titles before that, *idle_devices* the devices that they would have taken.
    *layouts* are its vessels under its own names; *new_layouts* those of them that are not the host's, *device_ids* its equipment and *step_titles*
    its steps, all as the whole calls them. *perform* does it; *host_parameters* returns the host's parameters that its own rest on.
    """

    declaration: NestedDecl
    bench: Bench
    host: Bench
    prefix: str
    perform: Callable[[NestedCall], None]
    host_parameters: Callable[[Iterable[str]], tuple[str, ...]]
    layouts: Mapping[str, VesselLayout] = field(default_factory=dict)
    new_layouts: dict[str, VesselLayout] = field(default_factory=dict)
    device_ids: dict[str, str] = field(default_factory=dict)
    is_called: bool = False
    is_performed: bool = False
    is_waiting: bool = False
    preceding_titles: tuple[str, ...] = ()
    skipped_titles: list[str] = field(default_factory=list)
    idle_devices: set[str] = field(default_factory=set)
    step_titles: dict[str, str] = field(default_factory=dict)

    def skip_step(self, title: object, device: object) -> bool:
        """Return whether the step *title* comes before the first one; note what it would have taken."""
        if self.is_waiting and title == self.declaration.start:
            self.is_waiting = False
        if self.is_waiting:
            self.skipped_titles.append(str(title))
            self.bench.inputs.sheet_steps.left_out.add(str(title))
            self.idle_devices.add(str(device))
        return self.is_waiting

    def unique_title(self, title: str, used_titles: Iterable[str]) -> str:
        """Return the title of a step in the whole, in which another protocol may have one of that name."""
        if title not in self.step_titles:
            self.step_titles[title] = f"{title} ({self.prefix[:-1]})" if title in set(used_titles) else title
        return self.step_titles[title]

    def prerequisite_titles(self, finished_titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return, for each step that may be waited for, the titles in the whole; for one left out, of what the host did last."""
        own_titles = {title: (whole,) for title, whole in self.step_titles.items() if whole in set(finished_titles)}
        return dict.fromkeys(self.skipped_titles, self.preceding_titles) | own_titles


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
