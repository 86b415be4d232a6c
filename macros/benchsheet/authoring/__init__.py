"""What an author of a protocol runs: the check of all its mistakes, and its cases."""
