"""A protocol in virtual people: each the own dose, nothing told that no model carries."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.dosing import protocol_simulated
from ketherapy.dosing.protocol import protocol, regimen
from ketherapy.dosing.protocol_simulated import MOST, simulated
from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import Person
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import Alike, PeopleTable, population
from ketherapy.simulation.solve import simulate
from ketherapy.sources import Status, cite

WEIGHTS = (50.0, 71.0, 110.0)
TABLE = PeopleTable(
    person=Person(weight=np.array(WEIGHTS), age=np.array([64.9, 65.0, 80.0])),
    text="three people", source="ketherapy", status=Status.CONVENTION,
)  # fmt: skip


def told(name: str, people=TABLE, n: int = 3):
    found = simulated(protocol(f"{name}_2026_01"), people=people, n=n, seed=4)
    return found, {one.name: one for one in found.measures}


@pytest.fixture(scope="module")
def crps():
    return told("iv_crps")


@pytest.fixture(scope="module")
def spray():
    return told("esketamine_trd_eu_65")


def quantiles(values):
    return pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), rel=1e-9)


def test_everybody_is_given_the_own_dose_within_the_limits(crps):
    dose = crps[1]["dose"]
    assert (dose.low, dose.median, dose.high) == quantiles([70.0, 99.4, 100.0])
    assert (dose.unit, dose.model) == ("mg", "iv_crps_2026_01")
    assert dose.confidence == "as the protocol says"


def test_a_level_is_that_of_each_person_under_the_own_dose(crps):
    model, found = published("otto2021_iv"), protocol("iv_crps_2026_01")
    eta = deviations(model, first=0, count=3, seed=4)
    highest = [
        simulate(
            model, regimen(found, weight=weight), np.array([0.0, 4.0]),
            person=Person(weight=weight), eta={name: value[k] for name, value in eta.items()},
        )["ketamine"].values.max()
        for k, weight in enumerate(WEIGHTS)
    ]  # fmt: skip
    level = crps[1]["highest level, venous plasma"]
    assert (level.low, level.median, level.high) == pytest.approx(
        1000.0 * np.quantile(highest, (0.05, 0.5, 0.95)), rel=1e-6
    )
    assert (level.unit, level.model, level.confidence) == ("ng/mL", "otto2021_iv", "moderate")


def test_an_infusion_tells_level_site_pressure_dissociation_and_the_chair(crps):
    found, measures = crps
    assert list(measures) == [
        "dose",
        "highest level, venous plasma",
        "highest level, arterial plasma",
        "highest rise of systolic pressure",
        "highest rise of diastolic pressure",
        "Dissociation: highest S-ketamine level where it arises",
        "highest dissociation score",
        "time in the chair, at the least",
    ]
    assert found.refused == ()
    site = measures["Dissociation: highest S-ketamine level where it arises"]
    assert (site.unit, site.model) == ("ng/mL", "simons2022 + dissociation")
    # half of the racemate is S-ketamine, and four hours are long beside a delay of minutes
    whole = measures["highest level, arterial plasma"]
    assert 0.3 < site.median / whole.median < 0.6
    assert measures["highest dissociation score"].unit == "points"
    assert measures["highest rise of systolic pressure"].confidence == "low"
    for one in found.measures:
        assert 0.0 < one.low <= one.median <= one.high
    assert {cite(key) for key in ("otto2021", "simons2022", "doherty2020")} <= set(found.sources)
    assert len(set(found.sources)) == len(found.sources)


def test_who_was_simulated_and_what_is_left_out_is_said(crps):
    found, _ = crps
    assert (found.n, found.seed, found.people) == (3, 4, "three people")
    assert (found.people_source, found.people_status) == ("ketherapy", "convention")
    assert any("fit to leave" in line for line in found.not_modelled)
    assert any("low confidence" in line for line in found.cautions)
    assert len(set(found.cautions)) == len(found.cautions)
    assert "" not in found.cautions
    assert any(line.startswith("Otto 2021") for line in found.cautions)
    assert any("No tolerance from session to session" in line for line in found.cautions)


def test_a_spray_has_no_arterial_model_and_says_so(spray):
    found, measures = spray
    assert list(measures)[-1] == "time in the chair, at the least"
    assert "highest dissociation score" not in measures
    assert "Dissociation: highest S-ketamine level where it arises" not in measures
    (refused,) = found.refused
    assert refused.startswith("Dissociation: expected arterial levels")
    assert measures["dose"].low == measures["dose"].high == 28.0
    assert measures["highest level, venous plasma"].model == "perezruixo2021"


def test_people_of_another_age_are_counted(spray):
    assert "1 of 3 people are not of the age that the protocol is for." in spray[0].cautions
    younger, _ = told("esketamine_trd_eu")
    assert "2 of 3 people are not of the age that the protocol is for." in younger.cautions
    anybody = replace(protocol("esketamine_trd_eu_2026_01"), age_from=None, age_below=None)
    unsaid = simulated(anybody, people=TABLE, n=3, seed=4)
    assert not any("not of the age" in line for line in unsaid.cautions)
    alike, _ = told("esketamine_trd_eu", Alike(person=Person(weight=70.0, age=40.0)), n=2)
    assert not any("not of the age" in line for line in alike.cautions)


def test_off_label_research_and_stale_are_said(crps, spray):
    assert crps[0].cautions[0] == "Off-label: no label names this use."
    assert not any(line.startswith(("Research", "Check")) for line in crps[0].cautions)
    assert spray[0].cautions[0].startswith("Check against the current product information")
    ocd, _ = told("iv_ocd")
    assert ocd.cautions[:2] == (
        "Off-label: no label names this use.",
        "Research: no guideline carries this protocol.",
    )


def test_the_time_in_the_chair_is_that_of_the_protocol(crps, spray):
    for (found, measures), hours in ((crps, 5.0), (spray, 2.0)):
        chair = measures["time in the chair, at the least"]
        assert (chair.low, chair.median, chair.high, chair.unit) == (hours, hours, hours, "h")
        assert chair.model == found.protocol.id
    assert cite("ketherapy") in crps[0].sources


@pytest.mark.parametrize("name", ["sc_depression", "im_depression_test", "oral_depression",
                                  "sublingual_depression"])  # fmt: skip
def test_a_route_whose_peak_no_model_carries_is_refused_with_the_reason(name):
    with pytest.raises(ContractError) as refused:
        told(name)
    assert "a route with a model whose peak can be relied on" in str(refused.value)
    assert "Not for:" in str(refused.value)


def test_a_route_without_any_model_is_refused():
    nose = replace(protocol("esketamine_trd_us_2026_01"), drug="ketamine")
    with pytest.raises(ContractError, match="No model of this drug by this route"):
        simulated(nose, people=TABLE, n=1, seed=1)


@pytest.mark.parametrize("n", [0, MOST + 1])
def test_too_few_or_too_many_people_are_refused(n):
    with pytest.raises(ContractError, match=f"people: expected 1 to {MOST}, got {n}"):
        told("iv_crps", population("invented_adults"), n=n)


def test_as_many_people_as_may_be_asked_for_are_simulated(monkeypatch):
    monkeypatch.setattr(protocol_simulated, "MOST", 3)
    assert told("esketamine_trd_eu", n=3)[0].n == 3


def test_people_may_differ_more_than_their_weights():
    _, measures = told("iv_depression_single", population("invented_adults"), n=50)
    level = measures["highest level, arterial plasma"]
    assert level.low < 0.95 * level.median < level.median < 0.95 * level.high
