"""Output: a file or pipe gets UTF-8 everywhere, a terminal its own encoding, with ASCII for the characters that it lacks."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import unicodedata
from typing import Any, TextIO

from ..errors import ProtocolError
from ..patterns import compile_when_used

# What stays on one line: a number with its unit, and what is quoted or is a place, since a path may have spaces.
_WHOLE = compile_when_used(
    r"(?<=\d) (?=[A-Za-zµ%°])|(?<=%) (?=[wv]/)|(?<!\w)(['\"])[^'\"\n]{1,50}\1(?!\w)|^[^:\n]+:\d+:|^\S*/[^:\n]*(?=: nothing|: \d+ to| is ready)"
)

PLAIN_CHARACTERS = {
    "µ": "u",
    "μ": "u",
    "°": "deg",
    "×": "x",
    "–": "-",
    "—": "-",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "β": "beta",
    "α": "alpha",
    "γ": "gamma",
    "\u202f": "",
    "±": "+/-",
    "÷": "/",
    "√": "sqrt",
    "·": ";",
    "’": "'",
}


def _replace_by_ascii(error: Any) -> tuple[str, int]:
    """Return ASCII for the characters that an encoding lacks, and where to go on: an error handler of ``str.encode``."""
    characters = error.object[error.start : error.end]
    plain = (unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?" for character in characters)
    return "".join(map(PLAIN_CHARACTERS.get, characters, plain)), error.end


codecs.register_error("benchsheet", _replace_by_ascii)


def transliterate(text: str, encoding: str) -> str:
    """Return *text* in characters that *encoding* has; an encoding that Python does not know is taken for ASCII."""
    try:
        return text.encode(encoding, "benchsheet").decode(encoding)
    except LookupError:
        return transliterate(text, "ascii")


def transliterate_data(data: Any, encoding: str) -> Any:
    """Return a record with every text in characters that *encoding* has; before it is laid out, so that columns stay aligned."""
    if isinstance(data, str):
        return data if data.isascii() else transliterate(data, encoding)
    if isinstance(data, dict):
        return {transliterate(key, encoding): transliterate_data(value, encoding) for key, value in data.items()}
    if isinstance(data, list):
        return [transliterate_data(item, encoding) for item in data]
    return data


def is_terminal(stream: TextIO) -> bool:
    """Return whether *stream* is a terminal; a closed one is not."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def stream_encoding(stream: TextIO) -> str:
    """Return the encoding in which *stream* is written: UTF-8 unless it is a terminal with another."""
    return (stream.encoding or "utf-8") if is_terminal(stream) else "utf-8"


def supports_bold(stream: TextIO) -> bool:
    """Return whether headings may stand out: on a terminal that can, and unless NO_COLOR asks not to."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("", "dumb")


def write_output(text: str, stream: TextIO | None = None) -> None:
    """Write *text* to *stream*, by default standard output, whatever the locale; raise ProtocolError if the system cannot write it."""
    stream = stream or sys.stdout
    if stream is None:  # closed before we began
        return
    try:
        if is_terminal(stream):
            stream.write(transliterate(text, stream_encoding(stream)))
        elif hasattr(stream, "buffer"):
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "surrogateescape"))
        else:
            stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(stream)
        raise ProtocolError(
            f"nothing can be written there: {(error.strerror or 'unknown reason').lower()}", "make room, or write elsewhere", "standard output"
        ) from None


def write_json(data: Any) -> None:
    """Write plain *data* as JSON to standard output."""
    import json

    write_output(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def wrap_lines(text: str, first: str = "", later: str = "") -> list[str]:
    """Return one line as lines that a terminal has room for, the first after *first* and the others after *later*; only spaces are broken."""
    import textwrap

    from ..api.sheet_files import LINE_WIDTH

    whole = _WHOLE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)
    lines = textwrap.wrap(whole, LINE_WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, break_long_words=False)
    return [line.replace("\u00a0", " ") for line in lines]


def write_lines(text: str, stream: TextIO | None = None, later: str = "  ") -> None:
    """Write the lines of *text* as `write_output` does, on a terminal wrapped with *later* before what goes on; a pipe gets each whole."""
    stream = stream or sys.stdout
    if stream is not None and is_terminal(stream):
        from ..api.sheet_files import LINE_WIDTH

        indents = [(line, line[: len(line) - len(line.lstrip())]) for line in text.splitlines()]
        if any(len(line) > LINE_WIDTH for line, _ in indents):
            text = "".join(f"{wrapped}\n" for line, indent in indents for wrapped in wrap_lines(line.lstrip(), indent, indent + later) or [""])
    write_output(text, stream)


def silence(stream: TextIO) -> None:
    """Send what is still in the buffer of *stream* to the null device, so that flushing it at exit does not fail."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def write_error(message: str) -> None:
    """Write a mistake or a warning to standard error; if that is closed or full, the exit code still tells."""
    if sys.stderr is not None:
        with contextlib.suppress(ProtocolError, BrokenPipeError):
            write_lines(message + "\n", sys.stderr)
