"""The questions a page asks of both infusions, each in plain words and drawn on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.explore import infusion_courses
from clinic.explore.infusion_courses import DAY, Panel, Told
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.units import shown

SETTING = "midazolam"  # the kind of trial the mood curve is the average of
_SESSION = {"depression": 4.0, "pain": DAY}  # [h] how long the first visit is looked at
_COURSE = 14 * DAY
_MOOD, _PAIN = 14 * DAY, 84 * DAY

_OF_PEOPLE = "Shaded: from the 5th to the 95th percentile of simulated people of this weight."
_OF_BOTH = (
    "Shaded: from the 5th to the 95th percentile of what is not known well and of how people"
    " differ, as far as that is recorded."
)
_OF_TRIALS = "Shaded: from the 5th to the 95th percentile of trials of this kind."
_OF_NUMBERS = "Shaded: from the 5th to the 95th percentile of how well the numbers are known."


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One question asked of the infusions, drawn on one scale."""

    id: str
    title: str
    unit: str
    plain: str  # what it is, in plain words
    band: str  # what the shading holds
    studied: str  # up to which level it was studied, and what happens above; "" where not recorded
    confidence: str  # "low", "moderate" or "good"; "" for levels, whose models say it themselves
    limits: tuple[str, ...]  # known failures, and what it is not for
    panels: tuple[Panel, ...]

    @property
    def highest(self) -> float:
        """Return the highest value drawn in any panel."""
        return max(panel.highest for panel in self.panels)

    @property
    def cautions(self) -> tuple[str, ...]:
        """Return what to mind, each sentence once."""
        return tuple(dict.fromkeys(line for panel in self.panels for line in panel.cautions))


def session(told: Mapping[str, Told]) -> tuple[Strip, ...]:
    """Return what one visit does: level, block, dissociation, pressure."""
    return (_levels(told), *(_acute(told, one) for one in _ACUTE))


def _levels(told: Mapping[str, Told]) -> Strip:
    return Strip(
        id="level",
        title="Ketamine in the blood",
        unit="ng/mL",
        plain=(
            "How much ketamine, S and R together, a millilitre of plasma holds: in blood from a"
            " vein, as it is usually measured, and from an artery, as it reaches the brain."
        ),
        band=_OF_PEOPLE,
        studied="",
        confidence="",
        limits=(),
        panels=tuple(
            infusion_courses.levels(
                one,
                f"level-{one.about}",
                _SESSION[one.about],
                regimen=one.session,
                sites="venous arterial",
            )
            for one in told.values()
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Acute:
    """An effect of the first visit, and its words."""

    effect: str
    output: str
    tag: str
    title: str
    unit: str
    plain: str


_ACUTE = (
    _Acute(
        effect="nmda_block",
        output="nmda_block",
        tag="block",
        title="NMDA receptors blocked",
        unit="%",
        plain=(
            "The part of the receptors that ketamine is thought to block. It was never measured in"
            " people at these doses: it is reckoned from rats."
        ),
    ),
    _Acute(
        effect="dissociation",
        output="cadss",
        tag="score",
        title="Feeling detached (dissociation)",
        unit="points",
        plain=(
            "The score of a rating scale for feeling unreal or far away. In the first visit; later"
            " ones are felt less, by how much was not measured."
        ),
    ),
    _Acute(
        effect="pressure",
        output="sbp_change",
        tag="rise",
        title="Rise of blood pressure (systolic)",
        unit="mmHg",
        plain=(
            "How far the upper value of blood pressure rises above where it was before, on"
            " average. Single people can rise much more: that spread is not in the shading."
        ),
    ),
)


def _studied(effect: Effect) -> str:
    if effect.level is None:
        return ""
    above = "nothing is predicted" if effect.beyond == "refused" else "it is extrapolated"
    return f"Above {shown(effect.level.high)} {effect.level.unit} of S-ketamine {above}."


def _limits(effect: Effect) -> tuple[str, ...]:
    return (*effect.limits, *(f"Not for: {line}" for line in effect.not_for))


def _acute(told: Mapping[str, Told], asked: _Acute) -> Strip:
    effect = effects.effect(asked.effect)
    name = asked.effect.replace("_", "-")
    return Strip(
        id=name,
        title=asked.title,
        unit=asked.unit,
        plain=asked.plain,
        band=_OF_BOTH,
        studied=_studied(effect),
        confidence=str(effect.confidence_level),
        limits=_limits(effect),
        panels=tuple(
            infusion_courses.acute(
                one,
                f"{name}-{one.about}",
                _SESSION[one.about],
                effect=asked.effect,
                output=asked.output,
                tag=asked.tag,
            )
            for one in told.values()
        ),
    )


def course(told: Mapping[str, Told]) -> Strip:
    """Return the levels of all visits, over the same two weeks."""
    return Strip(
        id="course",
        title="Ketamine in the blood over two weeks",
        unit="ng/mL",
        plain=(
            "All visits of the course, in blood from a vein. Each spike is one visit; before the"
            " next one nearly all of it is gone."
        ),
        band=_OF_PEOPLE,
        studied="",
        confidence="",
        limits=(),
        panels=tuple(
            infusion_courses.levels(
                one, f"course-{one.about}", _COURSE, regimen=one.regimen, sites="venous"
            )
            for one in told.values()
        ),
    )


def mood(told: Told) -> Strip:
    """Return the mean depression score of a kind of trial after one infusion."""
    effect = effects.effect("mood")
    return Strip(
        id="mood",
        title="Depression score after one infusion, over two weeks",
        unit="MADRS points",
        plain=(
            "The mean score of the people in a trial, with one infusion of ketamine and with one"
            " of midazolam. Lower is better. It is the average of a trial and not the course of"
            " any person. What a series of infusions adds is known less well and is not drawn."
        ),
        band=_OF_TRIALS,
        studied=_studied(effect),
        confidence=str(effect.confidence_level),
        limits=_limits(effect),
        panels=(infusion_courses.mood(told, "mood", _MOOD, setting=SETTING, regimen=told.session),),
    )


def pain(told: Told) -> Strip:
    """Return the share of chronic pain taken away by the whole course."""
    effect = effects.effect("chronic_pain")
    return Strip(
        id="pain",
        title="Pain taken away by the ten days, over twelve weeks",
        unit="% of the pain before",
        plain=(
            "The part of the pain of CRPS that is taken away: in somebody who responds to the"
            " drug, and on average over all who are treated, where who does not respond has no"
            " relief. Its numbers come from S-ketamine given for four days without a break, not"
            " from these ten days: for them it is an extrapolation."
        ),
        band=_OF_NUMBERS,
        studied=_studied(effect),
        confidence=str(effect.confidence_level),
        limits=_limits(effect),
        panels=(infusion_courses.chronic_pain(told, "pain", _PAIN),),
    )
