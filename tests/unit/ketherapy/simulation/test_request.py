"""What a person may type: read as meant, or refused beside the field, every reason at once."""

import math
import tomllib
import unicodedata
from importlib.resources import files

import pytest

from ketherapy.pharmacology import catalog
from ketherapy.regimen import Drug, Route
from ketherapy.simulation import domain
from ketherapy.simulation.accepted import accepted
from ketherapy.simulation.request import Refusal, SimulationRequest, read_request

IV = {
    "drug": "ketamine",
    "route": "iv",
    "dose": "0.5 mg/kg",
    "over": "40 min",
    "weight": "71 kg",
}
SPRAY = {"drug": "esketamine", "route": "intranasal", "dose": "84 mg"}
OPTIONAL = ("age", "sex", "ancestry", "kidney", "liver", "drugs", "until")
FIGURES = tomllib.loads(
    files("ketherapy.simulation").joinpath("data/accepted.toml").read_text(encoding="utf-8")
)


def read(entries=IV, models=(), **changed) -> SimulationRequest:
    request = read_request({**entries, **changed}, models=models)
    assert isinstance(request, SimulationRequest), request
    return request


def problems(entries=IV, models=(), **changed) -> dict[str, str]:
    refusal = read_request({**entries, **changed}, models=models)
    assert isinstance(refusal, Refusal), refusal
    return {problem.field: problem.sentence for problem in refusal.problems}


def only_problem(entries=IV, models=(), **changed) -> tuple[str, str]:
    (found,) = problems(entries, models, **changed).items()
    return found


# What is read.


def test_the_usual_infusion_is_35_5_mg_over_40_minutes():
    (dose,) = read().regimen.doses
    assert (dose.amount, dose.over * 60) == pytest.approx((35.5, 40.0), rel=1e-12)


def test_a_request_says_in_words_what_was_understood():
    text = "ketamine 35.5 mg (0.5 mg/kg × 71 kg), intravenous, over 40 min"
    assert read().text == text


def test_an_absent_horizon_is_the_usual_one_of_the_data_file():
    assert (read().until, "h") == tuple(FIGURES["until"]["usual"][key] for key in ("value", "unit"))


def test_the_default_models_are_those_of_the_data_file():
    assert [m.id for m in read().models] == ["otto2021_iv", "simons2022"]


def test_models_are_those_asked_for_in_that_order_once():
    asked = ["simons2022", "otto2021_iv", "simons2022"]
    assert [m.id for m in read(models=asked).models] == ["simons2022", "otto2021_iv"]


def test_a_bolus_is_said_in_a_word():
    assert read(over="bolus").regimen.doses[0].over == 0.0


@pytest.mark.parametrize(
    ("weight", "kg"), [("71 kg", 71.0), ("156 lb", 70.76040972), ("71000 g", 71.0)]
)
def test_a_weight_may_come_in_any_unit_of_weight(weight, kg):
    assert read(weight=weight).person.weight == pytest.approx(kg, rel=1e-12)


@pytest.mark.parametrize("dose", ["0.5 mg/kg", "500 mcg/kg", "0.0005 g/kg", "35.5 mg", "35500 ug"])
def test_one_dose_may_be_written_in_many_ways(dose):
    assert read(dose=dose).regimen.total == pytest.approx(35.5, rel=1e-12)


def test_blanks_around_an_entry_do_not_count():
    assert read(drug=" ketamine ", dose="  0.5 mg/kg ").regimen.total == 35.5


def test_a_field_left_out_is_the_same_as_an_empty_one():
    assert read(age="", until="") == read()


@pytest.mark.parametrize(("dose", "count"), [("28 mg", 1), ("56 mg", 2), ("84 mg", 3)])
def test_a_nasal_dose_is_whole_devices(dose, count):
    doses = read(SPRAY, dose=dose).regimen.doses
    assert [(d.amount, d.device) for d in doses] == [(28.0, k + 1) for k in range(count)]


