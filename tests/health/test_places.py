"""A test of the database or of the browser is not missed because of where it stands."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.health.tree import ROOT
from tests.places import HOMES, astray


class Item:
    """What is asked of a collected test."""

    def __init__(self, path: Path, *kinds: str) -> None:
        """Stand at ``path``, marked as ``kinds``."""
        self.path, self.nodeid, self.kinds = path, path.name, kinds

    def get_closest_marker(self, kind: str) -> str | None:
        return kind if kind in self.kinds else None


@pytest.mark.parametrize(
    ("place", "kinds", "is_lost"),
    [
        ("unit/clinic/test_new.py", ["database"], True),
        ("integration/test_new.py", ["database"], False),
        ("integration/test_new.py", ["browser"], True),
        ("integration/browser/test_new.py", ["browser", "database"], False),
        ("unit/clinic/test_new.py", [], False),
    ],
)
def test_a_test_that_no_run_looks_for_is_named(place, kinds, is_lost):
    assert astray([Item(ROOT / "tests" / place, *kinds)]) == ["test_new.py"] * is_lost


@pytest.mark.parametrize("kind", list(HOMES))
def test_the_run_of_each_kind_names_its_home(kind):
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    (run,) = [line for line in lines if f'-m "{kind} and' in line]
    assert shlex.split(run)[-1] == str(HOMES[kind].relative_to(ROOT))
