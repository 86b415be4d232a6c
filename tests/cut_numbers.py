"""What of a page's numbers a reader sees in part: cut by the edge of a box that scrolls or clips, or broken over two lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# A number has two digits or more. It is cut where the edge of a box goes through it and a whole digit of it stays in sight, and where a box can be
# scrolled to such a place: sideways scrolling is allowed only to boxes that stop at whole columns. It is broken where its digits stand on two lines,
# which a long word of code may.
CUT = """() => {
    for (const each of document.querySelectorAll("details")) each.open = true;
    const found = [], number = /[0-9](?:[0-9.,\\u202f\\u2009]*[0-9])/g, range = document.createRange();
    const hides = (style) => style.clipPath !== "none" || style.visibility === "hidden" || style.opacity === "0";
    const clips = (style) => style.overflowX !== "visible" && style.display !== "inline" && style.display !== "contents";
    const boxes = new Map(); // each element: the nearest box that clips it and is too narrow for what is in it, or null; undefined if it is not seen
    function box(element) {
        if (!element || element === document.documentElement) return null;
        if (boxes.has(element)) return boxes.get(element);
        const style = getComputedStyle(element), above = box(element.parentElement);
        let own = above;
        if (above === undefined || hides(style) || style.display === "none") own = undefined;
        else if (clips(style) && element.clientWidth && element.scrollWidth > element.clientWidth + 1) own = element;
        boxes.set(element, own);
        return own;
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!/[0-9]/.test(text.data) || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|TITLE|DESC)$/i.test(text.parentElement.tagName)) continue;
        const clip = box(text.parentElement);
        if (clip === undefined || text.parentElement.closest(".md-header, .md-sidebar, .md-footer, .md-search")) continue;
        if (/^https?:/.test(text.data)) continue; // the address of a work, which goes on in a next line anywhere
        for (const match of text.data.matchAll(number)) {
            range.setStart(text, match.index);
            range.setEnd(text, match.index + match[0].length);
            const parts = [...range.getClientRects()].filter((part) => part.width > 0.5);
            if (!parts.length) continue;
            const where = `${text.parentElement.tagName} of ${clip ? clip.className || clip.tagName : "the page"}`;
            const say = (kind) => found.push(`${kind}: ${match[0]} in ${text.data.trim().slice(0, 40)} (${where})`);
            if (!text.parentElement.closest("pre") && parts.some((part) => Math.abs(part.top - parts[0].top) > part.height / 2)) say("broken");
            const whole = range.getBoundingClientRect();
            const edges = [[0, document.documentElement.clientWidth]];
            for (let each = clip; each; each = box(each.parentElement)) {
                const left = each.getBoundingClientRect().left + each.clientLeft;
                edges.push([left, left + each.clientWidth]);
                const style = getComputedStyle(each);
                if (/auto|scroll/.test(style.overflowX) && style.scrollSnapType === "none") say("scrolls");
            }
            for (const [left, right] of edges) {
                const digit = whole.width / match[0].length;
                const over = (whole.left < right - digit && whole.right > right + 1) || (whole.right > left + digit && whole.left < left - 1);
                if (over) { say("cut"); break; }
            }
        }
    }
    return found;
}"""


def find_cut_numbers(page: Any, address: str, widths: tuple[int, ...], height: int = 800) -> Iterator[str]:
    """Yield a line for each number of the page at *address* that is seen in part at one of *widths*."""
    page.goto(address, wait_until="load")
    for width in widths:
        page.set_viewport_size({"width": width, "height": height})
        yield from (f"{address.rpartition('/site/')[2]} at {width} px, {each}" for each in page.evaluate(CUT))
