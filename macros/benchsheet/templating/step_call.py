"""One step of a template as it runs: opened on the bench, filled by its words and verbs, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.runtime import Context

from ..errors import ProtocolError, locate_errors
from ..run.bench import Bench
from ..run.steps import begin_step, finish_step


def run_step(context: Context, location: tuple[str, int], title: object, caller: Callable[[], str], **options: Any) -> str:
    """Open a step on the bench of the run, let *caller* fill it, and close it; *location* is the file and line of its tag."""
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
