"""Measures how wide the signs of a sheet stand in its font, in type as Typst sets it: ``python -m benchsheet.formats.pdf.widths``.

The answer is kept in ``widths.json``: Typst bundles the font in its own program, and to start it for each sheet would be slow.
"""

from __future__ import annotations

import json

FONT = "Libertinus Serif"  # goes along with Typst; the layout names the same
SIGNS = (*map(chr, range(32, 127)), *"\u200b\u2060\u00a0·°‘’′⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉“”±×÷−≈≠≤≥–µμ…")
_WEIGHTS = (400, 700)


def measure_signs(weight: int) -> list[int]:
    """Return how wide each of SIGNS is, in thousandths of the size of the type, where letters of *weight* are set without kerning."""
    from typst import Compiler

    asked = ", ".join(f"measure({json.dumps(sign, ensure_ascii=False)}).width.pt()" for sign in SIGNS)
    source = f'#set text(font: "{FONT}", weight: {weight}, size: 1000pt, kerning: false)\n#context [#metadata(({asked})) <widths>]\n'
    setter = Compiler(source.encode(), ignore_system_fonts=True)
    return [round(width) for width in json.loads(setter.query("<widths>", field="value", one=True))]


def build_table() -> str:
    """Return the text of ``widths.json``: of each sign its regular and its bold width; a test holds the file against it."""
    rows = zip(SIGNS, *map(measure_signs, _WEIGHTS), strict=True)
    listed = ",\n".join(f"    {json.dumps(sign)}: [{regular}, {bold}]" for sign, regular, bold in rows)
    return f'{{\n  "font": {json.dumps(FONT)},\n  "unit": "thousandths of the size",\n  "widths": {{\n{listed}\n  }}\n}}\n'


if __name__ == "__main__":
    import pathlib

    pathlib.Path(__file__).with_name("widths.json").write_text(build_table(), "utf-8", newline="\n")
