"""How much memory a population run can need at worst, known before it starts."""

from __future__ import annotations

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Ancestry, Sex
from ketherapy.simulation.groups import By, Grouping
from ketherapy.simulation.planned import Plan
from ketherapy.simulation.reduction import METRICS
from ketherapy.simulation.sketch import most_kept

_VALUE = 8  # bytes of a float in 64 bits; short ones need less
_BASE = 0.45  # [GiB] measured: the interpreter, the libraries and the engine without people
_IN_WORK = 4  # arrays of a block's curves at once: the engine's, its own, a subgroup's, a spare
_READ = 3  # further such arrays while an assay's errors are drawn and added
_SUMMARIES = 2  # of a task: the one made, and the one being merged


def expected(plan: Plan) -> float:
    """Return the most that ``plan`` needs in one process.

    Units   GiB
    Source  ketherapy
    """
    request, task = plan.request, plan.tasks[0].count
    series = len(plan.analytes) * (len(plan.times) + len(METRICS) + len(request.levels))
    kept = _kept(plan, request.n) + _SUMMARIES * _kept(plan, task)
    # a collapse writes one more buffer while its four are still there
    values = kept + 2 * min(plan.k, request.n)
    work = (_IN_WORK + _READ * request.with_residual) * min(plan.tasks[0].block, request.n)
    counts = (1 + sum(map(_groups, request.groupings))) * (4 + len(request.levels))
    return _BASE + series * _VALUE * (values + work + counts) / 2**30


def _kept(plan: Plan, n: int) -> int:
    """Return how many values of a series are kept of ``n`` people, those of subgroups included."""
    everyone = most_kept(n, plan.k)
    # of all groups of one grouping together no more than there are people
    return everyone + sum(min(n, _groups(g) * everyone) for g in plan.request.groupings)


def _groups(grouping: Grouping) -> int:
    """Return how many groups there can be, those of whom nothing is stated among them."""
    match grouping.by:
        case By.SEX:
            return len(Sex) + 1
        case By.ANCESTRY:
            return len(Ancestry) + 1
        case By.AGE | By.WEIGHT:
            return len(grouping.edges) + 1


def refuse_beyond(plan: Plan) -> None:
    """Return where ``plan`` needs no more memory than its request allows.

    Errors  ContractError with what it needs and what would need less
    """
    need, limit = expected(plan), plan.request.memory
    if need > limit:
        raise ContractError(
            "memory", expected=f"a run of at most {units.shown(limit)} GiB",
            got=f"up to {units.shown(need)} GiB",
            remedy="Allow more, or ask for fewer times, analytes or subgroups.",
        )  # fmt: skip
