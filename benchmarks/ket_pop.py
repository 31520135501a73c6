"""A population's course of ketamine: this engine beside the peers, one task, one tolerance.

The task is written down in ``ket_pop/task.toml``; docs/explanation/population-speed.md tells how
the peers were tuned and what came of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # a script's own folder is not the root

from benchmarks.ket_pop.bench import main

if __name__ == "__main__":
    main()
