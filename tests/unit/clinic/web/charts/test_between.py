from dataclasses import replace

from clinic.web.charts import tables
from clinic.web.charts.between import doubts
from tests.unit.clinic.web.charts.test_drawing import drawn, of_class
from tests.unit.clinic.web.invented import NAMED, model_curves

OTHER = model_curves("pulsing", 460, False, "venous plasma")


def doubled(prediction):
    """Return a prediction in which a second venous model is exactly twice as high."""
    first = prediction.curves[0]
    second = replace(OTHER[0], level=tuple(2 * x for x in first.level), peak=2 * first.peak)
    return replace(prediction, curves=(first, second))


def test_a_disagreement_is_named_with_its_models_and_where_it_is_widest(prediction):
    (doubt,) = doubts(doubled(prediction), NAMED)
    assert doubt.letters == "A and B"
    assert doubt.name == "S + R ketamine, venous plasma"
    assert doubt.widest == "widest at 40 min: 184 to 367 ng/mL (2 times)"


def test_no_ratio_is_told_where_one_model_says_nothing_is_there(prediction):
    both = doubled(prediction)
    none = replace(both.curves[0], level=tuple(0.0 for _ in both.minutes))
    (doubt,) = doubts(replace(both, curves=(none, both.curves[1])), NAMED)
    assert "times" not in doubt.widest


def test_the_table_holds_the_lowest_and_the_highest_at_each_time(prediction):
    row = next(row for row in tables.rows(doubled(prediction)) if row.minutes == 40)
    assert (row.cells, row.between) == (("184", "367"), ("184 to 367",))


def test_a_disagreement_is_hatched_and_a_band_of_people_is_not(prediction):
    root = drawn(doubled(prediction))
    (gap,) = of_class(root, "gap")
    (band,) = of_class(root, "band")
    names = {one.get("id") for one in root.iter() if one.tag.endswith("pattern")}
    assert gap.get("fill").removeprefix("url(#").removesuffix(")") in names
    assert band.get("fill") is None
    assert "hatched: models disagree" in [one.text for one in of_class(root, "stamp")]


def test_without_a_second_model_nothing_is_hatched(prediction):
    root = drawn(replace(prediction, curves=prediction.curves[:5]))
    assert of_class(root, "gap") == []
    assert not any("hatched" in one.text for one in of_class(root, "stamp"))


def test_hatchings_of_two_sheets_have_names_of_their_own(prediction):
    from clinic.web.charts.frame import NARROW, WIDE

    names = [
        one.get("id")
        for frame in (WIDE, NARROW)
        for one in drawn(doubled(prediction), frame).iter()
        if one.tag.endswith("pattern")
    ]
    assert len(names) == len(set(names)) == 2
