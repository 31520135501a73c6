"""``python -m clinic`` starts the server; ``python -m clinic manage …`` runs a command."""

from __future__ import annotations

import sys

from clinic.config.serve import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
