"""Rating scales and screeners: how answers make a score, and what scores mean."""
