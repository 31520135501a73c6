"""Two kinds of infusion side by side, one for depression and one for pain, for one body weight.

What is given is read from protocols, what it does is computed, what trials found is quoted. No
patient data passes through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clinic.explore import infusion_courses, infusion_strips
from clinic.explore.infusion_courses import Panel, Told
from clinic.explore.infusion_evidence import Finding, Monitoring, findings, monitoring
from clinic.explore.infusion_strips import Strip
from clinic.explore.origins import Origin, origin
from clinic.explore.predictions import OFF_LABEL
from ketherapy.dosing.protocol import Protocol, binding, course, protocol
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.regimen import Regimen
from ketherapy.simulation.request import Problem, Refusal
from ketherapy.simulation.request_person import read_person
from ketherapy.sources import source

__all__ = [
    "ABOUT",
    "USUAL_WEIGHT",
    "Finding",
    "Given",
    "Infusion",
    "Monitoring",
    "Panel",
    "Problem",
    "Refusal",
    "Strip",
    "TwoInfusions",
    "compare",
    "warm",
]  # fmt: skip

USUAL_WEIGHT = "71 kg"  # what the page opens with
ABOUT = {"depression": "iv_depression_2026_01", "pain": "iv_crps_2026_01"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What one infusion gives this person, in mg, h and mg/h."""

    amount: float  # in one visit
    over: float
    visits: int
    days: tuple[int, ...]  # of the visits, from the first
    limits: tuple[str, ...]  # that lower it for this weight, as sentences

    @property
    def rate(self) -> float:
        """Return the rate of the infusion [mg/h]."""
        return self.amount / self.over

    @property
    def total(self) -> float:
        """Return what the whole course gives [mg]."""
        return self.amount * self.visits


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """One sentence of a protocol, and whose it is."""

    text: str
    source: str  # who wrote it, and when
    address: str  # where to read it
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Infusion:
    """One side of the page."""

    about: str  # "depression" or "pain"
    protocol: Protocol
    given: Given
    itself: tuple[Quote, ...]  # which protocol it is
    evidence: tuple[Quote, ...]
    remarks: tuple[Quote, ...]
    watched: tuple[Quote, ...]
    found: tuple[tuple[Finding, Quote], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoInfusions:
    """Everything the page shows."""

    weight: float  # [kg]
    infusions: tuple[Infusion, Infusion]
    session: tuple[Strip, ...]
    course: Strip
    aims: tuple[Strip, Strip]  # mood of the one, pain of the other
    responders: tuple[float, float]  # [%] with the drug, with placebo
    origins: tuple[Origin, ...]
    off_label: str


def compare(entries: Mapping[str, Sequence[str]]) -> TwoInfusions | Refusal:
    """Return both infusions for the body weight typed, or the sentence that refuses it."""
    typed = (entries.get("weight") or ("",))[0]
    person, problems = read_person({"weight": typed})
    if isinstance(person.weight, float):
        return _compared(person.weight)
    sentence = problems.get("weight") or str(
        ContractError(
            "weight", expected="a body weight, because both doses are per kg", got="",
            remedy="Give one, such as 71 kg.",
        )
    )  # fmt: skip
    return Refusal(problems=(Problem(field="weight", sentence=sentence),))


def warm() -> None:
    """Compute what the page opens with, so that the first visitor does not wait."""
    compare({"weight": (USUAL_WEIGHT,)})


@lru_cache(maxsize=32)
def _compared(weight: float) -> TwoInfusions:
    told = {
        about: Told(
            about=about,
            regimen=course(protocol(key), weight=weight),
            person=Person(weight=weight),
        )
        for about, key in ABOUT.items()
    }
    depression, pain = (_infusion(about, told[about].regimen, weight) for about in ABOUT)
    routes = told["depression"].regimen.routes
    models = (infusion_courses.venous(), infusion_courses.arterial())
    return TwoInfusions(
        weight=weight,
        infusions=(depression, pain),
        session=infusion_strips.session(told),
        course=infusion_strips.course(told),
        aims=(infusion_strips.mood(told["depression"]), infusion_strips.pain(told["pain"])),
        responders=_responders(),
        origins=tuple(origin(model, routes) for model in models),
        off_label=OFF_LABEL,
    )


def _infusion(about: str, regimen: Regimen, weight: float) -> Infusion:
    found = protocol(ABOUT[about])
    return Infusion(
        about=about,
        protocol=found,
        given=_given(found, regimen, weight),
        itself=(_itself(found),),
        evidence=tuple(_quote(r.text, r.source, r.status) for r in found.evidence),
        remarks=tuple(_quote(r.text, r.source, r.status) for r in found.remarks),
        watched=tuple(_quote(m.text, m.source, m.status) for m in monitoring() if m.about == about),
        found=tuple(
            (f, _quote(f.remark, f.source, f.status)) for f in findings() if f.about == about
        ),
    )


def _itself(found: Protocol) -> Quote:
    words = f"{found.title}. Version {found.id} of {found.since}, hash {found.sha256[:12]}."
    return _quote(words, found.source, found.status)


def _given(found: Protocol, regimen: Regimen, weight: float) -> Given:
    first = regimen.doses[0]
    return Given(
        amount=first.amount,
        over=first.over,
        visits=len(regimen.doses),
        days=found.course.days,
        limits=tuple(
            f"lowered by a limit of the protocol: {found.limits[name].value:g}"
            f" {found.limits[name].unit} at most"
            for name in binding(found, weight=weight)
        ),
    )


def _quote(text: str, key: str, status: str) -> Quote:
    entry = source(key)
    words = ", ".join(str(part) for part in (entry.authors or entry.title, entry.year) if part)
    address = f"https://doi.org/{entry.doi}" if entry.doi else entry.url
    return Quote(text=text, source=words, address=address, status=str(status))


def _responders() -> tuple[float, float]:
    """Return how many of a hundred respond, with the drug and with placebo."""
    printed = effects.effect("chronic_pain").printed
    return 100.0 * printed["p_drug"].meant, 100.0 * printed["p_placebo"].meant
