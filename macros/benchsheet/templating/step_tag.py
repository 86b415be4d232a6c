"""``{% step %}``: the one tag of a protocol; read here, and done on the bench of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from ..errors import ProtocolError, locate_errors, suggest
from ..patterns import compile_when_used
from ..run.bench import Bench
from ..run.steps import begin_step, finish_step

STEP_OPTIONS = ("hands_on", "wait", "plan", "per", "at", "equipment", "inside", "together", "after", "pause_point", "hazards")

KEEP_LINE_END = '{{ "" }}'
_TAGS = compile_when_used(r"\{%.*?%\}|\{#.*?#\}")


def _ends_words_in_a_tag(line: str) -> bool:
    return line.endswith("%}") and not line.endswith("-%}") and line.count("{%") == line.count("%}") and bool(_TAGS.sub("", line).strip())


class StepTag(Extension):
    """Jinja's extension for the tag; the state of a run is on the bench, since one tag serves many runs."""

    tags = {"step"}  # noqa: RUF012 - Jinja's own form

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Keep the end of a line of words that ends in a tag: Jinja takes it off, and two lines of a list would become one."""
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        if "%}\n" not in source or "{% raw" in source:
            return source
        return "\n".join(line + KEEP_LINE_END if _ends_words_in_a_tag(line) else line for line in source.split("\n"))

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
        if bench.scope.skip_step(title, options.get("equipment", "")):
            bench.inputs.sheet_steps.left_out.add(str(title))
            return ""
        with locate_errors(file, line):
            step = begin_step(bench, title, file, line, options)
        bench.step = step
        text = caller()  # a mistake in here knows its own line
        with locate_errors(file, line):
            step.markdown = tidy_text(text)
            finish_step(bench, step)
        bench.journal.steps.append(step)
        bench.step = None
        return ""


def tidy_text(text: str) -> str:
    """Trim each line and fold runs of blank lines, so that template tags leave no holes."""
    lines = [line.strip() if not line.startswith(("    ", "\t")) else line.rstrip() for line in text.strip().splitlines()]
    output: list[str] = []
    for line in lines:
        if line or (output and output[-1]):
            output.append(line)
    return "\n".join(output).strip()
