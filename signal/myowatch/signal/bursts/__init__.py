"""Energy above a threshold: bursts, time scales, and bursts that belong together."""
