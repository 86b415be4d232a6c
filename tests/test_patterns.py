"""A pattern that is compiled when it is first used does as one that was compiled at once."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import benchsheet
from benchsheet.patterns import compile_when_used


def test_it_finds_what_the_compiled_one_finds() -> None:
    late, compiled = compile_when_used(r"(\d+) (m|µ)l", re.IGNORECASE), re.compile(r"(\d+) (m|µ)l", re.IGNORECASE)
    text = "3 mL and 20 µl"
    assert [match.groups() for match in late.finditer(text)] == [match.groups() for match in compiled.finditer(text)] == [("3", "m"), ("20", "µ")]
    assert late.sub("-", text) == "- and -"
    assert (late.pattern, late.flags, late.groups) == (compiled.pattern, compiled.flags, 2)


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    compile_pattern = re.compile

    def compile_and_note(text: str, flags: int = 0) -> re.Pattern[str]:
        asked.append(text)
        return compile_pattern(text, flags)

    monkeypatch.setattr(re, "compile", compile_and_note)
    late = compile_when_used("a+")
    assert asked == []
    assert [late.fullmatch(word) is not None for word in ("aa", "b", "a")] == [True, False, True]
    assert asked == ["a+"]


def test_a_fault_in_it_is_told_where_it_is_used() -> None:
    late = compile_when_used("(a")
    with pytest.raises(re.error):
        late.match("a")


def test_every_pattern_of_the_package_can_be_compiled() -> None:
    """What `re` would say as a module is imported, it says here."""
    found = []
    for module in pkgutil.walk_packages(benchsheet.__path__, "benchsheet."):
        if not module.name.endswith("__main__"):
            found += [each for each in vars(importlib.import_module(module.name)).values() if type(each).__name__ == "_LatePattern"]
    assert len(found) > 60
    assert all(isinstance(each.pattern, str) for each in found)
