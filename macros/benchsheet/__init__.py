"""A laboratory protocol, expanded to exactly what one run needs; refused where a figure would be wrong."""

__version__ = "0.1.0"
