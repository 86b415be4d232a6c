"""A user's own words, which are printed as they are and never computed with."""

from __future__ import annotations

from ...errors import ProtocolError


class Label(str):
    """A user's own words: printed with the characters of Markdown escaped, never computed with."""

    __slots__ = ()


class NumberedLabel(Label):
    """A name made from a number, ``sample 3``, because the user gave only how many there are."""

    __slots__ = ()


def parse_label(text: str) -> Label:
    """Return *text* as a user's label; raise ProtocolError if it is empty, too long, or holds an invisible character."""
    label_text = " ".join(text.split())
    if not label_text or len(label_text) > 80:
        raise ProtocolError(f"{text[:40]!r} is {'empty' if not label_text else 'too long'} for a label", "1 to 80 characters")
    if not label_text.isprintable():
        raise ProtocolError(f"{text!r} holds a sign that is not seen", "letters, digits and common signs only")
    return Label(label_text)
