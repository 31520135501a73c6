"""What is found about a planned dose: unset, beyond, none of the choices, too little."""

import pytest

from ketherapy.dosing.decision import decide, decision_json, replay
from ketherapy.dosing.dose_check import climbed, dose_checked
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.question import read_question
from ketherapy.errors import ContractError
from tests.dosing import NO_CAPS, cap, invented, limits, number

CASE = {"drug": "ketamine", "route": "iv", "use": "psychiatry"}
MEASURED = {"unit": "kg", "at": "2026-11-23T08:50:00+00:00"}
FACTS = {
    "age": {"value": 44, "unit": "year"},
    "weight": {"value": 80, **MEASURED},
    "weight_before": {"value": 81, "unit": "kg"},
}

BAND = {
    "amount": 40.0, "over": 0.5, "low": 0.1, "median": 0.15, "high": 0.2, "band": "b",
    "model": "m", "population": "p", "engine": "e",
}  # fmt: skip


@pytest.fixture
def under(monkeypatch):
    """Put an invented protocol among those that ship."""

    def put(**changes):
        found = invented(**changes)
        monkeypatch.setattr("ketherapy.dosing.dose_check.protocol", lambda _: found)
        return found

    return put


def question(facts=FACTS, case=CASE, **dose):
    wanted = {"protocol": "invented_2026_01", "phase": "series", "given": [], "caps": NO_CAPS}
    return read_question(
        {
            "case": case, "stages": ["pre_dose"], "profile": "us", "facts": facts,
            "now": "2026-11-23T09:00:00+00:00", "dose": wanted | dose,
        }
    )  # fmt: skip


def found(**asked):
    return dose_checked(question(**asked)).findings


def rules(**asked):
    return [(one.rule, one.severity) for one in found(**asked)]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(None, [], id="only the ladder is asked for"),
        pytest.param(30.0, [("slip.dose", Severity.HOLD)], id="below the range"),
        pytest.param(40.0, [], id="at the cap"),
        pytest.param(40.00000001, [], id="at the cap, as numbers go"),
        pytest.param(
            40.1,
            [("limit.protocol_dose", Severity.BLOCK), ("slip.dose", Severity.HOLD)],
            id="beyond it",
        ),
        pytest.param(
            400.0,
            [("limit.protocol_dose", Severity.BLOCK), ("slip.dose", Severity.BLOCK)],
            id="ten-fold",
        ),
    ],
)
def test_a_dose_below_at_and_beyond_the_lowest_cap(under, amount, expected):
    under()
    assert rules(amount=amount) == expected


LOW = ("slip.dose", Severity.HOLD)


@pytest.mark.parametrize(
    ("amount", "caps", "expected"),
    [
        pytest.param(30.0, {}, [], id="all that the protocol allows is not below it"),
        pytest.param(28.5, {}, [], id="or less by what rounding takes"),
        pytest.param(28.4, {}, [LOW], id="less than that"),
        pytest.param(20.0, {"clinic_visit": cap(20)}, [LOW], id="a clinic's cap is not its range"),
    ],
)
def test_a_dose_at_the_protocols_own_cap_is_not_below_its_range(under, amount, caps, expected):
    under(limits=limits(amount_per_visit_max=(30, "mg")))
    assert rules(amount=amount, caps=NO_CAPS | caps) == expected


def test_too_little_in_too_short_a_time_is_both(under):
    under(limits=limits(over_min=(60, "min")))
    assert rules(amount=30.0) == [("limit.time", Severity.BLOCK), LOW]


def test_a_refusal_says_what_whose_and_who_may_change_it(under):
    under(limits=limits(amount_per_visit_max=(30, "mg")))
    (one, _) = found(amount=40.0)
    assert one.says == "No more than 30 mg may be planned for this visit."
    assert one.observed == "40 mg planned"
    assert one.limit == "Most in one visit, by the protocol: 30 mg in a visit"
    assert one.resolves == ("Who may change it: the medical director, by adopting another version.")
    assert (one.source, one.locator, one.status) == ("ketherapy", "a test", "convention")
    assert (one.jurisdiction, one.asks) == ("consensus", ())
    assert not one.can_be_overridden


