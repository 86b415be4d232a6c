"""What axe finds wrong with a page for those who see or hear it otherwise. Of what comes many times alike only the first few are looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What still fades in has the contrast of neither colour: first all that moves comes to its end.
AXE = """() => Promise.allSettled(document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < 5000)
    .map((each) => each.finished)).then(() => axe.run(document, {preload: false, resultTypes: ["violations"], runOnly: RULES}))
    .then((result) => result.violations.map((fault) => `${fault.id}: ${fault.nodes.length} x ${fault.nodes[0].html.slice(0, 160)}`))
    """.replace("RULES", json.dumps(RULES))


def load_axe(page: Any) -> None:
    """Bring axe into a page; skip where it is not installed."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed, which carries axe")
    page.evaluate(axe.AXE_SCRIPT)


def faults(page: Any) -> list[str]:
    """Return what axe, which the page has, finds in it as it is now, a line for each rule."""
    found: list[str] = page.evaluate(AXE)
    return found
