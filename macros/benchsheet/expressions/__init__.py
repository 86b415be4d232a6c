"""The small language of derived values and checks: its grammar, its values and its functions."""
