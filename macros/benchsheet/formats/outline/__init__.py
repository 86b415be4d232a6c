"""The content of a sheet as blocks in reading order, which each format writes in its own way."""
