"""What an author declares, and one run of it."""
