"""``{% step %}``: the one tag of a protocol, and how it is read; only a template that is compiled needs it."""

from __future__ import annotations

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from ..errors import suggest
from ..patterns import compile_when_used

STEP_OPTIONS = ("hands_on", "wait", "plan", "per", "at", "equipment", "inside", "together", "after", "pause_point", "hazards")

KEEP_LINE_END = '{{ "" }}'
_TAGS = compile_when_used(r"\{%.*?%\}|\{#.*?#\}")


def _ends_words_in_a_tag(line: str) -> bool:
    return line.endswith("%}") and not line.endswith("-%}") and line.count("{%") == line.count("%}") and bool(_TAGS.sub("", line).strip())


class StepTag(Extension):
    """Jinja's extension for the tag, which becomes a call of ``environment.run_step`` around its words."""

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
        call = nodes.Call(nodes.EnvironmentAttribute("run_step"), [nodes.ContextReference(), location, title], options, None, None)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)
