"""What two infusions do over time: the same question asked of both, in the units of a screen.

Everything is computed by ``ketherapy``. A question that the science refuses leaves its sentence
where the picture would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effect_catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.simulation import domain
from ketherapy.simulation.band import band
from ketherapy.simulation.effects import numbers
from ketherapy.simulation.effects.bands import Doubt, bands
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.moments import behind, distinct
from ketherapy.simulation.solve import simulate

if TYPE_CHECKING:
    import xarray as xr

MIN = 60.0  # minutes in an hour
DAY = 24.0  # hours in a day
_NG = 1000.0  # ng/mL in a mg/L
_PERCENT = 100.0
_POINTS = 97  # evenly spread points of a time axis, moments behind edges apart
_SEED = 20260101  # the same virtual people each time: a band does not flicker
_BEYOND = ("outside what the model was made for", "extrapolated")  # as the science says it
_COUNT = 128  # of virtual people, trials or draws behind a band


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """One line and, where it is known how far it may lie off, the band around it."""

    key: str  # unique on the page; letters and -
    tag: str  # a word at the end of the line
    name: str  # what the line is, as a sentence names it
    minutes: tuple[float, ...]
    middle: tuple[float, ...]  # in the unit of its strip
    low: tuple[float, ...] | None = None  # 5th percentile of what the band holds
    high: tuple[float, ...] | None = None  # and the 95th

    def place(self, minutes: float) -> int:
        """Return which of the computed times is nearest to ``minutes``."""
        return min(range(len(self.minutes)), key=lambda n: abs(self.minutes[n] - minutes))

    @property
    def peak(self) -> float:
        """Return the highest value computed."""
        return max(self.middle)

    @property
    def peak_at(self) -> float:
        """Return when it is highest [min]."""
        return self.minutes[self.middle.index(self.peak)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One question asked of one infusion: its curves, or the sentence that refuses them."""

    key: str  # unique on the page
    about: str  # which infusion
    until: float  # [min] where its own time axis ends
    given: tuple[tuple[float, float], ...]  # [min] from when to when the drug runs
    courses: tuple[Course, ...] = ()
    refusal: str = ""
    cautions: tuple[str, ...] = ()

    @property
    def beyond(self) -> tuple[str, ...]:
        """Return the cautions that say where a model is used for more than it was made for."""
        return tuple(line for line in self.cautions if any(words in line for words in _BEYOND))

    @property
    def highest(self) -> float:
        """Return the highest value that is drawn."""
        return max((max(c.high or c.middle) for c in self.courses), default=0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One infusion as it is simulated."""

    about: str
    regimen: Regimen
    person: Person

    @property
    def session(self) -> Regimen:
        """Return the doses of the first day."""
        return Regimen.of(*(dose for dose in self.regimen.doses if dose.at < DAY))


def venous() -> PublishedModel:
    """Return the model drawn for venous levels of racemic ketamine given into a vein."""
    return _sampled("venous")


def arterial() -> PublishedModel:
    """Return the model drawn for arterial levels of it."""
    return _sampled("arterial")


def _sampled(site: str) -> PublishedModel:
    found = (catalog.published(m) for m in catalog.defaults(Drug.KETAMINE, Route.IV))
    return next(model for model in found if model.site == site)


def levels(told: Told, key: str, until: float, *, regimen: Regimen, sites: str) -> Panel:
    """Return the level of ketamine in plasma [ng/mL], S and R together.

    ``sites`` says from where: "venous", or "venous arterial" for both.
    """
    t = times(regimen, until)
    models = [_sampled(site) for site in sites.split()]
    return _panel(told, key, until, regimen, lambda: _levels(told, key, t, regimen, models))


def _levels(
    told: Told, key: str, t: np.ndarray, regimen: Regimen, models: Sequence[PublishedModel]
) -> tuple[tuple[Course, ...], tuple[str, ...]]:
    courses, cautions = [], []
    for model in models:
        data = simulate(model, regimen, t, person=told.person)
        spread = band(model, regimen, t, person=told.person, seed=_SEED)
        low, high = (None, None) if spread is None else spread["ketamine"].values * _NG
        courses.append(
            _course(
                f"{key}-{model.site}", _VESSELS[model.site], f"{model.site_text} ({model.name})",
                t, data["ketamine"].values * _NG, low, high,
            )
        )  # fmt: skip
        cautions += str(data.attrs["cautions"]).splitlines()
    return tuple(courses), tuple(dict.fromkeys(cautions))


_VESSELS = {"venous": "vein", "arterial": "artery"}


def acute(told: Told, key: str, until: float, *, effect: str, output: str, tag: str) -> Panel:
    """Return one effect of the first session, from the levels it was calibrated on.

    Its band holds how well the numbers are known and how people differ, as far as that is recorded.
    """
    asked = Asked(effects=(effect_catalog.effect(effect),))
    model = arterial() if asked.effects[0].site == "arterial" else venous()
    t, factor = times(told.session, until), _factor(asked.effects[0], output)

    def draw() -> tuple[tuple[Course, ...], tuple[str, ...]]:
        typical = effects(model, told.session, t, asked=asked, person=told.person)
        around = bands(
            model, told.session, t, asked=asked, person=told.person, seed=_SEED, count=_COUNT
        )
        low, high = around[output].sel(doubt=Doubt.PEOPLE.value).values * factor
        middle = typical[output].values * factor
        name = f"{typical[output].attrs['long_name']}, from {model.site_text}"
        return (_course(key, tag, name, t, middle, low, high),), _cautions(
            typical, model, told, told.session
        )

    return _panel(told, key, until, told.session, draw)


def _factor(effect: Effect, output: str) -> float:
    """Return what turns the effect's own unit into a screen's: a share is told in per cent."""
    return _PERCENT if effect.outputs[output].unit == "1" else 1.0


def mood(told: Told, key: str, until: float, *, setting: str, regimen: Regimen) -> Panel:
    """Return the mean depression score of a kind of trial, with the drug and without it.

    Its bands hold how well the numbers are known and how trials differ; no person's course.
    """
    asked = Asked(effects=(effect_catalog.effect("mood"),), setting=setting)
    t = times(regimen, until)
    control = effect_catalog.setting(asked.effects[0], setting).control

    def draw() -> tuple[tuple[Course, ...], tuple[str, ...]]:
        told_of = {"asked": asked, "person": told.person}
        typical = effects(venous(), regimen, t, **told_of)
        around = bands(venous(), regimen, t, **told_of, seed=_SEED, count=_COUNT)
        trials = around.sel(doubt=Doubt.TRIALS.value)
        return tuple(
            _course(
                f"{key}-{tag}", tag, f"mean of the {tag} group", t,
                typical[output].values, *trials[output].values,
            )
            for output, tag in (("madrs_control", control), ("madrs", "ketamine"))
        ), _cautions(typical, venous(), told, regimen)  # fmt: skip

    return _panel(told, key, until, regimen, draw)


def chronic_pain(told: Told, key: str, until: float) -> Panel:
    """Return the share of chronic pain taken away [%]: in who responds, and on average.

    On average means that those who do not respond have no relief at all. The bands hold how well
    the numbers are known.
    """
    effect = effect_catalog.effect("chronic_pain")
    asked = Asked(effects=(effect,))
    t = times(told.regimen, until)

    def draw() -> tuple[tuple[Course, ...], tuple[str, ...]]:
        rows = numbers.drawn(effect, count=_COUNT, seed=_SEED, levels=(Level.ESTIMATE,))
        about = {"asked": asked, "person": told.person}
        typical = effects(venous(), told.regimen, t, **about)
        drawn = effects(venous(), told.regimen, t, **about, numbers={effect.id: rows})
        share, shares = effect.printed["p_drug"].meant, np.asarray(rows["p_drug"])[:, None]
        relief, reliefs = typical["chronic_relief"].values, drawn["chronic_relief"].values
        return (
            _around(f"{key}-responder", "responder", "one who responds", t, relief, reliefs),
            _around(
                f"{key}-all", "all", "mean of all treated", t, share * relief, shares * reliefs
            ),
        ), _cautions(typical, venous(), told, told.regimen)

    return _panel(told, key, until, told.regimen, draw)


def _around(
    key: str, tag: str, name: str, t: np.ndarray, middle: np.ndarray, draws: np.ndarray
) -> Course:
    low, high = np.quantile(draws, (0.05, 0.95), axis=0) * _PERCENT
    return _course(key, tag, name, t, middle * _PERCENT, low, high)


def _cautions(
    data: xr.Dataset, model: PublishedModel, told: Told, regimen: Regimen
) -> tuple[str, ...]:
    """Return what to mind of the effect, then of the levels that drive it."""
    until = min(float(data["time"].values[-1]), max(DAY, regimen.edges[-1]))  # while there is drug
    of_levels = domain.cautions(model, regimen, person=told.person, until=until)
    return tuple(dict.fromkeys([*str(data.attrs["cautions"]).splitlines(), *of_levels]))


def reading_times(until: float) -> tuple[float, ...]:
    """Return the round times up to ``until`` [min] at which a table is read."""
    step = next(step for step in _STEPS if until / step <= _READ)
    return tuple(step * n for n in range(int(until / step) + 1))


_STEPS = (10.0, 20.0, 30.0, 60.0, 120.0, 1440.0, 10080.0)  # [min]
_READ = 14.0  # rows of a table, about


def times(regimen: Regimen, until: float) -> np.ndarray:
    """Return times up to ``until`` [h]: evenly spread, where tables read, and behind each edge."""
    even = np.linspace(0.0, until, _POINTS)
    read = np.array(reading_times(until * MIN)) / MIN
    near = behind(np.array(regimen.edges), until, growth=2.0)
    t = distinct(np.concatenate([even, near, read]))
    return t[t <= until]


def _course(
    key: str, tag: str, name: str, t: np.ndarray, middle: np.ndarray,
    low: np.ndarray | None, high: np.ndarray | None,
) -> Course:  # fmt: skip
    return Course(
        key=key,
        tag=tag,
        name=name,
        minutes=tuple((t * MIN).tolist()),
        middle=tuple(middle.tolist()),
        low=None if low is None else tuple(low.tolist()),
        high=None if high is None else tuple(high.tolist()),
    )


Drawn = tuple[tuple[Course, ...], tuple[str, ...]]  # curves, and what to mind of them


def _panel(
    told: Told, key: str, until: float, regimen: Regimen, draw: Callable[[], Drawn]
) -> Panel:
    try:
        courses, cautions, refusal = *draw(), ""
    except ContractError as error:
        courses, cautions, refusal = (), (), str(error)
    return Panel(
        key=key,
        about=told.about,
        until=until * MIN,
        given=tuple(_given(regimen, until)),
        courses=courses,
        refusal=refusal,
        cautions=cautions,
    )


def _given(regimen: Regimen, until: float) -> Iterator[tuple[float, float]]:
    for dose in sorted(regimen.doses, key=lambda dose: dose.at):
        if dose.at < until:
            yield dose.at * MIN, min(dose.ends, until) * MIN
