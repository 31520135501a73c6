"""Attempts to sign in wait for one another, so that no guess slips past the lockout.

Counting failures and checking a password are two steps. Sent all at once, a hundred guesses would
each find the name still open. Therefore those for one name from one address take turns: each sees
what the one before it left behind.

The locks belong to this process. Several server processes over one database would each allow the
five failures at once; they need a lock in the database first.
"""

from __future__ import annotations

import threading

_LOCKS = tuple(threading.Lock() for _ in range(64))  # two names seldom share one, and then wait


def turn(username: str, address: str) -> threading.Lock:
    """Return the lock under which this name is tried from this address."""
    return _LOCKS[hash((username, address)) % len(_LOCKS)]
