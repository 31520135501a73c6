from xml.etree import ElementTree

import pytest

from clinic.web.charts.rates import rate_bars


def bars(treated, control):
    root = ElementTree.fromstring(rate_bars("halved", (("drug", treated), ("none", control))))
    widths = [float(e.get("width")) for e in root.iter("rect") if e.get("class") == "rate-bar"]
    return root, widths


@pytest.mark.parametrize(("treated", "control"), [(67, 23), (47, 33), (100, 0)])
def test_bars_are_as_long_as_the_rates_on_one_scale_of_a_hundred(treated, control):
    root, (first, second) = bars(treated, control)
    full = next(float(e.get("width")) for e in root.iter("rect") if e.get("class") == "rate-all")
    assert first == pytest.approx(full * treated / 100, abs=0.06)
    assert second == pytest.approx(full * control / 100, abs=0.06)


def test_both_rates_are_said_to_who_listens():
    root, _ = bars(67, 23)
    assert root.get("aria-label") == "halved: drug 67 %; none 23 %"
    assert root.get("role") == "img"
