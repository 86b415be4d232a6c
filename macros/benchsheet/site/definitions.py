"""Abbreviations of a built page that say what they mean: each at its first use in a section, and none within a link or a heading."""

from __future__ import annotations

import re

# A term with its meaning, or what begins or ends a part where none is explained; evidence marks have a class and are left alone.
_PART = re.compile(r'<abbr title="[^"]*">([^<]*)</abbr>|<(/?)(a|h[1-6]|button|svg)\b[^>]*>')


def keep_first_definitions(html: str) -> str:
    """Return *html* with an ``abbr`` only where a term is used first since the last heading, outside links and headings."""
    if '<abbr title="' not in html:
        return html
    seen: set[str] = set()
    within = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal within
        if match[3]:
            within += -1 if match[2] else 1
            if match[3][0] == "h" and not match[2]:
                seen.clear()
            return match[0]
        if within > 0 or match[1] in seen:
            return match[1]
        seen.add(match[1])
        return match[0]

    return _PART.sub(keep, html)
