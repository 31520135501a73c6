"""Write the generated part of the manual: reference pages, outputs of notebooks, pictures.

Use: ``python docs/generate.py`` writes them; ``python docs/generate.py --check`` writes nothing
and exits 1, with one sentence, if a page is not what the code and the data say now, or if a
notebook prints or draws something else. Other pictures are drawn from the same numbers and are
only looked for.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.dont_write_bytecode = True  # the manual copies whatever it finds beside its pages

from reference_pages import (  # noqa: E402  after the line above, on purpose
    accepted,
    adverse,
    bibliography,
    clinic_pages,
    codes,
    command_line,
    custody,
    effects,
    evidence_matches,
    evidence_trials,
    facts,
    instruments,
    interactions,
    models,
    monitoring,
    notebooks,
    pictures,
    protocols,
    rules,
    said,
    validation,
)

from clinic.config.engine import keep_compiled  # noqa: E402

DOCS = Path(__file__).parent
PAGES = {
    "reference/accepted-ranges.md": accepted.page,
    "reference/adverse-events.md": adverse.page,
    "reference/claims.md": said.page,
    "reference/cli.md": command_line.page,
    "reference/codes.md": codes.page,
    "reference/controlled-drugs.md": custody.page,
    "reference/effects-without-a-model.md": facts.page,
    "reference/effects.md": effects.page,
    "reference/evidence-matches.md": evidence_matches.page,
    "reference/instruments.md": instruments.page,
    "reference/interactions.md": interactions.page,
    "reference/models.md": models.page,
    "reference/protocols.md": protocols.page,
    "reference/roles.md": clinic_pages.roles,
    "reference/routes.md": clinic_pages.routes,
    "reference/monitoring.md": monitoring.page,
    "reference/rules.md": rules.page,
    "reference/settings.md": clinic_pages.settings,
    "reference/sources.md": bibliography.page,
    "reference/trials.md": evidence_trials.page,
    "reference/validation.md": validation.page,
}
NOTEBOOKS = ("tutorials/a-thousand-virtual-patients.md",)
PICTURES = {
    "images/infusion.svg": pictures.infusion,
    "images/validation.svg": pictures.validation,
}


def main(arguments: Sequence[str]) -> int:
    """Write or check every page, and return the exit status."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("Use: python docs/generate.py [--check]\n")
        return 2
    keep_compiled(DOCS.parent / "build", os.environ)  # the tests read what is compiled here
    pages = {DOCS / name: page() for name, page in PAGES.items()}
    with tempfile.TemporaryDirectory() as folder:
        pages |= _notebooks(Path(folder))
        drawn = {DOCS / "images" / found.name: found for found in Path(folder).glob("*.svg")}
        return _check(pages, drawn) if arguments else _write(pages, drawn)


def _notebooks(folder: Path) -> dict[Path, str]:
    """Run each notebook in ``folder`` and return its page as it should be."""
    paths = [DOCS / name for name in NOTEBOOKS]
    return {path: notebooks.executed(path.read_text(encoding="utf-8"), folder) for path in paths}


def _write(pages: dict[Path, str], drawn: dict[Path, Path]) -> int:
    """Write every page and picture."""
    for path, text in pages.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name, draw in PICTURES.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        draw(DOCS / name)
    for path, found in drawn.items():
        path.write_bytes(found.read_bytes())
    return 0


def _check(pages: dict[Path, str], drawn: dict[Path, Path]) -> int:
    """Say in one sentence which pages and pictures are stale, if any."""
    stale = [path for path, text in pages.items() if not _holds(path, text)]
    stale += [DOCS / name for name in PICTURES if not (DOCS / name).exists()]
    stale += [path for path, found in drawn.items() if not _shows(path, found)]
    if not stale:
        return 0
    names = ", ".join(str(path.relative_to(DOCS.parent)) for path in stale)
    sys.stderr.write(f"Expected what the code says now, got an older {names}: run make docs.\n")
    return 1


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _shows(path: Path, found: Path) -> bool:
    return path.exists() and notebooks.words(path) == notebooks.words(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
