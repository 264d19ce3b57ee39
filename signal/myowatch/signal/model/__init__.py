"""The values: streams and their blocks of samples, events, settings.

Time is a sample index, counted from the first sample of a stream. Start with `samples.py`.
"""
