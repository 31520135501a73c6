"""Start the server, or run one command: what ``python -m clinic`` does."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from clinic.config import address, database, engine, home
from clinic.config.errors import CannotStart

if TYPE_CHECKING:
    import uvicorn

_PRACTICE = "clinic.config.settings.dev"
_USAGE = """Use: python -m clinic                   start the server
     python -m clinic manage COMMAND    run one command (manage help lists them)
"""
_LAST_REQUESTS_S = 5  # how long running requests may take to end when the server stops

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Start the server or run a command, and return the exit status."""
    os.umask(0o077)  # whatever is written is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _PRACTICE)
    try:
        match list(arguments):
            case []:
                return _serve()
            case ["manage", *command]:
                return _manage(command)
            case _:
                sys.stderr.write(_USAGE)
                return 2
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _manage(command: Sequence[str]) -> int:
    """Run one management command over the same folder and database as the server."""
    folder = home.home_from(os.environ)
    if command[:1] == ["audit_verify"]:  # it reads, so it must find rather than make
        database.require_there(os.environ, folder)
    home.prepare(folder)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m clinic manage", *command])
    return 0


def _serve() -> int:
    """Prepare everything, say where the pages are, and serve until told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    port = address.port_from(os.environ)
    folder = home.home_from(os.environ)
    home.prepare(folder)
    engine.keep_compiled(folder, os.environ)
    from django.conf import settings

    host = address.host_from(os.environ, practice=settings.PRACTICE)
    with address.listening(host, port) as listening:
        _prepare_database(practice=settings.PRACTICE)
        sys.stdout.write(_welcome(host, port, folder, practice=settings.PRACTICE))
        sys.stdout.flush()
        warming = threading.Thread(target=_warm, name="warm", daemon=True)
        warming.start()
        with suppress(KeyboardInterrupt, SystemExit):  # how it ends when it is told to stop
            _server().run(sockets=[listening])
    if warming.is_alive() or not _populations_ended():
        # The engine is still at work, in native code that an orderly exit would pull the
        # ground from under; it holds nothing that has to be saved.
        logging.shutdown()
        os._exit(0)
    return 0


def _prepare_database(*, practice: bool) -> None:
    """Bring the practice database up to date; a clinic's own is changed by its operator alone."""
    import django
    from django.core.management import call_command

    django.setup()
    from clinic.config import schema

    if not schema.is_behind():
        return
    if not practice:
        raise CannotStart(
            "the database",
            expected="one that is up to date",
            got="an older one",
            remedy="Make a backup, then: python -m clinic manage migrate.",
        )
    call_command("migrate", interactive=False, verbosity=0)


def _welcome(host: str, port: int, folder: Path, *, practice: bool) -> str:
    """Return what is printed at the start: the address, and the practice sign-ins."""
    where, sign_ins = f"Ketherapy listens on {host} port {port}", []
    if practice:
        where, sign_ins = f"Ketherapy is at http://localhost:{port}", ["", *_sign_ins(folder)]
    return "\n".join([where, f"Data are in {folder}", *sign_ins, "", "Stop with Ctrl-C.", ""])


def _sign_ins(folder: Path) -> list[str]:
    """Return the table of practice sign-ins; they are made here if they have to be."""
    from clinic.accounts import practice

    made = practice.prepare(folder)
    lines = ["This is a practice clinic: its people are not real. Sign in as"]
    lines += [f"  {one.username:<12} {one.password:<20} {one.role}" for one in made]
    if any(one.is_new for one in made):
        lines.append("These passwords are new; they stay the same from now on.")
    return lines


def _warm() -> None:
    """Compile the numerical engine beside the running server."""
    try:
        from clinic.explore import evidence_search, mechanism, predictions, two_infusions

        mechanism.warm()  # the page that anybody may open first
        evidence_search.search(evidence_search.Filters())  # reads the trials, once
        predictions.warm()
        two_infusions.warm()
        log.info("the engine is warm")
    except Exception:  # a cold engine is slow, a dead server is worse
        log.exception("the engine could not be warmed; the first prediction will be slow")


def _populations_ended() -> bool:
    """Cancel the population runs and return whether all of them have ended in time."""
    from clinic.explore.population_jobs import RUNS

    return RUNS.stop_all(within=_LAST_REQUESTS_S)


def _server() -> uvicorn.Server:
    """Return the ASGI server around the application."""
    import uvicorn

    from clinic.config.asgi import application

    return uvicorn.Server(
        uvicorn.Config(
            application,
            interface="asgi3",
            http="h11",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,  # it would write what was entered; clinic.web.middleware logs
            server_header=False,
            proxy_headers=False,  # nobody in front is believed unless the settings say so
            timeout_graceful_shutdown=_LAST_REQUESTS_S,
        )
    )


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Turn a request to terminate into an orderly exit."""
    raise SystemExit(0)
