"""The exceptions of Ketherapy: each says what, what was expected, what came, what to do."""

from __future__ import annotations

_SHOWN = 60  # characters of a bad value that a message repeats


class KetherapyError(Exception):
    """Everything Ketherapy raises on purpose."""


def shown(value: object) -> str:
    """Return ``value`` as a message may repeat it: escaped, quoted and short."""
    if value is None or (isinstance(value, str) and not value):
        return "nothing"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(str(value))} characters)"


class ContractError(KetherapyError, ValueError):
    """A caller broke a contract: what, what was expected, what came, what to do."""

    def __init__(self, what: str, *, expected: str, got: object, remedy: str) -> None:
        super().__init__(f"{what}: expected {expected}, got {shown(got)}. {remedy}")
        self.what = what
        self.expected = expected
        self.remedy = remedy


class DataFileError(KetherapyError):
    """One of our own data files is wrong: named by path and key."""

    def __init__(self, where: str, *, expected: str, got: object, remedy: str) -> None:
        super().__init__(f"{where}: expected {expected}, got {shown(got)}. {remedy}")
        self.expected = expected
        self.got = got
        self.remedy = remedy


class SolverError(KetherapyError, ArithmeticError):
    """A numerical method could not reach its stated accuracy."""