def test_a_clinics_own_cap_is_the_clinics(under):
    under()
    (one,) = found(amount=40.0, caps=NO_CAPS | {"clinic_visit": cap(30)})
    assert (one.jurisdiction, one.source) == ("clinic", "ketherapy")


def test_what_is_unset_holds_and_nobody_passes_it(under):
    under()
    (one,) = found(amount=40.0, caps=NO_CAPS | {"peak": None})
    assert (one.rule, one.severity) == ("limit.predicted_peak", Severity.HOLD)
    assert one.asks == ("predicted_peak",)
    assert not one.can_be_overridden
    assert one.says == (
        "No dose can be planned while this is not set or known: "
        "Predicted peak level, upper end of the band."
    )
    assert one.observed == "not set"
    assert (one.jurisdiction, one.status) == ("clinic", "convention")


def test_without_a_weight_the_ladder_asks_and_says_no_more(under):
    under()
    age = {"age": FACTS["age"]}
    assert rules(facts=age, amount=1000.0) == [
        ("limit.protocol_dose", Severity.HOLD), ("slip.weight_missing", Severity.HOLD),
    ]  # fmt: skip


def test_facts_reach_the_ladder(under):
    under()
    weight = {name: FACTS[name] for name in ("weight", "weight_before")}
    assert rules(facts=weight) == [("limit.age", Severity.HOLD)]
    young = FACTS | {"age": {"value": 17, "unit": "year"}}
    assert rules(facts=young, amount=40.0) == [("limit.age", Severity.BLOCK)]


class TestChoices:
    nasal = {"given": number(56, "mg"), "choices": [56, 84], "over": None}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            pytest.param(56.0, [], id="one of them"),
            pytest.param(84.0, [], id="the other"),
            pytest.param(70.0, [("dose.choices", Severity.BLOCK)], id="between"),
            pytest.param(
                28.0, [("dose.choices", Severity.BLOCK), ("slip.dose", Severity.HOLD)], id="below"
            ),
            pytest.param(None, [], id="none asked"),
        ],
    )
    def test_only_what_a_phase_offers_is_given(self, under, amount, expected):
        under(dose=self.nasal)
        assert rules(amount=amount) == expected

    def test_a_choice_that_is_none_is_said_with_those_there_are(self, under):
        under(dose=self.nasal)
        (one,) = found(amount=70.0)
        assert one.says == "Only 56, 84 mg can be given under this protocol."
        assert (one.observed, one.limit, one.locator) == ("70 mg planned", "56, 84 mg", "a test")
        assert one.resolves == "Plan another dose, or treat under another protocol."


class TestLonger:
    """A time longer than the phase has buys no mg, and is asked about."""

    HELD = ("dose.over", Severity.HOLD)

    @pytest.mark.parametrize(
        ("over", "expected"),
        [
            pytest.param(None, [], id="as the phase has it"),
            pytest.param(40 / 60, [], id="its own"),
            pytest.param(0.667, [HELD], id="a little longer"),
            pytest.param(40.0, [HELD], id="hours for minutes"),
        ],
    )
    def test_a_time_longer_than_the_phase_has_holds(self, under, over, expected):
        under()
        assert rules(amount=40.0, over=over) == expected

    def test_it_says_both_times_and_is_passed_by_name(self, under):
        under()
        (one,) = found(amount=40.0, over=1.0)
        assert (one.observed, one.limit) == ("over 60 min planned", "over 40 min")
        assert (one.locator, one.source) == ("a test", "ketherapy")
        assert one.says == "The time planned is longer than the protocol has it."
        assert one.can_be_overridden

    def test_the_longest_of_a_range_is_the_phases_own(self, under):
        under(dose={"over": number(40, "min", low=40, high=60)})
        assert rules(amount=40.0, over=1.0) == []
        assert rules(amount=40.0, over=1.1) == [self.HELD]

    def test_what_is_given_at_once_is_no_infusion(self, under):
        under(dose={"given": number(40, "mg", low=20, high=60), "over": None},
              limits=limits(bolus_per_kg_max=(0.4, "mg/kg")))  # fmt: skip
        block = ("limit.weight", Severity.BLOCK)
        assert rules(amount=40.0) == [block]
        assert rules(amount=40.0, over=0.001) == [block, self.HELD]
        assert next(o for o in found(amount=40.0, over=0.1) if o.rule == "dose.over").limit == (
            "at once"
        )

    @pytest.mark.parametrize("name", ["rate_max", "rate_per_kg_max"])
    def test_a_longer_time_buys_no_mg(self, under, name):
        limit = (10, "mg/h") if name == "rate_max" else (0.125, "mg/kg/h")
        under(dose={"given": number(0.1, "mg/kg/h", low=0.05, high=1.0), "over": number(4, "h")},
              limits=limits(**{name: limit}))  # fmt: skip
        assert rules(amount=40.0, over=4.0) == []
        long = rules(amount=44.0, over=8.0)
        assert long[:2] == [("limit.rate", Severity.BLOCK), self.HELD]

    def test_nor_where_only_the_rate_of_the_phase_caps_it(self, under):
        under(dose={"given": number(0.1, "mg/kg/h"), "over": number(4, "h")})
        assert rules(amount=32.0, over=4.0) == []
        long = rules(amount=64.0, over=8.0)
        assert ("limit.protocol_dose", Severity.BLOCK) in long


