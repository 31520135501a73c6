"""What the manual says of the mutation score is what was measured."""

import ast

from tests.mutation import scores


def test_the_table_of_the_manual_shows_the_stored_scores():
    _, shown, after = scores.parts(scores.PAGE.read_text(encoding="utf-8"))
    assert after, "the page lacks the marks between which the table stands"
    assert shown == scores.table(scores.stored()), "Run: python -m tests.mutation MODULE --store"


def test_every_stored_score_is_of_a_module_that_is_there():
    assert {score.module for score in scores.stored()} <= scores.modules().keys()


def test_enough_was_noticed_in_each_module():
    short = [f"{score}" for score in scores.stored() if not score.is_enough]
    assert short == [], "Test what survives: python -m tests.mutation MODULE --store"


def test_every_module_that_says_more_than_its_docstring_was_measured():
    wanted = {name for name, path in scores.modules().items() if says_anything(path)}
    measured = {score.module for score in scores.stored()}
    assert wanted - measured == scores.unmeasured(), (
        "Measure: python -m tests.mutation MODULE --store"
    )


def says_anything(path):
    """Return whether the file holds more than its docstring and imports."""
    idle = (ast.Import, ast.ImportFrom)
    whole = ast.parse(path.read_text(encoding="utf-8"))
    body = whole.body[1:] if ast.get_docstring(whole) else whole.body
    return any(not isinstance(statement, idle) for statement in body)


def test_enough_was_noticed_in_each_room():
    assert [room.module for room in scores.rooms(scores.stored()) if not room.is_enough] == []


def test_every_change_that_is_excused_has_its_reason_and_its_module():
    for (module, *_), why in scores.reasons().items():
        assert module in scores.modules()
        assert why.strip()
