"""The formats of a Record: each turns it into text, or into the bytes of a printed sheet, and works no figure out anew."""
