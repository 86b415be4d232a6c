"""Templating."""
