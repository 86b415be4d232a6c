"""Errors of an author or a user: where, what is wrong, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

HINT_LIMIT = 20  # names that a hint may list


class OptionPlace(str):
    """An option of the command line, ``--top-dose``, as the place of a mistake; made by `option_flag` alone."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Return the name of the value that it gives: ``top_dose``."""
        return self[2:].replace("-", "_")


class ProtocolError(Exception):
    """One mistake in a protocol's files or in a run's values, located for the person who can mend it.

    *file* and *line* say where (a value typed on the command line has its option as *file* and no line), *message*
    quotes the author's own text, *hint* is the way out. *parameters* names the run's parameters that led here, and
    *from_values* marks a refusal that is a finding about the values asked for, not a fault in the protocol. *volumes* (nL) and
    *masses* (ng) are those that no instrument was set to as asked, with what it was set to (None: nothing).
    """

    def __init__(self, message: str, hint: str = "", file: str = "", line: int | None = None, *, from_values: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint, self.file, self.line = message, hint, file, line
        self.from_values = from_values
        self.parameters: tuple[str, ...] = ()
        self.volumes: dict[Any, Any] = {}
        self.masses: dict[Any, Any] = {}

    def at(self, file: str, line: int | None = None) -> ProtocolError:
        """Fill in the place, unless whoever found the mistake already did."""
        if not self.file:
            self.file, self.line = file, line
        return self

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return the values that this is about, by the names that Python knows them by: ``top_dose`` of ``--top-dose``."""
        own = (self.file.name,) if isinstance(self.file, OptionPlace) else ()
        return tuple(dict.fromkeys(own + self.parameters))

    @property
    def parts(self) -> list[ProtocolError]:
        """Return each mistake by itself."""
        return [self]

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: what is wrong and the way out, since the lines of this program help nobody."""
        return [f"{type(self).__name__}: {self}"]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.message + (f"\n  hint: {self.hint}" if self.hint else "")


class EmptyPlaceError(ProtocolError):
    """Something was asked of *position*, which holds nothing or was never set out."""

    def __init__(self, position: str, message: str, hint: str = "", *, from_values: bool = False) -> None:
        super().__init__(message, hint, from_values=from_values)
        self.position = position


class ProtocolErrors(ProtocolError):
    """Several mistakes raised together, in the order in which they were found."""

    def __init__(self, errors: Iterable[ProtocolError]) -> None:
        self.errors = list(dict.fromkeys(errors))
        super().__init__("\n".join(str(mistake) for mistake in self.errors))

    @property
    def keywords(self) -> tuple[str, ...]:
        """Return those of each of them."""
        return tuple(dict.fromkeys(name for mistake in self.errors for name in mistake.keywords))

    @property
    def parts(self) -> list[ProtocolError]:
        """Return each of them."""
        return self.errors

    def __str__(self) -> str:
        return self.message


class _ErrorScope:
    """Where something is read; a mistake made inside is kept in *errors*. Not a dataclass: ``--help`` and ``list`` would load what makes one."""

    __slots__ = ("errors", "file", "line")

    def __init__(self, errors: list[ProtocolError], file: str, line: int | None) -> None:
        self.errors, self.file, self.line = errors, file, line

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, mistake: BaseException | None, _trace: object) -> bool:
        if not isinstance(mistake, ProtocolError):
            return False
        self.errors += mistake.at(self.file, self.line).parts
        return True


class locate_errors:  # noqa: N801 - it is used as a verb
    """``with locate_errors(file, line):`` fills in the place of a mistake made inside, and lets it go on."""

    __slots__ = ("file", "line")

    def __init__(self, file: str, line: int | None = None) -> None:
        self.file, self.line = file, line

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, mistake: BaseException | None, _trace: object) -> None:
        if isinstance(mistake, ProtocolError):
            mistake.at(self.file, self.line)


class refuse_os_errors:  # noqa: N801 - it is used as a verb
    """``with refuse_os_errors(message, hint, file):`` raises what the system says as a ProtocolError: *message* and the system's own words."""

    __slots__ = ("file", "hint", "message")

    def __init__(self, message: str, hint: str, file: str = "") -> None:
        self.message, self.hint, self.file = message, hint, file

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, mistake: BaseException | None, _trace: object) -> None:
        if isinstance(mistake, OSError):
            raise ProtocolError(f"{self.message}: {(mistake.strerror or 'unknown reason').lower()}", self.hint, self.file) from None


class Collector:
    """Gathers the mistakes of one file, so that its author hears of all of them at once."""

    def __init__(self) -> None:
        self.errors: list[ProtocolError] = []

    def at(self, file: str, line: int | None = None) -> _ErrorScope:
        """Keep a mistake made inside ``with``, with its place, and go on."""
        return _ErrorScope(self.errors, file, line)

    def raise_all(self) -> None:
        """Raise what was gathered: the mistake itself, or all of them."""
        if not self.errors:
            return
        files = list(dict.fromkeys(mistake.file for mistake in self.errors))
        self.errors.sort(key=lambda mistake: (files.index(mistake.file), mistake.line or 0))
        if len(self.errors) == 1:
            raise self.errors[0]
        raise ProtocolErrors(self.errors)


def parse_each(parse: Callable[[str], Any], texts: Iterable[str], file: str) -> tuple[Any, ...]:
    """Return what *parse* makes of each of *texts*; raise all its mistakes at once, with *file* as their place."""
    mistakes, values = Collector(), []
    for text in texts:
        with mistakes.at(file):
            values.append(parse(text))
    mistakes.raise_all()
    return tuple(values)


def suggest(word: str, choices: Iterable[str], what: str = "known", *, spellings: Mapping[str, str] | None = None, others_exist: bool = False) -> str:
    """Offer the one of *choices* that is *word* but for its spelling or one slip of a letter, or else all of them; of many the first.

    *spellings* says which choice each other name stands for. *others_exist* says that a word near one of them may well be the name of
    another thing: then less is taken for a slip.
    """
    from .spelling import find_nearest

    names = [str(name) for name in choices]
    close = find_nearest(word, spellings or dict(zip(names, names, strict=True)), others_exist=others_exist)
    if close:
        return f"did you mean {close!r}?"
    more = f" and {len(names) - HINT_LIMIT} more" if len(names) > HINT_LIMIT + 2 else ""
    return f"{what}: {', '.join(names[:HINT_LIMIT] if more else names) or 'none'}{more}"


def check_known(word: str, choices: Collection[str], message: str, what: str = "known") -> None:
    """Raise ProtocolError with *message*, and with the nearest of *choices* as the way out, unless *word* is one of them."""
    if word not in choices:
        raise ProtocolError(message, suggest(word, choices, what))


def option_flag(name: str) -> OptionPlace:
    """Return how the value *name* is typed on the command line: ``--per-well``."""
    return OptionPlace("--" + name.replace("_", "-"))
