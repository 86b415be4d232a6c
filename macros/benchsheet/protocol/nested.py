"""One protocol in another, as declared under ``uses``: its name, the step that it begins with, and the values and vessels from its host.

An unknown protocol, vessel or parameter, a protocol that contains itself, and more than two levels raise ProtocolError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import TYPE_CHECKING

from .._dataclass import dataclass, replace
from ..errors import Collector, ProtocolError, check_known, locate_errors
from ..patterns import compile_when_used
from ..yamltree import YamlMap
from .parameters.forms import TEXT_FORM
from .parameters.parameter import Parameter
from .sections import USE

if TYPE_CHECKING:  # a protocol holds its uses
    from .reader import Protocol

_WORDS = ("controls", "gates", "totals")  # no warning and no disposal: nobody is to miss those
_NESTED_NAME = compile_when_used(r"(?!no$)[a-z][a-z0-9]{0,15}")
_OPTION_TEXT = compile_when_used(r"--(no-)?([a-z][a-z0-9-]*)")
MAX_DEPTH = 2


@dataclass(frozen=True, kw_only=True)
class NestedDecl:
    """The protocol *child* under the name *key*, from its step *start* on (from its first one if that is empty).

    *vessels* maps a vessel of the child to the one of the host that it is, *values* a parameter of the child to an expression over
    the host's values; *options* are parameters of the child that a run of the host may set. *lines* says where each stands in *file*:
    ``start``, ``values samples``. *unsaid* are the words of the child that the host leaves out: section and name, or section and nothing
    for all of it.
    """

    key: str
    child: Protocol
    start: str
    vessels: Mapping[str, str]
    values: Mapping[str, str]
    options: tuple[str, ...]
    file: str
    line: int
    lines: Mapping[str, int]
    unsaid: frozenset[tuple[str, str]] = frozenset()

    def host_name(self, name: str) -> str:
        """Return the name in the host of the child's parameter *name*."""
        return f"{self.key}_{name}"

    def translate_options(self, text: str) -> str:
        """Return words about the child's options as words about the host's."""

        def host_option(option: re.Match[str]) -> str:
            name = option[2].replace("-", "_")
            return f"--{option[1] or ''}{self.host_name(name).replace('_', '-')}" if name in self.options else option[0]

        return _OPTION_TEXT.sub(host_option, text)

    def translate_hint(self, hint: str, host_names: Container[str]) -> str:
        """Return a hint about the child's options as one about the host's, without the ways out that the host, with *host_names*, does not have."""
        ways = self.translate_options(hint).split("; ")
        open_ways = [way for way in ways if all(option[2].replace("-", "_") in host_names for option in _OPTION_TEXT.finditer(way))]
        return "; ".join(open_ways)


def read_nested(tree: YamlMap, ancestors: tuple[str, ...], read_child: Callable[[str], Protocol], mistakes: Collector) -> dict[str, NestedDecl]:
    """Return the protocols under ``uses`` by their keys; *read_child* reads one by its name. Keep every mistake.

    *ancestors* names the protocols around a child, the outermost first, that of *tree* last.
    """
    entries = tree.mapping("uses")
    declarations: dict[str, NestedDecl] = {}
    for key in entries:
        with mistakes.at(tree.file, entries.lines[key]):
            if not _NESTED_NAME.fullmatch(key):
                raise ProtocolError(f"{key!r} is not a name for a protocol in another", "small letters and digits, at most 16")
            declarations[key] = _read_declaration(key, entries.mapping(key), ancestors, read_child, entries.lines[key])
    return declarations


def _read_declaration(key: str, entry: YamlMap, ancestors: tuple[str, ...], read_child: Callable[[str], Protocol], line: int) -> NestedDecl:
    USE.check(entry)
    with locate_errors(entry.file, entry.lines["protocol"]):
        _check_child_name(entry.text("protocol"), ancestors)
        child = read_child(entry.text("protocol"))
    vessels, values = entry.mapping("vessels"), entry.mapping("values")
    options = entry.word_list("options")
    mistakes = Collector()
    for name in vessels:
        with mistakes.at(entry.file, vessels.lines[name]):
            check_known(name, child.vessels, f"{child.id} has no vessel {name!r}", "its vessels")
            vessels.text(name)
    for name in values:
        with mistakes.at(entry.file, values.lines[name]):
            _check_parameter(name, child)
            values.text(name)
    for name in dict.fromkeys(options):
        with mistakes.at(entry.file, entry.lines["options"]):
            _check_parameter(name, child)
            if name in values:
                raise ProtocolError(f"{name!r} is handed on under 'values' and set under 'options'", "keep one of them")
            if options.count(name) > 1:
                raise ProtocolError(f"{name!r} is there twice under 'options'", "name it once")
    unsaid = _read_unsaid(entry.mapping("words"), child, mistakes)
    mistakes.raise_all()
    lines = {key: entry.lines.get(key, line) for key in USE.keys}
    lines |= {f"{what} {name}": at for what, part in (("vessels", vessels), ("values", values)) for name, at in part.lines.items()}
    return NestedDecl(
        key=key,
        child=child,
        start=entry.text("start"),
        vessels=dict(vessels),
        values=dict(values),
        options=tuple(options),
        file=entry.file,
        line=line,
        lines=lines,
        unsaid=unsaid,
    )