def test_devices_are_five_minutes_apart():
    starts = [d.at * 60 for d in read(SPRAY).regimen.doses]
    assert starts == pytest.approx([0.0, 5.0, 10.0], abs=1e-9)


def test_a_model_that_does_not_use_weight_needs_none():
    assert read(SPRAY).person.weight is None


# What is refused: one fault, one problem, beside its field.

ONE_FAULT = [
    # the dose
    pytest.param({"dose": ""}, "dose", "Fill it in", id="no dose"),
    pytest.param({"dose": "0 mg"}, "dose", "more than zero", id="a dose of zero"),
    pytest.param({"dose": "0 mg/kg"}, "dose", "more than zero", id="a dose of zero per kg"),
    pytest.param({"dose": "-0 mg"}, "dose", "more than zero", id="a dose of minus zero"),
    pytest.param({"dose": "-5 mg"}, "dose", "more than zero", id="a negative dose"),
    pytest.param({"dose": "1,5 mg"}, "dose", "a point, as in 1.5", id="a comma: the form meant"),
    pytest.param({"dose": "0,5 mg/kg"}, "dose", "a point, as in 0.5", id="a comma after nought"),
    pytest.param({"dose": ".5 mg/kg"}, "dose", "Write 0.5", id="a bare point"),
    pytest.param({"dose": "05 mg"}, "dose", "leading zero", id="a leading zero"),
    pytest.param({"dose": "+5 mg"}, "dose", "Write digits", id="a plus sign"),
    pytest.param({"dose": "5e1 mg"}, "dose", "Write digits", id="an exponent"),
    pytest.param({"dose": "0x23 mg"}, "dose", "Write digits", id="hexadecimal"),
    pytest.param({"dose": "O.5 mg/kg"}, "dose", "Write digits", id="a letter O"),
    pytest.param({"dose": "35 36 mg"}, "dose", "a number, a space", id="two numbers"),
    pytest.param({"dose": "35 mg 36 mg"}, "dose", "as in the example", id="two doses"),
    pytest.param({"dose": "３５ mg"}, "dose", "a number, a space", id="full-width digits"),
    pytest.param({"dose": "٣٥ mg"}, "dose", "a number, a space", id="Arabic digits"),
    pytest.param({"dose": "35\u00a0mg"}, "dose", "plain characters", id="non-breaking space"),
    pytest.param({"dose": "\u202e35 mg"}, "dose", "plain characters", id="reversing mark"),
    pytest.param({"dose": "35 mg\0"}, "dose", "plain characters", id="a null byte"),
    pytest.param({"dose": "3" * 10_000}, "dose", "at most 40", id="10,000 characters"),
    pytest.param({"dose": "35"}, "dose", "Write the unit too", id="no unit"),
    pytest.param({"dose": "mg"}, "dose", "a number, a space", id="no number"),
    pytest.param({"dose": "35 Mg"}, "dose", "capitals matter", id="Mg, a megagram"),
    pytest.param({"dose": "35 MG"}, "dose", "capitals matter", id="MG"),
    pytest.param({"dose": "35 mG"}, "dose", "capitals matter", id="mG"),
    pytest.param({"dose": "3.5 ML"}, "dose", "as in", id="ML"),
    pytest.param({"dose": "3.5 mL"}, "dose", "as in", id="a volume for a dose"),
    pytest.param({"dose": "35 IU"}, "dose", "as in", id="an unknown unit"),
    pytest.param({"dose": "35 mg/h"}, "dose", "as in", id="a rate for a dose"),
    pytest.param({"dose": "0.5 mg/Kg"}, "dose", "capitals matter", id="mg/Kg"),
    pytest.param({"dose": "0.5 mg/lb"}, "dose", "as in", id="per pound"),
    pytest.param({"dose": "35 kg"}, "dose", "0.1 to 1000 mg", id="a dose in kg"),
    pytest.param({"dose": "500 mg/kg"}, "dose", "0.005 to 5 mg/kg", id="a thousand times"),
    pytest.param({"dose": "0.5 mcg/kg"}, "dose", "0.005 to 5 mg/kg", id="mcg meant as mg"),
    pytest.param({"dose": "35 mcg"}, "dose", "0.1 to 1000 mg", id="a thousandth"),
    pytest.param({"dose": "35 g"}, "dose", "0.1 to 1000 mg", id="grams meant as mg"),
    pytest.param(
        {"dose": "5 mg/kg", "weight": "300 kg"}, "dose", "= 1500 mg", id="too much in all"
    ),
    # the weight
    pytest.param({"weight": ""}, "weight", "because the dose is per kg", id="per kg, no weight"),
    pytest.param({"dose": "35 mg", "weight": ""}, "weight", "needs", id="the model needs it"),
    pytest.param({"weight": "0 kg"}, "weight", "more than zero", id="a weight of zero"),
    pytest.param({"weight": "0.4 kg"}, "weight", "30 to 300 kg", id="0.4 kg"),
    pytest.param({"weight": "4000 kg"}, "weight", "30 to 300 kg", id="4000 kg"),
    pytest.param({"weight": "4,000 kg"}, "weight", "4000 if it marks thousands", id="4,000 kg"),
    pytest.param({"weight": "71"}, "weight", "Write the unit too", id="a weight without unit"),
    pytest.param({"weight": "71 g"}, "weight", "30 to 300 kg", id="grams meant as kg"),
    pytest.param({"weight": "71 KG"}, "weight", "capitals matter", id="KG"),
    pytest.param({"weight": "71 cm"}, "weight", "as in '71 kg'", id="a height for a weight"),
    pytest.param({"weight": "71 mg/kg"}, "weight", "as in '71 kg'", id="a dose for a weight"),
    pytest.param({"weight": "7 1 kg"}, "weight", "a number, a space", id="a gap in the number"),
    pytest.param({"weight": "71 k g"}, "weight", "as in the example", id="a gap in the unit"),
    # the duration
    pytest.param({"over": ""}, "over", "'bolus'", id="an infusion without duration"),
    pytest.param({"over": "0 min"}, "over", "more than zero", id="a duration of zero"),
    pytest.param({"over": "-40 min"}, "over", "more than zero", id="a negative duration"),
    pytest.param({"over": "0"}, "over", "Write the unit too", id="zero without unit"),
    pytest.param({"over": "40"}, "over", "Write the unit too", id="40 of what"),
    pytest.param({"over": "40 m"}, "over", "as in '40 min'", id="metres"),
    pytest.param({"over": "40 mg"}, "over", "as in '40 min'", id="a dose for a duration"),
    pytest.param({"over": "00:40"}, "over", "Write digits", id="clock time"),
    pytest.param({"over": "40 s"}, "over", "1 min to 168 h", id="seconds meant as minutes"),
    pytest.param({"over": "Bolus"}, "over", "or 'bolus'", id="another word"),
    # the rest
    pytest.param({"age": "7 years"}, "age", "18 to 110", id="a child"),
    pytest.param({"age": "450 years"}, "age", "18 to 110", id="ten times too old"),
    pytest.param({"age": "45"}, "age", "Write the unit too", id="an age without unit"),
    pytest.param({"sex": "Female"}, "sex", "one of female, male", id="a capital in a sex"),
    pytest.param({"ancestry": "Europe"}, "ancestry", "japanese", id="an ancestry not in a source"),
    pytest.param({"kidney": "bad"}, "kidney", "normal, mild, moderate, severe", id="a kidney"),
    pytest.param({"liver": "mild, severe"}, "liver", "one of normal", id="two degrees"),
    pytest.param({"drugs": "aspirin"}, "drugs", "among rifampicin", id="a drug not measured"),
    pytest.param({"drugs": "rifampicin, aspirin"}, "drugs", "'aspirin'", id="one of two drugs"),
    pytest.param({"drugs": "Rifampicin"}, "drugs", "among rifampicin", id="a capital in a drug"),
    pytest.param({"drugs": "rifampicin,"}, "drugs", "among rifampicin", id="a comma too many"),
    pytest.param({"until": "0 h"}, "until", "more than zero", id="a horizon of zero"),
    pytest.param({"until": "8"}, "until", "Write the unit too", id="a horizon without unit"),
    pytest.param({"until": "1 year"}, "until", "10 min to 60 day", id="a year"),
    pytest.param({"drug": ""}, "drug", "ketamine, esketamine, arketamine", id="no drug"),
    pytest.param({"drug": "Ketamine"}, "drug", "one of", id="a capital"),
    pytest.param({"drug": "midazolam"}, "drug", "one of", id="another drug"),
    pytest.param({"route": ""}, "route", "iv, intranasal, oral", id="no route"),
    pytest.param({"route": "rectal"}, "route", "one of", id="a route not offered"),
    pytest.param(
        {"drug": "arketamine", "route": "oral", "over": ""},
        "route",
        "No model",
        id="no model of it",
    ),
]


