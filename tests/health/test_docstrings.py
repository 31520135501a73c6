import pytest

from tests.health import docstrings
from tests.health.tree import ROOT, expect_none

EQUATION = '''
def emax(Ce: Float[np.ndarray, "..."], *, EC50: Param) -> Float[np.ndarray, "..."]:
    """Return the effect.

    {fields}
    """
    return Ce / (Ce + EC50)
'''


def test_everything_public_in_the_science_says_what_it_returns():
    expect_none(docstrings.undocumented(ROOT))


def test_every_function_on_arrays_says_its_units():
    expect_none(docstrings.without_units(ROOT))


def test_every_equation_names_its_source():
    expect_none(docstrings.without_source(ROOT))


@pytest.mark.parametrize(
    "code",
    [
        "def solve(): ...",
        'def solve():\n    """Return no full stop"""',
        "class Model: ...",
        'class Model:\n    """A model."""\n    def solve(self): ...',
    ],
)
def test_a_missing_sentence_is_found(plant, code):
    assert len(docstrings.undocumented(plant("src/ketherapy/solve.py", code))) == 1


@pytest.mark.parametrize("code", ["def _solve(): ...", 'def f():\n    """Return one."""'])
def test_a_private_name_or_a_sentence_is_no_fault(plant, code):
    assert docstrings.undocumented(plant("src/ketherapy/solve.py", code)) == []


@pytest.mark.parametrize(
    ("fields", "units", "source"),
    [
        pytest.param("Units   Ce mg/L\n    Source  holford1981", 0, 0, id="both"),
        pytest.param("Units   Ce mg/L", 0, 1, id="no source"),
        pytest.param("Source  holford1981", 1, 0, id="no units"),
        pytest.param("Ce [mg/L].\n    Source  derived: by hand", 0, 0, id="in brackets, derived"),
    ],
)
def test_fields_of_an_equation(plant, fields, units, source):
    root = plant("src/ketherapy/pharmacology/effect.py", EQUATION.format(fields=fields))
    assert len(docstrings.without_units(root)) == units
    assert len(docstrings.without_source(root)) == source


def test_sources_in_docstrings_are_read(plant):
    code = EQUATION.format(fields="Source  holford1981, hill1910: eq. 2")
    root = plant("src/ketherapy/pharmacology/effect.py", code)
    assert set(docstrings.cited_in_docstrings(root)) == {"holford1981", "hill1910"}
