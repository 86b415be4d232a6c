"""What a run says, as data, and what identifies it."""
