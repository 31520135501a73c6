"""What every rating scale and every screener owes, whichever it is."""

import csv
import random

import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.change import band, change
from ketherapy.instruments.instrument import Instrument, instruments, score
from ketherapy.instruments.rules import Comparator, Kind, Of, Shipped, Status, Trigger, Weight, key
from ketherapy.instruments.schedule import schedules
from ketherapy.instruments.scoring import bounds, total, unanswered
from ketherapy.instruments.screener import screeners
from ketherapy.instruments.triggers import triggers
from ketherapy.sources import bibliography
from tests.health.tree import ROOT

SCALES = instruments()
every_scale = pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.id)
BASELINES = {"ymrs": 10.0, "bprs_positive": 8.0}
EVERYTHING = frozenset(key(s.id, t.id) for s in SCALES for t in s.triggers)
TRIGGERS = [
    pytest.param(scale, trigger, id=f"{scale.id}.{trigger.id}")
    for scale in SCALES
    for trigger in scale.triggers
]


def filled(scale: Instrument, *, end: int) -> dict[str, int]:
    """Return a form with every item at its best (0) or worst (1) points."""
    turned = {item: 1 - end if item in scale.reversed else end for item in scale.items}
    return {item: scale.range_of(item)[turned[item]] for item in scale.items}


@every_scale
def test_the_range_is_that_of_the_items(scale):
    assert total(scale, filled(scale, end=0)) == scale.score_range[0]
    assert total(scale, filled(scale, end=1)) == scale.score_range[1]
    assert bounds(scale, {}) == scale.score_range


@every_scale
def test_every_item_is_required_and_a_missing_one_is_named(scale):
    whole = filled(scale, end=1)
    for item in scale.items:
        for answers in ({k: v for k, v in whole.items() if k != item}, whole | {item: None}):
            assert unanswered(scale, answers) == (item,)
            with pytest.raises(ContractError, match=f"{scale.id} answers.*{item} is unanswered"):
                total(scale, answers)


@every_scale
@pytest.mark.parametrize("beyond", [-1, 1], ids=["below", "above"])
def test_no_answer_beyond_its_range_counts(scale, beyond):
    whole = filled(scale, end=1)
    for item in (*scale.items, *scale.unscored):
        low, high = scale.range_of(item)
        wrong = low - 1 if beyond < 0 else high + 1
        with pytest.raises(ContractError, match=f"{item} = {wrong} is no whole number from"):
            total(scale, whole | {item: wrong})


@every_scale
@pytest.mark.parametrize("answer", [0.5, 1.0, True], ids=["a half", "a float", "a yes"])
def test_an_answer_is_a_whole_number_and_nothing_else(scale, answer):
    with pytest.raises(ContractError, match=f"{scale.items[0]} = {answer} is no whole number"):
        total(scale, filled(scale, end=0) | {scale.items[0]: answer})


@every_scale
def test_an_item_of_another_form_is_refused(scale):
    with pytest.raises(ContractError, match="bdi_01 is no item of this form"):
        total(scale, filled(scale, end=0) | {"bdi_01": 0})


@every_scale
def test_the_order_of_the_answers_does_not_matter(scale):
    chance = random.Random(1)
    answers = [(item, chance.randint(*scale.range_of(item))) for item in scale.items]
    found, alerts = total(scale, dict(answers)), triggers(scale, dict(answers), baseline=None)
    for _ in range(20):
        chance.shuffle(answers)
        assert total(scale, dict(answers)) == found
        assert triggers(scale, dict(answers), baseline=None) == alerts


@every_scale
def test_one_more_point_is_never_a_lower_score(scale):
    chance = random.Random(2)
    answers = {item: chance.randint(*scale.range_of(item)) for item in scale.items}
    for item in scale.items:
        low, high = scale.range_of(item)
        scores = [total(scale, answers | {item: k}) for k in range(low, high + 1)]
        assert scores == sorted(scores, reverse=item in scale.reversed)


