"""The screening over HTTP: what it answers, who may pass a hold, and that nothing is kept."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import logging
import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from clinic.accounts.roles import Role
from clinic.audit import guards
from clinic.audit.models import Event
from clinic.care import services
from clinic.care.screening import screening_of
from clinic.care.screening_entries import names
from clinic.care.screening_examples import example_entries
from clinic.config.logs import FaultsWithoutValues
from clinic.web import screening as view
from ketherapy.dosing.decision import replay
from tests.integration.conftest import MakeStaff, SignIn, remove_guards

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PAGE, PASS = "/screening/", "/screening/pass/"
MARKER = "quixotic-zebra-7319"
REASON = "Reviewed with the nurse: a second reading after rest was lower."
HOLDS = ["CI-008a", "CI-050a", "CI-050b", "INT-unknown"]


def posted(example="pp12", **changed):
    entries = example_entries(example, zone="Europe/Zurich", now=timezone.now())
    assert entries is not None
    return {name: list(values) for name, values in entries.items()} | changed


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]+)"', text)[1]


def saved(text):
    """Return the bytes that the link of an answer saves."""
    return base64.b64decode(re.search(r"data:application/json;base64,([\w+/=]+)", text)[1])


@pytest.fixture
def prescriber(make_staff: MakeStaff, sign_in: SignIn) -> Client:
    return sign_in(make_staff(Role.PRESCRIBER))


@pytest.fixture
def nurse(make_staff: MakeStaff, sign_in: SignIn) -> Client:
    return sign_in(make_staff(Role.NURSE))


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


class TestForm:
    def test_it_opens_with_nothing_chosen_but_whose_rules_hold(self, nurse):
        text = nurse.get(PAGE).content.decode()
        assert text.count('<option value="" selected>Choose</option>') == 4
        assert '<option value="us" selected>United States' in text
        assert 'name="stroke"' not in text

    def test_an_address_may_name_a_case_and_nothing_about_a_person(self, nurse):
        case = "drug=ketamine&route=iv&use=psychiatry&setting=outpatient&stages=eligibility"
        text = nurse.get(f"{PAGE}?{case}&profile=uk&stroke=yes&medicines={MARKER}").content.decode()
        assert '<option value="uk" selected>' in text
        assert 'name="stroke" value="unknown" checked' in text
        assert MARKER not in text

    def test_not_known_is_preselected(self, nurse):
        entries = {n: v for n, v in posted().items() if n in ("drug", "route", "use", "setting")}
        asked = entries | {"profile": "us", "stages": ["eligibility", "pre_dose"], "do": "ask"}
        text = nurse.post(PAGE, asked).content.decode()
        radios = re.findall(r'type="radio" name="(\w+)" value="(\w+)"( checked)?', text)
        assert {value for _, value, checked in radios if checked} == {"unknown"}
        assert {n for n, _, _ in radios} == {n for n, _, checked in radios if checked}

    @pytest.mark.parametrize("stages", [["eligibility"], ["pre_dose"], ["discharge"]])
    @pytest.mark.parametrize("drug", ["ketamine", "esketamine"])
    def test_every_name_is_a_field_whatever_is_asked(self, nurse, stages, drug):
        entries = posted("pp07", stages=stages, drug=drug, bipolar_disorder="yes")
        text = nurse.post(PAGE, entries).content.decode()
        form = text[text.index('<form id="screening"') : text.index("</form>", text.index("<main"))]
        fields = set(re.findall(r'name="([\w-]+)"', form)) - {
            "csrfmiddlewaretoken",
            "do",
            "example",
        }
        assert fields == names()
        measured = f'name="measured_at" value="{entries["measured_at"][0]}"'
        assert form.count(measured) == 1

    def test_a_zone_that_is_none_shows_no_time(self, nurse):
        text = nurse.post(PAGE, posted(zone="Zurich")).content.decode()
        assert 'id="zone-said"></p>' in text
        assert 'value="Zurich"' in text

    @pytest.mark.parametrize("do", ["screen", "ask"])
    def test_a_refusal_keeps_every_entry(self, nurse, do):
        answer = nurse.post(PAGE, posted(sbp="1,5", medicines=MARKER, food_at="x", do=do))
        text = answer.content.decode()
        assert 'value="1,5"' in text
        assert f">{MARKER}</textarea>" in text
        assert 'name="stroke" value="no" checked' in text
        if do == "screen":
            assert answer.status_code == 422
            assert "without a comma" in text
            assert "Nothing is judged" in text

    def test_what_was_typed_is_shown_as_text(self, nurse):
        text = nurse.post(PAGE, posted(medicines="<script>x</script>")).content.decode()
        assert "<script>x" not in text

    def test_a_file_is_refused(self, nurse):
        answer = nurse.post(PAGE, posted(photo=io.BytesIO(b"bytes")))
        assert answer.status_code == 422
        assert "does not ask for" in answer.content.decode()

    def test_it_says_that_it_keeps_nothing(self, nurse):
        assert "Nothing of what you enter is kept" in nurse.get(PAGE).content.decode()


class TestAnswer:
    @pytest.mark.parametrize(
        ("example", "word"),
        [("pp07", "Nothing here stops it"), ("pp12", "Held"), ("pp19", "Stopped"),
         ("pp23", "Not known yet")],
    )  # fmt: skip
    def test_in_one_word(self, nurse, example, word):
        text = nurse.post(PAGE, posted(example)).content.decode()
        assert f"<span>{word}</span></h2>" in text

    def test_what_is_open_is_counted_in_questions(self, nurse):
        text = nurse.post(PAGE, posted("pp23")).content.decode()
        opened = text[text.index('class="open-questions"') :]
        listed = opened[: opened.index("</ul>")].count("<li>")
        assert listed > 3
        assert f"Not known yet: ask ({listed})" in text

    def test_an_example_comes_with_one_press(self, nurse):
        text = nurse.post(PAGE, {"example": "pp19", "zone": "Europe/Zurich"}).content.decode()
        assert "<span>Stopped</span></h2>" in text
        assert 'name="aneurysmal_vascular_disease" value="yes" checked' in text

    def test_examples_are_for_the_practice_clinic_alone(self, nurse, settings):
        settings.PRACTICE = False
        assert "Practice Patient" not in nurse.get(PAGE).content.decode()

    def test_a_part_is_asked_for_while_typing_and_cannot_be_saved(self, nurse):
        answer = nurse.post(PAGE, posted(), headers={"hx-request": "true"})
        text = answer.content.decode()
        assert "<html" not in text
        assert "<span>Held</span></h2>" in text
        assert "data:application/json" not in text
        assert "not known here, not checked" in text
        assert 'id="sbp-error" hx-swap-oob' in text

    def test_the_saved_decision_is_made_again_byte_for_byte(self, nurse):
        text = nurse.post(PAGE, posted("pp23")).content.decode()
        kept = saved(text)
        assert replay(kept.decode()).is_same
        assert hashlib.sha256(kept).hexdigest() in text

    def test_what_is_stale_switched_off_or_not_checked_is_always_there(self, nurse):
        text = nurse.post(PAGE, posted()).content.decode()
        assert "<strong>Not checked:</strong> St. Jon&#x27;s tea" in text
        assert "<strong>To be read again:</strong>" in text
        assert "<strong>Switched off</strong>" in text

    def test_who_may_not_screen_is_refused(self, make_staff: MakeStaff, sign_in: SignIn):
        for role in set(Role) - {Role.PRESCRIBER, Role.NURSE, Role.DIRECTOR}:
            assert sign_in(make_staff(role)).post(PAGE, posted()).status_code == 403


class TestOverride:
    def signed(self, client, *, rules=HOLDS, reason=REASON, **also):
        sent = posted()
        text = client.post(PAGE, sent).content.decode()
        act = also.get("act") or hidden(text, "act")
        asked_at = also.get("asked_at") or hidden(text, "asked_at")
        sent |= also.get("other", {})
        return client.post(
            PASS, sent | {"act": act, "asked_at": asked_at, "pass": rules, "reason": reason}
        )

    def test_a_prescriber_passes_holds_by_name(self, make_staff, sign_in):
        who = make_staff(Role.PRESCRIBER)
        answer = self.signed(sign_in(who))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Held, and passed by name" in text
        assert f"Passed by {who.name}" in text
        kept = saved(text)
        assert json.loads(kept)["override"] == {
            "by": who.name, "role": "prescriber", "reason": REASON, "rules": HOLDS,
            "at": json.loads(kept)["override"]["at"],
        }  # fmt: skip
        assert json.loads(kept)["allowed"] is True
        assert replay(kept.decode()).is_same

    def test_the_log_holds_the_rules_and_fingerprints_and_no_entry(self, make_staff, sign_in):
        who = make_staff(Role.DIRECTOR)
        kept = saved(self.signed(sign_in(who)).content.decode())
        event = Event.objects.get(kind=services.PASSED)
        assert event.actor == str(who.pk)
        assert event.actor_role == "director"
        assert event.reason is None
        assert event.content == {
            "rules": HOLDS,
            "decision": hashlib.sha256(kept).hexdigest(),
            "packs": {one["id"]: one["sha256"] for one in json.loads(kept)["rules"]},
            "allowed": True,
        }

    def test_one_hold_that_is_left_still_stands(self, prescriber):
        text = self.signed(prescriber, rules=HOLDS[:1]).content.decode()
        assert "<span>Held</span></h2>" in text
        assert text.count("passed by name") == 1
        assert 'name="pass" value="CI-008a" checked' in text
        assert 'name="pass" value="CI-050a" checked' not in text

    @pytest.mark.parametrize("role", [Role.NURSE])
    def test_a_nurse_is_refused_and_the_refusal_is_recorded(self, make_staff, sign_in, role):
        client = sign_in(make_staff(role))
        text = client.post(PAGE, posted()).content.decode()
        assert "can pass a hold, signed in by their own name" in text
        assert 'name="reason"' not in text
        asked_at = signing.dumps(timezone.now().isoformat(), salt="clinic.web.screening")
        answer = client.post(
            PASS,
            posted() | {"act": uuid.uuid4(), "asked_at": asked_at, "pass": HOLDS, "reason": REASON},
        )
        assert answer.status_code == 403
        assert not Event.objects.filter(kind=services.PASSED).exists()
        refused = Event.objects.get(kind="permission.refused")
        assert refused.content == {"permission": "override", "route": "web:screening_override"}

    @pytest.mark.parametrize(
        "reason", ["", "ok", "fine fine fine fine", "supercalifragilisticexpialidocious yes",
                   "x y z " * 120, "a reason with a \x00 in the middle of it"],
    )  # fmt: skip
    def test_a_reason_is_a_sentence(self, prescriber, reason):
        answer = self.signed(prescriber, reason=reason)
        assert answer.status_code == 422
        assert "a sentence of at least 5 words" in answer.content.decode()
        assert not Event.objects.filter(kind=services.PASSED).exists()

    @pytest.mark.parametrize(
        ("rules", "part"),
        [([], "Tick each hold"), (["CI-005d"], "holds that can be passed"),
         (["INT-001"], "holds that can be passed")],
    )  # fmt: skip
    def test_what_cannot_be_passed_is_not(self, prescriber, rules, part):
        answer = self.signed(prescriber, rules=rules)
        assert answer.status_code == 422
        assert part in answer.content.decode()
        assert REASON in answer.content.decode().replace("&#x27;", "'")
        assert not Event.objects.filter(kind=services.PASSED).exists()

    def test_what_is_not_known_is_not_passed(self, make_staff, sign_in):
        who, now = make_staff(Role.PRESCRIBER), timezone.now().replace(microsecond=0)
        entries = posted() | {"sbp": [""], "dbp": [""]}
        asked = screening_of({k: tuple(v) for k, v in entries.items()}, now=now)
        also = {"act": uuid.uuid4(), "pass": HOLDS, "reason": REASON}
        also["asked_at"] = view.answer_token(asked.decision.question, who)
        answer = sign_in(who).post(PASS, entries | also)
        assert answer.status_code == 422
        assert "what is not known is passed by learning it alone" in answer.content.decode()

    def test_the_same_act_again_is_the_same_event_and_the_same_decision(self, prescriber):
        act = str(uuid.uuid4())
        entries = posted()
        asked_at = hidden(prescriber.post(PAGE, entries).content.decode(), "asked_at")
        sent = entries | {"act": act, "asked_at": asked_at, "pass": HOLDS, "reason": REASON}
        first, second = (prescriber.post(PASS, sent).content.decode() for _ in range(2))
        assert saved(first) == saved(second)
        assert Event.objects.filter(kind=services.PASSED).count() == 1

    def test_the_same_act_with_another_content_is_refused(self, prescriber):
        act = str(uuid.uuid4())
        self.signed(prescriber, act=act)
        answer = self.signed(prescriber, act=act, rules=HOLDS[:1])
        assert answer.status_code == 422
        assert Event.objects.filter(kind=services.PASSED).count() == 1

    @pytest.mark.parametrize(
        "also",
        [{"asked_at": "yesterday"}, {"act": "one"},
         {"asked_at": signing.dumps("2026-01-01T00:00:00+00:00", salt="other")}],
    )  # fmt: skip
    def test_only_an_answer_of_ours_is_passed(self, prescriber, also):
        answer = self.signed(prescriber, **also)
        assert answer.status_code == 422
        assert "too old to be passed" in answer.content.decode()
        assert not Event.objects.filter(kind=services.PASSED).exists()

    def test_an_old_answer_is_not_passed(self, prescriber, monkeypatch):
        monkeypatch.setattr(view, "_LASTS", timedelta(seconds=-1))
        answer = self.signed(prescriber)
        assert answer.status_code == 422
        assert "too old to be passed" in answer.content.decode()

    def test_entries_that_cannot_be_read_are_not_passed(self, prescriber):
        answer = self.signed(prescriber, other={"sbp": "1,5"})
        assert answer.status_code == 422
        assert "Nothing is judged" in answer.content.decode()

    def test_the_event_and_the_answer_stay_or_go_together(self, prescriber, monkeypatch):
        def broken(_entry, *, now):
            raise RuntimeError(f"no log at {now}")

        monkeypatch.setattr(services.audit, "append", broken)
        prescriber.raise_request_exception = False
        answer = self.signed(prescriber)
        assert answer.status_code == 500
        assert b"passed by name" not in answer.content

    def test_a_bookmark_leads_to_the_form(self, prescriber):
        answer = prescriber.get(PASS)
        assert answer.status_code == 302
        assert answer["Location"] == PAGE

    def test_an_answer_to_other_entries_is_not_passed(self, prescriber):
        answer = self.signed(prescriber, other={"age": "64"})
        assert answer.status_code == 422
        assert "given to somebody else, or to other entries" in answer.content.decode()
        assert not Event.objects.filter(kind=services.PASSED).exists()

    def test_an_answer_to_somebody_else_is_not_passed(self, make_staff, sign_in, prescriber):
        entries = posted()
        theirs = sign_in(make_staff(Role.DIRECTOR)).post(PAGE, entries).content.decode()
        also = {"act": uuid.uuid4(), "pass": HOLDS, "reason": REASON}
        also["asked_at"] = hidden(theirs, "asked_at")
        answer = prescriber.post(PASS, entries | also)
        assert answer.status_code == 422
        assert not Event.objects.filter(kind=services.PASSED).exists()

    def test_it_is_decided_at_the_moment_of_the_answer(self, make_staff, sign_in):
        early = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
        who = make_staff(Role.PRESCRIBER)
        entries = posted()
        asked = screening_of({k: tuple(v) for k, v in entries.items()}, now=early)
        also = {"act": uuid.uuid4(), "pass": HOLDS, "reason": REASON}
        also["asked_at"] = view.answer_token(asked.decision.question, who)
        kept = json.loads(saved(sign_in(who).post(PASS, entries | also).content.decode()))
        assert kept["question"]["now"] == early.isoformat()
        assert datetime.fromisoformat(kept["override"]["at"]) > early + timedelta(minutes=4)


class TestNothingIsKept:
    @pytest.mark.parametrize("address", [PAGE, PASS])
    def test_no_line_of_the_log_no_event_and_no_session_holds_a_word(
        self, prescriber, logged, address
    ):
        text = prescriber.post(PAGE, posted(medicines=MARKER)).content.decode()
        sent = posted(medicines=MARKER) | {
            "act": hidden(text, "act"), "asked_at": hidden(text, "asked_at"),
            "pass": HOLDS, "reason": f"{REASON} {MARKER}",
        }  # fmt: skip
        answer = prescriber.post(address, sent)
        assert MARKER in answer.content.decode()
        assert "web:screening" in logged.getvalue()
        assert MARKER not in logged.getvalue()
        assert all(MARKER not in f"{one.payload}{one.reason}" for one in Event.objects.all())
        assert all(MARKER not in str(one.get_decoded()) for one in Session.objects.all())
        assert MARKER not in str(dict(answer.items()))
        assert MARKER not in str(prescriber.cookies)

    @pytest.mark.parametrize("address", [PAGE, PASS])
    def test_the_answer_may_not_be_stored(self, prescriber, address):
        answer = prescriber.post(address, posted())
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]

    def test_a_screening_leaves_no_event(self, nurse):
        before = Event.objects.count()
        nurse.post(PAGE, posted())
        assert Event.objects.count() == before

    def test_a_fault_of_ours_says_nothing(self, nurse, logged, monkeypatch):
        def broken(entries, *, now):
            raise RuntimeError(f"could not read {entries} at {now}")

        monkeypatch.setattr(view, "screening_of", broken)
        nurse.raise_request_exception = False
        answer = nurse.post(PAGE, posted(medicines=MARKER))
        assert answer.status_code == 500
        assert MARKER not in answer.content.decode()
        assert MARKER not in logged.getvalue()

    def test_a_forged_form_is_refused(self, make_staff: MakeStaff):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(make_staff(Role.NURSE))
        assert browser.post(PAGE, posted(medicines=MARKER)).status_code in {302, 403}


@pytest.fixture
def _emptied(transactional_db: None):
    """Empty the log afterwards, as nobody but a test may."""
    yield
    remove_guards()
    Event.objects.all().delete()
    guards.install(connection)


@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="PostgreSQL keeps its files elsewhere; that no event or session holds it is tested",
)
@pytest.mark.usefixtures("_emptied")
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_holds_a_word(make_staff: MakeStaff, sign_in: SignIn):
    client = sign_in(make_staff(Role.PRESCRIBER, username="control-word-4471"))
    text = client.post(PAGE, posted(medicines=MARKER)).content.decode()
    client.post(
        PASS,
        posted(medicines=MARKER) | {
            "act": hidden(text, "act"), "asked_at": hidden(text, "asked_at"),
            "pass": HOLDS, "reason": f"{REASON} {MARKER}",
        },
    )  # fmt: skip
    folder = Path(str(connection.settings_dict["NAME"])).parent
    stored = b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())
    assert b"control-word-4471" in stored
    assert MARKER.encode() not in stored
