"""The front end of a three-axis accelerometer.

`accelerometer_front.py` turns samples into energy in three bands, `vibration_tracker.py` makes
groups of activity. `taps.py` and `tremor.py` explain what is not a twitch.
"""
