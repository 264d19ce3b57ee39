"""Counts, rates and intervals, periodic movements, clusters, shapes."""
