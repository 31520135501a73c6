"""Change the rules in every small way and see whether a test notices.

Use: ``python -m tests.mutation`` for all of them, which stores the scores and rewrites the table
of the manual; ``python -m tests.mutation dosing.rounding`` for one module, in a minute or two.

The changes that survive are listed, and written to ``build/mutation`` in the form in which
``unnoticeable.toml`` takes one that no test can notice, with the reason.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.mutation import scores
from tests.mutation.measure import Verdict, measure
from tests.mutation.scores import LEAST, Score


def main() -> int:
    """Measure what was named, or everything; return 0 where enough was noticed."""
    wanted, jobs, is_stored = _arguments()
    found = []
    for module in wanted:
        # a process of its own for each: nothing of one module is imported in the next
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            found.append(alone.submit(measure, module, jobs).result())
        if found[-1].score.mutants:
            _show(found[-1])
    judged = [verdict.score for verdict in found if verdict.score.mutants]
    if is_stored:
        kept = [] if wanted == list(scores.modules()) else scores.stored()
        now = {score.module: score for score in [*kept, *judged]}
        scores.store(now.values())
        judged = [*scores.rooms(now.values()), *judged]
    return _verdict(judged, [fault for verdict in found for fault in verdict.faults])


def _arguments() -> tuple[list[str], int, bool]:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("module", nargs="*", help="such as dosing.rounding; none: all, stored")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="trials at a time")
    parser.add_argument("--store", action="store_true", help="store the scores of what was named")
    given, known = parser.parse_args(), scores.modules()
    wanted = [f"ketherapy.{name.removeprefix('ketherapy.')}" for name in given.module]
    if unknown := [name for name in wanted if name not in known]:
        parser.error(f"expected some of {', '.join(known)}, got {', '.join(unknown)}")
    return wanted or list(known), given.jobs, given.store or not wanted


def _show(verdict: Verdict) -> None:
    for line in (*verdict.survivors, *verdict.faults, str(verdict.score)):
        print(line, flush=True)


def _verdict(judged: Iterable[Score], faults: list[str]) -> int:
    short = [score for score in judged if not score.is_enough]
    for score in short:
        print(f"{score.module}: expected {LEAST:.0%} noticed, got {score.share:.1%}. Test them.")
    return 1 if short or faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