@pytest.mark.parametrize(("changed", "field", "says"), ONE_FAULT)
def test_one_fault_gives_exactly_one_problem_beside_its_field(changed, field, says):
    found, sentence = only_problem(**changed)
    assert found == field
    assert says in sentence


@pytest.mark.parametrize(("changed", "field", "says"), ONE_FAULT)
def test_a_sentence_says_what_was_expected_what_came_and_what_to_do(changed, field, says):
    _, sentence = only_problem(**changed)
    what, _, rest = sentence.partition(": expected ")
    assert what == field
    assert ", got " in rest
    assert sentence.endswith(".")


@pytest.mark.parametrize(("changed", "field", "says"), ONE_FAULT)
def test_a_sentence_is_short_and_plain(changed, field, says):
    _, sentence = only_problem(**changed)
    assert len(sentence) < 250
    assert not {unicodedata.category(c) for c in sentence} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("field", [*IV, *OPTIONAL])
@pytest.mark.parametrize("text", ["\0", "x" * 10_000, "\x1b[2J", "\u202e", "\ud800", "<b>", "%s"])
def test_nothing_hostile_is_taken_or_repeated_at_length(field, text):
    found, sentence = only_problem(**{field: text})
    assert found == field
    assert len(sentence) < 250
    assert sentence.isprintable()


