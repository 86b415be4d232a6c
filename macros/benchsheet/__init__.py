"""A laboratory protocol, expanded to exactly what one run needs; refused where a figure would be wrong.

``import benchsheet as bs`` has the names of ``__all__``, each loaded when it is first asked for; ``docs/guide/python.md`` shows them at work.
All other names are the program's own, and may change from one version to the next.

These are the rooms of the package and the modules beside them, from the lowest floor to the highest. A module imports from its own room and
from the floors below. ``docs/architecture.md`` shows one render on its way through the rooms, and says where to change what.

``_dataclass``: the decorator that makes the dataclasses of all rooms, in less time than the standard one.
``patterns``: regular expressions that are compiled when they are first used.

``spelling``: how a name is compared with another: what makes no difference, and what one slip of a letter is.

``errors``: a mistake of an author or a user with file, line, message and way out, and the collector that tells all mistakes at once.

``generated``: finds what the build of a wheel made ready.

``graph``: names that lead to others: what is reached, a circle, an order.
``yamltext``: YAML text as plain data, with the line of each part.

``yamltree``: a YAML file in which each key and each item knows its line.

``units``: an exact quantity of one kind, read from text and shown in the units of a bench.

``markup``: the small Markdown of a step's prose, read as lines of words, lists and tables; a user's words are written into it escaped.

``arithmetic``: the formulas of the bench, exact and without state.

``lab``: what one laboratory has and can set: pipettes, balances, overage, labware, gels, tanks, working hours.

``expressions``: the small language of derived values and checks. It is parsed and evaluated here, and never run as Python.

``protocol``: what an author declares: parameters, recipes, tables, references. It is read once and knows no value of a run.

``run``: one run of a protocol: its values, the bench with its reagents, the ledger of who holds what, the steps, the verbs of a template,
and (in ``run.nested``) the protocols that one protocol uses.

``calculators``: one question of the bench at a time, answered by the formulas that protocols use.

``templating``: the template of a protocol in a sandbox of Jinja: the tag of a step, verbs bound to a bench, and what is refused at once.

``schedule``: when each step begins and ends, counted from the first one, or by the clock within the lab's working hours.

``record``: the parts of the Record as plain JSON, its hazards, and the hashes that identify it.

``engine``: the one pass from typed values to the Record. It calls the rooms below in their order.

``library``: the files: protocols in their folders, what they share, lab profiles, documents of the site.

``products``: what a wheel brings ready-made: parsed YAML and compiled templates.

``formats``: a Record as text, Markdown, HTML, PDF, a calendar, a drawing or a table. A format decides no amount and no time.

``authoring``: what ``benchsheet check`` tells an author: mistakes, cases that do not hold, and each branch that fails.

``api``: what a program in Python or a notebook asks for, and the files that sheets are written to.

``site``: the pages of the website, from documents, protocols and shared tables. ``site.plugin`` and ``site.kept_pages`` alone know MkDocs.
``live``: the engine as a web page asks it, one text in and one out.

``cli``: the command ``benchsheet``, a module for each task. It alone writes to the terminal.

``__main__``: the same command as ``python -m benchsheet``.

``repipette``: stands beside the house. It pipettes a finished Record again and imports nothing from the rooms, so that it repeats none of
their mistakes.
"""

from __future__ import annotations

TYPE_CHECKING = False  # to a type checker it is true; the module of that name is slow to load
if TYPE_CHECKING:
    from .api.calculation import calculate
    from .api.catalogue import Protocol, protocols
    from .api.labs import Lab
    from .api.rendering import Sheet, render, replay, upgrade
    from .errors import ProtocolError, ProtocolErrors
    from .units import Quantity

__version__ = "0.1.0"
__all__ = [
    "Lab",
    "Protocol",
    "ProtocolError",
    "ProtocolErrors",
    "Quantity",
    "Sheet",
    "__version__",
    "calculate",
    "protocols",
    "render",
    "replay",
    "upgrade",
]

# The module of each name.
_HOMES = {
    "Lab": "api.labs",
    "Protocol": "api.catalogue",
    "ProtocolError": "errors",
    "ProtocolErrors": "errors",
    "Quantity": "units",
    "Sheet": "api.rendering",
    "calculate": "api.calculation",
    "protocols": "api.catalogue",
    "render": "api.rendering",
    "replay": "api.rendering",
    "upgrade": "api.rendering",
}


if not TYPE_CHECKING:  # to a type checker, a name that is not there is a mistake

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(__import__(f"{__name__}.{_HOMES[name]}", fromlist=[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
