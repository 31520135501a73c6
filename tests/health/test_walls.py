import pytest

from tests.health import walls
from tests.health.tree import ROOT, expect_none


def test_no_module_passes_its_wall():
    expect_none(walls.long_modules(ROOT))


def test_no_function_passes_its_wall():
    expect_none(walls.long_functions(ROOT))


@pytest.mark.parametrize(("lines", "faults"), [(400, 0), (401, 1)])
def test_a_module_has_400_lines(plant, lines, faults):
    assert len(walls.long_modules(plant("src/ketherapy/solve.py", "x = 1\n" * lines))) == faults


@pytest.mark.parametrize(("lines", "faults"), [(50, 0), (51, 1)])
def test_a_function_has_50_lines(plant, lines, faults):
    body = "def solve():\n" + "    x = 1\n" * (lines - 1)
    assert len(walls.long_functions(plant("src/ketherapy/solve.py", body))) == faults


def test_a_helper_of_the_tests_has_walls_too(plant):
    assert walls.long_modules(plant("tests/strategies.py", "x = 1\n" * 401))


def test_a_module_of_tests_has_none(plant):
    assert walls.long_modules(plant("tests/unit/test_solve.py", "x = 1\n" * 401)) == []
