"""The sheet on paper: a Record set in type, a part a module."""
