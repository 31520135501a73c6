"""Every slip of a plan is caught, and no plan without one is stopped.

The domain. A person of 40 to 160 kg whose weight was read twice or is known from before; a protocol
whose allowed mg/kg and whose times span less than a factor of two, as those shipped do; a dose
inside it, from a vial that is on the list into a bag that is on it; a pump that runs at 2 mL/h or
more, so that a step of its rate is less than 5 % of it. A plan is what the arithmetic makes of the
order; a slip changes one entry by 10, 100, 1000, or by a unit, and everything that is computed
later follows it, as it would in a clinic; or it changes one entry of a finished plan alone. Outside
this domain a slip may pass: a ten-fold dose inside a protocol that spans ten-fold, for example.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product as every

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ketherapy import units
from ketherapy.dosing.arithmetic import Vein, infusion, injection, push, spraying
from ketherapy.dosing.double_check import Computed, double_check
from ketherapy.dosing.findings import Finding
from ketherapy.dosing.products import product, products
from ketherapy.dosing.slips import (
    Order,
    Setting,
    Span,
    device_slips,
    order_slips,
    pump_slips,
    syringe_slips,
)
from ketherapy.dosing.weighing import Weighing, weight_slips
from ketherapy.errors import ContractError

VIALS = tuple(products().vials.values())
BAGS = tuple(units.convert(one.value, one.unit, to="mg/L") for one in products().bags)
POUND = 2.2046226218
DECIMAL = {f"{name}{k}": f**k for name, f in (("x10^", 10.0), ("/10^", 0.1)) for k in (1, 2, 3)}
HOURS = {**DECIMAL, "min for h": 60.0, "h for min": 1.0 / 60.0}
KILOGRAMS = {**DECIMAL, "lb for kg": POUND, "kg for lb": 1.0 / POUND}
OUNCE = {**DECIMAL, "mg for mcg": 1000.0, "mcg for mg": 0.001}


@dataclass(frozen=True)
class Case:
    """An order inside its protocol, and what is on the table."""

    each: float  # [mg/kg]
    weight: float
    vial: object
    bag: float
    over: float
    span: tuple[float, float]  # how far below and above the plan its protocol reaches

    @property
    def allowed(self) -> Span:
        return self._around(self.each)

    @property
    def times(self) -> Span:
        return self._around(self.over)

    def _around(self, value: float) -> Span:
        below, above = self.span
        return Span(low=value / below, high=value * above)


@dataclass(frozen=True)
class Typed:
    """Everything that somebody types between the order and the pump."""

    case: Case
    weight: float
    dose: float  # as ordered
    volume: float
    syringe: object
    amount: float  # as drawn
    bag: float
    total: float
    rate: float
    over: float
    hourly: float


def typed(case: Case, *, weight: float, dose: float | None = None, over: float) -> Typed:
    """Make of an order what the arithmetic makes of it."""
    dose = case.each * weight if dose is None else dose
    plan = infusion(
        dose, over, weight=weight, vial=case.vial, bag=case.bag, vein=Vein.CENTRAL
    )  # fmt: skip
    return Typed(
        case=case, weight=weight, dose=dose, volume=plan.drawn.volume, syringe=plan.drawn.syringe,
        amount=plan.drawn.amount, bag=case.bag, total=plan.total, rate=plan.rate, over=over,
        hourly=plan.drawn.amount / over,
    )  # fmt: skip


def stops(findings: tuple[Finding, ...]) -> bool:
    return any(one.stops for one in findings)


def is_stopped(now: Typed) -> bool:
    """Return whether any check of slips stops this plan."""
    case = now.case
    return stops(
        (
            *weight_slips(
                Weighing(weight=now.weight, ago=1.0), again=case.weight, before="none"
            ),
            *order_slips(
                Order(dose=now.dose, allowed=case.allowed, is_per_kg=True, weight=now.weight)
            ),
            *syringe_slips(now.dose, now.volume, vial=case.vial, syringe=now.syringe),
            *pump_slips(
                Setting(
                    dose=now.amount, over=now.over, times=case.times, bag=now.bag,
                    total=now.total, rate=now.rate, hourly=now.hourly, weight=now.weight,
                )
            ),
        )
    )  # fmt: skip


def made(case: Case, **changed: float) -> Typed | None:
    """Return the plan, or None where the arithmetic refuses to make one: that stops it too."""
    try:
        return typed(case, **{"weight": case.weight, "over": case.over, **changed})
    except ContractError:
        return None


def in_domain(case: Case) -> bool:
    plan = made(case)
    return plan is not None and plan.rate >= 0.002


SPANS = ((1.0, 1.0), (1.0, 1.8), (1.8, 1.0))


def grid(each, weights, overs) -> list[Case]:
    """Return the plans inside the domain, the three spans of a protocol in turn."""
    return [
        case
        for k, (one, weight, over, vial, bag) in enumerate(every(each, weights, overs, VIALS, BAGS))
        if in_domain(
            case := Case(
                each=one, weight=weight, vial=vial, bag=bag, over=over, span=SPANS[k // 12 % 3]
            )
        )
    ]


CASES = grid((0.1, 0.5, 1.4), (71.35, 160.0), (2.0 / 3.0, 4.0))
MANY = {
    "each": (0.1, 0.25, 0.35, 0.5, 0.75, 0.9, 1.0, 1.4),
    "weights": (40.0, 49.95, 58.3, 71.35, 80.0, 99.9, 120.0, 160.0),
    "overs": (0.25, 0.5, 2.0 / 3.0, 1.0, 2.0, 4.0),
}


def test_the_grid_is_not_empty_on_any_side():
    assert len(CASES) > 90
    assert {case.vial.name for case in CASES} == {vial.name for vial in VIALS}
    assert {case.bag for case in CASES} == set(BAGS)
    assert {case.span for case in CASES} == set(SPANS)


def missed(cases: list[Case]) -> list[tuple[str, str, Case]]:
    """Return the slips that nothing stopped, and the plans without one that something did."""
    return [
        (entry, name, case)
        for case in cases
        for entry, name, plan, is_slip in slips(case)
        if (plan is None or is_stopped(plan)) != is_slip
    ]


def slips(case: Case) -> Iterator[tuple[str, str, Typed | None, bool]]:
    """Give the plan of a case, and each slip of it: followed by the rest, or alone."""
    plan = made(case)
    yield "", "none", plan, False
    for name, factor in KILOGRAMS.items():
        yield "weight, followed", name, made(case, weight=case.weight * factor), True
    for name, factor in HOURS.items():
        yield "over, followed", name, made(case, over=case.over * factor), True
    per_kg = {"per kg": case.weight, "for each kg": 1.0 / case.weight}
    for name, factor in {**OUNCE, **per_kg}.items():
        yield "dose, followed", name, made(case, dose=case.each * case.weight * factor), True
    for entry, factors in ALONE.items():
        more = per_kg if entry in ("dose", "hourly") else {}
        for name, factor in {**factors, **more}.items():
            slipped = replace(plan, **{entry: getattr(plan, entry) * factor})
            yield f"{entry}, alone", name, slipped, True


ALONE = {
    "dose": OUNCE,
    "weight": KILOGRAMS,
    "volume": {**DECIMAL, "L for mL": 1000.0},
    "amount": OUNCE,
    "bag": OUNCE,
    "total": DECIMAL,
    "rate": {**HOURS, **OUNCE},
    "over": HOURS,
    "hourly": {**HOURS, **OUNCE},
}


@pytest.mark.parametrize("part", range(3))
def test_every_slip_is_caught_and_no_plan_without_one_is_stopped(part):
    assert missed(CASES[part::3]) == []


@pytest.mark.slow
def test_every_slip_of_thousands_of_plans_is_caught_and_no_plan_without_one_is_stopped():
    cases = grid(**MANY)
    assert len(cases) > 3_000
    assert missed(cases) == []


def test_another_vial_than_the_plan_s_is_caught():
    for case in CASES:
        plan = made(case)
        for other in VIALS:
            if other != case.vial:
                slipped = syringe_slips(plan.dose, plan.volume, vial=other, syringe=plan.syringe)
                assert stops(slipped), (other.name, case)


@given(
    each=st.floats(0.1, 1.4),
    weight=st.decimals("40", "160", places=1).map(float),
    vial=st.sampled_from(VIALS),
    bag=st.sampled_from(BAGS),
    over=st.sampled_from([0.5, 2.0 / 3.0, 1.0, 4.0]),
    span=st.sampled_from(SPANS),
    which=st.integers(min_value=1),
)
def test_between_the_points_of_the_grid_it_is_the_same(each, weight, vial, bag, over, span, which):
    case = Case(each=each, weight=weight, vial=vial, bag=bag, over=over, span=span)
    assume(in_domain(case))
    (_, _, plan, _), *others = slips(case)
    assert plan is not None
    assert not is_stopped(plan)
    _, _, slipped, _ = others[which % len(others)]
    assert slipped is None or is_stopped(slipped)


@pytest.mark.parametrize("dose", [28.0, 56.0, 84.0])
def test_every_slip_of_a_spray_is_caught(dose):
    spray = product("esketamine_28")
    order = Order(dose=dose, allowed=Span(low=dose, high=dose), is_per_kg=False, weight=None)
    plan = spraying(dose, spray)
    assert not stops((*order_slips(order), *plan.findings))
    assert device_slips(dose, len(plan.starts), spray) == ()
    for factor in OUNCE.values():
        assert stops(order_slips(replace(order, dose=dose * factor)))
    for count in {0, 1, 2, 3, 10, 20, 30} - {len(plan.starts)}:
        assert stops(device_slips(dose, count, spray))


def test_every_slip_of_an_injection_is_caught_by_the_second_person():
    for vial, dose in every(VIALS, (10.0, 35.675, 72.0)):
        drawn = injection(dose, vial).drawn
        right = tuple(Computed(by=who, amount=drawn.amount, volume=drawn.volume) for who in "ab")
        assert double_check(drawn.amount, drawn.volume, right) == ()
        for factor in OUNCE.values():
            for name in ("amount", "volume"):
                wrong = replace(right[1], **{name: getattr(right[1], name) * factor})
                assert stops(double_check(drawn.amount, drawn.volume, (right[0], wrong)))


def test_a_ten_fold_push_is_blocked_by_the_arithmetic_itself():
    for weight in (40.0, 80.0, 160.0):
        for each in (0.1, 0.2, 0.35):
            usual = push(each * weight, 1.0 / 60.0, weight=weight, vial=VIALS[1], diluent=0.0)
            assert not stops(usual.findings)
            tenfold = push(10.0 * each * weight, 0.1, weight=weight, vial=VIALS[1], diluent=0.0)
            assert stops(tenfold.findings)
