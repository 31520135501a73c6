"""The script that makes the environment ready, as far as it refuses before it installs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("is_folder", [True, False])
def test_an_environment_that_cannot_be_written_is_one_sentence(tmp_path: Path, is_folder):
    venv = tmp_path / "venv"
    if is_folder:
        (venv / ".unfinished").mkdir(parents=True)  # even root cannot write over a folder
    else:
        venv.write_text("")
    ended = subprocess.run(
        ["/bin/sh", ROOT / ".ci" / "environment", "run"],
        cwd=ROOT,
        env={"VENV": str(venv), "PYTHON": sys.executable, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert f"Environment: expected {venv} to be a folder" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
