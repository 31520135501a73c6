"""What the engine has compiled is kept, so that the next start is warm sooner."""

from __future__ import annotations

import hashlib
import platform
import warnings
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path

_SETTINGS = {
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0.3",  # less is quicker compiled than kept
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "0",
}


def keep_compiled(home: Path, environ: MutableMapping[str, str]) -> None:
    """Name a folder of ``home`` for what is compiled; without one everything works, slower.

    Call it before the engine is imported, which reads these settings once.
    """
    if "JAX_COMPILATION_CACHE_DIR" not in environ:
        environ["JAX_COMPILATION_CACHE_DIR"] = str(_made(home))
    for name, value in _SETTINGS.items():
        environ.setdefault(name, value)
    # It would tell whoever started the server of every piece that it could not keep or read.
    warnings.filterwarnings("ignore", message="Error (read|writ)ing persistent compilation cache")


def _made(home: Path) -> Path:
    engine = home / "cache" / "engine"
    folder = engine / _processor()
    with suppress(OSError):  # the engine finds out for itself, and compiles anew
        for one in (engine.parent, engine, folder):
            one.mkdir(mode=0o700, exist_ok=True)
    return folder


def _processor() -> str:
    """Return a code for this kind of processor: what is compiled for one may not run on another."""
    can = platform.machine()
    with suppress(OSError):  # only Linux says it here
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        can += next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return hashlib.sha256(can.encode()).hexdigest()[:12]
