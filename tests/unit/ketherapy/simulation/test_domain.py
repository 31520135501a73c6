"""Where a request leaves what a model was made for, the result says so."""

import numpy as np
import pytest

from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import domain
from ketherapy.simulation.solve import simulate

WITHIN = Person(weight=70.0, age=25.0)


def infusion(amount: float = 20.0, over: float = 1.0, drug: Drug = Drug.ESKETAMINE) -> Regimen:
    """Return one infusion."""
    return Regimen.of(Dose(drug=drug, route=Route.IV, amount=amount, over=over))


def said(
    regimen: Regimen, *, model: str = "otto2021_iv", person: Person = WITHIN, until: float = 8.0
) -> str:
    """Return every caution as one text."""
    found = domain.cautions(published(model), regimen, person=person, until=until)
    return "\n".join(found)


def test_inside_the_domain_nothing_is_said():
    assert said(infusion()) == ""


@pytest.mark.parametrize(
    ("regimen", "person", "until", "word"),
    [
        pytest.param(infusion(), Person(weight=96.0, age=25.0), 8.0, "weight", id="heavier"),
        pytest.param(infusion(), Person(weight=49.0, age=25.0), 8.0, "weight", id="lighter"),
        pytest.param(infusion(), Person(weight=70.0, age=41.0), 8.0, "age", id="older"),
        pytest.param(infusion(amount=61.0), WITHIN, 8.0, "dose", id="a larger dose"),
        pytest.param(infusion(amount=4.0), WITHIN, 8.0, "dose", id="a smaller dose"),
        pytest.param(infusion(over=2.1), WITHIN, 8.0, "duration", id="a longer infusion"),
        pytest.param(infusion(), WITHIN, 25.0, "time shown", id="beyond the last sample"),
    ],
)
def test_each_way_out_of_the_domain_is_named(regimen, person, until, word):
    assert word in said(regimen, person=person, until=until)


@pytest.mark.parametrize(
    ("person", "until"),
    [(Person(weight=95.0, age=40.0), 24.0), (Person(weight=50.0, age=18.0), 24.0)],
)
def test_the_edges_of_the_domain_are_inside(person, until):
    assert said(infusion(amount=60.0, over=2.0), person=person, until=until) == ""


def test_half_of_a_racemic_dose_is_what_counts():
    assert "dose" not in said(infusion(amount=120.0, drug=Drug.KETAMINE)).replace("R-ketamine", "")
    assert "dose of esketamine" in said(infusion(amount=121.0, drug=Drug.KETAMINE))


def test_the_derived_part_is_called_derived():
    assert "derived, not published" in said(infusion(drug=Drug.KETAMINE))
    assert "derived, not published" in said(infusion(drug=Drug.ARKETAMINE))


def test_an_unknown_age_is_said_where_the_model_uses_age():
    spray = Regimen.devices(28.0, 2, drug=Drug.ESKETAMINE, apart=0.1)
    text = said(spray, model="perezruixo2021", person=Person(weight=70.0))
    assert "age not given" in text


def test_devices_of_one_visit_count_together():
    spray = Regimen.devices(28.0, 5, drug=Drug.ESKETAMINE, apart=0.1)
    assert "140 mg is outside" in said(spray, model="perezruixo2021")


def test_a_model_without_a_known_range_says_so():
    text = said(infusion(drug=Drug.KETAMINE), model="domino1984_iv", until=6.0)
    assert "range of doses it was fitted to is not known" in text


def test_a_picture_that_stops_before_the_infusion_does_says_so():
    assert "ends before the dosing does" in said(infusion(over=2.0), until=1.0)


def test_a_result_of_people_says_how_they_differ():
    otto, perez = (domain.spread_drawn(published(m)) for m in ("otto2021_iv", "perezruixo2021"))
    assert otto.startswith("people differ as published with the model;")
    assert "but for kmet, whose spread is a convention" in perez
    data = simulate(
        published("otto2021_iv"), infusion(), np.array([1.0]), person=WITHIN,
        eta={"CL": np.array([0.1, -0.1])},
    )  # fmt: skip
    assert data.attrs["uncertainty"] == otto


