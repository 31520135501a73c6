"""What the drug does: receptor, mood, pain, pressure, dissociation, as declared structures."""
