"""``ketherapy evidence``: what it prints is what the library says, and it refuses in sentences."""

from __future__ import annotations

import csv
import re
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ketherapy.cli import main
from ketherapy.cli.evidence_tables import figure, interval
from ketherapy.evidence.analysis import DEFAULT, Choices, answer, reproduce
from ketherapy.evidence.claims import claim, claims, stated
from ketherapy.evidence.conditions import conditions
from ketherapy.evidence.questions import question, questions
from ketherapy.evidence.reviews import review, reviews
from ketherapy.evidence.synthesis import Interval, Tau2, bootstrap, leave_one_out
from ketherapy.evidence.trials import Control, Kind, trial, trials

RESPONSE = "esketamine_response_month"
CHANGE = "esketamine_change_month"


def ask(*words: object):
    return CliRunner().invoke(main, ["evidence", *map(str, words)])


def said(*words: object) -> str:
    found = ask(*words)
    assert found.exit_code == 0, found.output
    return found.stdout


def flat(text: str) -> str:
    return " ".join(text.split())


# Lists and pages.


def test_every_trial_is_listed_with_its_outcomes():
    text = said("list")
    for one in trials():
        assert re.search(rf"^{one.id} ", text, re.MULTILINE), one.id
    assert f"{len(trials())} of the trials." in text


def test_filters_narrow_the_list():
    text = said("list", "--condition", "ptsd", "--control", "midazolam", "--kind", "response")
    assert "feder2021" in text
    assert "abdallah2022" not in text
    assert "No trial" in said("list", "--condition", "ocd", "--given", "esketamine")


def test_questions_and_reviews_are_listed():
    text = said("list", "--questions")
    assert all(one.id in text for one in questions())
    text = said("list", "--reviews")
    assert all(pool.id in text for one in reviews() for pool in one.pools)


@pytest.mark.parametrize(
    ("words", "names"),
    [("list", [one.value for one in Kind]), ("list", [one.value for one in Control]),
     ("pool", [one.id for one in conditions()]), ("pool", [one.name for one in Tau2])],
)  # fmt: skip
def test_the_help_lists_every_value_there_is(words, names):
    assert ", ".join(names) in flat(ask(words, "--help").output)


def test_all_of_a_trial_is_shown():
    found, text = trial("murrough2013"), flat(said("show", "murrough2013"))
    assert all(arm.label in text for arm in found.arms.values())
    assert all(outcome.id in text for outcome in found.outcomes)
    assert "ketamine 47 30" in text
    assert "NCT00768430" in text


@pytest.mark.parametrize("trial_id", [one.id for one in trials()])
def test_every_trial_can_be_shown_with_its_gaps(trial_id):
    text = flat(said("show", trial_id))
    assert all(flat(gap.why) in text for gap in trial(trial_id).gaps)


@pytest.mark.parametrize("review_id", [one.id for one in reviews()])
def test_every_review_can_be_shown_and_says_what_is_not_computed(review_id):
    text = said("show", review_id)
    for pool in review(review_id).pools:
        page = said("show", f"{review_id}/{pool.id}")
        assert pool.id in text
        assert pool.method or "Computed again: no." in page


def test_a_published_pool_stands_beside_ours():
    text = flat(said("show", "ferraro2025/1_1"))
    assert "published MD -15.7911 (-32.0875 to 0.5053)" in text
    assert "matches to the printed digits" in text


def test_nothing_remembered_is_shown():
    text = said("list", "--reviews") + said("show", "bahji2021") + said("show", "bahji2021/resp")
    assert "3.01" not in text
    assert "1.38" not in text


# Pooling.


