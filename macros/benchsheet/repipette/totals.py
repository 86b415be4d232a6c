"""The comparison of a Record's lists with what its steps took and left: recipes, shelf, waste, doses, times, and the mass balance."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from typing import Any

from .parse import GROUP_SPACE, PRINT_TOLERANCE, UNIT_SIZES, Replay, microlitre_text, read_number

_PRINTED = re.compile(rf"\d[\d{GROUP_SPACE}]*(?:\.\d+)?(?:×10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")


def check_preparation(run: Replay, recipe: dict[str, Any]) -> None:
    """Check that one recipe gives the strengths on its label, and enough. A tube is compared with the operations that fill it."""
    amount = run.read_amount(recipe["volume"])
    if recipe["step"]:
        _check_tube(run, recipe, amount)
        return
    blanks = [part for part in recipe["components"] if part["amount"]["value"] is None]
    run.skips += [f"{recipe['id']}: {part['reagent']} follows from a measurement" for part in blanks]
    amounts = [
        (part["reagent"], run.read_amount(part["amount"]), part.get("fill_to_mark", False)) for part in recipe["components"] if part not in blanks
    ]
    liquid = sum(part for name, part, about in amounts if "solid" not in run.reagents[name] and not about)
    whole = liquid + sum(part for name, part, about in amounts if "solid" not in run.reagents[name] and about)
    volume_text, used = recipe["volume"]["text"], run.withdrawals[recipe["id"]]
    if not blanks and any(about for _, _, about in amounts):
        near = liquid <= amount and abs(whole - amount) * 10 <= amount
        run.check(near, f"{recipe['id']}: the parts do not come to about {volume_text}")
    elif not blanks:
        run.check(whole == amount, f"{recipe['id']}: the parts do not add up to {volume_text}")
    run.check(amount >= used, f"{recipe['id']}: {volume_text} made, {microlitre_text(used)} used")
    for component, label in run.concentrations(recipe["id"]).items():
        if any(component in run.reagents[part["reagent"]]["contains"] for part in blanks):
            continue
        in_parts = any(component in run.reagents[name]["contains"] for name, _, _ in amounts)
        if run.reagents[recipe["id"]]["contains"][component]["unit"] == "{X}" and not in_parts:
            continue  # "10 X" names the recipe as a whole: only what is made from it can be compared
        real = sum(_component_amount(run, name, component, part, recipe["id"]) for name, part, _ in amounts) / amount
        what = f"{recipe['id']}: {component} comes to {float(real):.5g}, its label says {float(label):.5g}"
        told = recipe.get("off_label", {}).get(component)
        run.check(told is not None or abs(real - label) <= label * run.tolerance, what)
        if told is not None:
            _check_told(run, recipe, run.read_amount(told), real, told["text"], what)
    for name, part, _ in amounts:
        run.withdrawals[name] += part


def _check_told(run: Replay, recipe: dict[str, Any], strength: Fraction, real: Fraction, text: str, what: str) -> None:
    """Check that what misses its label is said with its figure, where it is made and in a warning."""
    run.check(abs(real - strength) <= real * PRINT_TOLERANCE, f"{what}, and it is said to come to {text}")
    run.check(text in recipe["note"], f"{what}, and the recipe does not say {text}")
    warned = any(w["code"] == "off-label" and text in w["message"] for w in run.record["warnings"])
    run.check(warned, f"{what}, and no warning says {text}")


def _check_tube(run: Replay, recipe: dict[str, Any], amount: Fraction) -> None:
    known = [part for part in recipe["components"] if part["amount"]["value"] is not None]  # a sample that is not measured yet is a blank
    parts = [(part.get("reagent") or part.get("from"), run.read_amount(part["amount"])) for part in known]
    run.check(sum(part for _, part in parts) == amount, f"{recipe['id']}: the parts do not add up to {recipe['volume']['text']}")
    step: dict[str, Any] = next((step for step in run.record["steps"] if step["number"] == recipe["step"]), {"operations": [], "markdown": ""})
    fills = [operation for operation in step["operations"] if operation["to"] == [recipe["id"]]]
    poured_parts = [(fill.get("reagent") or fill.get("from"), run.read_amount(fill["total"])) for fill in fills]
    run.check(parts == poured_parts, f"{recipe['id']}: its parts are not what step {recipe['step']} fills it with")
    words = [recipe["name"], recipe["strength"], *(part["amount"]["text"] for part in recipe["components"]), recipe["volume"]["text"]]
    rows = [line for line in step["markdown"].splitlines() if line.startswith("|")]
    in_table = not recipe["strength"] or any(all(_stands_in_row(word, row) for word in words) for row in rows)
    run.check(in_table, f"{recipe['id']}: no row of step {recipe['step']} says {', '.join(words)}")


def _stands_in_row(word: str, row: str) -> bool:
    """Return whether an amount or a name stands in a row of a table as a whole, not as a part of another."""
    return re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", row.replace("\\", "")) is not None


def _component_amount(run: Replay, name: str, component: str, amount: Fraction, recipe: str) -> Fraction:
    """Return how much of *component* (concentration x nL) comes with *amount* of the reagent *name*."""
    solid = run.reagents[name].get("solid")
    if solid is None:
        return run.concentrations(name).get(component, Fraction(0)) * amount
    if solid["component"] != component:
        return Fraction(0)
    unit = run.reagents[recipe]["contains"][component]["unit"]
    if unit == "g/dL":  # 1 g/dL is 10 ng/nL
        return amount / 10
    if unit.endswith("g/mL"):  # 1 ug/mL is 1/1000 ng/nL
        return amount * 1000
    return amount / run.read_amount(solid["molar_mass"]) * 10**6  # ng over g/mol is nmol; 1 nmol in 1 nL is 10^6 umol/L


def check_final_volumes(run: Replay) -> None:
    """Compare the volume left in every place, and the volume and strengths of each waste stream, with the Record."""
    for vessel in run.record["vessels"]:
        for group in vessel["groups"]:
            remaining, listed = run.groups[group["id"]].volume, run.read_amount(group["volume"])
            run.check(remaining == listed, f"{group['id']} ends with {microlitre_text(remaining)}, not {group['volume']['text']}")
    waste_list = {(item["stream"], item["step"]): item for item in run.record["waste"]}
    for key in sorted({*waste_list, *run.streams}, key=str):
        where, stream = f"waste {key[0]!r} of step {key[1]}", run.streams[key]
        volume_text = microlitre_text(stream["volume"])
        if key not in waste_list:
            run.check(False, f"{where}: {volume_text} are on no list")
            continue
        list_volume = run.read_amount(waste_list[key]["volume"])
        run.check(list_volume == stream["volume"], f"{where}: {microlitre_text(list_volume)} on the list, {volume_text} in the steps")
        strengths = {name: run.read_amount(q) for name, q in waste_list[key]["components"].items()}
        for name in sorted({*strengths, *stream} - {"volume"}):
            real, list_strength = stream[name] / (stream["volume"] or 1), strengths.get(name, Fraction(0))
            what = f"{where}: {name} comes to {float(max(real, Fraction(0))):.5g}, the list says {float(list_strength):.5g}"
            run.check(abs(real - list_strength) <= real * PRINT_TOLERANCE, what)


def check_shelf(run: Replay) -> None:
    """Compare the shelf list with what the steps and the recipes took."""
    for name, reagent in run.reagents.items():
        ready, spare, used_text = reagent["prepare"], reagent["overage"]["amount"], reagent["used"]["text"]
        if reagent["used"]["value"] is None:
            run.skips.append(f"{name}: what is used follows from a measurement")
            continue
        used, taken = run.read_amount(reagent["used"]), run.withdrawals[name]
        is_enough = ready["value"] is not None and run.read_amount(ready) >= used
        run.check(is_enough, f"{name}: {ready['text']} is not enough for {used_text}")
        run.check(used == taken, f"{name}: {used_text} on the list, {microlitre_text(taken)} in the steps")
        whole = ready["value"] is not None and used + run.read_amount(spare) == run.read_amount(ready)
        run.check(whole, f"{name}: {used_text} and {spare['text']} more are not {ready['text']}")
    for recipe in run.record["preparations"]:
        if not recipe["step"]:
            ready = run.reagents[recipe["id"]]["prepare"]
            same = ready["value"] is not None and run.read_amount(ready) == run.read_amount(recipe["volume"])
            run.check(same, f"{recipe['id']}: {recipe['volume']['text']} made, {ready['text']} on the list")
    for name in run.withdrawals:
        run.check(name in run.reagents, f"{name} is taken and stands on no list")


def check_balance(run: Replay) -> None:
    """Check that everything that went in is in a vessel or in the waste, volumes and components alike, without a tolerance."""
    inside: defaultdict[str, Fraction] = defaultdict(Fraction, run.waste)
    for place in run.groups.values():
        inside["volume"] += place.volume * place.size
        for component, amount in place.contents.items():
            inside[component] += amount * place.size
    for what in sorted({*inside, *run.inputs}):
        found = float(max(inside[what], Fraction(0)))
        run.check(inside[what] == run.inputs[what], f"{what}: {float(run.inputs[what]):.6g} went in, {found:.6g} is accounted for")


def check_doses(run: Replay) -> None:
    """Compare the doses of groups and wells with the claims of the steps."""
    groups = {group["id"]: group for vessel in run.record["vessels"] for group in vessel["groups"]}
    for name, group in groups.items():
        for dose in group["doses"] if run.groups[name].size and not group.get("labware") else ():
            claimed = dose["target"] in run.targets.get(name, [])
            run.check(claimed, f"{name}: its dose is {dose['target']['text']}, and the steps give it another")
    for plate in run.record["plates"]:
        meanings: dict[str, str] = {}
        for well, name in plate["wells"].items():
            run.check(name in plate["groups"], f"{plate['layout']}: well {well} is of {name}, which is not a group of it")
        for name, own in plate["groups"].items():
            group = groups.get(name, {})
            same = all(own[key] == group.get(key) for key in ("role", "doses", "labels")) and group.get("compound") in (None, own["compound"])
            run.check(same, f"{plate['layout']}: {name} is not what its vessel says")
            run.check(name in plate["wells"].values(), f"{plate['layout']}: {name} has no well")
            other = meanings.setdefault(own["mark"], name)
            run.check(other == name, f"{plate['layout']}: {own['mark']} marks {other} and {name}")
            if len(own["doses"]) == 1 and "dose_value" in own:
                value, size = Fraction(own["dose_value"]), UNIT_SIZES.get(plate["dose_unit"], Fraction(0))
                target = own["doses"][0]["target"]
                run.check(
                    value * size == run.read_amount(target), f"{plate['layout']}: the dose of {name} is {target['text']}, and its number is {value}"
                )


def check_totals(run: Replay) -> None:
    """Check that each line on what the run takes says the numbers and quantities that it has beside it."""
    for line in run.record["totals"]:
        printed = [read_number(text) for text in _PRINTED.findall(line["text"])]
        for value in line["numbers"]:
            if isinstance(value, dict):
                run.read_amount(value)
                is_said, text = value["text"] in line["text"], value["text"]
            elif value is None:
                is_said, text = "____" in line["text"], "____"
            else:
                room = 0 if isinstance(value, int) else abs(Fraction(value)) * PRINT_TOLERANCE
                is_said, text = any(abs(Fraction(number) - abs(Fraction(value))) <= room for number in printed), f"{value}"
            run.check(is_said, f"{line['text']!r} does not say {text}")
