"""The forms that a parameter may have, by the key that declares each."""

from __future__ import annotations

import functools

from ..shapes import Schema
from .amount_forms import PairsForm, QuantityForm
from .form import Form
from .number_forms import CountForm, FlagForm, NumberForm
from .word_forms import AddsForm, ChoicesForm, NamesForm, TextForm

QUANTITY = QuantityForm()
TEXT_FORM = TextForm()
FORMS: dict[str, Form] = {
    form.key: form for form in (CountForm(), NumberForm(), ChoicesForm(), TEXT_FORM, FlagForm(), NamesForm(), PairsForm(), AddsForm())
}


def register_form(form: Form) -> None:
    """Let protocol.yml declare parameters of *form*, by its key."""
    FORMS[form.key] = form
    all_keys.cache_clear()


def parameter_schema() -> Schema:
    """Return the JSON schema of a parameter: one of the forms."""
    return {"anyOf": [form.json_schema() for form in (QUANTITY, *FORMS.values())]}


@functools.cache
def all_keys() -> tuple[str, ...]:
    """Return the keys that a parameter of any form may have."""
    return tuple(dict.fromkeys([*FORMS, *(name for form in (QUANTITY, *FORMS.values()) for name in form.table.keys)]))