def test_a_mistake_in_a_model_is_beside_the_models():
    assert only_problem(models=["nobody2020"])[0] == "models"


def test_a_model_of_another_route_says_which_there_are():
    field, sentence = only_problem(models=["perezruixo2021"])
    assert field == "models"
    assert "otto2021_iv" in sentence


def test_a_hostile_model_id_is_repeated_shortly():
    _, sentence = only_problem(models=["x\0" * 5_000])
    assert len(sentence) < 250
    assert sentence.isprintable()


def test_84_mg_of_racemic_ketamine_in_the_nose_has_no_model():
    field, sentence = only_problem(SPRAY, drug="ketamine")
    assert field == "route"
    assert "nothing is predicted" in sentence


@pytest.mark.parametrize("drug", ["esketamine", "arketamine"])
def test_a_weight_is_needed_by_a_model_that_scales_with_it(drug):
    assert only_problem(drug=drug, dose="35 mg", weight="")[0] == "weight"


@pytest.mark.parametrize("dose", ["27 mg", "30 mg", "42 mg", "140 mg", "14 mg"])
def test_a_nasal_dose_that_is_not_whole_devices_is_refused(dose):
    field, sentence = only_problem(SPRAY, dose=dose)
    assert field == "dose"
    assert "28, 56, 84, 112 mg" in sentence


@pytest.mark.parametrize("over", ["40 min", "bolus", "0 min"])
def test_a_spray_has_no_duration(over):
    assert only_problem(SPRAY, over=over)[0] == "over"


# Every reason at once.


def test_every_fault_is_reported_at_once():
    bad = dict.fromkeys([*IV, *OPTIONAL], "?")
    assert set(problems(**bad, models=["nobody2020"])) == {*bad, "models"}


