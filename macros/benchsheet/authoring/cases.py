"""A protocol's cases: claims that someone can check by hand, each with its reason; and the values with which `check` tries every branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._dataclass import dataclass
from ..errors import Collector, ProtocolError, suggest
from ..protocol.reader import Protocol
from ..protocol.source import Source
from ..units import normalize_spelling
from ..yamltree import YamlList, YamlMap, parse_yaml

if TYPE_CHECKING:
    from ..record.step_types import Step
    from ..record.types import Record

_CASE_KEYS = ("reason", "given", "expect", "refused")
_RECORD_LISTS = ("shelf", "ready", "counts", "claims", "derived")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One claim: with *arguments* values the sheet has *expectation*, or is *refusal* with these words; *reason* is how to check it."""

    reason: str
    arguments: Mapping[str, str]
    expectation: YamlMap | None
    refusal: str
    file: str
    line: int


def read_cases(source: Source) -> list[Case]:
    """Return the cases of a protocol; raise ProtocolError for each that cannot be read."""
    result = []
    mistakes = Collector()
    for name, text in source.files.items():
        if not name.startswith("cases/") or not name.endswith(".yml"):
            continue
        with mistakes.at(source.display_path(name)):
            items = parse_yaml(text, source.display_path(name))
            if not isinstance(items, YamlList):
                raise ProtocolError("a file of cases is a list", "write - reason: ...")
            for item in items:
                with mistakes.at(source.display_path(name), getattr(item, "line", 1)):
                    result.append(_read_case(item, source.display_path(name)))
    mistakes.raise_all()
    return result


def _read_case(item: object, file: str) -> Case:
    if not isinstance(item, YamlMap):
        raise ProtocolError("a case is a mapping", "write - reason: ..., given: {...}, expect: {...}")
    try:
        item.check_keys(_CASE_KEYS, "a case", required=("reason", "given"))
    except ProtocolError as error:
        raise ProtocolError(error.message, error.hint) from None
    if ("expect" in item) == ("refused" in item):
        raise ProtocolError("a case either expects something or is refused", "write 'expect: {...}' or 'refused: words'")
    for key in item.mapping("expect"):
        if key not in ("warnings", "days"):
            item.mapping("expect").mapping(key)
    arguments = {name: str(text) for name, text in item.mapping("given").items()}
    return Case(
        reason=item.text("reason"),
        arguments=arguments,
        expectation=item.mapping("expect") if "expect" in item else None,
        refusal=item.text("refused"),
        file=file,
        line=item.line,
    )


def find_differences(case: Case, record: Record) -> Iterator[str]:
    """Return a message for each difference between *record* and what the case expects; texts are compared as printed."""
    steps = {step["title"]: step for step in record["steps"]}
    for key, expected in (case.expectation or {}).items():
        if key in _RECORD_LISTS:
            actual_texts = _record_texts(record, key)
            for name, text in expected.items():
                actual = actual_texts.get(name)
                if isinstance(actual, list):  # a place may be claimed for several components
                    actual = next((one for one in actual if normalize_spelling(one) == normalize_spelling(text)), actual[-1])
                yield from _compare(f"{key}: {name}", actual, text, actual_texts)
        elif key == "warnings":
            expected_codes = [] if expected == "none" else [expected] if isinstance(expected, str) else list(expected)
            codes = sorted({warning["code"] for warning in record["warnings"] if warning["level"] != "N"})
            if codes != sorted(expected_codes):
                yield f"warnings are {', '.join(codes) or 'none'}, not {', '.join(expected_codes) or 'none'}"
        elif key == "days":
            last = max(row["end"]["seconds"] for row in record["schedule"]) // 86400
            yield from _compare("days", str(last + 1), expected, {})
        elif key == "says":
            yield from _unsaid(_words(record), expected)
        elif key in steps:
            acts = dict(_amounts_by_act(steps[key]))
            for name, text in expected.items():
                yield from _compare(f"{key}: {name}", acts.get(name), text, acts)
        else:
            yield f"there is no step {key!r} ({suggest(key, [*steps, *_RECORD_LISTS, 'warnings', 'days', 'says'])})"


def _record_texts(record: Record, key: str) -> dict[str, Any]:
    if key == "counts":
        return {name: str(count) for name, count in record["counts"].items()}
    if key == "derived":
        return {name: item["text"] for name, item in record["derived"].items()}
    if key == "claims":
        claims_by_group: dict[str, list[str]] = {}
        for step in record["steps"]:
            for claim in step["claims"]:
                for at in claim["at"]:
                    claims_by_group.setdefault(at, []).append(claim["target"]["text"])
        return claims_by_group
    return {reagent["id"]: (reagent["used"] if key == "shelf" else reagent["prepare"])["text"] for reagent in record["reagents"]}


def _words(record: Record) -> dict[str, str]:
    """Return what each gate, control and step says: a step with its wait, hazards and pause point, without the marks of its Markdown."""
    found = {gate["name"]: f"{gate['limit']}: {gate['reading']}" for gate in record["gates"]}
    found |= {control["name"]: control["why"] for control in record["controls"]}
    for step in record["steps"]:
        wait = [end["text"] for end in (step["wait"]["min"], step["wait"]["max"]) if end] if step["wait"] else []
        hazards = [f"Hazard: {hazard['name'] or 'act'}: {hazard['handling']}." for hazard in step["hazards"]]
        pause = [f"Pause point: {step['pause_point']}."] if step["pause_point"] else []
        words = [" to ".join(dict.fromkeys(wait)), step["markdown"].replace("**", "").replace("\\", ""), *hazards, *pause]
        found[step["title"]] = _one_line(" ".join(words))
    return found


def _unsaid(words: Mapping[str, str], expected: Mapping[str, Any]) -> Iterator[str]:
    for name, text in expected.items():
        for part in [text] if isinstance(text, str) else text:
            if name not in words:
                yield f"says: {name} is not there ({suggest(name, words)})"
            elif _one_line(part) not in words[name]:
                yield f"says: {name} is {words[name]!r}, not {part!r}"


def _one_line(text: str) -> str:
    return " ".join(normalize_spelling(text).split())


def _amounts_by_act(step: Step) -> Iterator[tuple[str, str]]:
    """Return ``bring tca`` and ``bring tca to blank`` with their amounts; where groups differ, only the second form is exact."""
    for operation in step["operations"]:
        what = f"{operation['op']} {operation.get('reagent') or operation.get('from', '')}".strip()
        yield what, operation["each"]["text"]
        for group in operation["to"]:
            yield f"{what} to {group.partition('/')[2]}", operation["each"]["text"]
            yield f"{what} to {group}", operation["each"]["text"]


def _compare(what: str, actual: str | None, expected: object, actual_texts: Mapping[str, Any]) -> Iterator[str]:
    if actual is None:
        yield f"{what} is not there ({suggest(what.rpartition(': ')[2], actual_texts)})"
    elif normalize_spelling(actual) != normalize_spelling(str(expected)):
        yield f"{what} is {actual}, not {expected}"


def branch_values(protocol: Protocol) -> Iterator[dict[str, str]]:
    """Return the values that show every branch: defaults, each choice, both ends of each number, each flag."""
    yield {}
    for parameter in protocol.parameters.values():
        texts = parameter.form.branch_values(parameter, protocol.choices(parameter))
        if parameter.per_item:
            leader = protocol.parameters[parameter.follows_list]
            first = next(iter(protocol.choices(leader)), "one")
            yield from ({leader.name: first, parameter.name: f"{first}: {text}"} for text in texts)
            continue
        for text in texts:
            yield {parameter.name: text}
