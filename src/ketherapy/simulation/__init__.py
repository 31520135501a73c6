"""What would happen: simulate a regimen under a published model."""
