"""The engines that are compared, and the setting each of them is run at."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from types import ModuleType

from benchmarks.ket_pop.setting import Setting

OURS = "ours"
PEERS = ("numbalsoda", "pydiffsol", "diffrax", "libroadrunner", "scipy")
ENGINES = (OURS, *PEERS)
TUNED = Path(__file__).with_name("tuned.toml")


def module(engine: str) -> ModuleType:
    """Return the engine's module: METHODS and prepare(task, setting).

    Errors  ImportError where the engine's package is not installed
    """
    place = "benchmarks.ket_pop" if engine == OURS else "benchmarks.ket_pop.peers"
    return importlib.import_module(f"{place}.{engine}")


def tuned(engine: str) -> Setting:
    """Return the setting that the search found to be the engine's fastest within the promise."""
    read = tomllib.loads(TUNED.read_text(encoding="utf-8"))[engine]
    return Setting(method=read["method"], rtol=read["rtol"], atol=read["atol"])
