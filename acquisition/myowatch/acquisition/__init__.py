"""Bytes to samples: sources, the simulator and the recorder."""
