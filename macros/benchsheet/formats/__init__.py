"""The faces of a Record: each is Record to text, or to the bytes of a printed sheet, and computes nothing."""
