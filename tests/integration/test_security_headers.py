from __future__ import annotations

import asyncio
import json
import logging

import pytest
from django.test import Client
from django.urls import path

from clinic.accounts.gate import public
from clinic.config import urls as project
from clinic.config.asgi import application
from clinic.config.headers import HEADERS
from clinic.web import csp_reports, views
from tests.integration.conftest import MakeStaff, SignIn

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@public
def broken(_request):
    raise RuntimeError("a secret inside")


urlpatterns = [path("broken/", broken), *project.urlpatterns]
handler400, handler403 = project.handler400, project.handler403
handler404, handler500 = project.handler404, project.handler500

EVERYWHERE = [
    ("/", 200),
    ("/predict/", 302),
    ("/sign-in/", 200),
    ("/self-check/", 200),
    ("/self-check/pdf/", 302),  # a sheet is made of what is sent alone: back to the form
    ("/sign-out/", 405),
    ("/healthz", 200),
    ("/csp-report/", 405),
    ("/nowhere/", 404),
    ("/broken/", 500),
    ("/static/web/base.css", 200),
    ("/static/web/mark.svg", 200),
    ("/static/nowhere.css", 404),
]


@pytest.mark.urls("tests.integration.test_security_headers")
@pytest.mark.parametrize(("address", "status"), EVERYWHERE)
def test_every_answer_carries_the_headers(address, status):
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert "Server" not in answer


def test_an_unknown_host_gets_the_headers_and_a_calm_page():
    answer = Client(headers={"host": "elsewhere.example"}).get("/")
    assert answer.status_code == 400
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert b"could not be read" in answer.content


def test_a_refusal_gets_the_headers_and_a_calm_page(make_staff: MakeStaff, sign_in: SignIn):
    answer = sign_in(make_staff("front_desk")).get("/predict/")
    assert answer.status_code == 403
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert b"Not for this role" in answer.content


@pytest.mark.urls("tests.integration.test_security_headers")
def test_a_fault_shows_and_logs_nothing_of_the_inside(caplog: pytest.LogCaptureFixture):
    answer = Client(raise_request_exception=False).get("/broken/")
    assert b"Something went wrong here" in answer.content
    assert b"secret inside" not in answer.content


def test_the_policy_allows_nothing_inline_and_nobody_else():
    rules = dict(rule.split(" ", 1) for rule in HEADERS["Content-Security-Policy"].split("; "))
    assert rules.pop("report-uri") == "/csp-report/"
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}


def test_pages_are_not_kept_and_files_are():
    assert Client().get("/")["Cache-Control"] == "no-store"
    kept = Client().get("/static/web/base.css")
    assert "max-age" in kept["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in kept


def test_a_file_that_has_not_changed_is_not_sent_again():
    first = Client().get("/static/web/base.css")
    again = Client().get("/static/web/base.css", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Type" not in again


def test_health_says_that_the_database_answers():
    assert Client().get("/healthz").json() == {"database": "reachable"}


def test_health_says_that_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch):
    def gone():
        raise views.DatabaseError("no route to 10.0.0.7")

    monkeypatch.setattr(views.connection, "cursor", gone)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "unreachable"})


class TestReports:
    def send(self, body: bytes | str, browser: Client | None = None):
        browser = browser or Client(enforce_csrf_checks=True)
        return browser.post("/csp-report/", body, content_type="application/csp-report")

    def report(self, directive: str) -> str:
        return json.dumps(
            {"csp-report": {"violated-directive": directive, "blocked-uri": "http://x/?weight=71"}}
        )

    def test_it_is_counted_and_not_repeated(self, caplog, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(csp_reports, "_counts", csp_reports.Counter())
        caplog.set_level(logging.INFO, logger="clinic.web.csp_reports")
        for _ in range(5):
            assert self.send(self.report("style-src 'self'")).status_code == 204
        said = [r.getMessage() for r in caplog.records if "csp" in r.name]
        assert said == [f"csp report style-src count {n}" for n in (1, 2, 4)]

    def test_a_directive_made_up_is_counted_as_other(self):
        body = self.report("patient-name-src\nforged line").encode()
        assert csp_reports.reported_directive(body) == "other"

    @pytest.mark.parametrize("body", ["", "{", "[]", "1", "{}", '{"csp-report": 1}', "[" * 9000])
    def test_what_is_no_report_is_refused(self, body):
        assert self.send(body).status_code == 400

    def test_what_is_too_large_is_refused(self):
        assert self.send(b" " * (16 * 1024)).status_code == 400
        assert self.send(b" " * (16 * 1024 + 1)).status_code == 413

    @pytest.mark.parametrize("said", [b"16385", b"9" * 5000])
    def test_what_says_that_it_is_too_large_is_refused_unread(self, said):
        sent = []

        async def receive():
            raise AssertionError("it was read")

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/csp-report/",
            "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"content-length", said)],
        }
        asyncio.run(application(scope, receive, send))
        assert sent[0]["status"] == 413
        assert dict(sent[0]["headers"])[b"X-Frame-Options"] == b"DENY"
