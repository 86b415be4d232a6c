"""The sheet as a PDF: modules that write Typst markup, beside ``layout.typ``, which defines how it looks."""

LAYOUT_FOLDER: str = __path__[0]
LAYOUT_FILE = "layout.typ"
