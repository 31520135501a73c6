"""Laws of every decision: who is sicker, or less known, is never allowed more."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product
from types import MappingProxyType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ketherapy.dosing.conditions import Of
from ketherapy.dosing.decision import Override, decide, decision_json, replay
from ketherapy.dosing.facts import NEVER, FactKind, Observation, vocabulary
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.medicines import medicines
from ketherapy.dosing.planned import read_planned
from ketherapy.dosing.protocol import protocols
from ketherapy.dosing.question import Question, question_wire, read_question
from ketherapy.dosing.rulebook import Case, Setting, Stage, Use, packs, profiles
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug, Route
from tests.boundaries import clear, everything_adopted, now
from tests.dosing import NO_CAPS, cap

MISSING = None
SIDES = (-0.01, 0.0, 0.01)  # beside a limit, at it, beyond it
PROTOCOLS = {one.id: one for one in protocols()}
WORDS = (
    *(one.ingredient for one in medicines()[::25]),
    "theophylline",
    "tranylcypromine",
    "unheard-of",
)


def limits_of(when):
    """Give every limit of a condition with its fact and what of it is compared."""
    for part in (*when.any, *when.all):
        yield from limits_of(part)
    if when.fact and when.limit is not None:
        yield when.fact, when.of, when.threshold


LIMITS = {
    limit for pack in packs().values() for rule in pack.rule for limit in limits_of(rule.when)
}


def hours_ago(name, of):
    at = [limit + side for fact, kind, limit in LIMITS if (fact, kind) == (name, of)
          for side in SIDES]  # fmt: skip
    return [now() - timedelta(hours=hours) for hours in (-1.0, 0.0, 5.0, 9000.0, *at)]


def values_of(fact):
    """Return values on each side of every limit of a fact, and at its ends."""
    match fact.kind:
        case FactKind.FLAG:
            return [True, False]
        case FactKind.CHOICE:
            return list(fact.choices)
        case FactKind.LIST:
            return [(), *((word,) for word in WORDS), WORDS]
        case FactKind.INSTANT:
            return [*([] if fact.has_been else [NEVER]), *hours_ago(fact.id, Of.AGO)]
        case FactKind.NUMBER:
            at = [limit + side for name, of, limit in LIMITS if (name, of) == (fact.id, Of.VALUE)
                  for side in SIDES]  # fmt: skip
            return sorted({fact.low, fact.high, *(x for x in at if fact.low <= x <= fact.high)})


def observations_of(fact):
    ages = hours_ago(fact.id, Of.AGE) if fact.kind is FactKind.NUMBER else [now()]
    seen = [Observation(value=value, at=at) for value, at in product(values_of(fact), ages)]
    return [MISSING, clear()[fact.id], *seen]


SEEN = {name: observations_of(fact) for name, fact in vocabulary().facts.items()}
changes = st.dictionaries(st.sampled_from(sorted(SEEN)), st.integers(0, 10**6), max_size=8)
adoptions = st.sets(st.sampled_from(everything_adopted())).map(lambda some: tuple(sorted(some)))
cases = st.builds(
    Case, drug=st.sampled_from(Drug), route=st.sampled_from(Route), use=st.sampled_from(Use),
    setting=st.sampled_from(Setting),
)  # fmt: skip


def facts_of(changed):
    picked = {name: SEEN[name][place % len(SEEN[name])] for name, place in changed.items()}
    known = {**clear(), **picked}
    return MappingProxyType({name: seen for name, seen in known.items() if seen is not MISSING})


@st.composite
def doses(draw):
    """Draw a protocol and a dose under it, reasonable or not."""
    protocol = draw(st.sampled_from(sorted(PROTOCOLS)))
    phase = draw(st.sampled_from(PROTOCOLS[protocol].phase)).id
    before = st.builds(
        dict, at=st.sampled_from([0.2, 1, 3, 7, 30]).map(lambda day: now() - timedelta(days=day)),
        amount=st.sampled_from([None, 28.0, 56.0, 100.0]),
    )  # fmt: skip
    return read_planned(
        {
            "protocol": protocol, "phase": phase,
            "amount": draw(st.sampled_from([None, 0.1, 28.0, 35.0, 56.0, 84.0, 100.0, 4000.0])),
            "over": draw(st.sampled_from([None, 0.01, 0.5, 4.0])),
            "given": draw(st.none() | st.lists(before, max_size=3)),
            "caps": draw(st.sampled_from([{}, NO_CAPS, NO_CAPS | {"clinic_week": cap(90)}])),
        }
    )  # fmt: skip


@st.composite
def questions(draw):
    """Draw any question: about a person near every limit, at any stage, with a dose or without."""
    dose = draw(st.none() | doses())
    return Question(
        case=draw(cases) if dose is None else PROTOCOLS[dose.protocol].case,
        profile=draw(st.sampled_from(sorted(profiles()))) if dose is None else (
            PROTOCOLS[dose.protocol].profile
        ),
        stages=tuple(sorted(draw(st.sets(st.sampled_from(Stage), min_size=1)))),
        now=now(), facts=facts_of(draw(changes)), adopted=draw(adoptions), dose=dose,
    )  # fmt: skip


def with_facts(question, **changed):
    known = {**question.facts, **changed}
    seen = {name: one for name, one in known.items() if one is not MISSING}
    return replace(question, facts=MappingProxyType(seen))


def stops(question):
    """Return the rules that stop."""
    return {one.rule for one in decide(question).findings if one.stops}


def contradicts(decision):
    """Return whether two answers of the question cannot both be so."""
    return any(one.rule.startswith("contradiction.") for one in decision.findings)


WORSE = {name: fact for name, fact in vocabulary().facts.items() if fact.worse}


def worse(fact, seen, by):
    """Return the fact as seen, moved in its direction of more danger."""
    match fact.worse:
        case "yes" | "no":
            return replace(seen, value=fact.worse == "yes")
        case "higher":
            return replace(seen, value=min(fact.high, seen.value + by))
        case "lower":
            return replace(seen, value=max(fact.low, seen.value - by))


@given(
    question=questions(), names=st.sets(st.sampled_from(sorted(WORSE)), min_size=1),
    by=st.sampled_from([0.01, 1.0, 30.0, 100.0]),
)  # fmt: skip
def test_a_sicker_person_is_never_allowed_more(question, names, by):
    moved = {name: worse(WORSE[name], question.facts[name], by) for name in names
             if name in question.facts}  # fmt: skip
    well, ill = decide(question), decide(with_facts(question, **moved))
    assume(not contradicts(well))  # an answer that is worse may be the one that was right
    assert well.allowed or not ill.allowed
    graver = {one.rule: one.severity for one in ill.findings}
    assert all(
        graver.get(one.rule, 0) >= one.severity for one in well.findings if not one.asks
    )  # no finding on what is known goes away, or becomes lighter


# A second reading only confirms the first, and an earlier weight does so too: then it is not asked
# for, and a contradiction goes with the reading that made it. The other two are always asked for.
CONFIRMING = {"weight_again"}
CALCULATED = ("INT", "lim", "dos", "sli")  # ids of what is not a rule on one fact


@given(
    question=questions(),
    names=st.sets(st.sampled_from(sorted(set(SEEN) - CONFIRMING)), min_size=1),
)
def test_to_know_less_never_helps(question, names):
    less = with_facts(question, **dict.fromkeys(names, MISSING))
    known, unknown = decide(question), decide(less)
    assume(not contradicts(known))  # a contradiction goes with the answer that made it
    assert known.allowed or not unknown.allowed
    for one in known.findings:
        if one.severity >= Severity.HOLD and one.rule[:3] not in CALCULATED:
            assert one.rule in stops(less)


@given(question=questions(), seed=st.integers(0, 2**32))
def test_the_order_of_what_is_said_does_not_matter(question, seed):
    shuffled = random.Random(seed)
    wire = question_wire(question)

    def mixed(some):
        return shuffled.sample(list(some), len(some))

    other = {**wire, "facts": {name: wire["facts"][name] for name in mixed(wire["facts"])}}
    other |= {key: mixed(wire[key]) for key in ("stages", "adopted")}
    assert decision_json(decide(read_question(other))) == decision_json(decide(question))


@given(question=questions(), seed=st.integers(0, 2**32))
def test_the_order_of_medicines_does_not_matter(question, seed):
    mixed = tuple(random.Random(seed).sample(WORDS, len(WORDS)))
    there, back = (
        with_facts(question, medicines=Observation(value=words)) for words in (WORDS, mixed)
    )
    assert decide(there).findings == decide(back).findings


@given(question=questions(), more=adoptions)
def test_to_adopt_a_convention_never_allows_more(question, more):
    before = decide(question)
    after = decide(replace(question, adopted=tuple(sorted({*question.adopted, *more}))))
    assert set(before.findings) <= set(after.findings)
    assert before.allowed or not after.allowed


@given(question=questions(), data=st.data())
def test_an_override_passes_holds_on_what_is_known_and_nothing_else(question, data):
    found = decide(question).findings
    assume(found)
    rules = data.draw(st.sets(st.sampled_from(sorted({one.rule for one in found})), min_size=1))
    passing = Override(
        by="Practice Prescriber", role="prescriber", reason="a test", rules=tuple(sorted(rules)),
        at=now().isoformat(),
    )  # fmt: skip
    passable = {one.rule for one in found if one.can_be_overridden}
    if not rules <= passable:
        with pytest.raises(ContractError, match="holds that can be passed"):
            decide(question, override=passing)
        return
    passed = decide(question, override=passing)
    assert passed.findings == found
    gravest = max(one.severity for one in found)
    assert not (gravest is Severity.BLOCK and passed.allowed)
    assert not (any(one.asks for one in found if one.stops) and passed.allowed)
    assert passed.allowed == all(one.rule in rules for one in found if one.stops)
    assert replay(decision_json(passed)).is_same


@given(question=questions())
def test_any_question_is_answered_and_replayed_byte_for_byte(question):
    found = decide(question)
    text = decision_json(found)
    again = replay(text)
    assert again.is_same
    assert decision_json(again.decision) == text
    assert found.allowed == (found.verdict not in ("hold", "block"))
