"""Tasks on a Dask cluster: a few in flight, their summaries back in order.

Nothing of a run lives on the cluster alone: a worker that dies takes only work in progress with
it, which another worker does again, with the same digits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ketherapy import __version__
from ketherapy.errors import ContractError
from ketherapy.simulation.planned import Plan, Task
from ketherapy.simulation.population import Summary, summarise

if TYPE_CHECKING:
    from distributed import Client

Piece = TypeVar("Piece")
Done = TypeVar("Done")

_AHEAD = 2  # tasks in flight for each worker: one computed while another is fetched
_PATIENCE = "10s"  # until a scheduler that does not answer is given up
_RETRIES = 5  # workers that may die under one task


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Give a client of the scheduler at ``address``, whose workers have this very version.

    Errors  ContractError where nobody answers, nobody works, or a worker has another version
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ContractError(
            "scheduler", expected="the library that speaks to it", got=None,
            remedy="Install it with: pip install 'ketherapy[cluster]'.",
        ) from error  # fmt: skip
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise ContractError(
            "scheduler", expected="one that answers, such as 'tcp://10.0.0.1:8786'", got=address,
            remedy="Start it with 'dask scheduler' and its workers with 'dask worker'.",
        ) from error  # fmt: skip
    with client:
        _refuse_others(client)
        yield client


def _refuse_others(client: Client) -> None:
    answers: dict[str, str] = client.run(version)  # pyright: ignore[reportAssignmentType]
    found = set(answers.values())
    if found != {__version__}:
        raise ContractError(
            "workers", expected=f"one or more, each with ketherapy {__version__}",
            got=", ".join(sorted(found)), remedy="Start workers with this version.",
        )  # fmt: skip


def version() -> str:
    """Return the version of ketherapy where this runs."""
    return __version__


def summaries(plan: Plan, tasks: Sequence[Task], *, client: Client) -> Iterator[Summary]:
    """Give the summary of each task, in their order, whichever worker made it."""
    return carried_out(_Summarised(plan), tasks, client=client)


@dataclass(frozen=True, slots=True)
class _Summarised:
    """The plan with its function: what a worker is sent."""

    plan: Plan

    def __call__(self, task: Task) -> Summary:
        return summarise(self.plan, task)


def carried_out(
    work: Callable[[Piece], Done], pieces: Sequence[Piece], *, client: Client
) -> Iterator[Done]:
    """Give what ``work`` makes of each piece, in their order, whichever worker did it."""
    workers: dict[str, int] = client.ncores()  # pyright: ignore[reportAssignmentType]
    limit = _AHEAD * max(1, len(workers))
    waiting, flying = deque(pieces), deque()
    while waiting or flying:
        while waiting and len(flying) < limit:
            piece = waiting.popleft()
            flying.append(client.submit(work, piece, pure=False, retries=_RETRIES))
        yield flying.popleft().result()
