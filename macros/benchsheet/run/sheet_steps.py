"""Which of a protocol's steps are on the sheet: those that this run does, and not those before the step with which a host begins.

A question about a step that is still to come is answered from the order of the template, and the answer is held against the run.
Raises ProtocolError for a step that no template has, and for an answer that the run proves wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._dataclass import dataclass, field
from ..errors import Collector, ProtocolError, suggest
from ..patterns import compile_when_used
from ..protocol.source import TEMPLATE_FILE, Source

_STEP_OR_INCLUDE = compile_when_used(r"""\{%[-+]?\s*(step|include)\s+(?:(["'])([^"']+)\2\s*(?=,|[-+]?%\}))?""")
_COMMENT = compile_when_used(r"\{#.*?#\}", re.DOTALL)


@dataclass(kw_only=True)
class SheetSteps:
    """The steps of the protocol *source*, from *start* on, while it runs: *done* so far, *left_out* before *start*; *answers* given so far."""

    source: Source
    start: str = ""
    done: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    answers: dict[str, bool] = field(default_factory=dict)
    is_complete: bool = False

    def __call__(self, title: object) -> bool:
        """Return whether the step *title* is done in this run."""
        if not isinstance(title, str):
            raise ProtocolError(f"in_sheet({title!r}) is not about the title of a step", "write in_sheet('Treat')")
        if title not in self.answers or self.is_complete:
            self.answers[title] = self._answer(title)
        return self.answers[title]

    def _answer(self, title: str) -> bool:
        if title in self.done or title in self.left_out:
            return title in self.done
        order, has_built_titles = self._planned_titles()
        if title not in order and not (self.is_complete and has_built_titles):
            raise ProtocolError(f"{self.source.id} has no step {title!r}", suggest(title, order, "its steps"))
        if self.is_complete:
            return False
        passed = max((order.index(name) for name in (*self.done, *self.left_out, self.start) if name in order), default=0)
        return order.index(title) >= passed

    def finish(self) -> None:
        """Take the run as complete; raise ProtocolError for each answer that was given before and is not true."""
        self.is_complete = True
        mistakes = Collector()
        for title, was_yes in self.answers.items():
            if was_yes != (title in self.done):
                with mistakes.at(*self._find_question(title)):
                    raise ProtocolError(
                        f"in_sheet({title!r}) was asked before that step, and this run {'does not do it' if was_yes else 'does it later'}",
                        "ask together with the condition of that step, or below it",
                    )
        mistakes.raise_all()

    def _find_question(self, title: str) -> tuple[str, int]:
        """Return file and line of the first question about *title*."""
        for name, text in self.source.files.items():
            for number, line in enumerate(text.splitlines(), 1):
                if "in_sheet(" in line and title in line:
                    return self.source.display_path(name), number
        return self.source.display_path(TEMPLATE_FILE), 1

    def _planned_titles(self) -> tuple[list[str], bool]:
        """Return the titles that stand in the template, in its order, and whether others are put together there."""
        if "step titles" not in self.source.cache:
            titles = list(self._read_titles(TEMPLATE_FILE, frozenset()))
            self.source.cache["step titles"] = list(dict.fromkeys(filter(None, titles))), "" in titles
        planned: tuple[list[str], bool] = self.source.cache["step titles"]
        return planned

    def _read_titles(self, name: str, around: frozenset[str]) -> Iterator[str]:
        text = self.source.files.get(name, self.source.shared_files.get(name, ""))
        for tag in _STEP_OR_INCLUDE.finditer(_COMMENT.sub("", text)):
            if tag[1] == "step":
                yield tag[3] or ""
            elif tag[3] and tag[3] not in around:
                yield from self._read_titles(tag[3], around | {name})
