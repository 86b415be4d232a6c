"""Templates of protocols: the sandboxed Jinja, the step tag, the linter, and the verbs as a template calls them."""
