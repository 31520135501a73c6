"""The page of claims: what is said, what the trials say of it, and how each number was got."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy.evidence.claims import Stated, claims, stated
from ketherapy.evidence.figures import Figure
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
Twelve things that are said about ketamine, two of them in parts. The verdicts are ours, given on a
day. The numbers are computed from the [trials and reviews of the data set](sources.md) each time
they are read, or printed where no trial holds them; when one changes, the verdict is shown as
under review until a person has read it again. Differences are computed before rounding.

Certainty is as the authors of a review graded it, or by the stated rules of this project.

A share of treated people never stands alone: its control group is in the same sentence, or the
sentence says that there is no group to compare with."""


def page() -> str:
    """Return the page."""
    every = [stated(one) for one in claims()]
    return whole(
        "Claims",
        _INTRODUCTION,
        table(
            ("claim", "what is said", "verdict", "in short"),
            [
                (
                    f"[{one.claim.id}](#{_anchor(one)})", text(one.claim.claim),
                    one.claim.verdict.value, text(one.claim.in_short),
                )
                for one in every
            ],
        ),
        *(block for one in every for block in _claim(one)),
    )  # fmt: skip


def _anchor(one: Stated) -> str:
    return f"claim-{one.claim.id}"


def _claim(one: Stated) -> Iterator[str]:
    found = one.claim
    yield f"## Claim {found.id}"
    yield f"> {text(found.claim)}"
    yield bullets(
        [
            f"**Verdict** {found.verdict.value}: {text(found.in_short)}.",
            f"**Given on** {found.reviewed_on.isoformat()}{_under_review(one)}.",
            f"**What would change it** {text(found.would_change)}",
        ]
    )
    yield f"**For clinicians** {text(one.clinician)}"
    yield f"**For everybody** {text(one.plain)}"
    yield table(
        (
            "number",
            "value",
            "95 % interval",
            "unit",
            "certainty",
            "status",
            "how it was got",
            "source",
        ),
        [_number(key, figure) for key, figure in one.numbers.items()],
    )
    yield "**Sources**"
    yield bullets(f"[`{key}`](sources.md#{key}) {text(line)}" for key, line in one.cited.items())


def _under_review(one: Stated) -> str:
    return f"; {one.notice}" if one.is_stale else ""


def _number(key: str, figure: Figure) -> tuple[str, ...]:
    value, low, high = figure.shown(decimals=figure.decimals)
    return (
        code(key), value, f"{low} to {high}" if low else "", text(figure.unit),
        _certainty(figure), figure.status.value, text(figure.how),
        ", ".join(f"[{code(source)}](sources.md#{source})" for source in figure.sources),
    )  # fmt: skip


def _certainty(figure: Figure) -> str:
    return f"{figure.certainty} ({text(figure.certainty_by)})" if figure.certainty else ""
