"""Two ways to act on a depression, on one time axis: ketamine, and a reuptake inhibitor."""
