"""How trials are pooled is read exactly, or refused beside its field; a link gives it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.explore import evidence_method as method
from clinic.explore.evidence_method import FIELDS, Method, number, read, written
from clinic.explore.evidence_words import OF_COUNTS, OF_SCORES
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.synthesis import Interval, Prediction, Tau2
from ketherapy.evidence.synthesis.pooled import Choices

USUAL = Method(measure=Measure.RR, choices=Choices())


def test_nothing_sent_is_the_usual():
    assert read({}, OF_COUNTS, USUAL) == USUAL


@given(
    measure=st.sampled_from(OF_COUNTS), tau2=st.sampled_from(Tau2),
    interval=st.sampled_from(Interval), prediction=st.sampled_from(Prediction),
    level=st.integers(500, 999), beyond=st.none() | st.integers(1, 99),
    spread=st.none() | st.integers(1, 99),
)  # fmt: skip
def test_what_an_address_holds_is_read_back_as_it_was(
    measure, tau2, interval, prediction, level, beyond, spread
):
    chosen = Method(
        measure=measure,
        choices=Choices(tau2, interval, prediction, float(f"{level / 10:.6g}") / 100.0),
        beyond=None if beyond is None else beyond / 100,
        spread=None if spread is None else spread / 10,
    )
    assert read(written(chosen), OF_COUNTS, USUAL) == chosen


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("level", "200", "50 to 99.9"), ("level", "49.9", "50 to 99.9"), ("level", "100", "99.9"),
        ("level", "95 %", "such as 95"), ("level", "nan", "such as 95"),
        ("tau2", "MAGIC", "REML"), ("interval", "wald", "WALD"), ("prediction", "x", "K_MINUS_2"),
        ("measure", "MD", "RR, OR, RD"), ("measure", "HR", "RR, OR, RD"),
        ("beyond", "1", "other than 1"), ("beyond", "0", "above 0"), ("beyond", "-2", "above 0"),
        ("beyond", "1,2", "such as 1.25"), ("spread", "0", "above 0"), ("spread", "-1", "above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_beside_its_field(field, value, words):
    (problem,) = read({field: value}, OF_COUNTS, USUAL)
    assert (problem.field, words in problem.sentence) == (field, True)


def test_every_refusal_is_told_at_once():
    asked = dict.fromkeys(FIELDS, "?")
    assert {one.field for one in read(asked, OF_COUNTS, USUAL)} == set(FIELDS)


@pytest.mark.parametrize("level", ["50", "99.9", "95"])
def test_the_ends_of_the_range_are_accepted(level):
    assert isinstance(read({"level": level}, OF_COUNTS, USUAL), Method)


def test_a_difference_of_scores_may_be_negative_and_is_never_nothing():
    usual = Method(measure=Measure.MD, choices=Choices())
    chosen = read({"beyond": "-2"}, OF_SCORES, usual)
    assert isinstance(chosen, Method)
    assert chosen.beyond == -2.0
    assert [one.field for one in read({"beyond": "0"}, OF_SCORES, usual)] == ["beyond"]


@pytest.mark.parametrize(
    "text", ["", " ", "1,5", ".5", "5.", "1e3", "--1", "+1", "1.2.3", "inf", "٣", "1" * 13]
)
def test_what_is_no_plain_number_is_none(text):
    assert number(text) is None


def test_the_form_offers_every_estimator_and_marks_what_was_sent():
    offered = method.offered({"tau2": "DL"}, OF_COUNTS, USUAL)
    assert {one.value for one in offered.tau2} == set(Tau2.__members__)
    assert offered.chosen["tau2"] == "DL"
