"""The file of the studies: it can be read back, and a spreadsheet runs nothing of it."""

import csv
import io
from dataclasses import replace

import pytest

from clinic.explore.evidence_export import HEADERS, safe, study_table
from clinic.explore.evidence_open import Computed, combined, standing


def answer(question_id="esketamine_change_month"):
    opened = standing(question_id, {})
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome.answer


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_number_comes_back_exactly():
    found = answer()
    held = rows(study_table(found, "a method"))
    studies = [row for row in held if row["row"] == "study"]
    assert [row["trial"] for row in studies] == [study.trial for study in found.studies]
    for row, study in zip(studies, found.studies, strict=True):
        assert float(row["estimate"]) == study.effect.estimate
        assert float(row["sei"]) == study.se
        assert float(row["weight"]) == study.weight
    (pooled,) = [row for row in held if row["row"] == "pooled"]
    assert float(pooled["low"]) == found.together.extent.low
    assert pooled["method"] == "a method"


def test_what_was_left_out_is_in_it_with_the_reason():
    found = answer()
    left = [row for row in rows(study_table(found, "")) if row["row"] == "excluded"]
    assert len(left) == len(found.excluded) > 0
    assert all(row["why_not"] for row in left)


def test_a_refusal_is_in_it_and_nothing_pooled():
    opened = combined({"outcome": "response.depression"})
    assert isinstance(opened.outcome, Computed)
    kinds = {row["row"] for row in rows(study_table(opened.outcome.answer, ""))}
    assert "refused" in kinds
    assert "pooled" not in kinds


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_is_set_off(begin):
    assert safe(f"{begin}cmd") == f"'{begin}cmd"


def test_a_negative_number_stays_a_number():
    assert safe(-3.25) == "-3.25"


def test_a_hostile_title_breaks_no_row():
    found = replace(answer(), title='=HYPERLINK("http://x")\r\n"a",b')
    held = rows(study_table(found, ""))
    (pooled,) = [row for row in held if row["row"] == "pooled"]
    assert pooled["label"] == '\'=HYPERLINK("http://x")\r\n"a",b'
    assert {None} & set(pooled) == set()


def test_it_is_the_same_each_time_and_by_the_standard():
    text = study_table(answer(), "m")
    assert text == study_table(answer(), "m")
    assert text.splitlines()[0] == ",".join(HEADERS)
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
