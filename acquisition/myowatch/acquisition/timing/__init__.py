"""When samples were taken: by the device's count, its clock, and the host's clock. No I/O.

Start with `placing.py`, which makes blocks from what a device sends. `placement.py` decides for
one sensor how many samples are missing; `clock_comparison.py` measures drift and jitter.
"""