class TestSlips:
    """What the checks of slips are told, by the question; they are tested by themselves."""

    def test_a_range_by_weight_and_by_the_hour_is_that_of_the_visit(self, under):
        rate = {"given": number(0.1, "mg/kg/h", low=0.05, high=0.2), "over": number(4, "h")}
        under(dose=rate)
        assert rules(amount=16.0) == []
        (one,) = found(amount=10.0)
        assert (one.rule, one.limit) == ("slip.dose", "16 mg to 64 mg")

    def test_a_range_that_is_not_by_weight(self, under):
        under(dose={"given": number(40, "mg", low=20, high=60)})
        assert rules(facts={"age": FACTS["age"]}, amount=20.0) == []
        (one,) = found(amount=15.0)
        assert (one.rule, one.limit) == ("slip.dose", "20 mg to 60 mg")

    def test_caps_of_the_protocol_lower_the_range(self, under):
        under(limits=limits(amount_per_visit_max=(30, "mg")))
        assert rules(amount=30.0) == []
        under(limits=limits(amount_per_visit_max=(100, "mg"), rate_max=(30, "mg/h")))
        assert rules(amount=20.0) == []
        under(limits=limits(amount_per_visit_max=None))
        assert ("slip.dose", Severity.HOLD) in rules(amount=30.0)

    def test_a_dose_far_from_the_persons_own_is_held(self, under):
        under(dose={"given": number(0.5, "mg/kg", low=0.05, high=1.0)})
        given = [
            {"at": "2026-11-20T09:00:00Z", "amount": 60.0},
            {"at": "2026-11-10T09:00:00Z", "amount": 70.0},
            {"at": "2026-11-15T09:00:00Z", "amount": None},
        ]
        held = [one for one in found(amount=6.0, given=given) if one.rule == "slip.own_doses"]
        assert [one.observed for one in held] == ["6 mg after 60 mg to 70 mg"]
        assert "decimal point" in held[0].resolves
        assert rules(amount=60.0, given=given[:2]) == []

    @pytest.mark.parametrize(
        ("weight", "expected"),
        [
            pytest.param({"at": "2026-10-24T09:00:00+00:00"}, [], id="thirty days old"),
            pytest.param({"at": "2026-10-24T08:59:00+00:00"}, ["slip.weight_age"], id="older"),
            pytest.param({"at": None}, ["slip.weight_age"], id="of unknown age"),
            pytest.param({"value": 176.0}, ["slip.weight_change"], id="in pounds"),
        ],
    )
    def test_a_weight_that_looks_like_a_slip_is_held(self, under, weight, expected):
        under()
        facts = FACTS | {"weight": FACTS["weight"] | weight}
        said = [one.rule for one in found(facts=facts)]
        assert said == expected

    def test_a_weight_that_nothing_stands_beside_is_held(self, under):
        under()
        alone = {name: FACTS[name] for name in ("age", "weight")}
        untold = ("slip.weight_before", Severity.HOLD)
        assert rules(facts=alone) == [("slip.weight_alone", Severity.HOLD), untold]
        again = alone | {"weight_again": {"value": 80, "unit": "kg"}}
        assert rules(facts=again) == [untold]
        assert rules(facts=again | {"weight_before": "none"}) == []

    def test_a_weight_is_no_matter_where_the_dose_is_not_by_weight(self, under):
        under(dose={"given": number(56, "mg"), "choices": [56, 84], "over": None})
        assert rules(facts={"age": FACTS["age"]}, amount=56.0) == []


