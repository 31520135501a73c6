from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from clinic.accounts import services
from clinic.accounts.models import Staff
from clinic.audit.models import Event
from tests.integration.conftest import PASSWORD, MakeStaff, SignIn

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def nurse(make_staff: MakeStaff) -> Staff:
    return make_staff(username="nurse")


def enter(username: str = "nurse", password: str = PASSWORD, browser: Client | None = None, **more):
    return (browser or Client()).post(
        "/sign-in/", {"username": username, "password": password, **more}
    )


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def is_signed_in(browser: Client) -> bool:
    return b"Sign out" in browser.get("/").content


def test_signing_in_and_out_is_recorded(nurse: Staff):
    browser = Client()
    assert enter(browser=browser)["Location"] == "/"
    assert is_signed_in(browser)
    assert browser.post("/sign-out/")["Location"] == "/"
    assert not is_signed_in(browser)
    assert kinds() == ["staff.signed_in", "staff.signed_out"]
    for event in Event.objects.all():
        assert (event.actor, event.actor_role) == (str(nurse.pk), "nurse")
        assert (event.clinic, event.device) == (str(nurse.clinic_id), "browser")


def test_the_frame_says_who_is_signed_in(nurse: Staff, sign_in: SignIn):
    assert b"Test nurse (Nurse)" in sign_in(nurse).get("/").content


def test_a_failed_sign_in_is_recorded_without_what_was_typed(nurse: Staff):
    answer = enter(password="a-guess-of-mine")
    assert answer.status_code == 422
    assert b"do not belong together" in answer.content
    assert b"a-guess-of-mine" not in answer.content
    event = Event.objects.get()
    assert (event.kind, event.actor) == ("staff.sign_in_failed", None)
    assert event.content == {"staff": str(nurse.pk), "locked_out": False}


def test_a_name_that_nobody_has_is_recorded_as_nobody(nurse: Staff):
    assert enter(username="hunter2-typed-here").status_code == 422
    event = Event.objects.get()
    assert event.content == {"staff": None, "locked_out": False}
    assert event.clinic is None


