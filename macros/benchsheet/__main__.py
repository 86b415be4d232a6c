"""``python -m benchsheet``: the same as the command."""

import sys

from benchsheet.cli import main

if __name__ == "__main__":
    sys.exit(main())
