"""What the Learn page says."""
