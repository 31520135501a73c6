import numpy as np
import pytest

from ketherapy.calibration.mood import drive
from ketherapy.calibration.mood.evidence import evidence
from ketherapy.pharmacology.effects.structures import rate_of
from ketherapy.simulation import solve

NUMBERS = {"A50": 0.2, "t_half_A": 40.0, "t_half_onset": 1.0}


def integrated(found):
    """Return the response by diffrax, panel by panel, with the block as its polynomial there."""
    import diffrax
    import jax.numpy as jnp
    from numpy.polynomial import Polynomial

    kA, kon = rate_of(NUMBERS["t_half_A"]), rate_of(NUMBERS["t_half_onset"])
    over = found.over
    fitted = [
        Polynomial.fit(nodes, rate, len(nodes) - 1, domain=[start, start + width]).convert(
            domain=[start, start + width], window=[0.0, 1.0]
        )
        for nodes, rate, start, width in zip(
            over.nodes, found.rate, over.start, over.width, strict=True
        )
    ]
    powers = jnp.asarray([one.coef for one in fitted])
    starts, widths = jnp.asarray(over.start), jnp.asarray(over.width)

    def slope(t, y, _):
        k = jnp.clip(jnp.searchsorted(starts, t, side="right") - 1, 0, len(starts) - 1)
        block = jnp.polyval(powers[k][::-1], (t - starts[k]) / widths[k])
        A, R = y
        return jnp.stack([block - kA * A, kon * (A / (NUMBERS["A50"] + A) - R)])

    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(slope), diffrax.Dopri8(), 0.0, float(found.t[-1]), 0.001, jnp.zeros(2),
        saveat=diffrax.SaveAt(ts=jnp.asarray(found.t)),
        stepsize_controller=diffrax.ClipStepSizeController(
            diffrax.PIDController(rtol=1e-10, atol=1e-13), step_ts=jnp.asarray(found.t)
        ),
        max_steps=200_000,
    )  # fmt: skip
    return np.asarray(solution.ys)[:, 1]


@pytest.mark.parametrize("regimen", ["infusion", "spray_84"])
def test_the_response_is_that_of_diffrax(regimen):
    found = drive.drives()[regimen]
    with solve.precision():
        import jax.numpy as jnp

        ours = drive.unit_response(found, **{k: jnp.asarray(v) for k, v in NUMBERS.items()})
        np.testing.assert_allclose(ours, integrated(found), rtol=0, atol=1e-6)


def test_a_reference_session_leaves_one_reference_session():
    found = drive.drives()["infusion"]
    with solve.precision():
        from ketherapy.simulation.solvers import cascade

        left = cascade.filtered(found.over, found.rate, 0.0).at(found.t[-1:])
    assert float(left[0]) == pytest.approx(1.0, abs=2e-3)  # norketamine's tail goes on


def test_sessions_are_given_when_the_evidence_says():
    doses = drive.regimen(evidence().regimens["spray_84"]).doses
    assert len(doses) == 6
    assert {dose.at // 24.0 for dose in doses} == {0.0, 3.0}