@pytest.mark.parametrize("asked", [one.id for one in questions()])
def test_the_printed_values_are_those_of_the_library(asked):
    found = answer(question(asked))
    run = ask("pool", asked)
    text = flat(run.stdout)
    assert (run.exit_code == 0) == (found.pooled is not None)
    if found.pooled is None:
        assert all(flat(line) in text for line in found.refusals)
        return
    shown = found.pooled.printed
    assert f"{found.measure} {figure(shown.estimate)}" in text
    assert interval(shown.low, shown.high) in text
    assert found.certainty is not None
    assert found.certainty.by in text
    assert all(flat(line) in text for line in (*found.warnings, *found.certainty.reasons))
    assert all(flat(one.why) in text for one in found.excluded)
    assert all(flat(line) in text for line in found.sources)
    assert "no prediction for a person" in text


def test_a_share_is_never_printed_without_that_of_the_control():
    line = next(line for line in said("pool", RESPONSE).splitlines() if "of 100 people" in line)
    assert re.search(r"\d+ of the control, \d+ of the treated: \d+ more \(.* to .*\)", line)


def test_the_shipped_methods_can_be_chosen():
    text = flat(said("pool", CHANGE, "--tau2", "PM", "--interval", "hksj", "--level", "90 %"))
    choices = Choices(tau2=Tau2.PM, interval=Interval.HKSJ, level=0.9)
    shown = answer(question(CHANGE), choices).pooled.printed
    assert f"(90 % interval {interval(shown.low, shown.high)}" in text
    assert "Paule-Mandel" in text


def test_a_published_pool_keeps_its_method_unless_another_is_asked_for():
    assert "DerSimonian-Laird; Wald" in said("pool", "ferraro2025/1_1")
    found = reproduce(review("ferraro2025"), review("ferraro2025").pool("1_1"), DEFAULT)
    text = flat(said("pool", "ferraro2025/1_1", "--tau2", "REML", "--interval", "modified"))
    assert interval(found.pooled.printed.low, found.pooled.printed.high) in text


def test_the_certainty_of_a_review_is_kept_with_its_method_and_not_with_another():
    assert "GRADE, as a summary of the review" in said("pool", "ferraro2025/1_1")
    assert "no GRADE panel" in said("pool", "ferraro2025/1_1", "--tau2", "REML")


def test_a_question_of_ones_own_is_the_standing_one_asked_by_options():
    own = said("pool", "--condition", "resistant_depression", "--given", "esketamine",
               "--control", "placebo spray", "--kind", "change", "--about", "depression",
               "--scale", "MADRS", "--window", "month")  # fmt: skip
    pooled = [line for line in said("pool", CHANGE).splitlines() if line.startswith("pooled")]
    assert pooled[0] in own


def test_printed_differences_can_be_asked_for_by_options():
    text = said("pool", "--condition", "resistant_depression", "--kind", "relapse", "--about",
                "depression", "--part", "stable remitters", "--printed", "contrasts",
                "--measure", "HR")  # fmt: skip
    (line,) = [line for line in said("pool", "esketamine_relapse_hazard").splitlines()
               if line.startswith("one trial HR")]  # fmt: skip
    assert line in text
    assert "not printed" in text


def test_midazolam_and_saline_are_never_pooled_silently():
    found = ask("pool", "--kind", "response", "--about", "depression", "--given", "ketamine",
                "--window", "day")  # fmt: skip
    assert found.exit_code == 1
    assert "Controls that are not alike (midazolam" in found.stdout
    assert "pooled RR" not in found.stdout


def test_one_trial_is_not_called_pooled():
    text = said("pool", "ketamine_midazolam_response_day")
    assert "one trial RR" in text
    assert "nothing is pooled" in text
    assert "prediction interval" not in text


def test_leaving_one_out_prints_the_library():
    found = answer(question(CHANGE))
    how = found.choices
    out = leave_one_out(found.effects, tau2=how.tau2, interval=how.interval)
    text = flat(said("pool", CHANGE, "--leave-one-out", "--cumulative"))
    for label, low, high in zip(found.effects.labels, out.printed.low, out.printed.high,
                                strict=True):  # fmt: skip
        assert interval(low, high) in text
        assert label in text
    assert "and after" in text


