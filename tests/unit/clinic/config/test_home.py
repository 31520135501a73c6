from __future__ import annotations

import stat
from pathlib import Path

import pytest

import clinic
from clinic.config.errors import CannotStart
from clinic.config.home import home_from, prepare, secret_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert home_from({"KETHERAPY_HOME": str(tmp_path)}) == tmp_path
    monkeypatch.chdir(tmp_path)
    assert home_from({"KETHERAPY_HOME": "here"}) == tmp_path / "here"


def test_without_it_the_folder_is_the_users_own():
    assert home_from({}).name == "ketherapy"
    assert home_from({"KETHERAPY_HOME": ""}) == home_from({})


def test_it_is_created_for_its_owner_alone(tmp_path: Path):
    home = tmp_path / "a" / "b"
    prepare(home)
    prepare(home)
    assert mode(home) == 0o700
    assert list(home.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CannotStart, match="a folder that this user may write to"):
            prepare(home)


def test_a_folder_inside_the_source_tree_is_refused(tmp_path: Path):
    inside = Path(clinic.__file__).parent / "data"
    (tmp_path / "link").symlink_to(inside.parent)
    for home in (inside, tmp_path / "link" / "data"):
        with pytest.raises(CannotStart, match="Data never live in a checkout"):
            prepare(home)
        assert not home.exists()


def test_the_key_is_made_once_and_kept(tmp_path: Path):
    key = secret_key(tmp_path)
    assert len(key) >= 50
    assert secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert mode(tmp_path / "secret-key") == 0o600


def test_two_homes_have_two_keys(tmp_path: Path):
    (tmp_path / "other").mkdir()
    assert secret_key(tmp_path) != secret_key(tmp_path / "other")


def test_a_torn_key_is_refused(tmp_path: Path):
    (tmp_path / "secret-key").write_text("short\n")
    with pytest.raises(CannotStart, match="at least 50 characters"):
        secret_key(tmp_path)
