"""Refit what effect models ship, from the project's own copy of the published effects."""
