"""The one folder where data live: KETHERAPY_HOME."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

import clinic
from clinic.config.errors import CannotStart

_KEY_FILE = "secret-key"
_KEY_LENGTH = 50  # [characters] as Django asks
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600  # for the owner alone


def home_from(environ: Mapping[str, str]) -> Path:
    """Return the folder that KETHERAPY_HOME names, or the user's own data folder."""
    named = environ.get("KETHERAPY_HOME")
    if named:
        return Path(os.path.abspath(os.path.expanduser(named)))
    from platformdirs import user_data_dir  # slow to load, and most servers name a folder

    return Path(user_data_dir("ketherapy"))


def prepare(home: Path) -> None:
    """Create the folder if it is not there, and make sure that it can be written."""
    _refuse_checkout(home)
    try:
        _create(home)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise CannotStart(
            "KETHERAPY_HOME",
            expected="a folder that this user may write to",
            got=f"{home} ({error.strerror})",
            remedy="Set KETHERAPY_HOME to another folder, or change its permissions.",
        ) from None


def secret_key(home: Path) -> str:
    """Return the key that signs sessions; it is made once and stays in the folder."""
    path = home / _KEY_FILE
    try:
        return _key_in(path)
    except FileNotFoundError:
        _write_key(path)
        return _key_in(path)


def _create(home: Path) -> None:
    """Create the folder closed to everybody else; one that exists keeps its permissions."""
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def _refuse_checkout(home: Path) -> None:
    """Refuse a folder inside the source tree: data never live in a checkout."""
    root = Path(clinic.__file__).resolve().parents[2]
    if (root / "pyproject.toml").exists() and home.resolve().is_relative_to(root):
        raise CannotStart(
            "KETHERAPY_HOME",
            expected="a folder outside the source tree",
            got=str(home),
            remedy="Data never live in a checkout: set it to another folder.",
        )


def _key_in(path: Path) -> str:
    key = path.read_text(encoding="ascii").strip()
    if len(key) < _KEY_LENGTH:
        raise CannotStart(
            str(path),
            expected=f"a key of at least {_KEY_LENGTH} characters",
            got=f"{len(key)} characters",
            remedy="Remove the file: a new key is made, and everybody signs in again.",
        )
    return key


def _write_key(path: Path) -> None:
    """Write a new key, whole, unless another process has just done so."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "w") as file:
        file.write(secrets.token_urlsafe(_KEY_LENGTH) + "\n")
    try:
        os.link(fresh, path)  # refuses where the name is taken
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
