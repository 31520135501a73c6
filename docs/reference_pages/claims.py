"""What the manual claims, where the claim comes from, and the tests that show it."""

from __future__ import annotations

_MUTATIONS = "tests/reference/test_mutations.py"
_LAWS = "tests/contracts/test_linear_models.py"
_ENGINE = "tests/properties/test_exact_engine.py"
_VECTORS = "tests/reference/test_vectors.py"
_TRIALS = "tests/reference/test_validation.py"

CLAIMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "The printed models give the curves that an independent implementation of them gave,"
        " within 0.5 %",
        "tests/reference/vectors.csv",
        (f"{_VECTORS}::test_independent_implementation_of_the_printed_model",),
    ),
    (
        "Clearance, bioavailability and half-lives are those printed or derived from the papers",
        "the models' files",
        (
            f"{_VECTORS}::test_clearance_is_the_published_one",
            f"{_VECTORS}::test_bioavailability_of_the_spray_is_that_of_the_abstract",
            f"{_VECTORS}::test_half_lives_are_those_derived_from_the_paper",
        ),
    ),
    (
        "A tenth more of any printed number is noticed, and every number is the one that was typed"
        " a second time from the tables",
        "tests/reference/parameters.csv",
        (
            f"{_MUTATIONS}::test_a_printed_number_moved_by_a_tenth_is_noticed",
            f"{_MUTATIONS}::test_every_number_is_that_of_the_second_copy",
        ),
    ),
    (
        "The exact engine agrees with an ODE solver, for every state, within 1e-8 of that state's"
        " maximum",
        "diffrax, as independent reference",
        (
            f"{_ENGINE}::test_every_state_agrees_with_the_ode_solver",
            f"{_ENGINE}::test_any_compartment_graph_agrees_with_the_ode_solver",
        ),
    ),
    (
        "Mass is neither made nor lost",
        "mathematics",
        (f"{_LAWS}::test_mass_is_neither_made_nor_lost",),
    ),
    (
        "Concentrations superpose, and a later dose gives the same curve later",
        "mathematics: all shipped models are linear",
        (
            f"{_LAWS}::test_concentrations_superpose",
            f"{_LAWS}::test_a_later_dose_gives_the_same_curve_later",
        ),
    ),
    (
        "The area to infinity is the bioavailable dose over clearance; a long infusion reaches"
        " rate over clearance",
        "mathematics",
        (
            f"{_LAWS}::test_area_to_infinity_is_bioavailable_dose_over_clearance",
            f"{_LAWS}::test_a_long_infusion_reaches_rate_over_clearance",
        ),
    ),
    (
        "One patient is row one of a thousand",
        "mathematics",
        (f"{_LAWS}::test_one_patient_is_row_one_of_a_thousand",),
    ),
    (
        "Gradients are those of the curve",
        "finite differences",
        (f"{_LAWS}::test_gradients_equal_finite_differences",),
    ),
    (
        "The trials below are predicted as an independent implementation predicted them",
        "the rows below",
        (f"{_TRIALS}::test_trials_are_predicted_as_an_independent_code_predicted_them",),
    ),
    (
        "Arterial is never compared with venous",
        "this project's rule",
        (f"{_TRIALS}::test_arterial_is_never_compared_with_venous",),
    ),
    (
        "A row that made a model is marked in-sample, and no row marked “do not score” is scored",
        "this project's rule",
        (
            f"{_TRIALS}::test_rows_that_made_a_model_are_marked_in_sample",
            f"{_TRIALS}::test_no_row_marked_do_not_score_is_scored",
        ),
    ),
)
