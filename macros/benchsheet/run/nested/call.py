"""A protocol inside another: where its own steps begin, and how it calls what its host calls otherwise.

Refuses to be called inside a step, under a name that nothing declares, and twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from ..._dataclass import dataclass, field
from ...errors import ProtocolError, near
from ...protocol.nested import Use
from ..racks import Vessel as Plates

if TYPE_CHECKING:  # a bench holds its entries
    from ..bench import Bench


@dataclass
class Entry:
    """One protocol in another: *bench* is its own, *host* that of the protocol around it, *prefix* what its ids begin with.

    It is *waiting* until its first step comes; *left_out* are the titles before that, *idle* the devices that they would have taken.
    *declared* are its vessels under its own names; *plates* those of them that are not the host's, *devices* its equipment and *titles*
    its steps, all as the whole calls them. *perform* does it; *outer* returns the host's parameters that its own rest on.
    """

    use: Use
    bench: Bench
    host: Bench
    prefix: str
    perform: Callable[[Entry], None]
    outer: Callable[[Iterable[str]], tuple[str, ...]]
    declared: Mapping[str, Plates] = field(default_factory=dict)
    plates: dict[str, Plates] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    called: bool = False
    done: bool = False
    waiting: bool = False
    before: tuple[str, ...] = ()
    left_out: list[str] = field(default_factory=list)
    idle: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)

    def leaves_out(self, title: object, device: object) -> bool:
        """Return whether the step *title* comes before the first one; note what it would have taken."""
        if self.waiting and title == self.use.start:
            self.waiting = False
        if self.waiting:
            self.left_out.append(str(title))
            self.idle.add(str(device))
        return self.waiting

    def title(self, title: str, taken: Iterable[str]) -> str:
        """Return the title of a step in the whole, in which another protocol may have one of that name."""
        if title not in self.titles:
            self.titles[title] = f"{title} ({self.prefix[:-1]})" if title in set(taken) else title
        return self.titles[title]

    def known(self, done: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return, for each step that may be waited for, the titles in the whole; for one left out, of what the host did last."""
        mine = {title: (whole,) for title, whole in self.titles.items() if whole in set(done)}
        return dict.fromkeys(self.left_out, self.before) | mine


def protocol(bench: Bench, name: object) -> str:
    """Do all that the protocol *name* of ``uses`` does, from its first step on."""
    if bench.step is not None:
        raise ProtocolError(f"protocol({name!r}) is inside step {bench.step.title!r}", "put it between two steps, after {% endstep %}")
    entry = bench.entries.get(name) if isinstance(name, str) else None
    if entry is None:
        raise ProtocolError(f"no protocol {name!r} under 'uses'", near(str(name), bench.entries, "it has"))
    if entry.called:
        raise ProtocolError(f"protocol({name!r}) is called twice", "call it once; 'uses' may name the same protocol again, under another name")
    entry.called = True
    entry.perform(entry)
    return ""
