"""The faces of a Record: each is Record to text, and computes nothing."""
