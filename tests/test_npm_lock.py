"""What checks the styles and scripts is locked: one version and one hash for each package, and no address."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHA512 = re.compile(r"sha512-[A-Za-z0-9+/]{86}==")  # 64 bytes in base 64


@pytest.fixture
def lock():
    """The packages of the lock by their place; the first is this project's own entry."""
    path = ROOT / "package-lock.json"
    if not path.exists():
        pytest.skip("a source archive has no lock of npm")
    return json.loads(path.read_text("utf-8"))["packages"]


def test_the_lock_has_one_version_and_a_hash_for_each_package(lock):
    packages = {place: found for place, found in lock.items() if place}
    assert "node_modules/@biomejs/biome" in packages
    for place, found in packages.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", found["version"]), place
        assert SHA512.fullmatch(found["integrity"]), place


def test_the_lock_names_no_address_to_take_a_package_from(lock):
    assert [place for place, found in lock.items() if "resolved" in found] == []


def test_what_is_asked_for_is_one_version_that_the_lock_has(lock):
    for name, version in lock[""]["devDependencies"].items():
        assert lock[f"node_modules/{name}"]["version"] == version
