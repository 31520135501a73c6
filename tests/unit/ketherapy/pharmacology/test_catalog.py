"""The catalogue: every model file loads, is cited, and says the numbers its source prints."""

import tomllib
from importlib.resources import files

import pytest

from ketherapy import units
from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import STRUCTURES, Extension, PublishedModel, Range
from ketherapy.pharmacology.compartments import from_micro_constants
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Drug, Route
from ketherapy.sources import bibliography

DATA = files("ketherapy.pharmacology").joinpath("data")
MODEL_FILES = [f for f in DATA.joinpath("models").iterdir() if f.name.endswith(".toml")]
EVERY = [pytest.param(model, id=model.id) for model in catalog.models()]
S, R, RACEMATE = Drug.ESKETAMINE, Drug.ARKETAMINE, Drug.KETAMINE

# Converted by hand from the tables of the papers, as the dossier of models quotes them.
BY_HAND = [
    ("simons2022", "CL", 88.8),  # 1.48 L/min
    ("simons2022", "Q2", 145.8),  # 2.43 L/min
    ("simons2022", "Q3", 72.6),  # 1.21 L/min
    ("simons2022", "CL_nk", 60.0),  # 1.00 L/min
    ("simons2022", "CL_hnk", 55.98),  # 0.933 L/min
    ("simons2022", "KA1", 2.4),  # 0.04 1/min
    ("simons2022", "KA2", 2.94),  # 0.049 1/min
    ("simons2022", "D1", 0.218333),  # 13.1 min
    ("simons2022", "MTT_nk", 0.335),  # 20.1 min
    ("simons2022", "F1", 0.263),  # 26.3 %
    ("simons2022", "F2", 1.16),  # 116 %
    ("simons2022", "V3", 174.0),
    ("otto2021_iv", "V1", 133.0),
    ("otto2021_iv", "CL", 95.2),
    ("otto2021_iv", "Q3", 157.0),
    ("otto2021_iv", "V3", 98.8),
    ("otto2021_iv", "CL_nk", 57.72),
    ("otto2021_iv", "V_nk", 98.638),
    ("perezruixo2021", "FRn", 0.54),
    ("perezruixo2021", "KA_nasal", 2.93),
    ("perezruixo2021", "Qh", 151.0),
    ("perezruixo2021", "kmet", 2.77),
    ("domino1984_iv", "k10", 26.28),  # 0.438 1/min
    ("domino1984_iv", "k31", 0.876),  # 0.0146 1/min
    ("clements1981", "k21", 0.822),  # 0.0137 1/min
    ("wafer_racemic", "KA", 2.4),  # 0.04 1/min
]

# Derived in the dossier with pencil and paper; its figures are rounded to three places.
DOMINO_PER_KG = {"V2": 0.151, "V3": 2.55, "CL": 27.6 * 0.06}
# A standard deviation is the root of the printed variance, a variance the printed one squared.
# Derived in the dossier: clearance in mL/min/kg or L/h, volume at steady state in L/kg.
TWO = [
    ("clements1981", 80.0, 4.13 * 70.0, 0.005),
    ("hijazi2003", 36.0 * 0.06 * 70.0, 4.2 * 70.0, 0.02),
    ("herd2007b", 12.4 + 47.8, 22.0 + 129.0, 1e-9),
]
DERIVED = [
    ("otto2021_iv", "parent", 0.055736**0.5),
    ("otto2021_iv", "norketamine", 0.020338**0.5),
    ("simons2022", "parent", 0.012**0.5),
]

VSS = {"otto2021_iv": 419.0, "simons2022": 225.0, "domino1984_iv": 2.76 * 70.0}


def structure(model_id: str, drug: Drug = S, **person):
    return catalog.structure(catalog.published(model_id), Person(**person), drug=drug)


def test_every_model_file_loads():
    loaded = {catalog.read_model(path).id for path in MODEL_FILES}
    assert loaded == {model.id for model in catalog.models()}


@pytest.mark.parametrize("path", MODEL_FILES, ids=lambda path: path.name)
def test_a_model_file_is_named_by_the_id_within(path):
    assert path.name == f"{tomllib.loads(path.read_text(encoding='utf-8'))['id']}.toml"


def test_no_two_models_or_extensions_share_an_id():
    ids = [entry.id for entry in (*catalog.models(), *catalog.extensions())]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", MODEL_FILES, ids=lambda path: path.name)
