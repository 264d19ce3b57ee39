"""Counts, rates and intervals, periodic movements, clusters, shapes.

Start with `counts.py`; the other modules describe the events of one stream further.
"""
