"""Many attempts to sign in at the same moment: the lockout holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoDbBlocker

from clinic.accounts import services
from clinic.accounts.models import Clinic, Staff
from clinic.accounts.roles import Role
from clinic.audit.models import Event
from tests.integration.conftest import PASSWORD
from tests.integration.test_audit_concurrency import apart, empty, on_its_own_connection

pytestmark = pytest.mark.database

GUESSES = 40
HASHING = 0.05  # [s] as long as a real hash takes, so that attempts overlap


@pytest.fixture(autouse=True)
def _nurse_for_all_threads(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Commit one member of staff, and take away afterwards whatever was committed."""
    with django_db_blocker.unblock():
        apart(create)
        yield
        apart(remove)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the passwords that were checked, in their order."""
    seen: list[str] = []
    check = ModelBackend.authenticate

    def slow(self, request, username=None, password=None, **more):
        seen.append(password)
        time.sleep(HASHING)
        return check(self, request, username=username, password=password, **more)

    monkeypatch.setattr(ModelBackend, "authenticate", slow)
    return seen


def test_of_guesses_sent_together_five_are_checked_and_the_right_one_comes_too_late(checked):
    closed = threading.Event()

    def guess() -> int:
        status = enter("a wrong password")
        if status == 429:
            closed.set()
        return status

    def right() -> int:
        assert closed.wait(30)
        return enter(PASSWORD)

    with ThreadPoolExecutor(max_workers=GUESSES + 1) as threads:
        last = threads.submit(on_its_own_connection, right)
        work = [threads.submit(on_its_own_connection, guess) for _ in range(GUESSES)]
        statuses = sorted(one.result() for one in work)
    assert checked == ["a wrong password"] * 5
    assert statuses == [422] * 4 + [429] * (GUESSES - 4)
    assert last.result() == 429
    assert apart(Session.objects.count) == 0
    assert apart(Event.objects.filter(kind="staff.sign_in_failed").count) == GUESSES + 1


def enter(password: str, username: str = "nurse") -> int:
    return Client().post("/sign-in/", {"username": username, "password": password}).status_code


def create() -> None:
    services.staff_create(
        clinic=Clinic.objects.create(name="Clinic of many threads"),
        username="nurse",
        name="Test nurse",
        role=Role.NURSE,
        password=PASSWORD,
    )


def remove() -> None:
    for model in (Session, AccessAttempt, Staff, Clinic):
        model.objects.all().delete()
    empty()
