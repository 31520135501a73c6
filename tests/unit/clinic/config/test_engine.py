from __future__ import annotations

import stat
import warnings
from pathlib import Path

import pytest

from clinic.config.engine import keep_compiled


@pytest.fixture(autouse=True)
def _filters_as_they_were():
    with warnings.catch_warnings():
        yield


def test_the_folder_is_for_its_owner_alone_and_named_to_the_engine(tmp_path: Path):
    environ: dict[str, str] = {}
    keep_compiled(tmp_path, environ)
    folder = Path(environ["JAX_COMPILATION_CACHE_DIR"])
    assert folder.parent == tmp_path / "cache" / "engine"
    for made in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_another_processor_has_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    named = []
    for machine in ("x86_64", "x86_64", "arm64"):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        environ: dict[str, str] = {}
        keep_compiled(tmp_path, environ)
        named.append(environ["JAX_COMPILATION_CACHE_DIR"])
    assert named[0] == named[1] != named[2]


def test_what_the_environment_says_already_stands(tmp_path: Path):
    environ = {"JAX_COMPILATION_CACHE_DIR": "/elsewhere"}
    keep_compiled(tmp_path, environ)
    assert environ["JAX_COMPILATION_CACHE_DIR"] == "/elsewhere"
    assert not (tmp_path / "cache").exists()


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path):
    (tmp_path / "cache").write_text("in the way")
    keep_compiled(tmp_path, {})


def test_the_engine_says_nothing_of_what_it_cannot_keep(tmp_path: Path):
    keep_compiled(tmp_path, {})
    warnings.warn("Error reading persistent compilation cache entry for 'f': OSError", stacklevel=1)
    warnings.warn("Error writing persistent compilation cache entry for 'f': OSError", stacklevel=1)