def _read_unsaid(words: YamlMap, child: Protocol, mistakes: Collector) -> frozenset[tuple[str, str]]:
    """Return what ``words`` leaves out: ``{totals: none, gates: {loading control: none}}``. Keep every mistake."""
    unsaid: list[tuple[str, str]] = []
    for section in words:
        with mistakes.at(words.file, words.lines[section]):
            check_known(section, _WORDS, f"a host leaves out no {section!r}", "it may leave out")
            if isinstance(words[section], str) or section == "totals":
                _check_none(words, section)
                unsaid.append((section, ""))
                continue
            names = words.mapping(section)
            for name in names:
                with mistakes.at(words.file, names.lines[name]):
                    check_known(name, getattr(child, section), f"{child.id} has no {name!r} under {section!r}", "it has")
                    _check_none(names, name)
                    unsaid.append((section, name))
    return frozenset(unsaid)


def _check_none(words: YamlMap, key: str) -> None:
    if words.text(key) != "none":
        raise ProtocolError(f"{words.text(key)!r} in place of words of another protocol", f"leave them out with '{key}: none', or let them stand")


def _check_child_name(name: str, ancestors: tuple[str, ...]) -> None:
    path_text = ", which uses ".join((*ancestors, name)).replace(", which", "", 1)
    if name in ancestors:
        raise ProtocolError(f"{path_text}: a circle", "let one of them stand for itself")
    if len(ancestors) > MAX_DEPTH:
        raise ProtocolError(f"{path_text}: more than {MAX_DEPTH} levels", "use the innermost by itself")
    if not re.fullmatch(r"\w[\w-]*", name):
        raise ProtocolError(f"{name!r} is not a name of a protocol", "write the name of its folder")


def _check_parameter(name: str, child: Protocol) -> None:
    check_known(name, child.parameters, f"{child.id} has no parameter {name!r}", "its parameters")


def nested_options(declarations: Iterable[NestedDecl], own: YamlMap, mistakes: Collector) -> dict[str, Parameter]:
    """Return the parameters of the children that a run of the host may set, under the host's names; *own* are those it has already.

    A parameter whose default follows from values of the child is optional for the host.
    """
    parameters: dict[str, Parameter] = {}
    declarations = tuple(declarations)
    host_names = {*own, *(each.host_name(name) for each in declarations for name in each.options)}
    for declaration in declarations:
        for name in declaration.options:
            host_name = declaration.host_name(name)
            with mistakes.at(declaration.file, declaration.lines["options"]):
                if host_name in own or host_name in parameters:
                    raise ProtocolError(f"{host_name!r} is a parameter already", "choose another name for one of them")
                parameter = declaration.child.parameters[name]
                if parameter.other:
                    parameter = replace(parameter, other=declaration.translate_hint(parameter.other, host_names))
                parameters[host_name] = _host_parameter(declaration, host_name, parameter)
    return parameters


def _host_parameter(declaration: NestedDecl, host_name: str, parameter: Parameter) -> Parameter:
    """Return a child's *parameter* as the host declares it; values for each item of a list stay a text, which the child parses."""
    if parameter.per_item:
        child = declaration.child
        told_of, choices = child.choices(child.parameters[parameter.follows_list]), child.choices(parameter)
        parameter = replace(
            parameter,
            told_of=told_of,
            told_as=choices,
            form=TEXT_FORM,
            per_item=False,
            fallback_column="",
            kind="",
            per="",
            low="",
            high="",
            choices=(),
            choices_from="",
            follows_list="",
        )
    return replace(
        parameter,
        name=host_name,
        line=declaration.lines["options"],
        choices=declaration.child.choices(parameter),
        choices_from="",
        unit=f"{declaration.key}.{parameter.unit}" if parameter.unit else "",
        default_from="",
        list_bounds=(1, 99) if parameter.follows_list else parameter.list_bounds,
        follows_list="",
        when="",
        optional=parameter.optional or bool(parameter.default_from),
        default_from_child=parameter.default_from_child or bool(parameter.default_from),
    )
