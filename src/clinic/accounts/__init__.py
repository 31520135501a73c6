"""Staff, roles and permissions; ``gate.require`` is the only gate."""
