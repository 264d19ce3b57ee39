"""The Live page: the growing recording, states and counts, requests of viewers."""
