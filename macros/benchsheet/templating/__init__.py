"""Templates of protocols: the sandboxed Jinja, the step tag, what is wrong with a template, and what a template can name."""
