"""The mood model, refitted to the arms of seven trials: a Bayesian hierarchical fit."""
