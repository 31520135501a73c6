from __future__ import annotations

import io
import json
import stat
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.accounts import gate, practice, queries, services
from clinic.accounts.gate import PUBLIC, PermissionRefused, declared, holds, require, requires
from clinic.accounts.models import Clinic, Staff
from clinic.accounts.roles import GRANTS, LABELS, Permission, Role
from clinic.audit.models import Event
from clinic.web.middleware import Gate
from tests.integration.conftest import PASSWORD, MakeStaff, SignIn

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WITHOUT = [(role, permission) for role in Role for permission in Permission
           if permission not in GRANTS[role]]  # fmt: skip


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> list[URLPattern]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        match pattern:
            case URLResolver():
                found += routes(pattern.url_patterns)
            case _:
                found.append(pattern)
    return found


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_every_route_declares_who_may_use_it(route):
    assert declared(route.callback) in {PUBLIC, *Permission}


def test_a_page_that_declares_nothing_opens_for_nobody(rf: RequestFactory):
    request = rf.get("/")
    request.resolver_match = None
    with pytest.raises(Exception, match="declares no permission"):
        Gate(lambda _: HttpResponse()).process_view(request, lambda _: HttpResponse(), (), {})


def test_every_role_is_in_both_tables():
    assert set(GRANTS) == set(LABELS) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_the_gate_follows_the_table(make_staff: MakeStaff, role, permission):
    staff = make_staff(role)
    if permission in GRANTS[role]:
        require(staff, permission)
    else:
        with pytest.raises(PermissionRefused):
            require(staff, permission)
    assert holds(staff, permission) == (permission in GRANTS[role])


@pytest.mark.parametrize(("role", "permission"), WITHOUT)
def test_each_refused_permission_leaves_an_event(
    make_staff: MakeStaff, sign_in: SignIn, role, permission
):
    staff = make_staff(role)
    browser = sign_in(staff)
    for route in (one for one in routes() if declared(one.callback) == permission):
        answer = browser.get(f"/{route.pattern}".replace("<uuid:run_id>", str(uuid.uuid4())))
        assert answer.status_code == 403
        event = Event.objects.latest("sequence")
        assert (event.kind, event.actor, event.actor_role) == (
            "permission.refused",
            str(staff.pk),
            role.value,
        )
        assert event.clinic == str(staff.clinic_id)
        assert event.content == {"permission": permission.value, "route": f"web:{route.name}"}


def test_somebody_unknown_is_sent_to_sign_in_and_back():
    answer = Client().get("/predict/?dose=1+mg")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/predict/%3Fdose%3D1%2Bmg"