def test_after_bayes_the_prior_is_said():
    text = said("pool", RESPONSE, "--bayes", "--mcid", "1.2")
    assert "Prior: tau half-normal(0.5)" in text
    assert "chance of an effect beyond 1.2" in text


def test_drawing_again_is_the_same_from_run_to_run_and_shows_how_far_it_is():
    words = ("pool", CHANGE, "--bootstrap", "400", "--seed", "3")
    one, two = ask(*words), ask(*words)
    assert one.stdout == two.stdout
    assert "drawing again" in one.stderr
    found = bootstrap(answer(question(CHANGE)).effects, seed=3, draws=400)
    assert interval(found.low, found.high) in one.stdout


def test_the_table_holds_trials_the_pooled_effect_and_what_was_left_out(tmp_path):
    path = tmp_path / "out.csv"
    said("pool", RESPONSE, "--csv", path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = answer(question(RESPONSE))
    kinds = [row["row"] for row in rows]
    assert kinds.count("trial") == len(found.studies)
    assert kinds.count("left out") == len(found.excluded)
    (pooled,) = [row for row in rows if row["row"] == "pooled"]
    assert float(pooled["estimate"]) == pytest.approx(found.pooled.printed.estimate, rel=1e-12)
    weights = [float(row["weight_percent"]) for row in rows if row["row"] == "trial"]
    assert sum(weights) == pytest.approx(100.0)
    assert all(row["control_events"] for row in rows if row["treated_events"])


# Forest plots.


def test_a_forest_in_the_terminal_has_a_line_for_each_trial():
    text = said("forest", CHANGE)
    for study in answer(question(CHANGE)).studies:
        (line,) = [line for line in text.splitlines() if line.startswith(study.label)]
        assert "■" in line
    assert text.count("◆") == 1
    assert "Below 0 speaks for the treatment." in text


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_a_forest_is_written_whole(tmp_path, suffix):
    path = tmp_path / f"forest.{suffix}"
    said("forest", RESPONSE, "--plot", path)
    assert path.stat().st_size > 1000
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_the_drawn_forest_names_trials_certainty_and_what_it_is_not(tmp_path):
    path = tmp_path / "forest.svg"
    said("forest", "ferraro2025/1_9", "--plot", path)
    words = " ".join(ElementTree.parse(path).getroot().itertext())
    found = reproduce(review("ferraro2025"), review("ferraro2025").pool("1_9"))
    assert all(study.label in words for study in found.studies)
    assert f"Certainty: {found.certainty.level} (" in words
    assert "no prediction for a person" in words
    again = tmp_path / "again.svg"
    said("forest", "ferraro2025/1_9", "--plot", again)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("asked", [one.id for one in questions()])
def test_every_question_can_be_drawn_or_says_why_not(asked):
    assert ask("forest", asked).exit_code in (0, 1)


def test_what_is_refused_is_not_drawn(tmp_path):
    path = tmp_path / "forest.svg"
    found = ask("forest", "--kind", "response", "--about", "depression", "--plot", path)
    assert found.exit_code == 1
    assert "nothing is drawn" in found.stdout
    assert not path.exists()


# Claims.


def test_every_claim_is_listed_with_its_verdict():
    text = said("claims")
    for one in claims():
        assert re.search(rf"(?m)^{re.escape(one.id)} ", text)
        assert one.verdict.value.split(" ")[0] in text
    plain = flat(said("claims", "--plain"))
    assert all(flat(stated(one).plain) in plain for one in claims())


@pytest.mark.parametrize("claim_id", [one.id for one in claims()])
def test_a_claim_is_shown_with_the_texts_and_numbers_of_the_library(claim_id):
    found = stated(claim(claim_id))
    text = flat(said("claims", claim_id))
    assert flat(found.clinician) in text
    assert flat(found.claim.would_change) in text
    assert f"Verdict: {found.claim.verdict.value}" in text
    assert all(flat(line) in text for line in found.sources)
    assert all(name in text for name in found.numbers)
    assert flat(found.plain) in flat(said("claims", claim_id, "--plain"))


def test_a_verdict_whose_numbers_changed_is_shown_as_under_review(monkeypatch):
    from ketherapy.evidence import claims as room

    first = room.claims()[0]
    monkeypatch.setattr(room, "fingerprint", lambda numbers: "another")
    assert "verdict under review" in flat(said("claims", first.id))
    assert "verdict under review" in flat(said("claims"))


# What was typed wrongly.


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "nobody1999"), "evidence list"),
        (("show", "nobody1999/1"), "review: expected one of"),
        (("show", "ferraro2025/9_9"), "pool of ferraro2025"),
        (("claims", "luck"), "claim: expected one of"),
        (("list", "--kind", "luck"), "--kind: expected one of"),
        (("list", "--condition", "luck"), "condition: expected one of"),
        (("list", "--questions", "--reviews"), "one at a time"),
        (("list", "--questions", "--kind", "response"), "one at a time"),
        (("pool",), "question: expected a question"),
        (("pool", RESPONSE, "--kind", "response"), "got 'both'"),
        (("pool", "luck"), "question: expected one of"),
        (("pool", "dean2021/resp24"), "a pool whose inputs were read"),
        (("pool", RESPONSE, "--tau2", "luck"), "--tau2: expected one of"),
        (("pool", RESPONSE, "--level", "95"), "unit"),
        (("pool", RESPONSE, "--level", "100 %"), "below 100 %"),
        (("pool", RESPONSE, "--mcid", "1.2"), "--bayes beside it"),
        (("pool", RESPONSE, "--bayes", "--mcid", "1"), "other than 1"),
        (("pool", CHANGE, "--bayes"), "prior scale of tau"),
        (("pool", RESPONSE, "--bootstrap", "400"), "--seed"),
        (("pool", RESPONSE, "--seed", "1"), "--bootstrap beside it"),
        (("pool", "ketamine_midazolam_response_day", "--leave-one-out"), "at least 3"),
        (("pool", "--kind", "score", "--about", "quality of life"), "--better"),
        (("pool", "--kind", "baseline", "--about", "depression"), "treatment could change"),
        (("pool", "--kind", "size", "--about", "people"), "treatment could change"),
        (("pool", "--kind", "score", "--about", "pain", "--window", "short_pain", "--given",
          "ketamine", "--control", "saline", "--measure", "RR"), "no measure of score"),
        (("pool", RESPONSE, "--csv", "nowhere/out.csv"), "a file that can be written"),
        (("forest", RESPONSE, "--plot", "forest.gif"), ".svg, .png, .pdf"),
    ],
)  # fmt: skip
def test_what_was_typed_wrongly_is_refused_in_a_sentence(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ask(*words)
    assert found.exit_code == 2, found.output
    assert told in flat(found.output)
    assert list(tmp_path.iterdir()) == []


def test_what_belongs_with_an_answer_is_said_on_the_command_line():
    told = said("pool", "ketamine_ect_response")
    assert "This trial was open" in told
    assert "menon2023/all" in told
    assert "-0.39 (-0.81 to 0.02)" in told


def test_the_list_finds_what_is_printed_as_a_difference_alone():
    told = said("list", "--kind", "change", "--about", "suicidal thoughts")
    assert "grunebaum2018" in told
    assert "difference alone" in told


def test_the_better_side_of_memory_is_not_guessed():
    found = ask("pool", "--kind", "change", "--about", "memory")
    assert found.exit_code != 0
    assert "--better" in found.output


def test_every_option_that_cannot_be_read_is_named_at_once():
    found = ask("pool", "--condition", "nope", "--given", "nothing", "--about", "depression")
    assert found.exit_code != 0
    for named in ("condition:", "--given:", "--kind:"):
        assert named in flat(found.output)
