"""Predictions, evidence and mechanism for the public and lab pages; no patient data."""
