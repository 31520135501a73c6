"""The words a screen uses for drugs, routes, people and analytes, and the groups of a toggle."""

from __future__ import annotations

from ketherapy.pharmacology.covariates import Ancestry, Function, Sex
from ketherapy.regimen import Drug, Route

DRUGS = {
    Drug.KETAMINE: "Ketamine (racemic)",
    Drug.ESKETAMINE: "Esketamine (S)",
    Drug.ARKETAMINE: "Arketamine (R)",
}
ROUTES = {
    Route.IV: "Intravenous",
    Route.INTRANASAL: "Nasal spray",
    Route.ORAL: "Swallowed",
    Route.SUBLINGUAL: "Under the tongue",
    Route.BUCCAL: "In the cheek",
    Route.IM: "Intramuscular",
    Route.SC: "Subcutaneous",
}
_FUNCTIONS = {
    Function.NORMAL: "Normal",
    Function.MILD: "Mildly impaired",
    Function.MODERATE: "Moderately impaired",
    Function.SEVERE: "Severely impaired",
}
LABELS = {  # what is recorded of a person in words
    "sex": ("Sex", {Sex.FEMALE: "Female", Sex.MALE: "Male"}),
    "ancestry": (
        "Ancestry",
        {
            Ancestry.JAPANESE: "Japanese",
            Ancestry.ASIAN: "Asian, not Japanese",
            Ancestry.OTHER: "Neither of these",
        },
    ),
    "kidney": ("Kidney", _FUNCTIONS),
    "liver": ("Liver", _FUNCTIONS),
}
GROUPS = {
    "total": "S + R total",
    "S": "S-ketamine",
    "R": "R-ketamine",
    "norketamine": "Norketamine",
    "hydroxynorketamine": "Hydroxynorketamine",
}
ANALYTES = {
    "ketamine": ("S + R ketamine", "total"),
    "esketamine": ("S-ketamine", "S"),
    "arketamine": ("R-ketamine", "R"),
    "norketamine": ("S + R norketamine", "norketamine"),
    "esnorketamine": ("S-norketamine", "norketamine"),
    "arnorketamine": ("R-norketamine", "norketamine"),
    "hydroxynorketamine": ("S + R hydroxynorketamine", "hydroxynorketamine"),
    "eshydroxynorketamine": ("S-hydroxynorketamine", "hydroxynorketamine"),
    "arhydroxynorketamine": ("R-hydroxynorketamine", "hydroxynorketamine"),
}


def drawn(analytes: set[str]) -> list[str]:
    """Return the analytes drawn, in our order: of a metabolite the total where there is one."""
    hidden = set()
    for total in ("norketamine", "hydroxynorketamine"):
        if total in analytes:
            hidden |= {f"es{total}", f"ar{total}"}
    return [analyte for analyte in ANALYTES if analyte in analytes - hidden]


EFFECTS = {  # in the order of a page: what a visit must watch first
    "pressure": "Blood pressure",
    "dissociation": "Dissociation (CADSS)",
    "sedation": "Sedation",
    "acute_pain": "Acute pain",
    "mood": "Mood (MADRS)",
    "chronic_pain": "Chronic pain (CRPS)",
}
