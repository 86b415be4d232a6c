"""The sheet for a browser: a Record as one page that is ticked and filled in, a part a module."""
