"""The limit ladder as it is drawn: told by shape and word, and the same in its table."""

import math
import re

import pytest

from clinic.web.charts.rungs import Cap, CapLadder, ladder_drawings, ladder_table, spoken


def cap(title="Most", left=40.0, **changed):
    usual = dict(says="says", owner="this clinic", source="Source <1>", changed_by="nobody")
    return Cap(title=title, left=left, is_binding=False, **(usual | changed))


def ladder(*caps, asked=35.0):
    return CapLadder(caps=caps or (cap(), cap("Other", 60.0)), asked=asked)


def bars(drawing, kind):
    return [
        float(width)
        for width in re.findall(rf'<rect class="{kind}"[^>]*? width="([\d.]+)"', drawing)
    ]


@pytest.mark.parametrize("place", [0, 1])
def test_a_bar_is_as_long_as_what_its_cap_leaves(place):
    drawing = ladder_drawings(ladder())[place]
    short, long = bars(drawing, "cap-bar")
    assert long / short == pytest.approx(60 / 40, rel=1e-2)


def test_the_asked_dose_is_a_line_at_its_place():
    wide, _ = ladder_drawings(ladder(cap("A", 70.0), asked=35.0))
    x = float(re.search(r'class="cap-asked" x1="([\d.]+)"', wide).group(1))
    left = float(re.search(r'class="cap-bar" x="([\d.]+)"', wide).group(1))
    assert x - left == pytest.approx(bars(wide, "cap-bar")[0] / 2, abs=0.2)
    assert "asked: 35 mg" in wide


def test_what_binds_is_told_by_a_word_and_a_shape():
    binding = Cap(**{**{k: getattr(cap(), k) for k in Cap.__slots__}, "is_binding": True})
    wide, narrow = ladder_drawings(ladder(binding))
    for drawing in (wide, narrow):
        assert drawing.count('class="cap-binding"') == 1
        assert "40 mg ◀ binds" in drawing
    assert "Most: 40 mg, binds." in spoken(ladder(binding))


@pytest.mark.parametrize(
    ("is_set", "word", "words"),
    [
        (False, "not set", "not set: no dose can be planned"),
        (True, "not known", "not known: no dose can be planned"),
    ],
)
def test_what_is_unset_or_unknown_says_so(is_set, word, words):
    unset = cap(left=None, is_set=is_set)
    wide, _ = ladder_drawings(ladder(unset, asked=None))
    assert 'class="cap-unset"' in wide
    assert f">{word}<" in wide
    assert ladder_table(ladder(unset)).rows[0][1] == words


def test_no_cap_in_mg_is_no_bar():
    wide, _ = ladder_drawings(ladder(cap(left=math.inf), cap("Other", 50.0)))
    assert "no cap in mg" in wide
    assert len(bars(wide, "cap-bar")) == 1
    assert ladder(cap(left=math.inf), asked=None).highest == pytest.approx(1.15)


def test_a_ladder_without_a_dose_says_so():
    assert "no dose is asked for yet" in ladder_drawings(ladder(asked=None))[0]


def test_the_table_holds_every_cap_and_the_drawing_escapes_words():
    table = ladder_table(ladder(cap(title="<b>")))
    assert table.rows == (
        ("<b>", "40 mg", "", "says", "this clinic", "Source <1>", "nobody"),
    )  # fmt: skip
    assert "&lt;b&gt;" in ladder_drawings(ladder(cap(title="<b>")))[0]
