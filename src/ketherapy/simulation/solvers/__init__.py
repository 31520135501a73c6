"""Solvers of ``da/dt = K a + u(t)`` with piecewise-constant input: one file, one method."""
