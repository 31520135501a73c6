"""What a pool of people has by every draw of the numbers, in one pass over their levels."""

import numpy as np

from ketherapy.pharmacology.effects import catalog
from ketherapy.simulation.effects import numbers
from ketherapy.simulation.trial import courses, reading
from ketherapy.simulation.trial.design import design
from ketherapy.simulation.trial.estimates import columns

DRAWS = 6
LEVELS = (catalog.Level.ESTIMATE,)


def draws(effect_id: str) -> dict[str, np.ndarray]:
    drawn = numbers.drawn(catalog.effect(effect_id), count=DRAWS, seed=3, levels=LEVELS)
    return dict(columns(drawn, DRAWS))


def test_each_draw_has_the_courses_that_it_has_alone():
    trial = reading.read(design("murrough2013"))
    treatment = next(arm.treatment for arm in trial.arms if arm.treatment is not None)
    mood, block = draws("mood"), draws("nmda_block")
    assert any(np.ptp(column) > 0.0 for column in block.values())

    def found(places: slice) -> np.ndarray:
        own, blocked = ({k: v[places] for k, v in one.items()} for one in (mood, block))
        return courses.courses(
            treatment, trial.people, trial.t, mood=own, block=blocked, pool=4, seed=1
        )

    alone = np.concatenate([found(slice(k, k + 1)) for k in range(DRAWS)])
    # to the tolerance of the panels, which are those of the draw that needs the finest
    np.testing.assert_allclose(found(slice(None)), alone, rtol=1e-5, atol=1e-7)
