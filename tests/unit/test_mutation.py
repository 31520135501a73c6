"""The judge of the tests is judged: it changes what it says, and tells a test that notices."""

import itertools
import json
import subprocess
import sys
import time

import pytest

from tests.mutation import trials
from tests.mutation.measure import unit_tests
from tests.mutation.mutants import mutants
from tests.mutation.scores import Score, rooms, table
from tests.mutation.trials import Outcome

# a child of a process in which another test has loaded JAX runs nothing of it
pytestmark = pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")

RULE = '''"""Whether a dose may be given."""

from __future__ import annotations

import math

LIMIT: float = 7
if TYPE_CHECKING:
    AGE: int = 55


class Rule:
    """One rule."""

    least: int = 3

    @property
    def name(self) -> str:
        """Return its name."""
        return "sbp_max"


def given(sbp: float, *, most: float = 140.0) -> bool:
    """Return whether it may be."""
    if sbp:
        check(sbp)
    if sbp < 0 or len("four letters") == 4:
        raise ValueError("no such pressure")
    return math.floor(min(sbp, most)) == Severity.HOLD
'''


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "planted.py"
    path.write_text(RULE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("where", "was", "becomes"),
    [
        pytest.param("", "7", "8", id="a number at the top"),
        pytest.param("Rule", "3", "4", id="in a class"),
        pytest.param("Rule.name", '"sbp_max"', '"XXsbp_maxXX"', id="in a property"),
        pytest.param("given", "140.0", "141.0", id="a default"),
        pytest.param("given", "sbp", "not (sbp)", id="a condition"),
        pytest.param("given", "check(sbp)", "pass", id="a call"),
        pytest.param("given", "< 0", "<= 0", id="a boundary"),
        pytest.param("given", '"no such pressure"', '"NO SUCH PRESSURE"', id="a sentence"),
        pytest.param("given", "floor", "ceil", id="rounding"),
        pytest.param("given", "min", "max", id="the least"),
        pytest.param("given", "HOLD", "BLOCK", id="a severity"),
        pytest.param(
            "given", 'sbp < 0 or len("four letters") == 4',
            'sbp < 0 and len("four letters") == 4', id="or",
        ),
    ],
)  # fmt: skip
def test_what_a_rule_turns_on_is_changed(module, where, was, becomes):
    found = mutants("planted", module).found
    assert [(m.where, m.was, m.becomes) for m in found].count((where, was, becomes)) == 1


@pytest.mark.parametrize(
    "words", ["Return", "One rule", "four letters", "annotations", "AGE", "55"]
)
def test_what_has_no_behaviour_is_left_alone(module, words):
    changes = [(m.was, m.becomes) for m in mutants("planted", module).found]
    assert not [pair for pair in changes if words in pair[1] and words not in pair[0]]
    assert words not in [pair[0] for pair in changes]


def test_a_change_is_one_place_and_nothing_else(module):
    changes = mutants("planted", module)
    for mutant in changes.found:
        now = changes.source(mutant).decode()
        other = [pair for pair in zip(RULE.splitlines(), now.splitlines(), strict=True)
                 if pair[0] != pair[1]]  # fmt: skip
        assert [old.strip() for old, _ in other] == [mutant.line]


def test_every_change_has_a_name_of_its_own(module):
    names = [mutant.name for mutant in mutants("planted", module).found]
    assert len(names) == len(set(names))


TRY = """
import json, sys
from pathlib import Path
from tests.mutation import trials
from tests.mutation.mutants import mutants
path, test = Path(sys.argv[1]), Path(sys.argv[2])
changes = mutants("planted_rule", path)
texts = {m.becomes: changes.source(m) for m in changes.found} | {"unchanged": path.read_bytes()}
queue = [(name, lambda t=text: trials.trial(path, t, [test])) for name, text in texts.items()]
ended = trials.in_parallel(queue, jobs=2, patience=60.0)
print(json.dumps({name: trials.outcome(status).value for name, status in ended}))
"""


def tried(folder, body: str) -> dict[str, str]:
    """Return how each change of a rule of two lines ends against a test with this body."""
    path, test = folder / "planted_rule.py", folder / "test_planted_rule.py"
    path.write_text("def allowed(sbp):\n    return sbp <= 140\n", encoding="utf-8")
    head = f"import sys\nsys.path.insert(0, {str(folder)!r})\nfrom planted_rule import allowed\n"
    test.write_text(f"{head}def test_it():\n    {body}\n", encoding="utf-8")
    run = [sys.executable, "-c", TRY, str(path), str(test)]  # pytest does not run within itself
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def test_a_test_that_asserts_nothing_notices_nothing(tmp_path):
    assert set(tried(tmp_path, "allowed(150)").values()) == {"unnoticed"}


def test_a_test_at_the_boundary_notices_every_change_and_no_other(tmp_path):
    body = "assert allowed(139) and allowed(140) and not allowed(140.5)"
    outcomes = tried(tmp_path, body)
    assert outcomes == {"unchanged": "unnoticed", "< 140": "noticed", "141": "noticed"}


def test_a_change_that_never_ends_is_noticed():
    busy = ("busy", lambda: sum(1 for _ in itertools.count()))
    asleep = ("asleep", lambda: time.sleep(3600.0))
    endless = trials.in_parallel([busy, asleep], jobs=2, patience=0.5)
    outcomes = {what: trials.outcome(status) for what, status in endless}
    assert outcomes == {"busy": Outcome.NOTICED, "asleep": Outcome.NOTICED}


def test_what_python_cannot_read_is_no_change(tmp_path):
    assert trials.trial(tmp_path / "x.py", b"return = 1", []) == trials.NO_PROGRAM
    assert trials.outcome(trials.NO_PROGRAM) is Outcome.NO_PROGRAM


def test_a_fault_of_the_trial_itself_is_no_verdict():
    with pytest.raises(RuntimeError, match="fault"):
        trials.outcome(trials.OUR_FAULT)


def test_the_tests_named_after_a_module_come_first():
    own, near, others = unit_tests("ketherapy.dosing.rounding")
    assert [path.name for path in own] == ["test_rounding.py"]
    every = [*own, *near, *others]
    assert len(set(every)) == len(every)
    assert {path.parent.name for path in every} == {"dosing"}


def test_the_tests_of_what_imports_a_module_come_next():
    own, near, others = unit_tests("ketherapy.dosing.variant_parts")
    assert (own, [path.name for path in near]) == ([], ["test_variants.py"])
    assert near[0] not in others


def score(module: str, mutants: int, noticed: int, unnoticeable: int) -> Score:
    counts = {"mutants": mutants, "noticed": noticed, "unnoticeable": unnoticeable}
    return Score(module=module, on="2026-01-01", tool="mutmut 3", **counts)


@pytest.mark.parametrize(("noticed", "is_enough"), [(89, False), (90, True), (91, True)])
def test_nine_in_ten_of_what_can_be_noticed_is_enough(noticed, is_enough):
    assert score("ketherapy.dosing.x", 110, noticed, 10).is_enough is is_enough


def test_a_room_is_all_changes_of_its_modules_together():
    scores = [score("ketherapy.dosing.a", 10, 10, 0), score("ketherapy.dosing.b", 30, 10, 10)]
    (room,) = rooms(scores)
    assert (room.module, room.mutants, room.survived) == ("ketherapy.dosing", 40, 10)
    row = "| **`dosing`** | 40 | 20 | 10 | 10 | **66.7%** | 2026-01-01, mutmut 3 |"
    assert row in table(scores)
