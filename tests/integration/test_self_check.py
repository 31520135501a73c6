"""The self-check over HTTP: nothing of what is entered is kept, and help comes first."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from clinic.audit.models import Event
from clinic.config.logs import FaultsWithoutValues
from clinic.web import self_check as view
from tests.integration.conftest import MakeStaff, SignIn

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PAGE, PDF = "/self-check/", "/self-check/pdf/"
MARKER = "quixotic-zebra-7319"
ANSWERS = {"conditions": ["ocd", "ptsd"], "suicide": "no", "pressure": "yes", "told": MARKER}
HELP = "If you think of ending your life</h2>"


@pytest.fixture
def logged():
    """Return everything that is logged, each line as the server would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(FaultsWithoutValues("%(levelname)s %(name)s %(message)s %(args)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def first_words(answer) -> str:
    """Return what stands before the first heading of the page itself."""
    return answer.content.decode().partition("<h1")[0]


class TestResult:
    def test_a_posted_form_is_answered_with_the_result(self):
        answer = Client().post(PAGE, ANSWERS)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "What to raise with a clinic" in text
        assert "OCD symptoms at least a third better" in text
        assert "158 veterans" in text
        assert "High blood pressure" in text
        assert MARKER in text

    def test_the_sheet_holds_the_same(self):
        answer = Client().post(PDF, ANSWERS)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="questions-for-a-clinic.pdf"'
        told = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert MARKER in told
        assert "high blood pressure" in told

    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_a_refusal_keeps_the_answers_in_the_form(self, address):
        answer = Client().post(address, ANSWERS | {"stroke": "maybe", "told": f"{MARKER}\x00"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "This is none of the answers" in text
        assert 'value="ocd" checked' in text
        assert f">{MARKER}</textarea>" in text
        assert "What trials found</h2>" not in text

    def test_a_text_that_is_too_long_comes_back_to_be_cut(self):
        answer = Client().post(PAGE, ANSWERS | {"told": "x" * 501})
        assert answer.status_code == 422
        assert "there are 501" in answer.content.decode()
        assert "x" * 501 in answer.content.decode()

    def test_a_file_is_refused(self):
        answer = Client().post(PAGE, ANSWERS | {"photo": io.BytesIO(b"bytes")})
        assert answer.status_code == 422
        assert "does not ask for" in answer.content.decode()

    def test_what_was_typed_is_shown_as_text(self):
        text = Client().post(PAGE, ANSWERS | {"told": "<script>x</script>"}).content.decode()
        assert "<script>x" not in text
        assert "&lt;script&gt;x" in text


class TestHelp:
    @pytest.mark.parametrize(
        "entries",
        [
            {},
            {"suicide": "yes"},
            {"suicide": "unknown"},
            {"suicide": "no", "conditions": "suicide"},
            {"suicide": "no", "told": "I do not want to live any more"},
            {"suicide": "no", "told": "I want to die", "bad field": "x"},
        ],
    )
    def test_it_comes_before_everything_else(self, entries):
        answer = Client().post(PAGE, entries)
        assert HELP in first_words(answer)
        assert "local emergency services" in first_words(answer)

    @pytest.mark.parametrize("stroke", ["yes", "maybe"], ids=["a result", "a refusal"])
    def test_after_a_plain_no_it_is_folded_and_still_first(self, stroke):
        first = first_words(Client().post(PAGE, ANSWERS | {"stroke": stroke}))
        before, _, folded = first.partition("<details")
        assert HELP not in before
        assert HELP in folded

    def test_after_a_plain_no_the_sheet_names_whom_to_call(self):
        told = PdfReader(io.BytesIO(Client().post(PDF, ANSWERS).content)).pages[0].extract_text()
        assert "ending your life" in told
        assert "988" in told

    def test_it_is_on_the_empty_form_without_anything_being_sent(self):
        text = Client().get(PAGE).content.decode()
        assert "In danger right now?" in text.partition("<form")[0]
        assert HELP in text

    def test_it_stands_where_a_form_could_not_be_accepted(self):
        answer = Client(enforce_csrf_checks=True).post(PAGE, {"told": "I want to die"})
        assert answer.status_code == 403
        assert HELP in first_words(answer)

    def test_it_stands_where_too_much_was_sent_to_be_read(self):
        answer = Client().post(PAGE, {"told": "x" * (300 * 1024)})
        assert answer.status_code == 400
        assert HELP in first_words(answer)

    def test_it_stands_where_we_failed(self, monkeypatch):
        def broken(_entries):
            raise RuntimeError(MARKER)

        monkeypatch.setattr(view, "check", broken)
        answer = Client(raise_request_exception=False).post(PAGE, ANSWERS)
        assert answer.status_code == 500
        assert HELP in first_words(answer)

    def test_other_error_pages_are_as_they_were(self):
        assert HELP not in Client().get("/nowhere/").content.decode()


class TestNothingIsKept:
    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_the_answer_may_not_be_stored_or_listed(self, address):
        answer = Client().post(address, ANSWERS)
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in Client().get(PAGE)["Cache-Control"]

    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_no_cookie_holds_an_answer_and_no_session_is_begun(self, address):
        browser = Client()
        browser.get(PAGE)
        answer = browser.post(address, ANSWERS)
        assert set(browser.cookies) <= {settings.CSRF_COOKIE_NAME}
        assert MARKER not in str(browser.cookies)
        assert MARKER not in str(dict(answer.items()))
        assert Session.objects.count() == 0

    def test_answers_in_an_address_are_not_read(self):
        text = Client().get(PAGE, ANSWERS).content.decode()
        assert MARKER not in text
        assert " checked" not in text

    def test_a_bookmark_of_the_sheet_leads_to_the_form(self):
        answer = Client().get(PDF, ANSWERS)
        assert answer.status_code == 302
        assert answer["Location"] == PAGE
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_no_line_of_the_log_and_no_query_holds_a_word(
        self, address, logged, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(0):
            Client().post(address, ANSWERS)
            Client().post(address, ANSWERS | {"told": f"{MARKER}\x00", MARKER: MARKER})
        assert "self_check" in logged.getvalue()
        assert MARKER not in logged.getvalue()

    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_a_fault_of_ours_says_nothing_on_the_page_or_in_the_log(
        self, address, logged, monkeypatch
    ):
        def broken(entries):
            raise RuntimeError(f"could not read {entries}")

        monkeypatch.setattr(view, "check", broken)
        answer = Client(raise_request_exception=False).post(address, ANSWERS)
        assert answer.status_code == 500
        assert MARKER not in answer.content.decode()
        assert "RuntimeError" in logged.getvalue()
        assert MARKER not in logged.getvalue()

    @pytest.mark.parametrize(
        "entries", [{"told": MARKER * 20_000}, {MARKER + str(n): "x" for n in range(300)}]
    )
    def test_what_is_too_large_is_refused_without_a_word_of_it(self, entries, logged):
        answer = Client().post(PAGE, entries)
        assert answer.status_code == 400
        assert MARKER not in answer.content.decode()
        assert MARKER not in logged.getvalue()

    def test_a_forged_form_is_refused_without_a_word_of_it(self, logged):
        answer = Client(enforce_csrf_checks=True).post(PAGE, ANSWERS)
        assert answer.status_code == 403
        assert MARKER not in answer.content.decode()
        assert MARKER not in logged.getvalue()

    def test_a_large_file_is_never_written_to_a_disk(self, monkeypatch, tmp_path):
        monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
        answer = Client().post(PAGE, ANSWERS | {"photo": io.BytesIO(b"x" * 3_000_000)})
        assert answer.status_code in {200, 400, 422}
        assert list(tmp_path.iterdir()) == []

    def test_what_a_signed_in_person_enters_is_not_recorded_either(
        self, make_staff: MakeStaff, sign_in: SignIn
    ):
        browser = sign_in(make_staff())
        before = Event.objects.count()
        browser.post(PAGE, ANSWERS)
        browser.post(PDF, ANSWERS)
        assert Event.objects.count() == before
        assert all(MARKER not in str(one.get_decoded()) for one in Session.objects.all())


@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="PostgreSQL keeps its files elsewhere; that no query is made is tested above",
)
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_holds_a_word(make_staff: MakeStaff):
    make_staff(username="control-word-4471")  # what is stored is found
    Client().post(PAGE, ANSWERS)
    Client().post(PDF, ANSWERS)
    folder = Path(str(connection.settings_dict["NAME"])).parent
    stored = b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())
    assert b"control-word-4471" in stored
    assert MARKER.encode() not in stored
