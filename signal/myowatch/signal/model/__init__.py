"""The values: streams and their samples, events, settings."""
