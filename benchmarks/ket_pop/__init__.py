"""A population's course of ketamine, solved by this engine and by its peers: python -m benchmarks.ket_pop."""
