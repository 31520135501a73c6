"""What the manual claims, where the claim comes from, and the tests that show it."""

from __future__ import annotations

_MUTATIONS = "tests/reference/test_mutations.py"
_LAWS = "tests/contracts/test_linear_models.py"
_ENGINE = "tests/properties/test_exact_engine.py"
_VECTORS = "tests/reference/test_vectors.py"
_TRIALS = "tests/reference/test_validation.py"
_KERNEL = "tests/properties/test_compiled_engine.py"
_DRAWS = "tests/unit/ketherapy/simulation/test_draws.py"
_RUNS = "tests/unit/ketherapy/simulation/test_population.py"
_SKETCH = "tests/unit/ketherapy/simulation/test_sketch.py"
_ANCOVA = "tests/unit/ketherapy/simulation/trial/test_ancova.py"
_MMRM = "tests/unit/ketherapy/simulation/trial/test_mmrm.py"
_REPLICATES = "tests/unit/ketherapy/simulation/trial/test_replicate.py"
_CLUSTER = "tests/integration/test_cluster.py"
_CASCADE = "tests/properties/test_cascade.py"
_EFFECTS = "tests/contracts/test_effects.py"
_PRINTED = "tests/reference/test_effects.py"
_MOVED = "tests/reference/test_effect_mutations.py"

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
        "The compiled kernel is the matrix exponential to 1e-12, and gives what the JAX engine"
        " gives, for every model and route and for random regimens",
        "scipy's matrix exponential; the JAX engine",
        (
            f"{_KERNEL}::test_the_matrix_exponential_is_the_oracle",
            f"{_KERNEL}::test_the_kernel_gives_the_same_numbers_as_jax",
            f"{_KERNEL}::test_the_kernel_agrees_with_jax_on_any_regimen",
        ),
    ),
    (
        "A response behind a level is within 1e-6 of what an ODE solver gives",
        "scipy's DOP853, as independent reference",
        (f"{_KERNEL}::test_a_response_agrees_with_an_ode_solver_and_with_jax",),
    ),
    (
        "A simulated person is the same, bit for bit, in any chunk and any company",
        "the published answers of the generator; mathematics",
        (
            f"{_DRAWS}::test_the_generator_gives_its_published_answers",
            f"{_DRAWS}::test_a_patient_is_the_same_in_any_chunks_and_in_any_order",
        ),
    ),
    (
        "A population's areas have the distribution that a log-normal clearance gives them",
        "closed form",
        (f"{_RUNS}::test_the_area_has_the_distribution_that_clearance_gives_it",),
    ),
    (
        "A population run gives the same digits in 1, 2 and 7 chunks, on a cluster, and with a"
        " worker killed",
        "this project's promise",
        (
            f"{_RUNS}::test_chunks_and_their_order_change_no_digit",
            f"{_CLUSTER}::test_a_cluster_gives_the_same_digits",
            f"{_CLUSTER}::test_a_killed_worker_loses_nothing",
        ),
    ),
    (
        "No quantile of a population is farther off in rank than the result says, at most 0.1 %",
        "numpy's quantiles of the same values",
        (
            f"{_SKETCH}::test_no_rank_is_farther_off_than_said",
            f"{_SKETCH}::test_a_million_ranks_keep_the_promise",
            f"{_SKETCH}::test_few_values_give_the_very_quantiles_of_numpy",
        ),
    ),
    (
        "Effect site, trace, response and area behind a level agree with an ODE solver within 1e-6"
        " of the largest value of each, for every model and route and random rates",
        "diffrax, as independent reference; closed forms",
        (
            f"{_CASCADE}::test_every_course_agrees_with_the_ode_solver",
            f"{_CASCADE}::test_an_effect_site_behind_one_exponential_has_its_closed_form",
            f"{_CASCADE}::test_a_year_of_weekly_sessions_agrees_with_the_ode_solver",
        ),
    ),
    (
        "The work of an effect grows with the number of doses and not with the horizon",
        "a count of panels",
        (f"{_CASCADE}::test_panels_grow_with_the_doses_and_not_with_the_horizon",),
    ),
    (
        "Effects are those printed or derived elsewhere, within 1 %; what does not follow from its"
        " own printed parameters is shown not to",
        "tests/reference/effects.csv",
        (
            f"{_PRINTED}::test_a_printed_effect_is_ours_or_is_said_not_to_follow",
            f"{_PRINTED}::test_another_route_gives_our_response_and_not_what_is_said_not_to_follow",
        ),
    ),
    (
        "A tenth more of any printed number of an effect is noticed, or the number is named with"
        " the reason; every number outside the fit of mood is the one that was typed a second time",
        "tests/reference/effect_parameters.csv",
        (
            f"{_MOVED}::test_a_printed_number_moved_by_a_tenth_is_noticed",
            f"{_MOVED}::test_every_number_is_that_of_the_second_copy",
        ),
    ),
    (
        "More drug is never less effect, no drug is no effect, and an effect is refused for a drug,"
        " a sampling site or a level that it was not calibrated on",
        "this project's rule",
        (
            f"{_EFFECTS}::test_more_drug_is_never_less_effect",
            f"{_EFFECTS}::test_at_no_level_there_is_no_effect",
            f"{_EFFECTS}::test_a_drug_it_was_not_calibrated_for_is_refused",
            f"{_EFFECTS}::test_an_arterial_effect_refuses_another_site_unless_told",
            f"{_EFFECTS}::test_a_level_beyond_what_was_studied_is_refused_or_said",
        ),
    ),
    (
        "Bands of estimates, trials and people lie one inside the next, and people keep the mean"
        " of their trial",
        "mathematics",
        (
            f"{_EFFECTS}::test_bands_lie_one_inside_the_next_in_the_mean",
            f"{_EFFECTS}::test_the_mean_over_people_is_the_mean_asked_for",
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
    (
        "The covariance analysis of a simulated trial gives what ordinary least squares gives, to"
        " 1e-10; the repeated-measures model is at the top of its restricted likelihood, and with"
        " nothing missing it is the covariance analysis",
        "statsmodels; the likelihood written out and climbed by SciPy; mathematics",
        (
            f"{_ANCOVA}::test_every_number_is_that_of_ordinary_least_squares",
            f"{_MMRM}::test_with_ratings_missing_it_is_the_top_of_the_restricted_likelihood",
            f"{_MMRM}::test_with_nothing_missing_it_is_the_covariance_analysis_of_each_visit",
        ),
    ),
    (
        "Where nothing differs a simulated trial is significant as often as alpha says, and who"
        " leaves by chance leaves the expected difference as it is",
        "mathematics, within Monte Carlo error",
        (
            f"{_ANCOVA}::test_alpha_is_the_rate_of_false_positives_where_nothing_differs",
            f"{_REPLICATES}::test_who_leaves_by_chance_leaves_the_mean_as_it_is",
        ),
    ),
    (
        "A simulated trial is the same, bit for bit, in any chunks",
        "this project's promise",
        (f"{_REPLICATES}::test_a_replicate_is_the_same_in_any_chunks",),
    ),
)
