"""From a design to a trial that can be simulated, or every reason why not, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.catalog import effect, setting
from ketherapy.simulation.people import AbstractPeople, Alike, population
from ketherapy.simulation.request_person import described, read_person
from ketherapy.simulation.trial import reading_arms, reading_scores, reading_times
from ketherapy.simulation.trial.cautions import cautions
from ketherapy.simulation.trial.design import TrialDesign
from ketherapy.simulation.trial.planned import Trial

_ANALYSES = ("ancova", "mmrm")
_MOST_REPLICATES = 1_000_000  # of each some 400 bytes are kept

Check = Callable[[TrialDesign], object]


def read(design: TrialDesign) -> Trial:
    """Return the trial of ``design``.

    Errors  ContractError that says every reason why it cannot be simulated
    """
    problems = list(dict.fromkeys(_problems(design)))
    if problems:
        count = f"{len(problems)} {'mistake' if len(problems) == 1 else 'mistakes'}"
        raise ContractError(
            f"design {design.id}", expected="a trial that can be simulated", got=count,
            remedy=" ".join(problems),
        )  # fmt: skip
    return _trial(design)


def _problems(design: TrialDesign) -> Iterator[str]:
    checks: tuple[Check, ...] = (
        lambda d: setting(effect("mood"), d.setting),
        reading_scores.scale,
        reading_scores.baseline,
        reading_scores.sigma,
        reading_times.visits,
        reading_times.primary,
        reading_times.analysed,
        reading_times.leaving,
        reading_times.alpha,
        reading_arms.refuse_no_control,
        reading_arms.counts,
        *(lambda d, k=k: reading_arms.treatment(d, k) for k in range(len(design.arms))),
        people,
        _analysis,
        _runs,
    )
    for check in checks:
        try:
            check(design)
        except ContractError as error:
            yield str(error)


def _trial(design: TrialDesign) -> Trial:
    mood = effect("mood")
    kind = setting(mood, design.setting)
    mean, sd, entry = reading_scores.baseline(design)
    arms, visits = reading_arms.arms(design), reading_times.visits(design)
    enrolled = people(design)
    return Trial(
        design=design,
        mood=mood,
        setting=kind,
        instrument=reading_scores.scale(design),
        arms=arms,
        people=enrolled,
        baseline=mean,
        baseline_sd=sd,
        entry=entry,
        sigma=reading_scores.sigma(design),
        visits=visits,
        primary=reading_times.primary(design),
        analysed=reading_times.analysed(design),
        leaving=reading_times.leaving(design),
        alpha=reading_times.alpha(design),
        cautions=cautions(design, arms, kind, enrolled, until=visits[-1]),
    )


def people(design: TrialDesign) -> AbstractPeople:
    """Return who takes the drug.

    Errors  ContractError for an unknown population, a bad weight or age, or two descriptions
    """
    asked = design.population
    typed = {"weight": asked.weight, "age": asked.age}
    if not (asked.people or asked.weight):
        raise ContractError(
            "people of the trial", expected="a weight, or a described population", got=None,
            remedy="The session that counts as one is given per kg: write weight = '70 kg' or"
            " people = 'invented_adults' under population.",
        )  # fmt: skip
    if not asked.people:
        person, problems = read_person(typed)
        for problem in problems.values():
            raise ContractError(
                "people of the trial", expected="a weight and an age that can be",
                got=asked.weight or asked.age, remedy=problem,
            )  # fmt: skip
        shared = described(person)
        text = f"{Alike.text}: {shared}" if shared else Alike.text
        return Alike(person=person, text=text)
    if any(typed.values()):
        raise ContractError(
            "people of the trial", expected="a described population, or what everybody shares",
            got=f"{asked.people} and a weight or an age", remedy="Leave one of the two out.",
        )  # fmt: skip
    return population(asked.people)


def _analysis(design: TrialDesign) -> None:
    kind = design.analysis.kind
    if kind == "locf":
        raise ContractError(
            "analysis", expected="ancova or mmrm", got=kind,
            remedy="A last rating carried forward is nobody's score at the end point: ancova takes"
            " the people who were rated, mmrm what is known of those who left.",
        )  # fmt: skip
    if kind not in _ANALYSES:
        raise ContractError(
            "analysis", expected="ancova or mmrm", got=kind, remedy="Choose one of them."
        )
    if kind == "mmrm":
        refuse_too_many_visits(design)


def refuse_too_many_visits(design: TrialDesign) -> None:
    """Refuse a repeated-measures model of more visits than the people can tell apart.

    Errors  ContractError that says so
    """
    visits, people = len(reading_times.analysed(design)), sum(reading_arms.counts(design))
    free = people - len(design.arms) - 1
    if free <= visits:
        raise ContractError(
            "analysis mmrm", expected=f"fewer visits than the {free} people left after the means",
            got=visits, remedy="Name fewer visits under analysis: each has a variance of its own.",
        )  # fmt: skip


def _runs(design: TrialDesign) -> None:
    if not 1 <= design.replicates <= _MOST_REPLICATES:
        raise ContractError(
            "replicates", expected=f"1 to {_MOST_REPLICATES:,}", got=design.replicates,
            remedy="Correct the number.",
        )  # fmt: skip
    if not 0 <= design.seed < 2**63:
        raise ContractError(
            "seed", expected="a whole number from 0", got=design.seed, remedy="Correct it."
        )
