"""What the tests of the whole clinic share: people, their sign-ins, a log that can be emptied."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client

from clinic.accounts import services
from clinic.accounts.models import Clinic, Staff
from clinic.accounts.roles import Role
from clinic.audit import guards
from clinic.audit.entry import Entry

PASSWORD = "correct-horse-battery"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

MakeStaff = Callable[..., Staff]
SignIn = Callable[[Staff], Client]


def entry(**changed: object) -> Entry:
    """Return an entry that nobody has made yet."""
    usual = {"act": uuid.uuid4(), "kind": "test.happened", "happened_at": NOW, "device": "test"}
    return Entry(**{**usual, **changed})


def remove_guards() -> None:
    """Take away the triggers, as somebody who owns the database could."""
    connection = connections[DEFAULT_DB_ALIAS]
    ending = " ON audit_event" if connection.vendor == "postgresql" else ""
    there = set(guards._guards(connection.vendor)) - set(guards.missing(connection))
    with connection.cursor() as cursor:
        for name in there:
            cursor.execute(f"DROP TRIGGER {name}{ending}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser last: it keeps an event loop running, in which Django opens no database."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def clinic(db: None) -> Clinic:
    return Clinic.objects.create(name="Harbour clinic")


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return Clinic.objects.create(name="Hill clinic")


@pytest.fixture
def make_staff(clinic: Clinic) -> MakeStaff:
    """Return a function that creates one member of staff."""

    def make(role: Role = Role.NURSE, *, at: Clinic = clinic, username: str = "") -> Staff:
        return services.staff_create(
            clinic=at,
            username=username or f"{role}-{uuid.uuid4().hex[:6]}",
            name=f"Test {role}",
            role=role,
            password=PASSWORD,
        )

    return make


@pytest.fixture
def sign_in() -> SignIn:
    """Return a function that signs somebody in through the page and returns the browser."""

    def enter(staff: Staff) -> Client:
        browser = Client()
        browser.post("/sign-in/", {"username": staff.username, "password": PASSWORD})
        return browser

    return enter
