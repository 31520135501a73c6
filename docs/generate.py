"""Write the generated part of the manual: reference pages and pictures.

Use: ``python docs/generate.py`` writes them; ``python docs/generate.py --check`` writes nothing
and exits 1, with one sentence, if a page is not what the code and the data say now. Pictures are
drawn from the same numbers and are only looked for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.dont_write_bytecode = True  # the manual copies whatever it finds beside its pages

from reference_pages import (  # noqa: E402  after the line above, on purpose
    accepted,
    bibliography,
    clinic_pages,
    command_line,
    models,
    pictures,
    validation,
)

DOCS = Path(__file__).parent
PAGES = {
    "reference/accepted-ranges.md": accepted.page,
    "reference/cli.md": command_line.page,
    "reference/models.md": models.page,
    "reference/roles.md": clinic_pages.roles,
    "reference/routes.md": clinic_pages.routes,
    "reference/settings.md": clinic_pages.settings,
    "reference/sources.md": bibliography.page,
    "reference/validation.md": validation.page,
}
PICTURES = {
    "images/infusion.svg": pictures.infusion,
    "images/validation.svg": pictures.validation,
}


def main(arguments: Sequence[str]) -> int:
    """Write or check every page, and return the exit status."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("Use: python docs/generate.py [--check]\n")
        return 2
    pages = {DOCS / name: page() for name, page in PAGES.items()}
    if arguments:
        return _check(pages)
    for path, text in pages.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name, draw in PICTURES.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        draw(DOCS / name)
    return 0


def _check(pages: dict[Path, str]) -> int:
    """Say in one sentence which pages are stale, if any."""
    stale = [path for path, text in pages.items() if not _holds(path, text)]
    stale += [DOCS / name for name in PICTURES if not (DOCS / name).exists()]
    if not stale:
        return 0
    names = ", ".join(str(path.relative_to(DOCS.parent)) for path in stale)
    sys.stderr.write(f"Expected what the code says now, got an older {names}: run make docs.\n")
    return 1


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
