"""Filters, frames, sliding windows and spans: nothing here knows about muscles."""
