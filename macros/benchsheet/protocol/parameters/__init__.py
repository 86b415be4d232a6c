"""What a run may set: how a parameter is declared, what its text means, and what is said of it."""
