"""Decoders from bytes to samples, without I/O; one module for each format.

Start with `decoding.py`, the types that all decoders share. `formats.py` lists the formats and
recognises them. `delimited.py` and `fixed_frames.py` find frames in a stream of bytes.
"""
