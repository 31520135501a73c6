"""Run a command beside a real, throw-away PostgreSQL, named to it by DATABASE_URL.

Use: ``python tests/postgres.py python -m pytest -m database``.

The server comes from the ``pgserver`` wheel, else from Debian's package. It listens on 127.0.0.1
alone, under a random password, and is gone when the command ends. PostgreSQL refuses to run as
root; for root it runs as the system's ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NONE_FOUND = (
    "PostgreSQL: expected the pgserver wheel (Python 3.11 or 3.12) or Debian's server, got neither."
    " Install one: sudo apt-get install postgresql"
)
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
PATIENCE = 60.0  # [s] to wait for the server to answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Programs:
    """Where one PostgreSQL keeps its programs, and how to start them."""

    folder: Path
    environment: dict[str, str]
    user: str | None  # None: whoever we are

    def start(self, name: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        """Start one program, its words going to ``log``."""
        who = {"user": self.user, "group": self._group(), "extra_groups": []} if self.user else {}
        with log.open("ab") as words:
            return subprocess.Popen(
                [self.folder / name, *arguments],
                stdout=words,
                stderr=words,
                env=self.environment,
                cwd="/",
                start_new_session=True,  # Ctrl-C reaches us, and we stop it in order
                **who,
            )

    def _group(self) -> int:
        return pwd.getpwnam(self.user or "").pw_gid


def from_wheel(home: Path) -> Path | None:
    """Return the programs of the pgserver wheel, copied where their user can read them."""
    wheel = importlib.util.find_spec("pgserver")
    if wheel is None or wheel.origin is None:
        return None
    package = Path(wheel.origin).parent
    for part in (package / "pginstall", package.with_name("pgserver.libs")):
        if part.is_dir():
            shutil.copytree(part, home / part.relative_to(package.parent))
    return home / "pgserver" / "pginstall" / "bin"


def from_debian() -> Path | None:
    """Return the programs of the newest PostgreSQL that Debian installed."""
    servers = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(servers, key=lambda server: float(server.parts[-3]), default=None)
    return newest.parent if newest else None


def programs(home: Path) -> Programs:
    """Return a PostgreSQL to run, or leave with the sentence that says what to install."""
    folder = from_wheel(home) or from_debian()
    if folder is None:
        raise SystemExit(NONE_FOUND)
    libraries = f"{folder.parent / 'lib'}:{home / 'pgserver.libs'}"
    return Programs(
        folder=folder,
        environment={"PATH": os.environ["PATH"], "LC_ALL": "C", "LD_LIBRARY_PATH": libraries},
        user=_other_user() if os.geteuid() == 0 else None,
    )


def _other_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server() -> Iterator[str]:
    """Run a fresh server and give its address."""
    with tempfile.TemporaryDirectory(prefix="ketherapy-postgres-") as place:
        home = Path(place)
        home.chmod(0o711)  # the server's user passes through; nobody else can list it
        run = programs(home)
        data, password, port = home / "data", secrets.token_urlsafe(24), _free_port()
        _create(run, data=data, password=password)
        process = run.start(
            "postgres",
            *("-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", ""),
            *(part for setting in QUICK for part in ("-c", setting)),
            log=home / "log",
        )
        try:
            _wait(run, process, port, log=home / "log")
            yield f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's fast, orderly stop
            process.wait()


def _create(run: Programs, *, data: Path, password: str) -> None:
    secret, log = data.with_name("password"), data.with_name("log")
    data.mkdir(mode=0o700)
    secret.write_text(password)
    secret.chmod(0o600)
    if run.user:
        shutil.chown(data, run.user)
        shutil.chown(secret, run.user)
    options = ("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--username=postgres")
    made = run.start("initdb", *options, f"--pwfile={secret}", f"--pgdata={data}", log=log)
    if made.wait() != 0:
        raise SystemExit(f"PostgreSQL: expected a new database, got:\n{log.read_text()}")


def _wait(run: Programs, process: subprocess.Popen[bytes], port: int, *, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        asked = run.start("pg_isready", "--host=127.0.0.1", f"--port={port}", log=log)
        if asked.wait() == 0:
            return
        time.sleep(0.05)
    raise SystemExit(f"PostgreSQL: expected a server that answers, got:\n{log.read_text()}")


def _stop_on_terminate(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run ``command`` beside a server and return its exit status."""
    if not command:
        raise SystemExit("Usage: python tests/postgres.py COMMAND [ARGUMENT ...]")
    signal.signal(signal.SIGTERM, _stop_on_terminate)
    with server() as url:
        try:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
