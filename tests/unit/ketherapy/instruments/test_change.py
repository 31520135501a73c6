import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments.change import band, change, definitions, measured, meets
from ketherapy.instruments.conventions import adopting
from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.rules import Kind, Of

MADRS, PCL5, PEG, WHO5 = map(instrument, ("madrs", "pcl5", "peg", "who5"))


def verdicts(scale, **scores):
    """Return whether each definition in use is met, by its id."""
    return {v.definition.id: v.is_met for v in change(scale, **scores).verdicts}


# Typed from the tables: the scale, the definition, then scores that do not and that do meet it.
EDGES = [
    ("phq9", "response", (20.0, 11.0), (20.0, 10.0)),
    ("phq9", "remission", (None, 5.0), (None, 4.0)),
    ("phq9", "meaningful", (20.0, 16.0), (20.0, 15.0)),
    ("gad7", "response", (20.0, 11.0), (20.0, 10.0)),
    ("gad7", "remission", (None, 5.0), (None, 4.0)),
    ("gad7", "meaningful", (14.0, 11.0), (14.0, 10.0)),
    ("pcl5", "cut_31", (None, 30.0), (None, 31.0)),
    ("pcl5", "cut_33", (None, 32.0), (None, 33.0)),
    ("pcl5", "below_cut", (None, 31.0), (None, 30.0)),
    ("pcl5", "reliable_first_advice", (50.0, 46.0), (50.0, 45.0)),
    ("pcl5", "reliable_sample_1", (50.0, 36.0), (50.0, 35.0)),
    ("pcl5", "reliable_sample_2", (50.0, 33.0), (50.0, 32.0)),
    ("pcl5", "meaningful", (50.0, 41.0), (50.0, 40.0)),
    ("pcl5", "meaningful_primary_care", (50.0, 42.0), (50.0, 41.0)),
    ("qids_sr16", "response", (16.0, 9.0), (16.0, 8.0)),
    ("qids_sr16", "remission", (None, 6.0), (None, 5.0)),
    ("madrs", "response", (32.0, 17.0), (32.0, 16.0)),
    ("madrs", "remission", (None, 11.0), (None, 10.0)),
    ("madrs", "remission_trials", (None, 13.0), (None, 12.0)),
    ("madrs", "remission_hawley", (None, 10.0), (None, 9.0)),
    ("madrs", "remission_broad", (None, 10.0), (None, 9.0)),
    ("madrs", "remission_narrow", (None, 5.0), (None, 4.0)),
    ("madrs", "meaningful", (32.0, 31.0), (32.0, 30.0)),
    ("hamd17", "response", (20.0, 11.0), (20.0, 10.0)),
    ("hamd17", "remission", (None, 8.0), (None, 7.0)),
    ("hamd17", "meaningful", (20.0, 18.0), (20.0, 17.0)),
    ("ybocs", "response", (20.0, 14.0), (20.0, 13.0)),
    ("ybocs", "remission", (None, 13.0), (None, 12.0)),
    ("ymrs", "response", (20.0, 11.0), (20.0, 10.0)),
    ("ymrs", "remission", (None, 13.0), (None, 12.0)),
    ("bpi_severity", "response", (5.0, 3.75), (5.0, 3.5)),
    ("bpi_interference", "meaningful", (31.0 / 7.0, 25.0 / 7.0), (31.0 / 7.0, 24.0 / 7.0)),
    ("peg", "response", (10.0 / 3.0, 8.0 / 3.0), (10.0 / 3.0, 7.0 / 3.0)),
    ("peg", "meaningful_low", (13.0 / 3.0, 11.0 / 3.0), (13.0 / 3.0, 10.0 / 3.0)),
    ("peg", "meaningful", (5.0, 10.0 / 3.0), (5.0, 3.0)),
    ("nrs", "response", (10.0, 8.0), (10.0, 7.0)),
    ("nrs", "meaningful", (8.0, 7.0), (8.0, 6.0)),
    ("cadss", "settled", (None, 5.0), (None, 4.0)),
    ("cadss", "back_to_baseline", (2.0, 3.0), (2.0, 2.0)),
    ("moaas", "awake", (None, 4.0), (None, 5.0)),
    ("aldrete", "fit", (None, 8.0), (None, 9.0)),
    ("pads", "fit", (None, 8.0), (None, 9.0)),
    ("audit_c", "positive_men", (None, 3.0), (None, 4.0)),
    ("audit_c", "positive_women", (None, 2.0), (None, 3.0)),
    ("isi", "response", (20.0, 13.0), (20.0, 12.0)),
    ("isi", "remission", (None, 8.0), (None, 7.0)),
    ("isi", "meaningful", (20.0, 15.0), (20.0, 14.0)),
    ("who5", "meaningful", (40.0, 48.0), (40.0, 52.0)),
]  # fmt: skip
WAITING = {
    "gad7.meaningful", "madrs.meaningful", "hamd17.meaningful", "ybocs.response",
    "ybocs.remission", "ymrs.response", "bpi_severity.response", "bpi_interference.meaningful",
    "peg.response", "nrs.response", "cadss.settled", "cadss.back_to_baseline", "isi.response",
}  # fmt: skip


