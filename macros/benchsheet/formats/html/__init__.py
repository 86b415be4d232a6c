"""The sheet for a browser: a Record as one HTML page with checkboxes and blanks to fill in."""
