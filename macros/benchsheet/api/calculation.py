"""One calculation of the bench: the exact results, and the working as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from .. import library
from .._dataclass import dataclass
from ..calculators import (
    CALCULATORS,
    Calculator,
    CalculatorInputs,
    Option,
    amount_text,
    collect_cautions,
    parse_options,
    results_data,
    setting_text,
)
from ..errors import Collector, ProtocolError, check_known, locate_errors, option_flag
from ..protocol.tables import DataTable, parse_table
from ..units import Quantity
from .labs import Lab, take_lab

__all__ = ["CALCULATORS", "Answer", "Calculator", "Option", "answer_typed", "calculate", "check_option"]
_PLAIN = "number"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of a calculator. ``answer["take"]`` is one of its *results*: an exact Quantity, or a Fraction if it has no unit.

    *texts* are the same results as they are printed, *labels* say what each is, *settings* what this lab sets for those that it sets.
    *working* is the calculation line by line, *warnings* say what this lab cannot set or sets badly, and *notes* how to use the answer.
    *data* is what ``benchsheet calc --json`` writes.
    """

    results: dict[str, Quantity | Fraction]
    texts: dict[str, str]
    labels: dict[str, str]
    settings: dict[str, str]
    working: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    data: list[dict[str, Any]]

    def __getitem__(self, name: str) -> Quantity | Fraction:
        return self.results[name]

    def format_table(self, convert: Callable[[str], str] = str) -> tuple[str, ...]:
        """Return the lines of a table: each result, what the lab sets for it, and what it is. *convert* makes of a cell what is written."""
        from ..formats.text import format_table

        rows = [(name, text, self.settings.get(name, ""), self.labels[name]) for name, text in self.texts.items()]
        shown = [0, 1, 2, 3] if self.settings else [0, 1, 3]
        head = ("result", "exact" if self.settings else "value", "set to", "what")
        table = tuple(tuple(convert(row[column]) for column in shown) for row in rows)
        return format_table(tuple(head[column] for column in shown), table, "".join("lrll"[column] for column in shown))

    def __repr__(self) -> str:
        return f"<Answer: {', '.join(f'{name} {text}' for name, text in self.texts.items())}>"


def calculate(calculator: str, /, *, lab: str | Path | Lab | None = None, **values: object) -> Answer:
    """Return the answer of *calculator* for *values*, which are its options: ``calculate("dilute", stock="10 mM", final="5 uM", volume="1 mL")``.

    A value is as `render` takes it; a list gives several of what may be given several times. An option that is a word of Python
    has an underscore behind it: ``in_``. Raise ProtocolError, or ProtocolErrors for several mistakes.
    """
    from .typed_values import Typing, type_value

    check_known(calculator, CALCULATORS, f"no calculator {calculator!r}", "calculators")
    asked, mistakes, own = CALCULATORS[calculator], Collector(), Lab.default()
    options = {option.name: option for option in asked.options}
    words: dict[str, list[str]] = {}
    for keyword, value in values.items():
        name = keyword if keyword in options else keyword.removesuffix("_")
        with mistakes.at(option_flag(name)):
            check_option(asked, name)
            if value is None or value is False:
                continue
            form = options[name].form
            several = value if form == "component" and isinstance(value, list | tuple) else [value]
            how = Typing(
                example=options[name].example,
                separator="," if form == "wholes" else "; ",
                needs_unit=form.startswith("quantit"),
                takes_floats=form in ("number", "numbers"),
            )
            words[name] = []  # what cannot be typed is a mistake already, and not missing
            words[name] = [type_value(each, how) for each in several]
    with mistakes.at(option_flag("lab")):
        own = Lab(profile=take_lab(lab))
    return answer_typed(asked, words, own, mistakes)


def check_option(calculator: Calculator, name: str) -> None:
    """Raise ProtocolError, with the nearest one, if *calculator* does not have an option *name*."""
    flags = [option.flag for option in calculator.options]
    check_known(option_flag(name), flags, "there is no such option", "options")


def answer_typed(calculator: Calculator, words: Mapping[str, list[str]], lab: Lab, mistakes: Collector) -> Answer:
    """Return the answer of *calculator* for the *words* typed for its options; raise these *mistakes* and all those of the words."""
    own = lab.profile
    try:
        inputs = parse_options(calculator, words, mistakes)
        mistakes.raise_all()
        with locate_errors(f"benchsheet calc {calculator.name}"):
            found = calculator.calculate(CalculatorInputs(values=inputs, lab=own, tables=_load_tables(calculator, inputs)))
    except ProtocolError as error:
        for mistake in error.parts:
            places = mistake.file.replace(" or ", ", ").split(", ")
            mistake.parameters = tuple(option.name for option in calculator.options if option.flag in places)
        raise
    settings = {each.name: setting_text(each, own) for each in found.results}
    return Answer(
        results={each.name: each.value if each.kind == _PLAIN else Quantity(value=each.value, kind=each.kind) for each in found.results},
        texts={each.name: amount_text(each.value, each.kind) for each in found.results},
        labels={each.name: each.label for each in found.results},
        settings={name: text for name, text in settings.items() if text},
        working="\n".join(found.working),
        warnings=tuple(collect_cautions(found, own)),
        notes=found.notes,
        data=results_data(found, own),
    )


def _load_tables(calculator: Calculator, inputs: Mapping[str, Any]) -> Mapping[str, DataTable]:
    """Return the shared tables that a calculator reads; none where it takes names, and was given none to look up."""
    if not calculator.table_names or "of" in {option.name for option in calculator.options} and not (inputs.get("of") or inputs.get("in")):
        return {}
    folder = f"protocols/{library.SHARED_FOLDER}"
    texts = library.load_shared_files()
    return {name: parse_table(name, texts[f"{name}.yml"], f"{folder}/{name}.yml") for name in calculator.table_names}
