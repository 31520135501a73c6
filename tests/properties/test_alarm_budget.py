"""At most two alarms interrupt an ordinary visit: virtual people under each kind of protocol.

An ordinary visit is one in which everybody does what is asked, nearly on time: pressure up to two
minutes after it is due, pulse and saturation from a monitor every other minute, now and then a
reading that is none. Pressure before the dose is drawn normal with 122 (SD 9) and 76 (SD 7) mmHg,
never above what lets a dose begin: an assumption, since no source says who comes. Its rise is that
of the pressure model after an infusion, between people; a cuff errs by 3 mmHg (SD), which is
assumed too.
"""

import random
import statistics
import sys

import numpy as np
import pytest

from ketherapy.dosing.alarms import alarms
from ketherapy.dosing.protocol import protocol, regimen
from ketherapy.dosing.visit import Act, Done, Reading, folded
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.pharmacology.effects.catalog import Level
from ketherapy.simulation.effects.numbers import drawn
from ketherapy.simulation.effects.predict import effects as predicted
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.individuals import deviations
from tests.visits import at

MINUTES = np.arange(0.0, 151.0)
VISITS = {
    "iv_depression_2026_01": ("otto2021_iv", 110, (10, 20, 30, 40, 55, 70, 85, 100, 108)),
    "esketamine_trd_us_2026_01": ("otto2021_iv", 125, (40, 60, 80, 100, 120)),
}


def rises(name: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rise of systolic and of diastolic pressure of each person, by the minute."""
    found, model = protocol("iv_depression_2026_01"), catalog.published(VISITS[name][0])
    wanted = effects.asked("pressure")
    rows = {
        one.id: drawn(one, count=count, seed=7, levels=(Level.ESTIMATE, Level.PERSON))
        for one in wanted
    }
    data = predicted(
        model, regimen(found, weight=75.0), MINUTES / 60.0,
        person=Person(weight=75.0, age=45.0),
        asked=Asked(effects=wanted, is_site_waived=True, baseline={"sbp": 122.0, "dbp": 76.0}),
        eta=deviations(model, first=0, count=count, seed=7), numbers=rows,
    )  # fmt: skip
    return np.asarray(data["sbp"]) - 122.0, np.asarray(data["dbp"]) - 76.0


def visit_of(chance: random.Random, name: str, sbp: np.ndarray, dbp: np.ndarray) -> list:
    """Return the events of one ordinary visit."""
    end, checks = VISITS[name][1:]
    is_spray = name.startswith("esketamine")
    base = (min(chance.gauss(122, 9), 140.0), min(chance.gauss(76, 7), 90.0))
    events = [
        Done(id="opened", at=at(-20), act=Act.OPENED),
        Done(id="began", at=at(0), act=Act.FIRST_DEVICE if is_spray else Act.STARTED),
        Done(id="left", at=at(end), act=Act.LEFT),
    ]
    events += [] if is_spray else [Done(id="ended", at=at(40), act=Act.ENDED)]

    def take(minute: float, **values: float) -> None:
        events.extend(
            Reading(id=f"{sign}@{minute}", at=at(minute), sign=sign, value=float(value))
            for sign, value in values.items()
        )

    take(-10, sbp=base[0], dbp=base[1], hr=74.0, spo2=98.0, resp_rate=14.0, weight=75.0)
    for due in checks:
        minute = due + chance.uniform(0.0, 1.5)
        rise = sbp[round(minute)], dbp[round(minute)]
        take(
            minute, sbp=base[0] + rise[0] + chance.gauss(0, 3),
            dbp=base[1] + rise[1] + chance.gauss(0, 3),
        )  # fmt: skip
    for minute in range(-2, end, 2):
        is_lost = chance.random() < 0.03
        take(
            minute + 0.5, hr=-100.0 if is_lost else chance.gauss(78, 6),
            spo2=-100.0 if is_lost else min(100.0, chance.gauss(97.5, 0.8)),
            resp_rate=max(11.0, chance.gauss(14, 1.5)),
        )  # fmt: skip
    take(end - 5.0, moaas=5.0, cadss=0.0)
    return events


def interruptions(name: str, events: list) -> int:
    """Return how many alarms began in a visit, each counted once for each time that it began."""
    end = VISITS[name][1]
    seen = set()
    for minute in range(0, end):
        now = at(minute)
        found = folded(events, now)
        seen |= {
            (one.cause, one.since) for one in alarms(protocol(name), found, now, acknowledged={})
        }
    return len(seen)


def counted(name: str, count: int) -> list[int]:
    chance, (sbp, dbp) = random.Random(11), rises(name, count)
    return [interruptions(name, visit_of(chance, name, sbp[k], dbp[k])) for k in range(count)]


@pytest.mark.parametrize("name", VISITS)
def test_an_ordinary_visit_has_at_most_two_alarms(name):
    found = counted(name, 8)  # a visit is looked at 110 times or more; soak has a thousand of them
    assert statistics.median(found) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("name", VISITS)
def test_a_thousand_ordinary_visits_have_at_most_two_alarms_each(name, capsys):
    found = counted(name, 1000)
    with capsys.disabled():
        sys.stdout.write(
            f"{name}: median {statistics.median(found)}, 95 of 100 at most "
            f"{sorted(found)[949]}, none in {found.count(0)} of 1000\n"
        )
    assert statistics.median(found) <= 2
