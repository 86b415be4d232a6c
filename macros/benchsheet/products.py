"""The files that the build makes for a wheel, by name: each YAML file that it ships, parsed, each template, compiled, each protocol's expressions.

``python -m benchsheet.products`` writes them as one JSON object; the build hook runs it. `generated` finds them again.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator

from . import engine, library, yamltree
from .expressions import grammar
from .expressions.evaluate import compile_expression
from .expressions.interpolate import compile_text
from .lab import example_profile
from .protocol.reader import table_names
from .protocol.source import Source
from .protocol.tables import parse_table
from .run.derived_values import compile_loop
from .templating import environment
from .yamltext import parse

INDEX = "__init__.py"


def products() -> dict[str, str]:
    """Return the text of each file of ``benchsheet._generated`` by its name, sorted: the same of the same tree, on any machine.

    Raise ProtocolError for a file that cannot be read or compiled.
    """
    every = library.load_all_sources().values()
    files = dict([*_trees(every), *(made for source in every for made in _templates(source)), *map(_expressions, every)])
    names = "".join(f'        "{name}",\n' for name in sorted(files))
    index = f'"""What the build made ready; `benchsheet.generated` reads it."""\n\nNAMES = frozenset(\n    [\n{names}    ]\n)\n'
    return dict(sorted({**files, INDEX: index}.items()))


def _trees(sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    texts = {example_profile(): "lab/default.yml"}
    for source in sources:
        texts |= {
            text: source.display_path(name) for part in (source.shared_files, source.files) for name, text in part.items() if name.endswith(".yml")
        }
        for name in table_names(source.shared_files):  # of a table that is ready, a run reads only the cells that it needs
            parse_table(name, source.shared_files[f"{name}.yml"], source.display_path(f"{name}.yml"))
        texts[library.head(source.files["protocol.yml"])] = source.display_path("protocol.yml")  # all that `list` parses
    for text, file in texts.items():
        data, lines = parse(text, file)
        said = '"""A YAML file, as `benchsheet.yamltext` read it."""\n\n'
        yield f"y_{yamltree.product_key(text)}.py", f"{said}DATA = {data!r}\nLINES = {tuple(lines)!r}\n"


def _templates(source: Source) -> Iterator[tuple[str, str]]:
    made = environment.build_environment(source)
    for name in made.list_templates():
        text = source.files.get(name, source.shared_files.get(name, ""))
        yield f"t_{environment.product_key(text, name, made.bibliography)}.py", str(made.compile(text, name, raw=True))


def _expressions(source: Source) -> tuple[str, str]:
    """Return what a render of *source* with its default values reads of expressions: the others are read when a run needs them."""
    grammar.forget_analyses()
    for cache in (compile_expression, compile_text, compile_loop):
        cache.cache_clear()
    engine.render(dataclasses.replace(source), sealed=False)  # a copy, whose cache is empty
    lines = "".join(f"    {text!r}: {analysis!r},\n" for text, analysis in grammar.list_analyses().items())
    made_from = grammar.product_key(source.files["protocol.yml"])
    return f"x_{made_from}.py", f'"""Expressions, as `benchsheet.expressions.syntax` read them."""\n\nEXPRESSIONS = {{\n{lines}}}\n'


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(json.dumps(products()).encode())
