"""One sheet from values of Python: it has the Record, writes it in each format, shows it in a notebook, and replays it."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from .. import engine, lab, library
from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, option_flag, suggest
from ..formats import FORMATS
from ..protocol.lab_tables import with_lab_tables
from ..run.inputs import resolve_inputs
from . import sheet_files
from .catalogue import Protocol
from .finding import find_protocol
from .labs import Lab, take_lab

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ..record.types import Record

_SHOWN_HEIGHT = "32rem"  # of a sheet in a notebook


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What came out when a Record was pipetted again: *wrong* lists what does not hold, *skips* what depends on a measurement."""

    record: dict[str, Any]
    wrong: tuple[str, ...]
    skips: tuple[str, ...]

    def __repr__(self) -> str:
        outcome = "holds" if self.holds else f"{len(self.wrong)} wrong"
        return f"<Replay: {outcome}, {len(self.skips)} left to a measurement>"

    @property
    def holds(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.wrong


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """One finished sheet. ``sheet["steps"]`` is an entry of its `record`; *made* is that as the engine made it, for *profile*.

    Each format is a method: ``sheet.text()``, ``sheet.pdf()``. A suffix is one too; where it is of several formats it takes
    the name of one: ``sheet.csv("labels")``. A calendar takes the name of the run: ``sheet.ics(name="run 7")``.
    """

    made: Record
    profile: lab.Lab

    @functools.cached_property
    def record(self) -> Record:
        """Return the Record, as plain data of its own: the engine's shares parts with other sheets, and with the next ones."""
        return cast("Record", json.loads(json.dumps(self.made)))

    def __getitem__(self, key: str) -> Any:
        try:
            return cast("dict[str, Any]", self.record)[key]
        except KeyError:
            raise KeyError(f"a sheet has no {key!r}; {suggest(str(key), self.record, 'entries')}") from None

    __iter__ = None  # by it, Python would ask for the entry 0

    def __contains__(self, key: object) -> bool:
        return key in self.made

    def __getattr__(self, word: str) -> Callable[..., Any]:
        names = [word] if word in FORMATS else [name for name, row in FORMATS.items() if row.suffix == f".{word}"]
        if not names:
            known = f"sheet[{word!r}] has it" if not word.startswith("_") and word in self.made else suggest(word, FORMATS, "formats")
            raise AttributeError(f"a Sheet has no {word!r}; {known}")

        def write(kind: str = "", *, name: str = "") -> str | bytes:
            """Return the sheet in this format; *kind* names one of several, *name* the run of a calendar."""
            if kind not in names and (kind or len(names) > 1):
                way = f"write .save({kind!r}) for a file" if "." in kind else f"write .{word}({names[0]!r})" if len(names) > 1 else f"write .{word}()"
                raise ProtocolError(f"{kind!r} is not one of {', '.join(names)}", way, option_flag("format"))
            return self.format(kind or names[0], name=name)

        return write

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *FORMATS]

    def __repr__(self) -> str:
        return f"<Sheet: {self.command}>"

    @property
    def command(self) -> str:
        """Return the command that makes this sheet on the command line."""
        return self.made["invocation"]["command"]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what the sheet warns of; its notes stand in the Record."""
        return tuple(warning["message"] for warning in self.made["warnings"] if warning["level"] == "W")

    @property
    def seal(self) -> str:
        """Return the hash of all figures and words: equal seals mean equal sheets."""
        return self.made["seal"]

    def format(self, format_name: str, *, name: str = "") -> str | bytes:
        """Return the sheet in the format *format_name*; *name* names the run of a calendar. Raise ProtocolError for an unknown format."""
        return sheet_files.format_record(self.made, sheet_files.check_format(format_name), self.profile, name)

    def save(self, output: str | Path, *, format: str | None = None, name: str = "", force: bool = False) -> Path:  # noqa: A002 - the option's name
        """Write the sheet to the file *output*, all of it or nothing, and return its path.

        The suffix gives the format, unless *format* does; *force* overwrites a file. Raise ProtocolError if it cannot be written.
        """
        target = sheet_files.check_output_path(str(output), force=force)
        format_name = sheet_files.format_of_suffix(target) if format is None else format
        sheet_files.write_atomically(self.format(format_name, name=name), target, force=force)
        return target

    def replay(self) -> Replay:
        """Pipette the sheet again, as printed, and return what does not hold."""
        return replay(self)

    def _repr_html_(self) -> str:
        """Return the sheet for a notebook, in a frame that runs nothing."""
        import html

        page = html.escape(str(self.format("html")))
        style = f"width:100%;height:{_SHOWN_HEIGHT};border:1px solid #999;background:#fff"
        return f'<iframe sandbox="" title="{html.escape(self.command)}" style="{style}" srcdoc="{page}"></iframe>'

    def _repr_markdown_(self) -> str:
        """Return the sheet as Markdown, for a notebook that shows no HTML."""
        return str(self.format("markdown"))


def render(
    protocol: str | Path | Protocol,
    /,
    *,
    lab: str | Path | Lab | None = None,
    start: str | datetime | None = None,
    name: str = "",
    **values: object,
) -> Sheet:
    """Return the sheet of *protocol* (a name, a folder, or a Protocol) with *values*, for *lab* and from *start*.

    Each value goes as text through the command line's own parser: ``medium="113 uL"``, ``plates=4``, ``compounds=["a", "b"]``,
    ``hosts={"FAK": "rabbit"}``, or a Quantity. What is None is not given. *lab* is a Lab or the file of its profile; *name* is what the run
    is called, and stands in the title of the sheet.
    Raise ProtocolError, or ProtocolErrors for several mistakes: each has ``message``, ``hint``, ``file``, ``line`` and ``keywords``.
    """
    from .typed_values import type_values

    chosen, mistakes, own = find_protocol(protocol), Collector(), Lab.default()
    texts = type_values(values, engine.load_protocol(chosen.source).parameters, mistakes)
    with mistakes.at(option_flag("lab")):
        own = Lab(profile=take_lab(lab))
    if start is not None and not isinstance(start, str) and not hasattr(start, "second"):
        with mistakes.at(option_flag("start")):
            raise ProtocolError(f"{start} has no time of day", "give the hour too: start='2026-11-23T09:00', or a datetime")
        start = None
    if start is not None and not isinstance(start, str):
        start = start.isoformat(timespec="seconds" if start.second or start.microsecond else "minutes")
    return render_typed(chosen, texts, own, start, mistakes, name=name)


def render_typed(
    protocol: Protocol,
    texts: Mapping[str, str],
    own: Lab,
    start: str | None,
    mistakes: Collector,
    *,
    place: str = "",
    name: str = "",
    sealed: bool = True,
) -> Sheet:
    """Return the sheet of *protocol* for *texts*, the values by name as they are typed; raise *mistakes*, which were found before, and all others.

    *place* is where a mistake is that belongs to no option, *name* what the run is called.
    Without a seal, which nobody sees on a sheet for people, it is made faster.
    """
    with mistakes.at(option_flag("start")):
        if start is not None:
            check_start(start, own)
    if any(".csv" in text.lower() for text in texts.values()):
        from .table_files import expand_samples

        with mistakes.at(place):
            texts = expand_samples(texts, engine.load_protocol(protocol.source))
    if mistakes.errors:
        with mistakes.at(place):
            resolve_inputs(with_lab_tables(engine.load_protocol(protocol.source), own.profile), texts)
    mistakes.raise_all()
    try:
        return Sheet(made=engine.render(protocol.source, texts, own.profile, start or "", name=name, sealed=sealed), profile=own.profile)
    except ProtocolError as refusal:
        raise refusal.with_traceback(None) from None  # the lines of the engine help nobody


def check_start(start: str, own: Lab) -> None:
    """Raise ProtocolError if *start* is not a time in the zone of the lab *own*."""
    from ..schedule.start import parse_start

    parse_start(start, own.profile.zone)


def replay(sheet: str | Path | Mapping[str, Any] | Sheet) -> Replay:
    """Pipette a Record again, as printed: a Sheet, a Record, its JSON as text, or the file that has it; also one of the form before.

    Raise ProtocolError for what is not a Record.
    """
    from ..repipette import replay as replay_text

    text, place = _load_record(sheet)
    outcome = replay_text(text)
    if not outcome.record:
        raise ProtocolError(outcome.wrong[0], "'benchsheet render ID -o sheet.json' makes one", place)
    return Replay(record=outcome.record, wrong=tuple(outcome.wrong), skips=tuple(outcome.skips))


def _load_record(sheet: str | Path | Mapping[str, Any] | Sheet) -> tuple[str, str]:
    """Return a Record as JSON, and the file that it is from."""
    if isinstance(sheet, str) and sheet.lstrip().startswith("{"):
        return sheet, ""
    if isinstance(sheet, str | os.PathLike):
        return library.load_text(sheet), str(sheet)
    return json.dumps(sheet.made if isinstance(sheet, Sheet) else sheet, ensure_ascii=False), ""


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """A Record of the form before in the form of today; *unknown* says what it does not say, which is empty or null in it."""

    record: Record
    unknown: tuple[str, ...]


def upgrade(record: str | Path | Mapping[str, Any]) -> Upgrade:
    """Return a Record of the form before, ``benchsheet-record/1``, in that of today; one of today as it is.

    *record* is a Record, its JSON as text, or the file that has it. Raise ProtocolError for what is neither.
    """
    from ..repipette import upgrade_record

    text, place = _load_record(record)
    try:
        old = json.loads(text)
        new, unknown = (old, []) if old["schema"] == "benchsheet-record/2" else upgrade_record(old)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, StopIteration) as error:
        message = f"it is not a whole record of the form before: {type(error).__name__} {error}"
        raise ProtocolError(message, "'benchsheet render ID -o sheet.json' makes one of today", place) from None
    return Upgrade(record=cast("Record", new), unknown=tuple(unknown))
