"""``{% step %}``: the one tag of a protocol; it numbers a step, times it, and files what its verbs did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from ..errors import ProtocolError, near
from ..run import batches
from ..run import step_times as timing
from ..run.bench import Bench
from ..run.events import Step, Wait
from ..run.steps import close
from ..units import read

OPTIONS = ("hands_on", "wait", "plan", "per", "at", "equipment", "after", "pause_point", "hazards")


class StepTag(Extension):
    """Parse the tag; all that it knows of a run is on the bench, never on the tag."""

    tags = {"step"}  # noqa: RUF012 - Jinja's own form

    def parse(self, parser: Parser) -> nodes.Node:
        """Read ``{% step "Title", option=value, ... %} ... {% endstep %}``."""
        line = next(parser.stream).lineno
        if parser.stream.current.type == "block_end":
            parser.fail('a step has no title: write {% step "Title" %}', line)
        title, options = parser.parse_expression(), []
        while parser.stream.skip_if("comma"):
            name = parser.stream.expect("name")
            if name.value not in OPTIONS:
                parser.fail(f"a step has no option {name.value!r}\n{near(name.value, OPTIONS, 'options')}", name.lineno)
            parser.stream.expect("assign")
            options.append(nodes.Keyword(name.value, parser.parse_expression()))
        body = parser.parse_statements(("name:endstep",), drop_needle=True)
        place = nodes.Const((parser.name, line))
        call = self.call_method("_record", [nodes.ContextReference(), place, title], options)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _record(self, context: Context, place: tuple[str, int], title: object, caller: Callable[[], str], **options: Any) -> str:
        file, line = place
        bench = context.get("_bench")
        if not isinstance(bench, Bench):
            raise ProtocolError("a step in a file that knows no run", "import it 'with context'", file, line)
        if bench.entry is not None and bench.entry.leaves_out(title, options.get("equipment", "")):
            return ""
        try:
            step = begin(bench, title, file, line, options)
        except ProtocolError as error:
            raise error.at(file, line) from None
        bench.step = step
        words = caller()  # a mistake in here knows its own line
        try:
            step.markdown = tidy(words)
            close(bench, step)
        except ProtocolError as error:
            raise error.at(file, line) from None
        bench.steps.append(step)
        bench.step = None
        return ""


def begin(bench: Bench, title: object, file: str, line: int, options: dict[str, Any]) -> Step:
    """Return a new step with its times; raise ProtocolError for an option that cannot be read."""
    if not isinstance(title, str) or not title.strip():
        raise ProtocolError("a step has a title", 'write {% step "Title" %}')
    if bench.step is not None:
        raise ProtocolError(f"step {title!r} opens inside step {bench.step.title!r}", "close it with {% endstep %}")
    entry = bench.entry
    if title in entry.titles if entry else any(step.title == title for step in bench.steps):
        raise ProtocolError(f"there are two steps {title!r}", "give the second another title")
    step = Step(title, len(bench.steps) + 1, file, line)
    if entry:
        step.title, step.within = entry.title(title, (other.title for other in bench.steps)), entry.prefix
    per, device = str(options.get("per", "")), str(options.get("equipment", ""))
    if device and device not in bench.equipment:
        raise ProtocolError(f"no equipment {device!r} in protocol.yml", near(device, bench.equipment, "equipment"))
    places, blank = bench.equipment[device] if device and per else (0, "")
    step.alone = places == 1 and bool(per)
    work = timing.hands_on(options.get("hands_on", "0 min"), bench.run.counts, per, batched=places > 1)
    step.once, step.each, step.unit, step.units, step.hands_on_rule = work.once, work.each, per, work.units, work.rule
    if not step.unit:
        step.scaled, step.counted = (work.once, work.each, work.units), work.unit
        step.once, step.each, step.units = work.once + work.each * work.units, work.each * 0, 1
    if options.get("wait") is not None:
        step.wait = Wait(*timing.wait(options["wait"], options.get("plan")))
    if options.get("at") is not None:
        warm = read(options["at"], "temperature")
        step.at, step.at_value = str(warm), warm.value
    step.equipment = entry.devices[device] if entry and device else device
    if places > 1:  # one at a time is unit by unit
        step.lots, step.per_batch = batches.split(step.units, places, balanced=bool(blank)), work.batch
        step.batching = batches.words(step.lots, blank)
    step.after = _after(bench, options.get("after"))
    step.pause_point, step.act_hazard = str(options.get("pause_point") or ""), str(options.get("hazards") or "")
    return step


def _after(bench: Bench, given: object) -> tuple[str, ...]:
    """Return the titles that have to be over first: by default the step before."""
    titles = [step.title for step in bench.steps]
    if given is None:
        return (titles[-1],) if titles else ()
    known = bench.entry.known(titles) if bench.entry else {title: (title,) for title in titles}
    wanted = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, list | tuple) else ()
    for title in wanted:
        if title not in known:
            raise ProtocolError(f"after={title!r} is no step above", near(str(title), known, "steps"))
    return tuple(dict.fromkeys(title for each in wanted for title in known[each]))


def tidy(text: str) -> str:
    """Trim each line and fold runs of blank lines, so that template tags leave no holes."""
    lines = [line.strip() if not line.startswith(("    ", "\t")) else line.rstrip() for line in text.strip().splitlines()]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
