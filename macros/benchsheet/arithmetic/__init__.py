"""The arithmetic of the bench, exact and without state: dilution, growth, doses, masses."""
