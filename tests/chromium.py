"""Find the system's Chromium for the browser tests, installing it where that is allowed.

Run as ``python tests/chromium.py --ensure`` it prints the path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "Install it (on Debian or Ubuntu: sudo apt-get install chromium), or name one: "
    "make ... CHROMIUM=/path/to/chromium"
)


def find() -> Path | None:
    """Return the browser that CHROMIUM names, else the first one on PATH, else nothing."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def install() -> None:
    """Install Debian's Chromium, if apt is here and we may use it without a password."""
    prefix = _privilege()
    if prefix is None or not shutil.which("apt-get"):
        return
    sys.stdout.write("Installing Chromium with apt-get (first time only; a few minutes) ...\n")
    sys.stdout.flush()
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    for step in (["update"], ["install", "--no-install-recommends", "chromium"]):
        if subprocess.run([*apt, *step], stdout=subprocess.DEVNULL).returncode != 0:
            return


def _privilege() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def ensure() -> Path:
    """Return a browser, after installing one where need be; leave with a sentence if none."""
    if os.environ.get("CHROMIUM") and not find():
        raise SystemExit(
            f"CHROMIUM: expected a program, got {os.environ['CHROMIUM']!r}, which is none. {REMEDY}"
        )
    if not find():
        install()
    browser = find()
    if browser is None:
        raise SystemExit(f"Chromium: expected a browser for the browser tests, got none. {REMEDY}")
    return browser


if __name__ == "__main__":
    if sys.argv[1:] != ["--ensure"]:
        raise SystemExit("Usage: python tests/chromium.py --ensure")
    sys.stdout.write(f"{ensure()}\n")