@pytest.mark.parametrize(
    ("current", "asked"),
    [
        ("http://testserver/predict/?dose=1+mg", "/predict/%3Fdose%3D1%2Bmg"),
        ("http://testserver/predict/", "/predict/"),
        ("https://elsewhere.example/predict/?dose=1+mg", ""),
        ("http://testserver//elsewhere.example/", ""),
        ("http://testserver/\\elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_part_of_a_page_tells_htmx_to_leave_and_to_come_back(current, asked):
    headers = {"HX-Request": "true", "HX-Current-URL": current}
    answer = Client().get("/predict/", headers=headers)
    to = f"/sign-in/?ended=yes&next={asked}"
    assert (answer.status_code, answer["HX-Redirect"]) == (401, to)


def test_somebody_whose_session_ended_is_told_so_and_nobody_else(
    make_staff: MakeStaff, sign_in: SignIn
):
    ended = b"Your session ended; sign in again and your entries come back."
    browser = sign_in(make_staff(Role.NURSE))
    browser.session.flush()
    answer = browser.get("/predict/?dose=1+mg")
    assert answer["Location"] == "/sign-in/?ended=yes&next=/predict/%3Fdose%3D1%2Bmg"
    page = browser.get(answer["Location"]).content
    assert ended in page
    assert b'value="/predict/?dose=1+mg"' in page
    assert ended not in Client().get("/predict/", follow=True).content


def test_a_page_within_the_role_opens(make_staff: MakeStaff, rf: RequestFactory):
    page = requires(Permission.PREDICT)(lambda _: HttpResponse("inside"))
    request = rf.get("/")
    request.user = make_staff(Role.NURSE)
    assert page(request).content == b"inside"
    assert gate.declared(page) is Permission.PREDICT


def test_the_staff_of_another_clinic_cannot_be_seen(
    make_staff: MakeStaff, clinic: Clinic, other_clinic: Clinic
):
    ours, theirs = make_staff(at=clinic), make_staff(at=other_clinic)
    assert list(queries.staff_visible_to(ours)) == [ours]
    assert queries.staff_for(ours, theirs.pk) is None
    assert queries.staff_for(ours, uuid.uuid4()) is None
    assert queries.staff_for(ours, ours.pk) == ours


def test_an_unknown_role_is_refused_by_the_database(make_staff: MakeStaff):
    staff = make_staff()
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(role="owner")


def test_there_is_one_practice_clinic():
    Clinic.objects.create(name="One", is_practice=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.create(name="Two", is_practice=True)


@pytest.mark.parametrize("password", ["short", "password1234", "839201746583", "Practice Nurse"])
def test_a_weak_password_is_refused(make_staff: MakeStaff, password):
    staff = make_staff()
    staff.name = "Practice Nurse"
    with pytest.raises(ValidationError):
        services.staff_set_password(staff, password)


class TestPractice:
    def test_it_has_one_sign_in_for_each_role(self, tmp_path: Path):
        made = practice.prepare(tmp_path)
        assert [one.username for one in made] == [role.value for role in Role]
        assert Clinic.objects.get(is_practice=True).name == "Practice clinic"
        nurse = Staff.objects.get(username="nurse")
        assert (nurse.name, nurse.role) == ("Practice Nurse", Role.NURSE)

    def test_the_passwords_open_the_door(self, tmp_path: Path):
        for one in practice.prepare(tmp_path):
            staff = Staff.objects.get(username=one.username)
            assert staff.check_password(one.password)

    def test_a_second_time_changes_nothing(self, tmp_path: Path):
        first = practice.prepare(tmp_path)
        hashes = set(Staff.objects.values_list("password", flat=True))
        second = practice.prepare(tmp_path)
        assert [one.password for one in second] == [one.password for one in first]
        assert not any(one.is_new for one in second)
        assert set(Staff.objects.values_list("password", flat=True)) == hashes

    def test_the_file_is_for_its_owner_alone(self, tmp_path: Path):
        practice.prepare(tmp_path)
        assert stat.S_IMODE((tmp_path / practice.FILE_NAME).stat().st_mode) == 0o600

    @pytest.mark.parametrize("text", [None, "", "{", "[]", '{"nurse": 1}', '{"nurse": {}}'])
    def test_a_lost_or_torn_file_means_new_passwords_and_says_so(self, tmp_path: Path, text):
        first = practice.prepare(tmp_path)
        path = tmp_path / practice.FILE_NAME
        path.unlink() if text is None else path.write_text(text)
        second = practice.prepare(tmp_path)
        assert all(one.is_new for one in second)
        assert not {one.password for one in first} & {one.password for one in second}
        assert Staff.objects.get(username="nurse").check_password(second[1].password)

    def test_an_account_that_is_lacking_is_made_again(self, tmp_path: Path):
        practice.prepare(tmp_path)
        Staff.objects.filter(username="nurse").delete()
        again = practice.prepare(tmp_path)
        assert [one.username for one in again if one.is_new] == ["nurse"]
        kept = json.loads((tmp_path / practice.FILE_NAME).read_text())
        assert Staff.objects.get(username="nurse").check_password(kept["nurse"]["password"])

    def test_a_password_changed_elsewhere_is_noticed(self, tmp_path: Path):
        practice.prepare(tmp_path)
        services.staff_set_password(Staff.objects.get(username="nurse"), PASSWORD)
        assert [one.username for one in practice.prepare(tmp_path) if one.is_new] == ["nurse"]

    def test_the_command_prints_every_sign_in(self, tmp_path: Path, settings):
        settings.KETHERAPY_HOME = tmp_path
        first, second = io.StringIO(), io.StringIO()
        call_command("practice", stdout=first)
        call_command("practice", stdout=second)
        assert first.getvalue().count("(new password)") == len(Role)
        assert first.getvalue().replace("  (new password)", "") == second.getvalue()

    def test_it_is_refused_where_no_practice_server_runs(self, settings):
        settings.PRACTICE = False
        with pytest.raises(CommandError, match="only where the practice server runs"):
            call_command("practice")
