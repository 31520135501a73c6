"""What the kernel is handed: the structs of ``kernel.cpp``, field by field in the same order."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np


class Given(ctypes.Structure):
    """One number for everyone (stride 0) or one for each person (stride 1)."""

    _fields_ = (("at", ctypes.c_void_p), ("stride", ctypes.c_int64))


class Run(ctypes.Structure):
    """Equal intervals with one constant input."""

    _fields_ = (
        ("steps", ctypes.c_int64),
        ("units", ctypes.c_int64),
        ("is_recorded", ctypes.c_int64),
        ("start", ctypes.c_double),
        ("length", ctypes.c_double),
        ("on", ctypes.c_int64),
        ("ons", ctypes.c_int64),
        ("jump", ctypes.c_int64),
        ("jumps", ctypes.c_int64),
    )


class Pulse(ctypes.Structure):
    """One input into one state."""

    _fields_ = (
        ("state", ctypes.c_int64),
        ("amount", Given),
        ("over", Given),
        ("has_own_end", ctypes.c_int64),
        ("start", ctypes.c_double),
    )


class Job(ctypes.Structure):
    """Everything one call works on."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("people", "times", "threads", "runs", "pulses")),
        *((name, ctypes.c_int64) for name in ("rungs", "below", "series", "top_input")),
        ("is_streamed", ctypes.c_int64),
        ("unit", ctypes.c_double),
        ("tolerance", ctypes.c_double),
        ("rate", ctypes.POINTER(Given)),
        ("scale", ctypes.POINTER(Given)),
        ("turnover", ctypes.POINTER(Given)),
        ("run", ctypes.POINTER(Run)),
        ("pulse", ctypes.POINTER(Pulse)),
        ("listed", ctypes.c_void_p),
        ("out", ctypes.c_void_p),
        *((name, ctypes.POINTER(ctypes.c_int64)) for name in ("lost", "coarse", "unserved")),
    )


class Held:
    """Arrays whose addresses have been handed out; they live as long as this does."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._arrays: list[np.ndarray] = []

    def given(self, value: float | np.ndarray) -> Given:
        """Return the address of ``value``, one number or one for each person."""
        array = np.ascontiguousarray(value, dtype=np.float64).reshape(-1)
        is_shared = array.size == 1
        if not is_shared and array.size != self._people:
            array = np.ascontiguousarray(np.broadcast_to(array, (self._people,)))
        return Given(self.address(array), 0 if is_shared else 1)

    def several(self, values: Sequence[float | np.ndarray]) -> ctypes.Array[Given]:
        """Return the addresses of several values, one beside another."""
        return (Given * max(len(values), 1))(*map(self.given, values))

    def address(self, array: np.ndarray) -> int:
        """Return the address of ``array``, which must be contiguous."""
        self._arrays.append(array)
        return array.ctypes.data
