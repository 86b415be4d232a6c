"""The lists of a record held against what the steps took and left: recipes, shelf, waste, doses, times, and the balance of it all."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from .parse import PRINTED, TOLERANCE, Replay, volume


def preparation(run: Replay, made: dict[str, Any]) -> None:
    """Make one recipe; what comes out has to be what its label says, and enough. A tube has to be what its operations filled."""
    amount = run.amount(made["volume"])
    if made["step"]:
        _tube(run, made, amount)
        return
    blanks = [part for part in made["components"] if part["amount"]["value"] is None]
    run.skipped += [f"{made['id']}: {part['reagent']} follows from a measurement" for part in blanks]
    known = [(part["reagent"], run.amount(part["amount"]), part.get("about", False)) for part in made["components"] if part not in blanks]
    liquid = sum(part for name, part, about in known if "solid" not in run.reagents[name] and not about)
    whole = liquid + sum(part for name, part, about in known if "solid" not in run.reagents[name] and about)
    marked = any(about for _, _, about in known)
    if not blanks and marked:
        run.check(liquid <= amount and abs(whole - amount) * 10 <= amount, f"{made['id']}: the parts do not come to about {made['volume']['text']}")
    elif not blanks:
        run.check(whole == amount, f"{made['id']}: the parts do not add up to {made['volume']['text']}")
    run.check(amount >= run.taken[made["id"]], f"{made['id']}: {made['volume']['text']} made, {volume(run.taken[made['id']])} used")
    for component, label in run.shelf(made["id"]).items():
        if any(component in run.reagents[part["reagent"]]["contains"] for part in blanks):
            continue
        if run.reagents[made["id"]]["contains"][component]["unit"] == "{X}" and not any(
            component in run.reagents[name]["contains"] for name, _, _ in known
        ):
            continue  # 10 X is what the whole of this recipe is called; what is made from it is held against that
        real = sum(_brought(run, name, component, part, made["id"]) for name, part, _ in known) / amount
        what = f"{made['id']}: {component} comes to {float(real):.5g}, its label says {float(label):.5g}"
        run.check(abs(real - label) <= label * TOLERANCE, what)
    for name, part, _ in known:
        run.taken[name] += part


def _tube(run: Replay, made: dict[str, Any], amount: Fraction) -> None:
    parts = [(part.get("reagent") or part.get("from"), run.amount(part["amount"])) for part in made["components"]]
    run.check(sum(part for _, part in parts) == amount, f"{made['id']}: the parts do not add up to {made['volume']['text']}")
    step = next((step for step in run.record["steps"] if step["number"] == made["step"]), None)
    filled = [
        (o.get("reagent") or o.get("from"), run.amount(o["total"])) for o in (step or {"operations": []})["operations"] if o["to"] == [made["id"]]
    ]
    run.check(parts == filled, f"{made['id']}: its parts are not what step {made['step']} fills it with")
    words = [made["name"], made["holds"], *(part["amount"]["text"] for part in made["components"]), made["volume"]["text"]]
    rows = [line for line in (step or {"markdown": ""})["markdown"].splitlines() if line.startswith("|")]
    told = not made["holds"] or any(all(_stands(word, row) for word in words) for row in rows)
    run.check(told, f"{made['id']}: no row of step {made['step']} says {', '.join(words)}")


def _stands(word: str, row: str) -> bool:
    """Return whether an amount or a name stands in a row of a table as it is, not as a part of another."""
    return re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", row.replace("\\", "")) is not None


def _brought(run: Replay, name: str, component: str, amount: Fraction, made: str) -> Fraction:
    """Return how much of *component* (concentration x nL) comes with *amount* of the reagent *name*."""
    solid = run.reagents[name].get("solid")
    if solid is None:
        return run.shelf(name).get(component, Fraction(0)) * amount
    if solid["component"] != component:
        return Fraction(0)
    unit = run.reagents[made]["contains"][component]["unit"]
    if unit == "g/dL":  # 1 g/dL is 10 ng/nL
        return amount / 10
    if unit.endswith("g/mL"):  # 1 ug/mL is 1/1000 ng/nL
        return amount * 1000
    return amount / run.amount(solid["molar_mass"]) * 10**6  # ng over g/mol is nmol; 1 nmol in 1 nL is 10^6 umol/L


def ends(run: Replay) -> None:
    """Hold what is left in every place, and what each waste stream got, against the record."""
    for vessel in run.record["vessels"]:
        for group in vessel["groups"]:
            left = run.places[group["id"]].volume
            run.check(left == run.amount(group["volume"]), f"{group['id']} ends with {volume(left)}, not {group['volume']['text']}")
    listed = {(item["stream"], item["step"]): item for item in run.record["waste"]}
    for key in sorted({*listed, *run.streams}, key=str):
        where, held = f"waste {key[0]!r} of step {key[1]}", run.streams[key]
        if key not in listed:
            run.check(False, f"{where}: {volume(held['volume'])} are on no list")
            continue
        said = run.amount(listed[key]["volume"])
        run.check(said == held["volume"], f"{where}: {volume(said)} on the list, {volume(held['volume'])} in the steps")
        strengths = {name: run.amount(q) for name, q in listed[key]["components"].items()}
        for name in sorted({*strengths, *held} - {"volume"}):
            real, told = held[name] / (held["volume"] or 1), strengths.get(name, Fraction(0))
            run.check(
                abs(real - told) <= real * PRINTED, f"{where}: {name} comes to {float(max(real, Fraction(0))):.5g}, the list says {float(told):.5g}"
            )


def shelf(run: Replay) -> None:
    """Hold the shelf list against what the steps and the recipes took."""
    for name, reagent in run.reagents.items():
        ready, spare = reagent["prepare"], reagent["overage"]["amount"]
        if reagent["used"]["value"] is None:
            run.skipped.append(f"{name}: what is used follows from a measurement")
            continue
        used = run.amount(reagent["used"])
        run.check(ready["value"] is not None and run.amount(ready) >= used, f"{name}: {ready['text']} is not enough for {reagent['used']['text']}")
        run.check(used == run.taken[name], f"{name}: {reagent['used']['text']} on the list, {volume(run.taken[name])} in the steps")
        whole = ready["value"] is not None and used + run.amount(spare) == run.amount(ready)
        run.check(whole, f"{name}: {reagent['used']['text']} and {spare['text']} more are not {ready['text']}")
    for made in run.record["preparations"]:
        if not made["step"]:
            ready = run.reagents[made["id"]]["prepare"]
            same = ready["value"] is not None and run.amount(ready) == run.amount(made["volume"])
            run.check(same, f"{made['id']}: {made['volume']['text']} made, {ready['text']} on the list")
    for name in run.taken:
        run.check(name in run.reagents, f"{name} is taken and stands on no list")


def balance(run: Replay) -> None:
    """Account for everything that went in: it is in a vessel or in the waste. Volumes balance without any tolerance."""
    inside: defaultdict[str, Fraction] = defaultdict(Fraction, run.waste)
    for place in run.places.values():
        inside["volume"] += place.volume * place.size
        for component, amount in place.holds.items():
            inside[component] += amount * place.size
    for what in sorted({*inside, *run.given}):
        run.check(
            inside[what] == run.given[what],
            f"{what}: {float(run.given[what]):.6g} went in, {float(max(inside[what], Fraction(0))):.6g} is accounted for",
        )


def doses(run: Replay) -> None:
    """Hold the doses on groups and wells against what the steps claim for them."""
    groups = {group["id"]: group for vessel in run.record["vessels"] for group in vessel["groups"]}
    for name, group in groups.items():
        if group["dose"] is not None and run.places[name].size and not group.get("labware"):
            run.check(group["dose"] in run.targets.get(name, []), f"{name}: its dose is {group['dose']['text']}, and the steps give it another")
    for plate in run.record["plates"]:
        for well, spot in plate["wells"].items():
            group = groups.get(spot["group"], {})
            same = all(spot[key] == group.get(key) for key in ("role", "dose")) and group.get("compound") in (None, spot["compound"])
            run.check(same, f"{plate['layout']}: well {well} is not what its group {spot['group']} is")


def times(run: Replay) -> None:
    """Hold numbers, hands-on times, waits and said amounts of the steps together."""
    total = Fraction(0)
    for number, step in enumerate(run.record["steps"], 1):
        where = f"step {step['number']} {step['title']!r}"
        run.check(step["number"] == number, f"{where} stands in place {number}")
        total += run.amount(step["hands_on"])
        for said, times in Counter(step["said"]).items():
            run.check(step["markdown"].count(said) >= times, f"{where}: {said!r} does not stand in its words")
        _told(run, step, where)
        wait = step["wait"]
        if wait:
            least, planned = run.amount(wait["min"]), run.amount(wait["planned"])
            most = run.amount(wait["max"]) if wait["max"] else planned
            run.check(least <= planned <= most, f"{where}: the planned wait is outside its range")
    run.check(total == run.amount(run.record["hands_on"]), f"hands-on: {run.record['hands_on']['text']} in all is not the sum of the steps")


def _told(run: Replay, step: dict[str, Any], where: str) -> None:
    """Every act outside a table is told by itself: as many bold amounts of a text as there are acts with it.

    A transfer from several tubes is one act of many operations; what is said beside it stands for itself.
    """
    tubes = {made["id"] for made in run.record["preparations"] if made["step"] == step["number"]}
    acts: Counter[str] = Counter()
    transfers = set()
    removed: defaultdict[int, set[str]] = defaultdict(set)
    for o in step["operations"]:
        if o["op"] == "remove":
            removed[o["place"]["line"]].add(o["each"]["text"])
        if set(o["to"]) <= tubes or o["op"] not in ("add", "bring", "transfer", "wash"):
            continue
        key = (o["place"]["line"], o["each"]["text"])
        if o["op"] != "transfer" or key not in transfers:
            acts[o["each"]["text"]] += 1
        transfers |= {key} if o["op"] == "transfer" else set()
    acts.update(
        text
        for texts in removed.values()
        if len(texts) == 1
        for text in texts
        if f"**{text}**" in step["markdown"] or "all liquid" not in step["markdown"]
    )
    lines = step["markdown"].splitlines()
    for text, times in acts.items():
        told = step["markdown"].count(f"**{text}**") + sum(line.count(f" {text} |") for line in lines if line.startswith("|"))
        run.check(told >= times, f"{where}: {text} stands {told} times in its words, and is done {times} times")