def advice(of, is_, value, unit, **more):
    return {
        "of": of, "is": is_, "value": value, "unit": unit, "says": f"{of} is little",
        "locator": "a test", "source": "cohen2018", "status": "secondary", **more,
    }  # fmt: skip


class TestAdvice:
    protocol = {  # noqa: RUF012
        "advice": [
            advice("amount_per_visit", "<", 80, "mg", rule="PR-032"),
            advice("over", "<=", 120, "min"),
        ],
        "dose": {"given": number(0.5, "mg/kg", low=0.1, high=1.0), "over": number(4, "h")},
    }

    @pytest.mark.parametrize(
        ("amount", "over", "expected"),
        [
            pytest.param(80.0, 2.1, [], id="enough of both"),
            pytest.param(79.9, 2.1, ["PR-032"], id="less than 80 mg"),
            pytest.param(80.0, 2.0, ["dose.advice.1"], id="not more than two hours"),
            pytest.param(10.0, 1.0, ["PR-032", "dose.advice.2"], id="both"),
            pytest.param(None, 1.0, [], id="no amount asked"),
        ],
    )
    def test_too_little_is_warned_of_and_never_refused(self, under, amount, over, expected):
        under(**self.protocol)
        said = rules(amount=amount, over=over)
        assert said == [(name, Severity.CAUTION) for name in expected]

    @pytest.mark.parametrize(("weight", "expected"), [(80, []), (81, ["slow"])])
    def test_a_rate_is_that_of_the_persons_weight(self, under, weight, expected):
        under(advice=[advice("rate_per_kg", "<", 0.5, "mg/kg/h", rule="slow")])
        facts = FACTS | {"weight": {"value": weight, **MEASURED}}
        asked = {"facts": facts, "amount": 40.0, "over": 1.0}
        assert [one.rule for one in found(**asked) if one.rule == "slow"] == expected

    def test_what_is_warned_of_is_said(self, under):
        under(**self.protocol)
        amount, over = found(amount=10.0, over=1.0)
        assert amount.observed == over.observed == "10 mg over 1 h planned"
        assert (amount.says, amount.limit) == (
            "amount_per_visit is little", "amount per visit < 80 mg",
        )  # fmt: skip
        assert over.limit == "over <= 120 min"
        assert amount.resolves == "Plan otherwise, or go on knowing it."
        assert (amount.source, amount.locator, amount.status) == (
            "cohen2018", "a test", "secondary",
        )  # fmt: skip
        assert amount.jurisdiction == "consensus"


def test_no_dose_is_no_finding_and_no_ladder():
    asked = {"case": CASE, "stages": [], "profile": "us", "facts": {}, "now": "2026-11-23T09:00Z"}
    assert dose_checked(read_question(asked)).findings == ()
    assert climbed(read_question(asked)).rungs == ()


def test_the_ladder_is_that_of_the_question(under):
    under()
    assert climbed(question()).most == pytest.approx(40.0)


def test_a_protocol_about_another_case_is_refused(under):
    under()
    with pytest.raises(ContractError, match=r"dose.protocol: expected a protocol for the drug"):
        found(case=CASE | {"use": "pain"})


@pytest.mark.parametrize(
    ("check_against", "after", "is_stale"),
    [("", "2027-01-01", False), ("", "2026-11-22", True), ("the label", "2027-01-01", True)],
)
def test_the_protocol_is_among_what_the_decision_rests_on(under, check_against, after, is_stale):
    under(check_against=check_against, stale_after=after)
    (used,) = dose_checked(question()).used
    assert (used.id, used.sha256, used.jurisdiction) == ("invented_2026_01", "0", "consensus")
    assert (used.stale_after.isoformat(), used.check_against) == (after, check_against)
    assert used.is_stale is is_stale


