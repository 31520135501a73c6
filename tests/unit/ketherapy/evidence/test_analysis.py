"""An analysis is what its studies come to, refused where a guard refuses, and graded as stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence import certainty
from ketherapy.evidence.analysis import (
    DEFAULT,
    SIMPLE,
    answer,
    as_published,
    effects_of,
    includes_none,
    pooled_of,
    reproduce,
    usual,
)
from ketherapy.evidence.bias import Certainty
from ketherapy.evidence.certainty import BY_RULE, Seen, by_rule
from ketherapy.evidence.conventions import conventions
from ketherapy.evidence.effects import Effects, Measure
from ketherapy.evidence.guards import Verdict
from ketherapy.evidence.matches import Verdict as Match
from ketherapy.evidence.matches import agrees, matches
from ketherapy.evidence.questions import Question, question, questions
from ketherapy.evidence.reviews import review, reviews
from ketherapy.evidence.shares import applied
from ketherapy.evidence.shown import shown
from ketherapy.evidence.synthesis import Interval, Tau2, pool
from ketherapy.evidence.trials import About, Control, Design, Kind, Masking, Result
from tests.unit.ketherapy.evidence.made import CONTRAST, score, study

ALL = [answer(one) for one in questions()]
POOLED = [one for one in ALL if one.pooled is not None]


def effects(*y: float, v: float = 1.0) -> Effects:
    labels = tuple(f"trial {place}" for place in range(len(y)))
    return Effects(measure=Measure.MD, y=np.array(y), v=np.full(len(y), v), labels=labels)


# What is pooled and how.


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_question_is_pooled_or_says_why_not(one):
    assert (one.pooled is None) == bool(one.refusals)
    assert (one.pooled is None) == (one.certainty is None)
    refused = any(flag.verdict is Verdict.REFUSE for flag in one.flags)
    assert not (refused and one.pooled is not None)


@pytest.mark.parametrize("one", POOLED, ids=lambda one: one.id)
def test_the_pooled_effect_is_that_of_its_effects(one):
    again = pooled_of(one.effects, one.choices)
    assert one.pooled.estimate == again.estimate
    assert one.pooled.weights.sum() == pytest.approx(1.0)
    assert float(one.effects.y.min()) <= one.pooled.estimate <= float(one.effects.y.max())


def test_two_trials_and_trials_that_are_not_seen_to_differ_have_the_wald_interval():
    assert usual(effects(1.0)) == SIMPLE
    assert usual(effects(1.0, 9.0)) == SIMPLE
    assert usual(effects(1.0, 1.0, 1.0)) == SIMPLE
    assert usual(effects(1.0, 5.0, 9.0)) == DEFAULT


def test_one_trial_stands_for_itself():
    found = pooled_of(effects(2.0), DEFAULT)
    assert (found.estimate, found.interval, found.method) == (2.0, Interval.WALD, Tau2.COMMON)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-1.0, 1.0, True), (0.0, 1.0, True), (-1.0, 0.0, True), (0.1, 1.0, False), (-1, -0.1, False)],
)
def test_whether_an_interval_includes_no_difference(low, high, expected):
    found = replace(pool(effects(1.0, 2.0, 3.0)), low=float(low), high=float(high))
    assert includes_none(found) is expected


def test_where_the_usual_intervals_disagree_it_is_said():
    found = answer(question("esketamine_response_month"))
    assert includes_none(found.pooled) != includes_none(found.other)
    assert any("depends on the method" in line for line in found.warnings)
    assert any("another does not" in reason for reason in found.certainty.reasons)


def test_a_question_no_trial_answers_says_so():
    asked = Question(id="asked", title="asked", kind=Kind.RESPONSE, about=About.MEMORY,
                     measure=Measure.RR, favourable="above")  # fmt: skip
    found = answer(asked)
    assert found.refusals == ("No trial in the data set answers this.",)
    assert (found.pooled, found.people, found.absolute) == (None, (0, 0), None)


def test_the_sources_are_those_of_the_numbers_each_once():
    found = answer(question("esketamine_response_month"))
    assert len(found.sources) == len(set(found.sources)) == 1


def test_effects_are_those_of_the_printed_groups():
    one = effects_of([study()], Measure.RR)
    assert one.y[0] == pytest.approx(np.log(2.0))
    assert effects_of([study()], Measure.RD).y[0] == pytest.approx(0.25)
    assert effects_of([score()], Measure.MD).y[0] == pytest.approx(-6.0)


def test_a_printed_difference_is_read_with_its_interval_and_per_hundred_as_a_share():
    one = effects_of([score(contrast=CONTRAST)], Measure.MD)
    assert (one.y[0], one.se[0]) == (-4.0, pytest.approx(4.0 / 1.959964, rel=1e-6))
    per_hundred = replace(CONTRAST, measure="RD", estimate=15.0, low=2.0, high=28.0)
    assert effects_of([score(contrast=per_hundred)], Measure.RD).y[0] == pytest.approx(0.15)


@pytest.mark.parametrize("measure", [Measure.HR, Measure.PLO])
def test_a_measure_that_two_groups_do_not_have_is_refused(measure):
    with pytest.raises(ContractError, match="measure"):
        effects_of([study()], measure)


# Published pools.


def test_what_is_published_is_made_as_it_was_and_graded_as_it_was():
    of = review("ferraro2025")
    published = of.pool("1_1")
    found = reproduce(of, published)
    assert found.choices == as_published(published)
    assert found.certainty.level == published.certainty
    otherwise = reproduce(of, published, replace(as_published(published), tau2=Tau2.REML))
    assert otherwise.certainty.by == BY_RULE


def test_a_pool_whose_inputs_were_not_read_cannot_be_computed():
    of = review("dean2021")
    with pytest.raises(ContractError, match="inputs were read"):
        reproduce(of, of.pool("resp24"))


def test_every_published_pool_is_laid_beside_ours_and_none_differs():
    assert len(matches()) == sum(len(one.pools) for one in reviews())
    assert [one.id for one in matches() if one.verdict is Match.DIFFERS] == []
    for one in matches():
        assert (one.analysis is None) == (one.pool.method is None)
        assert (one.verdict is Match.MATCHES) == (
            one.analysis is not None and one.pool.estimate is not None
        )


@pytest.mark.parametrize(
    ("printed", "ours", "decimals", "expected"),
    [(0.51, 0.505, 2, True), (0.51, 0.5149, 2, True), (0.51, 0.516, 2, False),
     (-16.0, -15.4, 0, False), (7, 7.0, 0, True), (0.0, 0.004, 2, True)],
)  # fmt: skip
def test_a_number_agrees_where_it_rounds_to_the_printed_one(printed, ours, decimals, expected):
    assert agrees(printed, ours, decimals) is expected


def test_a_changed_number_is_noticed():
    from ketherapy.evidence.matches import match

    of = review("ferraro2025")
    for name in ("estimate", "low", "high", "I2", "tau2", "k", "people"):
        pool_ = of.pool("1_9")
        off = replace(pool_, **{name: getattr(pool_, name) + 1})
        assert match(of, off).verdict is Match.DIFFERS
        assert name in match(of, off).differing


# What is shown.


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_study_is_shown_with_both_sides_and_its_weight(one):
    rows = shown(one)
    assert [row.study for row in rows] == list(one.studies)
    for row in rows:
        assert (row.treated is None) == (row.control is None)
        if row.estimate is not None:
            assert row.low <= row.estimate <= row.high
    if one.pooled is not None:
        assert sum(row.weight for row in rows if row.weight is not None) == pytest.approx(100.0)


def test_a_study_that_says_nothing_is_shown_with_the_reason():
    of = review("ferraro2025")
    (silent,) = [row for row in shown(reproduce(of, of.pool("1_23"))) if row.estimate is None]
    assert "nobody had the event" in silent.why


@pytest.mark.parametrize("measure", [Measure.RR, Measure.OR, Measure.RD])
@pytest.mark.parametrize("base", [0.01, 0.5, 1.0])
def test_a_share_never_goes_beyond_everybody(measure, base):
    for effect in (-3.0, -0.1, 0.0, 0.1, 3.0):
        found = applied(base, effect, measure)
        assert found is None or 0.0 <= found <= 1.0


# Certainty.


def seen(**changed) -> Seen:
    usual_ones = {"pooled": pool(effects(1.0, 1.1, 1.2)), "holds_none": False, "disputed": False}
    return Seen(**(usual_ones | changed))


def many(n: int, **changed):
    """Return two masked trials, asleep under the drug, with ``n`` people together."""
    quarter = n // 4
    results = {"treated": Result(n=quarter, events=9),
               "control": Result(n=n // 2 - quarter, events=9)}  # fmt: skip
    usual_ones = {"control": Control.SALINE, "masking": Masking.TRIPLE, "results": results}
    return tuple(study(name, **(usual_ones | changed)) for name in ("one2030", "two2031"))


ENOUGH = int(conventions().information.value)
FEW = int(conventions().very_few.value)


@pytest.mark.parametrize(
    ("studies", "changed", "level"),
    [
        (many(ENOUGH), {}, "moderate"),  # the drug is felt
        (many(ENOUGH - 4), {}, "low"),  # too few people
        (many(FEW), {}, "low"),
        (many(FEW - 4), {}, "very low"),  # so few that it counts twice
        (many(ENOUGH), {"holds_none": True}, "low"),
        (many(ENOUGH), {"disputed": True}, "moderate"),  # said, and no step
        (many(ENOUGH), {"indirect": "other people"}, "low"),
        (many(ENOUGH, leavers="not counted"), {}, "low"),
        (many(ENOUGH, masking=Masking.OPEN), {}, "low"),
        (many(ENOUGH, masking=Masking.UNKNOWN), {}, "low"),
        (many(ENOUGH, masking=Masking.OPEN, leavers="not counted"), {}, "low"),
        (many(ENOUGH, kind=Kind.ANY_TIME), {}, "low"),
        (many(ENOUGH, design=Design.WITHDRAWAL), {}, "low"),
        (many(ENOUGH, control=Control.SALINE_ASLEEP), {}, "moderate"),  # after an operation
        (many(FEW - 4, masking=Masking.OPEN), {"holds_none": True, "indirect": "x"}, "very low"),
    ],
)
def test_certainty_goes_down_a_step_for_each_reason(studies, changed, level):
    found = by_rule(studies, seen(**changed))
    assert (found.level, found.by) == (level, BY_RULE)
    assert found.reasons


@pytest.mark.parametrize(("spread", "is_said"), [((1.0, 1.1, 1.2), False), ((1.0, 5.0, 9.0), True)])
def test_trials_that_disagree_lower_it(spread, is_said):
    found = by_rule(many(ENOUGH), seen(pooled=pool(effects(*spread))))
    assert ("the trials disagree" in found.reasons) is is_said


def test_a_printed_grade_is_kept_as_it_is():
    pools = {one.id: certainty.printed(one) for one in review("ferraro2025").pools if one.certainty}
    assert {one: rating.level for one, rating in pools.items()} == {"1_1": "very low", "1_9": "low"}
    assert "summary" in pools["1_1"].by  # the review itself was not read for it
    theirs = certainty.printed(review("dean2021").pool("resp24"))
    assert (theirs.level, "authors" in theirs.by) == ("very low", True)


@pytest.mark.parametrize(
    ("people", "steps"), [(None, 2), (FEW - 1, 2), (FEW, 1), (ENOUGH - 1, 1), (ENOUGH, 0)]
)
def test_not_to_know_how_many_people_is_no_better_than_few(monkeypatch, people, steps):
    monkeypatch.setattr(certainty, "persons", lambda _studies: people)
    level = by_rule(many(ENOUGH), seen()).level
    assert list(Certainty).index(level) == 1 + steps  # one for a drug that is felt


@pytest.mark.parametrize("one", POOLED, ids=lambda one: one.id)
def test_no_answer_is_of_high_certainty(one):
    """Ketamine is felt, or the people had an operation: no trial here is beyond doubt."""
    assert one.certainty.level != "high"
