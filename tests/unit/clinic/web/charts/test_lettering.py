from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.lettering import width, wrapped

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80)


@given(words=WORDS, room=st.floats(30, 400))
def test_lines_fit_their_room_and_lose_no_letter(words, room):
    lines = wrapped(words, room, 14.0)
    assert all(width(line, 14.0) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_nothing_is_no_line():
    assert wrapped("  ", 100.0, 14.0) == ()


def test_capitals_take_more_room_than_dots():
    assert width("MMM", 10.0) > width("abc", 10.0) > width("...", 10.0)