@every_scale
def test_items_named_anywhere_are_those_of_the_form(scale):
    items = {*scale.items, *scale.unscored}
    assert len(items) == len(scale.items) + len(scale.unscored)
    assert {*scale.item_ranges, *scale.reversed} <= {*scale.items}
    assert all({*domain} <= {*scale.items} for domain in scale.domains)
    assert {*scale.texts} <= {"stem", *items}
    assert {*scale.answers} <= {"every", *items}
    for code in scale.codes:
        assert {*code.codes} <= {"score", *items}
        assert code.status is Status.VERIFIED
    assert all(t.item in (*scale.items, "") for t in scale.triggers)
    if scale.review is not None:
        assert scale.review.item in scale.items
    if scale.symptom_rule is not None:
        clustered = [item for c in scale.symptom_rule.clusters for item in c.items]
        assert sorted(clustered) == sorted(scale.items)
        assert all(0 < c.at_least <= len(c.items) for c in scale.symptom_rule.clusters)


@every_scale
def test_every_level_of_an_item_has_its_words_where_words_are_shown(scale):
    for item in (*scale.items, *scale.unscored) if scale.answers else ():
        low, high = scale.range_of(item)
        words = scale.answers.get(item, scale.answers.get("every", ()))
        assert len(words) == high - low + 1


@every_scale
def test_a_text_stands_here_only_where_a_licence_was_read_or_the_words_are_ours(scale):
    if scale.licence.shipped is Shipped.NUMBERS:
        assert not scale.texts
        assert not scale.answers
    else:
        assert {*scale.texts} >= {*scale.items}
    if scale.licence.shipped is Shipped.VERBATIM:
        assert scale.licence.status in (Status.VERIFIED, Status.SECONDARY)
    if scale.licence.shipped is Shipped.REWORDED:
        assert scale.licence.source == "ketherapy"


def test_the_words_of_others_are_shown_for_three_forms():
    shown = {s.id for s in SCALES if s.licence.shipped is Shipped.VERBATIM}
    assert shown == {"gad7", "pcl5", "phq9"}


@every_scale
def test_bands_cover_every_score_once(scale):
    if scale.bands is None:
        return
    edges = [one.up_to for one in scale.bands.bands]
    assert edges == sorted(set(edges))
    assert scale.score_range[0] <= edges[0]
    assert edges[-1] == scale.score_range[1]
    for below, one in zip([None, *scale.bands.bands], scale.bands.bands, strict=False):
        assert band(scale, one.up_to) == one.name
        if below is not None:
            assert band(scale, below.up_to + 0.01) == one.name


@every_scale
def test_there_is_one_default_of_each_kind_and_sex(scale):
    for kind in Kind:
        of_kind = [d for d in scale.definitions if d.kind is kind]
        default = [d.sex for d in of_kind if d.is_default]
        assert len(default) == len(set(default))
        assert bool(default) == bool(of_kind)
        assert None not in default or len(default) == 1


@every_scale
def test_rules_have_names_of_their_own_and_numbers_of_the_scale(scale):
    names = [one.id for one in (*scale.definitions, *scale.triggers)]
    assert len(names) == len(set(names))
    low, high = scale.score_range
    for rule in (one.rule for one in (*scale.definitions, *scale.triggers)):
        match rule.of:
            case Of.SHARE:
                assert 0.0 < rule.value < 1.0
                assert scale.higher_is == "worse"
                assert rule.unit == "1"
            case Of.SCORE:
                assert low <= rule.value <= high
                assert rule.unit == "points"
            case Of.IMPROVEMENT | Of.WORSENING:
                assert 0.0 <= rule.value <= high - low
                assert scale.higher_is != "neither"
                assert rule.unit == "points"


