"""How much room words take, before any browser has seen them."""

from __future__ import annotations

# Widths of letters in parts of the font size, as wide as the widest of the usual system fonts.
_NARROW, _USUAL, _CAPITAL, _BROAD = 0.36, 0.64, 0.72, 0.99
_BOLD = 1.12  # by how much bold letters are wider
_NARROW_LETTERS = frozenset("iIl.,:;'|!()[]/ jtfr-·")
_BROAD_LETTERS = frozenset("mwMWOQ@%→←≥≤—")


def width(words: str, size: float) -> float:
    """Return how wide one line of words is at a font size, rather too much than too little."""
    return size * sum(map(_letter, words))


def bold(words: str, size: float) -> float:
    """Return how wide one line of bold words is at a font size."""
    return _BOLD * width(words, size)


def _letter(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _BROAD_LETTERS or not letter.isascii():
        return _BROAD if not letter.isalpha() or letter in _BROAD_LETTERS else _CAPITAL
    return _CAPITAL if letter.isupper() else _USUAL


def wrapped(words: str, room: float, size: float) -> tuple[str, ...]:
    """Return words in lines no wider than ``room``; a word that is too long is cut in pieces."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        for piece in _pieces(word, room, size):
            longer = f"{line} {piece}" if line else piece
            if width(longer, size) <= room:
                line = longer
                continue
            lines.append(line)
            line = piece
    return tuple(one for one in (*lines, line) if one)


def _pieces(word: str, room: float, size: float) -> list[str]:
    """Return a word whole, or in pieces that fit where it alone is wider than the room."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def widest(lines: tuple[str, ...], size: float) -> float:
    """Return the width of the widest of some lines; nothing where there is no line."""
    return max((width(line, size) for line in lines), default=0.0)
