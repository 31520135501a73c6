import pytest
from pydantic import TypeAdapter, ValidationError

from ketherapy.errors import ContractError
from ketherapy.evidence.bias import (
    Certainty,
    Domain,
    Downgrade,
    Grade,
    Judged,
    Judgement,
    Reason,
    RiskOfBias,
)

LOW, SOME, HIGH = (Judged(judgement=j, why="as printed") for j in Judgement)
FIELDS = ("randomisation", "deviations", "missing", "measurement", "reporting")


def rob(*judged):
    return RiskOfBias(**dict(zip(FIELDS, judged, strict=True)))


@pytest.mark.parametrize(
    ("judged", "overall"),
    [
        pytest.param((LOW,) * 5, Judgement.LOW, id="all low"),
        pytest.param((LOW, LOW, SOME, LOW, LOW), Judgement.SOME, id="one concern"),
        pytest.param((SOME, LOW, SOME, HIGH, LOW), Judgement.HIGH, id="one high"),
        pytest.param((LOW, None, LOW, LOW, LOW), None, id="not judged is not low"),
        pytest.param((LOW, None, SOME, LOW, LOW), None, id="nor some concerns"),
        pytest.param((HIGH, None, LOW, LOW, LOW), Judgement.HIGH, id="high whatever else"),
    ],
)
def test_a_trial_is_as_good_as_its_worst_domain(judged, overall):
    assert rob(*judged).overall is overall


def test_there_are_five_domains():
    assert list(rob(LOW, LOW, LOW, LOW, LOW).domains) == list(Domain)


def test_a_judgement_needs_a_reason_and_a_known_word():
    with pytest.raises(ValidationError):
        TypeAdapter(Judged).validate_python({"judgement": "low"})
    with pytest.raises(ValidationError):
        TypeAdapter(Judged).validate_python({"judgement": "fine", "why": "because"})


def down(reason, steps=1):
    return Downgrade(reason=reason, steps=steps, why="because")


@pytest.mark.parametrize(
    ("steps", "certainty"),
    [
        ((), Certainty.HIGH),
        ((1,), Certainty.MODERATE),
        ((1, 1), Certainty.LOW),
        ((2, 1), Certainty.VERY_LOW),
        ((2, 2, 1), Certainty.VERY_LOW),
    ],
)
def test_every_step_goes_one_down_and_not_below_very_low(steps, certainty):
    grade = Grade(tuple(down(r, s) for r, s in zip(Reason, steps, strict=False)))
    assert grade.certainty is certainty


def test_what_was_only_observed_starts_low():
    assert Grade((down(Reason.BIAS),), start=Certainty.LOW).certainty is Certainty.VERY_LOW


def test_the_reasons_are_said_with_the_certainty():
    assert Grade((down(Reason.IMPRECISION, 2),)).said == (
        "low certainty, for imprecision (-2): because"
    )


@pytest.mark.parametrize(("steps", "why"), [(0, "x"), (3, "x"), (1, " ")])
def test_a_step_is_one_or_two_and_has_a_reason(steps, why):
    with pytest.raises((ContractError, ValidationError), match="1 or 2 steps, and why"):
        Downgrade(reason=Reason.BIAS, steps=steps, why=why)


def test_a_reason_counts_once():
    with pytest.raises(ContractError, match="each reason once"):
        Grade((down(Reason.BIAS), down(Reason.BIAS)))
