"""What a type checker takes and refuses of the public API: mypy reads it among the tests, and nobody runs it.

An ignored line has to be refused for the reason that it names: mypy tells each ignore that is not needed.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import assert_type

import benchsheet as bs
from benchsheet.record.types import Record


def take(sheet: bs.Sheet, lab: bs.Lab, srb: bs.Protocol, moment: datetime) -> None:
    assert_type(bs.render("srb", plates=4, medium="113 uL", compounds=["a", "b"], hosts={"FAK": "mouse"}, lab=lab, start=moment), bs.Sheet)
    assert_type(bs.render(srb, lab="lab.yml", start="2026-11-23T09:00"), bs.Sheet)
    assert_type(bs.render(Path("elisa"), lab=Path("lab.yml")), bs.Sheet)
    assert_type(sheet.record, Record)
    assert_type(sheet.warnings, tuple[str, ...])
    assert_type(sheet.format("pdf"), str | bytes)
    assert_type(sheet.save("a.pdf", format="pdf", name="run 7", force=True), Path)
    assert_type(bs.replay(sheet).wrong, tuple[str, ...])
    assert_type(bs.upgrade(Path("old.json")).record["steps"][0]["hands_on"]["text"], str)
    assert_type(sheet.replay().holds, bool)
    assert_type(bs.protocols(), dict[str, bs.Protocol])
    assert_type(bs.Protocol.from_folder("elisa"), bs.Protocol)
    assert_type(srb.parameters["plates"].limits, tuple[str, str])
    assert_type(bs.Lab.default(), bs.Lab)
    assert_type(bs.Lab.load(Path("lab.yml")).paper, str)
    assert_type(bs.calculate("dilute", stock="1 M", final="1 mM", volume="1 mL", lab=lab)["stock"], bs.Quantity | Fraction)
    assert_type(bs.Quantity.parse("1 uL") + bs.Quantity.parse("1 uL"), bs.Quantity)
    assert_type(bs.__version__, str)


def handle() -> tuple[str, str, tuple[str, ...]]:
    try:
        bs.render("srb")
    except bs.ProtocolErrors as refusals:
        assert_type(refusals.parts, list[bs.ProtocolError])
    except bs.ProtocolError as refusal:
        return refusal.message, refusal.hint, refusal.keywords
    return "", "", ()


def refuse(sheet: bs.Sheet, srb: bs.Protocol) -> None:
    bs.renders("srb")  # type: ignore[attr-defined]
    bs.render()  # type: ignore[call-arg]
    bs.render(4)  # type: ignore[arg-type]
    bs.render("srb", lab=4)  # type: ignore[arg-type]
    bs.render("srb", start=4)  # type: ignore[arg-type]
    sheet.made = sheet.record  # type: ignore[misc]
    sheet.save()  # type: ignore[call-arg]
    sheet.save("a.pdf", "pdf")  # type: ignore[call-arg]
    sheet.format(4)  # type: ignore[arg-type]
    sheet.warnings.append("")  # type: ignore[attr-defined]
    bs.replay(4)  # type: ignore[arg-type]
    srb.titel  # type: ignore[attr-defined]  # noqa: B018 - it is looked at, not used
    bs.Lab.load(4)  # type: ignore[arg-type]
    bs.calculate(stock="1 M")  # type: ignore[call-arg]
    bs.Quantity("1 uL")  # type: ignore[call-arg, arg-type]
    bs.Quantity.parse(4)  # type: ignore[arg-type]
