"""The front end of surface EMG.

`emg_front.py` names its stages in order: band-pass, hum, energy. `emg_tracker.py` makes groups of
activity. `baseline_artefacts.py` and `electrode_contact.py` explain what is not muscle.
"""
