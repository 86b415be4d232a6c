"""Parameters, which a run may set: how one is declared, parsed from text, and described."""
