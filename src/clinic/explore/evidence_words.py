"""The words a page uses for what trials counted, whom they treated and how they are pooled."""

from __future__ import annotations

from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import COUNTED
from ketherapy.evidence.synthesis import Interval, Prediction, Tau2
from ketherapy.evidence.trials import About, Control, Given, Kind

KINDS = {
    Kind.RESPONSE: "response",
    Kind.ANY_TIME: "response at any time",
    Kind.REMISSION: "remission",
    Kind.RELAPSE: "relapse",
    Kind.WORSENING: "worsening",
    Kind.SCORE: "score at the end",
    Kind.CHANGE: "change of the score",
    Kind.EVENT: "people with any",
    Kind.TOLERABILITY: "people who stopped",
}
ABOUTS = {
    About.DEPRESSION: "Depression",
    About.SUICIDAL_THOUGHTS: "Suicidal thoughts",
    About.ANXIETY: "Anxiety",
    About.HOPELESSNESS: "Hopelessness",
    About.PTSD: "Post-traumatic stress",
    About.OCD: "Obsessions and compulsions",
    About.PAIN: "Pain",
    About.DISABILITY: "Disability",
    About.HARM: "Unwanted effects",
    About.PRESSURE: "Blood pressure",
    About.QUALITY_OF_LIFE: "Quality of life",
    About.MEMORY: "Memory",
    About.PEOPLE: "People",
}
CONTROLS = {
    Control.MIDAZOLAM: "Midazolam (felt)",
    Control.SALINE: "Saline (not felt)",
    Control.SALINE_ASLEEP: "Saline, under anaesthesia",
    Control.PLACEBO_SPRAY: "Placebo spray",
    Control.PLACEBO: "Placebo, as a review calls it",
    Control.ECT: "Electroconvulsive therapy (ECT)",
    Control.KETOROLAC: "Ketorolac",
    Control.NONE: "No control group held here",
    Control.UNCLEAR: "Not clear from what was read",
}
DRUGS = {
    Given.KETAMINE: "Ketamine (racemic)",
    Given.ESKETAMINE: "Esketamine",
    Given.OTHER: "Another NMDA antagonist",
}
ROUTES = {
    "IV": "Into a vein",
    "intranasal": "Nasal spray",
    "SC": "Under the skin",
    "oral": "Swallowed",
    "sublingual": "Under the tongue",
    "topical": "On the skin",
}
MEASURES = {
    Measure.RR: "Risk ratio",
    Measure.OR: "Odds ratio",
    Measure.RD: "Risk difference",
    Measure.HR: "Hazard ratio",
    Measure.MD: "Mean difference",
    Measure.SMD: "Standardised mean difference",
    Measure.ROM: "Ratio of means",
    Measure.PLO: "Share of one group",
    Measure.PFT: "Share of one group",
}
OF_COUNTS = (Measure.RR, Measure.OR, Measure.RD)
OF_SCORES = (Measure.MD, Measure.SMD)
TAU2 = {one.name: one.value for one in Tau2}
INTERVALS = {one.name: one.value for one in Interval}
PREDICTIONS = {
    Prediction.K_MINUS_2.name: "t with k - 2",
    Prediction.K_MINUS_1.name: "t with k - 1",
    Prediction.NONE.name: "none",
}
# What is said of the people to whom it happened, and to whom it did not.
_HAPPENED = {
    Kind.RESPONSE: ("responded", "did not respond"),
    Kind.ANY_TIME: ("responded at some time", "did not respond at any time"),
    Kind.REMISSION: ("were in remission", "were not in remission"),
    Kind.RELAPSE: ("relapsed", "did not relapse"),
    Kind.WORSENING: ("got worse", "did not get worse"),
    Kind.EVENT: ("had unwanted effects", "had none"),
    Kind.TOLERABILITY: ("stopped because of unwanted effects", "did not stop because of them"),
}


def measures_of(kind: Kind) -> tuple[Measure, ...]:
    """Return the measures that an outcome of this kind can be told in."""
    return OF_COUNTS if kind in COUNTED else OF_SCORES


def happened(kind: Kind) -> tuple[str, str]:
    """Return what is said of those to whom it happened, and of the others."""
    return _HAPPENED[kind]


def outcome_words(kind: Kind, about: About) -> str:
    """Return an outcome as a list offers it: "Depression: response"."""
    return f"{ABOUTS[about]}: {KINDS.get(kind, kind.value)}"


def control_words(controls: frozenset[Control] | set[Control]) -> str:
    """Return what the others were given, as a sentence uses it."""
    return " or ".join(sorted(control.value for control in controls))


def given_words(drugs: set[str]) -> str:
    """Return what the treated were given, as a sentence uses it."""
    plain = {name.replace("racemic ketamine", "ketamine") for name in drugs}
    return " or ".join(sorted(plain))
