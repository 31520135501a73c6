"""Who the person is, as typed: carried as meant, and what is not typed is not known."""

import numpy as np
import pytest

from ketherapy.pharmacology.covariates import LABELLED, Person
from ketherapy.pharmacology.interactions import interacting_drugs
from ketherapy.simulation.request import SimulationRequest
from ketherapy.simulation.request_person import described
from ketherapy.simulation.solve import simulate
from tests.unit.ketherapy.simulation.test_request import SPRAY, only_problem, problems, read

SWALLOWED = {"drug": "esketamine", "route": "oral", "dose": "84 mg"}


@pytest.mark.parametrize(
    ("field", "member"),
    [(field, member) for field, kind in LABELLED.items() for member in kind],
)
def test_a_label_is_carried_as_it_was_chosen(field, member):
    assert getattr(read(**{field: member.value}).person, field) is member


def test_what_is_not_given_is_not_known():
    assert read().person == Person(weight=71.0)


@pytest.mark.parametrize("drug", interacting_drugs())
def test_every_drug_whose_effect_was_measured_can_be_named(drug):
    assert read(SWALLOWED, drugs=drug).person.drugs == (drug,)


@pytest.mark.parametrize("typed", ["rifampicin, ticlopidine", "rifampicin,ticlopidine,rifampicin"])
def test_several_drugs_are_parted_by_commas_and_each_counts_once(typed):
    assert read(SPRAY, drugs=typed).person.drugs == ("rifampicin", "ticlopidine")


def test_the_words_for_a_regimen_name_the_drugs_taken_with_it():
    assert read(SWALLOWED, drugs="ticlopidine").text.endswith("; taken with ticlopidine")


def test_two_drugs_that_act_on_one_route_are_refused_beside_the_drugs():
    field, sentence = only_problem(SWALLOWED, drugs="rifampicin, ticlopidine")
    assert field == "drugs"
    assert "was not measured" in sentence


def test_two_drugs_that_act_on_one_route_are_told_beside_a_bad_dose():
    assert set(problems(SWALLOWED, drugs="rifampicin, ticlopidine", dose="1,5 mg")) == {
        "dose", "drugs",
    }  # fmt: skip


def test_levels_are_those_of_the_person_typed():
    """Rifampicin took away 86 % of the area under oral esketamine (Peltoniemi 2012)."""
    t = np.linspace(0.0, 24.0, 241)
    alone, beside = (
        np.trapezoid(levels(read(SWALLOWED, drugs=drugs), t)["esketamine"], t)
        for drugs in ("", "rifampicin")
    )
    assert beside / alone == pytest.approx(0.14, rel=1e-9)


def levels(request: SimulationRequest, t: np.ndarray):
    return simulate(request.models[0], request.regimen, t, person=request.person)


def test_a_person_in_words_says_all_that_is_known_and_nothing_else():
    known = Person(weight=71.0, age=45.0, sex="female", kidney="mild", drugs=("rifampicin",))
    said = "weight 71 kg, age 45 year, sex female, kidney mild, taking rifampicin"
    assert described(known) == said
    assert described(Person()) == ""
