"""The manual says what is so: its examples run, its links lead somewhere, its pages are current."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner

from ketherapy.cli import main
from tests.health.tree import ROOT, files

TESTED = [  # pages whose blocks are run: "sh" and "python", each with the "text" behind it
    "README.md",
    "docs/tutorials/first-infusion.md",
    "docs/how-to/read-results-in-python.md",
    "docs/how-to/write-csv-and-netcdf.md",
    "docs/how-to/cite-a-model.md",
    "docs/how-to/say-who-the-person-is.md",
    "docs/how-to/describe-a-population.md",
    "docs/how-to/pool-trials-in-python.md",
    "docs/how-to/check-a-dose.md",
    "docs/how-to/check-a-course.md",
    "docs/how-to/predict-effects.md",
    "docs/how-to/run-a-population.md",
    "docs/how-to/simulate-a-trial.md",
    "docs/how-to/pool-trials.md",
    "docs/how-to/score-an-instrument.md",
    "docs/how-to/write-a-protocol.md",
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)`")
HAZARD = re.compile(r"^\| (HZ-\d+) \|(.*)\|$", re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *files(ROOT / "docs", "*.md")])


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Give each block that runs: its kind, its text, and the output printed behind it."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    for place, (kind, text) in enumerate(found):
        follows = found[place + 1] if place + 1 < len(found) else ("", "")
        if kind in ("sh", "python"):
            yield kind, text, follows[1] if follows[0] == "text" else ""


def printed_by(kind: str, text: str, names: dict[str, object]) -> str:
    """Run one block and return what it prints."""
    if kind == "python":
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(text, names)
        return printed.getvalue()
    program, *arguments = shlex.split(text)
    assert program == "ketherapy"
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == (2 if run.output.startswith("Error") else 0), run.output
    return run.output


@pytest.mark.parametrize("name", TESTED)
def test_the_examples_run_and_print_what_the_page_says(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for kind, text, promised in blocks(ROOT / name):
        printed = printed_by(kind, text, names)
        lines = iter([line.rstrip() for line in printed.splitlines()])
        for line in promised.splitlines():
            if line != "...":  # something is left out here
                assert line.rstrip() in lines, f"{line!r} is not, in its order, in\n{printed}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page):
    text = re.sub(BLOCK, "", page.read_text(encoding="utf-8"))
    targets = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    assert [t for t in targets if t and not (page.parent / t).exists()] == []


def test_the_reference_pages_are_what_the_code_says_now():
    command = [sys.executable, "docs/generate.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def notebooks():
    """Return the module that runs notebook pages; it stands beside the manual."""
    found = importlib.util.spec_from_file_location(
        "notebooks", ROOT / "docs/reference_pages/notebooks.py"
    )
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


STALE = "# A page\n\n```python\nn = 6\n```\n\nText.\n\n```python\nprint(n * 7)\n```\n"


def test_the_output_of_a_notebook_is_what_its_code_prints_now(notebooks, tmp_path):
    fresh = notebooks.executed(f"{STALE}\n```text\n41\n```\n", tmp_path)
    assert fresh == f"{STALE}\n```text\n42\n```\n"
    assert notebooks.executed(STALE, tmp_path) == fresh
    assert notebooks.executed(fresh, tmp_path) == fresh


def test_a_fault_in_a_notebook_stops_the_build(notebooks, tmp_path):
    with pytest.raises(ZeroDivisionError):
        notebooks.executed("```python\n1 / 0\n```\n", tmp_path)


def test_a_picture_goes_stale_with_its_words(notebooks, tmp_path):
    shipped = ROOT / "docs/images/a-thousand-virtual-patients.svg"
    changed = tmp_path / shipped.name
    changed.write_text(shipped.read_text(encoding="utf-8").replace("ng/mL", "mg/L"))
    assert notebooks.words(shipped)
    assert notebooks.words(changed) != notebooks.words(shipped)
    assert any("Predicted, not measured" in words for words in notebooks.words(shipped))


def test_the_picture_of_the_readme_is_the_same_from_run_to_run(tmp_path):
    example = next(text for kind, text, _ in blocks(ROOT / "README.md") if kind == "sh")
    drawn = []
    for name in ("first.svg", "second.svg"):
        arguments = shlex.split(example)[1:-1]
        with mpl.rc_context({"svg.hashsalt": "ketherapy"}):
            CliRunner().invoke(main, [*arguments, str(tmp_path / name)], catch_exceptions=False)
        drawn.append((tmp_path / name).read_text(encoding="utf-8"))
    assert drawn[0] == drawn[1]
    told = set(re.findall(r">([^<>]{4,})</text>", drawn[0]))
    shipped = (ROOT / "docs/images/infusion.svg").read_text(encoding="utf-8")
    assert told <= set(re.findall(r">([^<>]{4,})</text>", shipped))


def test_every_test_that_a_page_names_exists():
    missing = []
    for page in PAGES:
        for path, names in NAMED_TEST.findall(page.read_text(encoding="utf-8")):
            code = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
            is_there = all(re.search(rf"(def|class) {n}\b", code) for n in names.split("::") if n)
            if not code or not is_there:
                missing.append(f"{page.relative_to(ROOT)}: {path}{names}")
    assert missing == []


def test_every_hazard_has_one_id_and_a_control_with_its_test_or_is_open():
    rows = HAZARD.findall((ROOT / "SAFETY.md").read_text(encoding="utf-8"))
    ids = [number for number, _ in rows]
    assert len(ids) == len(set(ids))
    bare = [n for n, row in rows if not NAMED_TEST.search(row) and "open" not in row]
    assert bare == []


def test_a_decision_has_four_headings_and_fits_a_page():
    for page in files(ROOT / "docs" / "adr", "*.md"):
        text = page.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
        assert headings == ["Status", "Context", "Decision", "Consequences"], page.name
        assert len(text.splitlines()) <= 60, page.name


def test_each_page_of_the_manual_is_on_the_first_page():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in files(ROOT / "docs", "*.md")]
    assert [page for page in pages if page != "index.md" and f"({page})" not in index] == []
