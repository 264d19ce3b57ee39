"""The front end of a rectified and smoothed EMG, in which only longer events can be told.

`envelope_front.py` turns samples into energy, `rise_tracker.py` makes groups of activity.
"""
