from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from pytest_django import DjangoDbBlocker

from clinic.audit import guards, queries
from clinic.audit.models import Event
from clinic.audit.services import append
from clinic.audit.verification import verify
from tests.integration.conftest import NOW, entry, remove_guards

pytestmark = pytest.mark.database

AT_ONCE = 8


T = TypeVar("T")


@pytest.fixture(autouse=True)
def _log_that_commits(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let transactions really commit, and empty the log afterwards, which it refuses itself."""
    with django_db_blocker.unblock():
        yield
        apart(empty)


def test_fifty_replays_at_once_are_one_event():
    once = entry(payload={"dose": 35.5})
    assert together(50, lambda _: append(once, now=NOW).sequence) == [1] * 50
    assert apart(Event.objects.count) == 1


def test_many_acts_at_once_make_one_unbroken_chain():
    numbers = together(24, lambda n: append(entry(payload={"number": n}), now=NOW).sequence)
    assert sorted(numbers) == list(range(1, 25))
    assert apart(lambda: verify(queries.events()).breaks) == ()


def together(count: int, act: Callable[[int], T]) -> list[T]:
    """Return what ``act`` returns when it is done ``count`` times, by several threads at once."""
    ready = threading.Barrier(AT_ONCE)

    def one(number: int) -> T:
        if number < AT_ONCE:
            ready.wait()
        return on_its_own_connection(lambda: act(number))

    with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
        return list(threads.map(one, range(count)))


def apart(act: Callable[[], T]) -> T:
    """Return what ``act`` returns in a thread of its own; a browser test may hold this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(on_its_own_connection, act).result()


def on_its_own_connection(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connections.close_all()


def empty() -> None:
    remove_guards()
    Event.objects.all().delete()
    guards.install(connections[DEFAULT_DB_ALIAS])
