"""The sheet on paper: a Record set in type, a part a module, beside the layout that Typst reads."""

LAYOUT_FOLDER: str = __path__[0]
LAYOUT_FILE = "layout.typ"
