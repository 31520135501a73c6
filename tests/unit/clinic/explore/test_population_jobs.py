"""Runs beside the pages: how many, whose, how they end, and when they are forgotten."""

import threading
import time
from collections.abc import Callable

import pytest

from clinic.explore import population_jobs as jobs
from clinic.explore.population_jobs import FULL, YOURS, Run, Runs, State
from clinic.explore.population_questions import PopulationQuestion, read_question
from ketherapy.errors import ContractError
from ketherapy.simulation import population

ENTRIES = {
    "drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min", "until": "4 h",
    "model": "", "n": "200", "people": "alike", "weight": "71 kg", "age": "30 years",
    "seed": "1", "above": "",
}  # fmt: skip
PATIENCE_S = 60


@pytest.fixture(scope="module")
def question() -> PopulationQuestion:
    found = read_question(ENTRIES)
    assert isinstance(found, PopulationQuestion), found
    return found


class Gate:
    """Stands in for the engine: a run goes on when it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.let = threading.Event()
        self.reached = threading.Event()
        self.fault: Exception | None = None
        monkeypatch.setattr(population, "plan", lambda request: _Plan())
        monkeypatch.setattr(population, "summarise", self._summarise)
        monkeypatch.setattr(population, "together", lambda plan, _, so_far: so_far)
        monkeypatch.setattr(population, "result", lambda plan, summary: "result")

    def _summarise(self, plan: object, task: object) -> object:
        self.reached.set()
        assert self.let.wait(PATIENCE_S)
        if self.fault:
            raise self.fault
        return _Summary()


class _Summary:
    def merged(self, other: object) -> object:
        return self


class _Task:
    def __init__(self, first: int) -> None:
        self.first, self.count = first, 100


class _Plan:
    tasks = (_Task(0), _Task(100))


@pytest.fixture
def gate(monkeypatch) -> Gate:
    return Gate(monkeypatch)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ended(run: Run) -> State:
    ends = time.monotonic() + PATIENCE_S
    while run.state is State.RUNNING and time.monotonic() < ends:
        time.sleep(0.01)
    return run.state


def begun(runs: Runs, question: PopulationQuestion, owner: str) -> Run:
    run = runs.begin(question, owner=owner)
    assert isinstance(run, Run)
    return run


def test_one_person_runs_one_population_at_a_time(gate, question):
    runs = Runs()
    first = begun(runs, question, "ada")
    assert runs.begin(question, owner="ada") is YOURS
    gate.let.set()
    assert ended(first) is State.DONE
    assert isinstance(runs.begin(question, owner="ada"), Run)


def test_beyond_the_most_at_once_the_next_is_told_to_wait(gate, question):
    runs = Runs()
    for n in range(jobs.MOST_RUNNING):
        begun(runs, question, f"person {n}")
    assert runs.begin(question, owner="one more") is FULL
    gate.let.set()


def test_another_persons_run_is_not_found(gate, question):
    runs = Runs()
    gate.let.set()
    run = begun(runs, question, "ada")
    assert runs.found(run.id, owner="ada") is run
    assert runs.found(run.id, owner="bob") is None
    assert runs.of("bob") == ()


def test_a_cancelled_run_stops_before_its_next_people_and_keeps_nothing(gate, question):
    runs = Runs()
    run = begun(runs, question, "ada")
    assert gate.reached.wait(PATIENCE_S)
    run.stop.set()
    gate.let.set()
    assert ended(run) is State.CANCELLED
    assert (run.done, run.result) == (100, None)


def test_a_broken_promise_is_told_as_it_is(gate, question):
    gate.fault = ContractError("weight", expected="one", got="none", remedy="Give it.")
    gate.let.set()
    run = begun(Runs(), question, "ada")
    assert ended(run) is State.FAILED
    assert run.reason == "weight: expected one, got 'none'. Give it."


def test_a_fault_of_ours_is_told_without_its_inside(gate, question, caplog):
    gate.fault = RuntimeError("a secret of the machine")
    gate.let.set()
    run = begun(Runs(), question, "ada")
    assert ended(run) is State.FAILED
    assert run.reason == jobs.OUR_FAULT
    assert "secret" not in run.reason
    assert "a population run failed" in caplog.text


def test_a_result_is_forgotten_after_a_while(gate, question):
    clock = Clock()
    runs = Runs(clock=clock)
    gate.let.set()
    run = begun(runs, question, "ada")
    ended(run)
    clock.now = jobs.KEPT_S - 1
    assert runs.found(run.id, owner="ada") is run
    clock.now = jobs.KEPT_S
    assert runs.found(run.id, owner="ada") is None


def test_too_many_kept_makes_the_oldest_forgotten_and_never_one_that_runs(gate, question):
    runs = Runs()
    going_on = begun(runs, question, "slow")
    gate_let: Callable[[], None] = gate.let.set
    gate_let()
    ended(going_on)
    every = []
    for n in range(jobs.MOST_KEPT + 2):
        run = begun(runs, question, f"person {n}")
        ended(run)
        every.append(run)
    kept = [run for run in every if runs.found(run.id, owner=run.owner)]
    assert kept == every[-jobs.MOST_KEPT :]
    assert runs.found(going_on.id, owner="slow") is None


def test_the_time_left_follows_the_pace_so_far(gate, question):
    clock = Clock()
    runs = Runs(clock=clock)
    run = begun(runs, question, "ada")
    assert runs.seconds_left(run) is None
    run.done, clock.now = 50, 10.0
    assert runs.seconds_left(run) == pytest.approx(30.0)
    gate.let.set()
    ended(run)


def test_when_the_server_stops_everything_is_asked_to_stop(gate, question):
    runs = Runs()
    run = begun(runs, question, "ada")
    assert gate.reached.wait(PATIENCE_S)
    assert not runs.stop_all(within=0.1)
    gate.let.set()
    assert runs.stop_all(within=PATIENCE_S)
    assert run.state is State.CANCELLED
