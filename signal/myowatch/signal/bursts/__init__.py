"""Energy above a threshold: bursts, time scales, and bursts that belong together.

`bursts.py` finds bursts in a level, `time_scales.py` runs it on a brief and on a long window, and
`grouping.py` joins what is one event. `motor_unit_trains.py` and `cramp_shape.py` describe what
lasts.
"""
