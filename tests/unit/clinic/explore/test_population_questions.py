"""What is asked of a population: understood as typed, or refused with every reason."""

import pytest

from clinic.explore.population_questions import (
    ALIKE,
    FIELDS,
    MOST_PEOPLE,
    PopulationQuestion,
    choices,
    read_question,
)
from clinic.web.charts.words import ward_times
from ketherapy.simulation.people import Alike, populations
from ketherapy.simulation.request import Refusal
from tests.unit.clinic.explore.test_population_jobs import ENTRIES

DESCRIBED = ENTRIES | {"people": populations()[0].id, "weight": "", "age": ""}


def asked(entries: dict[str, str], **changed: str) -> PopulationQuestion:
    found = read_question(entries | changed)
    assert isinstance(found, PopulationQuestion), found
    return found


def refused(entries: dict[str, str], **changed: str) -> dict[str, str]:
    found = read_question(entries | changed)
    assert isinstance(found, Refusal), found
    return {problem.field: problem.sentence for problem in found.problems}


def test_people_who_are_alike_share_the_weight_and_age_typed():
    request = asked(ENTRIES).request
    assert isinstance(request.people, Alike)
    assert (request.people.person.weight, request.people.person.age) == (71.0, 30.0)
    assert request.regimen.total == pytest.approx(35.5)
    assert not request.is_per_kg


def test_a_dose_per_kg_is_each_persons_own_in_a_described_population():
    found = asked(DESCRIBED)
    assert found.request.is_per_kg
    assert found.request.regimen.total == 0.5
    assert found.text == (
        "ketamine 0.5 mg/kg of each person's own weight, intravenous, over 40 min"
    )


def test_a_dose_in_mg_is_the_same_for_everyone():
    found = asked(DESCRIBED, dose="35 mg")
    assert not found.request.is_per_kg
    assert found.request.regimen.total == 35.0
    assert "35 mg" in found.text


def test_a_level_is_read_with_its_unit():
    assert asked(ENTRIES, above="100 ng/mL").request.levels == (pytest.approx(0.1),)
    assert asked(ENTRIES).request.levels == ()


@pytest.mark.parametrize("n", ["1", str(MOST_PEOPLE)])
def test_the_number_of_people_holds_at_its_edges(n):
    assert asked(ENTRIES, n=n).request.n == int(n)


@pytest.mark.parametrize("n", ["", "0", str(MOST_PEOPLE + 1), "1e3", "1,000", "-5", "10.5", "٣"])
def test_any_other_number_of_people_is_refused(n):
    assert f"from 1 to {MOST_PEOPLE}" in refused(ENTRIES, n=n)["n"]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("seed", "-1", "whole number"),
        ("above", "100", "unit"),
        ("above", "0 ng/mL", "more than zero"),
        ("dose", "1,5 mg/kg", "comma"),
        ("route", "rectal", "one of"),
        ("people", "my own clinic", "my own clinic"),
        ("model", "perezruixo2021", "perezruixo2021"),
        ("until", "4", "unit"),
    ],
)
def test_what_is_not_understood_is_refused_beside_its_field(field, typed, words):
    assert words in refused(ENTRIES, **{field: typed})[field]


def test_every_reason_comes_at_once():
    assert set(refused(ENTRIES, n="none", dose=".5", above="x", seed="")) == {
        "n", "dose", "above", "seed",
    }  # fmt: skip


def test_no_weight_is_assumed_for_people_who_are_alike():
    assert "weight" in refused(ENTRIES, weight="")


@pytest.mark.parametrize("field", ["weight", "age"])
def test_a_weight_beside_a_described_population_is_refused(field):
    typed = {"weight": "70 kg", "age": "40 years"}[field]
    assert "described population" in refused(DESCRIBED, **{field: typed})[field]


def test_a_spray_is_never_given_per_kg_to_people_who_differ():
    spray = {"drug": "esketamine", "route": "intranasal", "dose": "0.4 mg/kg", "over": ""}
    assert "whole devices" in refused(DESCRIBED, **spray)["dose"]


def test_a_dose_per_kg_beyond_the_accepted_range_is_refused():
    assert "5 mg/kg" in refused(DESCRIBED, dose="19 mg/kg")["dose"]


def test_everything_offered_is_understood():
    offered = choices()
    assert [one.value for one in offered.people][-1] == ALIKE
    for one in offered.people[:-1]:
        assert asked(DESCRIBED, people=one.value).request.people.text == one.label
    assert set(ENTRIES) == set(FIELDS)


def test_the_seed_and_every_instant_of_the_input_reach_the_request():
    request = asked(ENTRIES, seed="7").request
    assert request.seed == 7
    assert request.times[0] == 0.0
    assert request.times[-1] == 4.0
    assert min(abs(t - 40 / 60) for t in request.times) < 1e-9


@pytest.mark.parametrize("until", ["4 h", "72 h"])
def test_every_time_that_a_table_reads_is_simulated(until):
    minutes = [60.0 * t for t in asked(ENTRIES, until=until).request.times]
    for at in ward_times(minutes[-1], 40.0):
        assert min(abs(at - there) for there in minutes) < 1e-6, at
