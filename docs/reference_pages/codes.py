"""The page of codes: which ship with what they belong to, and which do not and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ketherapy.dosing.medicines import medicines
from ketherapy.dosing.products import products
from ketherapy.instruments.instrument import instruments
from reference_pages.markdown import code, table, text
from reference_pages.markdown import page as whole

NOT_CODES = Path(__file__).with_name("not_codes.toml")

_INTRODUCTION = """\
A code is used here only where it was read in a source for exactly the thing it stands for. It never
decides anything: rules ask for named facts, amounts and medicines. A code that is guessed, or that
changes with the year, does more harm than none."""


def page() -> str:
    """Return the page."""
    return whole(
        "Codes",
        _INTRODUCTION,
        "## Codes that ship",
        table(("of what", "how many", "where they stand"), _shipped()),
        "## Codes that do not, and why",
        table(("system", "of what", "why"), _not_shipped()),
    )


def _shipped() -> list[tuple[str, str, str]]:
    known = (*products().vials.values(), *products().sprays.values())
    coded = sum(1 for one in known if one.codes)
    scales = ", ".join(code(one.id) for one in instruments() if one.codes)
    medicine = sum(1 for one in medicines() if one.rxcui)
    return [
        ("products (NDC or RxNorm)", str(coded), code("dosing/data/products.toml")),
        ("medicines (RxNorm)", str(medicine), code("dosing/data/medicines.csv")),
        ("scales (LOINC)", scales, code("instruments/data/")),
    ]


def _not_shipped() -> list[tuple[str, str, str]]:
    groups = tomllib.loads(NOT_CODES.read_text(encoding="utf-8"))["group"]
    return [(text(one["system"]), text(one["what"]), text(one["why"])) for one in groups]
