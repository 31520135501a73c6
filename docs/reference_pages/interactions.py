"""The page of interactions: every row with its medicines, drug, route, action, source and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ketherapy.dosing.interactions import Interaction, InteractionPack, interaction_packs
from ketherapy.dosing.medicines import Medicine, medicines
from reference_pages.markdown import code, table, text
from reference_pages.markdown import page as whole
from reference_pages.rules import about, heading

_TESTS = Path(__file__).parents[2] / "tests" / "unit" / "ketherapy" / "dosing"
_TEST = "tests/unit/ketherapy/dosing/test_interactions.py"
_HEADS = (
    *("id", "about", "medicines", "what it says", "what was found", "what to do"),
    *("follows", "where it stands", "marks", "tests"),
)

_INTRODUCTION = f"""\
What other medicines do to ketamine and esketamine, by drug and route: an effect on a swallowed dose
is none on an infusion where that was measured. Medicines are known by ingredient, brand or RxNorm
code; a name that only resembles one is not taken for it, and holds until a named person has checked
it. A medicine without a row here is said to have none: that is not the same as safe.

A medicine belongs to a row because the row *names* it, because it is of the *class* that the row
names, because it is *extrapolated* (taken to act as those that were measured), or because it is
*suggested* (of the kind, added here). A profile without interactions of its own borrows those of
another jurisdiction's label, and each finding says so.

*Tests* counts the lines of `{_TEST}` that name the row."""


def page() -> str:
    """Return the page."""
    return whole(
        "Interactions",
        _INTRODUCTION,
        *(block for pack in interaction_packs().values() for block in _pack(pack)),
        "## Medicines that have no row",
        text(", ".join(sorted(one.ingredient for one in medicines() if not one.rows))) or "None.",
    )


def _pack(pack: InteractionPack) -> Iterator[str]:
    yield from heading(pack)
    yield table(_HEADS, [_row(one) for one in pack.interaction])


def _row(one: Interaction) -> tuple[str, ...]:
    also = "".join(f", [{code(key)}](sources.md#{key})" for key in one.also)
    where = f"[{code(one.source)}](sources.md#{one.source}){also}: {text(one.locator) or 'none'}"
    marks = [f"extrapolated from {one.extrapolated_from}"] if one.extrapolated_from else []
    return (
        code(one.id),
        about(one.applies),
        "; ".join(_named(one)),
        text(one.says),
        text(one.written),
        text(one.resolves),
        one.action,
        f"{where} ({one.status.value})",
        text("; ".join([*marks, *([one.note] if one.note else [])])),
        str(_tests(one.id)),
    )


def _named(one: Interaction) -> Iterator[str]:
    """Give the medicines of a row, by why they belong to it."""
    taken: dict[str, list[Medicine]] = {}
    for medicine in medicines():
        if medicine.is_in(one.row):
            taken.setdefault(medicine.basis, []).append(medicine)
    for basis, some in sorted(taken.items()):
        yield f"*{basis}*: {text(', '.join(sorted(m.ingredient for m in some)))}"


def _tests(row: str) -> int:
    """Return how many lines of the tests name a row."""
    return len(re.findall(rf'"{re.escape(row)}"', _text()))


@lru_cache(maxsize=1)
def _text() -> str:
    return (_TESTS / "test_interactions.py").read_text(encoding="utf-8")
