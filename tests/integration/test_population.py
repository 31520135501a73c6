"""The population page over HTTP: who may, whose run, how it ends, what can be taken away."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
import xarray as xr
from django.test import Client
from django.urls import reverse

from clinic.accounts.roles import GRANTS, Permission, Role
from clinic.audit.models import Event
from clinic.explore import population_jobs as jobs
from clinic.explore.population_jobs import Runs
from ketherapy.errors import ContractError
from ketherapy.simulation import population
from ketherapy.simulation.people import populations
from tests.integration.conftest import MakeStaff, SignIn

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PAGE = "/lab/population/"
ENTRIES = {
    "drug": "ketamine", "route": "iv", "dose": "0.5 mg/kg", "over": "40 min", "until": "4 h",
    "model": "", "n": "60", "people": "alike", "weight": "71 kg", "age": "30 years", "seed": "3",
    "above": "150 ng/mL",
}  # fmt: skip
PATIENCE_S = 120
WITHOUT = [role for role in Role if Permission.POPULATE not in GRANTS[role]]


@pytest.fixture(autouse=True)
def runs(monkeypatch) -> Runs:
    """Give each test runs of its own, and leave none behind."""
    own = Runs()
    monkeypatch.setattr(jobs, "RUNS", own)
    yield own
    assert own.stop_all(within=PATIENCE_S)


@pytest.fixture
def researcher(make_staff: MakeStaff, sign_in: SignIn) -> Client:
    return sign_in(make_staff(Role.RESEARCHER))


@pytest.fixture
def prescriber(make_staff: MakeStaff, sign_in: SignIn) -> Client:
    return sign_in(make_staff(Role.PRESCRIBER))


class Hold:
    """Where runs wait before their first people."""

    def __init__(self) -> None:
        self.is_reached, self.is_over = threading.Event(), threading.Event()


@pytest.fixture
def held(monkeypatch) -> Iterator[Hold]:
    """Hold every run before its first people until that is over."""
    hold, real = Hold(), population.summarise

    def waiting(plan, task):
        hold.is_reached.set()
        assert hold.is_over.wait(PATIENCE_S)
        return real(plan, task)

    monkeypatch.setattr(population, "summarise", waiting)
    yield hold
    hold.is_over.set()


def begin(browser: Client, **changed: str) -> str:
    answer = browser.post(PAGE, ENTRIES | changed)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def finished(browser: Client, address: str) -> str:
    """Return the page of a run once it has ended."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        body = browser.get(address).content.decode()
        if 'hx-trigger="every 1s"' not in body:
            return body
        time.sleep(0.05)
    raise AssertionError("the run did not end")


def addresses(run: str) -> list[str]:
    return [run, f"{run}csv/", f"{run}netcdf/"]


def test_a_run_goes_from_the_form_to_the_fan_its_tables_and_what_rests_on_it(researcher):
    body = finished(researcher, begin(researcher))
    assert body.count('<svg class="chart ') == 4
    for words in ("Predicted, not measured.", "60 simulated people", "Seed 3", "exact",
                  "Otto 2021 / Fanta 2015", "off-label", "Who is this model from?",
                  "simulated people are above 150 ng/mL", 'id="levels"', 'id="cmax"'):  # fmt: skip
        assert words in body, words
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", body)


def test_another_analyte_is_another_picture_of_the_same_run(researcher):
    run = begin(researcher)
    finished(researcher, run)
    body = researcher.get(f"{run}?analyte=norketamine").content.decode()
    assert "S + R norketamine: how levels spread" in body
    unknown = researcher.get(f"{run}?analyte=midazolam").content.decode()
    assert "S + R ketamine: how levels spread" in unknown


def test_a_run_of_people_who_differ_says_who_they_are(researcher):
    one = populations()[0]
    body = finished(researcher, begin(researcher, people=one.id, weight="", age=""))
    assert one.text in body
    assert "own weight" in body


