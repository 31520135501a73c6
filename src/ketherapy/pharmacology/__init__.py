"""What the drug does: structures (equations) and published models (with cited numbers)."""
