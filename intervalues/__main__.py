"""`python -m intervalues` is the command `intervalues`."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
