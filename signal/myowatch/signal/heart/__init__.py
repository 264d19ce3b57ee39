"""Heart beats under the electrodes: found, learnt and set apart.

`heart_beats.py` is the stage that the EMG front end calls. It asks `beat_tracker.py` which
candidates are beats, and `beat_shape.py` for the residual after one is subtracted.
`heart_waves.py` estimates the T wave in the raw baseline.
"""
