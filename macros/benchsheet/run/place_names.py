"""The names that a user gives to places: none may be a word by which the vessel calls places itself.

A sample called ``ladder`` on a gel that has a ladder would be two lanes with one name, and ``to="gel/ladder"`` could mean either.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ProtocolError
from ..protocol.parameters.labels import NumberedLabel
from .checks import root_parameters
from .inputs import RunInputs
from .ledger import WellGroup


def reject_lone_replicate(where: str, group: WellGroup) -> None:
    """Refuse *where*, a place by its number, for the one replicate *group* of a name: the first three places may all be of the first name."""
    vessel, _, place = where.partition("/")
    if group.replicate_of and place == group.name:
        raise ProtocolError(
            f"{where!r} is one place alone, {group.role!r}, and {group.replicate_of!r} has more of them",
            f"write the name: '{vessel}/{group.replicate_of}' is all of its places, '{vessel}/{group.role}' this one",
        )


def reject_vessel_words(vessel: str, list_name: str, words: Iterable[str], inputs: RunInputs, *, family: str = "") -> None:
    """Refuse a name of the list *list_name* that is *vessel*, or one of *words*, by which it calls its places, or one of them with a number.

    Only the places of *family* are for the names themselves, in order: the second may be called ``sample 2``, and no other one.
    """
    own_words = {word.casefold(): word for word in (*words, family) if word}
    for number, name in enumerate(inputs.values[list_name], 1):
        folded = " ".join(str(name).casefold().split())
        word, _, place = folded.rpartition(" ")
        is_numbered = place.isdecimal() and word in own_words and not isinstance(name, NumberedLabel)
        is_vessel = folded == vessel.casefold() and folded != family.casefold()
        if not is_vessel and folded not in own_words and (not is_numbered or word == family.casefold() and int(place) == number):
            continue
        whose = "the name of a vessel of this sheet" if is_vessel else f"what {vessel!r} calls {'a place' if is_numbered else 'its places'}"
        way = "choose another name" if is_vessel else f"choose another name; {vessel!r} has {', '.join(sorted(own_words.values()))}"
        error = ProtocolError(f"{str(name)!r} is also {whose}", way, from_values=True)
        error.parameters = tuple(root_parameters(inputs.protocol, (list_name,), inputs.changed_names))
        options = [inputs.protocol.parameters[root].option for root in error.parameters if root in inputs.changed_names]
        raise error.at(", ".join(options)) if options else error
