"""Samples to events, rates and summaries: pure, no file, clock, thread or log."""
