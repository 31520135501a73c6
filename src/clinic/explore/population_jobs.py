"""Population runs beside the pages: a few at once, in threads of this process, in its memory alone.

No patient data passes through here. A result is forgotten after a while, when too many are kept,
and whenever the server stops; nothing of it is written anywhere.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from clinic.explore.population_questions import PopulationQuestion
from ketherapy.errors import ContractError
from ketherapy.simulation import population

if TYPE_CHECKING:
    import xarray as xr

# Conventions, for the memory of one small machine
MOST_RUNNING = 2  # at once, in this process
MOST_KEPT = 16  # runs of everybody together, the running ones included
KEPT_S = 3600.0  # how long a result is kept after it is finished [s]

log = logging.getLogger(__name__)


class State(StrEnum):
    """What has become of a run."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(kw_only=True, slots=True, eq=False)
class Run:
    """One run; its thread alone writes what becomes of it."""

    id: uuid.UUID
    owner: str
    question: PopulationQuestion
    began: float  # on the clock of the runs [s]
    done: int = 0  # people simulated so far
    state: State = State.RUNNING
    ended: float | None = None
    reason: str = ""  # why it failed
    result: xr.Dataset | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def n(self) -> int:
        """Return how many people were asked for."""
        return self.question.request.n


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """Why no run can begin now, in one sentence."""

    sentence: str


YOURS = Busy(sentence="You have a population running already: wait for it, or cancel it first.")
FULL = Busy(
    sentence=f"{MOST_RUNNING} populations are running on this server, as many as it takes at once: "
    "try again when one of them is finished."
)
OUR_FAULT = "The fault is ours and was written down. Nothing of this run is kept."


class Runs:
    """The runs of this process, by their ids; each belongs to who began it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._runs: dict[uuid.UUID, Run] = {}
        self._lock = threading.Lock()

    def begin(self, question: PopulationQuestion, *, owner: str) -> Run | Busy:
        """Begin a run in a thread of its own and return it, or say why none can begin."""
        with self._lock:
            self._forget(room=1)
            running = [run for run in self._runs.values() if run.state is State.RUNNING]
            if any(run.owner == owner for run in running):
                return YOURS
            if len(running) >= MOST_RUNNING:
                return FULL
            run = Run(id=uuid.uuid4(), owner=owner, question=question, began=self._clock())
            self._runs[run.id] = run
        threading.Thread(target=self._work, args=(run,), name="population", daemon=True).start()
        return run

    def found(self, run_id: uuid.UUID, *, owner: str) -> Run | None:
        """Return the run if it is known and belongs to ``owner``; nobody sees another's."""
        with self._lock:
            self._forget()
            run = self._runs.get(run_id)
        return run if run is not None and run.owner == owner else None

    def of(self, owner: str) -> tuple[Run, ...]:
        """Return the runs of ``owner``, the newest first."""
        with self._lock:
            self._forget()
            own = [run for run in self._runs.values() if run.owner == owner]
        return tuple(reversed(own))

    def seconds_left(self, run: Run) -> float | None:
        """Return how long a run will take yet at the pace it had, or None before it has one."""
        if not run.done:
            return None
        return (self._clock() - run.began) / run.done * (run.n - run.done)

    def stop_all(self, *, within: float) -> bool:
        """Cancel whatever runs and return whether all of it has ended ``within`` some seconds."""
        ends = time.monotonic() + within
        while running := [r for r in tuple(self._runs.values()) if r.state is State.RUNNING]:
            for run in running:
                run.stop.set()
            if time.monotonic() >= ends:
                return False
            time.sleep(0.05)
        return True

    def _forget(self, *, room: int = 0) -> None:
        """Forget what ended long ago, and of the rest the oldest until there is ``room``."""
        now = self._clock()
        ended = [run for run in self._runs.values() if run.ended is not None]
        for run in ended:
            if run.ended is not None and now - run.ended >= KEPT_S:
                del self._runs[run.id]
        ended = [run for run in ended if run.id in self._runs]
        for run in ended[: max(len(self._runs) + room - MOST_KEPT, 0)]:
            del self._runs[run.id]

    def _work(self, run: Run) -> None:
        """Simulate the people of ``run`` task by task, until done, cancelled or failed."""
        state = State.FAILED
        try:
            run.result = _simulated(run)
            state = State.CANCELLED if run.result is None else State.DONE
        except ContractError as error:
            run.reason = str(error)
        except Exception:  # the thread is the edge: whoever asked must be told, and so must we
            log.exception("a population run failed")
            run.reason = OUR_FAULT
        run.ended, run.state = self._clock(), state


def _simulated(run: Run) -> xr.Dataset | None:
    """Return the result, or None where it was cancelled; looks for that after each task."""
    plan = population.plan(run.question.request)
    summary: population.Summary | None = None
    for task in plan.tasks:
        if run.stop.is_set():
            return None
        part = population.summarise(plan, task)
        summary = summary.merged(part) if summary else part
        run.done = task.first + task.count
    return population.result(plan, population.together(plan, (), so_far=summary))


RUNS = Runs()
