"""Where tests live that `make test` looks for in one folder alone.

To collect every test takes longer than to run the few that need PostgreSQL, so each such run names
its folder; a test of that kind elsewhere would be missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent
HOMES = {"database": _TESTS / "integration", "browser": _TESTS / "integration" / "browser"}
REMEDY = (
    "expected those that use the database under tests/integration"
    " and those that drive a browser under tests/integration/browser"
)


def astray(items: Iterable[pytest.Item]) -> list[str]:
    """Return the tests that stand where no run looks for them."""
    return [
        item.nodeid
        for item in items
        for kind, home in HOMES.items()
        if item.get_closest_marker(kind) and home not in item.path.parents
    ]