def test_a_decision_about_a_dose_replays_to_the_byte(under):
    under()
    given = [{"at": "2026-11-20T09:00:00+01:00", "amount": None}]
    text = decision_json(decide(question(amount=40.0, given=given)))
    assert replay(text).is_same


@pytest.mark.parametrize(
    "dose",
    [
        pytest.param({"amount": 0.0}, id="nothing"),
        pytest.param({"amount": -1.0}, id="less than nothing"),
        pytest.param({"amount": True}, id="yes is no amount"),
        *(
            pytest.param({"predicted": BAND | {name: wrong}}, id=f"{wrong!r} is no {name}")
            for name in ("amount", "over", "low", "median", "high")
            for wrong in (True, "1")
        ),
        pytest.param({"given": [{"at": 5, "amount": 40.0}]}, id="seconds are no time"),
        pytest.param({"amount": "35"}, id="text is no amount"),
        pytest.param({"over": 0.0}, id="over no time"),
        pytest.param({"on_hand": 0.0}, id="empty vials"),
        pytest.param(
            {"given": [{"at": "2026-11-20T09:00:00", "amount": 1.0}]}, id="without a zone"
        ),
        pytest.param({"given": [{"at": "2026-11-20T09:00:00Z", "amount": 0.0}]}, id="gave nothing"),
        pytest.param({"caps": {"clinic_visit": cap(0.0)}}, id="a cap of nothing"),
        pytest.param({"caps": {"clinic_visit": {"set_by": "", "reason": "r"}}}, id="set by nobody"),
        pytest.param({"caps": {"clinic_visit": {"set_by": "a", "reason": ""}}}, id="for no reason"),
        pytest.param({"caps": {"weekly": cap(1.0)}}, id="a cap of another name"),
        pytest.param({"amount_mg": 40.0}, id="a key of another name"),
        pytest.param({"predicted": BAND | {"low": 0.3}}, id="a band upside down"),
        pytest.param({"predicted": BAND | {"high": 0.1}}, id="a band below its middle"),
        pytest.param({"predicted": BAND | {"low": 0.0}}, id="a band from nothing"),
        pytest.param({"predicted": BAND | {"amount": 0.0}}, id="predicted of nothing"),
    ],
)
def test_a_dose_that_cannot_be_read_is_refused(dose):
    assert question(predicted=BAND).dose.predicted.high == 0.2
    with pytest.raises(ContractError, match=r"^dose: expected a protocol, a phase"):
        question(**dose)


@pytest.mark.parametrize(
    ("jurisdiction", "profile", "is_refused"),
    [
        ("consensus", "eu", False), ("clinic", "ch", False),
        ("US", "us", False), ("US", "eu", True), ("US", "uk", True), ("US", "ch", True),
        ("EU", "eu", False), ("EU", "uk", False), ("EU", "us", True), ("EU", "ch", True),
        ("UK", "uk", False), ("UK", "eu", True), ("CH", "ch", False), ("CH", "us", True),
    ],
)  # fmt: skip
def test_two_jurisdictions_are_never_merged(under, jurisdiction, profile, is_refused):
    under(jurisdiction=jurisdiction)
    whole = {
        "case": CASE, "stages": ["pre_dose"], "profile": profile, "facts": FACTS,
        "now": "2026-11-23T09:00:00+00:00",
        "dose": {"protocol": "x", "phase": "series", "given": [], "caps": NO_CAPS},
    }  # fmt: skip
    if not is_refused:
        assert dose_checked(read_question(whole)).findings == ()
        return
    with pytest.raises(ContractError, match=r"Two jurisdictions are never merged") as refused:
        dose_checked(read_question(whole))
    where = {"us": "US", "eu": "EU", "uk": "UK", "ch": "CH"}[profile]
    assert f"a protocol that holds where the rules of {where} do" in str(refused.value)