def test_an_empty_form_says_everything_that_is_missing():
    assert set(problems({})) == {"drug", "route", "dose"}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"dose": "1,5 mg", "weight": "71"}, {"dose", "weight"}),
        ({"dose": "500 mg/kg", "weight": ""}, {"dose", "weight"}),
        ({"weight": "0.4 kg", "over": "0 min"}, {"weight", "over"}),
        ({"route": "", "over": "1,5 h"}, {"route", "over"}),
        ({"until": "1 year", "age": "7 years"}, {"until", "age"}),
    ],
)
def test_two_faults_give_two_problems(changed, fields):
    assert set(problems(**changed)) == fields


def test_a_dose_that_is_not_whole_devices_is_reported_beside_a_bad_age():
    assert set(problems(SPRAY, dose="30 mg", age="7 years")) == {"dose", "age"}


# The accepted ranges: below, at and above each edge of the data file.


def edges():
    """Give field, text and whether it is accepted, just inside and outside each edge."""
    for name in ("dose", "dose_per_kg", "weight", "age", "over", "until"):
        for side, outwards in (("low", -1e-6), ("high", 1e-6)):
            edge = FIGURES[name][side]
            for step, is_accepted in ((outwards, False), (0.0, True), (-outwards, True)):
                number = f"{edge['value'] * (1.0 + step):.12f}".rstrip("0").rstrip(".")
                text = f"{number} {edge['unit']}"
                yield pytest.param(name, text, is_accepted, id=f"{name}: {text}")


@pytest.mark.parametrize(("name", "text", "is_accepted"), list(edges()))
def test_a_range_holds_at_its_edges_and_not_beyond(name, text, is_accepted):
    field = "dose" if name == "dose_per_kg" else name
    entries = {**IV, "dose": "35 mg"} if name == "weight" else IV
    result = read_request({**entries, field: text})
    assert isinstance(result, SimulationRequest) == is_accepted


@pytest.mark.parametrize("text", ["60 s", "1 week", "7 days", "10080 min"])
def test_an_edge_may_be_written_in_another_unit(text):
    assert math.isfinite(read(over=text, until="60 days").regimen.edges[-1])


def test_every_accepted_range_is_a_convention_with_its_unit():
    assert accepted().status == "convention"
    assert all(FIGURES[name]["low"]["unit"] for name in ("dose", "weight", "over", "until"))


DEFAULTS = [
    (drug, route, catalog.defaults(drug, route))
    for drug in Drug
    for route in Route
    if catalog.defaults(drug, route)
]


@pytest.mark.parametrize(("drug", "route", "models"), DEFAULTS)
def test_every_default_can_be_simulated(drug, route, models):
    dose = "84 mg" if route is Route.INTRANASAL else "50 mg"
    entries = {"drug": drug.value, "route": route.value, "dose": dose, "weight": "71 kg"}
    over = {"over": "40 min"} if route is Route.IV else {}
    assert tuple(m.id for m in read(entries, **over).models) == models


def test_every_pair_that_a_model_describes_has_a_default():
    described = {
        (drug, route)
        for model in catalog.models()
        if domain.is_for_adults(model)
        for route in model.domain.routes
        for drug in catalog.drugs(model, route)
    }
    assert described == {(drug, route) for drug, route, _ in DEFAULTS}


@pytest.mark.parametrize("route", ["im", "oral", "buccal"])
def test_only_an_infusion_has_a_duration(route):
    assert only_problem(route=route, over="40 min")[0] == "over"


@pytest.mark.parametrize(
    ("over", "hours", "words"),
    [
        ("", 0.0, "subcutaneous"),
        ("bolus", 0.0, "subcutaneous"),
        ("24 h", 24.0, "subcutaneous, over 24 h"),
    ],
)
def test_a_dose_under_the_skin_is_an_injection_or_an_infusion(over, hours, words):
    found = read(route="sc", over=over)
    assert found.regimen.doses[0].over == hours
    assert found.text.endswith(words)


def test_the_same_entries_give_the_same_request():
    assert read() == read()
