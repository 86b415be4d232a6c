"""The QR code of a printed sheet, as SVG: what a phone reads from paper; refuses nothing that is no longer than a phone reads."""

from __future__ import annotations

from itertools import groupby

QR_MOST_BYTES = 600  # bytes that a phone reads from paper
QUIET_ZONE = 1  # fields around the code; the paper around it is white as well
_MASK = 3  # a fixed one: to try all eight takes most of the work, and paper has no glare that makes one better


def qr_code(words: str) -> str:
    """Return the QR code of *words*, at a level that stands 15 % of damage."""
    from qrcodegen import QrCode, QrSegment

    code = QrCode.encode_segments(QrSegment.make_segments(words), QrCode.Ecc.MEDIUM, mask=_MASK)
    fields = range(code.get_size())
    bars = []
    for y in fields:
        for is_dark, run in groupby(fields, lambda x, y=y: code.get_module(x, y)):  # type: ignore[misc]
            if is_dark:
                first, *rest = run
                width = len(rest) + 1
                bars.append(f"M{first + QUIET_ZONE} {y + QUIET_ZONE}h{width}v1h-{width}z")
    side = len(fields) + 2 * QUIET_ZONE
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{"".join(bars)}"/></svg>'
