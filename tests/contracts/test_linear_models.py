"""Laws of every linear model, for every drug and route it is offered for."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketherapy import units
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation import exposure, solve
from ketherapy.simulation.solve import levels, simulate
from tests.science import CASES, DISTINCT, PERSON, Case, exactly, regimens, whole

T = np.array([0.0, 0.05, 0.25, 0.5, 2.0 / 3.0, 1.0, 2.0, 4.0, 8.0, 24.0])
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_structure = pytest.mark.parametrize("case", DISTINCT, ids=str)
# One case for each structure, by the way in with the most doors.
ONE_OF_EACH = list(
    {
        case.model.structure: case
        for case in sorted(
            DISTINCT,
            key=lambda case: len(
                case.parts(Regimen.of(case.dose()))[0].structure.doors(case.dose())
            ),
        )
    }.values()
)
few = settings(max_examples=6)


def concentrations(case: Case, regimen: Regimen, t: np.ndarray = T) -> dict[str, np.ndarray]:
    """Return every analyte of a typical person."""
    data = simulate(case.model, regimen, t, person=PERSON)
    return {str(name): data[name].values for name in data.data_vars}


@every_structure
@few
@given(data=st.data())
def test_mass_is_neither_made_nor_lost(case: Case, data: st.DataObject) -> None:
    regimen = data.draw(regimens(case.drug, case.route))
    t = np.array([max(regimen.edges) + 1.0, 60 * 24.0])
    for part in case.parts(regimen):
        K, pulse = whole(part)
        total = exactly(K, pulse, t).sum(axis=-1)
        np.testing.assert_allclose(total, float(np.sum(pulse.amount)), rtol=1e-9)


@every_structure
@few
@given(data=st.data())
def test_concentrations_superpose(case: Case, data: st.DataObject) -> None:
    first = data.draw(regimens(case.drug, case.route))
    second = data.draw(regimens(case.drug, case.route))
    together = concentrations(case, first + second)
    apart, other = concentrations(case, first), concentrations(case, second)
    for analyte, found in together.items():
        np.testing.assert_allclose(found, apart[analyte] + other[analyte], rtol=1e-9, atol=1e-13)


@every_structure
@few
@given(data=st.data(), later=st.floats(0.0, 48.0))
def test_a_later_dose_gives_the_same_curve_later(
    case: Case, data: st.DataObject, later: float
) -> None:
    regimen = data.draw(regimens(case.drug, case.route))
    moved = Regimen(doses=tuple(dose.later(later) for dose in regimen.doses))
    # Not at an edge: adding hours rounds, and an instant dose is either in or not.
    t = np.array([0.013, 0.271, 0.777, 3.37, 11.9])
    here, there = concentrations(case, regimen, t), concentrations(case, moved, t + later)
    for analyte, found in here.items():
        np.testing.assert_allclose(there[analyte], found, rtol=1e-7, atol=1e-12)


@every_case
def test_area_to_infinity_is_bioavailable_dose_over_clearance(case: Case) -> None:
    regimen = Regimen.of(case.dose())
    area = exposure.AUC(case.model, regimen, case.analyte, interval=(0.0, math.inf), person=PERSON)
    shares = [(part, 1.0 / len(case.parts(regimen))) for part in case.parts(regimen)]
    expected = sum(
        share * regimen.total * _absorbed(part.structure, case.route) / _clearance(part.structure)
        for part, share in shares
    )
    assert area == pytest.approx(expected, rel=1e-9)


def _clearance(structure: object) -> float:
    """Return the clearance as the source defines it, from the parameters alone."""
    if hasattr(structure, "CL"):
        return float(structure.CL)
    CLint = structure.Vh * (structure.kel + structure.kmet)
    return float(structure.Qh * CLint / (structure.Qh + CLint))


def _absorbed(structure: object, route: Route) -> float:
    """Return the bioavailability as the source defines it, from the parameters alone."""
    if route is Route.IV:
        return 1.0
    if route in (Route.IM, Route.SC):
        return float(structure.F_im if route is Route.IM else structure.F_sc)
    if hasattr(structure, "F"):
        return float(structure.F)
    if route in (Route.SUBLINGUAL, Route.BUCCAL):
        return float(structure.F1)
    first_pass = structure.Fgut * structure.Qh
    CLint = structure.Vh * (structure.kel + structure.kmet)
    swallowed = float(first_pass / (structure.Qh + CLint))
    if route is Route.ORAL:
        return swallowed
    return float(structure.FRn + (1.0 - structure.FRn) * swallowed)


@every_case
def test_area_over_parts_adds_up(case: Case) -> None:
    regimen = Regimen.of(case.dose())
    pieces = [(0.0, 0.4), (0.4, 3.0), (3.0, 24.0), (24.0, math.inf)]
    area = [
        exposure.AUC(case.model, regimen, case.analyte, interval=piece, person=PERSON)
        for piece in [*pieces, (0.0, math.inf)]
    ]
    assert sum(area[:-1]) == pytest.approx(area[-1], rel=1e-9)


@every_case
def test_area_is_that_under_the_curve(case: Case) -> None:
    regimen = Regimen.of(case.dose())
    t = np.linspace(0.0, 6.0, 1801)
    level = concentrations(case, regimen, t)[case.analyte]
    area = exposure.AUC(case.model, regimen, case.analyte, interval=(0.0, 6.0), person=PERSON)
    assert area == pytest.approx(float(np.trapezoid(level, t)), rel=5e-4)


@pytest.mark.parametrize("case", [c for c in CASES if c.route is Route.IV], ids=str)
def test_a_long_infusion_reaches_rate_over_clearance(case: Case) -> None:
    rate, hours = 20.0, 2000.0
    regimen = Regimen.steps([(rate, hours)], drug=case.drug)
    level = concentrations(case, regimen, np.array([hours]))[case.analyte][0]
    CL = exposure.CL(case.model, case.drug, person=PERSON)
    assert level == pytest.approx(rate / CL, rel=1e-6)


_OTHER_UNITS = {"L": "mL", "L/h": "mL/min", "1/h": "1/min", "h": "min", "L/kg": "mL/kg", "1": "%"}


@every_case
def test_the_units_a_model_is_printed_in_do_not_matter(case: Case) -> None:
    printed = {
        name: replace(
            number,
            unit=(other := _OTHER_UNITS[units.canonical(number.unit)]),
            value=units.convert(number.value, number.unit, to=other),
        )
        for name, number in case.model.printed.items()
    }
    rewritten = replace(case.model, printed=printed)
    regimen = Regimen.of(case.dose())
    found = simulate(rewritten, regimen, T, person=PERSON)
    for analyte, expected in concentrations(case, regimen).items():
        np.testing.assert_allclose(found[analyte].values, expected, rtol=1e-11, atol=1e-300)


@every_case
def test_twice_the_dose_is_twice_the_concentration(case: Case) -> None:
    single = concentrations(case, Regimen.of(case.dose(30.0)))
    double = concentrations(case, Regimen.of(case.dose(60.0)))
    for analyte, found in single.items():
        np.testing.assert_allclose(double[analyte], 2.0 * found, rtol=1e-12)


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_one_patient_is_row_one_of_a_thousand(case: Case) -> None:
    weights, ages = np.linspace(45.0, 120.0, 1000), np.linspace(85.0, 61.0, 1000)
    regimen = Regimen.of(case.dose())
    many = simulate(case.model, regimen, T, person=Person(weight=weights, age=ages))
    alone = Person(weight=float(weights[0]), age=float(ages[0]))
    one = simulate(case.model, regimen, T, person=alone)
    for analyte in one.data_vars:
        rows = many[analyte].values
        assert rows.shape == (1000, len(T))
        assert not np.allclose(rows[0], rows[-1])
        # the thousand go through the compiled kernel, the one through JAX: alike but for rounding
        np.testing.assert_allclose(rows[0], one[analyte].values, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_gradients_equal_finite_differences(case: Case) -> None:
    regimen = Regimen.of(case.dose())
    part = case.parts(regimen)[0]
    t = np.array([0.3, 1.0, 5.0])
    names = [field.name for field in fields(part.structure)]
    start = np.array([float(getattr(part.structure, name)) for name in names])

    def total(values: jax.Array) -> jax.Array:
        structure = replace(part.structure, **dict(zip(names, values, strict=True)))
        return sum(level.sum() for level in levels(structure, part.regimen, t).values())

    # compiled as a whole: one by one, hundreds of small operations take far longer to compile
    slopes, summed = jax.jit(jax.grad(total)), jax.jit(total)
    with solve.precision():
        gradient = np.asarray(slopes(start))
        whole_gradient = np.abs(gradient * start).max()
        for place, value in enumerate(start):
            step = 1e-5 * value
            ahead, behind = start.copy(), start.copy()
            ahead[place], behind[place] = value + step, value - step
            slope = (float(summed(ahead)) - float(summed(behind))) / (2 * step)
            assert gradient[place] * value == pytest.approx(
                slope * value, rel=1e-5, abs=1e-7 * whole_gradient
            )


@every_case
def test_every_result_carries_its_provenance(case: Case) -> None:
    data = simulate(case.model, Regimen.of(case.dose()), T, person=PERSON)
    assert data.attrs["model"] == case.model.id
    assert data.attrs["nature"].startswith("predicted, not measured")
    for key in ("sources", "population", "sampling_site", "engine", "status", "uncertainty"):
        assert data.attrs[key]
    for levels_ in data.data_vars.values():
        assert levels_.attrs["units"] == "mg/L"
        assert levels_.attrs["sampling_site"] == case.model.site


def test_the_provenance_names_every_dose() -> None:
    case = CASES[0]
    many = Regimen.of(case.dose()).repeated(30, every=24.0)
    told = str(simulate(case.model, many, T, person=PERSON).attrs["regimen"])
    assert told.count(";") == 29
    assert told.endswith("at 696 h")


def test_a_racemate_is_the_sum_of_its_halves() -> None:
    for case in (c for c in CASES if c.drug is Drug.KETAMINE and c.model.drug is Drug.ESKETAMINE):
        if case.model.offers is not None:
            continue  # a racemic product alone: its halves cannot be asked for
        found = concentrations(case, Regimen.of(case.dose(40.0)))
        halves = {
            drug: concentrations(
                case,
                Regimen.of(replace(case.dose(20.0), drug=drug)),
            )
            for drug in (Drug.ESKETAMINE, Drug.ARKETAMINE)
        }
        S = halves[Drug.ESKETAMINE]["esketamine"]
        R = halves[Drug.ARKETAMINE]["arketamine"]
        np.testing.assert_allclose(found["ketamine"], S + R, rtol=1e-12)
