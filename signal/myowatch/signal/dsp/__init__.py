"""Filters, frames, sliding windows and spans: nothing here knows about muscles.

Every stage takes samples in order with `process`, and returns to its initial state with `reset`.
"""
