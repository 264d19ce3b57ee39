"""From bytes to recordings: sources, the simulator and the recorder.

Start with `source/source.py`, the protocol that all sources implement. A sample of a device goes
through `wire` (bytes to values), `timing` (placed in time), `device` and `sources`, then
`recorder/track.py` and `recorder/intake.py`, which write the file and run the detector.
"""
