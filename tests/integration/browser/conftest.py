"""A real server, a real Chromium, and a watch on everything a page must never do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests import chromium

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    # Chromium draws the address bar's suggestions in two more pages for each window: half the cost
    # of a fresh context. It heeds the last such list alone, so Playwright's own is said again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,OptimizationHints,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,"
    "NetworkTimeServiceQuerying,PreconnectToSearch",
]
START_S = 60  # how long a first start may take on a small machine
WARM_S = 180  # and the first prediction, while the engine is still compiling
REFUSED = "status of 422"  # Chromium logs each refusal, but a refusal is our answer, not a fault
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error("CSP " + event.violatedDirective + " " + event.blockedURI));
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """The practice clinic, started as anybody starts it."""

    url: str
    passwords: dict[str, str]
    home: Path  # where its database and its log are


@dataclass
class Watch:
    """Everything that went wrong on the pages of one test."""

    host: str
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._request)

    def forgive(self, *pieces: str) -> None:
        """Drop the faults that a test provoked, each known by a piece of its text."""
        self.faults[:] = [f for f in self.faults if not any(piece in f for piece in pieces)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("clinic")
    port = _free_port()
    root = Path(__file__).parents[3]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    environ |= {"KETHERAPY_HOME": str(home), "PORT": str(port)}
    environ |= {"PYTHONPATH": os.pathsep.join([*_paths(environ), str(root / "src")])}
    with (
        (home / "server.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "clinic"], env=environ, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _await(f"http://127.0.0.1:{port}/healthz", process, home / "server.log")
            yield Server(url=f"http://127.0.0.1:{port}", passwords=_passwords(home), home=home)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _paths(environ: dict[str, str]) -> list[str]:
    return [environ["PYTHONPATH"]] if environ.get("PYTHONPATH") else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with what it printed when it does not."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


def _passwords(home: Path) -> dict[str, str]:
    kept = json.loads((home / "practice-sign-ins.json").read_text())
    return {name: one["password"] for name, one in kept.items()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.REMEDY)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    watching = Watch(host=urlsplit(server.url).netloc)
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_page(browser: Browser, server: Server, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a fresh, watched page; keywords are those of a Playwright context."""
    contexts = []

    def opened(**options: object) -> Page:
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        if options.get("java_script_enabled", True):
            context.add_init_script(REPORT_CSP)
        page = context.new_page()
        watch.follow(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def signed_in(browser: Browser, server: Server, role: str, then: str) -> dict[str, object]:
    """Return what the browser of somebody who has signed in and opened ``then`` remembers."""
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(role)
    page.get_by_label("Password").fill(server.passwords[role])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    page.goto(then, timeout=WARM_S * 1000)
    remembered = context.storage_state()
    context.close()
    return dict(remembered)


@pytest.fixture(scope="session")
def nurse(browser: Browser, server: Server) -> dict[str, object]:
    """Return what the browser of a signed-in nurse remembers."""
    return signed_in(browser, server, "nurse", "/predict/")  # the engine compiles behind the page


@pytest.fixture(scope="session")
def researcher(browser: Browser, server: Server) -> dict[str, object]:
    """Return what the browser of a signed-in researcher remembers."""
    return signed_in(browser, server, "researcher", "/lab/population/")


@pytest.fixture
def open_predict(open_page: Callable[..., Page], nurse: dict[str, object]) -> Callable[..., Page]:
    """Open the predict page as a nurse; ``query`` is the part of the address after the "?"."""

    def opened(query: str = "", **options: object) -> Page:
        page = open_page(storage_state=nurse, **options)
        page.goto(f"/predict/?{query}" if query else "/predict/")
        return page

    return opened