def test_while_it_runs_the_page_asks_again_and_works_without_a_script(researcher, held):
    run = begin(researcher)
    body = researcher.get(run).content.decode()
    assert f'hx-get="{run}"' in body
    assert f'<a class="quiet" href="{run}">Look again</a>' in body
    assert re.search(r'<progress value="0" max="60"', body)
    part = researcher.get(run, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert "no-store" in part["Cache-Control"]


def test_a_finished_part_no_longer_asks_and_says_that_it_is_there(researcher):
    run = begin(researcher)
    finished(researcher, run)
    part = researcher.get(run, headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in part
    assert "Finished: the picture is here." in part


def test_what_cannot_be_used_is_refused_with_every_reason_and_begins_nothing(researcher, runs):
    answer = researcher.post(PAGE, ENTRIES | {"n": "1e9", "dose": "1,5 mg/kg", "weight": ""})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was begun" in body
    for field in ("n", "dose", "weight"):
        assert re.search(rf'id="{field}-error"[^>]*>[^<]', body), field
    assert 'value="1,5 mg/kg"' in body
    assert runs._runs == {}


def test_a_second_run_at_once_is_refused_with_a_sentence(researcher, held):
    begin(researcher)
    answer = researcher.post(PAGE, ENTRIES)
    assert answer.status_code == 409
    assert jobs.YOURS.sentence in answer.content.decode()


def test_beyond_two_at_once_the_next_is_told_to_wait(make_staff, sign_in, held):
    for _ in range(jobs.MOST_RUNNING):
        begin(sign_in(make_staff(Role.RESEARCHER)))
    answer = sign_in(make_staff(Role.DIRECTOR)).post(PAGE, ENTRIES)
    assert answer.status_code == 409
    assert jobs.FULL.sentence in answer.content.decode()


def test_a_run_is_cancelled_and_says_so(researcher, held):
    run = begin(researcher, n="20000")
    assert held.is_reached.wait(PATIENCE_S)  # before its first people it would end at once
    answer = researcher.post(f"{run}cancel/")
    assert (answer.status_code, answer["Location"]) == (302, run)
    assert "stopping after those being simulated now" in researcher.get(run).content.decode()
    held.is_over.set()
    assert "Cancelled after" in finished(researcher, run)
    assert researcher.get(f"{run}csv/").status_code == 404


def test_a_run_that_failed_says_why(researcher, monkeypatch):
    def broken(plan, task):
        raise ContractError("weight", expected="one", got="none", remedy="Give it.")

    monkeypatch.setattr(population, "summarise", broken)
    body = finished(researcher, begin(researcher))
    assert "The run failed. weight: expected one, got &#x27;none&#x27;. Give it." in body


def test_nobody_sees_or_stops_another_persons_run(researcher, prescriber, runs):
    run = begin(researcher)
    finished(researcher, run)
    for address in addresses(run):
        assert prescriber.get(address).status_code == 404
        assert researcher.get(address).status_code == 200
    assert prescriber.post(f"{run}cancel/").status_code == 404
    assert prescriber.get(PAGE).content.decode().count(run) == 0
    assert researcher.get(PAGE).content.decode().count(run) == 1


def test_a_run_that_nobody_knows_is_said_to_be_forgotten(researcher):
    unknown = reverse("web:population_run", args=[uuid.uuid4()])
    for headers in ({}, {"HX-Request": "true"}):
        answer = researcher.get(unknown, headers=headers)
        assert answer.status_code == 404
        assert "forgotten" in answer.content.decode()
        assert ("<html" in answer.content.decode()) is not bool(headers)


def test_the_table_and_the_file_are_read_by_other_programs(researcher, tmp_path):
    run = begin(researcher)
    finished(researcher, run)
    table = researcher.get(f"{run}csv/")
    assert "attachment" in table["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert {row["n"] for row in rows} == {"60"}
    path = tmp_path / "population.nc"
    path.write_bytes(researcher.get(f"{run}netcdf/").content)
    with xr.open_dataset(path, engine="h5netcdf") as data:
        medians = data["ketamine"].sel(probability=0.5).values * 1000.0
        of_table = [
            float(row["value"])
            for row in rows
            if (row["analyte"], row["quantity"], row["probability"]) == ("ketamine", "level", "0.5")
        ]
        assert of_table == pytest.approx(list(medians), rel=1e-12)
        assert data.attrs["seed"] == "3"


def test_the_entries_come_back_to_be_changed(researcher):
    run = begin(researcher, dose="28 mg")
    finished(researcher, run)
    body = researcher.get(f"{PAGE}?like={run.split('/')[3]}").content.decode()
    assert 'value="28 mg"' in body
    for foreign in (str(uuid.uuid4()), "nonsense"):
        assert 'value="0.5 mg/kg"' in researcher.get(f"{PAGE}?like={foreign}").content.decode()


@pytest.mark.parametrize("role", WITHOUT)
def test_other_roles_are_refused_and_the_attempt_is_recorded(make_staff, sign_in, role, runs):
    browser = sign_in(make_staff(role))
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, ENTRIES).status_code == 403
    assert runs._runs == {}
    refused = Event.objects.filter(kind="permission.refused").last()
    told = {"permission": "populate", "route": "web:population"}
    assert refused.content == told
    assert PAGE not in browser.get("/").content.decode()


def test_a_stranger_is_sent_to_sign_in(runs):
    stranger, run = Client(), reverse("web:population_run", args=[uuid.uuid4()])
    for address in (PAGE, *addresses(run)):
        assert stranger.get(address)["Location"].startswith("/sign-in/")
    assert stranger.post(PAGE, ENTRIES)["Location"].startswith("/sign-in/")
    assert stranger.post(f"{run}cancel/")["Location"].startswith("/sign-in/")
    assert runs._runs == {}


def test_a_form_from_elsewhere_begins_and_stops_nothing(make_staff, runs):
    staff = make_staff(Role.RESEARCHER)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff)
    strict.get("/sign-in/")
    assert strict.post(PAGE, ENTRIES).status_code == 403
    run = reverse("web:population_cancel", args=[uuid.uuid4()])
    assert strict.post(run).status_code == 403
    assert runs._runs == {}


@pytest.mark.parametrize("method", ["put", "delete"])
def test_the_pages_take_no_other_method(researcher, method):
    assert getattr(researcher, method)(PAGE).status_code == 405


def test_only_a_form_stops_a_run(researcher, held):
    run = begin(researcher)
    assert researcher.get(f"{run}cancel/").status_code == 405
    assert researcher.post(run).status_code == 405


def test_a_run_leaves_nothing_in_the_log_of_events(researcher):
    before = Event.objects.count()
    finished(researcher, begin(researcher))
    assert Event.objects.count() == before
