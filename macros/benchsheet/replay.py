"""Pipettes a finished Record again, as printed, in wells of its own; imports nothing of the engine and believes nothing it says.

It reads the JSON's decimals exactly, pours every operation, makes every recipe, and lists what does not hold: a volume, a
count, a concentration, a word of prose, or the seal. What is only measured at the bench it skips, and counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

# Every unit in which an amount may stand, as so many of the first of its line.
UNITS: dict[str, Fraction] = {
    "nL": Fraction(1), "uL": Fraction(1000), "mL": Fraction(10**6), "L": Fraction(10**9),
    "pmol/L": Fraction(1, 10**6), "nmol/L": Fraction(1, 1000), "umol/L": Fraction(1), "mmol/L": Fraction(1000), "mol/L": Fraction(10**6),
    "ng/mL": Fraction(1, 1000), "ug/mL": Fraction(1), "mg/mL": Fraction(1000), "{cells}/mL": Fraction(1, 10**6), "{cells}": Fraction(1),
    "ng": Fraction(1), "ug": Fraction(1000), "mg": Fraction(10**6), "g": Fraction(10**9), "s": Fraction(1), "min": Fraction(60), "h": Fraction(3600),
    "g/dL": Fraction(1), "%{vol}": Fraction(1), "%{mass}": Fraction(1), "{X}": Fraction(1), "{fold}": Fraction(1), "g/mol": Fraction(1), "Cel": Fraction(1),
    "nm": Fraction(1), "um": Fraction(1000), "mm": Fraction(10**6), "cm": Fraction(10**7), "[U]/mL": Fraction(1), "%": Fraction(1), "[g]": Fraction(1), "{rpm}": Fraction(1), "V": Fraction(1),
}  # fmt: skip
LETTERS = {
    "µL": "uL", "µM": "umol/L", "nM": "nmol/L", "pM": "pmol/L", "mM": "mmol/L", "M": "mol/L", "µg": "ug", "µg/mL": "ug/mL", "% w/v": "g/dL", "% v/v": "%{vol}",
    "% w/w": "%{mass}", "X": "{X}", "fold": "{fold}", "cells/mL": "{cells}/mL", "cells": "{cells}", "°C": "Cel", "µm": "um", "× g": "[g]", "rpm": "{rpm}", "U/mL": "[U]/mL",
}  # fmt: skip
TOLERANCE = Fraction(2, 100)  # how far a concentration may be from what was asked
PRINTED = Fraction(1, 1000)  # how far from what is printed in four figures
GROUPING = "\u202f"
POURED = {"add", "bring", "transfer", "wash"}


@dataclass
class Place:
    """A group of like places, as this module keeps them: volume in nL a place, components in concentration x nL."""

    size: int
    brim: Fraction
    volume: Fraction = Fraction(0)
    holds: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    def strength(self, component: str) -> Fraction:
        """Return a concentration; zero where nothing is."""
        return self.holds[component] / self.volume if self.volume else Fraction(0)


@dataclass
class Replay:
    """One replay: *wrong* lists what does not hold, *skipped* what only the bench can tell."""

    record: dict[str, Any]
    wrong: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    taken: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    given: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    waste: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    streams: defaultdict[tuple[str, int], Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    where: str = ""

    def check(self, holds: object, otherwise: str) -> None:
        """Note what does not hold, once."""
        if not holds and otherwise not in self.wrong:
            self.wrong.append(otherwise)

    def amount(self, quantity: dict[str, Any]) -> Fraction:
        """Return a quantity in the unit that replay counts in; its number and its printed text have to be the same thing."""
        number, _, letters = str(quantity["text"]).partition(" ")
        unit = LETTERS.get(letters.partition("/well")[0], letters.partition("/well")[0])
        try:
            same = Decimal(number.replace(GROUPING, "")) == quantity["value"] and unit == quantity["unit"]
        except ArithmeticError:
            same = False
        self.check(same, f"{quantity['text']!r} is printed for {quantity['value']} {quantity['unit']}")
        self.check(quantity["unit"] in UNITS, f"{quantity['unit']!r} is no unit of a record")
        return Fraction(quantity["value"]) * UNITS.get(quantity["unit"], Fraction(1))

    def shelf(self, name: str) -> dict[str, Fraction]:
        """Return the concentrations of a reagent, what is not yet measured left out."""
        return {component: self.amount(q) for component, q in self.reagents[name]["contains"].items() if q["value"] is not None}

    def run(self) -> Replay:
        """Replay all of it."""
        record = self.record
        self.reagents = {reagent["id"]: reagent for reagent in record["reagents"]}
        self.stays = set(record["stays"])
        self.check(seal(record) == record["seal"], "the seal is broken: the record was altered after it was made")
        self._set_out()
        for step in record["steps"]:
            self.where = f"step {step['number']} {step['title']!r}"
            for operation in step["operations"]:
                self._do(operation, step)
            for claim in step["claims"]:
                self._claim(claim)
        for made in record["preparations"]:
            self._prepare(made)
        self._ends()
        self._list()
        self._balance()
        self._times()
        return self

    def _set_out(self) -> None:
        sizes: defaultdict[str, int] = defaultdict(int)
        plates: dict[str, int] = {}
        for plate in self.record["plates"]:
            plates[plate["vessel"]] = plates.get(plate["vessel"], 0) + len(plate["names"])
            for well, spot in plate["wells"].items():
                inside = re.fullmatch(r"([A-Z])(\d+)", well)
                there = inside and ord(inside[1]) - 64 <= plate["rows"] and 1 <= int(inside[2]) <= plate["columns"]
                self.check(there, f"{plate['layout']}: there is no well {well} on this plate")
                sizes[spot["group"]] += len(plate["names"])
        for vessel in self.record["vessels"]:
            laid = plates.get(vessel["id"], vessel["count"])
            self.check(laid == vessel["count"], f"{vessel['id']}: {vessel['count']} of them, and {laid} are laid out")
            for group in vessel["groups"]:
                brim = group.get("brim") or vessel["brim"]
                self.places[group["id"]] = Place(group["size"], self.amount(brim))
                if vessel["id"] in plates:
                    self.check(
                        group["size"] == sizes[group["id"]], f"{group['id']}: {group['size']} places, and the plates have {sizes[group['id']]}"
                    )

    def _do(self, o: dict[str, Any], step: dict[str, Any]) -> None:
        """Carry out one operation as printed."""
        source = o.get("reagent") or o.get("from", "")
        what = f"{self.where}, {o['op']} {source}".rstrip()
        each, total = self.amount(o["each"]), self.amount(o["total"])
        targets = [self.places[name] for name in o["to"]]
        count = sum(place.size for place in targets)
        self.check(each > 0, f"{what}: {o['each']['text']} is nothing")
        self.check(o["count"] == count, f"{what}: {o['count']} places, and there are {count}")
        self.check(each * o["count"] * o["times"] == total, f"{what}: {o['each']['text']} x {o['count']} x {o['times']} is not {o['total']['text']}")
        if o["op"] in POURED:
            said = re.search(rf"(?<![\d.{GROUPING}]){re.escape(o['each']['text'])}(?![\w.])", step["markdown"])
            self.check(said, f"{what}: {o['each']['text']} does not stand in the step's words")
            self._pour(o, targets, each, total, what, step["number"])
            return
        for place in targets:
            self.check(each <= place.volume, f"{what}: {o['each']['text']} out of {_volume(place.volume)}")
            if o["op"] == "remove":
                self._empty(place, each, o["stream"], step["number"])
            else:
                self.waste["volume"] += place.volume * place.size
                place.volume = Fraction(0)

    def _pour(self, o: dict[str, Any], targets: list[Place], each: Fraction, total: Fraction, what: str, step: int) -> None:
        contains = self._source(o, total, what)
        for place in targets:
            if o["op"] == "wash":
                self.check(place.volume == 0, f"{what}: the wells still hold {_volume(place.volume)}")
                self.check(each <= place.brim, f"{what}: {o['each']['text']} into a place for {_volume(place.brim)}")
                self._gone(contains, each * place.size * o["times"], o["stream"], step)
                continue
            self.check(place.volume + each <= place.brim, f"{what}: {_volume(place.volume + each)} in a place for {_volume(place.brim)}")
            place.volume += each
            for component, strength in contains.items():
                place.holds[component] += strength * each

    def _source(self, o: dict[str, Any], total: Fraction, what: str) -> dict[str, Fraction]:
        """Draw *total* from a reagent or a tube; return its concentrations."""
        if "reagent" in o:
            self.taken[o["reagent"]] += total
            contains = self.shelf(o["reagent"])
            self.given["volume"] += total
            for component, strength in contains.items():
                self.given[component] += strength * total
            return contains
        tube = self.places[o["from"]]
        self.check(total <= tube.volume * tube.size, f"{what}: {_volume(total)} out of {_volume(tube.volume * tube.size)}")
        contains = {component: tube.strength(component) for component in tube.holds}
        for component, strength in contains.items():
            tube.holds[component] -= strength * total / tube.size
        tube.volume -= total / tube.size
        return contains

    def _empty(self, place: Place, each: Fraction, stream: str, step: int) -> None:
        leaving = {component: place.strength(component) for component in place.holds if component not in self.stays}
        for component, strength in leaving.items():
            place.holds[component] -= strength * each
        place.volume -= each
        self._gone(leaving, each * place.size, stream, step)

    def _gone(self, contains: dict[str, Fraction], volume: Fraction, stream: str, step: int) -> None:
        self.waste["volume"] += volume
        self.streams[stream, step] += volume
        for component, strength in contains.items():
            self.waste[component] += strength * volume

    def _claim(self, claim: dict[str, Any]) -> None:
        """Hold what a place contains against what the sheet says, and against what was asked."""
        target, said = self.amount(claim["target"]), self.amount(claim["actual"])
        for at in claim["at"]:
            real = self.places[at].strength(claim["component"])
            what = f"{self.where}: {claim['component']} in {at} comes to {float(real):.5g}"
            self.check(abs(real - said) <= said * PRINTED, f"{what}, the sheet says {claim['actual']['text']}")
            self.check(abs(real - target) <= target * TOLERANCE, f"{what}, too far from {claim['target']['text']}")

    def _prepare(self, made: dict[str, Any]) -> None:
        """Make one recipe; what comes out has to be what its label says, and enough. A tube was filled by its operations."""
        volume = self.amount(made["volume"])
        if made["step"]:
            parts = sum(self.amount(part["amount"]) for part in made["components"])
            self.check(parts == volume, f"{made['id']}: the parts do not add up to {made['volume']['text']}")
            return
        open_ended = [part for part in made["components"] if part["amount"]["value"] is None]
        if open_ended:
            self.skipped += [f"{made['id']}: {part['reagent']} follows from a measurement" for part in open_ended]
        known = [
            (part["reagent"], self.amount(part["amount"]), part.get("about", False))
            for part in made["components"]
            if part["amount"]["value"] is not None
        ]
        liquid = sum(amount for name, amount, _ in known if "solid" not in self.reagents[name])
        marked = any(about for _, _, about in known) or any("solid" in self.reagents[name] for name, _, _ in known)
        self.check(open_ended or marked or liquid == volume, f"{made['id']}: the parts do not add up to {made['volume']['text']}")
        self.check(not marked or liquid <= volume * Fraction(11, 10), f"{made['id']}: the parts are more than {made['volume']['text']}")
        self.check(volume >= self.taken[made["id"]], f"{made['id']}: {made['volume']['text']} made, {_volume(self.taken[made['id']])} used")
        for component, label in self.shelf(made["id"]).items():
            if any(component in self.reagents[part["reagent"]]["contains"] for part in open_ended):
                continue
            real = sum(self._brought(name, component, amount, made["id"]) for name, amount, _ in known) / volume
            self.check(
                abs(real - label) <= label * TOLERANCE, f"{made['id']}: {component} comes to {float(real):.5g}, its label says {float(label):.5g}"
            )
        for name, amount, _ in known:
            self.taken[name] += amount

    def _brought(self, name: str, component: str, amount: Fraction, made: str) -> Fraction:
        """Return how much of *component* (concentration x nL) comes with *amount* of the reagent *name*."""
        solid = self.reagents[name].get("solid")
        if solid is None:
            return self.shelf(name).get(component, Fraction(0)) * amount
        if solid["component"] != component:
            return Fraction(0)
        unit = self.reagents[made]["contains"][component]["unit"]
        if unit == "g/dL":  # 1 g/dL is 10 ng/nL
            return amount / 10
        if unit.endswith("g/mL"):  # 1 ug/mL is 1/1000 ng/nL
            return amount * 1000
        return amount / self.amount(solid["molar_mass"]) * 10**6  # ng over g/mol is nmol; 1 nmol in 1 nL is 10^6 umol/L

    def _ends(self) -> None:
        for vessel in self.record["vessels"]:
            for group in vessel["groups"]:
                left = self.places[group["id"]].volume
                self.check(left == self.amount(group["volume"]), f"{group['id']} ends with {_volume(left)}, not {group['volume']['text']}")
        said: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for item in self.record["waste"]:
            said[item["stream"], item["step"]] += self.amount(item["volume"])
        for key in sorted({*said, *self.streams}, key=str):
            self.check(
                said[key] == self.streams[key],
                f"waste {key[0]!r} of step {key[1]}: {_volume(said[key])} on the list, {_volume(self.streams[key])} in the steps",
            )

    def _list(self) -> None:
        """Hold the shelf list against what the steps and the recipes took."""
        for name, reagent in self.reagents.items():
            if reagent["used"]["value"] is None:
                self.skipped.append(f"{name}: what is used follows from a measurement")
                continue
            used, ready = self.amount(reagent["used"]), reagent["prepare"]
            self.check(
                ready["value"] is not None and self.amount(ready) >= used, f"{name}: {ready['text']} is not enough for {reagent['used']['text']}"
            )
            self.check(used == self.taken[name], f"{name}: {reagent['used']['text']} on the list, {_volume(self.taken[name])} in the steps")
        for made in self.record["preparations"]:
            if not made["step"]:
                ready = self.reagents[made["id"]]["prepare"]
                self.check(
                    self.amount(ready) == self.amount(made["volume"]), f"{made['id']}: {made['volume']['text']} made, {ready['text']} on the list"
                )
        for name in self.taken:
            self.check(name in self.reagents, f"{name} is taken and stands on no list")

    def _balance(self) -> None:
        """Account for everything that went in: it is in a vessel or in the waste. Volumes balance without any tolerance."""
        inside: defaultdict[str, Fraction] = defaultdict(Fraction, self.waste)
        for place in self.places.values():
            inside["volume"] += place.volume * place.size
            for component, amount in place.holds.items():
                inside[component] += amount * place.size
        for what in sorted({*inside, *self.given}):
            self.check(inside[what] == self.given[what], f"{what}: {float(self.given[what])} went in, {float(inside[what])} is accounted for")

    def _times(self) -> None:
        """Hold the hands-on total and the said amounts against the steps."""
        total = Fraction(0)
        for step in self.record["steps"]:
            total += self.amount(step["hands_on"])
            for said in step["said"]:
                self.check(said in step["markdown"], f"step {step['number']} {step['title']!r}: {said!r} does not stand in its words")
            wait = step["wait"]
            if wait:
                least, planned = self.amount(wait["min"]), self.amount(wait["planned"])
                most = self.amount(wait["max"]) if wait["max"] else planned
                self.check(least <= planned <= most, f"step {step['number']} {step['title']!r}: the planned wait is outside its range")
        self.check(total == self.amount(self.record["hands_on"]), f"hands-on: {self.record['hands_on']['text']} in all is not the sum of the steps")


def _volume(value: Fraction) -> str:
    """Write nL for a message; what is too little is never shown as less than nothing."""
    return f"{float(max(value, Fraction(0)) / 1000):g} µL"


def seal(record: dict[str, Any]) -> str:
    """Return the SHA-256 over the record without its seal: keys sorted, no spaces, numbers as plain decimals."""
    return hashlib.sha256(_plain({key: value for key, value in record.items() if key != "seal"}).encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_plain(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_plain(item) for item in value) + "]"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    return json.dumps(value, ensure_ascii=False)


def replay(text: str) -> Replay:
    """Replay a Record's JSON; ``wrong`` of what is returned is empty if the sheet can be done as it stands."""
    empty = Replay({})
    try:
        record = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        empty.wrong.append(f"not a record: {error}")
        return empty
    if not isinstance(record, dict) or record.get("schema") != "benchsheet-record/1":
        empty.wrong.append("not a record: it has no schema 'benchsheet-record/1'")
        return empty
    made = Replay(record)
    try:
        return made.run()
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError, IndexError) as error:
        made.wrong.append(f"not a whole record: {made.where or 'at the beginning'}: {type(error).__name__} {error}")
        return made
