"""The script that measures the widths of characters with Typst: ``python -m benchsheet.formats.pdf.widths``.

It writes ``widths.json``: the font is inside the Typst program, and to start that for each sheet would be slow.
"""

from __future__ import annotations

import json

FONT = "Libertinus Serif"  # bundled with Typst; layout.typ names the same
CHARACTERS = (*map(chr, range(32, 127)), *"\u200b\u2060\u00a0·°‘’′⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉“”±×÷−≈≠≤≥–µμ…")
_WEIGHTS = (400, 700)


def measure_widths(weight: int) -> list[int]:
    """Return the width of each of `CHARACTERS`, in thousandths of the type size, in type of *weight* without kerning."""
    from typst import Compiler

    asked = ", ".join(f"measure({json.dumps(char, ensure_ascii=False)}).width.pt()" for char in CHARACTERS)
    source = f'#set text(font: "{FONT}", weight: {weight}, size: 1000pt, kerning: false)\n#context [#metadata(({asked})) <widths>]\n'
    setter = Compiler(source.encode(), ignore_system_fonts=True)
    return [round(width) for width in json.loads(setter.query("<widths>", field="value", one=True))]


def build_table() -> str:
    """Return the text of ``widths.json``: the regular and the bold width of each character. A test compares the file with it."""
    rows = zip(CHARACTERS, *map(measure_widths, _WEIGHTS), strict=True)
    listed = ",\n".join(f"    {json.dumps(char)}: [{regular}, {bold}]" for char, regular, bold in rows)
    return f'{{\n  "font": {json.dumps(FONT)},\n  "unit": "thousandths of the size",\n  "widths": {{\n{listed}\n  }}\n}}\n'


if __name__ == "__main__":
    import pathlib

    pathlib.Path(__file__).with_name("widths.json").write_text(build_table(), "utf-8", newline="\n")
