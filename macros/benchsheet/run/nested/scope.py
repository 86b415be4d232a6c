"""What one protocol calls its vessels, devices and steps, and what the whole run calls them: ids of a nested one begin with its prefix."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from ..._dataclass import dataclass, field
from ...errors import EmptyPlaceError, ProtocolError, suggest


@dataclass(kw_only=True)
class Scope:
    """The names of one protocol: *vessels*, *equipment* and *step_titles* map its own to those of the whole run.

    *parent* is the scope of its host; a protocol by itself has none, and no prefix. *host_parameters* returns the host's parameters that
    its own rest on. It *is_waiting* until its step *start* comes: *left_out* maps each title before that to those that are waited for in
    its place, *preceding_titles*, and *idle_devices* are what those steps would have taken. *unsaid* are its words that the host leaves
    out: section and name, or section and nothing for all of it.
    """

    prefix: str = ""
    parent: Scope | None = None
    host_parameters: Callable[[Iterable[str]], tuple[str, ...]] = tuple
    vessels: dict[str, str] = field(default_factory=dict)
    equipment: dict[str, str] = field(default_factory=dict)
    step_titles: dict[str, str] = field(default_factory=dict)
    start: str = ""
    is_waiting: bool = False
    preceding_titles: tuple[str, ...] = ()
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    idle_devices: set[str] = field(default_factory=set)
    unsaid: frozenset[tuple[str, str]] = frozenset()

    # --- vessels --------------------------------------------------------------------------------------------------

    def find_place(self, where: str, known_ids: Container[str]) -> str:
        """Return the place *where*, ``vessel`` or ``vessel/group``, as the whole calls it; its vessel is one of *known_ids*, or is refused."""
        if self.parent is None:
            return where
        name, slash, group = where.partition("/")
        vessel_id = self.vessels.get(name)
        if vessel_id not in known_ids:
            raise EmptyPlaceError(
                name, f"no vessel {name!r}", suggest(name, [own for own, its in self.vessels.items() if its in known_ids], "vessels")
            )
        return f"{vessel_id}{slash}{group}"

    def new_vessel_id(self, vessel: str) -> str:
        """Return the id of the vessel that new tubes called *vessel* stand in."""
        return self.vessels.setdefault(vessel, f"{self.prefix}{vessel}")

    def own_name(self, name: str) -> str:
        """Return what the protocol itself calls a vessel or a place of its own; another one as it is."""
        return name.removeprefix(self.prefix)

    # --- steps ----------------------------------------------------------------------------------------------------

    def skip_step(self, title: object, device: object) -> bool:
        """Return whether the step *title* comes before the first one; note what it would have taken."""
        if self.is_waiting and title == self.start:
            self.is_waiting = False
        if self.is_waiting:
            self.left_out[str(title)] = self.preceding_titles
            self.idle_devices.add(str(device))
        return self.is_waiting

    def add_title(self, title: str) -> str:
        """Return the title of a new step in the whole, in which another protocol may have one of that name; refuse the protocol's second one.

        Each host knows the step too, as it would if it were done by itself.
        """
        if title in self.step_titles:
            raise ProtocolError(f"there are two steps {title!r}", "give the second another title")
        lineage = [self, *self.list_parents()]
        whole = f"{title} ({self.prefix[:-1]})" if title in lineage[-1].step_titles else title
        for scope in lineage:
            is_taken = scope is not self and (title in scope.step_titles or title in scope.left_out)
            scope.step_titles[f"{title} ({self.prefix.removeprefix(scope.prefix)[:-1]})" if is_taken else title] = whole
        return whole

    def prerequisite_titles(self, finished_titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return, for each step that may be waited for, the titles in the whole; for one left out, of what the host did last."""
        finished = set(finished_titles)
        return self.left_out | {title: (whole,) for title, whole in self.step_titles.items() if whole in finished}

    # --- hosts ----------------------------------------------------------------------------------------------------

    def list_parents(self) -> Iterator[Scope]:
        """Yield the scopes of the protocols that this one is in, the outermost last."""
        if self.parent:
            yield self.parent
            yield from self.parent.list_parents()

    def leaves_out(self, section: str, name: str) -> bool:
        """Return whether the host leaves out the entry *name* of the *section*, or all of that section."""
        return not self.unsaid.isdisjoint({(section, ""), (section, name)})

    def root_parameter(self, name: str) -> str:
        """Return the parameter of the whole that the protocol's parameter *name* comes from; nothing if there is none."""
        names: tuple[str, ...] = (name,)
        for scope in (self, *self.list_parents()):
            names = scope.host_parameters(names)
        return names[0] if names else ""