@pytest.mark.parametrize(("scale_id", "name", "not_met", "met"), EDGES)
def test_every_definition_at_its_edge(scale_id, name, not_met, met):
    scale, adopted = instrument(scale_id), adopting(*WAITING)
    for (baseline, now), is_met in ((not_met, False), (met, True)):
        found = verdicts(scale, baseline=baseline, now=now, adopted=adopted)
        assert found[name] is is_met
    assert verdicts(scale, baseline=met[0], now=None, adopted=adopted)[name] is None
    if met[0] is not None:
        assert verdicts(scale, baseline=None, now=met[1], adopted=adopted)[name] is None


def test_every_definition_has_its_edge_above():
    known = {(s, d) for s, d, *_ in EDGES}
    assert known == {(s, d.id) for s in {s for s, _ in known} for d in instrument(s).definitions}


def test_what_nobody_read_is_off_until_it_is_adopted():
    for scale_id in {scale_id for scale_id, *_ in EDGES}:
        scale = instrument(scale_id)
        off = {f"{scale.id}.{d.id}" for d in {*scale.definitions} - {*definitions(scale)}}
        assert off == {key for key in WAITING if key.startswith(f"{scale.id}.")}
    hamd = instrument("hamd17")
    assert [d.id for d in definitions(hamd)] == ["response", "remission"]
    assert [d.id for d in definitions(hamd, adopted={"hamd17.meaningful"})] == [
        "response", "remission", "meaningful",
    ]  # fmt: skip
    assert "meaningful" not in verdicts(hamd, baseline=20.0, now=1.0, adopted={"madrs.meaningful"})


def test_a_change_is_told_in_points_and_as_a_share():
    found = change(MADRS, baseline=32.0, now=20.0)
    assert (found.points, found.share) == (-12.0, 0.375)
    worse = change(MADRS, baseline=20.0, now=25.0)
    assert (worse.points, worse.share) == (5.0, -0.25)


def test_a_missing_score_makes_no_change_and_what_is_there_is_still_judged():
    before = change(MADRS, baseline=None, now=10.0)
    assert (before.points, before.share) == (None, None)
    assert verdicts(MADRS, baseline=None, now=10.0) == {
        "response": None, "remission": True, "remission_trials": True, "remission_hawley": False,
        "remission_broad": False, "remission_narrow": False,
    }  # fmt: skip
    after = change(MADRS, baseline=30.0, now=None)
    assert (after.points, after.share) == (None, None)
    assert {v.is_met for v in after.verdicts} == {None}


def test_where_nothing_can_improve_there_is_no_share_and_no_response():
    found = change(MADRS, baseline=0.0, now=0.0)
    assert (found.points, found.share) == (0.0, None)
    assert verdicts(MADRS, baseline=0.0, now=0.0)["response"] is None


