"""What regimes have in common, and where they differ."""
