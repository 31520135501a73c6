"""Whether built pages stand alone: nothing in them loads from another machine.

Use: ``python tests/health/offline.py build/site``. A link that a reader may follow is no load.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADS = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "image": "href",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "use": "href",
    "video": "src",
}
ELSEWHERE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
STYLE = re.compile(r"""(?:url\(|@import\s+)\s*["']?\s*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
NOT_LOADED = {"canonical", "license", "next", "prev", "author", "help"}  # kinds of <link>


class Loads(HTMLParser):
    """Collects what a page would load from another machine."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        address = given.get(LOADS.get(tag, ""), "")
        if ELSEWHERE.match(address) and not set(given.get("rel", "").split()) & NOT_LOADED:
            self.found.append(address)
        self.found += STYLE.findall(given.get("style", ""))


def loaded(path: Path) -> list[str]:
    """Return what one page or style sheet would load from another machine."""
    words = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return STYLE.findall(words)
    page = Loads()
    page.feed(words)
    inline = re.findall(r"<style[^>]*>(.*?)</style>", words, flags=re.DOTALL | re.IGNORECASE)
    return page.found + [address for style in inline for address in STYLE.findall(style)]


def loads_from_elsewhere(site: Path) -> list[str]:
    """Return every load from another machine under ``site``."""
    return [
        f"{path.relative_to(site)}: expected nothing from another machine, got {address}."
        " Ship the file with the site, or turn the feature off."
        for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")])
        for address in loaded(path)
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if not any(folder.rglob("*.html")):
        raise SystemExit(f"{folder}: expected built pages, got none. Run make docs.")
    if faults := loads_from_elsewhere(folder):
        raise SystemExit("\n".join(faults))