@every_scale
def test_what_was_only_remembered_is_off_and_names_nobody(scale):
    for rule in (one.rule for one in (*scale.definitions, *scale.triggers)):
        if rule.needs_adoption:
            assert rule.source == "ketherapy"
            assert "nobody here has read" in rule.note.lower()
        if rule.status is Status.CONVENTION:
            assert rule.source == "ketherapy"


@every_scale
def test_every_source_is_in_the_bibliography(scale):
    named = {scale.source, *scale.also, scale.licence.source}
    named |= {one.rule.source or scale.source for one in (*scale.definitions, *scale.triggers)}
    assert named <= {*bibliography()}


@every_scale
def test_a_change_from_nowhere_is_no_change_and_nothing_is_improved(scale):
    for at in scale.score_range:
        found = change(scale, baseline=at, now=at)
        assert found.points == 0.0
        for verdict in found.verdicts:
            rule = verdict.definition.rule
            if rule.of is Of.IMPROVEMENT:
                assert verdict.is_met is (rule.value <= 0.0)


def _beside(trigger: Trigger) -> tuple[int, int]:
    """Return the whole numbers next to a threshold: one that does not meet it and one that does."""
    value = int(trigger.rule.value)
    return {
        Comparator.AT_LEAST: (value - 1, value), Comparator.AT_MOST: (value + 1, value),
        Comparator.ABOVE: (value, value + 1), Comparator.BELOW: (value, value - 1),
    }[trigger.rule.must_be]  # fmt: skip


def _with(scale: Instrument, trigger: Trigger, value: int) -> dict[str, int]:
    """Return a whole form whose item, score or rise is ``value``."""
    answers = filled(scale, end=0)
    if trigger.item:
        return answers | {trigger.item: value}
    wanted = value + (BASELINES[scale.id] if trigger.rule.of is Of.WORSENING else 0.0)
    for item in scale.items:
        low, high = scale.range_of(item)
        lacking = int(wanted - total(scale, answers))
        answers[item] = min(high, low + lacking)
    assert total(scale, answers) == wanted
    return answers


@pytest.mark.parametrize(("scale", "trigger"), TRIGGERS)
def test_a_trigger_fires_at_its_threshold_and_not_beside_it(scale, trigger):
    def fired(answers):
        found = triggers(scale, answers, baseline=BASELINES.get(scale.id), adopted=EVERYTHING)
        return {alert.trigger.id: alert.is_met for alert in found}

    beside, met = _beside(trigger)
    assert trigger.id not in fired(_with(scale, trigger, beside))
    assert fired(_with(scale, trigger, met))[trigger.id] is True
    beyond = 2 * met - beside
    low, high = scale.range_of(trigger.item) if trigger.item else scale.score_range
    if low <= beyond <= high:
        assert fired(_with(scale, trigger, beyond))[trigger.id] is True
    assert fired({})[trigger.id] is False  # missing: it asks


@pytest.mark.parametrize(("scale", "trigger"), TRIGGERS)
def test_an_item_triggers_whatever_else_is_answered(scale, trigger):
    if not trigger.item:
        return
    _, met = _beside(trigger)
    others = [item for item in scale.items if item != trigger.item]
    for missing in others:
        answers = _with(scale, trigger, met) | {missing: None}
        found = triggers(scale, answers, adopted=EVERYTHING)
        assert trigger.id in [a.trigger.id for a in found if a.is_met]


def test_what_asks_for_suicide_is_on_whatever_a_clinic_has_adopted():
    asking = {key(s.id, t.id): t for s in SCALES for t in s.triggers if t.asks_suicide}
    assert {*asking} == {
        "phq9.item_9", "madrs.item_10", "madrs.item_10_urgent", "hamd17.item_3",
        "qids_sr16.item_12", "qids_sr16.item_12_any",
    }  # fmt: skip
    assert not any(t.rule.needs_adoption for t in asking.values())


