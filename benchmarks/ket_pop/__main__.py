"""The benchmark as a command: python -m benchmarks.ket_pop."""

from __future__ import annotations

from benchmarks.ket_pop.bench import main

main()
