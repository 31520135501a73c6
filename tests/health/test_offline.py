import pytest

from tests.health import offline


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://a.org/x.js"></script>',
        '<link rel="stylesheet" href="//a.org/x.css">',
        '<img src="http://a.org/x.png">',
        "<style>@import 'https://a.org/x.css';</style>",
        "<p style=\"background: url('https://a.org/x.png')\">",
    ],
)
def test_a_load_from_another_machine_is_found(plant, page):
    assert len(offline.loads_from_elsewhere(plant("index.html", page))) == 1


def test_a_font_from_another_machine_is_found(plant):
    style = "@font-face { src: url(https://a.org/x.woff2) }"
    assert len(offline.loads_from_elsewhere(plant("css/a.css", style))) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://a.org/">a link to follow</a>',
        '<script src="js/x.js"></script>',
        '<link rel="canonical" href="https://a.org/">',
    ],
)
def test_what_stands_alone_is_no_fault(plant, page):
    assert offline.loads_from_elsewhere(plant("index.html", page)) == []
