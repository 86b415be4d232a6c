"""The search of the theme, mended: words with digits in them are found, however many there are; refuses a search that it does not know.

Its library tells the states of its automaton apart by a text of labels and numbers, put one after the other: with a digit as a label two
of them can read the same, and words are lost (olivernn/lunr.js, issue 503). A comma after each number keeps them apart.
"""

from __future__ import annotations

import re

from ..errors import ProtocolError

_STATE_KEY = re.compile(r"(TokenSet\.prototype\.toString=function\(\)\{[^}]*?\b(\w)=\2\+\w\+\w\.id)(\}return \2\})")


def patch_search(script: str, file: str) -> str:
    """Return the *script* of the search with its states told apart; *file* is how a message calls it."""
    patched_script, count = _STATE_KEY.subn(r'\1+","\3', script)
    if count != 1:
        raise ProtocolError(
            "the theme's search is not the one that is mended here",
            "look whether it still loses words (lunr.js, issue 503), then change site/searching.py",
            file,
        )
    return patched_script
