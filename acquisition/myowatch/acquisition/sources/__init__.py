"""The sources that a text can name, one module for each kind.

Start with `open_source.py`, which makes a source from its text.
"""
