"""Sessions as JSON and CSV."""