def test_on_a_scale_of_well_being_a_rise_is_the_improvement():
    assert measured(WHO5, Of.IMPROVEMENT, now=(52.0, 60.0), baseline=40.0) == (12.0, 20.0)
    assert measured(WHO5, Of.WORSENING, now=(52.0, 60.0), baseline=40.0) == (-20.0, -12.0)


def test_a_measure_between_two_ends_keeps_its_order():
    assert measured(MADRS, Of.SCORE, now=(10.0, 14.0), baseline=None) == (10.0, 14.0)
    assert measured(MADRS, Of.IMPROVEMENT, now=(10.0, 14.0), baseline=20.0) == (6.0, 10.0)
    assert measured(MADRS, Of.WORSENING, now=(24.0, 29.0), baseline=20.0) == (4.0, 9.0)
    assert measured(MADRS, Of.SHARE, now=(10.0, 15.0), baseline=20.0) == (0.25, 0.5)
    assert measured(MADRS, Of.SHARE, now=None, baseline=20.0) is None


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"baseline": 61.0, "now": 10.0}, "baseline on the madrs: expected 0 to 60 points"),
        ({"baseline": 30.0, "now": 60.5}, "score on the madrs: expected 0 to 60 points"),
        ({"baseline": None, "now": -1.0}, "score on the madrs"),
    ],
)
def test_a_score_off_the_scale_is_refused(scores, said):
    with pytest.raises(ContractError, match=said):
        change(MADRS, **scores)
    with pytest.raises(ContractError, match=said):
        meets(MADRS, Kind.RESPONSE, **scores)


def test_the_default_decides_where_nobody_chooses():
    assert meets(MADRS, Kind.REMISSION, now=10.0) is True
    assert meets(MADRS, Kind.REMISSION, now=11.0) is False
    assert meets(MADRS, Kind.REMISSION, now=None) is None
    assert meets(MADRS, Kind.RESPONSE, now=10.0) is None
    assert meets(MADRS, Kind.RESPONSE, now=10.0, baseline=20.0) is True
    assert meets(PCL5, Kind.RELIABLE, now=33.0, baseline=50.0) is False
    assert meets(PCL5, Kind.RELIABLE, now=32.0, baseline=50.0) is True
    assert meets(PEG, Kind.MEANINGFUL, now=4.0, baseline=5.0) is False


@pytest.mark.parametrize(
    ("now", "men", "women", "unknown"),
    [(2.0, False, False, False), (3.0, False, True, None), (4.0, True, True, True)],
)
def test_audit_c_is_positive_by_sex_and_unknown_where_that_decides(now, men, women, unknown):
    scale = instrument("audit_c")
    assert meets(scale, Kind.POSITIVE, now=now, sex="male") is men
    assert meets(scale, Kind.POSITIVE, now=now, sex="female") is women
    assert meets(scale, Kind.POSITIVE, now=now) is unknown


def test_a_definition_for_everybody_is_asked_of_either_sex():
    assert meets(MADRS, Kind.REMISSION, now=10.0, sex="male") is True


def test_what_is_not_in_use_is_refused_and_not_false():
    with pytest.raises(ContractError) as refused:
        meets(instrument("ybocs"), Kind.REMISSION, now=1.0)
    assert str(refused.value) == (
        "remission on the ybocs: expected a definition in use, got nothing."
        " Adopt one of its file, or use another instrument."
    )
    assert meets(instrument("ybocs"), Kind.REMISSION, now=1.0, adopted={"ybocs.remission"}) is True
    with pytest.raises(ContractError, match="discharge on the madrs"):
        meets(MADRS, Kind.DISCHARGE, now=1.0)


def test_a_band_is_that_of_the_score():
    assert band(MADRS, 19.0) == "mild"
    assert band(MADRS, 20.0) == "moderate"
    assert band(instrument("bpi_severity"), 4.25) == "moderate"
    assert band(PCL5, 40.0) is None
    with pytest.raises(ContractError, match="score on the pcl5"):
        band(PCL5, 81.0)
