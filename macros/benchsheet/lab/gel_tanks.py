"""Tanks in which gels run or are transferred: how many at a time, and in how much buffer; refuses a gel that no tank takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, near
from ..yamltree import Map
from .reader import Entry, Form, Reading, some

_RUN = Form(
    "a tank", ("name", "format", "gels", "count", "buffer"), ("name", "format", "gels", "buffer"),
    "{name: mini tank, format: mini, gels: 4, count: 1, buffer: {2: 700 mL, 4: 1 L}}",
)  # fmt: skip
_TRANSFER = Form(
    "a transfer tank", ("name", "format", "cassettes", "count", "buffer"), ("name", "format", "cassettes", "buffer"),
    "{name: mini transfer tank, format: mini, cassettes: 2, count: 1, buffer: 1 L}",
)  # fmt: skip


@dataclass(frozen=True)
class Tank:
    """*count* like tanks, each for up to *gels* gels of a *format*; *buffer* pairs a number of gels with the nL for up to so many.

    A transfer tank counts a gel for each cassette, and has one volume.
    """

    name: str
    format: str
    gels: int
    count: int
    buffer: tuple[tuple[int, int], ...]

    def buffer_for(self, gels: int) -> int:
        """Return the nL of buffer that one tank takes with *gels* gels in it."""
        return next(volume for most, volume in self.buffer if gels <= most)


@dataclass(frozen=True)
class Filled:
    """One *tank* of a run with *gels* gels in it and *buffer* nL around them."""

    tank: Tank
    gels: int
    buffer: int


def tanks(reading: Reading, known: Iterable[str]) -> tuple[Tank, ...]:
    """Return the tanks that gels run in; every mistake is kept, also a format that is not *known* from a gel."""
    return reading.listed("tanks", _RUN, lambda entry: _tank(entry, "gels", known))


def transfer_tanks(reading: Reading, known: Iterable[str]) -> tuple[Tank, ...]:
    """Return the tanks that gels are transferred in; every mistake is kept, also a format that is not *known* from a gel."""
    return reading.listed("transfer_tanks", _TRANSFER, lambda entry: _tank(entry, "cassettes", known))


def _tank(entry: Entry, holds: str, formats: Iterable[str]) -> Tank:
    name, form, gels, count = entry.text("name"), entry.word("format", formats), entry.whole(holds, most=24), entry.whole("count", most=100)
    if holds == "cassettes":
        return Tank(name, form, gels, count, ((gels, entry.base("buffer", "volume")),))
    buffer = entry.made("buffer", _buffer) or ()
    entry.close()
    if buffer and buffer[-1][0] != gels:
        entry.wrong(
            "buffer", f"{name!r} takes {gels} gels, and its buffer is told for up to {buffer[-1][0]}", f"write the volume for {gels}: {gels}: 1 L"
        )
    if not buffer:
        entry.wrong("buffer", f"{name!r} has no buffer", f"write buffer: {{{gels}: 1 L}}")
    if [volume for _, volume in buffer] != sorted(volume for _, volume in buffer):
        entry.wrong("buffer", f"{name!r}: more gels take less buffer", "let the volumes rise with the gels")
    return Tank(name, form, gels, count, buffer)


def _buffer(tree: Map) -> tuple[tuple[int, int], ...]:
    found = []
    mistakes = Collector()
    for key in tree:
        with mistakes.at(tree.file, tree.lines[key]):
            if not re.fullmatch(r"[1-9]|1[0-9]|2[0-4]", key):
                raise ProtocolError(f"{key!r} is not a number of gels", "write buffer: {2: 700 mL, 4: 1 L}, for up to 2 and for up to 4 gels")
            found.append((int(key), int(some(tree.text(key), "buffer", "volume").value)))
    mistakes.close()
    return tuple(sorted(found))


def runs(owned: Iterable[Tank], form: str, gels: int, what: str = "tank") -> tuple[tuple[Filled, ...], ...]:
    """Return the runs, one after another, that *gels* gels of a format take: as few as can be, as like as can be, the largest tanks first.

    Raise ProtocolError where no tank is for this format.
    """
    owned = tuple(owned)
    fitting = sorted((tank for tank in owned for _ in range(tank.count) if tank.format == form), key=lambda tank: -tank.gels)
    if not fitting:
        formats = sorted({tank.format for tank in owned})
        raise ProtocolError(f"no {what} of this lab takes a {form} gel", near(form, formats, f"its {what}s take"), answer=True)
    many = -(-gels // sum(tank.gels for tank in fitting))
    return tuple(_run(fitting, gels // many + (number < gels % many)) for number in range(many))


def _run(fitting: Iterable[Tank], gels: int) -> tuple[Filled, ...]:
    filled = []
    for tank in fitting:
        held = min(tank.gels, gels)
        if held:
            filled.append(Filled(tank, held, tank.buffer_for(held)))
        gels -= held
    return tuple(filled)
