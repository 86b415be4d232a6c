"""The scripts of a sheet are modules that say what they use of one another, and stand in a page as one block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchsheet.formats.html import assets

FOLDER = Path(assets.__file__).parent


def imported(name):
    """Return what a script imports: the file and the names."""
    found = re.findall(r'^import \{ ([^}]*) \} from "\./([^"]*)";$', (FOLDER / name).read_text("utf-8"), re.MULTILINE)
    return {file: names.split(", ") for names, file in found}


def exported(name):
    return set(re.findall(r"^export (?:const|let) (?:\{ )?(\w+)", (FOLDER / name).read_text("utf-8"), re.MULTILINE))


def test_every_script_stands_in_the_page():
    assert sorted(assets.SCRIPTS) == sorted(path.name for path in FOLDER.glob("*.js"))


@pytest.mark.parametrize("name", assets.SCRIPTS)
def test_a_script_uses_names_of_those_before_it_alone(name):
    before = assets.SCRIPTS[: assets.SCRIPTS.index(name)]
    assert set(imported(name)) <= set(before)
    assert all(set(names) <= exported(file) for file, names in imported(name).items())


def test_what_a_script_exports_is_used_by_another():
    used = {(file, each) for name in assets.SCRIPTS for file, names in imported(name).items() for each in names}
    assert used == {(name, each) for name in assets.SCRIPTS for each in exported(name)}
    assert len(used) > 20


def test_the_page_loads_no_module():
    block = assets.script()
    assert not re.search(r"^\s*(?:import|export)\b", block, re.MULTILINE)
    assert all(f" {each} = " in block or f"{{ {each} }} = " in block for name in assets.SCRIPTS for each in exported(name))
