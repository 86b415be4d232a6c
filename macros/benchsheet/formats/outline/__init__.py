"""What a sheet says, as blocks in reading order: each format writes the same blocks in its own way."""
