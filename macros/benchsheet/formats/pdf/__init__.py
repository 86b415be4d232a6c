"""The sheet on paper: a Record set in type, a part a module, beside the layout that Typst reads."""

FOLDER: str = __path__[0]
LAYOUT = "layout.typ"
