"""The page of rules: every row, whose it is, what follows, and how many boundary cases hold it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ketherapy import units
from ketherapy.dosing.conditions import Condition, Of
from ketherapy.dosing.interactions import InteractionPack
from ketherapy.dosing.rulebook import Applies, Pack, Rule, not_rules, packs, profiles
from ketherapy.sources import Status, cite
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_CASES = Path(__file__).parents[2] / "tests" / "scenarios" / "rules.csv"
_TEST = "tests/unit/ketherapy/dosing/test_rules.py"
_HEADS = (
    *("id", "asked", "about", "what it says", "as its source words it", "what it compares"),
    *("follows", "not known", "where it stands", "marks", "cases"),
)

_OF = {Of.VALUE: "", Of.AGO: ", time since,", Of.AGE: ", measured ago,"}

_INTRODUCTION = f"""\
Whether something may be given is answered by these rows and by nothing else. A row belongs to one
pack, a pack to one jurisdiction, and a profile never holds the packs of two. *Follows* is what the
decision says where the row holds: a *block* cannot be passed, a *hold* is passed by a name and a
reason, a *caution* is acknowledged, an *info* is shown. *Not known* is what follows where a fact is
missing: it asks, and is passed by learning it alone.

*Extrapolated* means that the text was written for something else, and says for what. *Off* means
that the row holds for a clinic that has adopted it and for no other. A *stale* pack is to be read
against the current text before anybody relies on it, and every decision says so.

The number of *cases* counts the lines of `tests/scenarios/rules.csv` that hold the row to its
boundary: below, at, above, missing, and in a case that it is not about. `{_TEST}` runs them all, as
`test_a_rule_follows_its_boundary_table[ID]`."""


def page() -> str:
    """Return the page."""
    return whole(
        "Rules",
        _INTRODUCTION,
        "## How many",
        table(("", "rows"), list(_counts())),
        "## Which packs hold where",
        table(("profile", "title", "packs"), list(_profiles())),
        *(block for pack in packs().values() for block in _pack(pack)),
        "## Not a rule here, and why",
        table(
            ("row", "what", "why"), [(code(p.row), text(p.what), text(p.why)) for p in not_rules()]
        ),
    )


def _counts() -> Iterator[tuple[str, str]]:
    every = [(pack, rule) for pack in packs().values() for rule in pack.rule]
    yield "shipped", str(len(every))
    statuses = Counter((rule.status or pack.status).value for pack, rule in every)
    yield from ((status.value, str(statuses[status.value])) for status in Status)
    yield "extrapolated", str(sum(bool(rule.extrapolated_from) for _, rule in every))
    yield "off until adopted", str(sum(pack.needs_adoption(rule) for pack, rule in every))
    yield "cases", str(sum(_cases().values()))


def _profiles() -> Iterator[tuple[str, ...]]:
    for one in profiles().values():
        links = ", ".join(f"[{code(pack)}](#{pack})" for pack in one.packs)
        yield code(one.id), text(one.title), links


def _pack(pack: Pack) -> Iterator[str]:
    status = f"**Status** {pack.status.value}, where a row does not say another."
    yield from heading(pack, status)
    yield table(_HEADS, [_rule(pack, rule) for rule in pack.rule])


def heading(pack: Pack | InteractionPack, *more: str) -> Iterator[str]:
    """Give what stands above the rows of a pack: whose it is, its source and its age."""
    yield f"## {pack.id}"
    yield f"{text(pack.title)}."
    stale = f"stale: {text(pack.check_against)}" if pack.check_against else "not before that day"
    yield bullets(
        [
            f"**Jurisdiction** {pack.jurisdiction}.",
            f"**Source** {text(cite(pack.source))}",
            *more,
            f"**Since** {pack.since}; **stale after** {pack.stale_after} ({stale}).",
            *([f"**Note** {text(pack.note)}"] if pack.note else []),
        ]
    )


def _rule(pack: Pack, rule: Rule) -> tuple[str, ...]:
    source = rule.source or pack.source
    also = "".join(f", [{code(key)}](sources.md#{key})" for key in rule.also)
    where = f"[{code(source)}](sources.md#{source}){also}: {text(rule.locator) or 'none'}"
    return (
        code(rule.id),
        ", ".join(stage.replace("_", " ") for stage in rule.stages),
        about(rule.applies),
        text(rule.says),
        text(rule.written),
        text(_compares(rule.when)),
        rule.action,
        rule.unknown,
        f"{where} ({(rule.status or pack.status).value})",
        _marks(pack, rule),
        str(_cases()[rule.id]),
    )


def _marks(pack: Pack, rule: Rule) -> str:
    marks = [
        "off until adopted" if pack.needs_adoption(rule) else "",
        f"extrapolated from {text(rule.extrapolated_from)}" if rule.extrapolated_from else "",
        "stale" if pack.check_against else "",
        text(rule.note),
    ]
    return "; ".join(filter(None, marks))


def _compares(when: Condition) -> str:
    if when.any:
        return " or ".join(map(_part, when.any))
    if when.all:
        return " and ".join(map(_part, when.all))
    limit = [] if when.limit is None else [units.shown(when.limit), when.unit]
    said = [f"{when.fact}{_OF[when.of]}", str(when.is_), *limit, "/".join(when.words)]
    return " ".join(filter(None, said))


def _part(when: Condition) -> str:
    return f"({_compares(when)})" if when.any or when.all else _compares(when)


def about(applies: Applies) -> str:
    """Return what a row is about, in words."""
    named = [*applies.drugs, *applies.routes, *applies.uses, *(f"{s}s" for s in applies.settings)]
    words = " ".join(named) or "everything"
    return words + "".join(f", but not {about(other)}" for other in applies.but_not)


@lru_cache(maxsize=1)
def _cases() -> Counter[str]:
    with _CASES.open(newline="", encoding="utf-8") as rows:
        return Counter(row["rule"] for row in csv.DictReader(rows))
