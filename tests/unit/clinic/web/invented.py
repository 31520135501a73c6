"""A prediction of realistic shape, so that the page and its charts need no engine."""

from __future__ import annotations

import math

from clinic.explore.names import LABELS
from clinic.explore.origins import Origin, Reference
from clinic.explore.predictions import Choice, Choices, Curve, Measured, Prediction

NAMED = {"veined": "A", "pulsing": "B"}
MINUTES = tuple(float(n) for n in range(361))


def shape(top: float, rise: float, fall: float) -> tuple[float, ...]:
    """Return a level that rises until minute 40 and falls in two phases afterwards."""
    end = top * (1 - math.exp(-40 / rise))
    return tuple(
        top * (1 - math.exp(-t / rise))
        if t <= 40
        else end * (0.7 * math.exp(-(t - 40) / fall) + 0.3 * math.exp(-(t - 40) / (8 * fall)))
        for t in MINUTES
    )


def curve(model: str, analyte: str, name: str, group: str, levels, **changed) -> Curve:
    """Return one curve of an invented model."""
    peak = max(levels)
    told = {
        "key": f"{model}-{analyte}",
        "model_id": model,
        "model_title": "Invented model of " + model,
        "site": "venous plasma",
        "is_site_known": True,
        "confidence_level": "moderate",
        "low": None,
        "high": None,
        "spread": "Not drawn: the publication gives no spread for this analyte.",
        "source": "Author A, Writer B. Journal of Invented Results 2021;77:1181-1192, Table 3",
        "status": "secondary",
        "population": "48 healthy volunteers, 23 years, 70 kg, who exist only in this test",
    }
    return Curve(
        analyte=analyte,
        analyte_name=name,
        group=group,
        level=levels,
        peak=peak,
        peak_at=MINUTES[levels.index(peak)],
        **(told | changed),
    )


ANALYTES = (
    ("ketamine", "S + R ketamine", "total", 1.0, 25, 35),
    ("esketamine", "S-ketamine", "S", 0.48, 25, 33),
    ("arketamine", "R-ketamine", "R", 0.52, 25, 37),
    ("esnorketamine", "S-norketamine", "norketamine", 0.3, 60, 200),
    ("arnorketamine", "R-norketamine", "norketamine", 0.26, 60, 210),
)


def model_curves(model: str, top: float, banded: bool, site: str) -> list[Curve]:
    """Return the five curves of one invented model."""
    found = []
    for analyte, name, group, share, rise, fall in ANALYTES:
        levels = shape(top * share, rise, fall)
        changed: dict[str, object] = {"site": site}
        if analyte.startswith("ar"):
            changed |= {"status": "derived", "source": "Derived from the S-ketamine model"}
        if banded:
            changed |= {
                "low": tuple(0.7 * v for v in levels),
                "high": tuple(1.4 * v for v in levels),
                "spread": "Shaded: 90 % of people, between the 5th and the 95th percentile.",
            }
        found.append(curve(model, analyte, name, group, levels, **changed))
    return found


def origin(model: str, site: str, **changed: object) -> Origin:
    """Return where an invented model is from."""
    told = {
        "model_id": model,
        "name": "Invented model of " + model,
        "title": "An invented drug in invented plasma",
        "studied": "48 healthy volunteers who exist only in this test",
        "n": 48,
        "site": site,
        "built_on": "",
        "status": "secondary: read in another document that cites the source",
        "confidence_level": "moderate",
        "confidence": "Moderate, for a test.",
        "made_for": (("Age", "18 to 40 year (our convention)"), ("Weight", "not stated")),
        "not_for": ("Children were not studied.",),
        "sources": (
            Reference(words="Author A. Journal 2021;77:1.", address="https://doi.org/10.1/x"),
            Reference(words="A code.", address=""),
        ),
        "notes": ("It is known to be invented.",),
    }
    return Origin(**(told | changed))


def invented() -> Prediction:
    """Return two invented models, one with bands, and two invented measurements."""
    measured = {
        "analyte": "ketamine",
        "analyte_name": "S + R ketamine",
        "group": "total",
        "site": "venous plasma",
        "population": "10 invented patients",
        "source": "Measurer M. Journal of Invented Results 2013;1:1",
        "status": "verified",
    }
    return Prediction(
        regimen="ketamine 35.5 mg (0.5 mg/kg × 71 kg), intravenous, over 40 min",
        minutes=MINUTES,
        dosing=(0.0, 40.0),
        curves=(
            *model_curves("veined", 230, True, "venous plasma"),
            *model_curves("pulsing", 290, False, "arterial plasma"),
        ),
        measured=(
            Measured(
                minutes=40, level=185.0, low=None, high=None, statistic="mean", note="", **measured
            ),
            Measured(
                minutes=110, level=None, low=50.0, high=80.0, statistic="range", note="", **measured
            ),
        ),
        origins=(origin("veined", "venous plasma"), origin("pulsing", "arterial plasma")),
        cautions=("R-ketamine is derived, not measured.", "Racemic ketamine is off-label here."),
    )


def offered() -> Choices:
    """Return what the form offers in these tests."""

    def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
        return tuple(Choice(value=value, label=label) for value, label in pairs)

    return Choices(
        drugs=choices(("ketamine", "ketamine (racemic)"), ("esketamine", "esketamine")),
        routes=choices(("iv", "intravenous"), ("nasal", "intranasal")),
        models=choices(("veined", "Invented, venous"), ("pulsing", "Invented, arterial")),
        groups=choices(
            ("total", "S + R total"),
            ("S", "S-ketamine"),
            ("R", "R-ketamine"),
            ("norketamine", "Norketamine"),
        ),
        labels=dict.fromkeys(LABELS, choices(("", "Not given"), ("severe", "Severe"))),
        others=choices(("invention", "Invention"), ("figment", "Figment")),
    )
