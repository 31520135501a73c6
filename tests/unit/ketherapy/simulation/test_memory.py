"""The memory of a run: an upper bound, known before it starts, and refused beyond a limit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import memory, population
from ketherapy.simulation.groups import By, Grouping
from ketherapy.simulation.people import population as described
from ketherapy.simulation.population import Plan, PopulationRequest
from ketherapy.simulation.sketch import Sketch, most_kept

INFUSION = Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=20.0, over=2.0 / 3.0)
LARGE = PopulationRequest(
    model=published("simons2022"), regimen=Regimen.of(INFUSION), n=1_000_000, seed=1,
    people=described("invented_adults"), times=tuple(12.0 * k / 720 for k in range(720)),
)  # fmt: skip
BY_SEX = Grouping(by=By.SEX)
BY_AGE = Grouping(by=By.AGE, edges=(40.0, 60.0))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return population.plan(LARGE)


def needs(plan: Plan, **changed) -> float:
    asked = replace(plan.request, **changed)
    return memory.expected(replace(plan, request=asked))


def kept(sketch: Sketch) -> int:
    buffers = [buffer for level in sketch.levels for buffer in level]
    return sketch.loose.shape[1] + sum(buffer.shape[1] for buffer in buffers)


@given(n=st.integers(1, 4_000), k=st.sampled_from([4, 16]), pieces=st.integers(1, 7))
def test_a_sketch_never_keeps_more_than_is_said(n, k, pieces):
    # k is a multiple of four, as collapsing needs
    values = np.arange(float(n))[None]
    whole = Sketch.empty(1, k=k)
    for part in np.array_split(values, pieces, axis=1):
        if part.size:
            whole = whole.merged(Sketch.empty(1, k=k).added(part))
    assert kept(whole) <= most_kept(n, k) <= n


def test_a_million_people_at_720_times_and_three_analytes_fit_the_usual_limit(plan):
    assert len(plan.analytes) == 3
    assert memory.expected(plan) < 2.0


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"groupings": (BY_SEX,)}, id="a subgroup"),
        pytest.param({"levels": tuple(float(k) for k in range(1, 9))}, id="levels"),
        pytest.param({"with_residual": True}, id="readings"),
    ],
)
def test_what_is_asked_besides_needs_more(plan, changed):
    assert needs(plan, **changed) > memory.expected(plan)


def test_groups_together_keep_no_more_values_than_there_are_people(plan):
    few = population.plan(replace(LARGE, n=3_000))
    one, six = (needs(few, groupings=g) for g in ((BY_AGE,), (BY_SEX, BY_AGE)))
    assert one - memory.expected(few) == pytest.approx(six - one, rel=1e-3)


def test_beyond_the_limit_a_run_is_refused_and_says_what_it_would_need():
    asked = replace(LARGE, groupings=(BY_SEX, BY_AGE))
    with pytest.raises(ContractError, match=r"at most 2 GiB, got 'up to [0-9.]+ GiB'. Allow more"):
        population.plan(asked)
    assert population.plan(replace(asked, memory=12.0)).request.memory == 12.0


def test_the_limit_decides_no_digit_and_makes_no_other_run(plan):
    assert population.plan(replace(LARGE, memory=3.0)).fingerprint == plan.fingerprint


def test_no_memory_at_all_is_no_limit():
    with pytest.raises(ContractError, match="memory"):
        replace(LARGE, memory=0.0)
