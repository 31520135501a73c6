import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.conventions import adopting, conventions


def test_everything_that_waits_is_listed_once_with_what_is_known_of_it():
    found = {one.key: one for one in conventions()}
    assert len(found) == len(conventions())
    assert {
        "ymrs.rise", "ymrs.response", "moaas.over_sedated", "rass.sedated", "gad7.meaningful",
        "bipolar_course", "depression_course", "pain_course",
    } <= {*found}  # fmt: skip
    assert "phq9.item_9" not in found
    assert "madrs.remission" not in found
    assert found["gad7.meaningful"].text == "meaningful: 4 points better"
    assert found["ymrs.rise"].text == "Hold the dose and review for hypomania or mania."
    assert found["ymrs.rise"].note.startswith("Remembered")
    assert found["pain_course"].text == "A course for pain"
    assert found["pain_course"].note.startswith("The intervals are conventions")


def test_a_clinic_adopts_by_the_key():
    assert adopting("ymrs.rise", "pain_course") == {"ymrs.rise", "pain_course"}
    assert adopting() == frozenset()


def test_a_key_that_no_convention_has_is_refused():
    with pytest.raises(ContractError) as refused:
        adopting("ymrs.rise", "ymrs.riise", "madrs.remission")
    known = ", ".join(sorted(one.key for one in conventions()))
    assert str(refused.value) == (
        f"adopted conventions: expected keys among {known}, got 'madrs.remission, ymrs.riise'."
        " Correct these keys; nothing was adopted."
    )