def test_every_row_of_the_table_ships_or_says_why_not():
    with (ROOT / "src/ketherapy/instruments/data/not_shipped.csv").open(encoding="utf-8") as file:
        left_out = {row["id"] for row in csv.DictReader(file)}
    assert {s.id for s in SCALES} == {
        "aldrete", "audit_c", "bpi_interference", "bpi_severity", "bprs_positive", "cadss",
        "cadss6", "dast10", "gad7", "hamd17", "isi", "madrs", "moaas", "nrs", "pads", "pcl5",
        "peg", "phq9", "qids_sr16", "rass", "who5", "ybocs", "ymrs",
    }  # fmt: skip
    assert {s.id for s in screeners()} == {"cssrs"}
    assert left_out == {"bpicss", "eq5d5l", "kset"}


def test_a_schedule_names_instruments_that_there_are_and_each_entry_once():
    known = {s.id for s in SCALES} | {s.id for s in screeners()}
    for one in schedules():
        assert {entry.instrument for entry in one.entries} <= known
        assert len({entry.id for entry in one.entries}) == len(one.entries)
        for entry in one.entries:
            assert entry.source in bibliography()
            assert entry.opens.status is entry.closes.status is Status.CONVENTION


@pytest.mark.parametrize("asked", screeners(), ids=lambda asked: asked.id)
def test_the_levels_of_a_screener_share_out_its_questions_and_weigh_less_and_less(asked):
    shared = [item for level in asked.levels for item in level.any_of]
    assert sorted(shared) == sorted(asked.items)
    weights = [[*Weight].index(level.weight) for level in asked.levels]
    assert weights == sorted(weights, reverse=True)
    for skip in asked.skips:
        assert {skip.after_no, *skip.not_asked} <= {*asked.items}
        assert skip.after_no not in skip.not_asked
    assert asked.licence.shipped is Shipped.NUMBERS


# Typed a second time, from the tables themselves, so that a slip in a file is noticed.
BANDS = {
    "phq9": "0-4 minimal; 5-9 mild; 10-14 moderate; 15-19 moderately severe; 20-27 severe",
    "gad7": "0-4 minimal; 5-9 mild; 10-14 moderate; 15-21 severe",
    "qids_sr16": "0-5 none; 6-10 mild; 11-15 moderate; 16-20 severe; 21-27 very severe",
    "madrs": "0-6 none; 7-19 mild; 20-34 moderate; 35-60 severe",
    "hamd17": "0-7 none; 8-13 mild; 14-18 moderate; 19-22 severe; 23-52 very severe",
    "ybocs": "0-7 subclinical; 8-15 mild; 16-23 moderate; 24-31 severe; 32-40 extreme",
    "ymrs": "0-12 in remission; 13-19 minimal; 20-25 mild; 26-37 moderate; 38-60 severe",
    "bpi_severity": "0-0 none; 1-4 mild; 5-6 moderate; 7-10 severe",
    "nrs": "0-0 none; 1-3 mild; 4-6 moderate; 7-10 severe",
    "dast10": "0-0 no problems reported; 1-2 low; 3-5 moderate; 6-8 substantial; 9-10 severe",
    "isi": "0-7 none; 8-14 subthreshold; 15-21 moderate; 22-28 severe",
    "who5": "0-48 poor; 52-100 not poor",
}


def test_every_scale_with_bands_has_a_second_copy():
    assert {s.id for s in SCALES if s.bands is not None} == {*BANDS}


@pytest.mark.parametrize("scale_id", BANDS)
def test_bands_are_those_of_the_second_copy(scale_id):
    (scale,) = [s for s in SCALES if s.id == scale_id]
    for text in BANDS[scale_id].split("; "):
        edges, _, name = text.partition(" ")
        for edge in edges.split("-"):
            assert band(scale, float(edge)) == name


@every_scale
def test_no_total_lies_off_the_scale(scale):
    for end in scale.score_range:
        assert score(scale, end) == end
