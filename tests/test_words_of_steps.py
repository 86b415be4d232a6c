"""What a sheet says of steps that are not on it: nothing, wherever the words stand. A host begins at a step, and the words know."""

from __future__ import annotations

import pytest

from benchsheet.authoring.check import check_protocol
from tests.composed import AROUND, CHILD, PARENT, STEPS, library_of, pulling, refusal, sheet

WHEN = "in_sheet('Lyse')"
CHANGES = {
    "control": ('controls: {dye alone: {why: "shows the dye"}}', f'controls: {{mill: {{why: "SAID", when: "{WHEN}"}}}}'),
    "gate": ('gates: {front: {limit: straight, reading: "bent: load again"}}', f'gates: {{mill: {{limit: SAID, reading: stop, when: "{WHEN}"}}}}'),
    "total": ('totals: ["{lanes} lanes, loaded"]', f'totals: ["{{lanes}} lanes", {{say: SAID, when: "{WHEN}"}}]'),
    "leftover": ('leftovers: {plates: "{dye} waste"}', f'leftovers: {{lysate: {{say: SAID, when: "{WHEN}"}}}}'),
    "waste": ("waste: {drain: the sink}", f'waste: {{drain: {{say: SAID, when: "{WHEN}"}}}}'),
    "check": ("checks:\n", f'checks:\n  milled: {{if: "{WHEN}", level: warn, say: SAID}}\n'),
    "check that asks no more": ("checks:\n", f"checks:\n  milled: {{if: \"load > '1 uL' and {WHEN}\", level: note, say: SAID}}\n"),
    "derived": ('totals: ["{lanes} lanes, loaded"]', f"totals: [\"{{'SAID' if {WHEN} else 'none'}}\"]"),
}
IN_STEPS = {
    "before": STEPS.replace("{% set twice", "{% set said = in_sheet('Lyse') %}{% set twice").replace(
        "Rinse with", "{% if said %}SAID{% endif %} Rinse with"
    ),
    "after": STEPS.replace("Rinse with", '{% if in_sheet("Lyse") %}SAID{% endif %} Rinse with'),
}


@pytest.mark.parametrize("where", CHANGES)
def test_words_of_a_left_out_step_stand_nowhere(where: str) -> None:
    child = CHILD.replace(*CHANGES[where])
    assert child != CHILD
    assert "SAID" not in str(sheet(pulling(child=child)))
    assert "SAID" in str(sheet(library_of(loading=(child, STEPS))["loading"]))
    assert "SAID" in str(sheet(pulling(child=child, parent=PARENT.replace("start: Load, ", "").replace("vessels: {lysate: bead}, ", ""))))


@pytest.mark.parametrize("where", IN_STEPS)
def test_a_template_asks_before_and_after_the_step(where: str) -> None:
    assert "SAID" not in str(sheet(pulling(steps=IN_STEPS[where]))["steps"])
    assert "SAID" in str(sheet(library_of(loading=(CHILD, IN_STEPS[where]))["loading"])["steps"])


def test_a_step_under_a_condition_is_on_the_sheet_where_it_is_done() -> None:
    """Asked when all is done, the answer is what the run did."""
    steps = STEPS.replace('{% step "Rinse"', '{% if rinse %}{% step "Rinse"') + "{% endif %}"
    child = CHILD.replace('totals: ["{lanes} lanes, loaded"]', "totals: [{say: rinsed twice, when: \"in_sheet('Rinse')\"}]")
    loading = library_of(loading=(child, steps))["loading"]
    assert [each["text"] for each in sheet(loading)["totals"]] == ["rinsed twice"]
    assert sheet(loading, rinse="no")["totals"] == []


def test_an_answer_that_the_run_proves_wrong_is_refused() -> None:
    steps = STEPS.replace('{% step "Rinse"', '{% if rinse %}{% step "Rinse"') + "{% endif %}"
    child = CHILD.replace("checks:\n", "checks:\n  rinsed: {if: \"in_sheet('Rinse')\", level: note, say: SAID}\n")
    loading = library_of(loading=(child, steps))["loading"]
    assert "SAID" in str(sheet(loading))
    message = refusal(loading, rinse="no")
    assert "in_sheet('Rinse') was asked before that step, and this run does not do it" in message
    assert "protocols/loading/protocol.yml:13" in message
    both = child.replace("if: \"in_sheet('Rinse')\"", "if: \"rinse and in_sheet('Rinse')\"")
    assert "SAID" not in str(sheet(library_of(loading=(both, steps))["loading"], rinse="no"))


def test_a_step_that_is_in_no_template_is_refused_with_the_nearest() -> None:
    message = refusal(pulling(child=CHILD.replace(*CHANGES["control"]).replace("'Lyse'", "'Lise'")))
    assert "loading has no step 'Lise'" in message
    assert "did you mean 'Lyse'?" in message


# --- what a host does not want to be said ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("{gates: {front: none}}", "gates"),
        ("{gates: none}", "gates"),
        ("{controls: {dye alone: none}}", "controls"),
        ("{controls: none}", "controls"),
        ("{totals: none}", "totals"),
    ],
)
def test_a_host_leaves_out_what_the_other_says_for_itself(words: str, section: str) -> None:
    plain, other = sheet(pulling()), sheet(pulling(parent=PARENT.replace("start: Load,", f"start: Load, words: {words},")))
    kept = {"gates": [], "controls": [], "totals": [{"text": "3 pulled down", "numbers": [3]}]}
    assert other[section] == kept[section] != plain[section]
    for name in kept.keys() - {section}:
        assert other[name] == plain[name]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{gates: {fronts: none}}", "loading has no 'fronts' under 'gates'"),
        ("{waste: none}", "a host leaves out no 'waste'"),
        ("{checks: none}", "a host leaves out no 'checks'"),
        ("{totals: some words}", "'some words' in place of words of another protocol"),
        ("{gates: {front: crooked}}", "'crooked' in place of words of another protocol"),
    ],
)
def test_a_host_puts_no_words_of_its_own_in_their_place(words: str, told: str) -> None:
    assert told in refusal(pulling(parent=PARENT.replace("start: Load,", f"start: Load, words: {words},")))


def test_check_has_nothing_to_say_of_words_that_ask() -> None:
    assert check_protocol(pulling(PARENT, AROUND, CHILD.replace(*CHANGES["control"]))).mistakes == []
