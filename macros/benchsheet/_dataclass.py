"""Dataclasses with keyword-only fields, made at a fraction of what the standard decorator takes.

Before Python 3.13 ``dataclasses.dataclass`` compiles up to seven small functions a class, which was a third of a cold
render. Here one is compiled, and comparing, hashing, printing and freezing are shared. An option or a kind of field
that it would treat in another way than the standard one is refused. To a type checker it is the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
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


_OFTEN = 60  # compiling takes as long as about so many loops over the fields
_STANDARD: Callable[[Any], Any] = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=True)


@_STANDARD
class _Example:
    """A class of the standard decorator: what that notes of a class and of a field is taken from here."""

    name: str = ""


_NOTED = {name: vars(_Example)[name] for name in ("__dataclass_params__", "__match_args__", "__replace__") if name in vars(_Example)}
_FIELD_TYPE = vars(_Example)["__dataclass_fields__"]["name"]._field_type  # noqa: SLF001 - by it the standard library tells a field
_VALUES = "__field_values__"


# Of each field: its default, what makes its default, and the Field, where a class or the standard decorator made one.
_Values = dict[str, tuple[Any, Any, Any]]


def _build_class(cls: type, frozen: bool, eq: bool, slots: bool) -> type:
    new_class: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls) if slots else cls
    own = vars(cls)
    values = _values_of_slots(new_class) if slots else _note_values(new_class, own)
    new_class.__init__ = _make_init(new_class, values, frozen, slots)
    new_class.__signature__ = _SIGNATURE
    if "__repr__" not in own:
        new_class.__repr__ = _repr_fields
    if eq:
        _add_comparison(new_class, own, values, frozen)
    if frozen:
        new_class.__setattr__, new_class.__delattr__ = _forbid_set, _forbid_delete
    if frozen and slots:
        new_class.__getstate__, new_class.__setstate__ = _get_state, _set_state
    return new_class  # type: ignore[no-any-return]


def _note_values(cls: Any, own: Mapping[str, Any]) -> _Values:
    """Return the values of the fields of *cls* and of its parents, and note them on it; its Fields are made when they are asked for."""
    values: _Values = {}
    for parent in cls.__mro__[-2:0:-1]:
        values.update(vars(parent).get(_VALUES, ()))
    for name, kind in cls.__annotations__.items():
        if "ClassVar" in kind or "InitVar" in kind or kind.endswith("KW_ONLY"):
            raise TypeError(f"{cls.__name__}.{name}: a kind of field that is not made here; see {__name__}")
        default, given = own.get(name, MISSING), None
        if isinstance(default, dataclasses.Field):
            given, default = default, default.default
            _refuse_other_field(cls, name, given.init, default)
            if default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, default)
            values[name] = default, given.default_factory, given
        else:
            _refuse_other_field(cls, name, True, default)
            values[name] = default, MISSING, None
    setattr(cls, _VALUES, values)
    cls.__dataclass_fields__ = _FIELDS
    for name, noted in _NOTED.items():
        setattr(cls, name, noted)
    return values


def _values_of_slots(cls: Any) -> _Values:
    """Return the values of the fields of a class that the standard decorator made, and note them on it."""
    values: _Values = {}
    for each in fields(cls):
        _refuse_other_field(cls, each.name, each.init and bool(each.kw_only), each.default)
        values[each.name] = each.default, each.default_factory, each
    setattr(cls, _VALUES, values)
    return values


def _refuse_other_field(cls: type, name: str, is_usual: bool, default: Any) -> None:
    if not is_usual or default.__class__.__hash__ is None:
        raise TypeError(f"{cls.__name__}.{name}: a kind of field that is not made here; see {__name__}")


class _Fields:
    """The Fields of a class as the standard decorator notes them, made when they are asked for: few classes are ever asked."""

    def __get__(self, _instance: object, cls: Any) -> dict[str, Any]:
        kinds: dict[str, str] = {}
        for parent in cls.__mro__[::-1]:
            kinds.update(vars(parent).get("__annotations__", {}))
        noted = {}
        for name, (default, _make, given) in getattr(cls, _VALUES).items():
            each = given or field(default=default)
            each.name, each.type, each.kw_only, each._field_type = name, kinds[name], True, _FIELD_TYPE  # noqa: SLF001
            noted[name] = each
        cls.__dataclass_fields__ = noted
        return noted


_FIELDS = _Fields()


def _make_init(cls: Any, all_values: _Values, frozen: bool, slots: bool) -> Callable[..., None]:
    """Return an ``__init__`` that sets each field in a loop. A class that is made often then gets a compiled one."""
    made = 0
    values = [(name, default, make) for name, (default, make, _) in all_values.items()]
    post_init = hasattr(cls, "__post_init__")
    set_field = object.__setattr__

    def init(self: Any, /, **given: Any) -> None:
        nonlocal made
        made += 1
        if made == _OFTEN:
            cls.__init__ = _compile_init(cls, frozen, slots)
            cls.__init__(self, **given)
            return
        for name, default, make in values:
            if name in given:
                value = given.pop(name)
            elif default is not MISSING:
                value = default
            elif make is not MISSING:
                value = make()
            else:
                raise TypeError(f"{cls.__qualname__}.__init__() lacks {name!r}")
            set_field(self, name, value)
        if given:
            raise TypeError(f"{cls.__qualname__}.__init__() does not take {', '.join(map(repr, given))}")
        if post_init:
            self.__post_init__()

    return init


class _Signature:
    """The signature of a class for help and tests, worked out when it is asked for."""

    def __get__(self, _instance: object, cls: Any) -> Any:
        from inspect import Signature, signature

        _self, *given = signature(_compile_init(cls, False, False)).parameters.values()
        return Signature(given)


_SIGNATURE = _Signature()


def _compile_init(cls: Any, frozen: bool, slots: bool) -> Callable[..., None]:
    """Return the one function that is compiled: each field given is set, past the freezing where there is one."""
    namespace: dict[str, Any] = {"_MISSING": MISSING}
    heads, body = ["self", "*"], []
    if frozen and not slots:
        body.append("_all = self.__dict__")
    for each in fields(cls):
        name, value, head = each.name, each.name, each.name
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
    namespace["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return namespace["__init__"]  # type: ignore[no-any-return]


def _add_comparison(cls: Any, own: Mapping[str, Any], values: _Values, frozen: bool) -> None:
    """Compare by the fields, among things of one class; what may still change cannot be hashed."""
    names = [name for name, (_default, _make, given) in values.items() if given is None or given.compare]
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
