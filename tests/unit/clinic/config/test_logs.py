from __future__ import annotations

import logging
import sys

from clinic.config.logs import FaultsWithoutValues


def test_a_fault_is_told_by_place_and_type_and_never_by_value():
    entered = f"{'Jane'} Example"  # the lines of code themselves are told
    try:
        try:
            raise ValueError(entered)
        except ValueError as error:
            raise RuntimeError(entered) from error
    except RuntimeError:
        fault = sys.exc_info()
    record = logging.LogRecord("clinic", logging.ERROR, "", 1, "failed", None, fault)
    said = FaultsWithoutValues("%(message)s").format(record)
    assert entered not in said
    assert "RuntimeError" in said
    assert "ValueError" in said
    assert "test_logs.py" in said
