"""Markup that is safe by construction: whatever is not markup yet is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

# Characters that no XML document may hold, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Value = str | float | None


class Markup(str):
    """Text that is finished markup; a template engine leaves it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup itself."""
        return str(self)


def escaped(text: str) -> Markup:
    """Return text as markup, whatever characters it holds."""
    return text if isinstance(text, Markup) else Markup(html.escape(_FORBIDDEN.sub("", text)))


def joined(*pieces: str) -> Markup:
    """Return pieces one after the other, each escaped unless it is markup already."""
    return Markup("".join(escaped(piece) for piece in pieces))


def element(tag: str, attributes: Mapping[str, Value], *children: str) -> Markup:
    """Return one element; an attribute that is ``None`` is left out."""
    written = "".join(
        f' {name}="{_attribute(value)}"' for name, value in attributes.items() if value is not None
    )
    return Markup(f"<{tag}{written}>{joined(*children)}</{tag}>")


def coordinate(value: float) -> str:
    """Return a length in drawing units, to a tenth and without idle zeros."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _attribute(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else coordinate(value)
