"""The recorder: one session, with a track for each source.

Read in this order: `recorder.py` starts the session and its threads, `track.py` reads one source,
`intake.py` writes the samples and runs the detector, `destination.py` holds the file and its rows
in the store. `recovery.py` repairs what a killed recorder left.
"""
