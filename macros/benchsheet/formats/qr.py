"""The permalink of a sheet, and its QR code as SVG."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from .svg import SVG_NAMESPACE

if TYPE_CHECKING:
    from ..record.types import Record

QR_MOST_BYTES = 600  # bytes that a phone reads from paper
QUIET_ZONE = 1  # modules around the code; the paper around it is white as well
_MASK = 3  # a fixed one: to try all eight takes most of the time, and paper has no glare for which one is better


def qr_content(record: Record, site: str) -> tuple[str, str]:
    """Return the content of a sheet's QR code, and its text alternative for a screen reader.

    The content is the permalink at *site*, or without a site the command and the digest. If that is too long for a phone, it is the digest alone.
    """
    digest = record["identity"]["inputs"]
    content, alt = f"{record['invocation']['command']}\n{digest}", "the command that makes this sheet, and its digest"
    if site:
        content = permalink(record, site)
        alt = f"the address {content}"
    if len(content.encode()) > QR_MOST_BYTES:
        content, alt = digest, "the digest of this sheet"
    return content, f"QR code of {alt}"


def permalink(record: Record, site: str) -> str:
    """Return the URL of this sheet: protocol, version, and the given values as in the command."""
    pairs = [("v", record["protocol"]["version"]), *record["invocation"]["given"].items()]
    return f"{site}/protocols/{record['protocol']['id']}/#{urlencode(pairs, quote_via=quote)}"


@lru_cache(maxsize=4)  # the sheet on paper and the one to fill in have the same
def qr_code(words: str) -> str:
    """Return the QR code of *words* as SVG, with error correction level M (about 15 % may be damaged)."""
    from qrcodegen import QrCode, QrSegment

    code = QrCode.encode_segments(QrSegment.make_segments(words), QrCode.Ecc.MEDIUM, mask=_MASK)
    modules = range(code.get_size())
    bars = []
    for y in modules:
        for is_dark, run in groupby(modules, lambda x, y=y: code.get_module(x, y)):  # type: ignore[misc]
            if is_dark:
                first, *rest = run
                width = len(rest) + 1
                bars.append(f"M{first + QUIET_ZONE} {y + QUIET_ZONE}h{width}v1h-{width}z")
    side = len(modules) + 2 * QUIET_ZONE
    return f'<svg xmlns="{SVG_NAMESPACE}" viewBox="0 0 {side} {side}"><path d="{"".join(bars)}"/></svg>'
