"""The Jinja environment of a protocol's template: sandboxed and strict; every verb gets the file and line of its call.

Only the filters, functions and names that the guide lists are allowed, and a text has a maximum length.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from types import CodeType
from typing import Any

import jinja2
from jinja2 import DictLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.bccache import bc_version
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from .. import __path__, generated
from ..errors import ProtocolError, suggest
from ..markup import escape_markdown
from ..protocol import citations
from ..protocol.parameters.labels import Label
from ..protocol.source import TEMPLATE_FILE, Source
from ..run.verb_result import VerbResult
from ..run.verbs import VERBS
from ..units import KINDS, Quantity, describe_value
from .bound_verb import BoundVerb
from .step_call import run_step

_FILTERS = ("join", "length", "count", "first", "last", "list", "sort", "unique", "upper", "lower", "capitalize", "trim", "default", "d", "reverse")
MAX_TEXT_LENGTH = 20_000  # characters of one printed text; a sheet has fewer
MAX_MACRO_DEPTH = 50  # nested macros: a recursion error below more of them is the template's own fault
PACKAGE = __path__[0]
VERBS_ONLY = "a template computes through verbs only"


class ProtocolEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for protocols."""

    intercepted_binops = frozenset(["*", "**", "%", "+", "//"])
    bibliography: Mapping[str, object] = {}
    run_step = staticmethod(run_step)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Raise SecurityError for a text that would fill the memory, such as ``"a" * 10**9``, and for a sum of a text and a number."""
        if operator in ("**", "//", "%"):
            raise SecurityError(f"{operator!r} is not allowed here")
        has_text = isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple)
        if has_text and (operator == "*" or len(str(left)) + len(str(right)) > MAX_TEXT_LENGTH):
            raise SecurityError(f"{operator!r} works on numbers and quantities here")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a verb directly, since it needs no check of the sandbox; call anything else as the sandbox does."""
        if type(function) is not BoundVerb:
            return super().call(context, function, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return function(*args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow attributes of a loop and of an imported file only."""
        return isinstance(obj, LoopContext | TemplateModule) and super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of a loop or of an imported file, else an undefined value with a message."""
        if isinstance(obj, LoopContext | TemplateModule | Undefined):
            return super().getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Return an undefined value that raises ``a text has no 'upper'`` when it is used."""
        return self.undefined(f"{_describe_kind(obj)} has no {attribute!r}", exc=SecurityError)

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Return the tree of a template; only here the one tag is read."""
        from .step_tag import StepTag

        self.add_extension(StepTag)
        return super().parse(source, name, filename)

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, raw: bool = False, defer_init: bool = False) -> CodeType:  # type: ignore[override]
        """Compile a template with the file and line of its call handed to every verb; raise ProtocolError for what the linter finds.

        A template that the build of a wheel has linted and compiled is loaded instead.
        """
        if not raw and isinstance(source, str) and generated.names():
            ready = generated.template(product_key(source, str(name), self.bibliography), str(filename or name))
            if ready is not None:
                return ready
        from .lint import lint_template  # only where the build has not done it

        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        parts = list(tree.find_all(nodes.Node))
        lint_template(tree, parts, str(name), self.bibliography)
        for call in parts:
            if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name in VERBS:
                call.kwargs.append(nodes.Keyword("_location", nodes.Const((name, call.lineno))))
        if any(isinstance(part, nodes.Concat) for part in parts):
            tree = _ConcatTransformer().visit(tree)
        code: CodeType = super().compile(tree, name, filename or name, raw, defer_init)  # type: ignore[call-overload]
        return code


def product_key(text: str, name: str, works: Mapping[str, object]) -> str:
    """Return a cache key: the hash of everything that decides what the *text* of a template is compiled to, and whether it is refused.

    These are the text and the file's name, Jinja, our own code, the verbs, the units that no prose may hold, and the references.
    """
    own = generated.code_hash(__name__, f"{__package__}.step_tag", f"{__package__}.lint")
    units = [[kind, *found.units] for kind, found in KINDS.items()]
    return generated.key(text, name, jinja2.__version__, bc_version, own, sorted(VERBS), units, TEMPLATE_FILE, sorted(works))


class _ConcatTransformer(NodeTransformer):
    """Replace ``a ~ b`` by the filter that limits the length of a text."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja calls it by the node's name
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), "joined", [], [], None, None).set_lineno(node.lineno)


def join_texts(parts: list[Any]) -> str:
    """Return *parts* as one text; raise SecurityError if it is too long."""
    text = "".join(str(part) for part in parts)
    if len(text) > MAX_TEXT_LENGTH:
        raise SecurityError("a text grows without end")
    return text


def check_printable(value: Any) -> Any:
    """Return *value* as it may be printed: results of verbs and texts, a user's own with Markdown escaped; raise ProtocolError for others."""
    if isinstance(value, VerbResult | Undefined):
        return value
    if isinstance(value, Label):
        return escape_markdown(value)
    if isinstance(value, str):
        if len(value) > MAX_TEXT_LENGTH:
            raise SecurityError("a text grows without end")
        return value
    raise ProtocolError(f"{_describe_kind(value)} is printed past the record", "write {{ q(...) }}")


def _describe_kind(value: Any) -> str:
    if isinstance(value, str):
        return "a text"
    if callable(value):
        return "a function"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, Undefined):
        return "what is undefined"
    return describe_value(value) if isinstance(value, int | Quantity) or hasattr(value, "numerator") else "a thing of the engine"


