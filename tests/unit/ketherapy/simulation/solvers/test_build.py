import os
import stat

import pytest

from ketherapy.errors import SolverError
from ketherapy.simulation.solvers.kernel import build
from ketherapy.simulation.solvers.kernel.build import Shape

ONE = Shape(states=1, flows=((0, -1, False),), seen=(0,), driver=None)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Give the build a cache folder of its own, and none of what it remembers."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for remembered in (build.library, build.compiler, build._folder):
        remembered.cache_clear()
    yield tmp_path / "ketherapy"
    for remembered in (build.library, build.compiler, build._folder):
        remembered.cache_clear()


needs_compiler = pytest.mark.skipif(build.compiler() is None, reason="no C++ compiler here")


@needs_compiler
def test_a_kernel_is_compiled_once_into_a_folder_that_is_the_users_alone(home):
    build.library(ONE)
    (compiled,) = home.glob("*.so")
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    written = compiled.stat().st_mtime_ns
    build.library.cache_clear()
    build.library(ONE)
    assert compiled.stat().st_mtime_ns == written


@needs_compiler
def test_a_folder_that_others_may_write_to_is_not_trusted(home):
    home.mkdir()
    home.chmod(0o777)
    build.library(ONE)
    assert not list(home.iterdir())


@needs_compiler
def test_another_structure_is_another_kernel(home):
    build.library(ONE)
    build.library(Shape(states=1, flows=((0, -1, False),), seen=(0,), driver=0))
    assert len(list(home.glob("*.so"))) == 2


def test_without_a_compiler_the_error_says_what_to_do(home, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(SolverError, match="JAX engine"):
        build.library(ONE)


def test_another_compiler_under_the_same_name_is_not_taken(home, tmp_path, monkeypatch):
    other = tmp_path / "g++"
    other.write_text("#!/bin/sh\necho clang version 17\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.compiler() is None


@needs_compiler
def test_a_compiler_that_refuses_is_an_error_and_leaves_nothing(home, monkeypatch):
    monkeypatch.setattr(build, "_FLAGS", ("--no-such-flag",))
    with pytest.raises(SolverError, match="mend the compiler"):
        build.library(ONE)
    assert not list(home.iterdir())
