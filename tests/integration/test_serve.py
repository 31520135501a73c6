"""The real server, as ``python -m clinic`` starts it: a process of its own, a home of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import clinic
from clinic.config.headers import HEADERS

PATIENCE = 60.0  # [s]
SECOND_START = 5.0  # [s] the promise
SIGN_IN = re.compile(r"^  (\w+) +([a-z2-9]{5}(?:-[a-z2-9]{5}){2}) ", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Running:
    process: subprocess.Popen[str]
    port: int
    seconds: float  # from the command to the first answer
    log: Path

    def get(self, address: str) -> tuple[int, dict[str, str], str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            line.request("GET", address)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def sign_ins(self) -> dict[str, str]:
        return dict(SIGN_IN.findall(self.log.read_text()))


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    ours = {"KETHERAPY_HOME": str(home), "PYTHONPATH": str(Path(clinic.__file__).parents[1])}
    others = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOST", "PORT"}
    kept = {name: value for name, value in os.environ.items() if name not in others}
    return {**kept, **ours, **more}


@contextmanager
def running(home: Path, **more: str) -> Iterator[Running]:
    port, log = free_port(), home.parent / "log"
    begun = time.monotonic()
    with log.open("w") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "clinic"],
            env=environment(home, PORT=str(port), **more),
            stdout=words,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        server = Running(process=process, port=port, seconds=0.0, log=log)
        while True:
            try:
                server.get("/healthz")
                break
            except ConnectionError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() - begun < PATIENCE, log.read_text()
                time.sleep(0.02)
        yield Running(process=process, port=port, seconds=time.monotonic() - begun, log=log)
    finally:
        process.kill()
        process.wait()


def refusal(home: Path, *arguments: str, status: int = 1, **more: str) -> str:
    """Return the one sentence with which a start is refused."""
    ended = subprocess.run(
        [sys.executable, "-m", "clinic", *arguments],
        env=environment(home, **{"PORT": str(free_port()), **more}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_it_serves_prints_where_and_keeps_its_passwords(home: Path):
    with running(home) as first:
        status, headers, page = first.get("/")
        assert status == 200
        assert "Practice clinic" in page
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "server" not in {name.lower() for name in headers}
        assert f"http://localhost:{first.port}" in first.log.read_text()
        sign_ins = first.sign_ins()
        assert len(sign_ins) == 7
        assert first.get("/static/web/base.css")[0] == 200
        assert first.stop(signal.SIGINT) == 0
    with running(home) as second:
        assert second.sign_ins() == sign_ins
        assert second.stop(signal.SIGTERM) == 0
        said = second.log.read_text()
    assert "Traceback" not in said
    assert "Warning" not in said
    if second.seconds >= SECOND_START:  # another test may have had the processor meanwhile
        assert min(seconds_of_a_start(home) for _ in range(3)) < SECOND_START


def seconds_of_a_start(home: Path) -> float:
    with running(home) as server:
        return server.seconds


def test_the_database_loses_nothing_and_the_log_is_guarded(home: Path):
    with running(home) as server:
        server.stop(signal.SIGTERM)
    with closing(sqlite3.connect(home / "ketherapy.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    verified = subprocess.run(
        [sys.executable, "-m", "clinic", "manage", "audit_verify"],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 events, unbroken" in verified.stdout


def test_everything_it_writes_is_for_its_owner_alone(home: Path):
    with running(home) as server:
        server.stop(signal.SIGTERM)
    assert home.stat().st_mode & 0o077 == 0
    assert not [path.name for path in home.iterdir() if path.stat().st_mode & 0o077]


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_it_listens_on_this_machine_alone(home: Path):
    with running(home, HOST="localhost") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5):
            pass
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_a_taken_port_is_one_sentence_and_touches_no_database(home: Path):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        assert f"PORT {port}: expected a free port" in refusal(home, PORT=port)
    assert not (home / "ketherapy.sqlite3").exists()


@pytest.mark.parametrize("port", ["zero", "0", "65536"])
def test_a_port_that_is_none_is_one_sentence(home: Path, port):
    assert "PORT: expected a whole number from 1 to 65535" in refusal(home, PORT=port)
    assert not home.exists()


def test_another_interface_is_one_sentence(home: Path):
    assert "HOST: expected 127.0.0.1, ::1 or localhost" in refusal(home, HOST="0.0.0.0")


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "KETHERAPY_HOME: expected a folder" in refusal(tmp_path / "file" / "home")


def test_a_home_in_the_source_tree_is_one_sentence():
    inside = Path(clinic.__file__).parents[2] / "data"
    assert "Data never live in a checkout" in refusal(inside)
    assert not inside.exists()


def test_an_address_of_a_database_that_cannot_be_read_is_one_sentence(home: Path):
    said = refusal(home, DATABASE_URL="mysql://me:secret@host/name")
    assert "DATABASE_URL: expected postgresql://" in said
    assert "secret" not in said


def test_a_database_that_does_not_answer_is_one_sentence(home: Path):
    url = f"postgresql://me:secret@127.0.0.1:{free_port()}/name"
    said = refusal(home, DATABASE_URL=url)
    assert "the database: expected one that can be opened" in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_one_sentence(home: Path):
    home.mkdir()
    (home / "ketherapy.sqlite3").write_text("no database, but long enough to be read as one" * 9)
    assert "the database: expected one that can be opened" in refusal(home)


def test_a_database_newer_than_the_code_is_one_sentence(home: Path):
    with running(home) as server:
        server.stop(signal.SIGTERM)
    with closing(sqlite3.connect(home / "ketherapy.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('audit', '0999_later', '2030-01-01')"
        )
    assert "got 'the change audit.0999_later'" in refusal(home)


def test_commands_refuse_in_one_sentence_too(home: Path):
    said = refusal(home, "manage", "check", DATABASE_URL="mysql://host/name")
    assert "DATABASE_URL" in said


def test_a_clinics_own_server_is_not_changed_behind_its_back(home: Path):
    prod = {
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings.prod",
        "KETHERAPY_ALLOWED_HOSTS": "clinic.example.org",
    }
    assert "python -m clinic manage migrate" in refusal(home, **prod)


def test_a_clinics_own_server_has_secure_cookies_and_tls_alone(home: Path):
    code = (
        "from django.conf import settings as s;"
        "print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS > 0, s.PRACTICE, s.DEBUG, s.SECURE_PROXY_SSL_HEADER)"
    )
    home.mkdir()
    asked = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(
            home,
            DJANGO_SETTINGS_MODULE="clinic.config.settings.prod",
            KETHERAPY_ALLOWED_HOSTS="clinic.example.org",
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.split() == ["True", "True", "True", "True", "False", "False", "None"]


@pytest.mark.parametrize("is_there", [False, True])
def test_verifying_where_no_log_is_is_one_sentence_and_makes_nothing(home: Path, is_there):
    if is_there:
        home.mkdir()
    said = refusal(home, "manage", "audit_verify")
    assert "KETHERAPY_HOME: expected a folder with ketherapy.sqlite3 in it" in said
    assert list(home.parent.rglob("*")) == [home] * is_there


@pytest.mark.parametrize(
    ("content", "got"),
    [("", "one without"), ("no database " * 50, "one that cannot be opened (DatabaseError)")],
)
def test_verifying_a_file_without_a_log_is_one_sentence(home: Path, content, got):
    home.mkdir()
    (home / "ketherapy.sqlite3").write_text(content)
    said = refusal(home, "manage", "audit_verify")
    assert f"the database: expected one with an event log, got {got}." in said
