"""What may be compared, and what is refused beside its field."""

import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Drug, Route
from ketherapy.simulation.mechanism.offered import offered
from ketherapy.simulation.mechanism.question import Question, read_question
from ketherapy.simulation.request import Refusal

GOOD = {"route": "iv", "dose": "0.5 mg/kg", "weight": "71 kg", "sessions": "1"}
BAD = [
    pytest.param("route", "oral", "iv or intranasal", id="a route whose mood was not studied"),
    pytest.param("route", "x" * 9_000, "iv or intranasal", id="a route of 9,000 letters"),
    pytest.param("dose", "1,5 mg/kg", "comma", id="a decimal comma"),
    pytest.param("dose", "0.09 mg/kg", "0.1 to 1 mg/kg", id="below the doses studied"),
    pytest.param("dose", "1.01 mg/kg", "0.1 to 1 mg/kg", id="above the doses studied"),
    pytest.param("dose", "35 mg", "in mg/kg", id="a dose that is not per kg"),
    pytest.param("dose", "0.5", "unit", id="a dose without its unit"),
    pytest.param("weight", "", "body weight", id="a dose per kg without a weight"),
    pytest.param("weight", "4000 kg", "weight", id="a weight beyond people"),
    pytest.param("sessions", "0", "1 to 8", id="no session"),
    pytest.param("sessions", "9", "1 to 8", id="one session too many"),
    pytest.param("sessions", "-1", "1 to 8", id="fewer than none"),
    pytest.param("sessions", "2.5", "1 to 8", id="half a session"),
    pytest.param("sessions", "²", "1 to 8", id="a digit that is no number"),
    pytest.param("setting", "spa", "one of outpatient_spray", id="an unknown setting"),
]


def sentences(answer) -> dict[str, str]:
    assert isinstance(answer, Refusal)
    return {problem.field: problem.sentence for problem in answer.problems}


@pytest.mark.parametrize(("field", "entry", "piece"), BAD)
def test_it_is_refused_beside_its_field(field, entry, piece):
    found = sentences(read_question(GOOD | {field: entry}))
    assert set(found) == {field}
    assert piece in found[field]


@pytest.mark.parametrize("dose", ["0.1 mg/kg", "1 mg/kg"])
def test_the_ends_of_the_doses_studied_are_accepted(dose):
    assert isinstance(read_question(GOOD | {"dose": dose}), Question)


@pytest.mark.parametrize(("dose", "is_good"), [("28 mg", True), ("84 mg", True), ("112 mg", False),
                                               ("30 mg", False), ("0.5 mg/kg", False)])  # fmt: skip
def test_a_spray_comes_in_the_devices_studied(dose, is_good):
    answer = read_question({"route": "intranasal", "dose": dose, "weight": "71 kg"})
    assert isinstance(answer, Question) is is_good


def test_every_reason_is_given_at_once():
    entries = {"route": "oral", "sessions": "9", "setting": "spa"}
    assert set(sentences(read_question(entries))) == {"route", "sessions", "setting"}


def test_a_slip_of_the_caller_is_an_error():
    with pytest.raises(ContractError, match="dosage"):
        read_question({"dosage": "1"})


@pytest.mark.parametrize(
    ("route", "drug"), [("iv", Drug.KETAMINE), ("intranasal", Drug.ESKETAMINE)]
)
def test_nothing_typed_is_the_example_of_the_route(route, drug):
    question = read_question({"route": route})
    assert isinstance(question, Question)
    assert question.regimen.drug is drug
    assert question.sessions == 1
    assert question.setting == offered().ways[Route(route)].setting


def test_sessions_are_evenly_spaced_from_the_first_on():
    question = read_question(GOOD | {"sessions": "3"})
    assert isinstance(question, Question)
    assert [dose.at for dose in question.regimen.doses] == [0.0, 84.0, 168.0]
    assert "3 sessions, 3.5 days apart" in question.text


@pytest.mark.parametrize("route", list(offered().ways))
def test_the_example_of_a_route_is_a_setting_that_exists(route):
    assert offered().ways[route].setting in catalog.effect("mood").settings


@pytest.mark.parametrize("route", list(offered().ways))
def test_the_doses_offered_are_those_that_the_effect_itself_was_studied_at(route):
    way = offered().ways[route]
    (found,) = catalog.setting(catalog.effect("mood"), way.setting).studied
    assert (found.drug, found.route) == (way.drug, route)
    assert (way.lowest, way.highest) == (found.lowest, found.highest)
