"""Ketherapy's web application: the clinic that stands on the science."""
