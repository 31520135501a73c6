"""Compile the kernel for one structure, once for each machine.

A structure becomes macros, so that the compiler sees which entries are never there. The result is
kept in the user's cache folder under a name made of everything it depends on: source, macros,
compiler and processor. Without a compiler there is no kernel, and the JAX path serves.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ketherapy.errors import SolverError

_SOURCE = Path(__file__).with_name("kernel.cpp")
_FLAGS = ("-O2", "-march=native", "-std=c++17", "-fPIC", "-shared", "-pthread")
_COMPILERS = ("g++", "c++")
_MAKER = (
    b"Free Software Foundation"  # the source uses vectors as GCC has them; others borrow the name
)
_LONGEST = 600.0  # [s] a compilation may take


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What the kernel is compiled for."""

    states: int
    flows: tuple[tuple[int, int, bool], ...]  # start, end (-1: out of the body), is a tap
    seen: tuple[int, ...]  # observed states
    driver: int | None  # the state that drives a turnover response

    def macros(self) -> tuple[str, ...]:
        """Return the definitions that make the source this shape's own."""
        flows = ",".join(f"{{{start},{end},{int(tap)}}}" for start, end, tap in self.flows)
        return (
            f"-DN={self.states}",
            f"-DFLOWS={flows}",
            f"-DSEEN={','.join(map(str, self.seen))}",
            f"-DTURNOVER={int(self.driver is not None)}",
            f"-DDRIVER={self.driver or 0}",
        )


@lru_cache(maxsize=1)
def compiler() -> str | None:
    """Return the GNU C++ compiler of this machine, or None."""
    found = (shutil.which(name) for name in _COMPILERS)
    return next((path for path in found if path and _MAKER in _version(path)), None)


def _version(path: str) -> bytes:
    return subprocess.run([path, "--version"], capture_output=True, check=False).stdout


@lru_cache(maxsize=256)
def library(shape: Shape) -> ctypes.CDLL:
    """Return the kernel for ``shape``, compiled now if it never was here.

    Errors  SolverError where there is no compiler, or it refuses
    """
    found = compiler()
    if found is None:
        raise SolverError(
            "compiled kernel: expected the GNU C++ compiler (g++), got none. "
            "Install one, or use the JAX engine."
        )
    place = _folder() / f"kernel-{_fingerprint(found, shape)}.so"
    if not place.exists():
        _compile(found, shape, place)
    return ctypes.CDLL(str(place))


def _fingerprint(found: str, shape: Shape) -> str:
    told = (*_FLAGS, *shape.macros(), platform.machine(), _processor())
    return hashlib.sha256(
        b"\0".join([_SOURCE.read_bytes(), _version(found), *(text.encode() for text in told)])
    ).hexdigest()[:32]


def _processor() -> str:
    """Return what ``-march=native`` depends on: the processor's name and abilities."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return "".join(dict.fromkeys(x for x in lines if x.startswith(("model name", "flags"))))


def _compile(found: str, shape: Shape, place: Path) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".so")
    os.close(handle)
    command = [found, *_FLAGS, *shape.macros(), str(_SOURCE), "-o", name]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_LONGEST
        )
        if done.returncode:
            raise SolverError(
                f"compiled kernel: expected {found} to compile it, got "
                f"{done.stderr.strip().splitlines()[:1]}. Use the JAX engine, or mend the compiler."
            )
        os.replace(name, place)
    finally:
        Path(name).unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return a folder that nobody but this user can put a library into."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(root) / "ketherapy"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        is_ours = found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if is_ours and os.access(folder, os.W_OK):
            return folder
    except OSError:  # a home that cannot be written to: compiled anew by each process
        pass
    return Path(tempfile.mkdtemp(prefix="ketherapy-"))