@functools.lru_cache(maxsize=64)
def build_environment(source: Source) -> ProtocolEnvironment:
    """Return the environment for the files of one protocol; its own files and the shared macros can be imported."""
    files = {name: text for part in (source.shared_files, source.files) for name, text in part.items() if name.endswith(".j2")}
    environment = ProtocolEnvironment(
        loader=DictLoader(files),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=check_printable,
        autoescape=False,
        keep_trailing_newline=True,  # a file that is included ends like the lines it stands for
        optimized=False,  # hardly a template has two constants to put together; the search for them takes a tenth of the time
    )
    environment.bibliography = citations.parse_bibtex(source.shared_files.get(citations.REFERENCES_FILE, ""))
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"joined": join_texts}
    environment.globals = {"range": environment.globals["range"]}
    return environment


def run_template(source: Source, namespace: Mapping[str, Any]) -> None:
    """Render the template once for its effects; raise ProtocolError at the line of any mistake."""
    try:
        template = build_environment(source).get_template(TEMPLATE_FILE)
        for part in template.generate(dict(namespace)):
            if stray := part.strip():
                raise ProtocolError(f"{stray[:40]!r} stands outside any step", "put it between {% step %} and {% endstep %}").at(TEMPLATE_FILE, None)
    except ProtocolError as error:
        raise _locate_error(source, error, error) from None
    except TemplateNotFound as error:
        hint = suggest(str(error.name), build_environment(source).list_templates(), "files")
        raise _locate_error(source, ProtocolError(f"there is no file {error.name!r}", hint), error) from None
    except TemplateSyntaxError as error:
        from .lint import explain_syntax_error  # a template that was compiled before needs no lint

        name = error.name or TEMPLATE_FILE
        text = source.files.get(name, source.shared_files.get(name, ""))
        message, hint, line = explain_syntax_error(str(error.message), error.lineno, text, _FILTERS)
        raise ProtocolError(message, hint, source.display_path(name), line) from None
    except UndefinedError as error:
        raise _locate_error(source, _undefined_error(str(error), namespace), error) from None
    except (SecurityError, TemplateRuntimeError) as error:
        message = re.sub(r"^Range too big.*", "range(...) is longer than 100000", str(error).rstrip("."))
        raise _locate_error(source, ProtocolError(message, VERBS_ONLY), error) from None
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError, MemoryError) as error:
        if not _is_authors(error):
            raise
        raise _locate_error(source, ProtocolError(*_in_words(error)), error) from None


def _in_words(error: Exception) -> tuple[str, str]:
    """Return message and hint for a Python error in an author's own arithmetic."""
    if isinstance(error, OverflowError):
        return "range(...) is longer than 100000", VERBS_ONLY
    if isinstance(error, ZeroDivisionError):
        return "division by zero", "look at what comes to zero"
    message = str(error) or type(error).__name__
    if "unary -" in message:
        return "nothing here is below zero", "subtract instead"
    return message, "look at the kinds of what is combined here"


def _locate_error(source: Source, mistake: ProtocolError, error: BaseException) -> ProtocolError:
    """Give *mistake* the last place in a template from which *error* was raised, unless it has its place already."""
    import traceback  # for those who made a mistake

    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    mistake.at(*next((place for place in reversed(frames) if place[0].endswith(".j2")), (TEMPLATE_FILE, None)))
    if mistake.file in source.files or mistake.file in source.shared_files:
        mistake.file = source.display_path(mistake.file)
    return mistake


def _undefined_error(message: str, namespace: Mapping[str, Any]) -> ProtocolError:
    known_names = [word for word in namespace if not word.startswith("_")]
    name = message.split("'")[1] if "'" in message else ""
    hint = suggest(name, known_names, "known")
    if name in known_names:  # known, but a file imported without context cannot see it
        hint = "import it 'with context', so that its macros know verbs and values"
    return ProtocolError(message, hint)


def _is_authors(error: BaseException) -> bool:
    """Return whether the template asked for what failed: Jinja itself raised it, or a macro that calls itself without end.

    What fails inside a verb, or in anything that a verb calls, is a fault of benchsheet and keeps its stack.
    """
    import traceback

    names = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    templates = [place for place, name in enumerate(names) if name.endswith(".j2")]
    if isinstance(error, RecursionError | MemoryError) and len(templates) > MAX_MACRO_DEPTH:
        return True
    return bool(templates) and not any(name.startswith(PACKAGE) and name != __file__ for name in names[templates[-1] + 1 :])
