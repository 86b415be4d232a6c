"""The picture that a link to a page is shown with elsewhere: a PNG with the page's title and first sentence, set by Typst with its own fonts.

A card is kept for later builds by what stands on it. Without the package ``typst`` there is none.
"""

from __future__ import annotations

import hashlib
from typing import cast

from ..formats.pdf.sheet import load_compiler
from ..formats.pdf.typst_text import quote_string
from .kept_files import KeptFolder

CARD_WIDTH, CARD_HEIGHT = 1200, 630  # pixels: what link previews are cut for
CARDS_FOLDER = "assets/cards"
_LAYOUT = """#let card(site, title, about) = {
  set page(width: 1200pt, height: 630pt, margin: (x: 80pt, y: 70pt), fill: rgb("#00695c"))
  set text(font: "Libertinus Serif", fill: white, size: 32pt, hyphenate: false, lang: "en")
  set par(leading: 0.5em)
  text(size: 30pt, site)
  v(1fr)
  text(size: if title.len() > 60 { 58pt } else { 72pt }, weight: "bold", title)
  v(20pt)
  text(about)
  v(1fr)
}
"""


class Cards:
    """The cards of one build by their paths in the site, drawn once and kept in *folder*."""

    def __init__(self, folder: KeptFolder, site_name: str) -> None:
        """Hold *folder*; *site_name* stands on each card."""
        self._folder, self._site_name = folder, site_name
        self.files: dict[str, bytes] = {}

    def add(self, path: str, title: str, about: str) -> str:
        """Draw the card of the page *path* and return the path of its file in the site; "" if there is nothing to draw it with."""
        markup = f"{_LAYOUT}#card({', '.join(map(quote_string, (self._site_name, title, about)))})"
        name = f"{hashlib.sha256(markup.encode()).hexdigest()[:16]}.png"
        content = self._folder.read(name)
        if content is None:
            try:
                setter = load_compiler()
            except ModuleNotFoundError:
                return ""
            content = cast("bytes", setter.compile(markup.encode(), format="png", ppi=72))
            self._folder.keep(name, content)
        file = f"{CARDS_FOLDER}/{path.rpartition('.')[0].replace('/', '-')}.png"
        self.files[file] = content
        return file

    def tidy(self) -> None:
        """Delete the kept cards that no page has any more."""
        if self.files:
            self._folder.tidy()
