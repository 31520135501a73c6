import pytest

from clinic.web.charts.twin import Twin


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="2 cells"):
        Twin(caption="Trials", headers=("Study", "Effect"), rows=(("Murrough 2013",),))
