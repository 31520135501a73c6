"""What levels do: courses of effects, their bands, and what a visit may bring."""