def test_a_name_typed_is_kept_nowhere(nurse: Staff, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for _ in range(6):
        enter(username="hunter2-typed-here", next="/secret-place/")
    kept = "".join(str(row) for row in AccessAttempt.objects.values())
    kept += "".join(event.payload for event in Event.objects.all()) + caplog.text
    for typed in ("hunter2-typed-here", PASSWORD, "/secret-place/"):
        assert typed not in kept


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("", PASSWORD, b"Enter your user name."),
        ("nurse", "", b"Enter your password."),
        ("n" * 151, PASSWORD, b"A user name has at most 150 characters."),
        ("nurse", "p" * 1025, b"A password has at most 1024 characters."),
        ("nu\0rse", PASSWORD, b"Null characters are not allowed."),
    ],
)
def test_an_entry_that_cannot_be_one_gets_a_sentence(nurse, username, password, sentence):
    answer = enter(username, password)
    assert answer.status_code == 422
    assert sentence in answer.content
    assert kinds() == []


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/predict/?dose=1", "/predict/?dose=1"),
        ("http://testserver/predict/", "http://testserver/predict/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("///elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("\\\\elsewhere.example", "/"),
        ("http:elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        (" https://elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_here(nurse: Staff, asked, given):
    assert enter(next=asked)["Location"] == given


def test_who_is_signed_in_already_goes_on(nurse: Staff, sign_in: SignIn):
    browser = sign_in(nurse)
    assert browser.get("/sign-in/?next=/predict/")["Location"] == "/predict/"
    assert browser.get("/sign-in/?next=//elsewhere.example")["Location"] == "/"


def test_signing_out_needs_a_form_of_ours(nurse: Staff, sign_in: SignIn):
    assert sign_in(nurse).get("/sign-out/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-out/").status_code == 403
    answer = strict.post("/sign-in/", {"username": "nurse", "password": PASSWORD})
    assert answer.status_code == 403
    assert b"could not be accepted" in answer.content


class TestLockout:
    def test_five_failures_close_the_name(self, nurse: Staff):
        for _ in range(4):
            assert enter(password="wrong").status_code == 422
        fifth = enter(password="wrong")
        assert fifth.status_code == 429
        assert b"closed on this network address for 15 minutes" in fifth.content
        sixth = enter()
        assert sixth.status_code == 429
        assert not is_signed_in(sixth.client)
        assert kinds() == ["staff.sign_in_failed"] * 6
        locked = [event.content["locked_out"] for event in Event.objects.all()]
        assert locked == [False] * 4 + [True] * 2

    def test_another_name_stays_open(self, nurse: Staff, make_staff: MakeStaff):
        make_staff(username="director")
        for _ in range(5):
            enter(password="wrong")
        assert enter("director").status_code == 302

    def test_another_browser_program_is_no_way_around(self, nurse: Staff):
        for number in range(5):
            browser = Client(headers={"user-agent": f"browser {number}"})
            answer = enter(password="wrong", browser=browser)
        assert answer.status_code == 429

    def test_it_opens_again_and_trying_meanwhile_does_not_prolong_it(self, nurse: Staff):
        for _ in range(5):
            enter(password="wrong")
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert enter().status_code == 429
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        assert enter().status_code == 302

    def test_success_forgets_earlier_failures(self, nurse: Staff):
        for _ in range(2):
            for _ in range(4):
                assert enter(password="wrong").status_code == 422
            assert enter().status_code == 302


class TestSession:
    def age(self, browser: Client, key: str, by: timedelta) -> None:
        session = browser.session
        session[key] = (timezone.now() - by).isoformat()
        session.save()

    def test_left_alone_it_ends(self, nurse: Staff, sign_in: SignIn):
        browser = sign_in(nurse)
        self.age(browser, services.SEEN, timedelta(minutes=29))
        assert is_signed_in(browser)
        self.age(browser, services.SEEN, timedelta(minutes=30))
        assert not is_signed_in(browser)
        last = Event.objects.latest("sequence")
        assert (last.kind, last.reason) == (
            "staff.signed_out",
            "the session was left alone too long",
        )

    def test_used_it_goes_on_until_it_has_lasted_twelve_hours(self, nurse: Staff, sign_in: SignIn):
        browser = sign_in(nurse)
        self.age(browser, services.STARTED, timedelta(hours=11, minutes=59))
        assert is_signed_in(browser)
        self.age(browser, services.STARTED, timedelta(hours=12))
        assert not is_signed_in(browser)

    def test_one_that_does_not_say_when_it_began_is_over(self, nurse: Staff):
        browser = Client()
        browser.force_login(nurse)
        assert not is_signed_in(browser)

    def test_a_new_password_ends_it(self, nurse: Staff, sign_in: SignIn):
        browser = sign_in(nurse)
        services.staff_set_password(nurse, "another-good-phrase")
        assert not is_signed_in(browser)

    def test_signing_in_changes_its_key(self, nurse: Staff):
        browser = Client()
        browser.get("/sign-in/")
        enter(browser=browser)
        first = browser.cookies["ketherapy_session"].value
        browser.post("/sign-out/")
        enter(browser=browser)
        assert browser.cookies["ketherapy_session"].value != first
        assert Session.objects.count() == 1

    def test_its_cookies_are_closed_to_scripts_and_other_sites(self, nurse: Staff):
        browser = Client()
        browser.get("/sign-in/")
        enter(browser=browser)
        for name in ("ketherapy_session", "ketherapy_csrf"):
            cookie = browser.cookies[name]
            assert cookie["httponly"] is True
            assert cookie["samesite"] == "Lax"


class TestTogether:
    @pytest.fixture
    def _log_that_fails(self, monkeypatch: pytest.MonkeyPatch):
        def fail(*_args, **_kwargs):
            raise OSError("disk full")

        monkeypatch.setattr("clinic.accounts.services.audit.append", fail)

    @pytest.mark.usefixtures("_log_that_fails")
    def test_nobody_comes_in_unrecorded(self, nurse: Staff):
        browser = Client(raise_request_exception=False)
        assert enter(browser=browser).status_code == 500
        assert not is_signed_in(browser)
        assert Session.objects.count() == 0
        nurse.refresh_from_db()
        assert nurse.last_login is None

    def test_nobody_leaves_unrecorded(self, nurse: Staff, sign_in: SignIn, request):
        browser = sign_in(nurse)
        request.getfixturevalue("_log_that_fails")
        browser.raise_request_exception = False
        assert browser.post("/sign-out/").status_code == 500
        assert is_signed_in(browser)
