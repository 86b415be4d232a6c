"""The protocols that there are: what each takes, its cases, and the check of all its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import engine, library
from .._dataclass import dataclass
from ..protocol.reader import Protocol as DeclaredProtocol
from ..protocol.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from ..authoring.cases import Case
    from ..authoring.check import CheckReport


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One value that a run may set: its *name* as a keyword, its *option* on the command line, and what it may be.

    *default* and *limits* (lowest, highest) are as the author wrote them, empty where there are none; *choices* are the words to
    choose from. *form* is count, quantity, number, choices, text, flag, pairs or names; a quantity has a *kind*. *evidence* says what the
    default rests on, and *citations* are keys of its references.
    """

    name: str
    option: str
    label: str
    help: str
    form: str
    kind: str
    is_list: bool
    default: str
    limits: tuple[str, str]
    choices: tuple[str, ...]
    evidence: str
    citations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One protocol, as its author declared it. Its files are read once; what is wrong in them is raised when it is first asked for."""

    source: Source

    @classmethod
    def from_folder(cls, path: str | Path) -> Protocol:
        """Return the protocol in the folder *path*, which holds its protocol.yml; raise ProtocolError if there is none."""
        from pathlib import Path

        folder = Path(path).as_posix()
        if not Path(path).is_dir():
            library.load_folder(folder)  # which says so
        return cls(source=library.find_source(folder if "/" in folder else f"./{folder}"))

    def __repr__(self) -> str:
        return f"<Protocol: {self.id}>"

    @property
    def id(self) -> str:
        """Return its name: that of its folder."""
        return self.source.id

    @property
    def title(self) -> str:
        """Return its title."""
        return self._declaration.title

    @property
    def version(self) -> str:
        """Return its own version, which is not that of benchsheet."""
        return self._declaration.version

    @property
    def summary(self) -> str:
        """Return in a sentence or two what it is for."""
        return self._declaration.summary

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Return what a run may set, by the name that `render` takes."""
        declared = self._declaration
        return {
            name: Parameter(
                name=name, option=each.option, label=each.label, help=each.help or each.label, form=each.form.name, kind=each.kind,
                is_list=each.is_list, default=each.default or "", limits=(each.low, each.high), evidence=each.evidence, citations=each.cite,
                choices=tuple(declared.choices(each)),
            )
            for name, each in declared.parameters.items()
        }  # fmt: skip

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return figures of its sheets that someone worked out by hand, each with its reason; raise ProtocolError for one that cannot be read."""
        from ..authoring.cases import read_cases

        return tuple(read_cases(self.source))

    def check(self) -> CheckReport:
        """Try its defaults, each branch and each case, and return all its mistakes; this takes seconds."""
        from ..authoring.check import check_protocol

        return check_protocol(self.source)

    @property
    def _declaration(self) -> DeclaredProtocol:
        return engine.load_protocol(self.source)


def protocols() -> dict[str, Protocol]:
    """Return each protocol by the name that `render` takes: the user's own, which are nearer, and those of the package."""
    return {name: Protocol(source=library.find_source(name)) for name in library.list_folders()}
