"""Serial ports: list, open, read, and what to say when that fails."""
