"""Make a drawing of evidence a file of its own: everything it needs travels with it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from clinic.web.charts.markup import Markup, element, joined

_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_OPENING = re.compile(r'<svg class="([^"]*)" viewBox="0 0 ([\d.]+) ([\d.]+)"([^>]*)>')
_HIT = re.compile(
    r'<g class="hit"[^>]*><rect[^>]*></rect>(?:<g class="note"[^>]*>.*?</g>)?</g>', re.DOTALL
)
_TOKENS = re.compile(r"^:root \{(.*?)^\}", re.MULTILINE | re.DOTALL)  # the first one is light
_TOKEN = re.compile(r"(--[\w-]+): ([^;]+);")
_USED = re.compile(r"var\((--[\w-]+)\)")
_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"


def standalone(svg: Markup, title: str, description: str) -> str:
    """Return a drawing as a complete SVG document in light colours, looking as on the page."""
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError(
            f"drawing '{title}': expected one SVG element of this package, got {svg[:40]!r}. "
            "Pass the drawing itself, not what stands around it."
        )
    kinds, width, height, rest = opening.groups()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kinds}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}"{rest}>'
    )
    sheet = element("rect", {"class": "sheet", "width": float(width), "height": float(height)})
    told = (element("title", {}, title), element("desc", {}, description))
    inside = joined(*told, element("style", {}, Markup(_style())), sheet)
    # Nothing in a file takes the focus: its title and its description speak for the whole.
    return f"{_HEADER}{head}{inside}{_HIT.sub('', svg[opening.end() :])}\n"


@cache
def _style() -> str:
    """Return the rules of the drawing with the light colours in them."""
    css = files("clinic.web") / "static" / "web"
    tokens: dict[str, str] = {}
    for name in ("base.css", "chart.css"):
        found = _TOKENS.search((css / name).read_text(encoding="utf-8"))
        tokens |= dict(_TOKEN.findall(found.group(1))) if found else {}
    rules = (css / "evidence_drawing.css").read_text(encoding="utf-8")
    own = f".evidence {{ font-family: {_FONTS}; }}\n.sheet {{ fill: var(--sheet); }}\n"
    return _USED.sub(lambda used: tokens[used.group(1)], own + rules)
