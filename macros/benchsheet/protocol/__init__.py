"""What an author declares: parameters, reagents, recipes, tables, references. It is read once and knows no value of a run."""
