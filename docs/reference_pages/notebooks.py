"""Pages that are run like a notebook: what stands behind a block of code is what it prints now.

A page's ``python`` blocks run one after the other, in one namespace, in an empty folder. The
``text`` block behind a block is its output. What the code writes with the ending ``.svg`` is a
picture of the manual.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import matplotlib as mpl

_CODE = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n^```text\n.*?^```\n)?", re.M | re.S)
_WORDS = re.compile(r">([^<>]{4,})</text>")


def executed(text: str, folder: Path) -> str:
    """Return the page ``text`` with what its code prints when it is run in ``folder``."""
    names: dict[str, object] = {}

    def run(found: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(found["code"], names)
        block = f"```python\n{found['code']}```\n"
        told = "".join(f"{line.rstrip()}\n" for line in printed.getvalue().splitlines())
        return f"{block}\n```text\n{told}```\n" if told else block

    steady = {"svg.hashsalt": "ketherapy", "svg.fonttype": "none"}
    with contextlib.chdir(folder), mpl.rc_context(steady):
        return _CODE.sub(run, text)


def words(picture: Path) -> frozenset[str]:
    """Return the words of a picture: they go stale when its numbers do, its curves need eyes."""
    return frozenset(_WORDS.findall(picture.read_text(encoding="utf-8")))
