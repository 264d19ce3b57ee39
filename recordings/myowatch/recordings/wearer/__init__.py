"""What the wearer says: diary, labels, markers, preferences."""