def by(route: Route, drug: Drug = Drug.KETAMINE, over: float = 0.0) -> Regimen:
    """Return one dose by ``route``."""
    return Regimen.of(Dose(drug=drug, route=route, amount=25.0, over=over))


@pytest.mark.parametrize(
    ("model", "route"),
    [
        ("depot_im_sc", Route.IM),
        ("depot_im_sc", Route.SC),
        ("wafer_racemic", Route.SUBLINGUAL),
        ("oral_racemic", Route.ORAL),
    ],
)
def test_a_construction_is_called_unvalidated_and_of_low_confidence(model, route):
    text = said(by(route), model=model)
    assert "low confidence" in text
    assert "Unvalidated" in text


@pytest.mark.parametrize("model", ["otto2021_iv", "simons2022"])
def test_a_model_that_is_trusted_is_not_called_of_low_confidence(model):
    assert "low confidence" not in said(infusion(), model=model)


@pytest.mark.parametrize("age", [None, 18.0, 30.0, 80.0])
@pytest.mark.parametrize("model", ["herd2007a", "hornik2018"])
def test_a_model_of_children_is_cautioned_for_an_adult_and_for_an_unknown_age(model, age):
    text = said(infusion(drug=Drug.KETAMINE), model=model, person=Person(weight=70.0, age=age))
    assert "made in children; not for adults" in text


def test_a_child_of_a_studied_age_needs_no_such_caution():
    child = Person(weight=20.0, age=6.0)
    text = said(infusion(drug=Drug.KETAMINE), model="herd2007a", person=child)
    assert "not for adults" not in text
    assert "low confidence" in text


@pytest.mark.parametrize("age", [None, 30.0])
def test_a_model_of_intensive_care_is_cautioned_for_everybody(age):
    person = Person(weight=70.0, age=age)
    text = said(infusion(drug=Drug.KETAMINE), model="hijazi2003", person=person)
    assert "made in intensive care; not for anyone outside it" in text


@pytest.mark.parametrize(("over", "is_said"), [(0.0, False), (24.0, True)])
def test_an_infusion_under_the_skin_is_said_to_be_taken_as_intravenous(over, is_said):
    text = said(by(Route.SC, over=over), model="depot_im_sc")
    assert ("taken as one into a vein" in text) is is_said


def test_what_is_known_only_as_a_range_is_said():
    assert "F_im 0.64 to 0.93" in domain.spread(published("depot_im_sc"))
    assert "range" not in domain.spread(published("otto2021_iv"))


def swallowed(amount: float = 84.0) -> Regimen:
    """Return one swallowed dose."""
    return Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.ORAL, amount=amount))


def test_metabolites_that_another_drug_takes_away_are_named():
    beside = Person(weight=70.0, age=25.0, drugs=("ticlopidine",))
    model = published("perezruixo2021")
    drawn = simulate(model, swallowed(), np.array([1.0]), person=beside).data_vars
    assert set(drawn) == {"esketamine"}
    text = said(swallowed(), model="perezruixo2021", person=beside)
    assert "beside ticlopidine not predicted: esnorketamine." in text
    assert "not predicted" not in said(swallowed(), model="perezruixo2021")


def test_both_halves_of_a_racemate_lose_their_metabolites():
    beside = Person(weight=70.0, age=25.0, drugs=("rifampicin",))
    text = said(infusion(drug=Drug.KETAMINE), person=beside)
    assert "beside rifampicin not predicted: esnorketamine, arnorketamine." in text


def test_a_drug_without_a_known_effect_by_the_route_takes_nothing_away():
    beside = Person(weight=70.0, age=25.0, drugs=("ticlopidine",))
    assert "not predicted:" not in said(infusion(), person=beside)
    assert "ticlopidine: its effect on iv doses was not found" in said(infusion(), person=beside)


@pytest.mark.parametrize(
    ("model", "unused"), [("otto2021_iv", {"sex", "ancestry"}), ("perezruixo2021", {"sex"})]
)
def test_what_is_given_and_not_used_is_said(model, unused):
    person = Person(weight=70.0, age=25.0, sex="female", ancestry="japanese")
    regimen = infusion() if model == "otto2021_iv" else swallowed()
    text = said(regimen, model=model, person=person)
    assert {what for what in ("sex", "ancestry") if f"{what} is given and" in text} == unused
