"""Care: what staff ask about one person, and what the rules answer."""
