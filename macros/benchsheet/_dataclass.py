"""Dataclasses with keyword-only fields, made at a fraction of what the standard decorator takes.

Before Python 3.13 ``dataclasses.dataclass`` compiles up to seven small functions a class, which was a third of a cold
render. Here one is compiled, and comparing, hashing, printing and freezing are shared. An option or a kind of field
that it would treat in another way than the standard one is refused. To a type checker it is the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

__all__ = ["dataclass", "field", "fields", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, kw_only: Literal[True], frozen: bool = False, eq: bool = True, slots: bool = False) -> Any:
        """Return a decorator that does as the standard one with these options. By position, two texts could change places unseen."""
        if not kw_only:
            raise TypeError("a field is given by its name: kw_only=True")
        return lambda cls: _build_class(cls, frozen, eq, slots)


def _build_class(cls: type, frozen: bool, eq: bool, slots: bool) -> type:
    new_class: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=True)(cls)
    own = vars(cls)
    new_class.__init__ = _compile_init(new_class, frozen, slots)
    new_class.__init__.__qualname__ = f"{cls.__qualname__}.__init__"
    if "__repr__" not in own:
        new_class.__repr__ = _repr_fields
    if eq:
        _add_comparison(new_class, own, frozen)
    if frozen:
        new_class.__setattr__, new_class.__delattr__ = _forbid_set, _forbid_delete
    if frozen and slots:
        new_class.__getstate__, new_class.__setstate__ = _get_state, _set_state
    return new_class  # type: ignore[no-any-return]


def _compile_init(cls: Any, frozen: bool, slots: bool) -> Callable[..., None]:
    """Return the one function that is compiled: each field given is set, past the freezing where there is one."""
    namespace: dict[str, Any] = {"_MISSING": MISSING}
    heads, body = ["self", "*"], []
    if frozen and not slots:
        body.append("_all = self.__dict__")
    for each in fields(cls):
        name, value, head = each.name, each.name, each.name
        if not each.init or not each.kw_only or each.default is not MISSING and each.default.__class__.__hash__ is None:
            raise TypeError(f"{cls.__name__}.{name}: a kind of field that is not made here; see {__name__}")
        if each.default is not MISSING:
            namespace[f"_of_{name}"] = each.default
            head = f"{name}=_of_{name}"
        elif each.default_factory is not MISSING:
            namespace[f"_of_{name}"] = each.default_factory
            head, value = f"{name}=_MISSING", f"_of_{name}() if {name} is _MISSING else {name}"
        heads.append(head)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif slots:
            namespace[f"_set_{name}"] = getattr(cls, name).__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_all[{name!r}] = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    exec(f"def __init__({', '.join(heads if len(heads) > 2 else heads[:1])}):\n " + "\n ".join(body or ["pass"]), namespace)  # noqa: S102 - as the standard decorator does
    return namespace["__init__"]  # type: ignore[no-any-return]


def _add_comparison(cls: Any, own: Any, frozen: bool) -> None:
    """Compare by the fields, among things of one class; what may still change cannot be hashed."""
    names = [each.name for each in fields(cls) if each.compare]
    values_of: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def same(self: Any, other: Any) -> Any:
        return values_of(self) == values_of(other) if other.__class__ is self.__class__ else NotImplemented

    def key(self: Any) -> int:
        return hash(values_of(self))

    if "__eq__" not in own:
        cls.__eq__ = same
    if "__hash__" not in own:
        cls.__hash__ = key if frozen else None


def _repr_fields(self: Any) -> str:
    text = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({text})"


def _forbid_set(_self: Any, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _forbid_delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
