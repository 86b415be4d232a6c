"""Protocols that one protocol uses: set up on the same bench, called where the host says, and described in the host's words."""
