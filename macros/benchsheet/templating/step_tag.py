"""``{% step %}``: the one tag of a protocol; it numbers a step, times it, and files what its verbs did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from ..errors import ProtocolError, locate_errors, suggest
from ..run import step_times
from ..run.bench import Bench
from ..run.events import Step, Wait
from ..run.steps import finish_step
from ..units import as_quantity

STEP_OPTIONS = ("hands_on", "wait", "plan", "per", "at", "equipment", "after", "pause_point", "hazards")


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
            if name.value not in STEP_OPTIONS:
                parser.fail(f"a step has no option {name.value!r}\n{suggest(name.value, STEP_OPTIONS, 'options')}", name.lineno)
            parser.stream.expect("assign")
            options.append(nodes.Keyword(name.value, parser.parse_expression()))
        body = parser.parse_statements(("name:endstep",), drop_needle=True)
        location = nodes.Const((parser.name, line))
        call = self.call_method("_run_step", [nodes.ContextReference(), location, title], options)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _run_step(self, context: Context, location: tuple[str, int], title: object, caller: Callable[[], str], **options: Any) -> str:
        file, line = location
        bench = context.get("_bench")
        if not isinstance(bench, Bench):
            raise ProtocolError("a step in a file that knows no run", "import it 'with context'", file, line)
        if bench.nested_call is not None and bench.nested_call.skip_step(title, options.get("equipment", "")):
            return ""
        with locate_errors(file, line):
            step = begin_step(bench, title, file, line, options)
        bench.step = step
        text = caller()  # a mistake in here knows its own line
        with locate_errors(file, line):
            step.markdown = tidy_text(text)
            finish_step(bench, step)
        bench.steps.append(step)
        bench.step = None
        return ""


def begin_step(bench: Bench, title: object, file: str, line: int, options: dict[str, Any]) -> Step:
    """Return a new step with its times; raise ProtocolError for an option that cannot be read."""
    if not isinstance(title, str) or not title.strip():
        raise ProtocolError("a step has a title", 'write {% step "Title" %}')
    if bench.step is not None:
        raise ProtocolError(f"step {title!r} opens inside step {bench.step.title!r}", "close it with {% endstep %}")
    nested_call = bench.nested_call
    if title in nested_call.step_titles if nested_call else any(step.title == title for step in bench.steps):
        raise ProtocolError(f"there are two steps {title!r}", "give the second another title")
    step = Step(title, len(bench.steps) + 1, file, line)
    if nested_call:
        step.title, step.within = nested_call.unique_title(title, (other.title for other in bench.steps)), nested_call.prefix
    per, device = str(options.get("per", "")), str(options.get("equipment", ""))
    if device and device not in bench.equipment:
        raise ProtocolError(f"no equipment {device!r} in protocol.yml", suggest(device, bench.equipment, "equipment"))
    places, blank = bench.equipment[device] if device and per else (0, "")
    step.single_place = places == 1 and bool(per)
    hands_on = step_times.parse_hands_on(options.get("hands_on", "0 min"), bench.inputs.counts, per, batched=places > 1)
    step.fixed, step.per_unit, step.unit, step.unit_count, step.hands_on_rule = (
        hands_on.fixed,
        hands_on.per_unit,
        per,
        hands_on.unit_count,
        hands_on.rule_text,
    )
    if not step.unit:
        step.scaling, step.scaling_unit = (hands_on.fixed, hands_on.per_unit, hands_on.unit_count), hands_on.unit
        step.fixed, step.per_unit, step.unit_count = hands_on.fixed + hands_on.per_unit * hands_on.unit_count, hands_on.per_unit * 0, 1
    if options.get("wait") is not None:
        step.wait = Wait(*step_times.parse_wait(options["wait"], options.get("plan")))
    if options.get("at") is not None:
        temperature = as_quantity(options["at"], "temperature")
        step.temperature_text, step.temperature = str(temperature), temperature.value
    step.equipment = nested_call.device_ids[device] if nested_call and device else device
    if places > 1:  # one at a time is unit by unit
        step.batches, step.per_batch = step_times.split_batches(step.unit_count, places, balanced=bool(blank)), hands_on.per_batch
        step.batches_text = step_times.format_batches(step.batches, blank)
    step.after = _resolve_after(bench, options.get("after"))
    step.pause_point, step.act_hazard = str(options.get("pause_point") or ""), str(options.get("hazards") or "")
    return step


def _resolve_after(bench: Bench, value: object) -> tuple[str, ...]:
    """Return the titles that have to be over first: by default the step before."""
    titles = [step.title for step in bench.steps]
    if value is None:
        return (titles[-1],) if titles else ()
    known_titles = bench.nested_call.prerequisite_titles(titles) if bench.nested_call else {title: (title,) for title in titles}
    requested_titles = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
    for title in requested_titles:
        if title not in known_titles:
            raise ProtocolError(f"after={title!r} is no step above", suggest(str(title), known_titles, "steps"))
    return tuple(dict.fromkeys(title for each in requested_titles for title in known_titles[each]))


def tidy_text(text: str) -> str:
    """Trim each line and fold runs of blank lines, so that template tags leave no holes."""
    lines = [line.strip() if not line.startswith(("    ", "\t")) else line.rstrip() for line in text.strip().splitlines()]
    output: list[str] = []
    for line in lines:
        if line or (output and output[-1]):
            output.append(line)
    return "\n".join(output).strip()
