"""Put the pages of the manual on their shelves; a new page needs no entry anywhere."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

SHELVES = {
    "tutorials": "Tutorials",
    "how-to": "How to",
    "reference": "Reference",
    "explanation": "Explanation",
    "adr": "Decisions",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Return the settings with the navigation read from the folders."""
    docs = Path(config.docs_dir)
    config.nav = [{"Home": "index.md"}] if (docs / "index.md").exists() else []
    config.nav += [
        {title: pages} for folder, title in SHELVES.items() if (pages := _pages(docs, folder))
    ]
    return config


def _pages(docs: Path, folder: str) -> list[str]:
    found = sorted((docs / folder).rglob("*.md"))
    return [str(page.relative_to(docs)) for page in found]
