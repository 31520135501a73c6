"""Published measurements: every row read, every row used or with the reason why not."""

import re
from collections import Counter

import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.observations import (
    Observation,
    molar_mass,
    ng_per_ml,
    observations,
    regimen_of,
)
from ketherapy.regimen import Drug, Route
from ketherapy.sources import bibliography

EVERY = [pytest.param(row, id=row.id) for row in observations()]
GIVEN = [pytest.param(row, id=row.id) for row in observations() if row.regimen and row.drug]
SCORED = [pytest.param(row, id=row.id) for row in observations() if row.use == "score"]
UNDOSED = {"p15_jnj_oral_f", "p25_hijazi_icu", "p27_kamp_meta", "p29_hornik_im"}  # none printed
DOSE = re.compile(r"[0-9] mg")
UNUSED = [pytest.param(row, id=row.id) for row in observations() if row.use == "no"]


def row(**parts) -> Observation:
    """Return an invented row."""
    plain = {
        "id": "invented", "source": "wang2019", "locator": "", "status": "secondary",
        "given": "", "population": "", "analyte": "esketamine", "site": "venous",
        "metric": "Cmax", "statistic": "", "unit": "ng/mL", "use": "score",
        "drug": Drug.ESKETAMINE, "route": Route.IV,
    }  # fmt: skip
    return Observation(**{**plain, **parts})


def doses(regimen: str, **parts):
    return regimen_of(row(regimen=regimen, **parts)).doses


def test_every_row_of_the_collection_is_kept():
    # 152 rows were collected; nothing is dropped because it does not suit.
    assert len(observations()) == 152


def test_no_two_rows_share_an_id():
    assert max(Counter(entry.id for entry in observations()).values()) == 1


@pytest.mark.parametrize("entry", EVERY)
def test_every_row_has_a_source_that_exists_and_a_locator(entry):
    assert entry.source in bibliography()
    assert entry.locator


@pytest.mark.parametrize("entry", EVERY)
def test_every_row_says_the_dose_that_its_source_prints(entry):
    is_undosed = entry.id.rpartition("_")[0] in UNDOSED
    assert bool(DOSE.search(entry.given)) is not is_undosed


@pytest.mark.parametrize(
    ("row_id", "given"),
    [
        ("p03_otto_chdr1311_01", "IV infusion, 10 mg, over 30 min"),
        ("p15_spravato_label_01", "intranasal spray, 28-84 mg base"),
        ("p07_persson_s_01", "IV infusion, 7 mg HCl salt (6.07 mg base), over 30 min"),
        ("p09_rket_cn_180_01", "IV infusion, 180 mg"),
        ("p25_hijazi_icu_01", "IV"),
    ],
)
def test_what_was_given_reads_as_the_source_says_it(row_id, given):
    assert {entry.given for entry in observations() if entry.id == row_id} == {given}


@pytest.mark.parametrize("entry", UNUSED)
def test_every_unused_row_says_why(entry):
    assert entry.reason


@pytest.mark.parametrize("entry", SCORED)
def test_every_scored_row_has_a_value_above_zero(entry):
    assert entry.value is not None
    assert entry.value > 0


@pytest.mark.parametrize("entry", SCORED)
def test_every_scored_concentration_has_its_time(entry):
    assert entry.metric != "concentration" or entry.time_h is not None


@pytest.mark.parametrize("entry", SCORED)
def test_a_scored_row_gives_no_reason_against_itself(entry):
    assert not entry.reason


@pytest.mark.parametrize("entry", EVERY)
def test_an_in_sample_mark_names_a_model_or_extension(entry):
    ids = {found.id for found in (*catalog.models(), *catalog.extensions())}
    assert entry.in_sample in {"", *ids}


@pytest.mark.parametrize("entry", GIVEN)
def test_every_regimen_reads_to_a_dose_of_its_drug(entry):
    found = regimen_of(entry)
    assert found.drug is entry.drug
    assert 0.1 < found.total < 150.0  # mg: between a tenth of one film and a day's infusion


@pytest.mark.parametrize("entry", [p for p in EVERY if p.values[0].low is not None])
def test_a_range_runs_upwards(entry):
    assert entry.low < entry.high


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "expected"),
    [
        (1.0, "nmol/mL", "esketamine", 237.73),
        (1.0, "nmol/mL", "ketamine", 237.73),
        (1.0, "nmol/mL", "arnorketamine", 223.70),
        (1.0, "nmol/mL", "eshydroxynorketamine", 239.70),
        (2.0, "umol/L", "ketamine", 475.46),
        (160.0, "ng/mL", "ketamine", 160.0),
        (0.16, "mg/L", "ketamine", 160.0),
    ],
)
def test_a_printed_concentration_in_ng_per_ml(value, unit, analyte, expected):
    assert ng_per_ml(value, unit, analyte) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "analyte",
    [
        "midazolam",
        "",
        pytest.param("dehydronorketamine", id="221.68 g/mol, not that of norketamine"),
        pytest.param("norketamine/ketamine", id="a ratio"),
    ],
)
def test_an_unknown_molar_mass_is_refused(analyte):
    with pytest.raises(ContractError, match="molar mass"):
        molar_mass(analyte)


def test_three_rate_steps_total_0_99_mg_per_kg():
    steps = "0.14 mg/kg/h for 60 min; 0.28 mg/kg/h for 60 min; 0.57 mg/kg/h for 60 min"
    total = sum(dose.amount for dose in doses(steps, weight_kg=70.0))
    assert total / 70.0 == pytest.approx(0.99, rel=1e-12)


def test_rate_steps_follow_each_other():
    found = doses("0.14 mg/kg/h for 60 min; 0.28 mg/kg/h for 30 min", weight_kg=70.0)
    assert [(dose.at, dose.ends) for dose in found] == [(0.0, 1.0), (1.0, 1.5)]


def test_an_infusion_per_kg_is_at_the_weight_of_the_row():
    (dose,) = doses("0.5 mg/kg over 40 min", weight_kg=80.0)
    assert (dose.amount, dose.over * 60) == pytest.approx((40.0, 40.0))


def test_a_film_and_a_later_infusion_are_two_doses():
    film, infusion = doses("50 mg sublingual; 20 mg iv over 20 min at 6 h", route=None)
    assert (film.route, film.amount, film.at) == (Route.SUBLINGUAL, 50.0, 0.0)
    assert (infusion.route, infusion.amount, infusion.at) == (Route.IV, 20.0, 6.0)


def test_sprays_are_numbered():
    found = doses("28 mg; 28 mg; 28 mg", route=Route.INTRANASAL)
    assert [dose.device for dose in found] == [1, 2, 3]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"regimen": ""}, id="nothing given"),
        pytest.param({"regimen": "10 mg", "drug": None}, id="no drug"),
        pytest.param({"regimen": "10 mg", "route": None}, id="no route"),
        pytest.param({"regimen": "10 mL"}, id="a volume"),
        pytest.param({"regimen": "ten mg"}, id="in words"),
        pytest.param({"regimen": "10 mg for 30 min"}, id="an amount where a rate belongs"),
        pytest.param({"regimen": "10 mg/h over 30 min"}, id="a rate where an amount belongs"),
        pytest.param({"regimen": "10 mg/h"}, id="a rate without its time"),
    ],
)
def test_what_does_not_say_what_was_given_is_refused(parts):
    with pytest.raises(ContractError):
        regimen_of(row(**parts))
