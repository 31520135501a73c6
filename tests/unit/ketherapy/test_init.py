"""Importing is cheap: heavy libraries load on first use, and the public names are all there."""

import subprocess
import sys

import pytest

import ketherapy

HEAVY = {"jax", "xarray", "pint", "pandas", "pydantic", "matplotlib", "scipy"}
LOADED = "import sys; print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded_after(code: str) -> set[str]:
    run = [sys.executable, "-c", f"{code}\n{LOADED}"]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    return set(said.splitlines()[-1].split())


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded_after("import ketherapy") & HEAVY


def test_listing_the_models_needs_no_engine():
    code = "from ketherapy.cli import main\nmain(['models'], standalone_mode=False)"
    assert not loaded_after(code) & {"jax", "xarray", "pandas", "matplotlib"}


def test_showing_help_loads_nothing_heavy():
    code = "from ketherapy.cli import main\nmain(['--help'], standalone_mode=False)"
    assert not loaded_after(code) & HEAVY


@pytest.mark.parametrize("name", ketherapy.__all__)
def test_every_public_name_resolves(name):
    assert getattr(ketherapy, name) is not None


def test_public_names_are_listed():
    assert set(ketherapy.__all__) <= set(dir(ketherapy))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = ketherapy.nothing_of_this_name