def test_an_unknown_key_is_refused(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_text("nobody_knows = 1\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(DataFileError, match="nobody_knows"):
        catalog.read_model(copy)


def sources_of(entry: PublishedModel | Extension) -> set[str]:
    numbers = entry.printed if isinstance(entry, PublishedModel) else entry.factors
    own = {number.source for number in numbers.values() if number.source}
    blocks = (*entry.variability, *ranges(entry)) if isinstance(entry, PublishedModel) else ()
    return {entry.source, *entry.also, *own, *(b.source for b in blocks if b.source)}


def ranges(model: PublishedModel) -> list[Range]:
    limits = model.domain
    routes = [given for route in limits.routes.values() for given in (route.amount, route.over)]
    return [
        r
        for r in (limits.age, limits.weight, limits.horizon, limits.level, *routes)
        if r is not None
    ]


@pytest.mark.parametrize("entry", [*catalog.models(), *catalog.extensions()], ids=lambda e: e.id)
def test_every_source_cited_exists(entry):
    assert sources_of(entry) <= set(bibliography())


@pytest.mark.parametrize("model", EVERY)
def test_every_model_names_a_structure_that_exists(model):
    assert model.structure in STRUCTURES


@pytest.mark.parametrize("model", EVERY)
def test_the_parameters_of_a_structure_are_numbers_and_nothing_else(model):
    found = structure(model.id, model.drug, weight=70.0).parameters()
    assert {type(value) for value in found} == {float}


@pytest.mark.parametrize("model", EVERY)
def test_every_analyte_is_a_role_that_the_structure_observes(model):
    assert set(model.analytes) == set(STRUCTURES[model.structure].observed)


@pytest.mark.parametrize("model", EVERY)
def test_every_covariate_and_deviation_is_of_a_printed_parameter(model):
    blocks = (*model.covariates, *model.variability)
    assert {name for block in blocks for name in block.parameters} <= set(model.printed)


@pytest.mark.parametrize("model", EVERY)
def test_every_model_says_where_the_blood_was_taken(model):
    assert model.site_text.startswith(("venous", "arterial", "plasma, sampling site not stated"))


@pytest.mark.parametrize("model", EVERY)
def test_every_verified_number_has_a_locator(model):
    verified = [n for n in model.printed.values() if (n.status or model.status) == "verified"]
    verified += [r for r in ranges(model) if (r.status or model.status) == "verified"]
    assert all(number.locator for number in verified)


@pytest.mark.parametrize("model", EVERY)
def test_a_convention_is_ours_and_no_paper_s(model):
    ours = [n for n in (*model.printed.values(), *ranges(model)) if n.status == "convention"]
    assert {number.source for number in ours} <= {"ketherapy"}


@pytest.mark.parametrize(("model_id", "role", "value"), DERIVED)
def test_a_number_computed_from_the_printed_one_is_called_derived(model_id, role, value):
    number = catalog.published(model_id).residual[role].proportional
    assert number is not None
    assert (number.value, number.status) == (pytest.approx(value, rel=5e-4), "derived")


def test_the_variance_of_the_nasal_fraction_is_derived_from_its_printed_deviation():
    # 70.8 % on the logit
    (block,) = [b for b in catalog.published("perezruixo2021").variability
                if b.parameters == ("FRn",)]  # fmt: skip
    assert (block.omega2()[0, 0], block.status) == (pytest.approx(0.708**2), "derived")


def test_a_fraction_printed_in_per_cent_is_kept_in_per_cent():
    printed = catalog.published("simons2022").printed
    assert {(printed[name].value, printed[name].unit) for name in ("F1", "F2")} == {
        (26.3, "%"),
        (116.0, "%"),
    }


@pytest.mark.parametrize(
    ("kg", "is_inside"), [(49.9, False), (50.0, True), (120.0, True), (120.1, False)]
)
def test_the_model_scaled_per_kg_has_a_range_of_weights(kg, is_inside):
    limits = catalog.published("domino1984_iv").domain.weight
    assert limits is not None
    assert limits.holds(kg, "kg") is is_inside


def test_the_id_of_the_venous_model_holds_otto():
    assert [m.id for m in catalog.models() if "otto" in m.id] == ["otto2021_iv"]


def test_an_unknown_model_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="otto2021_iv"):
        catalog.published("nobody2020")


@pytest.mark.parametrize(
    ("model_id", "route", "drugs"),
    [
        ("otto2021_iv", Route.IV, {RACEMATE, S, R}),
        ("otto2021_iv", Route.INTRANASAL, set()),
        ("simons2022", Route.IV, {RACEMATE, S, R}),
        pytest.param("simons2022", Route.SUBLINGUAL, {S}, id="the extension is for the vein only"),
        ("simons2022", Route.BUCCAL, {S}),
        ("depot_im_sc", Route.IM, {RACEMATE, S, R}),
        ("depot_im_sc", Route.SC, {RACEMATE, S, R}),
        pytest.param("depot_im_sc", Route.IV, set(), id="a construction is for its own routes"),
        pytest.param("wafer_racemic", Route.BUCCAL, {RACEMATE}, id="a racemic product alone"),
        ("oral_racemic", Route.ORAL, {RACEMATE}),
        pytest.param("flint2017", Route.IV, {S}, id="no extension is made for children"),
        ("domino1984_iv", Route.IV, {RACEMATE}),
        ("perezruixo2021", Route.INTRANASAL, {S}),
        ("perezruixo2021", Route.ORAL, {S}),
        pytest.param("perezruixo2021", Route.IV, {S}, id="the extension names other models"),
    ],
)
def test_a_model_offers_what_it_was_made_for_and_no_more(model_id, route, drugs):
    assert set(catalog.drugs(catalog.published(model_id), route)) == drugs


@pytest.mark.parametrize(("model_id", "name", "value"), BY_HAND)
def test_a_printed_number_in_canonical_units_is_what_the_hand_gets(model_id, name, value):
    assert catalog.typical(catalog.published(model_id))[name] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(("name", "per_kg"), DOMINO_PER_KG.items())
def test_micro_constants_give_the_volumes_and_clearance_of_the_dossier(name, per_kg):
    built = structure("domino1984_iv", RACEMATE, weight=70.0)
    assert getattr(built, name) / 70.0 == pytest.approx(per_kg, rel=2e-3)


def test_micro_constants_are_flow_over_volume():
    built = from_micro_constants(V1=10.0, k10=2.0, k12=3.0, k21=6.0, k13=4.0, k31=0.5)
    assert built == {"CL": 20.0, "V1": 10.0, "Q2": 30.0, "V2": 5.0, "Q3": 40.0, "V3": 80.0}


@pytest.mark.parametrize(("model_id", "litres"), VSS.items())
def test_the_steady_state_volume_is_that_of_the_dossier(model_id, litres):
    drug = catalog.published(model_id).drug
    built = structure(model_id, drug, weight=70.0)
    assert pytest.approx(litres, rel=5e-3) == built.V1 + built.V2 + built.V3


def test_the_liver_removes_what_the_dossier_derives():
    # E = Vh (kel + kmet) / (Qh + Vh (kel + kmet)) = 391.88 / 542.88
    assert structure("perezruixo2021").hepatic_extraction() == pytest.approx(0.722, abs=5e-4)


@pytest.mark.parametrize(("model_id", "clearance"), [("otto2021_iv", 81.9), ("simons2022", 76.4)])
def test_the_extension_lowers_clearance_alone(model_id, clearance):
    own, other = structure(model_id, S, weight=70.0), structure(model_id, R, weight=70.0)
    assert clearance == pytest.approx(other.CL, rel=1e-3)
    assert (own.V1, own.V2, own.V3, own.Q2, own.Q3, own.CL_nk) == (
        other.V1, other.V2, other.V3, other.Q2, other.Q3, other.CL_nk,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model_id", "drug"), [("perezruixo2021", R), ("domino1984_iv", S), ("otto2021_iv", RACEMATE)]
)
def test_a_drug_that_no_extension_offers_is_refused(model_id, drug):
    with pytest.raises(ContractError, match=f"drug for {model_id}"):
        structure(model_id, drug, weight=70.0)


def test_the_analytes_of_the_extension_are_those_of_the_other_hand():
    roles = catalog.analytes(catalog.published("simons2022"), R)
    assert set(roles.values()) == {"arketamine", "arnorketamine", "arhydroxynorketamine"}


@pytest.mark.parametrize(
    ("unit", "canonical"),
    [("L/min", "L/h"), ("1/min", "1/h"), ("min", "h"), ("%", "1"), ("mL", "L"), ("mL/kg", "L/kg")],
)
def test_a_printed_unit_has_one_canonical_unit(unit, canonical):
    assert units.canonical(unit) == canonical


@pytest.mark.parametrize("unit", ["mg", "L/h/year", "nmol/mL", "furlong"])
def test_a_unit_of_no_parameter_is_refused(unit):
    with pytest.raises(ContractError, match="Check the file"):
        units.canonical(unit)


@pytest.mark.parametrize(
    ("value", "unit", "is_inside"),
    [
        (28.0, "mg", True),
        (27.999, "mg", False),
        (112.0, "mg", True),
        (112.001, "mg", False),
        (0.112, "g", True),
    ],
)
def test_a_range_holds_its_edges(value, unit, is_inside):
    limits = catalog.Range(low=28.0, high=112.0, unit="mg", locator="Table 1")
    assert limits.holds(value, unit) is is_inside


@pytest.mark.parametrize(("model_id", "CL", "Vss", "within"), TWO)
def test_two_compartments_have_the_clearance_and_volume_of_the_dossier(model_id, CL, Vss, within):
    built = structure(model_id, RACEMATE, weight=70.0)
    assert pytest.approx(CL, rel=within) == built.CL
    assert pytest.approx(Vss, rel=within) == built.V1 + built.V2


@pytest.mark.parametrize("model", EVERY)
def test_every_model_says_what_it_is_not_for_and_how_far_it_is_trusted(model):
    assert model.not_for
    assert all(sentence.endswith(".") for sentence in (*model.not_for, model.confidence))
    assert ("(low confidence)" in model.label) == (model.confidence_level == "low")


# What is built on another model.


BUILT = [pytest.param(model, id=model.id) for model in catalog.models() if model.based_on]


@pytest.mark.parametrize("model", BUILT)
def test_a_construction_is_a_convention_of_low_confidence_and_says_unvalidated(model):
    assert (model.status, model.confidence_level) == ("convention", "low")
    assert "nvalidated" in model.confidence


@pytest.mark.parametrize("model", BUILT)
def test_what_is_inherited_is_the_number_of_the_base_with_its_source(model):
    base = catalog.published(model.based_on)
    shared = set(model.printed) & set(base.printed)
    assert shared >= {"CL", "V1", "Q2", "V2", "Q3", "V3"}
    for name in shared:
        ours, theirs = model.printed[name], base.printed[name]
        assert (ours.value, ours.unit) == (theirs.value, theirs.unit)
        assert ours.source == (theirs.source or base.source)
        assert ours.status == (theirs.status or base.status)
    assert (model.site, model.drug) == (base.site, base.drug)


@pytest.mark.parametrize("model", BUILT)
def test_people_differ_in_a_construction_as_in_its_base(model):
    base = catalog.published(model.based_on)
    spread = {name for block in base.variability for name in block.parameters}
    ours = {name for block in model.variability for name in block.parameters}
    assert ours == spread & set(model.printed)
    assert ours


@pytest.mark.parametrize("model", BUILT)
def test_every_number_of_its_own_is_a_convention_or_names_where_it_was_quoted(model):
    base = catalog.published(model.based_on)
    for name in set(model.printed) - set(base.printed):
        number = model.printed[name]
        assert number.status in ("convention", "secondary")
        assert number.locator


def test_the_extremes_are_every_combination_of_the_ends():
    found = catalog.extremes(catalog.published("wafer_racemic"))
    ends = {(m.printed["F"].value, m.printed["KA"].value) for m in found}
    assert ends == {(0.19, 0.0075), (0.19, 0.04), (0.35, 0.0075), (0.35, 0.04)}
    assert catalog.extremes(catalog.published("otto2021_iv")) == ()


@pytest.mark.parametrize("model", EVERY)
def test_a_range_holds_the_number_itself(model):
    for number in model.printed.values():
        assert (number.low is None) == (number.high is None)
        if number.low is not None and number.high is not None:
            assert number.low <= number.value <= number.high


def test_a_file_based_on_nothing_there_is_refused(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text('id = "odd"\nbased_on = "nobody2020"\n', encoding="utf-8")
    with pytest.raises(DataFileError, match="nobody2020"):
        catalog.read_model(path)


# Which model for which use.


def test_every_use_names_a_model_that_describes_it():
    for use in catalog.uses():
        model = catalog.published(use.model)
        for route in use.routes:
            assert set(use.drugs) <= set(catalog.drugs(model, route)), use.id


def test_no_model_of_children_or_of_intensive_care_is_a_default():
    groups = {catalog.published(use.model).population.group for use in catalog.uses()}
    assert groups == {"adults"}


@pytest.mark.parametrize(
    ("drug", "route", "models"),
    [
        (RACEMATE, Route.IV, ("otto2021_iv", "simons2022")),  # dossier 1 (a), (a')
        (S, Route.INTRANASAL, ("perezruixo2021",)),  # (c)
        (RACEMATE, Route.IM, ("depot_im_sc",)),  # (d)
        (S, Route.SUBLINGUAL, ("simons2022",)),  # (e)
        (S, Route.ORAL, ("perezruixo2021",)),
        pytest.param(RACEMATE, Route.INTRANASAL, (), id="no model of a racemic nasal solution"),
    ],
)
def test_the_default_is_that_of_the_dossier(drug, route, models):
    assert catalog.defaults(drug, route) == models


@pytest.mark.parametrize("use", catalog.uses(), ids=lambda use: use.id)
def test_a_use_is_trusted_no_further_than_its_model(use):
    order = ["low", "moderate", "good"]
    trusted = catalog.published(use.model).confidence_level
    assert order.index(use.confidence_level) <= order.index(trusted)
    assert use.why
    assert use.not_for
