"""Where models disagree: from the lowest to the highest line, one site and analyte at a time."""

from dataclasses import replace

from clinic.explore.disagreement import disagreements
from tests.unit.clinic.web.invented import invented, model_curves

VEINED = model_curves("veined", 200, True, "venous plasma")
OTHER = model_curves("other", 260, False, "venous plasma")
PULSING = model_curves("pulsing", 290, False, "arterial plasma")


def test_the_band_reaches_from_the_lowest_to_the_highest_line():
    crossed = replace(OTHER[0], level=tuple(reversed(OTHER[0].level)))
    (found,) = disagreements([VEINED[0], crossed])
    pairs = list(zip(VEINED[0].level, crossed.level, strict=True))
    assert found.low == tuple(map(min, pairs))
    assert found.high == tuple(map(max, pairs))
    assert found.model_ids == ("veined", "other")


def test_arterial_and_venous_never_share_a_band():
    assert disagreements([*VEINED, *PULSING]) == ()
    both = disagreements([*VEINED, *PULSING, *OTHER])
    assert {one.site for one in both} == {"venous plasma"}
    assert {"pulsing"}.isdisjoint(model for one in both for model in one.model_ids)


def test_an_unknown_site_is_not_taken_to_be_the_same_as_any():
    unknown = [replace(c, site="plasma, site not stated", is_site_known=False) for c in OTHER]
    also = [replace(c, model_id="third", key=f"third-{c.analyte}") for c in unknown]
    assert disagreements([*VEINED, *unknown, *also]) == ()


def test_two_analytes_never_share_a_band():
    found = disagreements([*VEINED, *OTHER])
    assert [one.analyte for one in found] == [curve.analyte for curve in VEINED]
    assert len({one.key for one in found}) == len(found)


def test_one_model_does_not_disagree_with_itself():
    assert disagreements(invented().curves[:5]) == ()


def test_the_widest_gap_is_where_the_levels_are_farthest_apart():
    (found,) = disagreements([VEINED[0], OTHER[0]])
    gaps = [high - low for low, high in zip(found.low, found.high, strict=True)]
    assert gaps[found.widest] == max(gaps)
