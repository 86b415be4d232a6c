"""What an antibody carries and where a membrane is cut: what of it makes no blot, and how a lab's own antibodies are named."""

from __future__ import annotations

from typing import Any

import pytest

from benchsheet import library
from benchsheet.engine import render
from benchsheet.errors import ProtocolError
from benchsheet.lab.profile import parse_profile
from benchsheet.protocol.tables import read_table
from benchsheet.yamltree import parse_yaml_map

BLOT = library.load_source("western-blot")
TARGETS = read_table("antibodies", parse_yaml_map(library.load_shared_files()["antibodies.yml"], "antibodies.yml"))


def sheet(lab: str = "", **values: str) -> Any:
    return render(BLOT, values, parse_profile(lab, "my-lab.yml") if lab else None)


def refusal(lab: str = "", **values: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        sheet(lab, **values)
    return str(caught.value)


def band(target: str) -> tuple[int, int]:
    row = TARGETS.rows[target]
    return int(row["mass_low"]), int(row["mass_high"])


@pytest.mark.parametrize("label", ["HRP", "biotin", "Alexa Fluor 647"])
def test_a_labelled_primary_gets_no_secondary(label: str) -> None:
    assert f"the antibody against FAK carries {label}" in refusal(labels=f"FAK: {label}")
    assert f"the antibody against GAPDH carries {label}" in refusal(labels=f"GAPDH: {label}")
    assert f"carries {label}" in refusal(labels=f"FAK: {label}; GAPDH: HRP", control_by="its own label")


@pytest.mark.parametrize(
    ("label", "shines"),
    [("HRP", True), ("HRP-conjugated", True), ("horseradish peroxidase", True), ("biotin", False), ("Alexa Fluor 647", False), ("AP", False)],
)
def test_one_rule_says_what_ecl_shows(label: str, shines: bool) -> None:
    secondary = f"antibodies: [{{target: rabbit IgG, host: goat, label: {label}}}]\n"
    primary = f"antibodies: [{{target: GAPDH, host: rabbit, label: {label}}}]\n"
    for lab, values in ((secondary, {"hosts": "FAK: rabbit"}), (primary, {"control_by": "its own label"})):
        if shines:
            assert sheet(lab, **values)["counts"]["gel"] == 2
        else:
            assert f"carries {label}, and ECL shows HRP alone" in refusal(lab, **values)


@pytest.mark.parametrize("target", [name for name in TARGETS.rows if band(name)[0] >= 20 and name not in ("GAPDH", "vinculin")])
def test_what_is_too_near_the_cut_is_refused(target: str) -> None:
    values = {"targets": f"{target},GAPDH", "control_by": "cutting"}
    if band(target)[0] < 80:
        assert f"{target} ({band(target)[0]} kDa) is too near the cut" in refusal(**values)
    else:
        assert sheet(**values)["counts"]["piece"] == 2


def test_a_loading_control_above_the_cut_is_refused() -> None:
    assert "is too near the cut" in refusal(targets="ERK,HSP90", loading_control="HSP90", control_by="cutting")


@pytest.mark.parametrize("target", [name for name in TARGETS.rows if band(name)[0] >= 20 and name != "GAPDH"])
def test_a_band_that_still_shines_is_kept_apart_from_a_labelled_control(target: str) -> None:
    values = {"targets": f"{target},GAPDH", "control_by": "its own label"}
    low, high = band(target)
    near = low <= 37 * 1.25 and high * 1.25 >= 37  # GAPDH is 37 kDa
    if near:
        assert f"the band of {target} still shines" in refusal(**values)
    else:
        assert sheet(**values)["counts"]["gel"] == 2


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("pY397", "pFAK-Y397"),
        ("pfak-y397", "pFAK-Y397"),
        ("Gapdh", "GAPDH"),
        ("vinculn", "vinculin"),
        ("rabit IgG", "rabbit IgG"),
        ("tubuln", "tubulin"),
    ],
)
def test_an_antibody_that_no_protocol_would_find_is_told(tmp_path, written: str, known: str) -> None:
    file = tmp_path / "my-lab.yml"
    file.write_text(f"antibodies:\n  - {{target: {written}, host: rabbit, dilution: 500 fold}}\n", "utf-8")
    with pytest.raises(ProtocolError) as caught:
        library.load_lab(file)
    assert str(caught.value) == f"{file}:2: no protocol looks for an antibody against {written!r}\n  hint: it is known as {known!r}"


@pytest.mark.parametrize("target", [*TARGETS.rows, "rabbit IgG", "anti-mouse IgG (H+L)", "lamin A/C", "my own protein"])
def test_an_antibody_of_the_tables_or_of_something_else_is_taken(tmp_path, target: str) -> None:
    file = tmp_path / "my-lab.yml"
    file.write_text(f"antibodies:\n  - {{target: {target}, host: rabbit}}\n", "utf-8")
    assert library.load_lab(file).antibodies[0].target == target
