"""What a run needs at hand: the shelf list, the recipes and the tubes to label, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import summaries
from .blocks import Paragraph
from .entries import Block, Recipe, RecipePart, ShelfList, ShelfRow, TubeRack

if TYPE_CHECKING:
    from ...record.material_types import Hazard, Preparation
    from ...record.types import Record


def list_shelf(record: Record) -> Iterator[Block]:
    """Yield the reagents to have ready, then the equipment."""
    rows = []
    for reagent in record["reagents"]:
        if not reagent["made"]:
            remark = "; ".join(filter(None, (reagent["storage"], reagent["note"])))
            amounts = {"used": reagent["used"]["text"], "ready": reagent["prepare"]["text"], "rule": reagent["overage"]["text"]}
            rows.append(ShelfRow(path=("reagents", reagent["id"]), name=reagent["name"], remark=remark, **amounts))
    yield ShelfList(rows=tuple(rows))
    if record["equipment"]:
        yield Paragraph(text="; ".join(item["name"] for item in record["equipment"]) + ".", lead="Equipment: ")


def list_preparations(record: Record) -> Iterator[Block]:
    """Yield the recipes, then the tubes that steps fill."""
    if fill_up_note := summaries.fill_up_note(record):
        yield Paragraph(text=fill_up_note)
    names = {reagent["id"]: reagent["name"] for reagent in record["reagents"]}
    told: list[Hazard] = []
    for preparation in record["preparations"]:
        if not preparation["step"]:
            yield _build_recipe(preparation, names, told)
    for (name, step), tubes in summaries.group_tubes(record).items():
        yield TubeRack(name=name, step=step, tubes=tuple(tubes))


def _build_recipe(preparation: Preparation, names: dict[str, str], told: list[Hazard]) -> Recipe:
    """Return a recipe; *told* are the hazards whose words stand above it: it names them alone, and adds its own."""
    volume = preparation["volume"]["text"]
    parts = []
    for part in preparation["components"]:
        name = names[part["reagent"]]
        if part.get("fill_to_mark"):
            parts.append(RecipePart(name=name, amount=f"to {volume}"))
        else:
            parts.append(RecipePart(name=name, amount=part["amount"]["text"], formula=part.get("formula") or ""))
    hazards = tuple(preparation["hazards"])
    known = tuple(hazard for hazard in hazards if hazard in told)
    told += [hazard for hazard in hazards if hazard not in known]
    return Recipe(
        path=("preparations", preparation["id"]),
        name=preparation["name"],
        volume=volume,
        parts=tuple(parts),
        hazards=hazards,
        known=known,
        note=summaries.capitalize_note(preparation["note"]),
        remarks=tuple(summaries.describe_recipe(preparation)),
    )
