"""Make a drawing of evidence a file of its own: everything it needs travels with it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from clinic.web.charts.markup import Markup, element, joined

_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TOKENS = re.compile(r"^:root \{(.*?)^\}", re.MULTILINE | re.DOTALL)
_OPENING = re.compile(r'<svg class="([^"]*)" viewBox="0 0 ([\d.]+) ([\d.]+)"([^>]*)>')
_FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'


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
    inside = joined(
        element("title", {}, title),
        element("desc", {}, description),
        element("style", {}, Markup(_style())),
        sheet,
    )
    # A file takes no focus: its title and description speak for the whole.
    body = svg[opening.end() :].replace(' tabindex="0"', "")
    return _HEADER + head + inside + body + "\n"


@cache
def _style() -> str:
    """Return tokens and rules as the page has them, with nothing that an XML document breaks on."""
    css = files("clinic.web") / "static" / "web"
    tokens = "".join(
        found.group(1)
        for name in ("base.css", "chart.css")
        if (found := _TOKENS.search((css / name).read_text(encoding="utf-8")))
    )
    rules = (css / "evidence_drawing.css").read_text(encoding="utf-8")
    own = f"svg {{{tokens} font-family: {_FONTS}; }}\n.sheet {{ fill: var(--sheet); }}\n"
    return f"{own}{rules}".replace("&", "").replace("<", "")
