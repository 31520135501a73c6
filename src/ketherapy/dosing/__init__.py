"""What may be given: protocols, as cited and dated data."""
