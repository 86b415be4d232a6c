"""The address at which a sheet is found again, and its QR code as SVG."""

from __future__ import annotations

import shlex
from itertools import groupby

from ..record import Record
from .svg import SVG_NAMESPACE

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def qr_content(record: Record, site: str) -> tuple[str, str]:
    """Return what the code of a sheet holds, and what that is to one who does not see it.

    Where no *site* is known that is the command and its digest; what is too long for a phone gives way to the digest alone.
    """
    content, alt = f"{record['command']}\n{record['digest']}", "the command that makes this sheet, and its digest"
    if site:
        content = permalink(record, site)
        alt = f"the address {content}"
    if len(content.encode()) > QR_MOST_BYTES:
        content, alt = record["digest"], "the digest of this sheet"
    return content, f"QR code of {alt}"


def permalink(record: Record, site: str) -> str:
    """Return the address of this sheet: protocol, version, and the values that differ, as the command gives them."""
    words, pairs = shlex.split(record["command"])[3:], [("v", record["protocol"]["version"])]
    while words:
        name, is_joined, value = words.pop(0)[2:].partition("=")
        key = name.replace("-", "_")
        if key not in record["parameters"] and key.removeprefix("no_") in record["parameters"]:
            key, value = key.removeprefix("no_"), "no"
        elif not is_joined:
            value = "yes" if not words or isinstance(record["parameters"].get(key, {}).get("value"), bool) else words.pop(0)
        if key in record["parameters"]:
            pairs.append((key, value))
    return f"{site}/protocols/{record['protocol']['id']}/#" + "&".join(f"{key}={_percent_encode(value)}" for key, value in pairs)


def _percent_encode(words: str) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in words.encode())


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
    return f'<svg xmlns="{SVG_NAMESPACE}" viewBox="0 0 {side} {side}"><path d="{"".join(bars)}"/></svg>'
