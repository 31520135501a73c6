"""What the drug does: structures (equations) and published models (equations with cited numbers)."""
