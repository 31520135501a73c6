"""What trials found: their printed numbers, and what comes of them together."""
