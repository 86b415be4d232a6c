"""The engine as a web page asks it: one JSON text in, one JSON text out. Nothing is written, and no mistake ends it.

What is refused is refused in the words of the command line, each with the fields that it is about. A module that the page has not loaded is
named, so that it loads it and asks again; a fault of this program is told as one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from . import __version__, library
from .api.calculation import CALCULATORS, Option, answer_typed, check_option
from .api.declarations import list_parameters
from .api.finding import find_protocol, known_ids, load_declaration
from .api.labs import Lab
from .api.rendering import Sheet, render_typed, replay
from .api.sheet_files import FORMATS, check_format
from .errors import Collector, ProtocolError, check_known, option_flag
from .record.identity import engine_build

Ask = Mapping[str, Any]
PLACE = "benchsheet render"  # of a mistake that belongs to no field, as on the command line


def answer(asked: str) -> str:
    """Return the answer to what is *asked*, both as JSON.

    The entry ``do`` of an ask is a key of `ANSWERS`. An answer has the entries that its function says, or else ``mistakes``: a list of
    ``fields``, ``message``, ``hint`` and ``place``; or ``missing``, the name of a module; or ``fault``.
    """
    try:
        ask = _read_ask(asked)
        do = _take_text(ask, "do")
        check_known(do, ANSWERS, f"no answer {do!r}", "answers")
        found = ANSWERS[do](ask)
    except ProtocolError as error:
        found = {"mistakes": describe_mistakes(error)}
    except ModuleNotFoundError as error:
        found = {"missing": error.name}
    except Exception as error:  # noqa: BLE001 - whatever it is, the page has to say that it is a fault of the program
        found = {"fault": f"{type(error).__name__}: {error}"}
    return json.dumps(found, ensure_ascii=False)


def describe_mistakes(error: ProtocolError) -> list[dict[str, Any]]:
    """Return each mistake as data: the names of the ``fields`` that it is about, its ``message``, ``hint`` and ``place``."""
    return [
        {
            "fields": list(each.keywords),
            "message": each.message,
            "hint": each.hint,
            "place": f"{each.file}:{each.line}" if each.line else str(each.file),
        }
        for each in error.parts
    ]


def _render(ask: Ask) -> dict[str, Any]:
    """Answer with the ``sheet``, its ``files`` by format, and the mistakes of formats that are ``refused``: a run without a start has no calendar."""
    mistakes, own = Collector(), Lab.default()
    with mistakes.at(option_flag("lab")):
        own = _take_lab(ask)
    protocol, values = find_protocol(_take_name(ask)), _take_texts(ask, "values")
    formats = [check_format(name) for name in _take_list(ask, "formats")]
    start, name = _take_text(ask, "start", ""), _take_text(ask, "name", "").strip()
    sheet = render_typed(protocol, values, own, start or None, mistakes, place=PLACE, name=name)
    files, refused = {}, {}
    for format_name in formats:
        try:
            files[format_name] = _write(sheet, format_name, name)
        except ProtocolError as error:
            refused[format_name] = describe_mistakes(error)
    return {"sheet": _describe_sheet(sheet), "files": files, "refused": refused}


def _write(sheet: Sheet, format_name: str, name: str) -> str:
    if FORMATS[format_name].is_binary:
        raise ProtocolError(f"{format_name} is not made in a page", "print the sheet, or make it with the command", option_flag("format"))
    content = sheet.format(format_name, name=name)
    return content if isinstance(content, str) else content.decode()


def _describe_sheet(sheet: Sheet) -> dict[str, Any]:
    made = sheet.made
    return {
        "protocol": made["protocol"]["id"],
        "version": made["protocol"]["version"],
        "digest": made["identity"]["inputs"],
        "run": made["identity"]["run"],
        "seal": sheet.seal,
        "command": sheet.command,
        "given": made["invocation"]["given"],
        "warnings": list(sheet.warnings),
        "parameters": {name: {"text": each["text"], "changed": each["changed"]} for name, each in made["parameters"].items()},
    }


def _calculate(ask: Ask) -> dict[str, Any]:
    """Answer with the ``answer`` of a calculator: its results, working, warnings and notes."""
    calculator, mistakes, words = CALCULATORS[_take_calculator(ask)], Collector(), {}
    values = ask.get("values", {})
    if not isinstance(values, dict):
        raise ProtocolError("'values' of an ask is an object")
    for option, value in values.items():
        with mistakes.at(option_flag(option)):
            check_option(calculator, option)
            texts = value if isinstance(value, list) else [value]
            if not all(isinstance(text, str) for text in texts):
                raise ProtocolError("a value of an ask is a text, or a list of texts")
            words[option] = texts
    own = Lab.default()
    with mistakes.at(option_flag("lab")):
        own = _take_lab(ask)
    found = answer_typed(calculator, words, own, mistakes)
    return {"answer": {"results": found.data, "working": found.working, "warnings": list(found.warnings), "notes": list(found.notes)}}


def _replay(ask: Ask) -> dict[str, Any]:
    """Answer with what is ``wrong`` in a Record that was pipetted again, and with its ``skips``."""
    text = _take_text(ask, "record")
    outcome = replay(text if text.lstrip().startswith("{") else "{}")
    return {"wrong": list(outcome.wrong), "skips": list(outcome.skips)}


def _declare(ask: Ask) -> dict[str, Any]:
    """Answer with what a form asks for: the ``parameters`` of a protocol, in the order to ask for them, or the ``options`` of a calculator."""
    if "calculator" in ask:
        calculator = CALCULATORS[_take_calculator(ask)]
        return {
            "summary": calculator.summary,
            "options": [_describe_option(option) for option in calculator.options],
            "one_of": list(calculator.one_of),
        }
    protocol = load_declaration(find_protocol(_take_name(ask)))
    found = {each["name"]: each for each in list_parameters(protocol)}
    return {"title": protocol.title, "parameters": [found[parameter.name] for parameter in protocol.parameters_to_read]}


def _describe_option(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "option": str(option.flag),
        "form": option.form,
        "kinds": list(option.kinds),
        "help": option.help,
        "example": option.example,
        "default": option.default or None,
        "optional": option.optional or option.optional_if is not None,
        "units": option.unit_hint,
    }


def _describe(_: Ask) -> dict[str, Any]:
    """Answer with what this engine is, so that a page refuses one that is not its own, and with what it knows."""
    return {
        "version": __version__,
        "build": engine_build(),
        "protocols": list(known_ids()),
        "calculators": list(CALCULATORS),
        "formats": list(FORMATS),
    }


ANSWERS: dict[str, Callable[[Ask], dict[str, Any]]] = {
    "render": _render,
    "calculate": _calculate,
    "replay": _replay,
    "declare": _declare,
    "describe": _describe,
}


# --- parts of an ask ------------------------------------------------------------------------------------------------------


def _read_ask(asked: str) -> Ask:
    try:
        ask = json.loads(asked)
        json.dumps(ask, ensure_ascii=False).encode()
    except RecursionError:
        raise ProtocolError("an ask is nested too deeply") from None
    except UnicodeEncodeError:
        raise ProtocolError("an ask holds half of a sign", "type it again") from None
    except ValueError as error:
        raise ProtocolError(f"an ask is JSON: {error}") from None
    if not isinstance(ask, dict):
        raise ProtocolError("an ask is a JSON object")
    return ask


def _take_text(ask: Ask, key: str, usual: str | None = None) -> str:
    value = ask.get(key, usual)
    if not isinstance(value, str):
        raise ProtocolError(f"{key!r} of an ask is a text")
    return value


def _take_list(ask: Ask, key: str) -> list[str]:
    value = ask.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProtocolError(f"{key!r} of an ask is a list of texts")
    return cast("list[str]", value)


def _take_texts(ask: Ask, key: str) -> dict[str, str]:
    value = ask.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ProtocolError(f"{key!r} of an ask is an object of texts")
    return cast("dict[str, str]", value)


def _take_name(ask: Ask) -> str:
    """Return the name of a packaged protocol: a page has no folders."""
    name = _take_text(ask, "protocol")
    check_known(name, known_ids(), f"no protocol {name!r}", "protocols")
    return name


def _take_calculator(ask: Ask) -> str:
    name = _take_text(ask, "calculator")
    check_known(name, CALCULATORS, f"no calculator {name!r}", "calculators")
    return name


def _take_lab(ask: Ask) -> Lab:
    """Return the lab of the profile whose text the ask brings, or the default one."""
    text = _take_text(ask, "lab", "")
    return Lab(profile=library.parse_lab(text, "your lab")) if text.strip() else Lab.default()
