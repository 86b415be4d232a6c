"""What a calculator knows from the names on the bottles, ``--of`` and ``--in``: the molar mass of a drug's form, hazards, what must not meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .._dataclass import replace
from ..errors import ProtocolError, locate_errors
from ..protocol.meetings import report_meetings
from ..protocol.reader import HAZARDS_TABLE
from ..protocol.substances import UNKNOWN_HAZARDS, index_substances
from ..protocol.tables import DataTable
from ..spelling import fold_name
from ..units import Quantity
from .model import Calculation, Calculator, CalculatorInputs, Option

DRUGS, FORMS = "drugs", "drug_forms"
FORM_TOLERANCE = Fraction(1, 100)  # of a molar mass on the label of one's own lot
OF = Option(
    name="of",
    form="name",
    help="what it is, for its hazards; a drug of the table with its form, for its molar mass",
    example="sodium azide",
    optional=True,
)
IN = Option(name="in", form="name", help="the liquid that it goes into, for what must not meet", example="PBS", optional=True)


def with_names(calculator: Calculator, *, makes_liquid: bool = True) -> Calculator:
    """Return *calculator* with ``--of``, which may stand for ``--mw``, and with ``--in`` if it *makes_liquid*."""

    def calculate(inputs: CalculatorInputs) -> Calculation:
        name, liquid = inputs.values.get("of"), inputs.values.get("in")
        warnings: list[str] = []
        notes: list[str] = []
        mw = next((option for option in calculator.options if option.name == "mw"), None)
        is_needed = mw is not None and not (mw.optional or mw.optional_if and mw.optional_if(inputs.values))
        if name and mw:
            inputs = _with_molar_mass(inputs, name, warnings, notes, is_needed=is_needed)
        if mw and is_needed and "mw" not in inputs:
            raise ProtocolError(f"it is missing: {mw.missing[0] or mw.help}", mw.missing[1] or f'like --mw "{mw.example}"', "--mw")
        if makes_liquid and (name or liquid):
            strengths = {each: amount for each, amount in {name: inputs.values.get("stock"), liquid: None}.items() if each}
            notes += tell_hazards(inputs.tables, strengths, solid=() if "stock" in inputs else (name,))
            reject_meetings(inputs.tables, strengths, "what is made", "--of, --in", warnings)
        answer = calculator.calculate(inputs)
        return replace(answer, warnings=(*warnings, *answer.warnings), notes=(*answer.notes, *notes))

    def relax(option: Option) -> Option:
        if option.name != "mw" or option.optional:
            return option
        is_optional = option.optional_if or (lambda _: False)
        return replace(option, optional_if=lambda found: bool(found.get("of")) or is_optional(found))

    options = (OF, *map(relax, calculator.options), *((IN,) if makes_liquid else ()))
    tables = (*calculator.table_names, HAZARDS_TABLE, DRUGS, FORMS)
    return replace(calculator, options=options, calculate=calculate, table_names=tables)


def reject_meetings(tables: Mapping[str, DataTable], names: Iterable[str], place: str, flag: str, warnings: list[str]) -> None:
    """Raise ProtocolError, placed at *flag*, for two of *names* that must never meet; add to *warnings* those that may only with care."""
    with locate_errors(flag):
        meetings = index_substances(tables[HAZARDS_TABLE]).meet(frozenset(names))
        report_meetings(meetings, place, "leave one of them out, or take another substance", lambda _, message: warnings.append(message))


def tell_hazards(
    tables: Mapping[str, DataTable], strengths: Mapping[str, Quantity | None], *, solid: Iterable[str | None] = (), known_only: bool = False
) -> list[str]:
    """Return how each of the names in *strengths* is handled, at that strength or as a *solid*; with *known_only* none that is unknown."""
    substances = index_substances(tables[HAZARDS_TABLE])
    told: dict[str, None] = {}
    for name, strength in strengths.items():
        is_drug = DRUGS in tables and _find_drug(tables, name)
        rows = substances.rows_named(name) or (("drug",) if is_drug and "drug" in substances.table.rows else ())
        for row in rows:
            words = substances.handling(row, strength, is_solid=name in solid)
            told |= {f"{name if len(rows) == 1 else row}: {words}": None} if words else {}
        if not rows and not known_only:
            told[f"{name}: {UNKNOWN_HAZARDS}"] = None
    return list(told)


def _with_molar_mass(inputs: CalculatorInputs, name: str, warnings: list[str], notes: list[str], *, is_needed: bool) -> CalculatorInputs:
    """Return *inputs* with the molar mass of what *name* says, where one is of use and none was typed; hold one that was typed against the forms.

    Raise ProtocolError for a molar mass that the form does not have, or that is below the lightest form: a salt or water only adds to it.
    """
    drug, named = _find_drug(inputs.tables, name) or ("", "")
    masses = {cells["form"]: cells["mw"] for cells in inputs.tables[FORMS].rows.values() if drug and cells["drug"] == drug}
    if not masses:
        return inputs
    form = _find_form(inputs.tables[FORMS], drug, named)
    listed = ", ".join(f"{each} {mass}" for each, mass in masses.items())
    typed: Quantity | None = inputs.values.get("mw")
    if typed is None:
        if form and (is_needed or _has_two_kinds(inputs)):
            notes.append(f"{drug}, {form}: {masses[form]} by the table of drugs; the certificate of your own lot comes first")
            return replace(inputs, values={**inputs.values, "mw": masses[form]})
        if not is_needed:
            return inputs
        first = next(iter(masses))
        reason = f"the form {named!r} of {drug} is not in the table" if named else f"the form of {drug} decides its molar mass"
        raise ProtocolError(f"{reason} ({listed})", f"--of '{drug} {first}' if that is on the label, or --mw", "--of")
    near = min(masses, key=lambda each: abs(masses[each].value - typed.value))
    is_near = abs(typed.value - masses[near].value) <= FORM_TOLERANCE * masses[near].value
    with locate_errors("--mw"):
        if form and not (is_near and near == form):
            raise ProtocolError(f"{typed} is not the molar mass of {drug} as {form} ({listed})", "leave --mw out, or name the form on the label")
        if typed.value < min(mass.value for mass in masses.values()) * (1 - FORM_TOLERANCE):
            raise ProtocolError(f"{typed} is less than any form of {drug} has ({listed})", "--mw as on the label: a salt or water only adds to it")
        if named and is_near and not form:
            raise ProtocolError(f"{typed} is the molar mass of {drug} as {near}, and not as {named} ({listed})", "--mw of the form on the label")
    if is_near:
        notes.append(f"{typed} is the molar mass of {drug} as {near}: compare it with the label")
    elif not named:
        warnings.append(f"{typed} is not the molar mass of {drug} in any form of the table ({listed}): compare it with the label")
    return inputs


def _has_two_kinds(inputs: CalculatorInputs) -> bool:
    """Return whether a stock meets another kind of concentration, or a mass is turned into one."""
    amounts = [inputs.values.get(name) for name in ("stock", "final", "top", "points")]
    kinds = {amount.kind for each in amounts if each for amount in (each if isinstance(each, tuple) else (each,))}
    return len(kinds) > 1 or "mass" in inputs


def _find_drug(tables: Mapping[str, DataTable], name: str) -> tuple[str, str] | None:
    """Return the drug of the table with which *name* begins, and the rest of it, which is its form; None if there is no such drug."""
    words = name.replace(",", " ").split()
    rows: Any = tables[DRUGS].row_names
    found = ((rows.find(" ".join(words[:end])), " ".join(words[end:]).strip("() ")) for end in range(len(words), 0, -1))
    return next(((row, rest) for row, rest in found if row and row != "other"), None)


def _find_form(forms: DataTable, drug: str, named: str) -> str:
    """Return the form of *drug* that is *named*, by any of its names; "" if the table does not have it."""
    own = [cells for cells in forms.rows.values() if cells["drug"] == drug]
    names = {fold_name(word): cells["form"] for cells in own for word in (cells["form"], *cells.get("form_synonyms", ()))}
    return str(names.get(fold_name(named), "")) if named else ""
